"""What both routes do, and what they share: the workspace's ticket type, states and the migration's admin."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from migration_assets.objects.conversation.routes.files import Files
from migration_assets.objects.ticket_type.ticket_types import DESCRIPTION, TITLE, TicketTypeInfo
from migration_assets.writing.conflicts import FieldDecisions, Policy, Values, decide, field_hash
from migration_assets.writing.records import Sent, UnsendableError
from migration_assets.writing.resolve import FoundWrite
from migration_assets.writing.text import plain, with_author
from resources.intercom.client import Intercom
from schemas.intercom import ConversationPart
from schemas.mapping import fold

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

    def state_id(self, label: str) -> str:
        """Return the id of a ticket state.

        Raises:
            UnsendableError: the workspace has no such state.
        """
        found = self.states.get(fold(label))
        if found is None:
            raise UnsendableError(f"Intercom has no ticket state {label!r}.")
        return found


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


class Route(Protocol):
    """One way of writing a conversation. `conversation_id` is Intercom's.

    `standing` is how the ticket stood before this run; None where this run makes it, so that there is nothing of
    anybody's to be overwritten.
    """

    workspace: RouteWorkspace

    async def create(self, row: Row) -> Sent:
        """Create the conversation; the answer's id is its id."""

    async def append(self, row: Row, part: Row, conversation_id: str) -> str:
        """Add a part and return its id."""

    async def read(self, conversation_id: str) -> Read:
        """Return what the ticket shows."""

    async def update(self, row: Row, conversation_id: str, standing: TicketBefore | None) -> Sent:
        """Bring title, attributes, company and assignment to the row; does no harm when repeated."""

    async def tag(self, tag_id: str, conversation_id: str) -> None:
        """Put a tag on it."""

    async def untag(self, tag_id: str, conversation_id: str) -> None:
        """Take a tag off it; does no harm when repeated."""

    async def priority(self, row: Row, conversation_id: str, standing: TicketBefore | None) -> Sent:
        """Set Intercom's own priority."""

    async def settle(self, row: Row, conversation_id: str, standing: TicketBefore | None) -> Sent:
        """Set state, ticket state and snoozing: last, because parts wake a conversation."""

    async def find(self, row: Row) -> list[FoundWrite]:
        """Return the conversations that `create` may have made for the row, the oldest first."""

    async def parts(self, row: Row, conversation_id: str) -> list[ConversationPart]:
        """Return the parts that Intercom has, the newest 500 at most."""


def ticket_attributes(row: Row, ticket_type: TicketTypeInfo) -> dict[str, Any]:
    """Return the ticket attributes of a conversation, title and description included."""
    values = ticket_type.values(row["attributes"])
    values[TITLE] = row["title"]
    if row["description"] is not None:
        values[DESCRIPTION] = row["description"]
    return values


def part_body(part: Row) -> str:
    """Return the text of a part as it is sent, with its author in front when somebody stands in for them."""
    if part["via"] == "fallback":
        return with_author(part["body"], part["agent_name"], part["agent_email"])
    return str(part["body"])


def reply_body(part: Row) -> dict[str, Any]:
    """Return what a reply is sent as; only the ticket route can silence a contact's."""
    body = {"body": part_body(part), "created_at": part["created_at"]}
    if part["author_kind"] == "contact":
        return {"message_type": "comment", "type": "user", "intercom_user_id": part["author_id"], **body}
    return {"message_type": part["kind"], "type": "admin", "admin_id": part["author_id"], **body}


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
