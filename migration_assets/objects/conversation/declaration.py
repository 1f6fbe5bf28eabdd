"""A conversation with its ticket, and what is written, read and taken back with it: parts, files and tags."""

import pandera.polars as pa
import polars as pl

from migration_assets.objects.conversation.read_back import normalisations as ways
from migration_assets.objects.conversation.read_back import only_shown
from migration_assets.objects.conversation.refusals import PRIORITY_REFUSED
from migration_assets.objects.declaration import Declaration, Requirement
from migration_assets.objects.fields import (
    ATTRIBUTES,
    FLAG,
    MOMENT,
    NUMBER,
    TEXTS,
    FieldList,
    ObjectField,
    only_here,
)
from migration_assets.objects.normalisations import BLANK_SPACE, LETTER_CASE
from schemas.source import SOURCE_ID

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
            ObjectField("title", "The subject line.", body=None, expected="nullif(t.title, '')"),
            ObjectField(
                "description",
                "The opening message as plain text, or how the ticket came about.",
                body=None,
                expected="nullif(t.description, '')",
                normalisations=(ways.TEXT_SHOWN_AS_HTML, BLANK_SPACE),
            ),
            only_here("said", "The same without what it says about files, where it does.", nullable=True),
            ObjectField(
                "contact_key",
                "The key of the contact who asked.",
                payload="contact",
                body=None,
                compared="contact",
                expected="t.contact_id",
            ),
            ObjectField(
                "company_key",
                "The key of the company.",
                nullable=True,
                payload="company",
                body=None,
                compared="company",
                expected="t.company_id",
            ),
            ObjectField("created_at", "When it was opened, in unix seconds.", MOMENT, body=None, editable=False),
            only_here("closed_at", "When it was closed, in unix seconds.", MOMENT, nullable=True),
            ObjectField(
                "state",
                "Intercom's conversation state.",
                rules={"isin": ["open", "snoozed", "closed"]},
                body=None,
            ),
            ObjectField(
                "ticket_state",
                "The internal label of the ticket state.",
                body=None,
                normalisations=(LETTER_CASE, BLANK_SPACE),
            ),
            ObjectField(
                "snoozed_until", "When a snoozed one wakes up, in unix seconds.", MOMENT, nullable=True, body=None
            ),
            ObjectField(
                "priority",
                "Its priority.",
                nullable=True,
                rules={"isin": ["urgent", "high", "medium", "low"]},
                body=None,
                expected="CASE WHEN t.native_priority THEN coalesce(t.priority, 'none') END",
                normalisations=(BLANK_SPACE, ways.PRIORITY_REFUSED),
            ),
            ObjectField(
                "agent_id",
                "The key of the admin it is assigned to.",
                nullable=True,
                payload="admin",
                body=None,
                compared="assignee_admin",
                expected="t.admin_id",
            ),
            ObjectField(
                "team_id",
                "The key of the team it is assigned to.",
                nullable=True,
                payload="team",
                body=None,
                compared="assignee_team",
                expected="t.intercom_team_id",
            ),
            ObjectField(
                "tags",
                "The names of its tags.",
                TEXTS,
                payload_value="CASE WHEN len(tags) > 0 THEN tags END",
                body=None,
            ),
            ObjectField(
                "attributes",
                "Attribute name -> value, as JSON.",
                ATTRIBUTES,
                rules={"str_matches": rf'^\{{.*"{SOURCE_ID}":.*\}}$'},
                body=None,
                emptied_by_null=True,
            ),
            only_here("part_count", "How many parts it has.", NUMBER, rules={"ge": 0, "le": 500}),
            only_here("merged_into", "The source's ticket that it was merged into.", nullable=True),
            only_here("needs_agents", "The keys of all admins it cannot do without.", TEXTS),
            only_here("needs_team", "The key of the team it cannot do without.", nullable=True),
            *only_shown.OF_CONVERSATIONS,
        )
    ),
)

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
    # The payload is what the part says. Its files, and the words that name them, are no part of it: a file may come
    # later than the message, or be replaced.
    fields=FieldList(
        (
            ObjectField(
                "conversation_key",
                "The conversation's key.",
                payload=None,
                body=None,
                compared="conversation",
                normalisations=(BLANK_SPACE, ways.LONG_THREAD),
            ),
            only_here("seq", "The order of writing inside the conversation, from 1.", NUMBER, rules={"ge": 1}),
            ObjectField(
                "author_kind", "Who writes it.", rules={"isin": ["contact", "admin"]}, body=None, compared=None
            ),
            ObjectField(
                "author_key",
                "The contact's or admin's key; none is the migration admin.",
                nullable=True,
                payload="author",
                body=None,
                compared="author",
                expected="t.author",
            ),
            ObjectField(
                "kind",
                "comment: the customer sees it; note: never.",
                rules={"isin": ["comment", "note"]},
                body=None,
                normalisations=(BLANK_SPACE, ways.REPLY_THAT_REOPENED),
            ),
            ObjectField(
                "body",
                "HTML, all in block elements, never empty.",
                rules={"str_matches": r"^<(p|ul|ol|blockquote|pre|h1|h2|table)\b"},
                payload_value="CASE WHEN files_of IS NULL THEN coalesce(said, body) END",
                body=None,
                compared="text",
                expected="t.text",
                normalisations=(ways.HTML_WRITTEN_ANEW, ways.WORDS_ABOUT_FILES),
            ),
            ObjectField(
                "created_at",
                "When it was written, in unix seconds.",
                MOMENT,
                payload_value="CASE WHEN files_of IS NULL THEN created_at END",
                body=None,
            ),
            only_here("original_created_at", "The same before parts that could not be told apart were moved.", MOMENT),
            only_here("generated", "Whether the migration wrote it.", FLAG),
            only_here("attachments", "The keys of the attachments it is to carry.", TEXTS),
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
            *only_shown.OF_PARTS,
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
            ObjectField("size", "The file's size in bytes.", NUMBER, rules={"ge": 1}, body=None, compared="filesize"),
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
            *only_shown.OF_ATTACHMENTS,
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
