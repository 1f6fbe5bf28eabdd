"""Companies: one upsert each, which Intercom keys by our company_id.

Reading each company before it is changed would cost a call per company. So the companies of the workspace are
listed once, before a load that writes any that the journal does not know. One that is there is adopted: by default
only its empty fields are filled, and what it held is kept. A company without any contact is in no list; if it has our
company_id it is taken for ours. One that is to be changed later is read, so that no edit of somebody's is overwritten.
"""

from collections.abc import Mapping
from typing import Any

import duckdb

from migration_assets.objects.company.declaration import COMPANY, shown_fields
from migration_assets.objects.company.undo import CompanyUndoer
from migration_assets.objects.contact.load import CLOCKS_DIFFER
from migration_assets.writing.conflicts import decide, field_hashes, flat, nested, with_emptied
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Ids, Record, Sent, Step, UnsendableError
from migration_assets.writing.resolve import Repeatable
from resources.journal import Write
from resources.warehouse import fetch_frame, scalar
from schemas.intercom import Company

FIELDS = COMPANY.fields

PAGE = """
SELECT
    t.*, w.fingerprint AS write_fingerprint, w.changes,
    coalesce(j.adopted, FALSE) AS adopted, j.first_at AS tried_at
FROM plan.queue q
JOIN plan.writes w ON w.object = 'company' AND w.record_key = q.record_key AND w.verdict = 'send'
JOIN target.companies t ON t.source_key = q.record_key
LEFT JOIN plan.journal j ON j.object = 'company' AND j.source_key = q.record_key AND j.operation = 'upsert'
WHERE q.position >= ? AND q.position < ?
ORDER BY q.position
"""


def wanted_fields(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a company is to hold, by flat field."""
    return flat(FIELDS.wanted(row))


class Companies(CompanyUndoer):
    """What a load and a rollback must know of companies."""

    object = "company"
    journal_objects = ("company",)
    non_idempotent_writes = ()

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
        existing = await self._existing(row)
        if existing is not None:
            return await self._bring(row, existing)
        made = await self._env.client.upsert_company(FIELDS.body(row))
        return Sent(made.id, last_written=field_hashes(wanted_fields(row), shown_fields(made)))

    async def _existing(self, row: Mapping[str, Any]) -> Company | None:
        """Return the company if it stands, as far as a load has to know: one that is new was listed before it.

        Raises:
            UnsendableError: it was loaded, and stands no more.
        """
        if row["tried_at"] is None:
            return self._listed.get(row["company_id"])
        existing = await self._env.client.find_company(row["company_id"])
        if existing is None and row["changes"]:
            raise UnsendableError("It is in Intercom no more. To have it back, run with --restore-deleted.")
        made_now = existing is not None and (existing.created_at or 0) >= row["tried_at"] - CLOCKS_DIFFER
        # What an attempt of ours of unknown outcome has made is sent again as a whole; what stood before it is adopted.
        return None if made_now and not row["changes"] else existing

    async def _bring(self, row: Mapping[str, Any], existing: Company) -> Sent:
        """Write to a company that stands what is to be changed of it; nothing is sent if nothing is."""
        adopted = row["adopted"] or not row["changes"]
        left = self._env.journal.last_written("company", row["source_key"]) if row["changes"] else {}
        wanted = with_emptied(wanted_fields(row), left, FIELDS.emptied_by_null)
        decision = decide(shown_fields(existing), wanted, left, self._env.policy, adopted=adopted)
        shown = existing
        if decision.changes:
            shown = await self._env.client.upsert_company({"company_id": row["company_id"], **nested(decision.changes)})
        written = field_hashes(decision.changes, shown_fields(shown))
        return Sent(
            existing.id,
            adopted=adopted,
            before_image=nested(decision.before),
            last_written=written if adopted else written | field_hashes(decision.settled, {}),
            remark=decision.remark,
        )
