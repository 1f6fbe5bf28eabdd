"""What ITCO would export a day after a clean extract: a share of the tickets has changed, new customers have written.

Always the same for the same extract. Rows go from file to file, one at a time.
"""

import csv
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import yaml

from sample_data.clean import sha256
from sample_data.moments import DAY, iso

EXTRACT = "extract.yaml"
CHANGES = ("reply", "agent", "tags", "region")
"""How tickets change, in turn: the customer writes again, another agent takes over, the tags, a custom field."""
AGENTS = ("101", "103")
NEW = 900_000
"""New customers and tickets have ids from here on, which no clean extract comes to."""

Row = dict[str, str]


@dataclass
class Later:
    """What changed: tickets by kind of change, and new customers, each with a ticket of two messages."""

    changed: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in CHANGES})
    customers: int = 0

    @property
    def tickets(self) -> int:
        """All tickets that are new or other than before."""
        return sum(map(len, self.changed.values())) + self.customers


def write_later(earlier: Path, folder: Path, every: int = 100) -> Later:
    """Write into `folder` what `earlier` is a day later: each `every`-th ticket has changed, as many are new.

    Args:
        earlier: a clean extract, as `write_clean` writes it.
        folder: where the later one goes; must not be there.
        every: 100 for one ticket in a hundred.
    """
    shutil.copytree(earlier, folder)
    stated = yaml.safe_load((earlier / EXTRACT).read_text(encoding="utf-8"))
    exported = datetime.fromisoformat(stated["exported_at"]) + timedelta(seconds=DAY)
    at = int(exported.timestamp()) - 3600
    made = Later()
    tickets = _rewrite(earlier, folder, "tickets", lambda rows: _tickets(rows, made, every, at))
    customers = _rewrite(earlier, folder, "customers", lambda rows: _customers(rows, made, at))
    messages = _rewrite(earlier, folder, "messages", lambda rows: _messages(rows, made, at))
    counted = {"tickets.csv": tickets, "customers.csv": customers, "messages.csv": messages}
    stated["exported_at"] = exported.isoformat()
    stated["row_counts"] |= counted
    stated["sha256"] |= {name: sha256(folder / name) for name in counted if name in stated["sha256"]}
    (folder / EXTRACT).write_text(yaml.safe_dump(stated, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return made


def _rewrite(earlier: Path, folder: Path, name: str, change: Callable[[Iterable[Row]], Iterator[Row]]) -> int:
    path = f"{name}.csv"
    with (
        (earlier / path).open(encoding="utf-8", newline="") as source,
        (folder / path).open("w", encoding="utf-8", newline="") as target,
    ):
        reader = csv.DictReader(source)
        writer = csv.DictWriter(target, reader.fieldnames or (), lineterminator="\n", restval="")
        writer.writeheader()
        count = 0
        for row in change(reader):
            writer.writerow(row)
            count += 1
    return count


def _tickets(rows: Iterable[Row], made: Later, every: int, at: int) -> Iterator[Row]:
    first: Row = {}
    for number, row in enumerate(rows):
        first = first or row
        if number % every == every // 2:
            kind = CHANGES[number // every % len(CHANGES)]
            made.changed[kind].append(row["ticket_id"])
            row = _changed(row, kind) | {"updated_at": iso(at)}
        yield row
    made.customers = sum(map(len, made.changed.values()))
    for number in range(made.customers):
        key = str(NEW + number)
        yield {
            "ticket_id": key, "ticket_number": f"NC-{key}", "subject": f"Question {number} of the last day",
            "status": "open", "priority": "medium", "channel": "email", "customer_id": key, "agent_id": AGENTS[0],
            "team_id": first["team_id"], "created_at": iso(at), "updated_at": iso(at), "cf_escalated": "false",
        }  # fmt: skip


def _changed(row: Row, kind: str) -> Row:
    if kind == "reply":
        return row | {"status": "open", "closed_at": ""}
    if kind == "agent":
        return row | {"agent_id": AGENTS[row["agent_id"] == AGENTS[0]]}
    if kind == "tags":
        return row | {"tags": "" if row["tags"] else "billing"}
    return row | {"cf_region": "APAC" if row["cf_region"] != "APAC" else "EMEA"}


def _customers(rows: Iterable[Row], made: Later, at: int) -> Iterator[Row]:
    yield from rows
    for number in range(made.customers):
        key = str(NEW + number)
        yield {
            "customer_id": key, "external_id": key, "name": f"New Customer {number}",
            "email": f"new-{number}@later.example", "created_at": iso(at), "last_seen_at": iso(at),
            "updated_at": iso(at), "cf_vip": "false",
        }  # fmt: skip


def _messages(rows: Iterable[Row], made: Later, at: int) -> Iterator[Row]:
    replied, authors = set(made.changed["reply"]), dict[str, Row]()
    for row in rows:
        if row["ticket_id"] in replied and row["author_type"] == "customer":
            authors.setdefault(row["ticket_id"], row)
        yield row
    for ticket_id in filter(authors.get, made.changed["reply"]):
        said = {"message_id": f"{ticket_id}900", "kind": "reply", "body": "Is there any news?", "created_at": iso(at)}
        yield authors[ticket_id] | said | {"cc": ""}
    for number in range(made.customers):
        key = str(NEW + number)
        base = {"ticket_id": key, "kind": "reply"}
        yield base | {
            "message_id": f"{key}001", "author_type": "customer", "author_id": key,
            "author_name": f"New Customer {number}", "author_email": f"new-{number}@later.example",
            "body": f"How do I do thing {number}?", "created_at": iso(at),
        }  # fmt: skip
        yield base | {
            "message_id": f"{key}002", "author_type": "agent", "author_id": AGENTS[0],
            "body": f"Like this: {number}.", "created_at": iso(at + 60),
        }  # fmt: skip
