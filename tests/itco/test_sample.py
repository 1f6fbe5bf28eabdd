"""The sample extract is landed whole: nothing is refused, and every count agrees with what it states."""

import pytest

from migration_assets.itco.checks import count_agrees, every_record, file_unchanged
from migration_assets.itco.drop import open_drop
from migration_assets.itco.land import land_object
from schemas.mapping import load_mapping
from schemas.settings import PROJECT
from schemas.source import OBJECTS

FOLDER = PROJECT / "sample_data"


@pytest.mark.parametrize("chunk", [1 << 12, 1 << 23])
def test_the_sample_is_landed_whole(connection, chunk):
    drop, mapping = open_drop(FOLDER / "extract"), load_mapping(FOLDER / "mapping.yaml")
    for name in OBJECTS:
        counts = land_object(connection, drop, mapping, name, chunk=chunk)
        assert counts.records == counts.landed + counts.quarantined
        assert counts.landed > 0
        assert [check(connection, name)[0] for check in (every_record, count_agrees, file_unchanged)] == [[], [], []]
