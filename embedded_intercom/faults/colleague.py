"""A colleague who works in the workspace meanwhile: changes or deletes records that were written earlier.

The colleague uses the workspace's own endpoints, so that a change leaves the parts and stamps that it would leave in
Intercom. Nobody is notified of it: notifications that a client causes are counted, not a colleague's.
"""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from embedded_intercom.api.pipeline import Onward
from embedded_intercom.api.routing import ApiAnswer, Call
from embedded_intercom.faults.chance import Chance, Identities
from embedded_intercom.faults.plan import RECORDS, FaultRule
from embedded_intercom.protocol.errors import ApiError

KEPT = 1000
"""How many edits are remembered for the report."""

_MADE_IN = {
    ("POST", "contacts"): "id",
    ("POST", "companies"): "id",
    ("POST", "tickets"): "id",
    ("POST", "conversations"): "conversation_id",
}


class Colleague:
    """Knows which records were written, and changes or deletes one of them when asked."""

    def __init__(self, identities: Identities) -> None:
        self._identities = identities
        self._written: dict[tuple[str, str], None] = {}
        self.done: list[dict[str, str]] = []
        """What was done, oldest first: kind of fault, path of the record, field; no content."""

    def notice(self, call: Call, answer: ApiAnswer) -> None:
        """Keep which record a write was about."""
        first, *rest = call.path.strip("/").split("/")
        if call.method == "GET" or answer.status != 200 or first not in RECORDS:
            return
        made = _MADE_IN.get((call.method, first)) if not rest else None
        if made is not None:
            document = json.loads(answer.body) if isinstance(answer.body, str) else answer.body
            self._written[_kept_as(first), str(document[made])] = None
        elif rest:
            self._written[_kept_as(first), rest[0]] = None

    async def act(self, call: Call, onward: Onward, rule: FaultRule, chance: Chance) -> bool:
        """Change or delete one record; False when there is none that it could be done to.

        Args:
            call: the call in whose course it happens.
            onward: the rest of the pipeline.
            rule: the rule that struck: whether to change or to delete, and which kinds of records.
            chance: picks the record among those written so far, and the field.
        """
        flag = chance.throw("field") < 0.5
        for kind, key in sorted(self._written, key=lambda found: chance.throw(self._identities.creator(found[1]))):
            shown = _shown_as(call, kind, key)
            if shown is None or (rule.records is not None and shown not in rule.records):
                continue
            wanted = _deletion(shown, key) if rule.kind == "deleted" else _change(call, shown, key, about_title=flag)
            try:
                await onward(_made_by_colleague(call, wanted))
            except ApiError:
                continue  # gone, merged or archived meanwhile
            if rule.kind == "deleted":
                del self._written[kind, key]
            done = {"kind": rule.kind, "record": f"/{shown}/{key}", "field": wanted.field}
            self.done = [*self.done[1 - KEPT :], done]
            return True
        return False


def _kept_as(kind: str) -> str:
    # A conversation may become a ticket.
    return "threads" if kind in ("tickets", "conversations") else kind


def _shown_as(call: Call, kind: str, key: str) -> str | None:
    """Return the kind that the record is now; None when it is gone."""
    row = call.store.one(f"SELECT * FROM {kind} WHERE id=?", key)
    if row is None:
        return None
    if kind == "threads":
        return "tickets" if row["category"] else "conversations"
    return kind


@dataclass(frozen=True)
class _Wanted:
    """The colleague's call; `field` is what it changes."""

    method: str
    path: str
    body: dict[str, Any]
    field: str = ""


def _deletion(kind: str, key: str) -> _Wanted:
    return _Wanted("DELETE", f"/{kind}/{key}", {})


def _change(call: Call, kind: str, key: str, *, about_title: bool) -> _Wanted:
    if kind in ("contacts", "companies"):
        name = call.store.scalar(f"SELECT name FROM {kind} WHERE id=?", [key]) or "Nameless"
        return _Wanted("PUT", f"/{kind}/{key}", {"name": f"{name} (changed)"}, "name")
    row = call.store.all("SELECT title, state FROM threads WHERE id=?", [key])[0]
    title, opens = f"{row['title'] or 'Untitled'} (changed)", row["state"] == "closed"
    admin = call.store.scalar("SELECT max(id) FROM admins")
    field = "title" if about_title else "state"
    if kind == "tickets":
        change = {"ticket_attributes": {"_default_title_": title}} if about_title else _other_state(call, opens=opens)
        return _Wanted("PUT", f"/tickets/{key}", {"admin_id": admin, **change}, field)
    if about_title:
        return _Wanted("PUT", f"/conversations/{key}", {"title": title}, field)
    body = {"message_type": "open" if opens else "close", "type": "admin", "admin_id": str(admin)}
    return _Wanted("POST", f"/conversations/{key}/parts", body, field)


def _other_state(call: Call, *, opens: bool) -> dict[str, Any]:
    category = "in_progress" if opens else "resolved"
    state = call.store.scalar("SELECT min(id) FROM ticket_states WHERE category=?", [category])
    return {"open": opens, **({"ticket_state_id": str(state)} if state else {})}


def _made_by_colleague(call: Call, wanted: _Wanted) -> Call:
    content = json.dumps(wanted.body).encode() if wanted.body else b""
    headers = {"intercom-version": "2.16"}
    return Call(wanted.method, wanted.path, {}, headers, content, str(uuid.uuid4()), call.workspace, quiet=True)
