"""`mapping.yaml`: everything that depends on the customer, in one reviewed file.

Read with `load_mapping(path)`, which raises `MappingError` naming file, line, field, what was found and what
was expected. No value of a customer stands anywhere else.
"""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from schemas.doubt_codes import DoubtCode
from schemas.mapping_parts import (
    Accepted,
    CustomField,
    DoubtLimit,
    FileHint,
    IdReading,
    ObjectColumn,
    Priority,
    RecordName,
    SameRecord,
    SameValue,
    SkipRule,
    StatusMapping,
    Strict,
    is_column,
    unique_keys,
)
from schemas.mapping_settings import MigrationSettings
from schemas.source import OBJECTS, SOURCE
from schemas.yaml_file import read_yaml


class MappingError(ValueError):
    """The mapping cannot be used; the message lists every fault with its line."""


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
    ignored_columns: dict[str, list[str]] = Field(
        default_factory=dict,
        description="Per object: headers, as the file has them, that are left behind on purpose.",
    )
    ignored_files: list[str] = Field(
        default_factory=list, description="Files in the drop's folder that are left behind on purpose, by their names."
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
    empty_words: list[str] = Field(
        default_factory=list,
        description="Further words that stand where there is nothing, beside NULL, N/A and the like; case and blanks "
        "do not count.",
    )
    meant_words: dict[ObjectColumn, list[str]] = Field(
        default_factory=dict,
        description="Per object.column: words for nothing that are meant there, e.g. customers.name: [Null].",
    )
    ids: dict[ObjectColumn, IdReading | list[IdReading]] = Field(
        default_factory=dict,
        description="Per object.column: how ids that a program has formatted are read, e.g. "
        "tickets.customer_id: drop_decimal reads 101.0 as 101. as_it_stands: they are other records.",
    )
    lists: dict[ObjectColumn, Annotated[str, Field(min_length=1, max_length=3)]] = Field(
        default_factory=dict,
        description='Per object.column: what alone separates the words of a list, e.g. tickets.tags: ",".',
    )
    statuses: Annotated[dict[str, StatusMapping], BeforeValidator(unique_keys)] = Field(
        description=f"Every {SOURCE} status."
    )
    priorities: Annotated[dict[str, Priority], BeforeValidator(unique_keys)] = Field(
        title="priority", description=f"Every {SOURCE} priority."
    )
    message_kinds: Annotated[dict[str, MessageKind], BeforeValidator(unique_keys)] = Field(
        title="message kind", description="Every value of messages.kind."
    )
    author_types: Annotated[dict[str, AuthorType], BeforeValidator(unique_keys)] = Field(
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
    repair_mojibake: list[Annotated[str, Field(pattern=r"^[a-z_]+\.\w+$")]] = Field(
        default_factory=list,
        description="object.column whose wrongly decoded letters (fÃ¼r) are repaired, e.g. tickets.subject.",
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
    same_email: dict[str, SameValue] = Field(
        default_factory=dict,
        description="Per e-mail address that several customers have: merge (they are one person), separate (they are "
        "not, and nobody gets it), or `customer ID` (they are not, and that one gets it).",
    )
    same_external_id: dict[str, SameValue] = Field(
        default_factory=dict, description="The same per external id that several customers have."
    )
    same_domain: dict[str, Literal["merge", "separate"]] = Field(
        default_factory=dict,
        description="Per domain that several companies have: merge (they are one company), or separate (those of one "
        "name are one).",
    )
    same_record: dict[RecordName, SameRecord] = Field(
        default_factory=dict,
        description="Per record that is held because one in Intercom contradicts it, such as `contact 102` or "
        "`company 7`: adopt (it is the same), separate (ours is one of its own, under an id of its own), or, for a "
        "contact whose e-mail Intercom has already, separate_without_email.",
    )
    role_addresses: list[str] = Field(
        default_factory=list,
        description="Further addresses that are nobody's own and never make one person of several, beside info@, "
        "noreply@ and their like: whole, or what stands before the @.",
    )
    skip: list[SkipRule] = Field(default_factory=list, description="Rows left out on purpose.")
    accepted: list[Accepted] = Field(default_factory=list, description="Doubts that a person accepts as they are.")
    limits: dict[DoubtCode, DoubtLimit] = Field(
        default_factory=dict, description="Per doubt: how much may be found before the run stops."
    )
    accepted_answers: list[Annotated[str, Field(pattern=r"^[a-z_]+\.\S.*$")]] = Field(
        default_factory=list,
        description="object.field, such as contact.phone or conversation.attribute.Plan, that Intercom shows otherwise "
        "than it is sent and that is right so: it neither stops the load nor keeps the run partial, and a verification "
        "counts it as explained by this. What somebody changes in it later is a difference all the same.",
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
        faults += [
            f"ignored_columns: {name!r} is not an {SOURCE} object ({', '.join(OBJECTS)})"
            for name in self.ignored_columns
            if name not in OBJECTS
        ]
        faults += [
            f"repair_mojibake: {name!r} is no object and column of {SOURCE}"
            for name in self.repair_mojibake
            if name.split(".")[0] not in OBJECTS
            or not (name.split(".")[1].startswith("cf_") or name.split(".")[1] in OBJECTS[name.split(".")[0]].by_name)
        ]
        faults += [
            f"{setting}: {where!r} is not {wanted} of {SOURCE}'s files"
            for setting, kind, wanted in (
                ("ids", "id", "a column of ids"),
                ("lists", "list", "a column of lists"),
                ("meant_words", "", "a column"),
            )
            for where in getattr(self, setting)
            if not is_column(where, kind)
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
