"""Companies: one upsert each, which Intercom keys by our company_id.

Reading each company before it is changed would cost a call per company. So the companies of the workspace are
listed once, before a load that writes any that the journal does not know. One that is there is adopted: only its
empty fields are filled, and what it held is kept. A company without any contact is in no list; if it has our
company_id it is taken for ours.
"""

from collections.abc import Mapping
from typing import Any

import duckdb

from migration_assets.intercom.contacts import custom_attributes
from migration_assets.intercom.environment import Environment
from migration_assets.intercom.records import Ids, Record, Sent, Step
from migration_assets.intercom.resolve import Repeatable
from resources.journal import Write
from resources.warehouse import fetch_frame, scalar
from schemas.intercom import Company

FIELDS = ("name", "website", "remote_created_at", "size", "industry", "plan")

PAGE = """
SELECT
    t.*, w.fingerprint AS write_fingerprint, i.intercom_id,
    coalesce(j.adopted, FALSE) AS adopted, j.source_key IS NOT NULL AS tried
FROM plan.queue q
JOIN plan.writes w ON w.object = 'company' AND w.record_key = q.record_key AND w.verdict = 'send'
JOIN target.companies t ON t.source_key = q.record_key
LEFT JOIN plan.ids i ON i.object = 'company' AND i.source_key = q.record_key
LEFT JOIN plan.journal j ON j.object = 'company' AND j.source_key = q.record_key AND j.operation = 'upsert'
WHERE q.position >= ? AND q.position < ?
ORDER BY q.position
"""


def company_body(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `POST /companies` is sent for a row of target.companies; empty fields are left out."""
    body: dict[str, Any] = {"company_id": row["company_id"]}
    body |= {name: row[name] for name in FIELDS if row.get(name) is not None}
    attributes = custom_attributes(row)
    if attributes:
        body["custom_attributes"] = attributes
    return body


def _held(existing: Company) -> dict[str, Any]:
    held = {name: getattr(existing, name, None) for name in FIELDS}
    plan = held["plan"]
    # Intercom takes a plan as text and gives it back as an object.
    held["plan"] = plan.get("name") if isinstance(plan, Mapping) else plan
    return held


def empty_fields(existing: Company, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of `wanted` that `existing` has no value for, with the company_id."""
    held = _held(existing)
    body = {name: wanted[name] for name in FIELDS if name in wanted and held[name] in (None, "", 0)}
    attributes = {
        name: value
        for name, value in wanted.get("custom_attributes", {}).items()
        if existing.custom_attributes.get(name) in (None, "")
    }
    return {"company_id": wanted["company_id"], **body, **({"custom_attributes": attributes} if attributes else {})}


class Companies:
    """What the load must know of companies."""

    object = "company"
    journal_objects = ("company",)
    doubled_if_forgotten = ()

    def __init__(self) -> None:
        self.finder = Repeatable()
        self._listed: dict[str, Company] = {}

    async def prepare(self, env: Environment) -> None:
        """List the companies that Intercom has."""
        self._env = env
        with env.warehouse.connect() as connection:
            strangers = scalar(
                connection,
                "SELECT count(*) FROM plan.queue WHERE record_key NOT IN "
                "(SELECT source_key FROM plan.journal WHERE object = 'company')",
            )
        if strangers:
            async for page in env.client.iter_companies():
                self._listed |= {company.company_id: company for company in page if company.company_id}

    def page(self, connection: duckdb.DuckDBPyConnection, first: int, last: int) -> list[Record]:
        """Return the records at these positions of the queue."""
        return [self._record(row) for row in fetch_frame(connection, PAGE, [first, last]).to_dicts()]

    def _record(self, row: dict[str, Any]) -> Record:
        write = Write("company", row["source_key"], "upsert", row["write_fingerprint"])

        async def send(_ids: Ids) -> Sent:
            return await self._upsert(row)

        return Record(row["source_key"], (Step(write, send),))

    async def _upsert(self, row: Mapping[str, Any]) -> Sent:
        client, body = self._env.client, company_body(row)
        existing = None
        if row["adopted"]:
            existing = await client.find_company(row["company_id"])
        elif not row["tried"]:
            existing = self._listed.get(row["company_id"])
        if existing is None:
            return Sent((await client.upsert_company(body)).id)
        changes = empty_fields(existing, body)
        before = {name: _held(existing)[name] for name in FIELDS if name in changes}
        before["custom_attributes"] = {
            name: existing.custom_attributes.get(name) for name in changes.get("custom_attributes", {})
        }
        sent = await client.upsert_company(changes)
        return Sent(sent.id, adopted=True, before_image=before)
