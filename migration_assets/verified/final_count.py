"""Counting once more what Intercom shows, at the end of a run: somebody may have deleted what an earlier step saw.

Nothing is asked record by record that a list shows: contacts, their companies and tickets come in pages of 150. What no
list shows (a company without contacts, and whatever is missing) takes a call each, as Intercom has nothing better.
"""

import duckdb

from migration_assets.intercom.load_step import count_what_stands, count_what_was_read
from migration_assets.objects.registry import rooms
from migration_assets.writing.environment import Environment
from resources.migration_run import MigrationRun

LOADED = "SELECT object FROM verdict.loads"


async def count_at_the_end(run: MigrationRun, env: Environment) -> None:
    """Count every object of the run anew, as its load step did, and keep that in `verdict.loads`.

    What the sweep has just read, tickets with their parts and files, is counted from there.

    Raises:
        Stopped: it was asked to stop.
        IntercomError: Intercom cannot be read.
    """
    with env.warehouse.connect() as connection:
        ((ticket_type,),) = connection.execute("SELECT ticket_type FROM plan.options").fetchall()
        counted = _counted(connection)
    for name in counted:
        if rooms()[name].sweep is not None:
            await count_what_was_read(run, env, name)
        else:
            await count_what_stands(run, env, name, ticket_type)


def calls_at_the_end(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many calls the sweep and the count after it take, if nobody else has records in the workspace."""
    swept = sum(room.sweep.calls(connection) for room in rooms().values() if room.sweep is not None)
    listed = (rooms()[name] for name in _counted(connection))
    return swept + sum(room.destination.calls(connection) for room in listed if room.sweep is None)


def _counted(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the objects that the run has loaded or read back, in order, without those that another one counts."""
    loaded = {name for (name,) in connection.execute(LOADED).fetchall()}
    return [name for name, room in rooms().items() if name in loaded and room.destination.count is not None]
