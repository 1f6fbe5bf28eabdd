"""The search box: ITCO's numbers, e-mail addresses, ids from outside, and words of titles and names."""

import sqlite3
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from resources.embedded.inbox.filters import Filters, holding, words
from resources.embedded.inbox.reading import Reader, Value, marks

ITCO_NAMES = ("ITCO number", "ITCO id")
"""Ticket attributes that hold what people know a ticket by; they are what the migration calls them."""
MOST = 20
"""Contacts and companies that a search shows."""
_END = "\U0010ffff"


@dataclass(frozen=True)
class Found:
    """What a search leads to: people and companies, and which conversations are listed below them."""

    contacts: list[sqlite3.Row]
    companies: list[sqlite3.Row]
    conversations: Filters


def tidy(text: str) -> str:
    """Return what was typed without outer spaces, in composed letters, and cut where nobody types on."""
    return unicodedata.normalize("NFC", text).strip()[:200]


def tickets(reader: Reader, text: str) -> list[int]:
    """Return the threads that this is the ITCO number or the id of, the newest first; upper or lower case."""
    typed = text.removeprefix("#").strip()
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 18 else None
    found = _by_itco_name(reader, dict.fromkeys((typed, typed.upper(), typed.lower(), number)))
    if not found and number is not None:
        found = [row["id"] for row in reader.all("SELECT id FROM threads WHERE id=?", number)]
    return found


def _by_itco_name(reader: Reader, forms: Iterable[Value]) -> list[int]:
    known = reader.all(f"SELECT id FROM ticket_type_attributes WHERE name IN ({marks(ITCO_NAMES)})", *ITCO_NAMES)
    if not known:
        return []  # SQLite would look for an empty list of attributes in every value
    values = [form for form in forms if form is not None]
    rows = reader.all(
        f"SELECT DISTINCT thread_id FROM ticket_values WHERE attribute_id IN ({marks(known)}) "
        f"AND value IN ({marks(values)}) ORDER BY thread_id DESC LIMIT ?",
        *(*(row["id"] for row in known), *values, MOST),
    )
    return [row["thread_id"] for row in rows]


def find(reader: Reader, text: str) -> Found:
    """Look for everything but ITCO's numbers."""
    writers = _by_mail(reader, text.lower()) if "@" in text else []
    if writers:
        return Found(writers, [], Filters(contacts=tuple(row["id"] for row in writers)))
    looked_for = words(text)
    contacts = _unique(
        _by_mail(reader, text.lower()) if len(looked_for) == 1 else [],
        _by_key(reader, "contacts", "external_id", text),
        _by_key(reader, "contacts", "json_extract(custom_attributes, '$.\"ITCO id\"')", text),
        _by_name(reader, "contacts", looked_for),
    )
    companies = _unique(_by_key(reader, "companies", "company_id", text), _by_name(reader, "companies", looked_for))
    return Found(contacts, companies, Filters(words=looked_for))


def _by_mail(reader: Reader, text: str) -> list[sqlite3.Row]:
    if text.startswith("@"):
        domain = "SELECT * FROM contacts WHERE email GLOB ? ORDER BY seq DESC LIMIT ?"
        return reader.all(domain, holding(text), MOST)
    return reader.all(
        "SELECT * FROM contacts WHERE email>=? AND email<? ORDER BY email<>?, seq LIMIT ?",
        *(text, text + _END, text, MOST),
    )


def _by_key(reader: Reader, table: str, column: str, text: str) -> list[sqlite3.Row]:
    return reader.all(f"SELECT * FROM {table} WHERE {column}=? ORDER BY seq LIMIT ?", text, MOST)


def _by_name(reader: Reader, table: str, looked_for: tuple[str, ...]) -> list[sqlite3.Row]:
    where = " AND ".join("name GLOB ?" for _ in looked_for)
    patterns = [holding(word) for word in looked_for]
    return reader.all(f"SELECT * FROM {table} WHERE {where} ORDER BY seq DESC LIMIT ?", *patterns, MOST)


def _unique(*lists: list[sqlite3.Row]) -> list[sqlite3.Row]:
    rows = {row["id"]: row for found in lists for row in found}
    return list(rows.values())[:MOST]
