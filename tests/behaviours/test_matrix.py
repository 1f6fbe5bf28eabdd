"""The migration is right whatever way Intercom takes of what it does not document.

Each way alone, and every pair of ways together, is gone through from the first load to the way back, killed on the way
and, in pairs, with answers that are lost. No record may be wrong, no difference or edit named that is none.
"""

import pytest
from allpairspy import AllPairs

from embedded_intercom.protocol.unknowns import UNKNOWNS
from migration_assets.writing.records import Stopped

BROKEN_PROMISES = [("created_at", "minute"), ("created_at", "two_years")]
"""Ways in which nothing can be migrated well: the first tickets are read back, and the load stops there."""
SINGLES = [(name, way) for name, unknown in UNKNOWNS.items() for way in unknown.ways[1:]]
BORNE = [single for single in SINGLES if single not in BROKEN_PROMISES]
NAMES = [name for name in UNKNOWNS if name != "created_at"]
PAIRS = [dict(zip(NAMES, row, strict=True)) for row in AllPairs([list(UNKNOWNS[name].ways) for name in NAMES])]
FAULTS = [{"kind": kind, "share": 0.05, "times": 3, "calls": "writes"} for kind in ("before", "after", "reset")]


@pytest.mark.rehearsal
@pytest.mark.parametrize("killed", [True, False])
@pytest.mark.parametrize(("name", "way"), BORNE)
def test_each_alone(journey, name, way, killed):
    journey.behave(**{name: way})
    journey.go(killed=killed)
    assert not journey.wrong


@pytest.mark.chaos
@pytest.mark.parametrize("ways", PAIRS, ids=range(len(PAIRS)))
def test_every_pair_together(journey, ways):
    journey.behave(**ways)
    journey.go(killed=True, faults=FAULTS)
    assert not journey.wrong, {name: way for name, way in ways.items() if way != UNKNOWNS[name].ways[0]}


def test_as_most_likely_is(journey):
    journey.go(killed=True, faults=FAULTS)
    assert not journey.wrong


@pytest.mark.parametrize(("name", "way"), BROKEN_PROMISES)
def test_a_broken_promise_stops_the_load_at_the_first_tickets(journey, name, way):
    journey.behave(**{name: way})
    with pytest.raises(Stopped, match=r"written|opened"):
        journey.migrate()
    assert len(journey.site.tickets()) <= 5
