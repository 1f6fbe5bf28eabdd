"""Plan and load, whatever interleaving of runs, outcomes and deaths: in the end all is there once, in order."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from migration_assets.objects.registry import load_order
from tests.chaos import targets
from tests.chaos.machines.sizes import sized
from tests.chaos.simulation.network import CALM, FATES
from tests.chaos.simulation.virtual_time import KILL, TERM
from tests.chaos.simulation.world import PREPARED, World

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(1800)]

REST = tuple(name for name in load_order() if name not in PREPARED)
SMALL = targets.make(
    2, 1, [("c1", "k1")],
    [("c1", targets.STATES[1], targets.EXTRAS[0], [("a1", "comment", "one", 60), ("c1", "comment", "two", 61)]),
     ("c2", targets.STATES[0], targets.TWIN, []), ("c2", targets.STATES[0], targets.TWIN, [("c2", "comment", "x", 9)])],
)  # fmt: skip
"""A little of all that may be doubled: twins, parts a second apart, a link, tags."""


@cache
def prepared():
    """Return a world whose workspace is ready, made once."""
    world = World(Path(tempfile.mkdtemp()), SMALL, 0)
    assert world.process(CALM, objects=PREPARED).how == "done"
    return world


class PlanMachine(RuleBasedStateMachine):
    """One world. Hypothesis says what becomes of which request, and at which step a process is struck."""

    @initialize(seed=st.integers(0, 9))
    def begin(self, seed):
        """A target is to be brought into an empty workspace."""
        self.folder = Path(tempfile.mkdtemp())
        self.world = World(self.folder, SMALL, seed, prepared())

    @rule(
        fates=st.dictionaries(st.integers(1, 40), st.sampled_from(FATES), max_size=6),
        trouble=st.dictionaries(st.integers(1, 700), st.sampled_from((KILL, TERM)), max_size=1),
        plan_anew=st.booleans(),
    )
    def run_once(self, fates, trouble, plan_anew):
        """A process plans and loads; of its requests those of these numbers meet with something."""
        self.world.network.fates = fates
        self.world.process(CALM, trouble, REST, plan_anew=plan_anew)
        self.world.network.fates = {}

    @rule(seconds=st.sampled_from((1.0, 200.0, 4000.0)))
    def wait(self, seconds):
        """Time goes by between two processes."""
        self.world.clock.elapsed += seconds

    @invariant()
    def nothing_is_there_twice(self):
        """At no moment is there more of anything than there should be, nor would anybody have been told."""
        intercom = self.world.intercom
        keys = [ticket["ticket_attributes"]["ITCO id"] for ticket in intercom.tickets.values()]
        assert len(keys) == len(set(keys))
        for ticket in intercom.tickets.values():
            said = [(part["author"]["id"], part["created_at"], part["body"]) for part in ticket["parts"]]
            assert said == sorted(set(said), key=lambda part: part[1])
        assert not intercom.told

    def teardown(self):
        """Let undisturbed runs end it, and see that nothing is missing and a further plan has nothing to do."""
        assert self.world.finish(REST) == []
        self.world.warehouse.close()
        shutil.rmtree(self.folder)


TestPlanAndLoad = PlanMachine.TestCase
TestPlanAndLoad.settings = sized(1, 4)
