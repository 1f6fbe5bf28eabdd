"""Emptying a workspace by one command, whether or not a server runs for its state folder."""

import json
from pathlib import Path
from typing import Any

import httpx
from filelock import FileLock, Timeout

from embedded_intercom.asking import ask
from embedded_intercom.inbox.wording import counted
from embedded_intercom.state.folder import DATABASE, ENDPOINT, LOCK, StateInUse
from embedded_intercom.state.store import Store

WORDS = (
    ("contacts", "contact", "contacts"),
    ("companies", "company", "companies"),
    ("conversations", "conversation", "conversations"),
    ("tickets", "ticket", "tickets"),
    ("parts", "message or event", "messages and events"),
    ("attachments", "file", "files"),
    ("notes", "note", "notes"),
    ("tags", "tag", "tags"),
    ("ticket_types", "ticket type", "ticket types"),
    ("data_attributes", "attribute", "attributes"),
    ("articles", "article", "articles"),
    ("collections", "collection", "collections"),
    ("notifications", "counted notification", "counted notifications"),
)
"""What the sentence names, by the names that `/__embedded/state` counts under."""


def wipe(state: Path) -> str:
    """Empty the workspace of a state folder and return a sentence that says what was in it.

    Raises:
        StateInUse: a server holds the folder and does not answer.
    """
    if not (state / DATABASE).exists():
        return f"Nothing to wipe: {state} holds no embedded workspace."
    lock = FileLock(str(state / LOCK))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return sentence(state, _through_server(state))
    try:
        return sentence(state, _in_file(state / DATABASE))
    finally:
        lock.release()


def _in_file(database: Path) -> dict[str, int]:
    store = Store(database)
    try:
        counts = store.counts()
        with store.transaction():
            store.wipe()
        return counts
    finally:
        store.close()


def _through_server(state: Path) -> dict[str, int]:
    try:
        found: dict[str, Any] = json.loads((state / ENDPOINT).read_text())
        state_of_it = ask(found["url"], found["token"], "GET", "/__embedded/state", timeout=60)
        counts: dict[str, int] = json.loads(state_of_it)["counts"]
        ask(found["url"], found["token"], "POST", "/__embedded/wipe", timeout=60)
        return counts
    except (OSError, ValueError, KeyError, httpx.HTTPError) as error:
        reason = type(error).__name__
        raise StateInUse(f"a server has {state} and does not answer ({reason}); nothing was wiped") from None


def sentence(state: Path, counts: dict[str, int]) -> str:
    """Return what was wiped, in words."""
    named = [counted(counts[name], one, many) for name, one, many in WORDS if counts.get(name)]
    gone = " and ".join(filter(None, (", ".join(named[:-1]), *named[-1:]))) or "nothing, for it was empty"
    return f"Wiped {state}: {gone}. Its admins, teams, ticket states and help centers stay, and no id is used again."
