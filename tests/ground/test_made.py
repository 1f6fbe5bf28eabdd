"""Whether the tables that were made one from another belong together."""

import pytest

from migration_assets.ground.made import Made, all_made, made_with_another, note_made, outdated
from resources.warehouse import Warehouse

FIRST = [Made("itco/tickets", "r1", 1, "m"), Made("clean/tickets", "r1", 2, "m"), Made("itco/tags", "r1", 3, "m"),
         Made("target/parts", "r1", 4, "m"), Made("plan/actions", "r1", 5, "m")]  # fmt: skip


def again(asset, at, run="r2"):
    return [*(one for one in FIRST if one.asset != asset), Made(asset, run, at, "m")]


@pytest.mark.parametrize(
    ("made", "found"),
    [
        (FIRST, None),
        ([], None),
        (again("itco/tickets", 9), ("clean", "itco")),
        (again("clean/tickets", 9), ("target", "clean")),
        (again("target/parts", 9), ("plan", "target")),
        (again("plan/actions", 9), None),
        (again("itco/tickets", 9, run="r1"), None),
    ],
)
def test_what_was_made_after_what_is_made_from_it_is_found(made, found):
    assert outdated(made) == found


def test_what_was_made_with_another_mapping_is_found():
    assert made_with_another(FIRST, "m") is None
    assert made_with_another([*FIRST[:3], Made("target/parts", "r1", 4, "m/ticket")], "m/ticket") is None
    assert made_with_another([*FIRST[:3], Made("target/parts", "r1", 4, "m/ticket")], "m/conversation") == "target"
    assert made_with_another([*FIRST, Made("target/tags", "r1", 4, "other")], "m") == "target"


def test_it_is_kept_by_asset(tmp_path):
    with Warehouse(database=str(tmp_path / "w.duckdb")).connect() as connection:
        assert all_made(connection) == []
        for run in ("r1", "r2"):
            note_made(connection, "clean/tags", run, "m")
        assert [(one.asset, one.run_id, one.made_with) for one in all_made(connection)] == [("clean/tags", "r2", "m")]
