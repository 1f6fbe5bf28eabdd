"""What tickets, and the conversations that they are, show of touches (touches.py)."""

from typing import Any

from migration_assets.objects.conversation.declaration import CHANGE_TICKET, PRIORITY, is_blanked
from migration_assets.objects.conversation.routes.fields import FIELDS, shown_ticket
from migration_assets.objects.conversation.tickets import DAY, in_time
from migration_assets.objects.conversation.touches import (
    OPENING_BLANKED,
    SeenThread,
    own_title,
    tag_touches,
    title_touches,
    touches_of,
)
from migration_assets.objects.ticket_type.ticket_types import TicketTypeInfo, describe
from migration_assets.objects.touches import Touch, TouchContext, TouchReading, field_touches
from migration_assets.objects.undoer import found
from migration_assets.writing.environment import Environment
from migration_assets.writing.touch_rules import EditRules, Left
from resources.intercom.paging import LARGEST_PAGE
from schemas.intercom import Conversation, ConversationPart, Ticket

TIMES = "SELECT min(created_at), max(created_at) FROM target.conversations"
OURS = """
SELECT intercom_id FROM plan.journal
WHERE object = 'conversation' AND operation = 'create' AND intercom_id IS NOT NULL
"""


def ticket_fields(ticket: Ticket) -> dict[str, Any]:
    """Return what a ticket shows of the fields, flat."""
    ticket_type = describe(ticket.ticket_type) if ticket.ticket_type is not None else TicketTypeInfo("", {})
    return shown_ticket(ticket, ticket_type)


def inbox_fields(conversation: Conversation) -> dict[str, Any]:
    """Return what only a ticket's conversation shows of the fields: company and priority, "none" being none."""
    shown = FIELDS.shown(conversation, CHANGE_TICKET) | FIELDS.shown(conversation, PRIORITY)
    return {name: None if value == "none" else value for name, value in shown.items()}


def not_blanked_by_us(there: Ticket | Conversation, context: TouchContext) -> list[ConversationPart]:
    """Return the parts but for those that stood there twice, and that we have blanked ourselves."""
    return [part for part in there.parts if not (part.redacted and context.took_back(f"{there.id}|{part.id}"))]


def thread_of(ticket: Ticket | None, conversation: Conversation | None, context: TouchContext) -> SeenThread:
    """Return what is judged of a ticket and its conversation, or of a conversation that is no ticket yet.

    Of the latter no field is judged: it has none of a ticket's.
    """
    there = ticket or conversation
    if there is None:
        return SeenThread({})
    shown = {**ticket_fields(ticket), **(inbox_fields(conversation) if conversation else {})} if ticket else {}
    return SeenThread(
        shown,
        not_blanked_by_us(there, context),
        tags=[tag.id for tag in conversation.tags] if conversation else None,
        contacts=[contact.id for contact in there.contacts],
        known=context.known,
        whole=(there.parts_total or 0) <= len(there.parts),
        inbox_title=own_title(conversation.title, context.answers) if ticket and conversation else None,
        opening_blanked=conversation is not None and is_blanked(conversation),
    )


def judge_ticket(ticket: Ticket, left: Left, context: TouchContext) -> list[Touch]:
    """Return what a ticket shows of touches."""
    return touches_of(thread_of(ticket, None, context), left, context.own_admins)


def judge_conversation(conversation: Conversation, left: Left, context: TouchContext) -> list[Touch]:
    """Return what only the conversation that a ticket is shows of touches: company, priority, title and tags."""
    # What it does not show at all is the ticket's.
    found = field_touches(inbox_fields(conversation), left, EditRules(not_shown=frozenset(left.marks)))
    tags = tag_touches([tag.id for tag in conversation.tags], left)
    opening = [OPENING_BLANKED] if is_blanked(conversation) else []
    return [*found, *title_touches(own_title(conversation.title, context.answers), left), *tags, *opening]


async def read_conversations(env: Environment) -> None:
    """Read the conversations that our tickets are: page by page if most of their time are ours, else one by one."""
    with env.warehouse.connect() as connection:
        ((first, last),) = connection.execute(TIMES).fetchall()
        ids = [key for (key,) in connection.execute(OURS).fetchall()]
    if first is None or not ids:
        return
    async for page in env.client.search_conversations(in_time(first, last, DAY)):
        if page.total is not None and page.total / LARGEST_PAGE > len(ids):
            break
        await env.seen(page.items)
    else:
        return
    there = await env.each(ids, lambda one: found(env.client.get_conversation(one)))
    await env.seen([one for one in there if one is not None])


CONVERSATION_TOUCHES = TouchReading(
    {Ticket: judge_ticket, Conversation: judge_conversation},
    refers=("contact", lambda answer: [contact.id for contact in answer.contacts]),
    further=read_conversations,
)
