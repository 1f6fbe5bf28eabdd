"""The migration is right whatever way Intercom takes of what it does not document."""

import pytest

from embedded_intercom.protocol.unknowns import UNKNOWNS

SINGLES = [(name, way) for name, unknown in UNKNOWNS.items() for way in unknown.ways[1:]]


@pytest.mark.parametrize(("name", "way"), [("html", "kept"), *SINGLES])
@pytest.mark.parametrize("kill", [None, 9, 23])
def test_each_alone(journey, name, way, kill):
    journey.behave(**{name: way})
    journey.migrate(kill)
    journey.change()
    journey.migrate(None if kill is None else 4)
    journey.back()
    assert not journey.wrong
