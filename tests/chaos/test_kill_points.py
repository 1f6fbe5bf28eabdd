"""The process is killed at its n-th commit or n-th call, for n = 1, 2, 3 and so on, and goes on each time.

Half as many points as `CHAOS_ROUNDS` are tried of each kind, spread evenly over the run; with 200 rounds, every one,
and three below 50.
"""

import pytest

from tests.chaos import oracle, targets
from tests.chaos.driver import DONE
from tests.chaos.migrations import KILLED, ROUNDS, Migration

pytestmark = [pytest.mark.slow, pytest.mark.chaos, pytest.mark.timeout(300 + 30 * ROUNDS)]

ROUTES = ("ticket", "conversation")
PLACES = ("commit", "send")
MANY = 50
"""From so many rounds on, a third of the kill points have their journal in PostgreSQL too."""
POINTS = ROUNDS // 2 if ROUNDS >= MANY else 3
"""How many points of each kind are tried, or all where there are fewer."""


@pytest.fixture(scope="module")
def rounds(driver, server, tmp_path_factory, new_journal):
    """A function (route, kind of journal) that makes a fresh migration of the same target."""
    folder = tmp_path_factory.mktemp("rounds")
    target = targets.by_hand()
    template = Migration(driver, server, folder / "template", target, "ticket").warehouse_file
    made = iter(range(1_000_000))

    def fresh(route, kind="sqlite"):
        return Migration(driver, server, folder / f"{next(made)}", target, route, template, new_journal(kind))

    return fresh


def end(migration):
    """Run to the end and return what is wrong; what is right is removed."""
    last = migration.finish()
    assert (last["open"], last["left"]) == (0, 0)
    wrong = oracle.judge(migration.server, migration.target, migration.journal, migration.route)
    if not wrong:
        migration.discard()
    return wrong


@pytest.mark.parametrize(
    ("route", "place", "kind"),
    [(route, place, "sqlite") for route in ROUTES for place in PLACES]
    + ([("ticket", "commit", "postgresql"), ("conversation", "send", "postgresql")] if ROUNDS >= MANY else []),
)
def test_killed_at_every_point_nothing_is_lost_doubled_or_out_of_order(rounds, route, place, kind):
    whole = rounds(route, kind)
    passed = whole.run()["passed"]
    assert end(whole) == []
    # An odd stride, so that points before and after come in turn.
    stride = max(1, passed[f"before {place}"] * 2 // POINTS) | 1
    position, killed = 0, 0
    while True:
        point, n = f"{('before', 'after')[position % 2]} {place}", position // 2 + 1
        migration = rounds(route, kind)
        ended = migration.run(crash={point: n})
        if ended["code"] != KILLED:
            assert ended["code"] == DONE, ended
            assert ended["passed"][point] < n
            break
        wrong = end(migration)
        assert wrong == [], f"Killed {point} {n}: {wrong}"
        killed += 1
        position += stride
    assert killed >= min(POINTS, passed[f"before {place}"] * 2) // 2


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("place", PLACES)
def test_killed_again_while_it_recovers(rounds, route, place):
    """The first run dies in the middle of the conversations, and each of the next ones while it looks things up."""
    deaths = 0
    for first in (25, 35)[: max(1, ROUNDS // 20)]:
        migration = rounds(route)
        assert migration.run(crash={"after send": first})["code"] == KILLED
        for n in range(3, 3 + min(ROUNDS, 20), 4):
            point = f"{('before', 'after')[n // 4 % 2]} {place}"
            deaths += migration.run(crash={point: n})["code"] == KILLED
        wrong = end(migration)
        assert wrong == [], f"Killed first after send {first}: {wrong}"
    assert deaths > 0


def test_killed_again_and_again_it_still_comes_to_its_end(rounds):
    """Every run dies at its 25th call; only what there is to do less each time ends it."""
    migration = rounds("ticket")
    deaths = 0
    while (ended := migration.run(crash={"after send": 25}))["code"] == KILLED:
        deaths += 1
        assert deaths < 30, "It makes no progress."
    assert ended["code"] == DONE
    assert deaths >= 2
    assert end(migration) == []


def test_a_program_that_does_not_look_before_it_sends_again_is_found_out(rounds):
    """The kills would show a fault if there were one: this program sends what is unknown once more."""
    # Which call the 40th one is depends on how the records overtake each other; some harm nobody when sent again.
    assert any(found_out(rounds, n) for n in range(36, 60, 3))


def found_out(rounds, n):
    """Kill a run after its n-th call, let a program go on that does not look, and return what is there twice."""
    migration = rounds("ticket")
    assert migration.run(crash={"after send": n})["code"] == KILLED
    for _ in range(2):
        ended = migration.run(blind=True)
    assert (ended["code"], ended["left"]) == (DONE, 0)
    wrong = oracle.judge(migration.server, migration.target, migration.journal, migration.route)
    return [sentence for sentence in wrong if "times" in sentence or "once too often" in sentence]
