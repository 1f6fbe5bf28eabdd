"""What each record should show, a view per object: the declared fields over the target, or over what the room makes."""

from pathlib import Path

import duckdb

from migration_assets.objects.declaration import Declaration
from migration_assets.objects.fields import ATTRIBUTES
from migration_assets.objects.read_back import ReadBack
from migration_assets.objects.registry import compared_objects

_HERE = Path(__file__).parent


def define_expected(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make the temporary view `expected_<object>`: object, source_key, field, value, and what its room adds."""
    connection.execute((_HERE / "expected_macros.sql").read_text(encoding="utf-8"))
    connection.execute(expected_view(*compared_objects()[name]))


def expected_view(declaration: Declaration, read_back: ReadBack) -> str:
    """Return the SQL of the view."""
    made = read_back.expected
    records = declaration.records if made is None else f"({made.read_text(encoding='utf-8')})"
    values = {"object": declaration.name, "records": records, "where": declaration.where}
    fields, attributes = "", ""
    for item in declaration.fields:
        if item.compared_name is None:
            continue
        if item.type == ATTRIBUTES:
            model = read_back.attributes_of or declaration.name
            statement = (_HERE / "expected_attributes.sql").read_text(encoding="utf-8")
            attributes = statement.format(**values, column=item.table_column, model=model)
        else:
            fields += f",\n    {{'field': '{item.compared_name}', 'value': {item.expected_text}}}"
    return (
        (_HERE / "expected.sql")
        .read_text(encoding="utf-8")
        .format(
            **values,
            context="".join(f", t.{column}" for column in read_back.context),
            fields=fields,
            compared=read_back.expected_where,
            attributes=attributes,
        )
    )
