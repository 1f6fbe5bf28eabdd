"""An extract without any mess, of any size: one row at a time goes straight to its file."""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

import yaml

from sample_data import catalogue
from sample_data.articles import article_rows
from sample_data.files import attachment
from sample_data.layout import COLUMNS
from sample_data.moments import EXPORTED_AT
from sample_data.people import company_count, company_row, customer_count, customer_row
from sample_data.threads import FIRST_TICKET, thread

_BUFFER = 1 << 20


def small_rows() -> dict[str, list[list[str]]]:
    """Return the rows of the files that are the same in every size."""
    members = [[team, agent] for team, agents in catalogue.MEMBERS.items() for agent in agents]
    return {
        "agents": [list(row) for row in catalogue.AGENTS],
        "teams": [list(row) for row in catalogue.TEAMS],
        "team_members": members,
        "custom_fields": [list(row) for row in catalogue.CUSTOM_FIELDS],
        "tags": [list(row) for row in catalogue.TAGS],
        "articles": article_rows(),
        "automations": [list(row) for row in catalogue.AUTOMATIONS],
    }


def people_rows(seed: int, tickets: int) -> dict[str, Iterator[list[str]]]:
    """Return companies and customers, each as an iterator that holds one row."""
    companies = company_count(tickets)
    return {
        "companies": (company_row(seed, index) for index in range(companies)),
        "customers": (customer_row(seed, index, companies) for index in range(customer_count(tickets))),
    }


def write_clean(folder: Path, seed: int, tickets: int) -> dict[str, int]:
    """Write a whole extract of that many tickets; memory does not grow with it. Returns the rows per file."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = {
        f"{name}.csv": _write_rows(folder, name, rows)
        for name, rows in (*people_rows(seed, tickets).items(), *small_rows().items())
    }
    counts |= _write_threads(folder, seed, tickets)
    hashes = {f"{name}.csv": sha256(folder / f"{name}.csv") for name in ("customers", "agents", "teams")}
    write_manifest(folder, counts, hashes)
    return counts


def _open(stack: ExitStack, folder: Path, name: str) -> TextIO:
    path = folder / f"{name}.csv"
    return stack.enter_context(path.open("w", encoding="utf-8", newline="", buffering=_BUFFER))


def _write_rows(folder: Path, name: str, rows: Iterable[list[str]]) -> int:
    count = 0
    with ExitStack() as stack:
        writer = csv.writer(_open(stack, folder, name), lineterminator="\n")
        writer.writerow(COLUMNS[name])
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def _write_threads(folder: Path, seed: int, tickets: int) -> dict[str, int]:
    messages = attached = 0
    with ExitStack() as stack:
        writers = {
            name: csv.writer(_open(stack, folder, name), lineterminator="\n")
            for name in ("tickets", "messages", "attachments")
        }
        for name, writer in writers.items():
            writer.writerow(COLUMNS[name])
        for index in range(tickets):
            built = thread(seed, index, tickets)
            writers["tickets"].writerow(built.ticket)
            writers["messages"].writerows(built.messages)
            messages += len(built.messages)
            for row in built.attachments:
                writers["attachments"].writerow([*row[:5], str(write_attachment(folder, row))])
                attached += 1
    return {"tickets.csv": tickets, "messages.csv": messages, "attachments.csv": attached}


def write_attachment(folder: Path, row: list[str]) -> int:
    """Write the file of an attachment under its ticket's folder; return its size in bytes."""
    path = folder / attachment_path(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = attachment(row[3], int(row[0]) - FIRST_TICKET)
    path.write_bytes(content)
    return len(content)


def attachment_path(row: list[str]) -> str:
    """Return where the person who made the extract put an attachment: flat, or in folders of two depths."""
    number = int(row[0])
    folders = ("", f"{row[1]}/", f"tickets/{row[1]}/{row[2]}/")
    return f"attachments/{folders[number % len(folders)]}{row[3]}"


def sha256(path: Path) -> str:
    """Return the hash of a file, as extract.yaml states it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path, counts: dict[str, int], hashes: dict[str, str]) -> None:
    """Write extract.yaml: where the extract comes from, and what ITCO's screens said about its size."""
    manifest = {
        "source_instance": "nordlicht.itco.example",
        "time_zone": "Europe/Berlin",
        "exported_at": EXPORTED_AT,
        "exported_by": "Petra Nowak",
        "row_counts": counts,
        "sha256": hashes,
    }
    text = yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True)
    (folder / "extract.yaml").write_text(text, encoding="utf-8")
