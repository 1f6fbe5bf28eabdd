"""Texts that cannot be meant as they stand: still encoded, or with letters that were decoded wrongly (mojibake).

They are found and counted as doubts. Mojibake is repaired only in the columns that the mapping names. What belongs
elsewhere: decoding what is certain (`ground.decoding`).
"""

import re
from collections.abc import Iterable

import duckdb
import ftfy
import polars as pl
from ftfy.badness import is_bad

from migration_assets.accounting import doubts
from migration_assets.clean.sql import key_text, quoted
from migration_assets.ground.decoding import STILL_ENCODED
from resources.warehouse import fetch_frame, insert_frame
from schemas.doubts import DoubtCode
from schemas.source_objects import SourceObject

BATCH = 2048
"""Suspect texts in memory at once."""

_TWO_FOREIGN = r"[^\x00-\x7F][^\x00-\x7F]"
"""A letter that was decoded wrongly has become two or more; only where such stand together is it looked closer."""
_LEFT_OF_A_LETTER = rf"{STILL_ENCODED}|[A-Za-z]=[A-F][0-9A-F][a-z]"
"""In a line, a single encoded letter is suspect too; in a message it may be part of an address."""
_SHOWN = 120
_QUOTED = re.compile(r"[„“][^“”\n]{1,60}[“”]|«[^»\n]{1,60}»|»[^«\n]{1,60}«|\"[^\"\n]{1,60}\"")
"""What somebody quotes: who writes that a list shows „MÃ¼ller“ means just these letters."""


def is_mojibake(text: str) -> bool:
    """Tell whether a text has letters that were decoded wrongly, and would be another when decoded rightly."""
    return is_bad(text) and ftfy.fix_encoding(text) != text


def is_doubtful(text: str) -> bool:
    """Tell whether a text has letters that were decoded wrongly, other than those that it quotes."""
    return is_mojibake(text) and is_mojibake(_QUOTED.sub(" ", text))


def repaired(frame: pl.DataFrame, columns: Iterable[str]) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the frame with the letters of some columns as they were meant, and how many cells of each were not."""
    counts: dict[str, int] = {}
    for name in columns:
        suspect = frame[name].filter(frame[name].str.contains(_TWO_FOREIGN).fill_null(value=False)).unique()
        mended = {text: ftfy.fix_encoding(text) for text in suspect if is_mojibake(text)}
        if mended:
            counts[name] = int(frame[name].is_in(list(mended)).sum())
            frame = frame.with_columns(frame[name].replace(mended))
    return frame, counts


def doubt_texts(connection: duckdb.DuckDBPyConnection, item: SourceObject) -> None:
    """Record the texts of a clean object that are encoded still, or wrongly decoded."""
    connection.execute("CREATE OR REPLACE TEMP TABLE wrongly_decoded (_row BIGINT, found VARCHAR)")
    for column in item.columns:
        if column.kind not in ("text", "list", "html"):
            continue
        text = f"array_to_string({quoted(column.name)}, '; ')" if column.kind == "list" else quoted(column.name)
        rows = (
            f'SELECT ? AS "column", {key_text(item.key)} AS key, _file AS file, _line AS line, '
            f"left({{found}}, {_SHOWN}) AS found FROM clean.{quoted(item.name)}"
        )
        still = rows.format(found=text) + f" WHERE regexp_matches({text}, ?)"
        pattern = STILL_ENCODED if column.kind == "html" else _LEFT_OF_A_LETTER
        step = f"clean/{item.name}"
        doubts.record(connection, step, item.name, DoubtCode.TEXT_ENCODED, still, [column.name, pattern])
        _note_mojibake(connection, item.name, text)
        wrong = rows.format(found="w.found") + " JOIN wrongly_decoded w USING (_row)"
        doubts.record(connection, step, item.name, DoubtCode.MOJIBAKE, wrong, [column.name])
    connection.execute("DROP TABLE wrongly_decoded")


def _note_mojibake(connection: duckdb.DuckDBPyConnection, name: str, text: str) -> None:
    """Write `wrongly_decoded`: the rows of one column, with what is wrong in them."""
    connection.execute("DELETE FROM wrongly_decoded")
    # By _row and not by a second connection: the table is not committed yet.
    query = f"""
        SELECT _row, {text} AS found FROM clean.{quoted(name)}
        WHERE _row > ? AND regexp_matches({text}, '{_TWO_FOREIGN}') ORDER BY _row LIMIT {BATCH}
    """
    last = 0
    while (batch := fetch_frame(connection, query, [last])).height:
        last = batch["_row"][-1]
        wrong = batch.filter(pl.Series([is_doubtful(text) for text in batch["found"]], dtype=pl.Boolean))
        if wrong.height:
            insert_frame(connection, "wrongly_decoded", wrong)
