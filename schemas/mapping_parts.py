"""The parts of `mapping.yaml`: each a small model, of which `schemas.mapping` makes the whole."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from schemas.doubt_codes import DoubtCode
from schemas.source import OBJECTS, SOURCE
from schemas.source_objects import CUSTOM_FIELD_PREFIX


def unique_keys(value: Any) -> Any:  # noqa: ANN401 - anything may come from YAML
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
    options: Annotated[dict[str, str], BeforeValidator(unique_keys)] = Field(
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


ObjectColumn = Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z0-9_]+$")]
"""A column of the source, with the object before it: tickets.customer_id."""

IdReading = Literal[
    "drop_decimal", "drop_separators", "plain_digits", "drop_prefix", "drop_zeros", "ignore_case", "as_it_stands"
]
"""How an id is read that a program has formatted: 101.0, 101,0; 1,101, 1 101; ١٠١, １０１; C-101, where all begin so;
00101; ABC as abc."""


def is_column(where: str, kind: str) -> bool:
    """Tell whether `where` is object.column of the source and of that kind; any kind where it is empty."""
    owner, _, name = where.partition(".")
    if owner in OBJECTS and name.startswith(CUSTOM_FIELD_PREFIX):
        return kind != "id"
    column = OBJECTS[owner].by_name.get(name) if owner in OBJECTS else None
    return column is not None and kind in ("", column.kind)


SameValue = Annotated[str, Field(pattern=r"^(merge|separate|customer \S.*)$")]
"""What a person says of an address or external id that several customers have: they are one person, they are not and
nobody gets it, or they are not and the named one gets it."""
SameRecord = Literal["adopt", "separate", "separate_without_email"]
"""What a person says of a record that stood in Intercom and contradicts ours: it is the same, or ours is one of its
own, under an id that is nobody else's, and without the e-mail that Intercom gives to one contact only."""
RecordName = Annotated[str, Field(pattern=r"^(contact|company) \S.*$")]
"""A record as the reconciliation queue names it."""
