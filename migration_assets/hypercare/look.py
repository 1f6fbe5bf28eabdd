"""One look at Intercom after the cutover: counts what stands, as a load does, and asks for what is not shown."""

from dataclasses import replace

from migration_assets.intercom.deleted_in_intercom import look_for_deleted
from migration_assets.intercom.destination_counts import count_destination, recount
from migration_assets.objects.registry import journal_objects, load_order, target_tables
from migration_assets.objects.touch_book import TouchBook, readings
from migration_assets.plan.plan import refresh_verdicts
from migration_assets.writing.environment import Environment
from resources.warehouse import table_exists

NEEDED = ("plan.wanted", "plan.needs", "plan.options")


class NothingLoadedError(RuntimeError):
    """The warehouse does not say what was loaded; the message says what to do."""


async def look(env: Environment) -> dict[str, int]:
    """Count every object in Intercom and find out what is gone; return how many records stand, by object.

    What was done to the records since is kept in `observed.touches` while they are counted.

    Raises:
        NothingLoadedError: the warehouse holds no plan.
        IntercomError: Intercom cannot be read.
    """
    with env.warehouse.connect() as connection:
        needed = (*NEEDED, *(f"target.{name}" for name in target_tables()))
        if not all(table_exists(connection, table) for table in needed):
            raise NothingLoadedError(
                "The warehouse does not say what was loaded: it was deleted, or nothing was loaded yet. Run "
                "make verify over the drop of the cutover, which writes nothing to Intercom, then again."
            )
        refresh_verdicts(connection, env.journal)
        ((ticket_type,),) = connection.execute("SELECT ticket_type FROM plan.options").fetchall()
    stands: dict[str, int] = {}
    book = TouchBook(env.warehouse, env.journal, load_order())
    book.start()
    env = replace(env, seen=book.see)
    for name in load_order():
        found = {present.object: present for present in await count_destination(env, name, ticket_type)}
        short = any(present.present < present.target for present in found.values())
        for object_name in journal_objects(name):
            if await look_for_deleted(env, object_name, short=short):
                found |= {present.object: present for present in recount(env, object_name)}
        stands |= {object_name: present.present for object_name, present in found.items()}
    for reading in readings(load_order()).values():
        if reading.further is not None:
            await reading.further(env)
    return stands
