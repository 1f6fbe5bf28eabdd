"""Which run made each table of the warehouse last, and with which mapping: the table `plan.made`.

A person may make any single asset in the UI. A load asks by this table whether all that its plan stands on belongs
together.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from resources.warehouse import table_exists

STAGES = ("itco", "clean", "target", "plan")
"""The stages that are made one from another, each from those before it."""

_COLUMNS = 'asset VARCHAR, run_id VARCHAR, "at" DOUBLE, made_with VARCHAR'


@dataclass(frozen=True)
class Made:
    """An asset's table: which run made it, when (unix seconds), and with what (`ExtractFolder.made_with`)."""

    asset: str
    run_id: str
    at: float
    made_with: str

    @property
    def stage(self) -> str:
        """The first segment of the asset's key."""
        return self.asset.split("/")[0]


def note_made(connection: duckdb.DuckDBPyConnection, asset: str, run_id: str, made_with: str) -> None:
    """Note that a run has made an asset's table."""
    connection.execute(f"CREATE TABLE IF NOT EXISTS plan.made ({_COLUMNS})")
    connection.execute("DELETE FROM plan.made WHERE asset = ?", [asset])
    connection.execute("INSERT INTO plan.made VALUES (?, ?, ?, ?)", [asset, run_id, time.time(), made_with])


def all_made(connection: duckdb.DuckDBPyConnection) -> list[Made]:
    """Return what was made, by asset."""
    if not table_exists(connection, "plan.made"):
        return []
    return [Made(*row) for row in connection.execute("FROM plan.made ORDER BY asset").fetchall()]


def outdated(made: Sequence[Made]) -> tuple[str, str] | None:
    """Return the first stage that was made before one that it is made from, and that one; None where all is in order.

    What one run made belongs together, in whichever order: the graph has seen to it.
    """
    for place, stage in enumerate(STAGES):
        mine = [one for one in made if one.stage == stage]
        for earlier in (one for one in made if one.stage in STAGES[:place]):
            if any(one.run_id != earlier.run_id and one.at < earlier.at for one in mine):
                return stage, earlier.stage
    return None


def made_with_another(made: Sequence[Made], made_with: str) -> str | None:
    """Return the first stage of which a table was made with something else; None where none was.

    Args:
        made: what was made, and with what.
        made_with: `mapping/route`; what is made before the target has the mapping only.
    """
    alike = (made_with, made_with.partition("/")[0])
    others = {one.stage for one in made if one.made_with not in alike}
    return next((stage for stage in STAGES if stage in others), None)
