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
from migration_assets.clean import one_letter
from migration_assets.clean.sql import custom_text, key_text, quoted
from migration_assets.ground.decoding import STILL_ENCODED, UNENDED
from resources.warehouse import fetch_frame, insert_frame
from schemas.doubt_codes import DoubtCode
from schemas.source_objects import SourceObject

BATCH = 2048
"""Suspect texts in memory at once."""

_ESCAPED = r"\\u0(?:0[a-fA-F]|1[0-7])[0-9a-fA-F]"
_TWO_ASKED = r"[a-zß-öø-ÿ]\?\?[a-zß-öø-ÿ]"
_FOREIGN = rf"[^\x00-\x7F][^\x00-\x7F]|\x{{FFFD}}|{one_letter.SUSPECT}|{_ESCAPED}|{_TWO_ASKED}"
"""A letter that was decoded wrongly has become two or more, an odd one, or is lost; only there it is looked closer."""
_LEFT_OF_A_LETTER = rf"{STILL_ENCODED}|{UNENDED}|[A-Za-z]=[A-F][0-9A-F][a-z]"
"""In a line, a single encoded letter is suspect too; in a message it may be part of an address, or is read there."""
_SHOWN = 120
_QUOTED = re.compile(r"[„“]([^“”\n]{1,60})[“”]|«([^»\n]{1,60})»|»([^«\n]{1,60})«|\"([^\"\n]{1,60})\"")
_OF_LETTERS = re.compile(
    r"umlaut|zeichen|akzent|[ck]odi[fe]|encod|charset|utf-?8|unicode|latin-?1|mojibake|acc?ent|acent|caract|charact",
    re.IGNORECASE,
)
"""Words about how letters are written, in the languages that we have seen."""
_NEAR = 80
_TAG = re.compile(r"<[^<>]*>")
_LOST = re.compile(rf"\ufffd|{_ESCAPED}|{_TWO_ASKED}")
"""Letters that are no more, or not yet: f\ufffdr, f\\u00fcr as a program escapes them, gr??er as two bytes become."""
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b\w+=\S*|[A-Za-z]:\\\S+")
"""Where question marks and escapes are part of an address or a path."""
_TURKISH = re.compile(r"(?<=[A-Za-zÀ-ÿ])(?:ÅŸ|ÄŸ)(?=[a-zı]|\b)|\bÅž(?=[a-z])")
"""ş, ğ and Ş of UTF-8, of which a single one is not enough for ftfy."""


def is_mojibake(text: str) -> bool:
    """Tell whether a text has letters that were decoded wrongly, and would be another when decoded rightly."""
    return _mended(text) != text or one_letter.is_wrong(text)


def _mended(text: str) -> str:
    """Return a text with the letters that were meant, as far as they are certain."""
    text = _TURKISH.sub(lambda found: found[0].encode("cp1252").decode(), text)
    fixed = ftfy.fix_encoding(text) if is_bad(text) else text
    return fixed if fixed != text else one_letter.mended(text)


def is_doubtful(text: str) -> bool:
    """Tell whether a text has letters that were decoded wrongly or are lost, other than those that it writes about."""
    if not is_mojibake(text) and not _is_lost(text):
        return False
    rest = _QUOTED.sub(lambda found: " " if _is_meant(found) else found[0], text)
    return is_mojibake(rest) or _is_lost(rest)


def _is_lost(text: str) -> bool:
    """Tell whether a text has letters that are lost or escaped, other than in an address."""
    return _LOST.search(text) is not None and _LOST.search(_ADDRESS.sub(" ", text)) is not None


def _is_meant(found: re.Match[str]) -> bool:
    """Tell whether what is quoted means just these letters: the right ones stand there too, or words about letters."""
    quoted_words = found[found.lastindex or 0]
    right = _mended(quoted_words)
    around = found.string[max(0, found.start() - _NEAR) : found.start()] + found.string[found.end() :][:_NEAR]
    return (right != quoted_words and right in found.string) or _OF_LETTERS.search(_TAG.sub(" ", around)) is not None


def repaired(frame: pl.DataFrame, columns: Iterable[str]) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the frame with the letters of some columns as they were meant, and how many cells of each were not."""
    counts: dict[str, int] = {}
    for name in columns:
        suspect = frame[name].filter(frame[name].str.contains(_FOREIGN).fill_null(value=False)).unique()
        mended = {text: right for text in suspect if (right := _mended(text)) != text}
        if mended:
            counts[name] = int(frame[name].is_in(list(mended)).sum())
            frame = frame.with_columns(frame[name].replace(mended))
    return frame, counts


def doubt_texts(connection: duckdb.DuckDBPyConnection, item: SourceObject, custom: Iterable[str] = ()) -> None:
    """Record the texts of a clean object that are encoded still, or wrongly decoded; `custom` are its text fields."""
    connection.execute("CREATE OR REPLACE TEMP TABLE wrongly_decoded (_row BIGINT, found VARCHAR)")
    for column in item.columns:
        if column.kind in ("text", "html"):
            _doubt(connection, item, column.name, quoted(column.name), whole=column.kind == "html")
        elif column.kind == "list":
            _doubt(connection, item, column.name, f"array_to_string({quoted(column.name)}, '; ')")
    for name in custom:
        _doubt(connection, item, name, custom_text(name))
    connection.execute("DROP TABLE wrongly_decoded")


def _doubt(
    connection: duckdb.DuckDBPyConnection, item: SourceObject, name: str, text: str, *, whole: bool = False
) -> None:
    """Record the doubtful texts of one column; `whole` are those that are messages and not lines."""
    rows = (
        f'SELECT ? AS "column", {key_text(item.key)} AS key, _file AS file, _line AS line, '
        f"left({{found}}, {_SHOWN}) AS found FROM clean.{quoted(item.name)}"
    )
    still = rows.format(found=text) + f" WHERE regexp_matches({text}, ?)"
    pattern = STILL_ENCODED if whole else _LEFT_OF_A_LETTER
    step = f"clean/{item.name}"
    doubts.record(connection, step, item.name, DoubtCode.TEXT_ENCODED, still, [name, pattern])
    _note_mojibake(connection, item.name, text)
    wrong = rows.format(found="w.found") + " JOIN wrongly_decoded w USING (_row)"
    doubts.record(connection, step, item.name, DoubtCode.MOJIBAKE, wrong, [name])


def _note_mojibake(connection: duckdb.DuckDBPyConnection, name: str, text: str) -> None:
    """Write `wrongly_decoded`: the rows of one column, with what is wrong in them."""
    connection.execute("DELETE FROM wrongly_decoded")
    # By _row and not by a second connection: the table is not committed yet.
    query = f"""
        SELECT _row, {text} AS found FROM clean.{quoted(name)}
        WHERE _row > ? AND regexp_matches({text}, '{_FOREIGN}') ORDER BY _row LIMIT {BATCH}
    """
    last = 0
    while (batch := fetch_frame(connection, query, [last])).height:
        last = batch["_row"][-1]
        wrong = batch.filter(pl.Series([is_doubtful(text) for text in batch["found"]], dtype=pl.Boolean))
        if wrong.height:
            insert_frame(connection, "wrongly_decoded", wrong)
