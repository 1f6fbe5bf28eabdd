"""The few bits of SQL text that cannot be bound parameters: names of columns."""

from collections.abc import Iterable

PLACE = ("_file", "_line", "_row", "_hash")
"""Where a row came from; first in every raw and clean table."""


def quoted(name: str) -> str:
    """Return a column's or table's name as an SQL identifier, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'


def quoted_list(names: Iterable[str]) -> str:
    """Return several names, separated by commas."""
    return ", ".join(quoted(name) for name in names)


def key_text(columns: tuple[str, ...]) -> str:
    """Return the expression for a record's key as text: the key's columns joined with |."""
    return " || '|' || ".join(quoted(column) for column in columns)


def definitions(columns: dict[str, str]) -> str:
    """Return the column definitions of a CREATE TABLE from name -> type."""
    return ", ".join(f"{quoted(name)} {sql_type}" for name, sql_type in columns.items())


def custom_text(name: str) -> str:
    """Return the SQL of a custom field's value as text; NULL where the row has none."""
    path = f'$."{name}"'.replace("'", "''")
    return f"json_extract_string(custom, '{path}')"
