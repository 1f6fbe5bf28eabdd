"""The checks of the shaping stage: sentences that are true when green. All of them block: nothing wrong is planned."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import dagster as dg
import duckdb

from migration_assets.shaping.contracts import broken_rules
from migration_assets.shaping.files import MOST_FILES
from resources.warehouse import Warehouse, scalar
from schemas.itco import OBJECTS
from schemas.target import CONTRACTS

_DUPLICATES = "SELECT count(*) - count(DISTINCT source_key) FROM target.{}"
# Intercom refuses a second contact with the same e-mail.
_SAME_EMAILS = "SELECT count(email) - count(DISTINCT email) FROM target.contacts"

_ORPHAN_PARTS = """
    SELECT count(*) FROM target.parts p
    WHERE NOT EXISTS (FROM target.conversations c WHERE c.source_key = p.conversation_key)
"""
_MISCOUNTED = """
    SELECT count(*) FROM target.conversations c
    LEFT JOIN (SELECT conversation_key, count(*) AS parts FROM target.parts GROUP BY conversation_key) p
        ON p.conversation_key = c.source_key
    WHERE c.part_count <> coalesce(p.parts, 0)
"""
_UNKNOWN_AUTHORS = """
    SELECT count(*) FROM target.parts p
    WHERE p.author_key IS NOT NULL AND CASE p.author_kind
        WHEN 'contact' THEN NOT EXISTS (FROM target.contacts c WHERE c.source_key = p.author_key)
        ELSE NOT EXISTS (FROM target.admins a WHERE a.source_key = p.author_key) END
"""
_UNKNOWN_PEOPLE = """
    SELECT count(*) FROM target.conversations c
    WHERE NOT EXISTS (FROM target.contacts k WHERE k.source_key = c.contact_key)
       OR (c.company_key IS NOT NULL AND NOT EXISTS (FROM target.companies k WHERE k.source_key = c.company_key))
       OR (c.agent_id IS NOT NULL AND NOT EXISTS (FROM target.admins a WHERE a.source_key = c.agent_id))
       OR (c.team_id IS NOT NULL AND NOT EXISTS (FROM target.teams a WHERE a.source_key = c.team_id))
"""
# The order of writing and the order of the clock must be the same, or Intercom shows the thread in another order.
_DISORDERED = """
    SELECT count(*) FROM (
        SELECT created_at < lag(created_at) OVER (PARTITION BY conversation_key ORDER BY seq) AS back FROM target.parts)
    WHERE back
"""
# A file goes with exactly one part, and a part takes no more files than Intercom does.
_NOT_CARRIED_ONCE = """
    SELECT count(*) FROM target.attachments a
    LEFT JOIN (SELECT unnest(attachments) AS attachment_key FROM target.parts) p ON p.attachment_key = a.source_key
    GROUP BY a.source_key HAVING count(p.attachment_key) <> 1
"""
_OVERLOADED = f"SELECT count(*) FROM target.parts WHERE len(attachments) > {MOST_FILES}"
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


def numbers(connection: duckdb.DuckDBPyConnection, queries: dict[str, str]) -> dg.AssetCheckResult:
    """Pass if every query counts nothing; the counts are shown under their names, on every run."""
    found = {name: scalar(connection, query) for name, query in queries.items()}
    return dg.AssetCheckResult(passed=not any(found.values()), metadata=dict(found))


def _contract(table: str) -> ShapingCheck:
    def matches_contract(connection: duckdb.DuckDBPyConnection) -> dg.AssetCheckResult:
        broken = broken_rules(connection, table)
        text = "; ".join(f"{rule} ({rows} rows)" for rule, rows in sorted(broken.items())[:20])
        return dg.AssetCheckResult(passed=not broken, metadata={"broken_rules": len(broken)}, description=text or None)

    return ShapingCheck("matches_contract", f"Every row of target.{table} fits its contract.", matches_contract)


def _counting(name: str, description: str, queries: dict[str, str], reads: tuple[str, ...] = ()) -> ShapingCheck:
    """Return the check that passes if every one of `queries` counts nothing."""
    return ShapingCheck(name, description, lambda connection: numbers(connection, queries), reads)


def _unique(table: str) -> ShapingCheck:
    queries = {"duplicates": _DUPLICATES.format(table)}
    if table == "contacts":
        queries["same_emails"] = _SAME_EMAILS
    return _counting("keys_are_unique", f"No key of target.{table} stands twice.", queries)


BY_TABLE: dict[str, list[ShapingCheck]] = {table: [_contract(table), _unique(table)] for table in CONTRACTS}
"""The checks of every target table."""

BY_TABLE["conversations"].append(
    _counting(
        "every_part_has_a_conversation",
        "Every part belongs to a conversation, and every conversation counts its parts rightly.",
        {"orphans": _ORPHAN_PARTS, "miscounted": _MISCOUNTED},
        ("parts",),
    )
)
BY_TABLE["parts"].append(
    _counting(
        "parts_are_in_order",
        "Inside a conversation no part is older than the one written before it.",
        {"out_of_order": _DISORDERED},
    )
)
BY_TABLE["parts"].append(
    _counting(
        "every_file_goes_with_one_part",
        f"Every attachment that is loaded goes with exactly one part, and no part carries more than {MOST_FILES}.",
        {"not_carried_once": f"SELECT count(*) FROM ({_NOT_CARRIED_ONCE})", "overloaded": _OVERLOADED},
        ("attachments",),
    )
)
BY_TABLE["admins"].append(
    _counting(
        "every_author_exists",
        "Every author and assignee, contact and company that is written is a target row of its own.",
        {"unknown_authors": _UNKNOWN_AUTHORS, "unknown_people": _UNKNOWN_PEOPLE},
        ("parts", "contacts", "teams", "companies"),
    )
)
BY_TABLE["lineage"] = [
    _counting(
        "every_row_has_a_fate",
        "Every clean row has exactly one fate, and every fate that names a target row names one that is there.",
        {f"without_one_fate_{name}": _FATES.format(name) for name in OBJECTS}
        | {f"lost_{name}": _LOST.format(name) for name in CONTRACTS},
    )
]


def _build_checks(table: str) -> dg.AssetChecksDefinition:
    key = dg.AssetKey(["target", table])
    by_name = {check.name: check for check in BY_TABLE[table]}
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

    # One step for all of a table's checks, because a step costs more than its questions.
    @dg.multi_asset_check(specs=specs, name=f"target_{table}_checks", can_subset=True)
    def checks(context: dg.AssetCheckExecutionContext, warehouse: Warehouse) -> Iterator[dg.AssetCheckResult]:
        chosen = sorted(check.name for check in context.selected_asset_check_keys)
        with warehouse.connect() as connection:
            answers = {name: by_name[name].answer(connection) for name in chosen}
        for name, answer in answers.items():
            yield answer._replace(asset_key=key, check_name=name)

    return checks


CHECKS: list[dg.AssetChecksDefinition] = [_build_checks(table) for table in BY_TABLE]
"""Every check of the stage."""
