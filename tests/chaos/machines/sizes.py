"""How long the state machines are looked at: a little in CI, more with more rounds, and the same each time."""

from hypothesis import HealthCheck, settings

from tests.chaos.migrations import ROUNDS


def sized(examples_per_round, steps):
    """Return the settings of a state machine."""
    return settings(
        max_examples=examples_per_round * ROUNDS,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
