"""The steps that ask by one ticket: made, written in, changed, snoozed, closed and read back as the load does it."""

import asyncio
import time

from migration_assets.objects.conversation.routes.fields import update_bodies
from migration_assets.objects.conversation.routes.files import Files
from migration_assets.objects.conversation.routes.shared import RouteWorkspace
from migration_assets.objects.conversation.routes.ticket import TicketRoute
from migration_assets.objects.conversation.tickets import said_something
from migration_assets.objects.probe.canary_rows import (
    EMPTIED,
    FILE,
    HTML,
    LEVEL,
    LONG_AGO,
    LONG_TITLE,
    MOMENT,
    NAME,
    OPTION,
    SPACED,
    TYPE_NAME,
    WORDS,
    attribute_rows,
    part_row,
    ticket_row,
    type_row,
    with_file,
)
from migration_assets.objects.probe.judging import WrittenAndShown
from migration_assets.objects.probe.ledger import TICKET, TYPE, first_page
from migration_assets.objects.probe.prober import Prober, assigned, needed, refused, require
from migration_assets.objects.probe.state_steps import STATE_STEPS
from migration_assets.objects.ticket_attribute.ticket_attributes import bring_ticket_attribute
from migration_assets.objects.ticket_type.ticket_types import (
    DESCRIPTION,
    TITLE,
    bring_ticket_type,
    require_ticket_type,
)
from migration_assets.writing.conflicts import FieldDecisions
from migration_assets.writing.text import plain
from schemas.intercom import Ticket

MARGIN = 600
"""Seconds by which the clocks may differ and the probe may take."""
MOVES_IN = 2.1
"""Seconds after which a time that moves by itself has moved."""
AUTOMATION, LOST = "automation", "lost"
"""Readings that no question has: whether a bot has written into the ticket, and how many texts are not whole."""


async def make_type(probe: Prober) -> None:
    """Make the probe's ticket type, or bring it back, with its attributes."""
    await probe.ledger.make(TYPE, TYPE_NAME, bring_ticket_type(probe.client, type_row()))
    there = await require_ticket_type(probe.client, TYPE_NAME)
    for row in attribute_rows():
        await bring_ticket_attribute(probe.client, there, row)
    there = await require_ticket_type(probe.client, TYPE_NAME)
    states = {str(state.internal_label): str(state.id) for state in probe.states}
    probe.route = TicketRoute(RouteWorkspace(probe.client, there, states, probe.admin_id, Files(probe.folder)))


async def make_ticket(probe: Prober) -> None:
    """Make the ticket, and at once read it by its id and search it, both at the same time."""
    key = probe.key("ticket")
    company = probe.company.id if probe.company is not None else None
    row = ticket_row(key, needed(probe.asker).id, company, probe.admin_id)
    sent = await probe.ledger.make(TICKET, key, probe.ways.create(row))
    before = probe.client.calls.by_status["4xx"]
    probe.made_at = time.monotonic()
    probe.ticket, probe.found_first = await asyncio.gather(probe.client.get_ticket(sent.intercom_id), is_found(probe))
    probe.readings["found_at_once"] = probe.client.calls.by_status["4xx"] == before
    note_creation(probe, probe.there)
    note_values(probe, probe.there)


def note_creation(probe: Prober, ticket: Ticket) -> None:
    """Note the events that creating the ticket has left, with their authors and times."""
    kinds = {
        "creation_state_event": "ticket_state_updated_by_admin",
        "creation_assignment_event": "assignment",
    }
    events = [part for part in ticket.parts if part.part_type in kinds.values()]
    for name, kind in kinds.items():
        probe.readings[name] = [
            part.author.type if part.author else "nobody" for part in events if part.part_type == kind
        ]
    if events:
        times = {"created_at": LONG_AGO, "shown": ticket.created_at, "now": int(time.time()), "margin": MARGIN}
        probe.readings["creation_event_time"] = {**times, "at": [part.created_at or 0 for part in events]}


def note_values(probe: Prober, ticket: Ticket) -> None:
    """Note how the ticket's attributes and names are shown."""
    shown = ticket.ticket_attributes
    options = probe.ways.workspace.ticket_type.attributes[LEVEL].options
    probe.readings["ticket_list_values"] = {
        "id": options[OPTION.lower()],
        "label": OPTION,
        "shown": shown.get(LEVEL),
    }
    probe.readings["ticket_dates_shown"] = WrittenAndShown(LONG_AGO, shown.get(MOMENT))
    probe.readings["blank_space"] = [
        WrittenAndShown(SPACED, shown.get(TITLE)),
        WrittenAndShown(SPACED, needed(probe.asker).name),
    ]


async def ask_search(probe: Prober) -> None:
    """Search the ticket until it is found, where it was not at once."""
    require(probe.ticket)
    if probe.found_first:
        probe.readings["search_finds"] = 0.0
        return
    seconds = await probe.until(lambda: is_found(probe))
    probe.readings["search_finds"] = None if seconds is None else round(time.monotonic() - probe.made_at, 1)


async def is_found(probe: Prober) -> bool:
    """Search the ticket as the load does where it must know whether one stands."""
    return bool(await probe.ways.find(ticket_row(probe.key("ticket"), "", None, "")))


async def ask_search_dates(probe: Prober) -> None:
    """Search the ticket by its time as well, with the comparison that one place documents."""
    source_id = f"ticket_attribute.{probe.ways.workspace.ticket_type.source_id}"
    own = {"field": source_id, "operator": "=", "value": probe.key("ticket")}
    query = {"operator": "AND", "value": [own, {"field": "created_at", "operator": ">=", "value": 0}]}
    probe.readings["ticket_dates"] = await refused(first_page(probe.client.search_tickets(query)))


async def ask_opening(probe: Prober) -> None:
    """Read the conversation that the ticket is."""
    source = (await probe.client.get_conversation(probe.there.id)).source or {}
    probe.readings["opening_text"] = WrittenAndShown(WORDS, source.get("body"))


async def ask_inbox_title(probe: Prober) -> None:
    """Give the ticket a long title, read it from the conversation that it is, and give it its own back."""
    try:
        ticket = await _entitle(probe, LONG_TITLE)
        conversation = await probe.client.get_conversation(probe.there.id)
    finally:
        await _entitle(probe, SPACED)
    probe.readings["inbox_title"] = WrittenAndShown(ticket.ticket_attributes.get(TITLE), conversation.title)


async def _entitle(probe: Prober, title: str) -> Ticket:
    (body,) = update_bodies(FieldDecisions(changes={f"ticket_attributes.{TITLE}": title}), probe.admin_id)
    return await probe.client.update_ticket(probe.there.id, body)


async def ask_messages(probe: Prober) -> None:
    """Write a message of long ago with HTML, and two notes of which the later comes first."""
    now = int(time.time())
    said = await probe.append(part_row("comment", "admin", probe.admin_id, HTML, LONG_AGO + 90))
    late, early = [
        await probe.append(part_row("note", "admin", probe.admin_id, f"<p>{WORDS}</p>", now - before))
        for before in (5_000, 9_000)
    ]
    probe.note_id = early
    ticket = await probe.read()
    parts = {part.id: part for part in ticket.parts}
    require({said, late, early} <= parts.keys())
    probe.readings["html"] = WrittenAndShown(HTML, parts[said].body)
    probe.readings["created_at"] = [
        WrittenAndShown(LONG_AGO, ticket.created_at),
        WrittenAndShown(LONG_AGO + 90, parts[said].created_at),
    ]
    require((parts[early].created_at or 0) < (parts[late].created_at or 0))
    order = list(parts)
    probe.readings["part_order"] = order.index(early) < order.index(late)


async def ask_file(probe: Prober) -> None:
    """Write a note that carries a file."""
    row = part_row("note", "admin", probe.admin_id, f"<p>{WORDS}</p>", int(time.time()) - 4_000)
    part = await probe.part(await probe.append(with_file(row, probe.folder)))
    require(part.attachments)
    probe.readings["filesize"] = WrittenAndShown(len(FILE), part.attachments[0].get("filesize"))


async def ask_replier(probe: Prober) -> None:
    """Let the other contact reply."""
    replier = needed(probe.replier).id
    await probe.append(part_row("comment", "contact", replier, f"<p>{WORDS}</p>", int(time.time()) - 3_000))
    probe.readings["replier_participates"] = any(one.id == replier for one in (await probe.read()).contacts)


async def ask_same_values(probe: Prober) -> None:
    """Set title and assignee to what they are, and then assign the ticket to nobody."""
    before = await probe.read()
    same = {f"ticket_attributes.{TITLE}": before.ticket_attributes.get(TITLE), "assignee": assigned(probe.admin_id)}
    for body in update_bodies(FieldDecisions(changes=same), probe.admin_id):
        await probe.client.update_ticket(probe.there.id, body)
    after = await probe.read()
    probe.readings["same_value_event"] = len(after.parts) > len(before.parts)
    for body in update_bodies(FieldDecisions(changes={"assignee": assigned(None)}), probe.admin_id):
        await probe.client.update_ticket(probe.there.id, body)


async def ask_time_of_change(probe: Prober) -> None:
    """Read the ticket twice, a while apart."""
    before = await probe.read()
    await asyncio.sleep(MOVES_IN)
    probe.readings["updated_at"] = ((await probe.read()).updated_at or 0) > (before.updated_at or 0)


async def read_promises(probe: Prober) -> None:
    """Read everything once more: whether automation has answered, and whether every word is there."""
    ticket = await probe.read()
    parts = {part.id: part for part in ticket.parts}
    bots = [part for part in ticket.parts if part.author is not None and part.author.type == "bot"]
    probe.readings[AUTOMATION] = any(said_something(part) for part in bots)
    lost = [key for key, text in probe.texts.items() if key not in parts or plain(parts[key].body) != plain(text)]
    told = {TITLE: NAME, DESCRIPTION: WORDS}
    lost += [name for name, text in told.items() if plain(ticket.ticket_attributes.get(name)) != plain(text)]
    probe.readings[LOST] = len(lost)


async def ask_redacted(probe: Prober) -> None:
    """Blank a note."""
    require(probe.note_id)
    there = await probe.client.redact_part(probe.there.id, probe.note_id)
    part = needed(next((part for part in there.parts if part.id == probe.note_id), None))
    probe.readings["redacted_text"] = bool(plain(part.body))


async def ask_empty(probe: Prober) -> None:
    """Take the description away."""
    for body in update_bodies(FieldDecisions(changes=EMPTIED), probe.admin_id):
        shown = (await probe.client.update_ticket(probe.there.id, body)).ticket_attributes
        value = shown.get(DESCRIPTION, "absent")
        probe.readings["empty_value"] = {None: "null", "": "empty"}.get(value, value)


TICKET_STEPS = (
    make_type,
    make_ticket,
    ask_search,
    ask_search_dates,
    ask_opening,
    ask_inbox_title,
    ask_messages,
    ask_file,
    ask_replier,
    ask_same_values,
    ask_time_of_change,
    *STATE_STEPS,
    read_promises,
    ask_redacted,
    ask_empty,
)
