"""Everything that an embedded workspace holds, read over its API as any program would read Intercom."""

import asyncio
import hashlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from embedded_intercom.process import EmbeddedProcess, Quotas
from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from resources.warehouse import Warehouse, fetch_frame

ITCO_ID = "ITCO id"
WRITTEN = ("comment", "note")


@dataclass
class Thread:
    """A ticket and the conversation that it is, with its option ids read as the options' labels."""

    id: str
    ticket: Any
    conversation: Any
    attributes: dict
    parts: list
    files: dict
    """Part id -> [(name, type, size, SHA-256 of the bytes)]."""


@dataclass
class Content:
    """What is in the workspace."""

    contacts: dict
    companies: dict
    threads: dict
    tags: set
    links: set
    admins: dict
    teams: dict
    counts: dict
    ignored: dict
    notifications: dict
    token: str
    attributes: dict


def read_workspace(state, embedded=None, warehouse=None):
    """Start the workspace of a state folder (or the one in `embedded`), read all of it, and stop it.

    `warehouse` is the folder of the run's warehouse, where that is another one.
    """
    # Intercom lists a company only while somebody belongs to it; the others are asked for one by one.
    with Warehouse(database=str(Path(warehouse or state) / "warehouse.duckdb")).connect() as connection:
        company_ids = fetch_frame(connection, "SELECT company_id FROM target.companies")["company_id"].to_list()
    with EmbeddedProcess(Path(embedded or Path(state) / "embedded"), quotas=Quotas(100_000, 100_000)) as process:
        return asyncio.run(_read(process, company_ids))


async def _read(process, company_ids):
    async with Intercom(process.url, process.token, budget=Budget(share=1.0)) as client:
        contacts = [contact async for page in client.iter_contacts() for contact in page]
        companies = [company async for page in client.iter_companies() for company in page]
        listed = {company.company_id for company in companies}
        others = [await client.find_company(company_id) for company_id in company_ids if company_id not in listed]
        companies += [company for company in others if company is not None]
        threads = await _threads(client, process)
        tags = {tag.name for tag in await client.list_tags()}
        admins = {admin.id: admin.email for admin in await client.list_admins()}
        teams = {team.id: team.name for team in await client.list_teams()}
        attributes = {
            model: {item.name for item in await client.list_data_attributes(model) if item.custom}
            for model in ("contact", "company")
        }
    by_id = {company.id: company.company_id for company in companies}
    headers = {"Authorization": f"Bearer {process.token}"}
    control = {
        name: httpx.get(f"{process.url}/__embedded/{name}", headers=headers, timeout=30, trust_env=False).json()
        for name in ("state", "notifications")
    }
    return Content(
        contacts=_once({}, contacts, "external_id"),
        companies=_once({}, companies, "company_id"),
        threads=threads,
        tags=tags,
        links={(contact.external_id, by_id[linked.id]) for contact in contacts for linked in contact.companies},
        admins=admins,
        teams=teams,
        counts=control["state"]["counts"],
        ignored=control["state"]["ignored_fields"],
        notifications=control["notifications"],
        token=process.token,
        attributes=attributes,
    )


def _once(found, items, key):
    """Return the items by key; a key that is there twice is the fault that these tests look for."""
    for item in items:
        assert getattr(item, key) not in found, f"{key} {getattr(item, key)} is in Intercom twice"
        found[getattr(item, key)] = item
    return found


async def _threads(client, process):
    """Return {ITCO id: [threads]}, the parts that people wrote only, in Intercom's order."""
    labels = {
        option.id: option.label
        for ticket_type in await client.list_ticket_types()
        for attribute in ticket_type.attributes
        for option in attribute.options
    }
    query = {"field": "created_at", "operator": ">", "value": 0}
    tickets = [ticket async for page in client.search_tickets(query) for ticket in page]
    gate = asyncio.Semaphore(16)

    async def whole(ticket):
        async with gate:
            conversation = await client.get_conversation(ticket.id)
        values = {name: labels.get(str(value), value) for name, value in ticket.ticket_attributes.items()}
        written = [part for part in conversation.parts if part.part_type in WRITTEN]
        files = {part.id: [await _file(item) for item in part.attachments] for part in written if part.attachments}
        return Thread(ticket.id, ticket, conversation, values, written, files)

    async def _file(item):
        async with gate:
            # The address is of the server that took the file; this is another one over the same state.
            answer = await browser.get(process.url + urlsplit(item["url"]).path)
        found = hashlib.sha256(answer.raise_for_status().content).hexdigest()
        return item["name"], item["content_type"], item.get("filesize"), found

    found = defaultdict(list)
    headers = {"Authorization": f"Bearer {process.token}"}
    async with httpx.AsyncClient(headers=headers, timeout=30, trust_env=False) as browser:
        for thread in await asyncio.gather(*(whole(ticket) for ticket in tickets)):
            found[thread.attributes.get(ITCO_ID)].append(thread)
    return dict(found)
