"""Targets for chaos: one by hand with a little of everything, and any number of random ones from a seed."""

import random

from tests.support import target_tables as tt

ATTRIBUTE = {"options": None, "description": "From ITCO", "data_type": "string"}
ATTRIBUTES = [
    {"source_key": "contact.ITCO id", "model": "contact", "name": "ITCO id", **ATTRIBUTE},
    {"source_key": "company.ITCO company id", "model": "company", "name": "ITCO company id", **ATTRIBUTE},
    {"source_key": "ticket.ITCO id", "model": "ticket", "name": "ITCO id", **ATTRIBUTE},
    {"source_key": "ticket.Priority", "model": "ticket", "name": "Priority", **ATTRIBUTE, "data_type": "list",
     "options": ["Urgent", "High", "Medium", "Low"]},
]  # fmt: skip
TAGS = [{"source_key": "vip", "name": "VIP"}, {"source_key": "late", "name": "Late"}]
TEAM = {"source_key": "g1", "name": "First line", "path": "First line", "tickets": 1}
STATES = (
    {"state": "open", "ticket_state": "Submitted"},
    {"state": "closed", "ticket_state": "Resolved"},
    {"state": "snoozed", "ticket_state": "Waiting on customer", "snoozed_until": 2_100_000_000},
    {"state": "open", "ticket_state": "In progress"},
)
EXTRAS = (
    {"agent_id": "a1", "team_id": "g1", "priority": "high", "tags": ["VIP", "Late"], "company_key": "k1"},
    {"tags": ["VIP"]},
    {"agent_id": "a2"},
    {},
)
BEGIN = 1_600_000_000
TWIN = {"created_at": BEGIN + 5, "description": "Twice the same"}
"""Two conversations of one contact with this cannot be told apart until they carry their ITCO ids."""


def make(contacts, companies, links, threads):
    """Return the tables of a target; `threads` are (contact, state, extras, [(author, kind, text, seconds)])."""
    conversations, parts = [], []
    for number, (contact, state, extras, said) in enumerate(threads, start=1):
        key = f"t{number}"
        row = {"created_at": BEGIN + 100_000 * number, "description": f"Opening of {key}", **state, **extras}
        attributes = {"ITCO id": key, **({"Priority": "High"} if extras.get("priority") else {})}
        conversations.append(tt.conversation(key, contact, attributes=attributes, part_count=len(said), **row))
        for seq, (author, kind, text, seconds) in enumerate(said, start=1):
            at = row["created_at"] + seconds
            parts.append(
                tt.part(f"{key}-m{seq}", key, seq, author, "admin" if author.startswith("a") else "contact",
                        kind=kind, body=f"<p>{text}</p>", created_at=at, original_created_at=at)
            )  # fmt: skip
    return {
        "attributes": ATTRIBUTES,
        "contacts": [tt.contact(f"c{n}") for n in range(1, contacts + 1)],
        "companies": [
            tt.company(f"k{n}", custom_attributes={"ITCO company id": f"k{n}"}) for n in range(1, companies + 1)
        ],
        "contact_companies": [tt.link(*pair) for pair in links],
        "admins": [tt.admin("a1"), tt.admin("a2")],
        "teams": [TEAM],
        "tags": TAGS,
        "conversations": conversations,
        "parts": parts,
    }


def by_hand():
    """Return a target of 3 contacts, 2 companies, 3 links, 2 tags, 6 conversations and 20 parts.

    In t3 one author says the same thing twice, a second apart; t4 and t6 begin alike.
    """
    threads = [
        ("c1", STATES[1], EXTRAS[0], [("a1", "comment", "one", 60), ("c1", "comment", "two", 120),
                                      ("a1", "note", "inside", 180), ("c1", "comment", "three", 240),
                                      ("a2", "comment", "four", 300), ("c1", "comment", "five", 360)]),
        ("c2", STATES[2], EXTRAS[1], [("c2", "comment", "one", 60), ("a1", "comment", "two", 120),
                                      ("c2", "comment", "three", 180)]),
        ("c2", STATES[0], EXTRAS[2], [("c2", "comment", "the same", 60), ("c2", "comment", "the same", 61),
                                      ("a2", "comment", "both", 120), ("a2", "note", "both", 121)]),
        ("c3", STATES[3], TWIN, []),
        ("c1", STATES[1], EXTRAS[1], [("a1", "note", "only a note", 60), ("c1", "comment", "end", 61)]),
        ("c3", STATES[0], TWIN, [(author, "comment", f"{n}", 60 * n) for n, author in
                                      enumerate(("c3", "a1", "c3", "a2", "c3"), start=1)]),
    ]  # fmt: skip
    return make(3, 2, [("c1", "k1"), ("c2", "k1"), ("c3", "k2")], threads)


def at_random(seed):
    """Return a target whose sizes and threads depend on the seed only."""
    dice = random.Random(seed)  # noqa: S311 - it is to be repeatable
    contacts, companies = dice.randint(1, 6), dice.randint(1, 3)
    links = {("c1", "k1")} | {
        (f"c{dice.randint(1, contacts)}", f"k{dice.randint(1, companies)}") for _ in range(dice.randint(0, 6))
    }
    threads = []
    for _ in range(dice.randint(1, 10)):
        contact, second, said = f"c{dice.randint(1, contacts)}", 0, []
        for _ in range(dice.choice((0, 1, 2, 3, 5, 12))):
            author = dice.choice((contact, "a1", "a2"))
            kind = "note" if author.startswith("a") and dice.random() < 0.3 else "comment"
            second += dice.choice((1, 1, 60, 3600))
            said.append((author, kind, dice.choice(("yes", "no", "Grüße &amp; <b>more</b>", "x" * 500)), second))
        extras = dice.choice(EXTRAS)
        if extras.get("company_key") and (contact, "k1") not in links:
            extras = EXTRAS[1]
        if dice.random() < 0.2:
            extras = {**extras, **TWIN}
        threads.append((contact, dice.choice(STATES), extras, said))
    return make(contacts, companies, sorted(links), threads)
