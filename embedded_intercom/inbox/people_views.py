"""Contacts and companies: their lists, and each with what is known of it."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from embedded_intercom.inbox import pagination
from embedded_intercom.inbox.pagination import ListPage, ListPlace
from embedded_intercom.inbox.reading import StateReader, Value
from embedded_intercom.inbox.values import Shown, attributes

KEY = ("seq",)
COMPANIES = 20
"""Companies of one contact that are named beside it."""
REMARKS = 50
"""Notes about one contact or company that are shown, the newest."""

_CONTACTS = """
SELECT contacts.*,
    (SELECT count(*) FROM threads WHERE threads.contact_id=contacts.id) AS conversations,
    (SELECT json_group_array(json_array(companies.id, coalesce(companies.name, companies.company_id)))
     FROM contact_companies AS pair JOIN companies ON companies.id=pair.company_id
     WHERE pair.contact_id=contacts.id) AS companies
FROM contacts
"""
_COMPANIES = """
SELECT companies.*,
    (SELECT count(*) FROM threads WHERE threads.company_id=companies.id) AS conversations
FROM companies
"""


@dataclass(frozen=True)
class NoteView:
    """A note that teammates keep about a contact or company."""

    author: str | None
    at: int
    body: str


@dataclass(frozen=True)
class About:
    """What a contact and a company have alike."""

    attributes: list[Shown]
    tags: list[str]
    remarks: list[NoteView]


@dataclass(frozen=True)
class ContactView:
    """A contact with what is known of it, and its companies."""

    row: sqlite3.Row
    about: About
    companies: list[sqlite3.Row]
    merged_into: sqlite3.Row | None

    @property
    def name(self) -> str:
        """The name, or whatever else tells who it is."""
        return name_of(self.row)


@dataclass(frozen=True)
class CompanyView:
    """A company with what is known of it."""

    row: sqlite3.Row
    about: About

    @property
    def name(self) -> str:
        """The name, or the id that it came with."""
        return str(self.row["name"] or self.row["company_id"])


def name_of(row: sqlite3.Row) -> str:
    """Return what a contact is called: name, e-mail, or the id that it came with."""
    return str(row["name"] or row["email"] or row["external_id"] or "Unnamed contact")


def types(reader: StateReader, model: str) -> dict[str, dict[str, str]]:
    """Return the data attributes of contacts or companies, by name."""
    found = reader.all("SELECT name, data_type FROM data_attributes WHERE model=?", model)
    return {row["name"]: {"data_type": row["data_type"]} for row in found}


def person(reader: StateReader, key: str) -> ContactView | None:
    """Return a contact, or None when there is none (any more)."""
    row = reader.one("SELECT * FROM contacts WHERE id=?", key)
    if row is None:
        return None
    companies = reader.all(
        "SELECT companies.* FROM contact_companies AS pair JOIN companies ON companies.id=pair.company_id "
        "WHERE pair.contact_id=? ORDER BY pair.at, seq LIMIT ?",
        *(key, COMPANIES + 1),
    )
    merged = reader.one("SELECT * FROM contacts WHERE id=?", row["merged_into"])
    return ContactView(row, _about(reader, "contact", row), companies, merged)


def company(reader: StateReader, key: str | None) -> CompanyView | None:
    """Return a company, or None when there is none."""
    row = reader.one("SELECT * FROM companies WHERE id=?", key)
    return None if row is None else CompanyView(row, _about(reader, "company", row))


def _about(reader: StateReader, kind: str, row: sqlite3.Row) -> About:
    tags = reader.all(
        f"SELECT name FROM {kind}_tags JOIN tags ON tags.id=tag_id WHERE {kind}_id=? ORDER BY folded", row["id"]
    )
    return About(
        attributes(row["custom_attributes"], types(reader, kind)),
        [tag["name"] for tag in tags],
        _notes(reader, row["id"]) if kind == "contact" else [],
    )


def _notes(reader: StateReader, contact_id: str) -> list[NoteView]:
    notes = reader.all(
        "SELECT notes.body, notes.created_at, admins.name FROM notes LEFT JOIN admins ON admins.id=notes.admin_id "
        "WHERE contact_id=? ORDER BY notes.id DESC LIMIT ?",
        *(contact_id, REMARKS),
    )
    return [NoteView(note["name"], note["created_at"], note["body"]) for note in notes]


def contacts(
    reader: StateReader, place: ListPlace | None, company_id: str | None = None, per_page: int = pagination.PER_PAGE
) -> ListPage:
    """Return a page of contacts, the newest first; those of one company if it is named."""
    where, values = ("1", [])
    if company_id is not None:
        where = "contacts.id IN (SELECT contact_id FROM contact_companies WHERE company_id=?)"
        values = [company_id]
    return _page(reader, _CONTACTS, (where, values), place, per_page)


def companies(reader: StateReader, place: ListPlace | None, per_page: int = pagination.PER_PAGE) -> ListPage:
    """Return a page of companies, the newest first."""
    return _page(reader, _COMPANIES, ("1", []), place, per_page)


def _page(
    reader: StateReader, select: str, condition: tuple[str, Sequence[Value]], place: ListPlace | None, per_page: int
) -> ListPage:
    where, values = condition
    further, key = pagination.beyond(KEY, place)
    fetched = reader.all(
        f"{select} WHERE {where} AND {further} ORDER BY {pagination.order(KEY, place)} LIMIT ?",
        *(*values, *key, per_page + 1),
    )
    return pagination.cut(fetched, KEY, place, per_page)
