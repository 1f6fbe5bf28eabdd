"""A message, note or event of a conversation, and the files that it carries, which are written and read with it."""

import pandera.polars as pa
import polars as pl

from migration_assets.objects.conversation import normalisations as ways
from migration_assets.objects.declaration import Declaration, Requirement
from migration_assets.objects.fields import (
    FLAG,
    MOMENT,
    NUMBER,
    TEXTS,
    FieldList,
    ObjectField,
    only_compared,
    only_here,
)
from migration_assets.objects.normalisations import BLANK_SPACE
from schemas.intercom import ConversationPart


def author_of(part: ConversationPart) -> str | None:
    """Return who wrote a part: admin 7, or contact 5f; a contact may be called user or lead."""
    author = part.author
    if author is None:
        return None
    kind = "contact" if author.type in ("user", "lead", "contact") else author.type
    return f"{kind} {author.id}"


def number_of_files(part: ConversationPart) -> int | None:
    """Return how many files a part carries; None for none."""
    return len(part.attachments) or None


WRITTEN_BY_WHO_MAY = pa.Check(
    lambda data: data.lazyframe.select(
        (pl.col("author_kind") != "contact") | ((pl.col("kind") == "comment") & pl.col("author_key").is_not_null())
    ),
    name="written_by_somebody_who_may",
)
"""Notes are by admins, and a contact's part has its author."""

PART = Declaration(
    name="part",
    plural="parts",
    meaning="One row per message, note or event of a conversation, in the order in which they are written.",
    noun="messages",
    keyed_by="messages",
    part_of="conversation",
    parent="conversation_key",
    immutable="the text was changed after it was sent",
    references=(Requirement("contact", "author_key", "t.author_kind = 'contact'"),),
    operation="append",
    removal=None,
    # A reply's request is told by who writes it. The payload is what the part says. Its files, and the words that name
    # them, are no part of it: a file may come later than the message, or be replaced.
    fields=FieldList(
        (
            ObjectField(
                "conversation_key",
                "The conversation's key.",
                payload=None,
                body=None,
                compared="conversation",
                shown_by=None,
                normalisations=(BLANK_SPACE, ways.LONG_THREAD),
            ),
            only_here("seq", "The order of writing inside the conversation, from 1.", NUMBER, rules={"ge": 1}),
            ObjectField(
                "author_kind",
                "Who writes it.",
                rules={"isin": ["contact", "admin"]},
                body={"contact": ("type", lambda _kind: "user"), "admin": "type"},
                compared=None,
            ),
            ObjectField(
                "author_key",
                "The contact's or admin's key; none is the migration admin.",
                nullable=True,
                payload="author",
                body={"contact": "intercom_user_id", "admin": "admin_id"},
                sent="author_id",
                compared="author",
                expected="t.author",
                shown=author_of,
            ),
            ObjectField(
                "kind",
                "comment: the customer sees it; note: never.",
                rules={"isin": ["comment", "note"]},
                body="message_type",
                shown=lambda part: part.part_type,
                normalisations=(BLANK_SPACE, ways.REPLY_THAT_REOPENED),
            ),
            ObjectField(
                "body",
                "HTML, all in block elements, never empty.",
                rules={"str_matches": r"^<(p|ul|ol|blockquote|pre|h1|h2|table)\b"},
                payload_value="CASE WHEN files_of IS NULL THEN coalesce(said, body) END",
                compared="text",
                expected="t.text",
                shown=lambda part: part.body,
                normalisations=(ways.HTML_WRITTEN_ANEW, ways.WORDS_ABOUT_FILES),
            ),
            ObjectField(
                "created_at",
                "When it was written, in unix seconds.",
                MOMENT,
                payload_value="CASE WHEN files_of IS NULL THEN created_at END",
            ),
            only_here(
                "original_created_at", "The same before it was moved from its twin or behind the opening.", MOMENT
            ),
            only_here("generated", "Whether the migration wrote it.", FLAG),
            ObjectField(
                "attachments",
                "The keys of the attachments it is to carry.",
                TEXTS,
                payload=None,
                body=None,
                compared="files",
                expected="t.files_sent",
                shown=number_of_files,
                normalisations=(),
                editable=False,
            ),
            only_here("files_alone", "How it began if it was written when files were all it had.", nullable=True),
            ObjectField(
                "files_of",
                "Set on a note that only carries files: the message or ticket they are of.",
                nullable=True,
                body=None,
                compared=None,
            ),
            ObjectField(
                "call",
                "Which of the calls that carry the files of one message a note is.",
                NUMBER,
                column=None,
                payload_value="CASE WHEN files_of IS NOT NULL THEN call END",
                body=None,
                compared=None,
            ),
            only_compared(
                "words_missing",
                "How many words of the source's own text it does not show: none.",
                "'0'",
                normalisations=(),
            ),
            only_compared(
                "order",
                "Its place among the parts that are there.",
                "t.place::VARCHAR",
                normalisations=(BLANK_SPACE, ways.SAME_SECOND),
            ),
        ),
        checks=(WRITTEN_BY_WHO_MAY,),
    ),
)

ATTACHMENT = Declaration(
    name="attachment",
    plural="attachments",
    meaning="One row per attachment whose file is loaded, with where the file is and the hash of what is in it.",
    part_of="conversation",
    carried_by="part",
    operation="append",
    removal=None,
    fields=FieldList(
        (
            only_here(
                "position",
                "Its row among the source's attachments: the order inside a message.",
                NUMBER,
                rules={"ge": 1},
            ),
            only_here("ticket_id", "The source's id of the ticket."),
            only_here(
                "message_id",
                "The source's id of the message it came with; none: it is the ticket's own.",
                nullable=True,
            ),
            only_here("path", "The file's path, relative to the extract.", rules={"str_matches": r"^attachments/"}),
            ObjectField(
                "name",
                "The name that people see: the source's, safe to show.",
                rules={"str_matches": r"^[^/\\\x00-\x1f]{1,120}$"},
                body=None,
            ),
            ObjectField(
                "content_type",
                "The source's, or what the name suggests.",
                rules={"str_matches": r"^[^/\s]+/[^/\s]+$"},
                body=None,
            ),
            ObjectField(
                "size",
                "The file's size in bytes.",
                NUMBER,
                rules={"ge": 1},
                body=None,
                compared="filesize",
                shown=lambda file: file.get("filesize"),
                normalisations=(BLANK_SPACE, ways.SIZE_NOT_SHOWN),
            ),
            ObjectField(
                "sha256", "SHA-256 of the file.", rules={"str_matches": r"^[0-9a-f]{64}$"}, body=None, compared=None
            ),
            only_here(
                "mark",
                "Stands for attachment and content in the fingerprint of the part that carries the file.",
                rules={"str_matches": r"^[0-9a-f]{16}$"},
            ),
            only_here(
                "call",
                "Which of the calls for its message carries it: ten files at most in each.",
                NUMBER,
                rules={"ge": 1},
            ),
            only_compared("part", "The part that carries it.", "t.part_key"),
        )
    ),
)
