"""Who is there already: before a plan, what Intercom has is compared with the people and companies still to write.

A record that would be taken for one of ours and contradicts it holds ours and what hangs on it until a person has said
whether the two are the same (`same_record` in the mapping). What is listed is kept page by page in the warehouse.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from migration_assets.objects.person_names import NAME_WORDS, write_alike
from resources.intercom.client import Intercom
from resources.journal import Journal
from resources.warehouse import Warehouse, insert_frame, scalar
from schemas.intercom import Company, Contact
from schemas.source import own_attribute

_HERE = Path(__file__).parent
_COLUMNS = ("object", "intercom_id", "id", "email", "phone", "name", "source_id")
_SCHEMA = dict.fromkeys(_COLUMNS, pl.String)
_TABLES = {"contact": "contacts", "company": "companies"}
_HELD = """
CREATE OR REPLACE TABLE observed.contradictions AS
WITH unlike AS (
    SELECT DISTINCT object, source_key, intercom_id FROM (
        SELECT w.object, w.source_key, w.intercom_id, w.a
        FROM observed.namesake_words w LEFT JOIN observed.namesakes_alike l ON l.a = w.a AND l.b = w.b
        GROUP BY ALL HAVING NOT bool_or(w.a = w.b OR l.a IS NOT NULL))
)
SELECT n.object, n.source_key, n.name, n.intercom_id, n.one AS ours, n.other AS theirs
FROM observed.namesakes n
LEFT JOIN unlike u ON u.object = n.object AND u.source_key = n.source_key AND u.intercom_id = n.intercom_id
WHERE NOT n.ours AND (n.contradicts OR u.source_key IS NOT NULL);
CREATE OR REPLACE TABLE observed.older_contacts AS
SELECT source_key, min(intercom_id) AS intercom_id FROM observed.namesakes
WHERE object = 'contact' AND ours AND older GROUP BY source_key
"""
_MACRO = """
CREATE OR REPLACE TEMP MACRO domain_or_email(x) AS
    nullif(regexp_replace(regexp_replace(lower(trim(x)), '^(https?://)?(www\\.)?', ''), '/.*$', ''), '')
"""

QUEUE = """
INSERT INTO plan.reconciliation_queue BY NAME
WITH waits AS (
    SELECT c.object, c.source_key, min(c.name) AS name, min(c.ours) AS ours,
        string_agg(DISTINCT c.theirs, ' and ') AS theirs
    FROM observed.contradictions c
    SEMI JOIN (FROM plan.holds WHERE reason IN ('another_contact_in_intercom', 'another_company_in_intercom')) h
        ON h.object = c.object AND h.source_key = c.source_key
    GROUP BY c.object, c.source_key
),
tickets AS (
    SELECT 'contact' AS object, contact_key AS source_key, count(DISTINCT ticket_id) AS tickets
    FROM target.conversations GROUP BY contact_key
    UNION ALL
    SELECT 'company', company_key, count(DISTINCT ticket_id) FROM target.conversations GROUP BY company_key
)
SELECT w.object AS kind, w.source_key, w.name, w.ours AS email_or_path, coalesce(t.tickets, 1) AS tickets,
    'contradicted by one in Intercom: ' || w.theirs || '. Say under same_record in mapping.yaml whether '
        || w.object || ' ' || w.source_key || ' is the same (adopt) or one of its own (separate)' AS reason
FROM waits w LEFT JOIN tickets t ON t.object = w.object AND t.source_key = w.source_key
"""
"""What waits because one in Intercom contradicts it, with both sides."""


def begin_listing(connection: duckdb.DuckDBPyConnection, journal: Journal) -> bool:
    """Make `observed.standing` anew, and tell whether any of ours is still to write, so that it must be filled."""
    insert_frame(connection, "observed.standing", pl.DataFrame(schema=_SCHEMA), create=True)
    wanted = {name: scalar(connection, f"SELECT count(*) FROM target.{table}") for name, table in _TABLES.items()}
    return any(sum(frame.height for frame in journal.record_states([name])) < wanted[name] for name in wanted)


async def list_standing(client: Intercom, warehouse: Warehouse) -> None:
    """Keep what Intercom has of people and companies."""
    async for people in client.iter_contacts():
        _keep(warehouse, [_contact(one) for one in people])
    async for companies in client.iter_companies():
        _keep(warehouse, [_company(one) for one in companies])


def judge_standing(connection: duckdb.DuckDBPyConnection) -> None:
    """Write `observed.contradictions` and `observed.older_contacts`; `plan.journal` must be there."""
    connection.execute(NAME_WORDS.read_text(encoding="utf-8"))
    connection.execute(_MACRO)
    connection.execute((_HERE / "adoption.sql").read_text(encoding="utf-8"))
    write_alike(connection, "observed.namesake_pairs", "observed.namesakes_alike")
    connection.execute(_HELD)


def _keep(warehouse: Warehouse, rows: list[tuple[str | None, ...]]) -> None:
    with warehouse.connect() as connection:
        insert_frame(connection, "observed.standing", pl.DataFrame(rows, schema=_SCHEMA, orient="row"))


def _contact(one: Contact) -> tuple[str | None, ...]:
    email = one.email.strip().lower() if one.email else None
    return ("contact", one.id, one.external_id, email, one.phone, one.name, _marked(one.custom_attributes, "id"))


def _company(one: Company) -> tuple[str | None, ...]:
    return (
        "company",
        one.id,
        one.company_id,
        one.website,
        None,
        one.name,
        _marked(one.custom_attributes, "company id"),
    )


def _marked(attributes: Mapping[str, Any], name: str) -> str | None:
    """Return the id of the source that an earlier run has left on a record."""
    value = attributes.get(own_attribute(name))
    return None if value is None else str(value)
