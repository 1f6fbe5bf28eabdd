"""Rounds at random: a target, behaviours, kills, stops and faults of a seed, then runs without any until all is done.

`CHAOS_ROUNDS=n` makes n rounds, `CHAOS_SEED=n` only the one of that seed.
"""

import os
import random
import signal
import threading
import time
from contextlib import suppress

import pytest

from embedded_intercom.protocol.unknowns import UNKNOWNS
from tests.chaos import oracle, targets
from tests.chaos.driver import DONE, STOPPED
from tests.chaos.migrations import JOURNAL, KILLED, ROUNDS, Migration

pytestmark = [pytest.mark.slow, pytest.mark.chaos, pytest.mark.timeout(240)]

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
OUTSIDE = {"kill": signal.SIGKILL, "term": signal.SIGTERM, "kill the workspace": None}
TROUBLES = (
    "nothing",
    *OUTSIDE,
    "clock an hour forward",
    "clock an hour back",
    "journal's disk full",
    "warehouse's disk full",
)
RUNS = (DONE, STOPPED, KILLED, -signal.SIGTERM)
"""How a run may end in which things go wrong."""
DEADLINE, SETTLE = 0.8, 1.5


def faults(dice):
    """Return a few rules, each of which strikes some of the calls."""
    chosen = dice.sample(STRUCK, dice.randint(1, 4))
    return [{**rule, "share": dice.choice((0.02, 0.05, 0.1)), "times": dice.randint(1, 6)} for rule in chosen]


def trouble(dice):
    """Return one run's trouble: (what it is, in which second, at which commit)."""
    return dice.choice(TROUBLES), dice.uniform(0.05, 2.5), dice.randint(2, 40)


def story(seed):
    """Return the whole round of a seed: (route, kind of journal, [(rules, trouble) of each run])."""
    dice = random.Random(seed)  # noqa: S311 - it is to be repeatable
    route = dice.choice(("ticket", "conversation"))
    kind = "postgresql" if JOURNAL == "postgresql" or seed % 5 == 0 else "sqlite"
    return route, kind, [(faults(dice), trouble(dice)) for _ in range(dice.randint(1, 4))]


NOT_HERE = ("created_at", "search_finds")
"""Nothing can be migrated where times are not kept; searches lag in `simulation/`, within the settle time."""


def behaviours(seed):
    """Return some ways of a seed that Intercom may take of what it does not document."""
    dice = random.Random(-seed)  # noqa: S311 - it is to be repeatable
    names = dice.sample([name for name in UNKNOWNS if name not in NOT_HERE], dice.randint(0, 12))
    return {name: dice.choice(UNKNOWNS[name].ways) for name in names}


def inside(migration, kind, commit):
    """Return what the driver is told of a trouble that happens inside the run."""
    point = {"crash": {"before commit": commit}}
    if kind.startswith("clock"):
        return {**point, "clock": 3600 if kind.endswith("forward") else -3600}
    if kind == "warehouse's disk full":
        return {**point, "disk": str(migration.warehouse_file)}
    if kind == "journal's disk full" and migration.journal.startswith("sqlite"):
        return {**point, "disk": f"{migration.folder}/journal.sqlite3-wal"}
    return {}


def outside(server, kind, moment):
    """Return a function of the process id that makes a trouble from outside."""

    def happen(pid):
        if kind not in OUTSIDE:
            return
        time.sleep(moment)
        if kind == "kill the workspace":
            server.kill_and_start(pause=0.2)
            return
        # The run may have come to its end before.
        with suppress(ProcessLookupError):
            os.kill(pid, OUTSIDE[kind])

    return happen


def together(happen):
    """Return a function that lets it happen beside the run, and the threads to be waited for."""
    threads = []

    def begin(pid):
        threads.append(threading.Thread(target=happen, args=(pid,)))
        threads[-1].start()

    return begin, threads


def test_every_kind_of_trouble_and_of_fault_occurs_in_the_rounds_of_ci():
    rounds = [story(seed) for seed in range(1, 11)]
    runs = [run for _, _, made in rounds for run in made]
    assert {kind for _, (kind, _, _) in runs} == set(TROUBLES)
    assert {rule["kind"] for rules, _ in runs for rule in rules} == {rule["kind"] for rule in STRUCK}
    assert {route for route, _, _ in rounds} == {"ticket", "conversation"}
    assert {name for seed in range(1, 31) for name in behaviours(seed)} == set(UNKNOWNS) - set(NOT_HERE)


@pytest.mark.parametrize("seed", SEEDS)
def test_after_a_round_of_trouble_everything_is_there_once_and_in_order(driver, server, tmp_path, seed, new_journal):
    server.faults([])
    route, journal, runs = story(seed)
    migration = Migration(
        driver, server, tmp_path / "round", targets.at_random(seed), route, journal=new_journal(journal)
    )
    ways = behaviours(seed)
    server.behave(ways)
    told = [f"CHAOS_SEED={seed}, {route} route, journal in {journal}, behaviours {ways}"]
    for rules, (kind, moment, commit) in runs:
        server.faults(rules, seed)
        begin, threads = together(outside(server, kind, moment))
        ended = migration.run(begin, deadline=DEADLINE, settle=SETTLE, **inside(migration, kind, commit))
        for thread in threads:
            thread.join()
        where = f"{kind} at {moment:.2f} s or commit {commit}"
        told.append(f"{[rule['kind'] for rule in rules]}, {where}: {ended['code']} {ended.get('reason', '')}")
        assert ended["code"] in RUNS, "\n".join(told)
    server.faults([])
    last = migration.finish()
    wrong = oracle.judge(server, migration.target, migration.journal, route)
    assert (wrong, last["open"], last["left"]) == ([], 0, 0), "\n".join([*wrong, *told])
    server.behave({})
    migration.discard()
