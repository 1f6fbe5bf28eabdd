"""Counting once more what Intercom shows, at the end of a run: somebody may have deleted what an earlier step saw."""

from migration_assets.intercom.load_step import count_what_stands
from migration_assets.objects.registry import journal_objects, rooms
from migration_assets.writing.environment import Environment
from resources.migration_run import MigrationRun
from resources.warehouse import scalar

LOADED = "SELECT object FROM verdict.loads"
MISSING = "SELECT count(*) FROM verdict.strays WHERE kind = 'missing' AND list_contains(?, object)"


async def count_at_the_end(run: MigrationRun, env: Environment) -> None:
    """Count every object of the run anew, as its load step did, and keep that in `verdict.loads`.

    What the sweep itself reads is counted anew where it missed something.

    Raises:
        Stopped: it was asked to stop.
        IntercomError: Intercom cannot be read.
    """
    with env.warehouse.connect() as connection:
        ((ticket_type,),) = connection.execute("SELECT ticket_type FROM plan.options").fetchall()
        loaded = {name for (name,) in connection.execute(LOADED).fetchall()}
        missed = {name: scalar(connection, MISSING, [list(journal_objects(name))]) for name in loaded}
    for name, room in rooms().items():
        if name in loaded and room.destination.count is not None and (room.sweep is None or missed[name]):
            await count_what_stands(run, env, name, ticket_type)
