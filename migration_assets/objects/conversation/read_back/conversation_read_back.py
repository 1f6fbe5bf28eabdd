"""What a verification must know of conversations, their parts and their files."""

from pathlib import Path

from migration_assets.objects.conversation.read_back.rows import (
    Labels,
    conversation_rows,
    file_rows,
    labels_of,
    part_rows,
    ticket_rows,
)
from migration_assets.objects.conversation.read_back.source_words import count_missing_words
from migration_assets.objects.conversation.tickets import DAY, in_time
from migration_assets.objects.read_back import AnswerSource, Chosen, ReadBack, if_there, in_pages, pages
from migration_assets.objects.ticket_type.read_back import planned_ticket_type
from migration_assets.writing.environment import Environment
from schemas.intercom import Conversation, Ticket

_HERE = Path(__file__).parent
TIMES = """
SELECT min(c.created_at), max(c.created_at) FROM target.conversations c
JOIN verified.reread r ON r.object = 'conversation' AND r.source_key = c.source_key
"""


async def read_labels(env: Environment) -> Labels:
    """Read what the options of the ticket type are called."""
    return labels_of(await planned_ticket_type(env))


async def search_in_time(env: Environment, ours: int) -> None:
    """Search the time in which ours began, page by page; if others have far more there, nothing is read this way.

    Whatever is not shown is then asked for by its id. Intercom shows conversations that are tickets only to tokens that
    may read tickets.
    """
    with env.warehouse.connect() as connection:
        ((first, last),) = connection.execute(TIMES).fetchall()
    if first is None:
        return
    async for page in env.client.search_conversations(in_time(first, last, DAY)):
        if not in_pages(ours, page.total or 0):
            return
        await env.seen(page.items)


def calls(chosen: Chosen) -> int:
    """Return the calls: tickets come in pages with their parts, and once more as the conversations that they are."""
    compared, applied = chosen.get("conversation", (0, 0))
    return 1 + pages(applied) + min(compared, pages(applied))


CONVERSATION_READ_BACK = ReadBack(
    sources=(
        AnswerSource(
            "ticket", Ticket, "conversation", by_id=lambda env: if_there(env.client.get_ticket), learn=read_labels
        ),
        AnswerSource(
            "conversation",
            Conversation,
            "conversation",
            by_id=lambda env: if_there(env.client.get_conversation),
            search=search_in_time,
        ),
    ),
    shows={Ticket: ticket_rows, Conversation: conversation_rows},
    describes="One row per conversation, part or file that was read back and compared field by field.\n\nThe parts are "
    "counted against Intercom's own counter; what it does not give is stated as unverifiable.",
    calls=calls,
    expected=_HERE / "expected_conversations.sql",
    context={"writers": "VARCHAR[]", "own_tag_to_go": "BOOLEAN"},
    expected_where="f.field <> 'priority' OR t.native_priority",
    attributes_of="ticket",
    place=_HERE / "threads.sql",
    derived=count_missing_words,
    always=_HERE / "ugly.sql",
    written_apart={
        **dict.fromkeys(("state", "ticket_state", "snoozed_until"), ("conversation", "settle")),
        "priority": ("conversation", "priority"),
        "tags": ("conversation_tag", "attach"),
    },
    moved_by_answers=("state", "ticket_state", "snoozed_until"),
    edited_as={
        "title": ("title", "inbox_title", "words_missing"),
        "description": ("description", "opening", "words_missing"),
        "state": ("state", "ticket_state", "snoozed_until"),
        "assignee": ("assignee_admin", "assignee_team"),
        "company_id": ("company",),
    },
)
PART_READ_BACK = ReadBack(
    shows={Ticket: part_rows},
    calls=lambda _chosen: 0,
    expected=_HERE / "expected_parts.sql",
    # Where none were sent, nothing is said about files.
    expected_where="f.field <> 'files' OR t.files_sent IS NOT NULL",
    context={"tied": "BOOLEAN", "said": "VARCHAR", "files_alone": "VARCHAR", "files_of": "VARCHAR"},
)
ATTACHMENT_READ_BACK = ReadBack(
    shows={Ticket: file_rows},
    calls=lambda _chosen: 0,
    expected=_HERE / "expected_attachments.sql",
    known_by_id=False,
    applied=_HERE / "applied_files.sql",
)
