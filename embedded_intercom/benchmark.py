"""Pages of the inbox over a large workspace: `python -m embedded_intercom.benchmark [--conversations 100000]`.

The state is written straight into the store's tables, then served by the workspace's own process, and each page is
asked for over HTTP as a browser would, one after the other. The figures are milliseconds until the whole page is
there; those of the empty 404 page say what the machine takes for a page that reads nothing.
"""

import json
import random
import statistics
import tempfile
import time
from pathlib import Path

import httpx
import typer

from embedded_intercom.inbox.access import invitation, secret_root
from embedded_intercom.process import EmbeddedProcess
from embedded_intercom.state import seed
from embedded_intercom.state.store import Store, to_json

CONVERSATIONS = 100_000
ROUNDS = 9
SUBJECTS = ("Invoice", "Export", "Login", "Delivery", "Refund", "Übersicht", "Webhook", "Label")
TEXT = "Hello, this is about our last order, which has not come yet. Could you look where it is? " * 4
LONG = 2_000
"""Parts of the one long thread."""
BEGAN = 1_500_000_000


def fill(folder: Path, conversations: int) -> dict[str, int]:
    """Write a workspace of that many tickets into a state folder; return ids that the pages are asked for with."""
    store = Store(folder / "workspace.sqlite3")
    team = {"admins": [{"name": f"Agent {n}", "email": f"agent{n}@example.com"} for n in range(20)]}
    seed.apply(store, {**seed.DEFAULT_SEED, **team, "teams": [{"name": f"Team {n}"} for n in range(5)]}, BEGAN)
    chance = random.Random(1)  # noqa: S311 - the same workspace every time
    with store.transaction():
        ids = people(store, max(1, conversations // 8))
        ids |= vocabulary(store)
        for number in range(conversations):
            ticket(store, chance, number, conversations, ids)
        first = store.scalar("SELECT min(id) FROM threads")
        for number in range(LONG):
            part(store, first, number, "comment")
        store.run("UPDATE threads SET part_count=part_count+? WHERE id=?", LONG, first)
    ids |= {
        "first": first,
        "middle": store.scalar("SELECT id FROM threads ORDER BY id LIMIT 1 OFFSET ?", [conversations // 2]),
    }
    store.close()
    return ids


def people(store: Store, contacts: int) -> dict[str, int]:
    """Write contacts and companies."""
    for number in range(contacts):
        key = store.next_id("contact")
        store.insert(
            "contacts",
            seq=key,
            id=f"{key:024x}",
            role="user",
            external_id=f"C{number}",
            name=f"Person {number}",
            email=f"person{number}@example.com",
            created_at=BEGAN,
            updated_at=BEGAN,
            indexed_at=BEGAN,
            custom_attributes=to_json({"Key": str(number)}),
        )
    companies = max(1, contacts // 10)
    for number in range(companies):
        key = store.next_id("company")
        store.insert(
            "companies",
            seq=key,
            id=f"{key:024x}",
            company_id=f"K{number}",
            name=f"Company {number}",
            created_at=BEGAN,
            updated_at=BEGAN,
            custom_attributes="{}",
        )
    return {"contacts": contacts, "companies": companies}


def vocabulary(store: Store) -> dict[str, int]:
    """Write the ticket type, its attribute for the number, and tags: one common, one rare."""
    kind, attribute = store.next_id("ticket_type"), store.next_id("ticket_type_attribute")
    texts = {"name": "Imported ticket", "category": "Customer", "description": "", "icon": ""}
    store.insert("ticket_types", id=kind, **texts, is_internal=0, created_at=BEGAN, updated_at=BEGAN)
    document = to_json({"name": "Number", "data_type": "string"})
    store.insert("ticket_type_attributes", id=attribute, ticket_type_id=kind, name="Number", doc=document)
    tags = {}
    for name in ("common", "rare"):
        tags[name] = store.next_id("tag")
        store.insert("tags", id=tags[name], name=name, folded=name)
    return {"kind": kind, "attribute": attribute, **tags}


def ticket(store: Store, chance: random.Random, number: int, conversations: int, ids: dict[str, int]) -> None:
    """Write one ticket with its parts; the newest are open."""
    key = store.next_id("thread")
    at = BEGAN + number * 3000 + chance.randrange(3000)
    state = "open" if number > conversations * 0.98 else chance.choice(("closed",) * 9 + ("snoozed",))
    store.insert(
        "threads",
        id=key,
        ticket_type_id=ids["kind"],
        category="Customer",
        ticket_number=number + 1,
        ticket_state_id=8001 if state == "open" else 8004,
        message_id=store.next_id("message"),
        contact_id=f"{1 + number % ids['contacts']:024x}",
        company_id=f"{1 + number % ids['companies']:024x}",
        title=f"{chance.choice(SUBJECTS)} {number}",
        body=f"<p>{TEXT}</p>",
        state=state,
        part_count=5,
        created_at=at,
        updated_at=at,
        indexed_at=at,
        admin_assignee_id=991267459 + chance.randrange(20),
        team_assignee_id=5017691 + chance.randrange(5),
        ticket_attributes=to_json({"Number": f"N-{number}"}),
    )
    store.insert("ticket_values", thread_id=key, attribute_id=ids["attribute"], value=f"N-{number}")
    for name, each in (("common", 3), ("rare", 5000)):
        if number % each == 0:
            store.insert("thread_tags", thread_id=key, tag_id=ids[name], applied_at=at, applied_by="1")
    for step, kind in enumerate(("ticket_state_updated_by_admin", "comment", "note", "comment", "close")):
        part(store, key, at + step * 60, kind)


def part(store: Store, thread: int, at: int, kind: str) -> None:
    """Append a part."""
    key = store.next_id("part")
    said = f"<p>{TEXT}</p>" if kind in {"comment", "note"} else None
    author = {"type": "admin", "id": "991267459", "name": "Agent 0"}
    document: dict[str, object] = {
        "id": str(key),
        "part_type": kind,
        "body": said,
        "created_at": at,
        "author": author,
        "attachments": [],
    }
    store.insert("parts", id=key, thread_id=thread, created_at=at, doc=json.dumps(document))


def addresses(root: str, conversations: int, ids: dict[str, int]) -> list[tuple[str, str]]:
    """Return the pages that are asked for, by what they are."""
    middle = BEGAN + conversations * 1500
    return [
        ("404, for comparison", f"{root}/nothing"),
        ("list, first page", root),
        ("list, one state", f"{root}?state=snoozed"),
        ("list, state, assignee and team", f"{root}?state=closed&assignee=991267460&team=5017692"),
        ("list, common tag", f"{root}?tag={ids['common']}"),
        ("list, rare tag", f"{root}?tag={ids['rare']}"),
        ("list, nothing fits", f"{root}?state=open&ticket_state=8002"),
        ("list, page in the middle", f"{root}?after={middle}_0"),
        ("list, last page", f"{root}?before=0_0"),
        ("thread, 5 parts", f"{root}/conversations/{ids['middle']}"),
        (f"thread, {LONG} parts", f"{root}/conversations/{ids['first']}"),
        ("search, number", f"{root}/search?q=n-{conversations // 2}"),
        ("search, word of many titles", f"{root}/search?q=übersicht"),
        ("search, word of no title", f"{root}/search?q=nowhere"),
        ("search, e-mail", f"{root}/search?q=person7@example.com"),
        ("contacts, first page", f"{root}/contacts"),
        ("contact", f"{root}/contacts/{1:024x}"),
        ("companies, first page", f"{root}/companies"),
        ("company", f"{root}/companies/{1:024x}"),
        ("notifications", f"{root}/notifications"),
    ]


def measure(process: EmbeddedProcess, pages: list[tuple[str, str]]) -> list[tuple[str, str, str, str]]:
    """Return for each page the median and the longest of its times, and its size."""
    rows = []
    with httpx.Client(base_url=process.url, trust_env=False, timeout=60) as browser:
        browser.get(invitation(process.url, process.token), follow_redirects=True).raise_for_status()
        for name, address in pages:
            times = []
            for _ in range(ROUNDS):
                started = time.perf_counter()
                answer = browser.get(address)
                times.append((time.perf_counter() - started) * 1000)
                if answer.status_code not in (200, 303, 404):
                    raise RuntimeError(f"{address} answered {answer.status_code}")
            rows.append(
                (name, f"{statistics.median(times):.1f}", f"{max(times):.1f}", f"{len(answer.content) / 1000:.0f}")
            )
    return rows


def main(conversations: int = CONVERSATIONS) -> None:
    """Fill, serve, measure and print."""
    with tempfile.TemporaryDirectory(prefix="inbox-") as name:
        folder, started = Path(name), time.monotonic()
        ids = fill(folder, conversations)
        print(f"{conversations:,} conversations written in {time.monotonic() - started:.0f} s")
        with EmbeddedProcess(folder, options=("--known-by", "Number")) as process:
            rows = measure(process, addresses(secret_root(process.token), conversations, ids))
    for page, *figures in [("page", "median ms", "longest ms", "kB"), *rows]:
        print(f"{page:<32}", *(f"{figure:>10}" for figure in figures))


if __name__ == "__main__":
    typer.run(main)
