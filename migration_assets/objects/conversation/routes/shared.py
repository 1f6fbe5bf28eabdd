"""What both routes share: replies, how a ticket stood, the workspace's ticket type, states and own admin."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from migration_assets.objects.answered import answered
from migration_assets.objects.conversation.part import PART
from migration_assets.objects.conversation.routes.files import Files
from migration_assets.objects.ticket_type.ticket_types import TicketTypeInfo
from migration_assets.writing.answers import AnsweredFields
from migration_assets.writing.conflicts import FieldDecisions, Policy, Values, decide, field_hash
from migration_assets.writing.records import UnsendableError
from migration_assets.writing.resolve import FoundWrite
from migration_assets.writing.text import plain, with_author
from resources.intercom.client import Intercom
from schemas.intercom import ConversationPart
from schemas.mapping_parts import fold

SILENT = {"skip_notifications": True}

Row = Mapping[str, Any]
"""A conversation or part as the page queries give it, with Intercom's ids joined on."""


@dataclass(frozen=True)
class RouteWorkspace:
    """What a route has to know of the workspace."""

    client: Intercom
    ticket_type: TicketTypeInfo
    states: Mapping[str, str]
    """Ticket state ids by folded internal label."""
    admin_id: str
    """The migration's own admin."""
    files: Files
    """Where the files that parts carry are."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """What a probe has seen this workspace do, by question; empty where none has."""

    def state_id(self, label: str) -> str:
        """Return the id of a ticket state.

        Raises:
            UnsendableError: the workspace has no such state.
        """
        found = self.states.get(fold(label))
        if found is None:
            raise UnsendableError(f"Intercom has no ticket state {label!r}.")
        return found

    def with_ids(self, row: Row) -> Row:
        """Return a conversation whose options are named by their ids, as the ticket type takes them."""
        return {**row, "attributes": self.ticket_type.values(json.loads(row["attributes"] or "{}"))}


@dataclass(frozen=True)
class TicketBefore:
    """How a ticket stood in Intercom before this run sent anything to it, and how the journal says we left it."""

    shown: Values
    left: Mapping[str, str]
    policy: Policy
    untouched: bool = False
    """Whether nobody but us has written in it or changed anything."""
    is_ticket: bool = True
    """Whether it was one already; a conversation has no fields that could be edited, but may have been written in."""

    def decide(self, wanted: Values, shown: Values | None = None) -> FieldDecisions:
        """Decide on the wanted fields; those that a ticket does not show are in `shown`."""
        return decide({**self.shown, **(shown or {})}, wanted, self.left, self.policy, untouched=self.untouched)

    def would_change(self, name: str, value: Any) -> bool:  # noqa: ANN401 - any value of a field
        """Whether the target wants a field to be other than it was left, or than it was found to be."""
        return self.policy.resync or field_hash(name, value) not in self.left.get(name, "").split()


@dataclass(frozen=True)
class Read:
    """What a ticket shows: its fields, and its newest parts, 500 at most; of a conversation only the parts."""

    fields: Values
    parts: list[ConversationPart]
    is_ticket: bool = True


def part_body(part: Row) -> str:
    """Return the text of a part as it is sent, with its author in front when somebody stands in for them."""
    if part["via"] == "fallback":
        return with_author(part["body"], part["agent_name"], part["agent_email"])
    return str(part["body"])


def reply_body(part: Row) -> dict[str, Any]:
    """Return what a reply is sent as; only the ticket route can silence a contact's."""
    return PART.fields.body({**part, "body": part_body(part)}, part["author_kind"])


def answered_part(part: Row, made: ConversationPart) -> AnsweredFields:
    """Return what was sent of a part and what the answer shows, also the number of its files."""
    row = {**part, "body": part_body(part), "author_id": f"{part['author_kind']} {part['author_id']}"}
    fields = answered(PART.fields, row, made, part["author_kind"])
    files = part["files"] or ()
    if files and "attachments" in made.model_fields_set:
        fields = {**fields, "files": (str(len(files)), str(len(made.attachments)))}
    return fields


def same_part(part: Row, found: ConversationPart) -> bool:
    """Whether `found` is what sending `part` would have made."""
    author = found.author.id if found.author else None
    return (
        author == part["author_id"]
        and found.created_at == part["created_at"]
        and plain(found.body) == plain(part_body(part))
    )


def oldest_first(found: list[FoundWrite]) -> list[FoundWrite]:
    """Return what was found in the order in which Intercom gave its decimal ids."""
    return sorted(found, key=lambda one: (len(one.id), one.id))
