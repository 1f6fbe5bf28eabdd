"""A field of an Intercom object, declared once, and what follows from the declaration. Nothing is read or sent here.

From one list of fields come the target table's contract, the payload and so the fingerprint, the request body, what an
answer shows of them, what verification expects, and which fields are looked at before a record is changed or restored.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandera.polars as pa
import polars as pl

from migration_assets.objects.normalisations import (
    BLANK_SPACE,
    LETTER_CASE,
    MOMENT_WRITTEN_OTHERWISE,
    NUMBER_WRITTEN_OTHERWISE,
    SEEN_SINCE,
    Normalisation,
)
from migration_assets.writing.conflicts import flat
from migration_assets.writing.touch_rules import EditRules

FIRST_SECOND = -62_135_596_800
"""The year 1 in unix seconds: nothing is older, whatever the extract says."""
LAST_SECOND = 4_102_444_800
"""The year 2100 in unix seconds: a later one is a unit mistaken (milliseconds)."""

TEXT, NUMBER, MOMENT, FLAG, TEXTS, ATTRIBUTES = "text", "number", "moment", "flag", "texts", "attributes"
"""The types. A moment is in unix seconds, texts are a list, attributes a JSON object of attribute name and value."""

_DTYPES: Mapping[str, Any] = {
    TEXT: str, NUMBER: int, MOMENT: int, FLAG: bool, TEXTS: pl.List(pl.String), ATTRIBUTES: str,
}  # fmt: skip
_RULES: Mapping[str, Mapping[str, Any]] = {
    TEXT: {"str_length": {"min_value": 1}},
    MOMENT: {"ge": FIRST_SECOND, "le": LAST_SECOND},
    ATTRIBUTES: {"str_matches": r"^\{.*\}$"},
}
_EXPLAINED_BY: Mapping[str, tuple[Normalisation, ...]] = {
    TEXTS: (LETTER_CASE, BLANK_SPACE),
    ATTRIBUTES: (LETTER_CASE, BLANK_SPACE, NUMBER_WRITTEN_OTHERWISE, MOMENT_WRITTEN_OTHERWISE),
}
SAME = ""
"""Where a place has the name of the field itself."""

AnswerModel = type[Any]
Place = str | tuple[str, Callable[[Any], Any]]
"""A field's key in a request, behind a dot where it is nested, and how its value is put where not as it stands."""


@dataclass(frozen=True, slots=True)
class ObjectField:
    """One field of an object.

    Attributes:
        name: what it is called in messages, in differences.csv and in the certificate.
        meaning: what it holds.
        type: one of the types above.
        nullable: whether a record may be without it.
        rules: what pandera checks of the column, in place of what the type asks for.
        column: its column of the target table; None for a constant.
        constant: the value that every record has.
        payload: its key in the payload, whose hash is the fingerprint; None where a change of it writes nothing.
        payload_value: the SQL of its value in the payload, where that is not the column as it stands.
        body: its place in the API's request, by request where there are several; None where it is not sent.
        sent: the column of the rows as they are sent and verified that has its value, where it is not `column`: most
            are Intercom's ids.
        compared: the name under which verification compares it; None where it is not compared.
        expected: the SQL of the text that Intercom should show, over the target table as `t`; the column's by default.
        shown: how an answer shows it; the attribute of the name under which it is compared by default.
        shown_by: the answers that show it; None where none does by itself.
        normalisations: what explains that Intercom shows it otherwise; what its type asks for by default.
        editable: whether a person may edit it in Intercom, so that it is looked at before it is changed or restored.
        emptied_by_null: whether the API empties it when it is sent null (its description: nullable).
        moves_by_itself: whether Intercom moves it on by itself: what it shows is then newer, and nobody's edit.
    """

    name: str
    meaning: str
    type: str = TEXT
    nullable: bool = False
    rules: Mapping[str, Any] | None = None
    column: str | None = SAME
    constant: str | bool | None = None
    payload: str | None = SAME
    payload_value: str | None = None
    body: Place | Mapping[str, Place] | None = SAME
    sent: str | None = None
    compared: str | None = SAME
    expected: str | None = None
    shown: Callable[[Any], Any] | None = None
    shown_by: AnswerModel | None = object
    normalisations: tuple[Normalisation, ...] | None = None
    editable: bool = True
    emptied_by_null: bool = False
    moves_by_itself: bool = False

    @property
    def table_column(self) -> str | None:
        """The column of the target table."""
        return None if self.constant is not None else self.name if self.column == SAME else self.column

    @property
    def payload_key(self) -> str | None:
        """The key in the payload."""
        return self.name if self.payload == SAME else self.payload

    def place_in(self, request: str) -> tuple[str, Callable[[Any], Any]] | None:
        """Return its key in a request, and how its value is put there; None where it is not sent with it."""
        place = self.body.get(request) if isinstance(self.body, Mapping) else self.body
        return (place or self.name, _as_it_stands) if isinstance(place, str) else place

    @property
    def compared_name(self) -> str | None:
        """The name under which verification compares it."""
        return self.name if self.compared == SAME else self.compared

    @property
    def expected_text(self) -> str:
        """The SQL of the text that Intercom should show, over the target table as `t`."""
        if self.expected is not None:
            return self.expected
        if self.constant is not None:
            return f"'{self.constant}'"
        column = f't."{self.sent or self.table_column}"'
        if self.type == TEXTS:
            return f"as_list({column})"
        return column if self.type == TEXT else f"{column}::VARCHAR"

    @property
    def explained_by(self) -> tuple[Normalisation, ...]:
        """What explains that Intercom shows it otherwise than it was sent."""
        if self.normalisations is not None:
            return self.normalisations
        found = _EXPLAINED_BY.get(self.type, (BLANK_SPACE,))
        return (*found, SEEN_SINCE) if self.moves_by_itself else found

    def is_in(self, answer: Any) -> bool:  # noqa: ANN401 - any answer
        """Whether an answer shows it."""
        return self.shown_by is not None and isinstance(answer, self.shown_by)

    def value_in(self, answer: Any) -> Any:  # noqa: ANN401 - any answer, any value
        """Return what an answer shows of it."""
        if self.shown is not None:
            return self.shown(answer)
        return answer.get(self.name) if isinstance(answer, Mapping) else getattr(answer, self.name)


def _as_it_stands(value: Any) -> Any:  # noqa: ANN401 - any value
    return value


def only_here(name: str, meaning: str, type: str = TEXT, **more: Any) -> ObjectField:  # noqa: ANN401
    """Return a column of the target table that is neither sent nor compared."""
    return ObjectField(name, meaning, type, payload=None, body=None, compared=None, editable=False, **more)


def only_sent(name: str, meaning: str, constant: str | bool | None = None, **more: Any) -> ObjectField:  # noqa: ANN401
    """Return what is sent and not compared: a constant, or what the rows have under its name."""
    return ObjectField(name, meaning, column=None, sent=name, constant=constant, payload=None, compared=None, **more)


def only_compared(name: str, meaning: str, expected: str, **more: Any) -> ObjectField:  # noqa: ANN401
    """Return what is compared and has no column; `expected` is its SQL. Only what `more` says is sent or shown."""
    more = {"body": None, "editable": False, "shown_by": None, **more}
    return ObjectField(name, meaning, column=None, payload=None, expected=expected, **more)


@dataclass(frozen=True)
class FieldList:
    """The fields of an object, in their order."""

    fields: tuple[ObjectField, ...]
    checks: tuple[pa.Check, ...] = field(default=())
    """What must hold between columns of a row."""

    def __iter__(self) -> Any:  # noqa: ANN401 - an iterator of Field
        return iter(self.fields)

    def contract(self, name: str) -> pa.DataFrameSchema:
        """Return what every row of the target table must look like; an unknown column is a mistake."""
        columns = {
            "source_key": _column(str, "The row's key, unique.", {"str_length": {"min_value": 1}}, unique=True),
            "payload": _column(str, "Exactly what would be written, as JSON.", {"str_matches": r"^\{.*\}$"}),
            "fingerprint": _column(str, "SHA-256 of the payload's text.", {"str_matches": r"^[0-9a-f]{64}$"}),
        }
        for item in self.fields:
            if item.table_column is not None:
                rules = _RULES.get(item.type, {}) if item.rules is None else item.rules
                columns[item.table_column] = _column(_DTYPES[item.type], item.meaning, rules, nullable=item.nullable)
        return pa.DataFrameSchema(columns, checks=list(self.checks), strict=True, name=name)

    def payload_sql(self) -> str:
        """Return the SQL expression of the payload: keys in alphabetical order, so that equal rows give equal text."""
        parts = []
        for item in sorted(self.fields, key=lambda one: one.payload_key or ""):
            if item.payload_key is not None:
                constant = None if item.constant is None else f"'{item.constant}'"
                value = item.payload_value or constant or f'"{item.table_column}"'
                parts.append(f"'{item.payload_key}': {value}")
        return f"payload_of({{{', '.join(parts)}}})"

    def body(self, row: Mapping[str, Any], request: str = "", *, editable: bool = False) -> dict[str, Any]:
        """Return a request's body for a row of the target table, with what is joined on; empty fields are left out.

        Args:
            row: the row.
            request: which request, where the fields have places in several.
            editable: only what a person may edit as well.
        """
        found: dict[str, Any] = {}
        for item in self.fields:
            place = item.place_in(request)
            if place is None or (editable and not item.editable):
                continue
            value: Any = item.constant if item.constant is not None else row.get(item.sent or item.table_column or "")
            if item.type == ATTRIBUTES:
                values = json.loads(value) if isinstance(value, str) else value or {}
                value = {name: one for name, one in values.items() if one is not None}
            if value is not None and value not in ({}, []):
                _put(found, place[0], place[1](value))
        return found

    def wanted(self, row: Mapping[str, Any], request: str = "") -> dict[str, Any]:
        """Return what of a request a person may edit as well, flat, so that it is looked at before it is changed."""
        return flat(self.body(row, request, editable=True))

    def emptied_by_null(self, request: str = "") -> frozenset[str]:
        """Return the keys in a request of what is emptied by null."""
        places = [item.place_in(request) for item in self.fields if item.emptied_by_null]
        return frozenset(place[0] for place in places if place is not None)

    def shown(self, answer: Any, request: str = "") -> dict[str, Any]:  # noqa: ANN401 - any answer
        """Return what an answer shows of the fields that a person may edit, flat, by their places in a request."""
        found: dict[str, Any] = {}
        for item in self.fields:
            place = item.place_in(request)
            if place is not None and item.editable and item.is_in(answer):
                _put(found, place[0], item.value_in(answer))
        return flat(found)

    @property
    def edit_rules(self) -> EditRules:
        """Which fields say nothing of an edit: those that nobody may edit, and those that move by themselves."""
        return EditRules(
            not_shown=frozenset(item.name for item in self.fields if not item.editable),
            by_itself=frozenset(item.name for item in self.fields if item.moves_by_itself),
        )


def _put(body: dict[str, Any], key: str, value: Any) -> None:  # noqa: ANN401 - any value
    """Put a value into a body; attributes beside those that are there."""
    outer, dot, inner = key.partition(".")
    if dot:
        _put(body, outer, {inner: value})
    else:
        body[key] = {**body.get(key, {}), **value} if isinstance(value, dict) else value


def _column(dtype: Any, meaning: str, rules: Mapping[str, Any], **more: Any) -> pa.Column:  # noqa: ANN401
    checks = [getattr(pa.Check, name)(**value) if isinstance(value, dict) else getattr(pa.Check, name)(value)
              for name, value in rules.items()]  # fmt: skip
    return pa.Column(dtype, checks=checks, description=meaning, **more)
