"""The ticket route: a Customer ticket from the start. Every call of it can be told not to notify anybody."""

from typing import Any

from migration_assets.intercom.records import UnsendableError
from migration_assets.intercom.routes.protocol import (
    Row,
    Workspace,
    assignments,
    oldest_first,
    reply_body,
    ticket_attributes,
)
from migration_assets.intercom.ticket_type import TicketTypeInfo
from resources.intercom import endpoints
from resources.intercom.errors import IntercomError, Sent, error_for
from resources.intercom.outcomes import Classified, Outcome
from schemas.intercom import ConversationPart

SILENT = {"skip_notifications": True}


def create_body(row: Row, ticket_type: TicketTypeInfo) -> dict[str, Any]:
    """Return what `POST /tickets` is sent."""
    body: dict[str, Any] = {
        "ticket_type_id": ticket_type.id,
        "contacts": [{"id": row["contact_id"]}],
        "created_at": row["created_at"],
        "ticket_attributes": ticket_attributes(row, ticket_type),
        **SILENT,
    }
    if row["company_id"]:
        body["company_id"] = row["company_id"]
    assignment = {
        name: found
        for name, found in (
            ("admin_assignee_id", row["admin_id"]),
            ("team_assignee_id", row["team_intercom_id"]),
        )
        if found
    }
    if assignment:
        body["assignment"] = assignment
    return body


def update_bodies(row: Row, ticket_type: TicketTypeInfo, admin_id: str) -> list[dict[str, Any]]:
    """Return what `PUT /tickets/{id}` is sent to bring a ticket to the row: one body per assignee."""
    bodies: list[dict[str, Any]] = [
        {"assignee_id": assignee, "admin_id": int(admin_id), **SILENT} for assignee in assignments(row)
    ]
    bodies[0]["ticket_attributes"] = ticket_attributes(row, ticket_type)
    if row["company_id"]:
        bodies[0]["company_id"] = row["company_id"]
    return bodies


def settle_body(row: Row, workspace: Workspace) -> dict[str, Any]:
    """Return what `PUT /tickets/{id}` is sent to bring a ticket into its last state."""
    body: dict[str, Any] = {
        "ticket_state_id": workspace.state_id(row["ticket_state"]),
        "open": row["state"] != "closed",
        "admin_id": int(workspace.admin_id),
        **SILENT,
    }
    if row["state"] == "snoozed":
        body["snoozed_until"] = row["snoozed_until"]
    return body


def priority_ignored(answered: str) -> IntercomError:
    """Return the error for a priority that Intercom took and left as it was, as every version but Preview does."""
    said = f"Intercom left its own priority at {answered!r}: the Preview version that can change it did not answer."
    return error_for(Classified(Outcome.REJECTED, "priority_ignored", said), 200, Sent(endpoints.UPDATE_CONVERSATION))


class TicketRoute:
    """Writes conversations as tickets."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.client = workspace.client
        self._no_priority: str | None = None

    async def create(self, row: Row) -> str:
        """Create the ticket; its id is the conversation's."""
        return (await self.client.create_ticket(create_body(row, self.workspace.ticket_type))).id

    async def append(self, row: Row, part: Row, conversation_id: str) -> str:  # noqa: ARG002 - the protocol's
        """Add a part with its files, silently.

        Raises:
            UnsendableError: a contact's part has files, which a ticket does not take; the plan gives it none.
        """
        if part["files"] and part["author_kind"] == "contact":
            raise UnsendableError("A contact's reply to a ticket cannot carry files.")
        async with self.workspace.files.of(part) as files:
            return (await self.client.reply_ticket(conversation_id, {**reply_body(part), **SILENT}, files)).id

    async def update(self, row: Row, conversation_id: str) -> None:
        """Set attributes, company and assignment."""
        for body in update_bodies(row, self.workspace.ticket_type, self.workspace.admin_id):
            await self.client.update_ticket(conversation_id, body)

    async def tag(self, tag_id: str, conversation_id: str) -> None:
        """Put a tag on the ticket."""
        await self.client.tag_ticket(conversation_id, tag_id, self.workspace.admin_id)

    async def priority(self, row: Row, conversation_id: str) -> None:
        """Set Intercom's own priority, which only the Preview version can write.

        Raises:
            UnsendableError: Intercom has said before that this token or workspace may not; it is not asked each time.
        """
        if self._no_priority is not None:
            raise UnsendableError(f"Intercom refused its own priority for another conversation ({self._no_priority}).")
        body = {"priority": row["priority"], "admin_id": self.workspace.admin_id}
        try:
            answer = await self.client.update_conversation(conversation_id, body, preview=True)
        except IntercomError as error:
            if error.status == 403 or error.code == "intercom_version_invalid":
                self._no_priority = error.code
            raise
        if answer.priority not in (None, row["priority"]):
            raise priority_ignored(answer.priority)

    async def settle(self, row: Row, conversation_id: str) -> None:
        """Set state, ticket state and snoozing."""
        await self.client.update_ticket(conversation_id, settle_body(row, self.workspace))

    async def find(self, row: Row) -> list[str]:
        """Find tickets by the ITCO id that is stamped on them."""
        field = f"ticket_attribute.{self.workspace.ticket_type.itco_id}"
        query = {"field": field, "operator": "=", "value": row["source_key"]}
        found = [ticket.id async for page in self.client.search_tickets(query) for ticket in page]
        return oldest_first(found)

    async def parts(self, row: Row, conversation_id: str) -> list[ConversationPart]:  # noqa: ARG002
        """Read the ticket's parts."""
        return (await self.client.get_ticket(conversation_id)).parts
