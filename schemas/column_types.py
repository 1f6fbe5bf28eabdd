"""What the kinds of `schemas/itco.py` mean: the shapes a cell may have as text, and the type it gets.

Here is only what can be said of one cell by itself. What needs the rest of the column (day/month order, decimal
mark) or the mapping is decided in `migration_assets/clean`.
"""

from dataclasses import dataclass

import polars as pl

EXCEL_ERROR = (
    r"(?i)^(?:#(?:REF!|N/[ABD]!?|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|ERROR!|FIELD!|BLOCKED!|CONNECT!|BUSY!|"
    r"UNKNOWN!|EXTERNAL!|GETTING_DATA|NV|BEZUG!|WERT!|ZAHL!|LEER!|FEHLER!|VALEUR!|NOM\?|NOMBRE!|NUL!|"
    r"[¡¿]?(?:REF|VALOR|NOMBRE|DIV/0|NUM|NULO)[!?]|RIF!|VALORE!|NOME\?|VERW!|WAARDE!|NAAM\?|DEEL/0!|GETAL!|LEEG!|"
    r"ADR!|ARG!|NAZWA\?|DZIEL/0!|LICZBA!|ZERO!|#{2,})|Err:5\d\d)$"
)
"""A cell that a spreadsheet filled with an error instead of its value, in its English, German, French, Spanish,
Italian, Portuguese, Dutch and Polish words; `#####` is a column that was too narrow when its text was copied."""

SCIENTIFIC = r"^[+-]?(?:\d{1,3}(?:[.,]\d+)?[eE][+-]\d{1,3}|\d[.,]\d+[eE]\d{1,3}|\d[eE]\d{1,2})$"
"""A number in scientific notation. One digit before the mark (three with a sign after the E), so that a
hexadecimal id such as 507e19108123 is not taken for one."""

_TIME = (
    r"(?:[T ,]+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r" ?(?P<half>[AaPp]\.?[Mm]\.?)? ?(?P<zone>[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)

CALENDAR = (
    r"^(?:\p{L}{2,10}\.?,? )?(?:"
    r"(?P<y1>[0-9]{4})[-/.](?P<m1>[0-9]{1,2})[-/.](?P<d1>[0-9]{1,2})"  # 2024-03-05, the year first
    r"|(?P<d2>[0-9]{1,2})\. ?(?P<m2>[0-9]{1,2})\. ?(?P<y2>[0-9]{4})"  # 05.03.2024: with dots the day is always first
    r"|(?P<a>[0-9]{1,2})[/-](?P<b>[0-9]{1,2})[/-](?P<y3>[0-9]{4})"  # 05/03/2024: the column's evidence decides
    r"|(?P<d4>[0-9]{1,2})\.?[ -](?P<m4>\p{L}{3,10})\.?,?[ -](?P<y4>[0-9]{4})"  # 5 March 2024
    r"|(?P<m5>\p{L}{3,10})\.? (?P<d5>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<y5>[0-9]{4})"  # March 5th, 2024
    r")" + _TIME + r"$"
)
"""A date with an optional time and zone. Years have four digits: 05.03.24 is refused."""

COUNTED = r"^(?:0|[0-9]{5}(?:[.,][0-9]{1,12})?|[0-9]{10}(?:\.[0-9]{1,9})?|[0-9]{13})$"
"""A time as a number: a spreadsheet's day count, unix seconds, unix milliseconds, and 0, the time that is none."""

NUMBER = r"^[+-]?(?:[0-9]+|[0-9]{1,3}(?:[., '’][0-9]{3})+|(?:[0-9]+|[0-9]{1,3}(?:[., '’][0-9]{3})+)[.,][0-9]+)$"
"""A number with or without thousands separators and decimals."""

_ADDRESS = r"[^\s<>@,;\"]+@[^\s<>@,;\"]+\.[^\s<>@,;\"]+"


@dataclass(frozen=True)
class Shape:
    """A check on a cell's text, named like the rule that it applies.

    With `refuses`, the text must not match the pattern; without, it must.
    """

    rule: str
    pattern: str
    refuses: bool = False


@dataclass(frozen=True)
class ColumnType:
    """One kind of column: its type in `clean` (as DuckDB and as polars name it) and the shapes of its text."""

    sql_type: str
    dtype: pl.DataType
    meaning: str
    shapes: tuple[Shape, ...] = ()


_EXCEL = Shape("excel_error", EXCEL_ERROR, refuses=True)
_LIST = pl.List(pl.String())


def _text(meaning: str, *shapes: Shape) -> ColumnType:
    return ColumnType("VARCHAR", pl.String(), meaning, (_EXCEL, *shapes))


KINDS: dict[str, ColumnType] = {
    "id": _text("An id, kept as text.", Shape("scientific_id", SCIENTIFIC, refuses=True)),
    "text": _text("A line of text."),
    "choice": _text("A word out of a list, in the customer's own words."),
    "html": _text("HTML or plain text, kept as it is."),
    "url": _text("An internet address."),
    "domain": _text("An internet domain, without scheme, www and path."),
    "email": _text("A bare e-mail address, lower case.", Shape("bad_email", _ADDRESS)),
    "phone": _text("A phone number in E.164, e.g. +493012345678.", Shape("bad_phone", r"\d(?:.*\d){2}")),
    "timestamp": ColumnType(
        "TIMESTAMP",
        pl.Datetime("us"),
        "An instant, in UTC.",
        (_EXCEL, Shape("bad_timestamp", f"(?:{CALENDAR}|{COUNTED})")),
    ),
    "date": ColumnType(
        "BIGINT",
        pl.Int64(),
        "A day or an instant, in unix seconds.",
        (_EXCEL, Shape("bad_date", f"(?:{CALENDAR}|{COUNTED})")),
    ),
    "integer": ColumnType("BIGINT", pl.Int64(), "A whole number.", (_EXCEL, Shape("bad_number", NUMBER))),
    "number": ColumnType("DOUBLE", pl.Float64(), "A number.", (_EXCEL, Shape("bad_number", NUMBER))),
    "boolean": ColumnType("BOOLEAN", pl.Boolean(), "True or false.", (_EXCEL,)),
    "list": ColumnType("VARCHAR[]", _LIST, "Several words, each once.", (_EXCEL,)),
    "email_list": ColumnType("VARCHAR[]", _LIST, "Several e-mail addresses, each once.", (_EXCEL,)),
}
"""Every kind by name: those of `schemas.source_objects.Column`, and date and number, which only custom fields have."""

CUSTOM_KINDS: dict[str, str] = {
    "string": "text",
    "boolean": "boolean",
    "date": "date",
    "number": "number",
    "select": "choice",
    "multi_select": "list",
}
"""The kind of a custom field by its type in `mapping.yaml`."""
