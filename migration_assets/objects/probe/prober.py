"""What every step of a probe works with: the client, the ledger, the readings, and what was made so far."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from migration_assets.objects.contact.declaration import CONTACT as CONTACT_DECLARATION
from migration_assets.objects.conversation.routes.fields import ASSIGNEES
from migration_assets.objects.conversation.routes.state import settle_body
from migration_assets.objects.conversation.routes.ticket import TicketRoute
from migration_assets.objects.probe.canary_rows import NAME, address, contact_row, own_key
from migration_assets.objects.probe.ledger import ADDRESS, CONTACT, ProbeLedger
from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError
from resources.intercom.outcomes import CallOutcome
from schemas.intercom import Company, ConversationPart, Ticket, TicketState
from schemas.intercom import Contact as IntercomContact

NO_PERMISSION = (401, 402, 403)
LOOK_AGAIN = 0.5
"""Seconds between two looks for what takes time."""


class NotSeenError(Exception):
    """A reading would mean nothing: something before it did not come to be as it was asked."""


@dataclass
class Prober:
    """One probe of one workspace.

    Attributes:
        client: the session.
        ledger: where what is made is noted.
        token: tells its records from those of another probe.
        admin_id: who writes: the migration's own admin, or the token's.
        token_admin_id: whom the token speaks for.
        states: the workspace's ticket states.
        folder: where the file lies that a message carries.
        patience: seconds for which is looked again for what takes time.
        readings: what was read, by question.
        texts: the texts that were sent, by the id of their part.
    """

    client: Intercom
    ledger: ProbeLedger
    token: str
    admin_id: str
    token_admin_id: str
    states: list[TicketState]
    folder: Path
    patience: float = 15.0
    readings: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    asker: IntercomContact | None = None
    replier: IntercomContact | None = None
    company: Company | None = None
    route: TicketRoute | None = None
    ticket: Ticket | None = None
    made_at: float = 0.0
    found_first: bool = False
    note_id: str = ""

    def key(self, name: str) -> str:
        """Return the id of a record of this probe."""
        return own_key(self.token, name)

    async def contact(self, name: str, *, email: bool = True, shown_as: str = NAME) -> IntercomContact:
        """Make a contact as the load does."""
        key = self.key(name)
        row = contact_row(key, email=address(key) if email else None, name=shown_as)
        made: IntercomContact = await self.ledger.make(
            CONTACT, key, self.client.create_contact(CONTACT_DECLARATION.fields.body(row))
        )
        return made

    async def contact_or_refusal(self, kind: str, key: str, body: dict[str, Any]) -> IntercomContact | None:
        """Make a contact that Intercom may refuse; None where it does. It is found again as `kind` says."""
        made: IntercomContact | None = None

        async def make() -> None:
            nonlocal made
            made = await self.ledger.make(kind, key, self.client.create_contact(body))

        if await refused(make()):
            self.ledger.never_made(kind, key)
        return made

    async def addressed(self, name: str, **fields: str) -> IntercomContact | None:
        """Make a contact that is found by its e-mail alone, which Intercom may refuse."""
        email = address(self.key(name))
        return await self.contact_or_refusal(ADDRESS, email, {"email": email, "name": NAME, **fields})

    @property
    def there(self) -> Ticket:
        """The ticket.

        Raises:
            NotSeenError: it could not be made.
        """
        return needed(self.ticket)

    @property
    def ways(self) -> TicketRoute:
        """The load's own route of tickets.

        Raises:
            NotSeenError: there is no ticket type.
        """
        return needed(self.route)

    def state_of(self, category: str) -> str:
        """Return the id of a ticket state of a category."""
        found = (state.id for state in self.states if state.category == category and not state.archived)
        return needed(next(found, None))

    async def read(self) -> Ticket:
        """Read the ticket."""
        return await self.client.get_ticket(self.there.id)

    async def settle(self, *, is_open: bool, snoozed_until: int | None = None) -> Ticket:
        """Bring the ticket into a state by the call that the load makes for it, and return the answer."""
        state = {
            "ticket_state_id": self.state_of("submitted"),
            "open": is_open,
            "snoozed_until": snoozed_until,
        }
        return await self.client.update_ticket(self.there.id, settle_body(state, self.admin_id))

    async def closed(self) -> Ticket:
        """Close the ticket.

        Raises:
            NotSeenError: it stays open.
        """
        answer = await self.settle(is_open=False)
        require(answer.open is False)
        return answer

    async def append(self, row: dict[str, Any]) -> str:
        """Write a message as the load does, and return Intercom's id of it."""
        part_id = str((await self.ways.append({}, row, self.there.id)).intercom_id)
        self.texts[part_id] = row["body"]
        return part_id

    async def part(self, part_id: str) -> ConversationPart:
        """Read a message of the ticket."""
        return needed(next((part for part in (await self.read()).parts if part.id == part_id), None))

    async def until(self, found: Callable[[], Awaitable[bool]]) -> float | None:
        """Look again until something is found, and return after how many seconds; None where it takes too long."""
        began = time.monotonic()
        if await found():
            return 0.0
        while time.monotonic() - began < self.patience:
            await asyncio.sleep(LOOK_AGAIN)
            if await found():
                return round(time.monotonic() - began, 1)
        return None


def needed(value: Any) -> Any:  # noqa: ANN401 - anything that a step needs
    """Return what a step needs.

    Raises:
        NotSeenError: it is not there.
    """
    require(value is not None)
    return value


def require(holds: object) -> None:
    """Refuse to go on with a step whose readings would mean nothing.

    Raises:
        NotSeenError: it does not hold.
    """
    if not holds:
        raise NotSeenError


async def refused(call: Awaitable[Any]) -> bool:
    """Whether Intercom refuses a call for what it says, and not for want of a permission.

    Raises:
        IntercomError: it ended in another way.
    """
    try:
        await call
    except IntercomError as error:
        if error.outcome is not CallOutcome.REJECTED or error.status in NO_PERMISSION:
            raise
        return True
    return False


def assigned(admin_id: str | None) -> dict[str, str | None]:
    """Return an assignee as the load's code takes it."""
    return dict.fromkeys(ASSIGNEES) | {"admin_assignee_id": admin_id}
