"""The assets of landing: `itco/extract` for the drop, and `itco/<object>` for each kind of ITCO file."""

from collections.abc import Collection

import dagster as dg
import duckdb

from migration_assets.accounting.reconciliation.page import reconcile
from migration_assets.accounting.reconciliation.phases import begin_phases
from migration_assets.ground.made import note_made
from migration_assets.ground.run_tags import DROP, drop_of, tag_run
from migration_assets.itco.drop import Drop, open_drop
from migration_assets.itco.extract import land_extract
from migration_assets.itco.faults import LandingError
from migration_assets.itco.land import LandedObject, land_object
from resources.run import ExtractFolder
from resources.warehouse import Warehouse, fetch_frame
from schemas.mapping import Mapping, MappingError
from schemas.source import OBJECTS
from schemas.source_objects import SourceObject

EXTRACT_KEY = dg.AssetKey(["itco", "extract"])


def _open(drop: ExtractFolder) -> tuple[Drop, Mapping]:
    return open_drop(drop.path), drop.load_mapping()


def _refusal(error: LandingError | MappingError) -> dg.Failure:
    """Return the failure that names every fault; reading the same files again cannot clear it."""
    return dg.Failure(description=str(error), metadata={"faults": len(str(error).splitlines())}, allow_retries=False)


@dg.asset(key=EXTRACT_KEY, kinds={"yaml", "duckdb"})
def extract(context: dg.AssetExecutionContext, warehouse: Warehouse, drop: ExtractFolder) -> dg.MaterializeResult:
    """One row per drop: which ITCO it is from, who exported it and when, and the hash over all its files."""
    tag_run(context, {DROP: drop.path.name})  # a drop that is refused has no more of a name
    try:
        opened, mapping = _open(drop)
        with warehouse.connect() as connection:
            counts = land_extract(connection, opened, mapping)
            if _begins_a_run(context.run.asset_selection):
                begin_phases(connection)
            note_made(connection, "itco/extract", context.run.run_id, drop.made_with())
            ((landed,),) = connection.execute("SELECT sha256 FROM raw.extract").fetchall()
    except (LandingError, MappingError) as error:
        raise _refusal(error) from error
    tag_run(context, {DROP: drop_of(opened.folder, landed)})
    return dg.MaterializeResult(metadata={"dagster/row_count": 1, **counts, "folder": opened.folder.name})


def _begins_a_run(selection: Collection[dg.AssetKey] | None) -> bool:
    """Whether what an earlier run has come to is of no more interest; not where single assets are made alone."""
    return selection is None or dg.AssetKey(["plan", "actions"]) in selection


def _build_object(item: SourceObject) -> dg.AssetsDefinition:
    @dg.asset(
        key=["itco", item.name],
        deps=[EXTRACT_KEY],
        kinds={"csv", "duckdb"},
        description=f"One row per record in ITCO's {item.name} files, as text, with its file, line and row hash.",
        metadata={
            "dagster/table_name": f"raw.{item.name}",
            "dagster/column_schema": dg.TableSchema(
                [dg.TableColumn(column.name, "text", description=column.description) for column in item.columns]
            ),
        },
    )
    def landed(context: dg.AssetExecutionContext, warehouse: Warehouse, drop: ExtractFolder) -> dg.MaterializeResult:
        try:
            opened, mapping = _open(drop)
            with warehouse.connect() as connection:
                counts = land_object(connection, opened, mapping, item.name, rejects=drop.rejects_path)
                note_made(connection, f"itco/{item.name}", context.run.run_id, drop.made_with())
                evidence = _evidence(connection, item.name) | reconcile(connection, "landing", drop.state)
        except (LandingError, MappingError) as error:
            raise _refusal(error) from error
        context.log.info("landed %d of %d rows of %s", counts.landed, counts.records, item.name)
        return dg.MaterializeResult(metadata={**_numbers(counts), **evidence})

    return landed


def _numbers(counts: LandedObject) -> dict[str, int]:
    return {
        "dagster/row_count": counts.landed,
        "rows_in_file": counts.records,
        "rows_quarantined": counts.quarantined,
        "files": counts.files,
        "findings": counts.findings,
        "bytes": counts.bytes,
        "rows_corrected": counts.corrected,
        "rows_left_out": counts.left_out,
    }


def _evidence(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, dg.MetadataValue]:
    """Return what was detected about each file; headers and numbers only, never what a row says."""
    files = fetch_frame(
        connection,
        "SELECT file, encoding, encoding_evidence, delimiter_evidence, newline, records, quarantined, stated_rows "
        "FROM raw.files WHERE object = ? ORDER BY part",
        [name],
    )
    headers = fetch_frame(
        connection,
        """SELECT file, cell->>'found' AS found, coalesce(cell->>'column', 'left out') AS "column", cell->>'how' AS how
        FROM (SELECT file, part, unnest(header_evidence::JSON[]) AS cell FROM raw.files WHERE object = ?)
        WHERE cell->>'how' <> 'exact' ORDER BY part""",
        [name],
    )
    findings = fetch_frame(
        connection, "SELECT file, line, severity, code, message FROM raw.findings WHERE object = ?", [name]
    )
    tables = {"detected": files, "renamed_headers": headers, "noticed": findings}
    return {
        title: dg.MetadataValue.table(
            [dg.TableRecord({key: "" if value is None else value for key, value in row.items()}) for row in rows],
            schema=dg.TableSchema([dg.TableColumn(column) for column in frame.columns]),
        )
        for title, frame in tables.items()
        if (rows := frame.to_dicts())
    }


ASSETS: list[dg.AssetsDefinition] = [extract, *(_build_object(item) for item in OBJECTS.values())]
"""The assets of this stage."""
