"""Whether a conversation that looks like one of ours is nothing but its copy: decisions over what Intercom shows.

Only a copy that is equal and that nobody has touched may be deleted. Wherever Intercom's answers leave a doubt, the
copy is left for a person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from migration_assets.objects.conversation.tickets import likeness, said_something
from migration_assets.writing.text import plain
from schemas.intercom import Conversation, ConversationPart, Ticket

BY_BOT = ("ticket_state_updated_by_admin",)
"""Events that Intercom itself puts into a ticket when it is created by the API."""
BY_US = (
    *("ticket_state_updated_by_admin", "ticket_attribute_updated_by_admin", "assignment"),
    *("open", "close", "snoozed"),
)
"""Events that the migration's own calls leave, in the name of its admin."""
NO_PRIORITY = (None, "none", "not_priority")


@dataclass(frozen=True)
class SeenConversation:
    """A conversation as Intercom shows it now, and the ticket that it is; None if it is none."""

    conversation: Conversation
    ticket: Ticket | None = None

    @property
    def parts(self) -> list[ConversationPart]:
        """Its parts, the newest 500 at most."""
        return (self.ticket or self.conversation).parts

    @property
    def is_whole(self) -> bool:
        """Whether all of its parts are given."""
        return ((self.ticket or self.conversation).parts_total or 0) <= len(self.parts)

    @property
    def assignees(self) -> tuple[str | None, str | None]:
        """Admin and team."""
        holder = self.ticket or self.conversation
        return holder.admin_assignee_id, holder.team_assignee_id


def why_left(copy: SeenConversation, ours: SeenConversation, own_admin: str) -> str | None:
    """Say why `copy` must not be deleted, in words without any customer's; None if it is our untouched copy.

    Args:
        copy: a conversation that no write of the journal knows.
        ours: the one that the journal knows.
        own_admin: the id of the migration's admin.
    """
    return next(_differences(copy, ours), None) or next(_touches(copy, ours, own_admin), None)


def _differences(copy: SeenConversation, ours: SeenConversation) -> Iterator[str]:
    """What makes it another conversation than ours."""
    if _contacts(copy) != _contacts(ours):
        yield "its contacts differ"
    if copy.conversation.created_at != ours.conversation.created_at:
        yield "its time differs"
    if copy.ticket is None:
        if _opening(copy) != _opening(ours):
            yield "its first message differs"
    elif ours.ticket is None or _type(copy.ticket) != _type(ours.ticket):
        yield "its ticket type differs"
    elif _filled(copy.ticket.ticket_attributes) != _filled(ours.ticket.ticket_attributes):
        yield "its attributes differ"
    elif copy.ticket.created_at != ours.ticket.created_at:
        yield "its time differs"


def _touches(copy: SeenConversation, ours: SeenConversation, own_admin: str) -> Iterator[str]:
    """What is in it, or was done to it, beyond what the migration did."""
    if not copy.is_whole or not ours.is_whole:
        yield "it is too long for Intercom to show all of it"
    there = {likeness(part) for part in ours.parts}
    for part in copy.parts:
        if part.redacted or (said_something(part) and likeness(part) not in there):
            yield "it holds messages that ours does not"
        elif not said_something(part) and not _is_own_event(part, own_admin):
            yield "it was worked on"
    if _state_changed(copy, ours):
        yield "its state was changed"
    pairs = zip(copy.assignees, ours.assignees, strict=True)
    if any(one is not None and one != other for one, other in pairs):
        yield "it is assigned to somebody else"
    yield from _marks(copy.conversation, ours.conversation)


def _marks(copy: Conversation, ours: Conversation) -> Iterator[str]:
    """What people put on a conversation, other than parts."""
    if not {tag.id for tag in copy.tags} <= {tag.id for tag in ours.tags}:
        yield "it has other tags"
    if copy.priority not in (*NO_PRIORITY, ours.priority):
        yield "it has another priority"
    if copy.title not in (None, "", ours.title):
        yield "it has another title"
    if copy.company is not None and copy.company.get("id") != (ours.company or {}).get("id"):
        yield "it has another company"
    more = copy.model_extra or {}
    if more.get("conversation_rating") is not None:
        yield "it was rated"
    if (more.get("linked_objects") or {}).get("data"):
        yield "it is linked to something else"
    other = [name for name, value in copy.custom_attributes.items() if ours.custom_attributes.get(name) != value]
    if any(copy.custom_attributes[name] is not None for name in other):
        yield "it has other attributes"


def _contacts(seen: SeenConversation) -> list[str]:
    return sorted(contact.id for contact in (seen.ticket or seen.conversation).contacts)


def _type(ticket: Ticket) -> str | None:
    return ticket.ticket_type.id if ticket.ticket_type else None


def _filled(attributes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value is not None}


def _opening(seen: SeenConversation) -> str:
    return plain((seen.conversation.source or {}).get("body"))


def _is_own_event(part: ConversationPart, own_admin: str) -> bool:
    if part.author is None:
        return False
    if part.author.type == "bot":
        return part.part_type in BY_BOT
    return part.author.type == "admin" and part.author.id == own_admin and part.part_type in BY_US


def _state_changed(copy: SeenConversation, ours: SeenConversation) -> bool:
    """Whether it stands neither as it was created nor as ours does."""
    one, other = ((seen.conversation.state, seen.conversation.snoozed_until) for seen in (copy, ours))
    if copy.ticket is None:
        return one not in (("open", None), other)
    state, theirs = (seen.ticket.ticket_state if seen.ticket else None for seen in (copy, ours))
    as_created = state is not None and state.category == "submitted" and one == ("open", None)
    return not as_created and (state is None or theirs is None or (*one, state.id) != (*other, theirs.id))


def why_part_left(part_id: str, ours_id: str, parts: list[ConversationPart]) -> str | None:
    """Say why a part must not be redacted; None if it still is what our part of the same conversation is.

    Args:
        part_id: the part that no write of the journal knows.
        ours_id: the one that the journal knows.
        parts: the conversation's parts as Intercom shows them now.
    """
    found = {part.id: part for part in parts}
    part, ours = found.get(part_id), found.get(ours_id)
    if part is None or ours is None:
        return "one of the two is not shown any more"
    if part.redacted or ours.redacted:
        return "one of the two was redacted"
    return None if likeness(part) == likeness(ours) else "the two differ"
