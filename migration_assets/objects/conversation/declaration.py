"""A conversation with its ticket, and its tags: where each field stands in the requests, and which answer shows it."""

from functools import partial
from typing import Any

from migration_assets.objects.conversation import normalisations as ways
from migration_assets.objects.conversation.refusals import PRIORITY_REFUSED
from migration_assets.objects.declaration import Declaration, Requirement
from migration_assets.objects.fields import (
    ATTRIBUTES,
    MOMENT,
    NUMBER,
    TEXTS,
    FieldList,
    ObjectField,
    only_compared,
    only_here,
    only_sent,
)
from migration_assets.objects.normalisations import BLANK_SPACE, LETTER_CASE
from migration_assets.objects.ticket_type.ticket_types import DESCRIPTION, TITLE
from schemas.intercom import Conversation, Ticket
from schemas.source import SOURCE_ID

CREATE_TICKET, CHANGE_TICKET, SETTLE = "POST /tickets", "PUT /tickets/{id}", "PUT /tickets/{id}, at last"
OPEN, CONVERT = "POST /conversations", "POST /conversations/{id}/convert"
CHANGE_CONVERSATION, PRIORITY = "PUT /conversations/{id}", "PUT /conversations/{id}, Preview"
"""The requests that the fields stand in.

The routes send what is in `assignee` and `state` in their own steps: their parts only make sense together.
"""

ticket_field = partial(ObjectField, shown_by=Ticket)
inbox_field = partial(ObjectField, shown_by=Conversation)
"""What only the ticket shows, and what only the conversation that it is."""


def attribute(name: str) -> dict[str, str]:
    """Return the places of what is an attribute of a ticket."""
    attributes = f"ticket_attributes.{name}"
    return {CREATE_TICKET: attributes, CHANGE_TICKET: attributes, CONVERT: f"attributes.{name}"}


def other_attributes(ticket: Ticket) -> dict[str, Any]:
    """Return a ticket's attributes but title and description, which are fields of their own."""
    return {name: value for name, value in ticket.ticket_attributes.items() if name not in (TITLE, DESCRIPTION)}


BLANKED = "(blanked)"
"""What stands for an opening message that somebody has blanked: Intercom may show a sentence of its own, or nothing."""


def is_blanked(conversation: Conversation) -> bool:
    """Whether somebody has blanked the opening message."""
    return bool((conversation.source or {}).get("redacted"))


def opening_shown(conversation: Conversation) -> str | None:
    """Return the opening message as the Inbox shows it."""
    return BLANKED if is_blanked(conversation) else (conversation.source or {}).get("body")


CONVERSATION = Declaration(
    name="conversation",
    plural="conversations",
    meaning="One row per ticket, with its description, state, assignees, tags and attributes; a long thread has "
    "several.",
    sources=("tickets", "messages", "attachments"),
    keyed_by="tickets",
    drawn=True,
    limited_by="created_at",
    extras={"priority": PRIORITY_REFUSED},
    settled_by="settle",
    changeable=True,
    immutable="the contact or the beginning was changed after it was sent",
    references=(
        Requirement("contact", "contact_key"),
        Requirement("company", "company_key", "t.company_key IS NOT NULL"),
    ),
    fields=FieldList(
        (
            only_here("ticket_id", "The source's id of the ticket."),
            only_here("part_of", "Which piece of the ticket this is, from 1.", NUMBER, rules={"ge": 1}),
            ticket_field(
                "title",
                "The subject line.",
                body={**attribute(TITLE), CHANGE_CONVERSATION: "title"},
                expected="nullif(t.title, '')",
                shown=lambda ticket: ticket.ticket_attributes.get(TITLE),
            ),
            ticket_field(
                "description",
                "The opening message as plain text, or how the ticket came about.",
                body=attribute(DESCRIPTION),
                expected="nullif(t.description, '')",
                shown=lambda ticket: ticket.ticket_attributes.get(DESCRIPTION),
                normalisations=(ways.TEXT_SHOWN_AS_HTML, BLANK_SPACE),
            ),
            only_here("said", "The same without what it says about files, where it does.", nullable=True),
            ticket_field(
                "contact_key",
                "The key of the contact who asked.",
                payload="contact",
                body={
                    CREATE_TICKET: ("contacts", lambda contact_id: [{"id": contact_id}]),
                    OPEN: ("from", lambda contact_id: {"type": "contact", "id": contact_id}),
                },
                sent="contact_id",
                compared="contact",
                shown=lambda ticket: ", ".join(contact.id for contact in ticket.contacts) or None,
                normalisations=(ways.REPLIER_TAKES_PART,),
            ),
            inbox_field(
                "company_key",
                "The key of the company.",
                nullable=True,
                payload="company",
                body=dict.fromkeys((CREATE_TICKET, CHANGE_TICKET, CHANGE_CONVERSATION), "company_id"),
                sent="company_id",
                compared="company",
                shown=lambda conversation: (conversation.company or {}).get("id"),
            ),
            ticket_field(
                "created_at",
                "When it was opened, in unix seconds.",
                MOMENT,
                body=dict.fromkeys((CREATE_TICKET, OPEN), "created_at"),
                editable=False,
            ),
            only_here("closed_at", "When it was closed, in unix seconds.", MOMENT, nullable=True),
            inbox_field(
                "state",
                "Intercom's conversation state.",
                rules={"isin": ["open", "snoozed", "closed"]},
                body=None,
            ),
            only_sent("open", "Whether it is not closed.", body={SETTLE: "state.open"}, shown_by=Ticket),
            ticket_field(
                "ticket_state",
                "The internal label of the ticket state.",
                body=None,
                shown=lambda ticket: ticket.ticket_state and ticket.ticket_state.internal_label,
                normalisations=(LETTER_CASE, BLANK_SPACE),
            ),
            only_sent(
                "ticket_state_id",
                "Intercom's id of the ticket state.",
                body={SETTLE: "state.ticket_state_id", CONVERT: "ticket_state_id"},
                shown=lambda ticket: ticket.ticket_state and ticket.ticket_state.id,
                shown_by=Ticket,
            ),
            ticket_field(
                "snoozed_until",
                "When a snoozed one wakes up, in unix seconds.",
                MOMENT,
                nullable=True,
                body={SETTLE: "state.snoozed_until"},
            ),
            inbox_field(
                "priority",
                "Its priority.",
                nullable=True,
                rules={"isin": ["urgent", "high", "medium", "low"]},
                body={PRIORITY: "priority"},
                expected="CASE WHEN t.native_priority THEN coalesce(t.priority, 'none') END",
                normalisations=(BLANK_SPACE, ways.PRIORITY_REFUSED),
            ),
            ticket_field(
                "agent_id",
                "The key of the admin it is assigned to.",
                nullable=True,
                payload="admin",
                body={CREATE_TICKET: "assignment.admin_assignee_id", CHANGE_TICKET: "assignee.admin_assignee_id"},
                sent="admin_id",
                compared="assignee_admin",
                shown=lambda ticket: ticket.admin_assignee_id,
            ),
            ticket_field(
                "team_id",
                "The key of the team it is assigned to.",
                nullable=True,
                payload="team",
                body={CREATE_TICKET: "assignment.team_assignee_id", CHANGE_TICKET: "assignee.team_assignee_id"},
                sent="intercom_team_id",
                compared="assignee_team",
                shown=lambda ticket: ticket.team_assignee_id,
            ),
            inbox_field(
                "tags",
                "The names of its tags.",
                TEXTS,
                payload_value="CASE WHEN len(tags) > 0 THEN tags END",
                body=None,
                shown=lambda conversation: [tag.name for tag in conversation.tags],
                normalisations=(LETTER_CASE, BLANK_SPACE, ways.TAG_PUT_ON_SINCE),
            ),
            ticket_field(
                "attributes",
                "Attribute name -> value, as JSON.",
                ATTRIBUTES,
                rules={"str_matches": rf'^\{{.*"{SOURCE_ID}":.*\}}$'},
                body={CREATE_TICKET: "ticket_attributes", CHANGE_TICKET: "ticket_attributes", CONVERT: "attributes"},
                shown=other_attributes,
                emptied_by_null=True,
            ),
            only_here("part_count", "How many parts it has.", NUMBER, rules={"ge": 0, "le": 500}),
            only_here("merged_into", "The source's ticket that it was merged into.", nullable=True),
            only_here("needs_agents", "The keys of all admins it cannot do without.", TEXTS),
            only_here("needs_team", "The key of the team it cannot do without.", nullable=True),
            only_compared(
                "words_missing",
                "How many words of the source's own text it does not show: none.",
                "'0'",
                normalisations=(),
            ),
            only_compared(
                "inbox_title",
                "The subject line as the Inbox shows it.",
                "nullif(t.title, '')",
                shown=lambda conversation: conversation.title,
                shown_by=Conversation,
                normalisations=(ways.TITLE_IS_ATTRIBUTE, ways.TITLE_CUT_OFF, ways.TITLE_ESCAPED, BLANK_SPACE),
            ),
            only_compared(
                "opening",
                "The opening message as the Inbox shows it.",
                "coalesce(nullif(t.description, ''), t.title)",
                # Its text is plain: HTML would show as written.
                body={OPEN: "body"},
                sent="opening",
                shown=opening_shown,
                shown_by=Conversation,
                normalisations=(ways.TEXT_SHOWN_AS_HTML, ways.OPENING_IS_DESCRIPTION),
            ),
            only_compared("part_counter", "How many parts Intercom gives: all that it counts.", "t.parts_counted"),
        )
    ),
)

CONVERSATION_TAG = Declaration(
    name="conversation_tag",
    plural="conversation_tags",
    meaning="One row per tag that a conversation wears.",
    part_of="conversation",
    parent="conversation_key",
    relation="plan.conversation_tags",
    operation="attach",
    removal=None,
    # A tag that Intercom refuses is missed by its conversation, and keeps nothing else back.
    references=(Requirement("tag", "tag_key", essential=False),),
    fields=FieldList(()),
)
