"""Intercom's answers as rows of (object, intercom id, field, value): what it shows, as text, and nothing judged.

Numbers, flags and times are written as JSON writes them, sets sorted, an option by its label, an empty value as None.
A record that is there has the field `present`. Everything here is pure.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from migration_assets.objects.declaration import Declaration
from migration_assets.objects.fields import ATTRIBUTES, TEXTS, ObjectField

FieldRow = tuple[str, str, str, str | None]
"""(object, Intercom's id, field, value)."""

Show = Callable[[Any, Any], Iterable[FieldRow]]
"""Returns the rows of an answer, given with what was learnt before the answers of its kind are read."""


def as_text(value: Any) -> str | None:  # noqa: ANN401 - any value of a JSON answer
    """Return a value as text; None for what is empty."""
    if value is None or value == "":
        return None
    if isinstance(value, bool | int | float):
        return json.dumps(int(value) if isinstance(value, float) and value.is_integer() else value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def attribute_field(name: str) -> str:
    """Return the field that holds a custom attribute."""
    return f"attribute.{name}"


def listed(values: Iterable[str | None]) -> str | None:
    """Return a set of texts as one text."""
    return ", ".join(sorted(value for value in values if value)) or None


def field_rows(object_name: str, key: str, values: Mapping[str, Any]) -> list[FieldRow]:
    """Return the rows of a record that is there."""
    return [(object_name, key, "present", "true"), *((object_name, key, f, as_text(v)) for f, v in values.items())]


def shown_text(item: ObjectField, value: Any) -> str | None:  # noqa: ANN401 - a field's value
    """Return a declared field's value as text, whether it was sent or is shown: a set of texts as one."""
    return listed(value) if item.type == TEXTS and isinstance(value, list) else as_text(value)


def declared_values(declaration: Declaration, answer: Any) -> dict[str, Any]:  # noqa: ANN401 - any answer
    """Return what an answer shows of the declared fields that are compared, by the names under which they are."""
    values: dict[str, Any] = {}
    for item in declaration.fields:
        if item.compared_name is None or not item.is_in(answer):
            continue
        value = item.value_in(answer)
        if item.type == ATTRIBUTES:
            values |= {attribute_field(name): one for name, one in value.items()}
        else:
            values[item.compared_name] = shown_text(item, value)
    return values


def declared(declaration: Declaration) -> Show:
    """Return how an answer that is one record, told apart by its id, shows the declared fields."""

    def rows(answer: Any, _learnt: object) -> list[FieldRow]:  # noqa: ANN401 - any answer
        return field_rows(declaration.name, answer.id, declared_values(declaration, answer))

    return rows
