"""Tickets and their messages: a ticket's whole thread follows from the seed and the ticket's index alone."""

import random
from typing import NamedTuple

from sample_data import catalogue
from sample_data.bodies import Scene, agent_body, customer_body, note_body
from sample_data.chance import chance, pick, weighted
from sample_data.moments import DAY, END, LAST, START, iso, parse_iso
from sample_data.people import SamplePerson, company_count, customer_count, person
from sample_data.topics import Language, Topic, language

FIRST_TICKET = 100_001
MESSAGES_PER_TICKET = 1000
"""message_id = ticket_id * 1000 + the message's place in its thread."""
ATTACHMENT_EVERY = 8
ATTACHED_TICKETS = 400
"""Only the first tickets have attachments, so that a large extract does not mean as many small files."""
_TICKET = 3
_MINUTE = 60
_HOUR = 3600

_OLD = (("closed", 0.72), ("resolved", 0.2), ("pending", 0.05), ("open", 0.03))
_NEW = (("open", 0.4), ("pending", 0.25), ("resolved", 0.25), ("closed", 0.1))
_PRIORITIES = (("medium", 0.55), ("low", 0.2), ("high", 0.18), ("urgent", 0.07))
_CHANNELS = (("email", 0.6), ("web", 0.18), ("chat", 0.16), ("phone", 0.06))
_REGIONS = {"ja": "APAC", "en": "Americas"}
_LEFT = {agent: parse_iso(when) or 0 for agent, when in catalogue.LEFT.items()}
_STAYED = {team: tuple(m for m in members if m not in _LEFT) for team, members in catalogue.MEMBERS.items()}


class SampleThread(NamedTuple):
    """One ticket with its messages and attachments, each row in the order of its file's columns."""

    ticket: list[str]
    messages: list[list[str]]
    attachments: list[list[str]]


class _Writer:
    """Collects the messages of one thread; time goes on with each."""

    def __init__(self, ticket_id: int, opened: int) -> None:
        self.ticket_id = ticket_id
        self.now = opened
        self.rows: list[list[str]] = []

    def add(self, kind: str, author: tuple[str, str, str, str], body: str, cc: str = "") -> None:
        number = self.ticket_id * MESSAGES_PER_TICKET + len(self.rows) + 1
        self.rows.append([str(number), str(self.ticket_id), kind, *author, body, iso(self.now), cc])

    def wait(self, seconds: float) -> None:
        self.now = min(self.now + 1 + int(seconds), LAST)


def thread(seed: int, index: int, tickets: int) -> SampleThread:
    """Return the ticket with that index in an extract of that many tickets, with everything that hangs on it."""
    rng = chance(seed, _TICKET, index)
    companies = company_count(tickets)
    who = person(int(rng.random() ** 1.5 * customer_count(tickets)), companies)
    words = language(who.language)
    topic = pick(rng, words.topics)
    opened = START + (END - START) * index // tickets + int(rng.random() * _HOUR)
    status = weighted(rng, _NEW if LAST - opened < 45 * DAY else _OLD)
    agent = _agent(rng, topic.team, opened)
    scene = Scene(
        who=who,
        words=words,
        channel=weighted(rng, _CHANNELS),
        slots=_slots(rng, index, who, agent, opened),
    )
    writer = _Writer(FIRST_TICKET + index, opened)
    _converse(rng, writer, scene, topic, status, agent)
    closed = _settle(rng, writer, status, agent)
    return SampleThread(
        _ticket_row(rng, writer, scene, topic, (status, agent, opened, closed)),
        writer.rows,
        _attachment(index, writer),
    )


def _agent(rng: random.Random, team: str, opened: int) -> str:
    members = catalogue.MEMBERS[team]
    agent = pick(rng, members)
    # A thread goes on for a while: whoever is about to leave gets no new tickets.
    return agent if opened < _LEFT.get(agent, END) - 30 * DAY or agent not in _LEFT else _STAYED[team][0]


def _slots(rng: random.Random, index: int, who: SamplePerson, agent: str, opened: int) -> dict[str, str]:
    value = 1500 + int(rng.random() ** 2 * 90_000)
    euros, cents = divmod(value, 100)
    return {
        "first": who.first,
        "name": who.name,
        "company": who.company,
        "agent": catalogue.FIRST_NAMES[agent],
        "agent_name": catalogue.AGENT_NAMES[agent],
        "order": f"NL-{index * 13 % 90_000 + 10_000}",
        "invoice": f"INV-{index * 17 % 900_000 + 100_000}",
        "amount": f"€{euros}.{cents:02d}" if who.language in ("en", "ja", "ar") else f"{euros},{cents:02d} €",
        "value": f"{euros}.{cents:02d}",
        "day": iso(opened)[:10],
    }


def _customer(who: SamplePerson) -> tuple[str, str, str, str]:
    return "customer", who.customer_id, who.name, who.email


def _staff(agent: str) -> tuple[str, str, str, str]:
    return "agent", agent, catalogue.AGENT_NAMES[agent], catalogue.AGENT_EMAILS[agent]


_SYSTEM = ("system", "", "Automation", "")


def _converse(rng: random.Random, writer: _Writer, scene: Scene, topic: Topic, status: str, agent: str) -> None:
    """Write the turns of a topic, in the mouths of this customer and this agent, up to where the ticket stands."""
    for place, (speaker, text) in enumerate(_turns(rng, topic, scene.words, status)):
        if place:
            writer.wait((0.1 + rng.random() ** 2) * (20 * _HOUR if scene.channel == "email" else 2 * _HOUR))
        elif scene.channel == "phone":
            writer.add("note", _staff(agent), note_body(rng, scene, "☎ " + text))
            continue
        if speaker == "c":
            copied = f"{scene.who.first.lower()}.office@copy.example" if rng.random() < 0.04 and place else ""
            copied = copied if copied.isascii() else ""
            writer.add("reply", _customer(scene.who), customer_body(rng, scene, text, place), copied)
        elif speaker == "a":
            body, scene.last_answer = agent_body(rng, scene, text), text
            writer.add("reply", _staff(agent), body)
        else:
            writer.add("note", _staff(agent), note_body(rng, scene, text))
        if not place and rng.random() < 0.5:
            writer.wait(30 + rng.random() * _MINUTE)
            writer.add("assignment", _SYSTEM, f"Assigned to {catalogue.AGENT_NAMES[agent]}")


def _turns(rng: random.Random, topic: Topic, words: Language, status: str) -> list[tuple[str, str]]:
    turns = list(topic.turns)
    if status in ("open", "pending"):
        wanted = "c" if status == "open" else "a"
        ends = [place for place, (speaker, _) in enumerate(turns) if speaker == wanted]
        turns = turns[: ends[int(rng.random() * max(1, len(ends) - 1))] + 1]
    elif rng.random() < 0.35 and turns[-1][0] == "c":
        turns.pop()
    first_answer = next((place for place, (speaker, _) in enumerate(turns) if speaker == "a"), None)
    if first_answer is not None and rng.random() < 0.09:
        turns[first_answer:first_answer] = [("c", pick(rng, words.nudge)), ("a", pick(rng, words.holding))]
    return turns


def _settle(rng: random.Random, writer: _Writer, status: str, agent: str) -> int | None:
    """Write how the status changed at the end; return when the ticket was closed."""
    if status not in ("resolved", "closed"):
        return None
    writer.wait(5 * _MINUTE + rng.random() * 3 * DAY)
    if rng.random() < 0.55:
        by_hand = rng.random() < 0.6
        writer.add("status_change", _staff(agent) if by_hand else _SYSTEM, f"Status: {status}")
    return writer.now


def _ticket_row(
    rng: random.Random, writer: _Writer, scene: Scene, topic: Topic, facts: tuple[str, str, int, int | None]
) -> list[str]:
    status, agent, opened, closed = facts
    slots = scene.slots
    region = _REGIONS.get(scene.who.language, "EMEA")
    escalated = ("true" if rng.random() < 0.12 else "false") if rng.random() < 0.8 else ""
    return [
        str(writer.ticket_id),
        f"NC-{writer.ticket_id}",
        topic.subject.format_map(slots),
        status,
        weighted(rng, _PRIORITIES) if rng.random() < 0.96 else "",
        scene.channel,
        scene.who.customer_id,
        scene.who.company_id,
        "" if status == "open" and rng.random() < 0.3 else agent,
        topic.team,
        iso(opened),
        iso(writer.now),
        "" if closed is None else iso(closed),
        ";".join(topic.tags),
        "",
        region if rng.random() < 0.85 else "",
        ";".join(topic.modules) if rng.random() < 0.7 else "",
        slots["value"] if rng.random() < 0.6 else "",
        escalated,
        slots["order"] if rng.random() < 0.5 else "",
    ]


def _attachment(index: int, writer: _Writer) -> list[list[str]]:
    """Return the attachment's row without its size, which is the file's (`files.attachment`)."""
    if index >= ATTACHED_TICKETS or index % ATTACHMENT_EVERY != 3:
        return []
    sent = [row for row in writer.rows if row[3] == "customer"] or writer.rows
    number = index // ATTACHMENT_EVERY
    kinds = (("png", "image/png"), ("pdf", "application/pdf"), ("txt", "text/plain"), ("csv", "text/csv"))
    extension, media_type = kinds[number % len(kinds)]
    stem = ("screenshot", "invoice", "log", "orders")[number % len(kinds)]
    name = f"{stem}-{index:03d}.{extension}"
    return [[str(FIRST_TICKET + number), str(writer.ticket_id), sent[-1][0], name, media_type, ""]]
