"""Whether every word of the source is in what is to be sent, in its order: all titles and texts, compared in batches.

What is missing or moved is a doubt, with its file and line. What belongs elsewhere: reading a text's words
(`objects.conversation.words`), and what a doubt means for the run (`accounting.doubts`).
"""

from pathlib import Path

import duckdb
import polars as pl

from migration_assets.objects.conversation.words import WordsCompared, compared
from resources.warehouse import insert_frame, second_connection
from schemas.doubt_codes import DoubtCode

BATCH = 2048
"""Texts in memory at once."""
STEP = "target/conversations"
SHOWN = 120
"""Letters of what is missing that are shown."""

_TEXTS = """
    SELECT s."column", s.key, s.file, s.line, s.text AS source, s.field = 'text' AS markup,
        s.field <> 'title' AS ordered,
        CASE s.field WHEN 'text' THEN p.body WHEN 'title' THEN c.title ELSE c.description END AS shown
    FROM target.source_texts s
    LEFT JOIN target.parts p ON s.object = 'part' AND p.source_key = s.source_key
    LEFT JOIN target.conversations c ON s.object = 'conversation' AND c.source_key = s.source_key
    WHERE s.source = ?
"""
_DOUBT = """
    INSERT INTO doubt.rows (step, object, code, "column", key, file, line, found, rows)
    SELECT ?, ?, ?, "column", key, file, line, found, 1 FROM wanting_words
"""
_FOUND = {
    "column": pl.String, "key": pl.String, "file": pl.String, "line": pl.Int64, "found": pl.String,
}  # fmt: skip


def compare_words(connection: duckdb.DuckDBPyConnection, _drop: Path) -> None:
    """Record a doubt for each text of which words are missing; write `target.words_compared`, texts per object."""
    connection.execute("CREATE OR REPLACE TABLE target.words_compared (object VARCHAR, texts BIGINT, losing BIGINT)")
    for name in ("messages", "tickets"):
        insert_frame(connection, "wanting_words", pl.DataFrame(schema=_FOUND), create=True)
        texts = losing = 0
        with second_connection(connection) as reading:
            for arrow in reading.sql(_TEXTS, params=[name]).to_arrow_reader(BATCH):
                batch = pl.DataFrame(arrow)
                found = lost_in(batch)
                texts, losing = texts + batch.height, losing + found.height
                if found.height:
                    insert_frame(connection, "wanting_words", found)
        connection.execute(_DOUBT, [STEP, name, DoubtCode.WORDS_LOST.value])
        connection.execute("INSERT INTO target.words_compared VALUES (?, ?, ?)", [name, texts, losing])
        connection.execute("DROP TABLE wanting_words")


def lost_in(batch: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a batch in which words are missing, with what is missing in place of the texts."""
    found = [
        _said(compared(source, shown, markup=markup, ordered=ordered))
        for source, shown, markup, ordered in zip(
            batch["source"], batch["shown"], batch["markup"], batch["ordered"], strict=True
        )
    ]
    series = pl.Series("found", found, dtype=pl.String)
    return batch.with_columns(series).filter(series.is_not_null()).select(list(_FOUND))


def _said(text: WordsCompared) -> str | None:
    """Return in words what a text lost; None where it is whole."""
    said = ((text.lost, "missing"), (text.moved, "out of order"), (text.joined, "lines without their break"))
    return "; ".join(_counted(words, what) for words, what in said if words) or None


def _counted(words: list[str], what: str) -> str:
    text = " ".join(words)
    return f"{len(words)} {what}: {text if len(text) <= SHOWN else text[:SHOWN] + '…'}"
