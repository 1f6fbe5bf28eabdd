"""`mapping.yaml`: everything that depends on the customer, in one reviewed file.

Read with `load_mapping(path)`, which raises `MappingError` naming file, line, field, what was found and what
was expected. No value of a customer stands anywhere else.
"""

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from schemas.doubts import DoubtCode
from schemas.itco import OBJECTS
from schemas.source import SOURCE
from schemas.yaml_file import read_yaml

RouteName = Literal["ticket", "conversation"]
"""The ways a ticket gets into Intercom."""


class MappingError(ValueError):
    """The mapping cannot be used; the message lists every fault with its line."""


def _unique_keys(value: Any) -> Any:  # noqa: ANN401 - anything may come from YAML
    """Refuse two options that differ only in case or spaces, of which one would silently win."""
    if isinstance(value, dict):
        seen: dict[str, str] = {}
        for key in value:
            folded = fold(str(key))
            if folded in seen:
                raise ValueError(f"{key!r} and {seen[folded]!r} are the same value once case and spaces are ignored")
            seen[folded] = str(key)
    return value


def fold(text: str) -> str:
    """Return `text` as values are compared: trimmed, single-spaced, lower case."""
    return " ".join(text.split()).casefold()


class Strict(BaseModel):
    """A part of the mapping: unknown keys are errors, because a misspelt setting would silently do nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


State = Literal["open", "snoozed", "closed"]
Priority = Literal["urgent", "high", "medium", "low"]


class StatusMapping(Strict):
    """What a source status becomes."""

    state: State = Field(description="The Intercom conversation state.")
    ticket_state: str = Field(description="The internal label of the Intercom ticket state, as the workspace has it.")


class CustomField(Strict):
    """One source custom field and the Intercom attribute that carries it."""

    field: str = Field(description=f"The column in the {SOURCE} file, e.g. cf_region.", pattern="^cf_")
    object: Literal["ticket", "customer", "company"] = Field(description=f"The {SOURCE} object that has the field.")
    name: str = Field(
        description="The Intercom attribute's name: letters, digits, spaces, hyphens.",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]*$",
        max_length=190,
    )
    type: Literal["string", "boolean", "date", "number", "select", "multi_select"] = Field(
        description=f"The {SOURCE} type; it decides the Intercom type."
    )
    options: Annotated[dict[str, str], BeforeValidator(_unique_keys)] = Field(
        default_factory=dict,
        description=f"For select and multi_select: {SOURCE}'s option -> Intercom's option. Several may lead to one.",
    )

    @model_validator(mode="after")
    def _options_fit_type(self) -> "CustomField":
        selects = self.type in ("select", "multi_select")
        if selects and len(set(self.options.values())) < 2:
            raise ValueError("a select needs at least two options (Intercom refuses fewer)")
        if not selects and self.options:
            raise ValueError(f"options are for select and multi_select, not for {self.type}")
        if any("," in option for option in self.options.values()):
            raise ValueError("an Intercom option cannot contain a comma (list_items is separated by commas)")
        return self


class SkipRule(Strict):
    """Rows that are left out on purpose; each is counted under the rule's name."""

    name: str = Field(description="The rule's name, as the report shows it.")
    object: Literal["customers", "companies", "tickets", "messages"] = Field(description=f"The {SOURCE} object.")
    column: str = Field(description="The column to look at.")
    any_of: list[str] = Field(min_length=1, description="Values that make the row skipped; for lists, any element.")


class FileHint(Strict):
    """What a person knows about a file that its bytes do not tell."""

    encoding: str | None = Field(default=None, description="The Python name of the encoding, e.g. mac_roman.")
    delimiter: Literal[",", ";", "\t", "|"] | None = Field(default=None, description="The delimiter.")


class Accepted(Strict):
    """A doubt that a person has looked into and accepts as it is: it neither stops a run nor keeps it partial."""

    doubt: DoubtCode = Field(description="The code of the doubt, as the report and rejects/doubts.csv name it.")
    of: str | None = Field(
        default=None,
        pattern=r"^\w+(\.[^.]+)?$",
        description=f"The {SOURCE} object, or object.column, that it was found in; without it, wherever it is found.",
    )
    up_to: int | None = Field(
        default=None, ge=0, description="The most rows that are accepted; with more it is open again."
    )
    because: str = Field(min_length=3, description="Why it is right so; the certificate says it.")


class DoubtLimit(Strict):
    """How much of a doubt may be found before the run stops; it stays a reason to call the run partial."""

    share: float = Field(default=0.0, ge=0, le=1, description="The share of the object's rows, 0 to 1.")
    rows: int = Field(default=0, ge=0, description="A number of rows; the greater of the two counts.")


class MigrationSettings(Strict):
    """How this customer wants the migration done."""

    route: RouteName = Field(
        default="ticket",
        description="ticket: a Customer ticket from the start, wholly silent. conversation: a conversation, converted.",
    )
    unmatched: Literal["hold", "stop", "fallback"] = Field(
        default="hold",
        description="What happens to tickets whose agent or team is not in Intercom: wait, stop everything, or "
        "use `fallback_admin` with the original author written into the message.",
    )
    migration_admin: str = Field(
        description="E-mail of the Intercom admin under whose name the migration writes its own notes.",
    )
    fallback_admin: str | None = Field(default=None, description="E-mail of the admin who stands in, for `fallback`.")
    multi_select: Literal["booleans", "text"] = Field(
        default="booleans",
        description="Intercom has no multi-select: one boolean per option, or one text joined by '; '.",
    )
    ticket_type: str = Field(
        default=f"{SOURCE} ticket", description="The name of the Customer ticket type to create or use."
    )
    snoozed_until: datetime = Field(description="When snoozed conversations wake up; must lie in the future.")
    native_priority: bool = Field(
        default=True, description="Also set Intercom's own priority, by the Preview version of the API."
    )
    edited_in_intercom: Literal["keep", "overwrite"] = Field(
        default="keep",
        description=f"What happens where {SOURCE} has a new value for a field that somebody has edited in Intercom "
        f"since it was loaded: keep leaves theirs, overwrite writes {SOURCE}'s. Either way the report names the "
        "records and fields, and what is overwritten is kept in the journal.",
    )
    adopted: Literal["fill_empty", "overwrite"] = Field(
        default="fill_empty",
        description="What happens to contacts and companies that Intercom had before the migration: only their empty "
        f"fields are filled, or all that {SOURCE} has is written over theirs, which the journal keeps.",
    )
    vanished_share: float = Field(
        default=0.01,
        ge=0,
        le=1,
        description="The share of loaded customers, companies, tickets or messages, 0 to 1, that may be missing from a "
        "later drop. With more, the run stops before anything is written: an export that was cut off is likelier.",
    )
    gone: Literal["report", "delete"] = Field(
        default="report",
        description="What happens to loaded customers, companies and tickets that a later drop does not have any more: "
        "report names them, delete deletes them in Intercom. Even then what stood there before the migration, what "
        "somebody has touched since and what others depend on stays. Single messages are only ever reported.",
    )
    attachments: Literal["upload", "name_only"] = Field(
        default="upload",
        description="upload: the files of the folder attachments go into Intercom with their messages. name_only: "
        "they stay in the extract, and each message names its own.",
    )
    attachment_limit_mb: int = Field(
        default=20,
        ge=1,
        le=100,
        description="The largest file that is loaded, and the most that goes with one call, in MB (1,000,000 bytes). "
        "Intercom documents no limit of its API; its limits are 20 MB for e-mail and 100 MB for the Messenger.",
    )

    @model_validator(mode="after")
    def _consistent(self) -> "MigrationSettings":
        if self.unmatched == "fallback" and not self.fallback_admin:
            raise ValueError("unmatched: fallback needs fallback_admin")
        if self.snoozed_until.tzinfo is None:
            raise ValueError("snoozed_until needs a time zone, e.g. 2036-01-01T09:00:00Z")
        return self

    @property
    def attachment_limit(self) -> int:
        """The largest file, and the most that goes with one call, in bytes."""
        return self.attachment_limit_mb * 1_000_000

    @property
    def snoozed_until_epoch(self) -> int:
        """The wake-up time in unix seconds."""
        return int(self.snoozed_until.astimezone(UTC).timestamp())


MessageKind = Literal["reply", "note", "assignment", "status_change"]
AuthorType = Literal["customer", "agent", "system"]


class Mapping(Strict):
    """The whole of `mapping.yaml`."""

    version: Literal[1] = Field(description="The version of this file's format.")
    ticket_url: str | None = Field(
        default=None, description=f"A ticket's address in {SOURCE}, with {{ticket_id}} or {{ticket_number}} in it."
    )
    headers: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description="Per object: a header as the file has it -> the canonical column (or a cf_ column).",
    )
    files: dict[str, FileHint] = Field(default_factory=dict, description="Per file name: encoding and delimiter.")
    default_region: str = Field(
        default="",
        pattern="^([A-Z]{2})?$",
        description="ISO country of phone numbers without a country code.",
    )
    booleans: dict[Literal["true", "false"], list[str]] = Field(
        default_factory=dict, description="Further words for true and false, beside the usual ones."
    )
    statuses: Annotated[dict[str, StatusMapping], BeforeValidator(_unique_keys)] = Field(
        description=f"Every {SOURCE} status."
    )
    priorities: Annotated[dict[str, Priority], BeforeValidator(_unique_keys)] = Field(
        title="priority", description=f"Every {SOURCE} priority."
    )
    message_kinds: Annotated[dict[str, MessageKind], BeforeValidator(_unique_keys)] = Field(
        title="message kind", description="Every value of messages.kind."
    )
    author_types: Annotated[dict[str, AuthorType], BeforeValidator(_unique_keys)] = Field(
        title="author type", description="Every value of messages.author_type."
    )
    private_marks: list[str] = Field(
        default_factory=list,
        description="Words at the start of a message that say it was internal; such a reply becomes a note.",
    )
    custom_fields: list[CustomField] = Field(default_factory=list, description="Every custom field to carry over.")
    ignored_fields: list[str] = Field(
        default_factory=list,
        description="object.cf_column that is left behind on purpose, e.g. ticket.cf_old.",
    )
    teams: dict[str, str] = Field(
        title="team", default_factory=dict, description=f"{SOURCE} team name -> Intercom team name."
    )
    agents: dict[str, str] = Field(
        title="agent", default_factory=dict, description="agent_id -> admin e-mail, where they differ."
    )
    dates: dict[str, Literal["dmy", "mdy"]] = Field(
        title="order of day and month in",
        default_factory=dict,
        description="Per object.column: the day/month order, where the data cannot tell.",
    )
    skip: list[SkipRule] = Field(default_factory=list, description="Rows left out on purpose.")
    accepted: list[Accepted] = Field(default_factory=list, description="Doubts that a person accepts as they are.")
    limits: dict[DoubtCode, DoubtLimit] = Field(
        default_factory=dict, description="Per doubt: how much may be found before the run stops."
    )
    settings: MigrationSettings = Field(description="How the migration is done.")

    @model_validator(mode="after")
    def _names_exist(self) -> "Mapping":
        faults = []
        for object_name, headers in self.headers.items():
            if object_name not in OBJECTS:
                faults.append(f"headers: {object_name!r} is not an {SOURCE} object ({', '.join(OBJECTS)})")
                continue
            known = OBJECTS[object_name].by_name
            faults += [
                f"headers.{object_name}: {column!r} is not a column of {object_name}"
                for column in headers.values()
                if column not in known and not column.startswith("cf_")
            ]
        names = [(item.object, item.name.casefold()) for item in self.custom_fields]
        faults += [
            f"custom_fields: {name!r} is used twice for {obj}"
            for obj, name in set(names)
            if names.count((obj, name)) > 1
        ]
        if faults:
            raise ValueError("; ".join(faults))
        return self


def load_mapping(path: Path) -> Mapping:
    """Read and check a mapping.

    Raises:
        MappingError: the file is missing, is not YAML, or does not fit; every fault with its line.
    """
    try:
        state = path.stat()
    except OSError:
        return _read(path, 0, 0)  # which says in words what is wrong
    return _read(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _size: int) -> Mapping:
    """Read a file once for as long as it does not change: every step asks for it."""
    return read_yaml(path, Mapping, MappingError, unreadable="Check MAP=…")
