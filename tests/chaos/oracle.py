"""Says in sentences what is wrong in Intercom after a migration; it reads Intercom, the journal and the target only."""

import asyncio
import html
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import create_engine, text

from resources.intercom.budget import Budget
from resources.intercom.client import Intercom

ITCO_ID = "ITCO id"
WRITTEN = ("comment", "note")


def plain(body):
    """Return a text without its mark-up and blank space: Intercom may write the HTML anew."""
    return "".join(html.unescape(re.sub(r"<[^>]*>", "", body or "")).split())


@dataclass
class Thread:
    """A ticket, and the conversation that it is."""

    ticket: Any
    conversation: Any


@dataclass
class Content:
    """All that an embedded workspace holds."""

    contacts: list
    companies: list
    threads: list
    tags: list
    admins: dict
    teams: dict
    labels: dict
    counts: dict
    told: dict


def read(server, target):
    """Read everything over the API, and the workspace's own counts."""

    async def session():
        async with Intercom(server.url, server.token, budget=Budget()) as client:
            return await _read(client, target)

    content = asyncio.run(session())
    content.counts = server.control("state")["counts"]
    content.told = server.control("notifications")
    return content


async def _read(client, target):
    query = {"field": "created_at", "operator": ">", "value": 0}
    tickets = [ticket async for page in client.search_tickets(query) for ticket in page]
    companies = [await client.find_company(row["company_id"]) for row in target["companies"]]
    return Content(
        contacts=[contact async for page in client.iter_contacts() for contact in page],
        companies=[company for company in companies if company is not None],
        threads=[Thread(ticket, await client.get_conversation(ticket.id)) for ticket in tickets],
        tags=await client.list_tags(),
        admins={admin.id: admin.email for admin in await client.list_admins()},
        teams={team.id: team.name for team in await client.list_teams()},
        labels={
            option.id: option.label
            for ticket_type in await client.list_ticket_types()
            for attribute in ticket_type.attributes
            for option in attribute.options
        },
        counts={},
        told={},
    )


def judge(server, target, journal_url, route):
    """Return what is wrong with everything, [] if nothing is."""
    content = read(server, target)
    return compare(content, target, route) + compare_journal(content, read_journal(journal_url))


def compare(content, target, route):
    """Return what Intercom's content and the target do not agree in."""
    wrong = _once("contact", [item.external_id for item in content.contacts], target["contacts"])
    wrong += _once("company", [item.company_id for item in content.companies], target["companies"])
    wrong += _once("tag", [item.name.lower() for item in content.tags], target["tags"])
    wrong += _once("conversation", [_key(thread) for thread in content.threads], target["conversations"])
    wrong += _counted(content, target)
    wrong += _links(content, target)
    people = _People(content)
    wanted = {row["source_key"]: row for row in target["conversations"]}
    for thread in content.threads:
        row = wanted.get(_key(thread))
        if row is not None:
            wrong += _thread(people, thread, row, route)
            wrong += _parts(people, thread, row, target)
    # Teammates may notice the conversation route, which cannot silence everything; customers may never notice a thing.
    audiences = ("contact",) if route == "conversation" else ("contact", "teammate")
    told = [line for line in content.told["by"] if line["audience"] in audiences]
    return wrong + [
        f"The {line['audience']} would have been told {line['count']} times ({line['cause']})." for line in told
    ]


def _key(thread):
    return thread.ticket.ticket_attributes.get(ITCO_ID)


def _once(name, found, rows):
    """Each key of the rows is there once, and no other is."""
    there, wanted = Counter(found), {row["source_key"] for row in rows}
    wrong = [f"The {name} {key} is missing." for key in sorted(wanted - set(there))]
    wrong += [f"The {name} {key} is there {number} times." for key, number in there.items() if number > 1]
    return wrong + [f"The {name} {key} is nobody's." for key in there if key not in wanted]


def _counted(content, target):
    """The workspace's own counts: what no list or search shows is there, too."""
    wanted = {
        "contacts": len(target["contacts"]),
        "companies": len(target["companies"]),
        "tags": len(target["tags"]),
        "tickets": len(target["conversations"]),
        "conversations": 0,
        "ticket_types": 1,
    }
    return [
        f"There are {content.counts[name]} {name}, and there should be {number}."
        for name, number in wanted.items()
        if content.counts[name] != number
    ]


def _links(content, target):
    known = {company.id: company.company_id for company in content.companies}
    there = Counter(
        f"{contact.external_id}|{known.get(item.id)}" for contact in content.contacts for item in contact.companies
    )
    return _once("link", list(there.elements()), target["contact_companies"])


class _People:
    """Who wrote what, in the words of the target."""

    def __init__(self, content):
        self.contacts = {contact.id: contact.external_id for contact in content.contacts}
        self.admins = {key: email.split("@")[0] for key, email in content.admins.items()}
        self.teams = content.teams
        self.labels = content.labels

    def __getitem__(self, key):
        return self.contacts.get(key) or self.admins.get(key) or key


def _thread(people, thread, row, route):
    """Everything of a conversation but its parts."""
    ticket, conversation = thread.ticket, thread.conversation
    # A ticket that was never a conversation has its opening in its description only.
    opening = f"<p>{row['description']}</p>"
    priority = ticket.ticket_attributes.get("Priority") or None
    found = {
        # Whoever replies may become a participant.
        "contact": [people[item.id] for item in ticket.contacts][:1],
        "company": (conversation.company or {}).get("company_id"),
        "created_at": ticket.created_at,
        "title": ticket.ticket_attributes.get("_default_title_"),
        "description": ticket.ticket_attributes.get("_default_description_"),
        "opening": (conversation.source or {}).get("body") if route == "conversation" else opening,
        "state": conversation.state,
        "ticket_state": ticket.ticket_state.internal_label,
        "snoozed_until": ticket.snoozed_until,
        "priority": conversation.priority,
        "admin": people.admins.get(ticket.admin_assignee_id),
        "team": people.teams.get(ticket.team_assignee_id),
        "tags": sorted(tag.name for tag in conversation.tags),
        "Priority": people.labels.get(str(priority), priority),
    }
    wanted = {
        "contact": [row["contact_key"]],
        "company": row.get("company_key"),
        "created_at": row["created_at"],
        "title": row["title"],
        "description": row["description"],
        "opening": opening,
        "state": row["state"],
        "ticket_state": row["ticket_state"],
        "snoozed_until": row.get("snoozed_until"),
        "priority": "high" if row.get("priority") == "high" else "none",
        "admin": row.get("agent_id"),
        "team": "First line" if row.get("team_id") else None,
        "tags": sorted(row["tags"]),
        "Priority": row["attributes"].get("Priority"),
    }
    return [
        f"The {name} of {row['source_key']} is {found[name]!r} and should be {wanted[name]!r}."
        for name in wanted
        if found[name] != wanted[name]
    ]


def _parts(people, thread, row, target):
    """Each part once and in order, with author, kind, time and text."""
    there = [
        (people[part.author.id], part.part_type, part.created_at, plain(part.body))
        for part in thread.conversation.parts
        if part.part_type in WRITTEN
    ]
    wanted = [
        (part["author_key"], part["kind"], part["created_at"], plain(part["body"]))
        for part in sorted(target["parts"], key=lambda part: part["seq"])
        if part["conversation_key"] == row["source_key"]
    ]
    missing, more = Counter(wanted) - Counter(there), Counter(there) - Counter(wanted)
    wrong = [f"Of {row['source_key']} the part {part} is missing." for part in missing.elements()]
    wrong += [f"Of {row['source_key']} the part {part} is there once too often." for part in more.elements()]
    if not wrong and there != wanted:
        wrong.append(f"The parts of {row['source_key']} are out of order: {there}.")
    return wrong


def read_journal(journal_url):
    """Return all writes: (object, operation, source key, state, Intercom's id)."""
    engine = create_engine(journal_url)
    try:
        with engine.connect() as connection:
            query = "SELECT object, operation, source_key, state, intercom_id FROM write ORDER BY id"
            return [tuple(row) for row in connection.execute(text(query))]
    finally:
        engine.dispose()


def compare_journal(content, writes):
    """Return what the journal says that is not so, and what is in Intercom that it does not know."""
    wrong = [
        f"The journal leaves the {operation} of {name} {key} as {state}."
        for name, operation, key, state, _ in writes
        if state in ("intent", "ambiguous", "rejected")
    ]
    there = {
        "contact": [contact.id for contact in content.contacts],
        "company": [company.id for company in content.companies],
        "tag": [tag.id for tag in content.tags],
        "conversation": [thread.ticket.id for thread in content.threads],
        "part": [
            part.id for thread in content.threads for part in thread.conversation.parts if part.part_type in WRITTEN
        ],
    }
    for name, ids in there.items():
        made = [
            found
            for kind, operation, _, state, found in writes
            if (kind, state) == (name, "confirmed") and operation in ("create", "append", "upsert")
        ]
        wrong += [f"The journal knows of the {name} {key}, which is not there." for key in set(made) - set(ids)]
        wrong += [f"The {name} {key} is there and not in the journal." for key in set(ids) - set(made)]
        if name != "company":  # one call makes and updates it
            twice = [key for key, number in Counter(made).items() if number > 1]
            wrong += [f"The journal has the {name} {key} for two records." for key in twice]
    return wrong
