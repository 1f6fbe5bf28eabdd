"""The checks of the shaping stage: sentences that are true when green. All of them block: nothing wrong is planned."""

import dagster as dg
import duckdb

from migration_assets.target.contracts import broken_rules
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


def _numbers(connection: duckdb.DuckDBPyConnection, queries: dict[str, str]) -> dg.AssetCheckResult:
    """Pass if every query counts nothing; the counts are shown under their names, on every run."""
    found = {name: scalar(connection, query) for name, query in queries.items()}
    return dg.AssetCheckResult(passed=not any(found.values()), metadata=dict(found))


def _contract(table: str) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=dg.AssetKey(["target", table]),
        name="matches_contract",
        blocking=True,
        description=f"Every row of target.{table} fits its contract.",
    )
    def matches_contract(warehouse: Warehouse) -> dg.AssetCheckResult:
        with warehouse.connect() as connection:
            broken = broken_rules(connection, table)
        text = "; ".join(f"{rule} ({rows} rows)" for rule, rows in sorted(broken.items())[:20])
        return dg.AssetCheckResult(passed=not broken, metadata={"broken_rules": len(broken)}, description=text or None)

    return matches_contract


def _unique(table: str) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=dg.AssetKey(["target", table]),
        name="keys_are_unique",
        blocking=True,
        description=f"No key of target.{table} stands twice.",
    )
    def keys_are_unique(warehouse: Warehouse) -> dg.AssetCheckResult:
        queries = {"duplicates": _DUPLICATES.format(table)}
        if table == "contacts":
            queries["same_emails"] = _SAME_EMAILS
        with warehouse.connect() as connection:
            return _numbers(connection, queries)

    return keys_are_unique


@dg.asset_check(
    asset=dg.AssetKey(["target", "conversations"]), blocking=True, additional_deps=[dg.AssetKey(["target", "parts"])]
)
def every_part_has_a_conversation(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Every part belongs to a conversation, and every conversation counts its parts rightly."""
    with warehouse.connect() as connection:
        return _numbers(connection, {"orphans": _ORPHAN_PARTS, "miscounted": _MISCOUNTED})


@dg.asset_check(asset=dg.AssetKey(["target", "parts"]), blocking=True)
def parts_are_in_order(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Inside a conversation no part is older than the one written before it."""
    with warehouse.connect() as connection:
        return _numbers(connection, {"out_of_order": _DISORDERED})


@dg.asset_check(
    asset=dg.AssetKey(["target", "admins"]),
    blocking=True,
    additional_deps=[dg.AssetKey(["target", name]) for name in ("parts", "contacts", "teams", "companies")],
)
def every_author_exists(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Every author and assignee, contact and company that is written is a target row of its own."""
    with warehouse.connect() as connection:
        return _numbers(connection, {"unknown_authors": _UNKNOWN_AUTHORS, "unknown_people": _UNKNOWN_PEOPLE})


@dg.asset_check(asset=dg.AssetKey(["target", "lineage"]), blocking=True)
def every_row_has_a_fate(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Every clean row has exactly one fate, and every fate that names a target row names one that is there."""
    queries = {f"without_one_fate_{name}": _FATES.format(name) for name in OBJECTS}
    queries |= {f"lost_{name}": _LOST.format(name) for name in CONTRACTS}
    with warehouse.connect() as connection:
        return _numbers(connection, queries)


CHECKS = [
    *(_contract(table) for table in CONTRACTS),
    *(_unique(table) for table in CONTRACTS),
    every_part_has_a_conversation,
    parts_are_in_order,
    every_author_exists,
    every_row_has_a_fate,
]
"""Every check of the stage."""
