"""The checks of landing. All block: nothing is built on files that are short, changed, partly landed or in doubt."""

from collections.abc import Iterable, Iterator, Mapping

import dagster as dg
import duckdb

from migration_assets.accounting import doubts
from migration_assets.ground.given_back import FOLDER
from migration_assets.itco.drop import EXTRACT_SCOPE
from migration_assets.itco.landing_doubts import look_for_doubts
from migration_assets.itco.store import quoted
from resources.run import ExtractFolder
from resources.warehouse import Warehouse, fetch_frame, scalar
from schemas.source import OBJECTS

LANDED = "every_record_is_landed_or_quarantined"
COUNT = "count_agrees_with_itco"
UNCHANGED = "file_is_unchanged"
_DESCRIPTIONS = {
    LANDED: "The records counted in the files are those landed and those in quarantine, without a rest.",
    COUNT: "No file, nor all of an object, has fewer records than extract.yaml says that ITCO's screen showed.",
    UNCHANGED: "Every file has the SHA-256 that extract.yaml states, where it states one.",
}


def every_record(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[list[str], dict[str, int]]:
    """Return the faults, and the numbers of records in the files, landed, quarantined, and corrected instead."""
    records = scalar(connection, "SELECT sum(records) FROM raw.files WHERE object = ?", [name])
    landed = scalar(connection, f"SELECT count(*) FROM raw.{quoted(name)}")
    held = scalar(
        connection,
        'SELECT count(DISTINCT "row") FROM quarantine.faults '
        "WHERE object = ? AND stage = 'land' AND severity = 'row'",
        [name],
    )
    corrected = scalar(connection, "SELECT count(*) FROM raw.corrected WHERE object = ? AND held", [name])
    whole = f"{records} records in the files, {landed} landed, {held} quarantined" + (
        f", {corrected} corrected" if corrected else ""
    )
    faults = [whole] if records != landed + held + corrected else []
    return faults, {"records": records, "landed": landed, "quarantined": held, "corrected": corrected}


def count_agrees(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[list[str], dict[str, int]]:
    """Return the files that are short of what `extract.yaml` states, and the numbers behind it.

    Repeated headers and totals are no records. Records that may be pieces of the one before them do not count
    towards the stated number: a short file must not pass because a damaged record was counted twice. The only
    number that is stated is met, too, if it is exactly that of all parts together: ITCO's screen shows no parts.
    """
    files = fetch_frame(
        connection,
        "SELECT file, stated_rows AS stated, records - repeated_headers - totals_rows AS most, "
        "records - repeated_headers - totals_rows - continued AS least FROM raw.files "
        "WHERE object = ? AND NOT starts_with(file, ?) ORDER BY part",
        [name, f"{FOLDER}/"],
    ).to_dicts()
    whole = {bound: sum(row[bound] for row in files) for bound in ("least", "most")}
    together = f"; all {len(files)} files of {name} together have {_range(whole)}" if len(files) > 1 else ""
    stated = [row["stated"] for row in files if row["stated"] is not None]
    short = [
        row
        for row in files
        if row["stated"] is not None
        and row["least"] < row["stated"]
        and not (len(stated) == 1 and row["stated"] == whole["least"])
    ]
    faults = [
        f"{row['file']}: extract.yaml states {row['stated']} records, the file has {_range(row)}{together}. "
        + ("Export it again." if row["most"] < row["stated"] else "Repair the quotes on the quarantined lines first.")
        for row in short
    ]
    return faults, {
        "stated": sum(stated),
        "counted": whole["most"],
        "files_without_count": len(files) - len(stated),
    }


def _range(row: Mapping[str, int]) -> str:
    return str(row["most"]) if row["most"] == row["least"] else f"{row['least']} to {row['most']}"


def file_unchanged(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[list[str], dict[str, int]]:
    """Return the files whose hash is not the stated one, and how many were compared."""
    files = fetch_frame(
        connection,
        "SELECT file, sha256, stated_sha256 FROM raw.files "
        "WHERE object = ? AND stated_sha256 IS NOT NULL ORDER BY part",
        [name],
    ).to_dicts()
    faults = [
        f"{row['file']}: its SHA-256 is {row['sha256']}, extract.yaml states {row['stated_sha256']}. It was changed or "
        f"not copied whole; copy it again, or correct extract.yaml if the change was meant."
        for row in files
        if row["sha256"] != row["stated_sha256"]
    ]
    return faults, {"files_compared": len(files)}


_QUESTIONS = {LANDED: every_record, COUNT: count_agrees, UNCHANGED: file_unchanged}


def _build_checks(name: str) -> dg.AssetChecksDefinition:
    key = dg.AssetKey(["itco", name])
    specs = [
        dg.AssetCheckSpec(check, asset=key, blocking=True, description=text) for check, text in _DESCRIPTIONS.items()
    ]

    @dg.multi_asset_check(specs=specs, name=f"itco_{name}_checks", can_subset=True)
    def checks(context: dg.AssetCheckExecutionContext, warehouse: Warehouse) -> Iterator[dg.AssetCheckResult]:
        with warehouse.connect() as connection:
            answers = {
                chosen.name: _QUESTIONS[chosen.name](connection, name) for chosen in context.selected_asset_check_keys
            }
        for check, (faults, numbers) in sorted(answers.items()):
            yield dg.AssetCheckResult(
                asset_key=key,
                check_name=check,
                passed=not faults,
                severity=dg.AssetCheckSeverity.ERROR,
                description="\n".join(faults) or None,
                metadata=numbers,
            )

    return checks


def _doubt_specs(names: Iterable[str]) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(
            doubts.CHECK,
            asset=dg.AssetKey(["itco", name]),
            blocking=True,
            description=doubts.CHECK_DESCRIPTION,
            additional_deps=[dg.AssetKey(["itco", other]) for other in OBJECTS if EXTRACT_SCOPE != name != other],
        )
        for name in names
    ]


@dg.multi_asset_check(specs=_doubt_specs([EXTRACT_SCOPE]), name="itco_extract_doubts")
def extract_doubts(warehouse: Warehouse, drop: ExtractFolder) -> Iterator[dg.AssetCheckResult]:
    """Answer for the files of the folder, before any is landed."""
    with warehouse.connect() as connection:
        answer = doubts.check_result(connection, drop.load_mapping(), "itco/extract", drop.rejects_path)
    yield answer._replace(asset_key=dg.AssetKey(["itco", EXTRACT_SCOPE]), check_name=doubts.CHECK)


# One step for all objects, once all are landed: what an id is shows in the other objects' keys.
@dg.multi_asset_check(specs=_doubt_specs(OBJECTS), name="itco_doubts", can_subset=True)
def object_doubts(
    context: dg.AssetCheckExecutionContext, warehouse: Warehouse, drop: ExtractFolder
) -> Iterator[dg.AssetCheckResult]:
    """Answer for every object that was landed."""
    mapping = drop.load_mapping()
    keys = [key.asset_key for key in context.selected_asset_check_keys]
    with warehouse.connect() as connection:
        look_for_doubts(connection, mapping)
        answers = {key: doubts.check_result(connection, mapping, "/".join(key.path), drop.rejects_path) for key in keys}
    for key, answer in sorted(answers.items()):
        yield answer._replace(asset_key=key, check_name=doubts.CHECK)


CHECKS: list[dg.AssetChecksDefinition] = [extract_doubts, *(_build_checks(name) for name in OBJECTS), object_doubts]
"""The checks of this stage."""
