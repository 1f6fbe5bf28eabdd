"""Search queries: from Intercom's filters to a WHERE clause with bound values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from embedded_intercom.protocol.checks import number
from embedded_intercom.protocol.errors import ApiError, invalid
from embedded_intercom.state.store import Value

MAX_FILTERS = 15
MAX_LEVELS = 2

Clause = tuple[str, list[Value]]

_STRING = {"=", "!=", "IN", "NIN", "~", "!~", "^", "$"}
_NUMBER = {"=", "!=", "IN", "NIN", ">", "<", ">=", "<="}
_EQUAL = {"=", "!=", "IN", "NIN"}
OPERATORS = {
    "string": _STRING,
    "email": _STRING,
    "words": {"=", "!=", "~", "!~"},
    "id": _EQUAL,
    "category": _EQUAL,
    "integer": _NUMBER,
    "number": _NUMBER,
    "date": _NUMBER,
    "day": {"=", "<", ">"},
    "moment": {"=", "!=", ">", "<"},
    "count": {"=", "!=", "IN", "NIN", ">", "<"},
    "boolean": {"=", "!="},
    "tag": {"=", "!="},
}
_NEGATED = {"!=": "=", "NIN": "IN", "!~": "~"}
_CATEGORIES = {"request": "Customer", "task": "Back-office", "tracker": "Tracker"}


@dataclass(frozen=True)
class Field:
    """A searchable field: its SQL expression, its kind, and the subquery it lives in (`{}` takes the test)."""

    expression: str
    kind: str = "string"
    within: str = "{}"


Finder = Callable[[str], Field | None]


def _unknown(name: str) -> ApiError:
    return ApiError(400, "field_not_found", f"Field {name} is not a searchable field")


@dataclass(frozen=True)
class Compiler:
    """Turns one object's queries into SQL."""

    fields: Mapping[str, Field]
    zone: ZoneInfo
    dynamic: Finder | None = None
    """Finds fields that depend on the workspace, such as custom attributes."""
    unknown: Callable[[str], ApiError] = _unknown
    """The refusal of a field that there is not."""

    def compile(self, query: object) -> Clause:
        """Return the WHERE clause of a query.

        Raises:
            ApiError: 400 for an unknown field, an operator or value its type does not take, too many filters or levels.
        """
        if not isinstance(query, dict) or not query:
            raise invalid("query is required and must be an object")
        return self._node(query, 1)

    def _node(self, node: Any, level: int) -> Clause:  # noqa: ANN401 - not yet checked
        if not isinstance(node, dict):
            raise invalid("A search filter must be an object")
        return self._group(node, level) if node.get("operator") in {"AND", "OR"} else self._single(node)

    def _group(self, node: dict[str, Any], level: int) -> Clause:
        children = node.get("value")
        if not isinstance(children, list) or not children:
            raise invalid("The value of AND and OR must be an array of filters")
        if level > MAX_LEVELS:
            raise invalid(f"There's a limit of max {MAX_LEVELS} nested filters")
        if len(children) > MAX_FILTERS:
            raise invalid(f"There's a limit of max {MAX_FILTERS} filters for each AND or OR group")
        parts = [self._node(child, level + 1) for child in children]
        joined = f" {node['operator']} ".join(f"({sql})" for sql, _ in parts)
        return joined, [value for _, values in parts for value in values]

    def _single(self, node: dict[str, Any]) -> Clause:
        name, operator = node.get("field"), node.get("operator")
        if not isinstance(name, str) or not isinstance(operator, str) or "value" not in node:
            raise invalid("A search filter needs field, operator and value")
        field = self.fields.get(name) or (self.dynamic(name) if self.dynamic else None)
        if field is None:
            raise self.unknown(name)
        if operator not in OPERATORS[field.kind]:
            raise invalid(f"Operator {operator} is not supported for the field {name}")
        return self._filter(name, field, operator, node["value"])

    def _filter(self, name: str, field: Field, operator: str, given: Any) -> Clause:  # noqa: ANN401 - not yet checked
        positive = _NEGATED.get(operator, operator)
        if positive == "IN":
            if not isinstance(given, list) or not given:
                raise invalid(f"The value of {operator} must be an array")
            values = [_value(name, field.kind, value) for value in given]
            test, bound = f"{field.expression} IN ({','.join('?' * len(values))})", values
        elif field.kind == "day":
            test, bound = self._day(field.expression, positive, _value(name, field.kind, given))
        else:
            test, bound = _compare(field, positive, _value(name, field.kind, given))
        sql = field.within.format(test)
        # A missing value is unequal to everything, as a person would read it; SQL alone would drop it.
        return (f"NOT coalesce(({sql}), 0)" if operator in _NEGATED else sql), bound

    def _day(self, expression: str, operator: str, value: Value) -> Clause:
        moment = datetime.fromtimestamp(int(value or 0), UTC).astimezone(self.zone)
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        begins = int(midnight.timestamp())
        ends = int((midnight + timedelta(days=1)).timestamp())
        if operator == "<":
            return f"{expression} < ?", [begins]
        if operator == ">":
            return f"{expression} >= ?", [ends]
        return f"({expression} >= ? AND {expression} < ?)", [begins, ends]


def _compare(field: Field, operator: str, value: Value) -> Clause:
    expression = field.expression
    if operator == "=" and field.kind == "words":
        return f"has_word({expression}, ?)", [value]
    if operator == "=":
        return f"{expression} IS ?", [value]
    if operator in {"<", ">", "<=", ">="}:
        return f"{expression} {operator} ?", [value]
    text = str(value).lower()
    if operator == "~":
        return f"instr(lower({expression}), ?) > 0", [text]
    if operator == "^":
        return f"substr(lower({expression}), 1, length(?)) = ?", [text, text]
    return f"length({expression}) >= length(?) AND substr(lower({expression}), -length(?)) = ?", [text, text, text]


_ACCEPTED: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "count": (int,),
    "date": (int,),
    "day": (int,),
    "moment": (int,),
    "number": (int, float),
}


def _value(name: str, kind: str, given: Any) -> Value:  # noqa: ANN401 - not yet checked
    if given is None and kind not in {"day", "date", "moment", "words"}:
        return None
    if kind == "boolean":
        return int(_typed(name, given, (bool,)))
    if kind in _ACCEPTED:
        # Numbers may come as text: Intercom's own examples send unix times in quotes.
        plain = number(given) if isinstance(given, str) else given
        found: Value = _typed(name, plain, _ACCEPTED[kind])
        return found
    if kind in {"id", "tag"}:
        value = number(given) if isinstance(given, str) else _typed(name, given, (int,))
        return -1 if value is None else value
    text: str = _typed(name, given, (str,))
    if kind == "category":
        return _CATEGORIES.get(text, "")
    return text.strip().lower() if kind == "email" else text


def _typed(name: str, value: Any, kinds: tuple[type, ...]) -> Any:  # noqa: ANN401 - not yet checked
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise invalid(f"The value for the field {name} has the wrong type")
    return value
