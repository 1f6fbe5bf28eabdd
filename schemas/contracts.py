"""The pandera contract of every source object: what its tidied text must look like before it is typed.

One schema per object, made from its columns and `schemas/column_types.py`. The checks bear the names of the rules, so
that a failure case says by itself which rule it broke. Texts are never coerced: coercing one bad column hides what is
wrong with the next.
"""

from collections.abc import Mapping as MappingOf
from functools import cache

import pandera.errors
import pandera.polars as pa
import polars as pl

from schemas.column_types import CUSTOM_KINDS, KINDS, Shape
from schemas.source import OBJECTS

MISSING = "missing_value"
"""The rule that an empty required cell breaks; pandera calls the check not_nullable."""

_FAILURE_SCHEMA = {"index": pl.Int64, "column": pl.String, "rule": pl.String}


class ContractBroken(RuntimeError):
    """A frame does not have the columns or types of its contract: our own mistake, never the customer's."""


def _check(shape: Shape) -> pa.Check:
    def holds(data: pa.PolarsData) -> pl.LazyFrame:
        found = pl.col(data.key).str.contains(shape.pattern)
        return data.lazyframe.select(~found if shape.refuses else found)

    return pa.Check(holds, name=shape.rule)


def _column(kind: str, description: str, *, required: bool) -> pa.Column:
    return pa.Column(
        pl.String,
        checks=[_check(shape) for shape in KINDS[kind].shapes],
        nullable=not required,
        description=description,
        metadata={"kind": kind},
    )


@cache
def contract(object_name: str) -> pa.DataFrameSchema:
    """Return the contract of the object's landed and tidied text, without custom fields."""
    columns = OBJECTS[object_name].columns
    return pa.DataFrameSchema(
        {
            item.name: _column(item.kind, item.description, required=item.name in OBJECTS[object_name].required_columns)
            for item in columns
        },
        name=object_name,
    )


def contract_with(object_name: str, custom: MappingOf[str, str]) -> pa.DataFrameSchema:
    """Return the contract with the customer's custom fields added: column name -> type in `mapping.yaml`."""
    extra = {name: _column(CUSTOM_KINDS[kind], "A custom field.", required=False) for name, kind in custom.items()}
    return contract(object_name).add_columns(extra) if extra else contract(object_name)


@cache
def typed_contract(object_name: str) -> pa.DataFrameSchema:
    """Return what the typed table must look like; breaking it is a mistake in the typing, not in the data."""
    return pa.DataFrameSchema(
        {
            item.name: pa.Column(
                KINDS[item.kind].dtype,
                nullable=item.name not in OBJECTS[object_name].required_columns,
                description=item.description,
            )
            for item in OBJECTS[object_name].columns
        },
        name=object_name,
    )


def violations(schema: pa.DataFrameSchema, frame: pl.DataFrame) -> pl.DataFrame:
    """Return every cell that breaks the contract, once: `index` (0-based row in the frame), `column`, `rule`.

    Raises:
        ContractBroken: the frame lacks a column or a column is not of its type. The message names columns only.
    """
    try:
        # Eager: pandera checks only the column names of a LazyFrame and lets every bad value pass.
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases
    else:
        return pl.DataFrame(schema=_FAILURE_SCHEMA)
    whole = cases.filter(pl.col("index").is_null())
    if not whole.is_empty():
        named = ", ".join(sorted(set(whole["column"].fill_null("?")) | set(whole["check"].fill_null("?"))))
        raise ContractBroken(f"{schema.name}: columns or types are not those of the contract: {named}")
    # One fault per cell: a cell that a spreadsheet broke also fails every later check of its column.
    cases = cases.sort("check_number", nulls_last=False).unique(["index", "column"], keep="first", maintain_order=True)
    return cases.select(
        pl.col("index").cast(pl.Int64),
        pl.col("column"),
        pl.col("check").replace({"not_nullable": MISSING}).alias("rule"),
    )
