"""Rounds at random: a target, kills, stops and faults that a seed decides, then runs without any until all is done.

`CHAOS_ROUNDS=n` makes n rounds, `CHAOS_SEED=n` only the one of that seed.
"""

import os
import random
import signal
import threading
import time
from contextlib import suppress

import pytest

from tests.chaos import oracle, targets
from tests.chaos.driver import DONE, STOPPED
from tests.chaos.migrations import KILLED, ROUNDS, Migration

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240)]

ONLY = os.environ.get("CHAOS_SEED")
SEEDS = [int(ONLY)] if ONLY else list(range(1, ROUNDS + 1))
STRUCK = (
    {"kind": "before"},
    {"kind": "after"},
    {"kind": "reset"},
    {"kind": "reset_before"},
    {"kind": "malformed"},
    {"kind": "never"},
    {"kind": "late", "seconds": 1.2},
    {"kind": "slow", "seconds": 0.2},
    {"kind": "limited", "seconds": 0.5, "in_a_row": 3},
    {"kind": "outage_cut", "seconds": 0.5},
)
"""Faults of the embedded workspace; `late` strikes after the client's deadline and within the settle time."""
RUNS = (DONE, STOPPED, KILLED, -signal.SIGTERM)
"""How a run may end in which things go wrong."""
DEADLINE, SETTLE = 0.8, 1.5


def faults(dice):
    """Return a few rules, each of which strikes some of the calls."""
    chosen = dice.sample(STRUCK, dice.randint(1, 4))
    return [{**rule, "share": dice.choice((0.02, 0.05, 0.1)), "times": dice.randint(1, 6)} for rule in chosen]


def trouble(dice, server):
    """Return (what it is, a function of the process id that makes it) for one run, or nothing."""
    moment = dice.uniform(0.05, 2.5)
    kind = dice.choice(("nothing", "kill", "term", "kill the workspace"))

    def happen(pid):
        time.sleep(moment)
        if kind == "kill the workspace":
            server.kill_and_start(pause=0.2)
        elif kind != "nothing":
            # The run may have come to its end before.
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if kind == "kill" else signal.SIGTERM)

    return f"{kind} at {moment:.2f} s", happen


def together(happen):
    """Return a function that lets it happen beside the run, and the threads to be waited for."""
    threads = []

    def begin(pid):
        threads.append(threading.Thread(target=happen, args=(pid,)))
        threads[-1].start()

    return begin, threads


@pytest.mark.parametrize("seed", SEEDS)
def test_after_a_round_of_trouble_everything_is_there_once_and_in_order(driver, server, tmp_path, seed):
    dice = random.Random(seed)  # noqa: S311 - it is to be repeatable
    route = dice.choice(("ticket", "conversation"))
    server.faults([])
    migration = Migration(driver, server, tmp_path / "round", targets.at_random(seed), route)
    story = [f"CHAOS_SEED={seed}, {route} route"]
    for _ in range(dice.randint(1, 4)):
        rules = faults(dice)
        server.faults(rules, seed)
        said, happen = trouble(dice, server)
        begin, threads = together(happen)
        ended = migration.run(begin, deadline=DEADLINE, settle=SETTLE)
        for thread in threads:
            thread.join()
        story.append(f"{[rule['kind'] for rule in rules]}, {said}: {ended['code']} {ended.get('reason', '')}")
        assert ended["code"] in RUNS, story
    server.faults([])
    last = migration.finish()
    wrong = oracle.judge(server, migration.target, migration.journal_file, route)
    assert (wrong, last["open"], last["left"]) == ([], 0, 0), "\n".join([*wrong, *story])
    migration.discard()
