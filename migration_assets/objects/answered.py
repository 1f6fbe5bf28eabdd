"""What an answer shows of the fields that its write has sent, by the declaration: pairs of texts, nothing judged."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from migration_assets.objects.fields import ATTRIBUTES, FieldList, ObjectField
from migration_assets.objects.shown import as_text, attribute_field, shown_text
from migration_assets.writing.answers import AnsweredFields
from migration_assets.writing.conflicts import flat


def answered(
    fields: FieldList,
    row: Mapping[str, Any],
    answer: Any,  # noqa: ANN401 - any answer
    request: str = "",
    *,
    among: Collection[str] | None = None,
) -> AnsweredFields:
    """Return what was sent and what the answer shows of each compared field, by the name under which it is compared.

    What the answer does not show at all is left out: nothing is known of it.

    Args:
        fields: the object's fields.
        row: the row as it was sent.
        answer: what Intercom has answered.
        request: the request, where the fields have places in several.
        among: the flat names of what was sent, also of what was emptied; all that the row has by default.
    """
    pairs: dict[str, tuple[str | None, str | None]] = {}
    for item in fields:
        place = item.place_in(request)
        if place is None or item.compared_name is None or not item.is_in(answer):
            continue
        sent = item.constant if item.constant is not None else row.get(item.sent or item.table_column or "")
        if item.type == ATTRIBUTES:
            pairs |= _attributes(place[0], sent, item.value_in(answer), among)
        elif (place[0] in among if among is not None else sent not in (None, [], "")) and shows(item, place[0], answer):
            pairs[item.compared_name] = (shown_text(item, sent), shown_text(item, item.value_in(answer)))
    return pairs


def shows(item: ObjectField, place: str, answer: Any) -> bool:  # noqa: ANN401 - any answer
    """Whether an answer says anything of a field, if only that it is empty."""
    if item.value_in(answer) is not None:
        return True
    outer, _, inner = place.partition(".")
    if isinstance(answer, Mapping):
        return item.name in answer
    held = getattr(answer, outer, None)
    if inner and isinstance(held, Mapping):
        return inner in held
    return bool(answer.model_fields_set & {item.name, outer, inner})


def _attributes(
    outer: str,
    sent: Any,  # noqa: ANN401 - a field's value
    shown: Mapping[str, Any],
    among: Collection[str] | None,
) -> dict[str, tuple[str | None, str | None]]:
    values = {name: value for name, value in flat({outer: _loaded(sent)}).items() if value is not None}
    names = values if among is None else [name for name in among if name.startswith(f"{outer}.")]
    inner = {name: name.removeprefix(f"{outer}.") for name in names}
    return {
        attribute_field(bare): (as_text(values.get(name)), as_text(shown[bare]))
        for name, bare in inner.items()
        if bare in shown
    }


def _loaded(value: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a field's value
    return json.loads(value) if isinstance(value, str) else value or {}
