"""Who is there already: before a plan, what Intercom has is compared with the people and companies still to write.

A record that would be taken for one of ours and contradicts it holds ours and what hangs on it until a person has said
whether the two are the same (`same_record` in the mapping). The rooms list what stands, page by page.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from migration_assets.objects.declaration import Declaration
from migration_assets.objects.person_names import NAME_WORDS, write_alike
from resources.warehouse import table_exists
from schemas.intercom import Company, Contact
from schemas.source import own_attribute

_HERE = Path(__file__).parent
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


def judge_standing(connection: duckdb.DuckDBPyConnection) -> None:
    """Write `observed.contradictions` and `observed.older_contacts`; `plan.journal` must be there."""
    connection.execute(NAME_WORDS.read_text(encoding="utf-8"))
    connection.execute(_MACRO)
    connection.execute((_HERE / "adoption.sql").read_text(encoding="utf-8"))
    write_alike(connection, "observed.namesake_pairs", "observed.namesakes_alike")
    connection.execute(_HELD)


def called_the_same(connection: duckdb.DuckDBPyConnection, object_name: str) -> set[str]:
    """Return the keys of an object of which a person has said that they are the record that stands."""
    if not table_exists(connection, "map.same_records"):
        return set()
    same = "SELECT source_key FROM map.same_records WHERE object = ? AND choice = 'adopt'"
    return {key for (key,) in connection.execute(same, [object_name]).fetchall()}


def bears_mark(declaration: Declaration, row: Mapping[str, Any], there: Contact | Company, name: str) -> bool:
    """Whether an earlier run has left the row's id of the source, which the attribute `name` holds, on a record."""
    ours = declaration.fields.wanted(row).get(f"custom_attributes.{own_attribute(name)}")
    return ours is not None and str(ours) == marked(there.custom_attributes, name)


def marked(attributes: Mapping[str, Any] | None, name: str) -> str | None:
    """Return the id of the source that an earlier run has left on a record."""
    value = (attributes or {}).get(own_attribute(name))
    return None if value is None else str(value)
