"""Simulated worlds: thousands of processes that are killed at any step in weather of every kind, in virtual time.

`CHAOS_ROUNDS=n` makes WORLDS times n of them, `SIM_SEED=n` only the one of that seed.
"""

import os
import random

import pytest

from migration_assets.objects.conversation.conversations import ConversationFinder
from migration_assets.objects.registry import load_order
from tests.chaos import targets
from tests.chaos.migrations import ROUNDS
from tests.chaos.simulation.network import FATES, Weather
from tests.chaos.simulation.virtual_time import KILL, TERM
from tests.chaos.simulation.world import PREPARED, World

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]

ONLY = os.environ.get("SIM_SEED")
WORLDS = 2
"""Worlds per round."""
STEPS = (1.0, 3.4)
"""A process is struck at a step between ten to these powers; waiting for the settle time takes 600."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A world whose workspace is ready for any target."""
    world = World(tmp_path_factory.mktemp("prepared"), targets.by_hand(), 0)
    assert world.process(Weather(), objects=PREPARED).how == "done"
    return world


def weather(dice):
    """Return weather at random: some faults often, most of them now and then."""
    shares = {name: dice.choice((0, 0, 0.01, 0.03, 0.08)) for name in FATES}
    outage = None
    if dice.random() < 0.25:
        begin = dice.uniform(0, 30)
        outage = (begin, begin + dice.uniform(5, 600))
    return Weather(**shares, outage=outage, outage_refuses=dice.random() < 0.7)


def trouble(dice):
    """Return what strikes a process at which step, if anything."""
    number = dice.choice((None, KILL, KILL, TERM))
    return {int(10 ** dice.uniform(*STEPS)): number} if number else {}


def live(folder, seed, prepared):
    """Let a world live through its troubles and come to its end; return it and what is wrong."""
    dice = random.Random(seed)  # noqa: S311 - it is to be repeatable
    world = World(folder, targets.at_random(seed), seed, prepared if dice.random() < 0.8 else None)
    objects = tuple(name for name in load_order() if world.prepared is None or name not in PREPARED)
    for _ in range(dice.randint(2, 6)):
        world.process(weather(dice), trouble(dice), objects, plan_anew=dice.random() < 0.2)
        world.clock.elapsed += dice.choice((0.0, 1.0, 60.0, 4000.0))
    return world, world.finish(objects)


def seeds_of(block):
    """Return the seeds of one block of worlds."""
    return [int(ONLY)] if ONLY else range(1 + WORLDS * block, 1 + WORLDS * (block + 1))


@pytest.mark.parametrize("block", range(1 if ONLY else ROUNDS))
def test_in_any_world_everything_ends_up_there_once_and_in_order(tmp_path, prepared, block):
    wrong = []
    for seed in seeds_of(block):
        folder = tmp_path / str(seed)
        folder.mkdir()
        world, found = live(folder, seed, prepared)
        wrong += [f"SIM_SEED={seed}: {line}" for line in found]
        world.warehouse.close()
    assert wrong == []


def told(world):
    """Return what a world has come to, to be compared."""
    intercom = world.intercom
    return world.clock.elapsed, world.runs, intercom.writes, intercom.contacts, intercom.tickets


def test_a_seed_repeats_its_world(tmp_path, prepared):
    worlds = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        worlds.append(live(tmp_path / name, 2, prepared))
    (first, wrong), (second, wrong_again) = worlds
    assert (told(first), wrong) == (told(second), wrong_again)


def test_what_could_leave_only_late_is_left_alone_as_long(tmp_path, prepared):
    """An outage holds requests back for minutes after their intents; then some are carried out slowly."""
    world = World(tmp_path, targets.by_hand(), 2, prepared)
    world.process(Weather(), objects=("contact", "company", "contact_company"))
    world.process(Weather(outage=(1.5, 285), slow=0.5), objects=("conversation",), plan_anew=False)
    assert world.finish() == []


def sends_again_at_once(monkeypatch):
    """Have everything whose outcome is unknown sent again without a look, as a library's retry does."""
    monkeypatch.setattr(ConversationFinder, "repeatable", lambda _finder, _write: True)


@pytest.mark.parametrize(("fault", "settle"), [(sends_again_at_once, 300.0), (lambda _: None, 0.0)],
                         ids=["sends again without a look", "looks at once"])  # fmt: skip
def test_the_simulation_finds_what_a_naive_load_does(tmp_path, prepared, monkeypatch, fault, settle):
    fault(monkeypatch)
    # In one world chance may be kind to it; in a dozen it is not.
    assert any(doubles(tmp_path / f"{seed}", seed, prepared, settle) for seed in range(1, 13))


def doubles(folder, seed, prepared, settle):
    """Return what stands twice after three runs in which one answer in ten is lost and one request in ten is slow."""
    folder.mkdir()
    world = World(folder, targets.by_hand(), seed, prepared, settle)
    for _ in range(3):
        world.process(Weather(answer_lost=0.1, slow=0.1))
    return [line for line in world.finish() if "there 2 times" in line or "once too often" in line]
