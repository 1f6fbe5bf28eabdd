"""How tickets, messages and attachments become conversations, parts and files: the steps, and what must be true then.

What belongs elsewhere: the steps themselves (`shape/`).
"""

from pathlib import Path

from migration_assets.objects.conversation.shape import attachments, bodies, file_matching, threads, words
from migration_assets.objects.conversation.shape.delivered_files import MOST_FILES
from migration_assets.objects.shaping import SELECTED_BY, CountingCheck, Shaping

_FOLDER = Path(__file__).parent / "shape"
_ORPHAN_PARTS = """
    SELECT count(*) FROM target.parts p
    WHERE NOT EXISTS (FROM target.conversations c WHERE c.source_key = p.conversation_key)
"""
_MISCOUNTED = """
    SELECT count(*) FROM target.conversations c
    LEFT JOIN (SELECT conversation_key, count(*) AS parts FROM target.parts GROUP BY conversation_key) p
        ON p.conversation_key = c.source_key
    WHERE c.part_count <> coalesce(p.parts, 0)
"""
# The order of writing and the order of the clock must be the same, or Intercom shows the thread in another order.
_DISORDERED = """
    SELECT count(*) FROM (
        SELECT created_at < lag(created_at) OVER (PARTITION BY conversation_key ORDER BY seq) AS back FROM target.parts)
    WHERE back
"""
# A file goes with exactly one part, and a part takes no more files than Intercom does.
_NOT_CARRIED_ONCE = """
    SELECT count(*) FROM (
        SELECT count(*) FROM target.attachments a
        LEFT JOIN (SELECT unnest(attachments) AS attachment_key FROM target.parts) p
            ON p.attachment_key = a.source_key
        GROUP BY a.source_key HAVING count(p.attachment_key) <> 1)
"""
_OVERLOADED = f"SELECT count(*) FROM target.parts WHERE len(attachments) > {MOST_FILES}"

_BEFORE_THE_OPENING = """
    SELECT count(*) FROM target.parts p JOIN target.thread t ON t.message_id = p.source_key
    WHERE p.created_at < t.opened_at
"""

CONVERSATION_SHAPING = Shaping(
    folder=_FOLDER,
    after=("target/contacts", "target/companies", "target/tags", "target/parts", "target/attributes"),
    kinds=frozenset({"duckdb", "polars"}),
    steps=("conversations", "source_texts", words.compare_words),
    numbers={
        "rows_in": "SELECT count(*) FROM clean.tickets",
        "rows_skipped": "SELECT count(*) FROM target.skipped WHERE object = 'tickets'",
        "continuations": "SELECT count(*) FROM target.conversations WHERE part_of > 1",
        "untitled": "SELECT count(*) FROM target.findings WHERE code = 'no_subject'",
        "texts_compared": "SELECT sum(texts)::BIGINT FROM target.words_compared",
        "texts_with_lost_words": "SELECT sum(losing)::BIGINT FROM target.words_compared",
        "merged_tickets": "SELECT count(*) FROM target.conversations WHERE merged_into IS NOT NULL AND part_of = 1",
    },
    lineage={"tickets": "tickets_lineage"},
    checks=(
        CountingCheck(
            "every_part_has_a_conversation",
            "Every part belongs to a conversation, and every conversation counts its parts rightly.",
            {"orphans": _ORPHAN_PARTS, "miscounted": _MISCOUNTED},
            ("parts",),
        ),
    ),
)

PART_SHAPING = Shaping(
    folder=_FOLDER,
    after=("target/contacts", "target/attachments", "clean/messages", "clean/agents"),
    steps=(
        threads.write_parts_limit,
        bodies.write_bodies,
        "order",
        "thread",
        "times",
        "answers",
        "at_once",
        bodies.write_openers,
        "file_notes",
        "drafts",
        "twins",
        threads.move_twins,
        "parts",
    ),
    numbers={
        "rows_in": "SELECT count(*) FROM clean.messages",
        "rows_skipped": "SELECT (SELECT count(*) FROM clean.messages) - (SELECT count(*) FROM target.live_messages)",
        "openers": "SELECT count(*) FROM target.thread WHERE opener",
        "file_notes": "SELECT count(*) FROM target.parts WHERE files_of IS NOT NULL",
        "generated": "SELECT count(*) FROM target.parts WHERE generated",
        "times_moved": "SELECT count(*) FROM target.findings WHERE code = 'time_moved'",
        "line_ends_kept": "SELECT count(*) FROM target.findings WHERE code = 'line_ends_kept'",
    },
    kinds=frozenset({"duckdb", "polars"}),
    lineage={"messages": "messages_lineage"},
    checks=(
        CountingCheck(
            "parts_are_in_order",
            "Inside a conversation no part is older than the one written before it, nor than its opening.",
            {"out_of_order": _DISORDERED, "before_the_opening": _BEFORE_THE_OPENING},
        ),
        CountingCheck(
            "every_file_goes_with_one_part",
            f"Every attachment that is loaded goes with exactly one part, and no part carries more than {MOST_FILES}.",
            {"not_carried_once": _NOT_CARRIED_ONCE, "overloaded": _OVERLOADED},
            ("attachments",),
        ),
    ),
)

ATTACHMENT_SHAPING = Shaping(
    folder=_FOLDER,
    after=(*SELECTED_BY, "clean/attachments"),
    steps=(
        attachments.write_files,
        file_matching.match_files,
        "attachments",
        attachments.write_contents,
        "attachment_rows",
        attachments.number_calls,
    ),
    numbers={
        "rows_in": "SELECT count(*) FROM clean.attachments",
        "rows_skipped": "SELECT count(*) FROM target.left_out",
        "files": "SELECT count(*) FROM target.files",
        "files_not_listed": "SELECT count(*) FROM target.files WHERE attachment_id IS NULL",
        "bytes": "SELECT sum(size) FROM target.attachments",
    },
    kinds=frozenset({"duckdb", "python"}),
    lineage={"attachments": "attachments_lineage"},
)
