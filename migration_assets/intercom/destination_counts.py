"""Counting what stands in Intercom by asking Intercom, not the journal: one function per object.

Each writes `observed.<object>(source_key, intercom_id)` with what it found of the target, and says how many that
are. They read only.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from migration_assets.objects.conversation.tickets import read_tickets
from migration_assets.objects.ticket_type.load import find_ticket_type
from migration_assets.writing.environment import Environment
from resources.warehouse import fetch_frame, insert_frame, scalar
from schemas.intercom import Company
from schemas.mapping import fold

Pairs = list[tuple[str, str]]
SCHEMA = {"source_key": pl.String, "intercom_id": pl.String}
_HERE = Path(__file__).parent

OBSERVED = {
    "attribute": "attributes",
    "ticket_attribute": "attributes",
    "contact": "contacts",
    "company": "companies",
    "contact_company": "contact_companies",
    "tag": "tags",
    "conversation": "conversations",
    "part": "parts",
}
"""Where what was found of each object is kept: observed.<table>."""

IN_FULL = 10
"""Intercom shows at most this many companies inside a contact; the rest is counted as journalled."""


@dataclass(frozen=True)
class DestinationCount:
    """How many of the planned records of an object stand in Intercom, and how many are planned."""

    object: str
    target: int
    present: int
    twice: int
    """Source keys that were found more than once."""


async def count_contacts(env: Environment) -> DestinationCount:
    """Page through all contacts; ours are known by external id, adopted ones by the id that was journalled."""
    pairs: Pairs = []
    async for page in env.client.iter_contacts():
        pairs += [(contact.external_id or "", contact.id) for contact in page]
        await env.seen(page.items)
    return _write(env, "contacts", pairs, "contact", by="external_id", by_journal=True)


async def count_companies(env: Environment) -> DestinationCount:
    """List the companies with contacts by company_id, then ask for each of ours that no list shows."""
    pairs: Pairs = []
    async for page in env.client.iter_companies():
        pairs += [(company.company_id, company.id) for company in page if company.company_id]
        await env.seen(page.items)
    found = {key for key, _ in pairs}
    for key in _keys(env, "SELECT source_key FROM target.companies"):
        company: Company | None = None if key in found else await env.client.find_company(key)
        if company is not None:
            pairs.append((key, company.id))
            await env.seen([company])
    return _write(env, "companies", pairs, "company", by_journal=False)


async def count_links(env: Environment) -> DestinationCount:
    """Read which companies the contacts show; both ends are translated back to our keys."""
    pairs: Pairs = []
    async for page in env.client.iter_contacts():
        for contact in page:
            if len(contact.companies) >= IN_FULL:
                # A longer list is cut off inside a contact; the contact alone has the same limit.
                pairs += [(f"{contact.id}|*", contact.id)]
            pairs += [(f"{contact.id}|{company.id}", contact.id) for company in contact.companies]
    return _write_links(env, pairs)


async def count_tags(env: Environment) -> DestinationCount:
    """List all tags; ours are known by their folded name."""
    tags = await env.client.list_tags()
    await env.seen(tags)
    pairs = [(fold(tag.name), tag.id) for tag in tags if tag.name]
    return _write(env, "tags", pairs, "tag", by_journal=False)


async def count_attributes(env: Environment) -> DestinationCount:
    """List the attributes of contacts and companies."""
    pairs: Pairs = []
    for model in ("contact", "company"):
        listed = await env.client.list_data_attributes(model)
        await env.seen(listed)
        pairs += [
            (f"{model}.{item.name}", item.id or item.name)
            for item in listed
            if item.custom is not False and not item.archived
        ]
    return _write(env, "attributes", pairs, "attribute", by_journal=False)


async def count_ticket_attributes(env: Environment, ticket_type: str) -> DestinationCount:
    """List the attributes of the ticket type."""
    found = await find_ticket_type(env.client, ticket_type)
    await env.seen([found] if found is not None else [])
    attributes = found.attributes if found is not None else []
    pairs = [(f"ticket.{item.name}", item.id) for item in attributes if not item.archived]
    return _write(env, "attributes", pairs, "ticket_attribute", by_journal=False)


async def count_conversations(
    env: Environment, ticket_type: str
) -> tuple[DestinationCount, DestinationCount, DestinationCount]:
    """Search the tickets of our type: ours are known by the ITCO id stamped on them and by their ids.

    Returns:
        The conversations, the parts and the files that stand.
    """
    await read_tickets(env, ticket_type)
    with env.warehouse.connect() as connection:
        connection.execute((_HERE / "present_parts.sql").read_text())
        conversations = _present(connection, "conversations", "conversation")
        return conversations, _present(connection, "parts", "part"), _present_files(connection)


def _keys(env: Environment, query: str) -> list[str]:
    with env.warehouse.connect() as connection:
        return fetch_frame(connection, query)["source_key"].to_list()


def _write(
    env: Environment, table: str, pairs: Pairs, object_name: str, *, by_journal: bool, by: str = "source_key"
) -> DestinationCount:
    """Keep what was found of the target, known there by the column `by`, in observed.<table> and count it."""
    with env.warehouse.connect() as connection:
        insert_frame(connection, "observed.found", pl.DataFrame(pairs, schema=SCHEMA, orient="row"), create=True)
        adopted = (
            "UNION SELECT j.source_key, f.intercom_id FROM observed.found f JOIN plan.journal j "
            "ON j.object = ? AND j.operation = 'create' AND j.intercom_id = f.intercom_id"
        )
        connection.execute(
            f"CREATE OR REPLACE TABLE observed.{table} AS SELECT source_key, intercom_id FROM ("
            f"SELECT t.source_key, f.intercom_id FROM observed.found f JOIN target.{table} t ON t.{by} = f.source_key "
            f"{adopted if by_journal else ''}) SEMI JOIN target.{table} USING (source_key)",
            [object_name] if by_journal else None,
        )
        connection.execute("DROP TABLE observed.found")
        return _present(connection, table, object_name)


def _write_links(env: Environment, pairs: Pairs) -> DestinationCount:
    with env.warehouse.connect() as connection:
        insert_frame(connection, "observed.found", pl.DataFrame(pairs, schema=SCHEMA, orient="row"), create=True)
        # A contact that shows ten companies may have more: its links are counted as the journal has them.
        connection.execute(
            "CREATE OR REPLACE TABLE observed.contact_companies AS "
            "SELECT DISTINCT l.source_key, coalesce(exact.source_key, j.intercom_id) AS intercom_id "
            "FROM target.contact_companies l "
            "JOIN plan.journal contact ON contact.object = 'contact' AND contact.source_key = l.contact_key "
            "AND contact.operation = 'create' "
            "JOIN plan.journal company ON company.object = 'company' AND company.source_key = l.company_key "
            "LEFT JOIN observed.found exact "
            "ON exact.source_key = contact.intercom_id || '|' || company.intercom_id "
            "LEFT JOIN observed.found cut ON cut.source_key = contact.intercom_id || '|*' "
            "LEFT JOIN plan.journal j ON j.object = 'contact_company' AND j.source_key = l.source_key "
            "AND cut.source_key IS NOT NULL AND j.state = 'confirmed' "
            "WHERE exact.source_key IS NOT NULL OR j.intercom_id IS NOT NULL"
        )
        connection.execute("DROP TABLE observed.found")
        return _present(connection, "contact_companies", "contact_company")


def _present_files(connection: duckdb.DuckDBPyConnection) -> DestinationCount:
    connection.execute((_HERE / "present_files.sql").read_text())
    planned = scalar(connection, "SELECT sum(planned) FROM observed.files")
    there = scalar(connection, "SELECT sum(there) FROM observed.files")
    return DestinationCount("attachment", planned, there, 0)


def _present(connection: duckdb.DuckDBPyConnection, table: str, object_name: str) -> DestinationCount:
    """Count what was found of the records that the plan covers; under a limit these are not all of the target."""
    planned = (
        "SELECT source_key FROM plan.wanted WHERE object = ? AND operation IN ('create', 'upsert', 'attach', 'append')"
    )
    total = scalar(connection, f"SELECT count(*) FROM ({planned})", [object_name])
    within = f"FROM observed.{table} SEMI JOIN ({planned}) USING (source_key)"
    found = scalar(connection, f"SELECT count(DISTINCT source_key) {within}", [object_name])
    rows = scalar(connection, f"SELECT count(*) {within}", [object_name])
    return DestinationCount(object_name, total, found, rows - found)


def recount(env: Environment, object_name: str) -> list[DestinationCount]:
    """Count anew what is kept as found of an object; with parts come their files."""
    with env.warehouse.connect() as connection:
        found = [_present(connection, OBSERVED[object_name], object_name)]
        return [*found, _present_files(connection)] if object_name == "part" else found


async def count_ticket_type(env: Environment, ticket_type: str) -> DestinationCount:
    """Whether the ticket type is there: one or none."""
    there = int(await find_ticket_type(env.client, ticket_type) is not None)
    return DestinationCount("ticket_type", 1, there, 0)


async def count_destination(env: Environment, object_name: str, ticket_type: str) -> list[DestinationCount]:
    """Ask Intercom what stands of an object (as in the journal); with conversations come their parts and files."""
    if object_name == "conversation":
        return list(await count_conversations(env, ticket_type))
    if object_name == "ticket_attribute":
        return [await count_ticket_attributes(env, ticket_type)]
    if object_name == "ticket_type":
        return [await count_ticket_type(env, ticket_type)]
    counters: dict[str, Callable[[Environment], Awaitable[DestinationCount]]] = {
        "attribute": count_attributes,
        "contact": count_contacts,
        "company": count_companies,
        "contact_company": count_links,
        "tag": count_tags,
    }
    return [await counters[object_name](env)]
