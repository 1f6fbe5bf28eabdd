"""Reading both sides of the sample, once: the warehouse and Intercom are given back before a person looks."""

from collections.abc import Mapping, Sequence

import duckdb

from migration_assets.handoff.spot_book import SpotBook, read_book
from migration_assets.objects import registry
from migration_assets.objects.side_by_side import SideBySide
from migration_assets.spotcheck.choose import choose
from migration_assets.spotcheck.sides import Pair
from resources.assembly import build_resources
from resources.warehouse import Warehouse, fetch_frame, table_exists
from resources.workspace import IntercomWorkspace
from schemas.mapping import load_mapping
from schemas.settings import Settings

NEEDED = ("raw.extract", "observed.workspace")


class NothingToCheckError(RuntimeError):
    """There is nothing to be checked yet; the message says what to do."""


def read_both(settings: Settings) -> tuple[SpotBook, dict[str, Pair]]:
    """Return the book, begun or found, and both sides of each of its records, by their keys.

    Raises:
        NothingToCheckError: nothing was loaded from this state folder yet.
        dagster.Failure: a run uses the state folder.
        resources.intercom.errors.IntercomError: Intercom cannot be read.
    """
    if not settings.warehouse_path.exists():
        raise NothingToCheckError("Nothing was migrated from this state folder yet: run make migrate first.")
    resources = build_resources(settings)
    workspace, warehouse = resources["workspace"], resources["warehouse"]
    shown = next(room.side_by_side for room in registry.ROOMS if room.side_by_side is not None)
    assert isinstance(workspace, IntercomWorkspace) and isinstance(warehouse, Warehouse)  # noqa: S101 - for types
    workspace.setup_for_execution(None)
    try:
        with warehouse.connect() as connection:
            book = _book(connection, settings, shown)
            keys = [item.key for item in book.sample]
            sources, pieces = shown.read_source(connection, keys), _pieces(connection, shown, keys)
        ticket_type = load_mapping(settings.map).settings.ticket_type
        found = workspace.call(lambda client: shown.read_intercom(client, pieces, ticket_type))
    finally:
        workspace.teardown_after_execution(None)
    return book, {key: Pair(sources[key], found[key]) for key in keys}


def _book(connection: duckdb.DuckDBPyConnection, settings: Settings, shown: SideBySide) -> SpotBook:
    """Return the book of this source and workspace: the one that was begun, or a new one."""
    if not all(table_exists(connection, table) for table in (*NEEDED, *shown.needs)):
        raise NothingToCheckError("No conversation was loaded from this state folder yet: run make migrate first.")
    source = fetch_frame(connection, "SELECT source_instance FROM raw.extract").item()
    workspace = fetch_frame(connection, "SELECT app_id FROM observed.workspace").item()
    known = read_book(settings.state)
    if known is not None and (known.source_instance, known.workspace) == (source, workspace):
        # What has gone from Intercom since cannot be shown; its mark, if it has one, stays in the file.
        there = _pieces(connection, shown, [item.key for item in known.sample])
        return known.model_copy(update={"sample": [item for item in known.sample if item.key in there]})
    seed = settings.spot_check_seed
    sample = choose(connection, shown, settings.spot_check, seed)
    if not sample:
        raise NothingToCheckError("No conversation of this migration is in Intercom: run make migrate first.")
    return SpotBook(source_instance=source, workspace=workspace, seed=seed, sample=sample)


def _pieces(connection: duckdb.DuckDBPyConnection, shown: SideBySide, keys: Sequence[str]) -> Mapping[str, list[str]]:
    """Return by its key the ids of what each record has become in Intercom, in their order."""
    return {row["key"]: row["ids"] for row in fetch_frame(connection, shown.pieces, [list(keys)]).to_dicts()}
