"""The checks of the shaping stage: sentences that are true when green. All of them block: nothing wrong is planned.

Every target table has two, which are made from its declaration; what else must be true of one its room says.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import dagster as dg
import duckdb

from migration_assets.accounting import doubts
from migration_assets.objects.registry import target_tables
from migration_assets.objects.shaping import CountingCheck
from migration_assets.shaping.contracts import broken_rules
from resources.run import ExtractFolder
from resources.warehouse import Warehouse, scalar
from schemas.source import OBJECTS

_DUPLICATES = "SELECT count(*) - count(DISTINCT source_key) FROM target.{}"
# A row without a fate, with two, or a fate without a row.
_FATES = """
    SELECT count(*) FROM (SELECT _row FROM clean."{0}") c
    FULL JOIN (SELECT row, count(*) AS fates FROM target.lineage WHERE object = '{0}' GROUP BY row) l ON l.row = c._row
    WHERE c._row IS NULL OR l.row IS NULL OR l.fates <> 1
"""
# A fate that points at a target row which is not there: the row would be counted as loaded and never be.
_LOST = """
    SELECT count(*) FROM target.lineage l
    WHERE l.target_object = '{0}' AND NOT EXISTS (FROM target.{0} t WHERE t.source_key = l.target_key)
"""


Answer = Callable[[duckdb.DuckDBPyConnection], dg.AssetCheckResult]


@dataclass(frozen=True)
class ShapingCheck:
    """One check: its sentence, how it is answered, and what it reads besides the table that it is on."""

    name: str
    description: str
    answer: Answer
    reads: tuple[str, ...] = ()


def numbers(connection: duckdb.DuckDBPyConnection, queries: Mapping[str, str]) -> dg.AssetCheckResult:
    """Pass if every query counts nothing; the counts are shown under their names, on every run."""
    found = {name: scalar(connection, query) for name, query in queries.items()}
    return dg.AssetCheckResult(passed=not any(found.values()), metadata=dict(found))


def _contract(table: str) -> ShapingCheck:
    def matches_contract(connection: duckdb.DuckDBPyConnection) -> dg.AssetCheckResult:
        broken = broken_rules(connection, table)
        text = "; ".join(f"{rule} ({rows} rows)" for rule, rows in sorted(broken.items())[:20])
        return dg.AssetCheckResult(passed=not broken, metadata={"broken_rules": len(broken)}, description=text or None)

    return ShapingCheck("matches_contract", f"Every row of target.{table} fits its contract.", matches_contract)


def _counting(check: CountingCheck) -> ShapingCheck:
    """Return the check that passes if every one of its queries counts nothing."""
    return ShapingCheck(
        check.name, check.description, lambda connection: numbers(connection, check.queries), check.reads
    )


def _unique(table: str, more: Mapping[str, str]) -> CountingCheck:
    queries = {"duplicates": _DUPLICATES.format(table)} | dict(more)
    return CountingCheck("keys_are_unique", f"No key of target.{table} stands twice.", queries)


def _fates(tables: Mapping[str, object]) -> CountingCheck:
    return CountingCheck(
        "every_row_has_a_fate",
        "Every clean row has exactly one fate, and every fate that names a target row names one that is there.",
        {f"without_one_fate_{name}": _FATES.format(name) for name in OBJECTS}
        | {f"lost_{name}": _LOST.format(name) for name in tables},
    )


def by_table() -> dict[str, list[ShapingCheck]]:
    """Return the checks of every target table."""
    tables = target_tables()
    found = {
        table: [
            _contract(table),
            *(_counting(check) for check in (_unique(table, shaping.duplicates), *shaping.checks)),
        ]
        for table, (_, shaping) in tables.items()
    }
    return found | {"lineage": [_counting(_fates(tables))]}


def checks() -> list[dg.AssetChecksDefinition]:
    """Return every check of the stage."""
    return [_build_checks(table, {check.name: check for check in found}) for table, found in by_table().items()]


def _build_checks(table: str, by_name: Mapping[str, ShapingCheck]) -> dg.AssetChecksDefinition:
    key = dg.AssetKey(["target", table])
    specs = [
        dg.AssetCheckSpec(
            check.name,
            asset=key,
            blocking=True,
            description=check.description,
            additional_deps=[dg.AssetKey(["target", other]) for other in check.reads],
        )
        for check in by_name.values()
    ]
    specs.append(dg.AssetCheckSpec(doubts.CHECK, asset=key, blocking=True, description=doubts.CHECK_DESCRIPTION))

    # One step for all of a table's checks, because a step costs more than its questions.
    @dg.multi_asset_check(specs=specs, name=f"target_{table}_checks", can_subset=True)
    def answered(
        context: dg.AssetCheckExecutionContext, warehouse: Warehouse, drop: ExtractFolder
    ) -> Iterator[dg.AssetCheckResult]:
        chosen = {check.name for check in context.selected_asset_check_keys}
        with warehouse.connect() as connection:
            answers = {name: by_name[name].answer(connection) for name in sorted(chosen & set(by_name))}
            if doubts.CHECK in chosen:
                answers[doubts.CHECK] = doubts.check_result(
                    connection, drop.load_mapping(), f"target/{table}", drop.rejects_path
                )
        for name, answer in answers.items():
            yield answer._replace(asset_key=key, check_name=name)

    return answered
