"""What explains that two values differ, as SQL: each field's own normalisations, by its declaration.

It judges what verification reads back as well as what each write is answered, so that both forgive the same.

A field whose two values differ is `explained` by the first that holds, and counted under its name; one that none of
them explains is a difference.
"""

from collections.abc import Mapping, Sequence
from html.entities import html5

import duckdb
import polars as pl

from migration_assets.objects.fields import ATTRIBUTES
from migration_assets.objects.normalisations import OF_RECORDS, OF_VALUES, Normalisation
from migration_assets.objects.registry import compared_objects
from migration_assets.writing.answers import AnsweredOtherwise
from resources.warehouse import insert_frame, scratch

MACROS = r"""
CREATE OR REPLACE TEMP MACRO character_of(entity) AS coalesce(
    CASE
        WHEN entity NOT LIKE '&%;' THEN entity
        WHEN entity ILIKE '&#x%' THEN TRY(chr(('0x' || entity[4:-2])::INTEGER))
        WHEN entity LIKE '&#%' THEN TRY(chr(entity[3:-2]::INTEGER))
        ELSE map_extract_value(getvariable('named_entities'), entity)
    END,
    entity);
CREATE OR REPLACE TEMP MACRO entities(x) AS array_to_string(
    list_transform(
        regexp_extract_all(x, '&#[xX][0-9a-fA-F]{1,6};|&#[0-9]{1,7};|&[A-Za-z][A-Za-z0-9]*;|[^&]+|&'),
        lambda piece: character_of(piece)),
    '');
CREATE OR REPLACE TEMP MACRO without_blanks(x) AS regexp_replace(x, '[\s\p{Z}]+', '', 'g');
CREATE OR REPLACE TEMP MACRO single_spaced(x) AS trim(regexp_replace(x, '[\s\p{Z}]+', ' ', 'g'));
CREATE OR REPLACE TEMP MACRO words_of(x) AS without_blanks(entities(regexp_replace(x, '<[^>]*>', '', 'g')));
CREATE OR REPLACE TEMP MACRO links_of(x) AS
    list_transform(regexp_extract_all(x, 'href="([^"]*)"', 1), lambda link: entities(link));
CREATE OR REPLACE TEMP MACRO images_of(x) AS len(regexp_extract_all(x, '<img\b'))
"""
"""What the conditions are put into words with. DuckDB's, and gone with the connection."""

_ENTITIES = {f"&{name}": text for name, text in html5.items() if name.endswith(";")}
"""The character references that HTML names."""

_ATTRIBUTE = "attribute.*"
"""Stands for every custom attribute."""


def declared_normalisations() -> dict[Normalisation, list[tuple[str, str]]]:
    """Return the (object, field) that each normalisation may explain, in the order in which they are tried."""
    found: dict[Normalisation, list[tuple[str, str]]] = {}
    for name, (declaration, _) in compared_objects().items():
        for item in declaration.fields:
            if item.compared_name is not None:
                field = _ATTRIBUTE if item.type == ATTRIBUTES else item.compared_name
                for normalisation in item.explained_by:
                    found.setdefault(normalisation, []).append((name, field))
    own = [item for item in found if item not in OF_VALUES]
    return {item: found[item] for item in (*own, *OF_VALUES) if item in found}


def normalisations() -> tuple[Normalisation, ...]:
    """Return all of them, in the order in which they are tried."""
    return (*declared_normalisations(), *OF_RECORDS)


def define_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Make what the conditions use known to a connection."""
    names = {"names": list(_ENTITIES), "texts": list(_ENTITIES.values())}
    connection.execute("SET VARIABLE named_entities = map($names, $texts)", names)
    connection.execute(MACROS)


def explaining(answers: Mapping[str, str] | None = None) -> str:
    """Return the SQL expression for the name of the normalisation that explains a row, NULL for none.

    `answers` are what a probe has seen the workspace do: what it was seen not to do explains nothing.
    """
    field = f"if(starts_with(field, 'attribute.'), '{_ATTRIBUTE}', field)"
    cases = [
        f"    WHEN (object, {field}) IN ({', '.join(map(str, places))}) AND ({item.holds}) THEN '{item.name}'"
        for item, places in declared_normalisations().items()
        if item.may_be(answers or {})
    ]
    cases += [f"    WHEN {item.holds} THEN '{item.name}'" for item in OF_RECORDS]
    return "CASE\n" + "\n".join(cases) + "\nEND"


def nothing_known() -> str:
    """Return, as columns that are NULL, what normalisations know of a record of any object beside the two values."""
    context = {column: kind for _, item in compared_objects().values() for column, kind in item.context.items()}
    return ", ".join(f"NULL::{kind} AS {column}" for column, kind in context.items()) or "NULL AS nothing"


_OF_A_RECORD = ("adopted", "filled", "kept", "extra_refused", "accepted")
"""What compare.sql knows of every record; an answer is of a field that was just sent, so that none of it holds."""
_DIFFERING = {"number": pl.Int64, "object": pl.String, "field": pl.String, "expected": pl.String, "found": pl.String}


def judge_answers(differing: Sequence[AnsweredOtherwise]) -> list[bool]:
    """Say of each field that an answer does not show as it was sent whether nothing explains it.

    The connection is to no file: the warehouse is not held while records are sent.
    """
    rows = [(number, *one) for number, one in enumerate(differing)]
    known = ", ".join(f"FALSE AS {column}" for column in _OF_A_RECORD)
    with scratch() as connection:
        define_macros(connection)
        insert_frame(connection, "temp.differing", pl.DataFrame(rows, schema=_DIFFERING, orient="row"), create=True)
        found = connection.execute(
            f"SELECT {explaining()} IS NULL FROM (SELECT *, {known}, {nothing_known()} FROM differing) ORDER BY number"
        ).fetchall()
    return [unexplained for (unexplained,) in found]
