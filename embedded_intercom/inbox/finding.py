"""The search box: numbers that people know, e-mail addresses, ids from outside, and words of titles and names."""

import sqlite3
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from embedded_intercom.inbox.filters import Filters, holding, words
from embedded_intercom.inbox.reading import StateReader, Value, attribute, marks

MOST = 20
"""Contacts and companies that a search shows."""
_END = "\U0010ffff"


@dataclass(frozen=True)
class SearchResult:
    """What a search leads to: people and companies, and which conversations are listed below them."""

    contacts: list[sqlite3.Row]
    companies: list[sqlite3.Row]
    conversations: Filters


def tidy(text: str) -> str:
    """Return what was typed without outer spaces, in composed letters, and cut where nobody types on."""
    return unicodedata.normalize("NFC", text).strip()[:200]


def tickets(reader: StateReader, text: str) -> list[int]:
    """Return the threads with this number or id, the newest first; upper or lower case."""
    typed = text.removeprefix("#").strip()
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 18 else None
    found = _by_known_number(reader, dict.fromkeys((typed, typed.upper(), typed.lower(), number)))
    if not found and number is not None:
        found = [row["id"] for row in reader.all("SELECT id FROM threads WHERE id=?", number)]
    return found


def _by_known_number(reader: StateReader, forms: Iterable[Value]) -> list[int]:
    names = reader.known_by
    known = reader.all(f"SELECT id FROM ticket_type_attributes WHERE name IN ({marks(names)})", *names)
    if not known:
        return []  # SQLite would look for an empty list of attributes in every value
    values = [form for form in forms if form is not None]
    rows = reader.all(
        f"SELECT DISTINCT thread_id FROM ticket_values WHERE attribute_id IN ({marks(known)}) "
        f"AND value IN ({marks(values)}) ORDER BY thread_id DESC LIMIT ?",
        *(*(row["id"] for row in known), *values, MOST),
    )
    return [row["thread_id"] for row in rows]


def find(reader: StateReader, text: str) -> SearchResult:
    """Look for everything but the numbers of tickets."""
    writers = _by_mail(reader, text.lower()) if "@" in text else []
    if writers:
        return SearchResult(writers, [], Filters(contacts=tuple(row["id"] for row in writers)))
    looked_for = words(text)
    contacts = _unique(
        _by_mail(reader, text.lower()) if len(looked_for) == 1 else [],
        _by_key(reader, "contacts", "external_id", text),
        *(_by_key(reader, "contacts", attribute("custom_attributes"), name, text) for name in reader.known_by),
        _by_name(reader, "contacts", looked_for),
    )
    companies = _unique(_by_key(reader, "companies", "company_id", text), _by_name(reader, "companies", looked_for))
    return SearchResult(contacts, companies, Filters(words=looked_for))


def _by_mail(reader: StateReader, text: str) -> list[sqlite3.Row]:
    if text.startswith("@"):
        domain = "SELECT * FROM contacts WHERE email GLOB ? ORDER BY seq DESC LIMIT ?"
        return reader.all(domain, holding(text), MOST)
    return reader.all(
        "SELECT * FROM contacts WHERE email>=? AND email<? ORDER BY email<>?, seq LIMIT ?",
        *(text, text + _END, text, MOST),
    )


def _by_key(reader: StateReader, table: str, column: str, *values: str) -> list[sqlite3.Row]:
    return reader.all(f"SELECT * FROM {table} WHERE {column}=? ORDER BY seq LIMIT ?", *values, MOST)


def _by_name(reader: StateReader, table: str, looked_for: tuple[str, ...]) -> list[sqlite3.Row]:
    where = " AND ".join("name GLOB ?" for _ in looked_for)
    patterns = [holding(word) for word in looked_for]
    return reader.all(f"SELECT * FROM {table} WHERE {where} ORDER BY seq DESC LIMIT ?", *patterns, MOST)


def _unique(*lists: list[sqlite3.Row]) -> list[sqlite3.Row]:
    rows = {row["id"]: row for found in lists for row in found}
    return list(rows.values())[:MOST]
