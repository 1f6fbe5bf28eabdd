"""The journal's tables, for SQLite and PostgreSQL alike, and the rules that the database itself enforces."""

import secrets

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    text,
)

VERSION = 7
"""The version of these tables. An older journal is brought forward (upgrades.py), a newer one is refused."""

metadata = MetaData()


def new_name() -> str:
    """Return a name that no other journal has."""
    return secrets.token_hex(6)


journal_schema = Table("journal_schema", metadata, Column("version", Integer, primary_key=True))

identity = Table("identity", metadata, Column("journal", String, primary_key=True))
"""The journal's own name, given once: the marker in the Intercom workspace says by it who wrote there last."""

lease = Table(
    "lease",
    metadata,
    Column("migration", String, primary_key=True),
    Column("fence", Integer, nullable=False),
    Column("holder", String, nullable=False),
    Column("acquired_at", Float, nullable=False),
    Column("host", String),
    Column("pid", Integer),
    Column("run_id", String),
    Column("beat_at", Float),
)
"""Who may write: the holder of the greatest number. An older holder is refused.

`beat_at` is the holder's last sign of life in unix seconds, NULL once it has given the journal back.
"""

run_commands = Table(
    "run_commands",
    metadata,
    Column("migration", String, primary_key=True),
    Column("command", String, nullable=False),
    Column("asked_at", Float, nullable=False),
    Column("asked_by", String, nullable=False),
    CheckConstraint("command IN ('go', 'pause', 'stop')", name="known_command"),
)
"""What somebody at another terminal wants of the run that is going on."""

progress = Table(
    "progress",
    metadata,
    Column("migration", String, primary_key=True),
    Column("object", String, primary_key=True),
    Column("run_id", String, nullable=False),
    Column("began", Float, nullable=False),
    Column("records", Integer, nullable=False),
    Column("writes", Integer, nullable=False),
)
"""How much of each object the latest load of it had before it, so that another process can say how far it is."""

runs = Table(
    "runs",
    metadata,
    Column("run_id", String, primary_key=True),
    Column("migration", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("status", String, nullable=False),
    Column("started", Float, nullable=False),
    Column("ended", Float),
    Column("code_version", String),
    Column("mapping_sha", String),
    Column("extract_sha", String),
    Column("exported_at", Float),
    Column("frozen_at", Float),
    Column("job", String),
    Column("calls", Integer),
    Column("call_writes", Integer),
    Column("seconds", Float),
    Column("verdict", String),
)
"""The runs. `exported_at` is when the drop was exported that a run loaded, `frozen_at` since when nobody had worked in
the source, which only the cutover states; both in unix seconds.

`calls` are those that a run has made so far, `call_writes` the writes among them, and `seconds` how long it has taken.
While it writes all three are noted every few seconds, so that they are also known of a run that was killed; they are
NULL in runs of older versions of the program. `job` and `verdict` are noted where a run ends with a certificate.
"""

workspace_profile = Table(
    "workspace_profile",
    metadata,
    Column("app_id", String, primary_key=True),
    Column("asked_at", Float, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("broken", JSON, nullable=False),
)
"""What an Intercom workspace was seen to do with the probe's records, by the workspace's id and not by migration.

`answers` has for each question `{"answer", "seen", "seconds"}`, and `ask_again` where a step failed: how often.
`broken` has the sentences on promises that it breaks.
"""

probe_record = Table(
    "probe_record",
    metadata,
    Column("app_id", String, primary_key=True),
    Column("object", String, primary_key=True),
    Column("source_key", String, primary_key=True),
    Column("intercom_id", String),
    Column("noted_at", Float, nullable=False),
)
"""What a probe is about to make or has made in a workspace, until it is removed; it is noted before it is made."""

# SQLite numbers rows by itself only in a column of type INTEGER.
_Id = BigInteger().with_variant(Integer, "sqlite")

write = Table(
    "write",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("migration", String, nullable=False),
    Column("run_id", String, ForeignKey("runs.run_id"), nullable=False),
    Column("object", String, nullable=False),
    Column("source_key", String, nullable=False),
    Column("parent_key", String),
    Column("operation", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("state", String, nullable=False),
    Column("intercom_id", String),
    Column("adopted", Boolean, nullable=False, default=False),
    Column("before_image", JSON(none_as_null=True)),
    Column("last_written", JSON(none_as_null=True)),
    Column("attempts", Integer, nullable=False),
    Column("intent_at", Float, nullable=False),
    Column("outcome_at", Float),
    Column("http_status", Integer),
    Column("error_code", String),
    Column("error_message", String(500)),
    Column("remark", JSON(none_as_null=True)),
    Column("request_id", String),
    CheckConstraint("state IN ('intent', 'confirmed', 'rejected', 'ambiguous', 'undone')", name="known_state"),
    Index("write_by_key", "migration", "object", "source_key", "operation", "id"),
    Index("write_by_parent", "migration", "object", "parent_key"),
    Index("write_by_intercom_id", "migration", "object", "intercom_id"),
)

"""A row per write.

`intercom_id` is what the write made or changed. `adopted`: the record stood in Intercom before us (or a contact of ours
was merged into it), so taking the migration back never deletes it; what was created is `create`, `upsert`, `attach` or
`append` and not adopted. An adopted tag, attribute or ticket type was only used, never changed.

`before_image` is, for a write that changed what stood, the fields that it changed with what Intercom showed in them
before, under the names and in the form that the API takes; null where it was empty. A field that the write did not
change is not in it. Which fields a room's object has stands in `migration_assets/objects/<object>/declaration.py` and
nowhere else; those of a customer are in `custom_attributes` or `ticket_attributes`, each `{name: value}`. Beside them:

- contact: `archived: true`, where it was archived and was brought back.
- conversation, `update`: a list's value is the option's id; `company_id` is Intercom's; on the conversation route the
  title stands in `title` too; `assignee: {admin_assignee_id, team_assignee_id}`.
- conversation, `settle`: `state: {ticket_state_id, open, snoozed_until}`; `priority`: null where there was none.

The first `update` (conversation route), `settle` and `priority` of a ticket that we made have none: they are part of
making it.

`last_written` has, for the same fields by flat name (`custom_attributes.Plan`, `ticket_attributes._default_title_`,
`assignee`, `state`), one or two marks: hashes of the value as it was written and as Intercom showed it, so that a
later edit is noticed (`migration_assets/writing/conflicts.py`). The marks of all confirmed writes of a record count,
the later ones first.

`error_code` is the program's own (codes.py) or Intercom's, and `error_message` a sentence of either for a person.
`remark` is what else a code says, as values: the names of fields by what became of them (`{"kept": ["name"]}`,
`overwritten`, `taken_over`), or by how the answer showed them (`otherwise`, `as_sent`: the names under which
verification compares them), never what they hold; or `{"declined": code}`.
"""

_KEY = (write.c.migration, write.c.object, write.c.source_key, write.c.operation)

_OPEN = text("state IN ('intent', 'ambiguous')")
Index("one_open_write", *_KEY, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)
"""While it is not known what became of a write, the same one cannot be begun again."""

_STANDS = text(
    "state IN ('intent', 'ambiguous', 'confirmed') AND operation IN ('create', 'append') "
    "AND object IN ('contact', 'conversation', 'part')"
)
Index("written_once", *_KEY, unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS)
"""What would be doubled by being sent twice stands at most once.

The index names the objects of which that is so, since the database cannot ask the registry: by `operation` alone it
would hold for attributes and tags too, whose `create` finds by itself what stands and may be confirmed once more. To
make it generic, every row would need a column that says so: an upgrade that rewrites all rows of all journals.
"""
