"""From a batch of scanned records to a frame of text and the records that are held back.

The values are read by polars' CSV parser, which is independent of our scanner; both must agree on the number of
records and on the number of bytes in them, or the file is refused.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from migration_assets.ground.column_name import normalise
from migration_assets.itco.decode import UTF8_BOM
from migration_assets.itco.dialect import cells_of
from migration_assets.itco.headers import HeaderCell, known_cells
from migration_assets.itco.meaning import is_totals, plausible, totals_candidates
from migration_assets.itco.scan import (
    BLANK,
    CUT,
    GOOD,
    HEADER,
    LONG,
    SHORT,
    STRAY,
    TOTALS,
    RecordBatch,
    UnreadableError,
)
from migration_assets.itco.structure import Flags, Ints
from schemas.source_objects import SourceObject


@dataclass(frozen=True)
class Held:
    """A record that is held back.

    `line` and `row` are 1-based. `continues` tells that it follows a misplaced quote closely enough to be a piece
    of the record before it.
    """

    line: int
    row: int
    rule: int
    fields: int
    raw: bytes
    continues: bool


@dataclass
class Rows:
    """One batch, read: `frame` has the file's columns by position (`c0`…), `_line` and `_row`."""

    frame: pl.DataFrame
    records: int
    blank: int
    held: list[Held] = field(default_factory=list)
    doubtful: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


class RowReader:
    """Reads the batches of one file; `row` counts the records of the object, held back ones too."""

    def __init__(
        self, header: Sequence[HeaderCell], item: SourceObject, given: Mapping[str, str], delimiter: str, row: int
    ) -> None:
        self._header = list(header)
        self._item = item
        self._given = given
        self._delimiter = delimiter
        self._row = row
        self._names = [f"c{number}" for number in range(len(header))]
        self._header_names = [normalise(cell.found) for cell in header]
        self._header_like = _spellings([*(cell.found for cell in header), *item.by_name, *given])

    def read(self, batch: RecordBatch) -> Rows:
        """Read the good records and say which of the others are held back, and why.

        Raises:
            UnreadableError: parser and scanner disagree, or a second, different header stands in the file.
        """
        good = np.flatnonzero(batch.rule == GOOD)
        frame = self._parse(batch, good)
        rule = batch.rule.copy()
        self._judge(batch, frame, good, rule)
        for index in np.flatnonzero((rule == SHORT) | (rule == LONG) | (rule == CUT)).tolist():
            self._judge_ragged(batch, index, rule)
        is_record = rule != BLANK
        row = self._row + np.cumsum(is_record)
        stays = rule[good] == GOOD
        kept = good[stays]
        if len(kept) != len(good):
            frame = frame.filter(pl.Series(stays))
        frame = frame.with_columns(_line=pl.Series(batch.line[kept]), _row=pl.Series(row[kept]))
        held = [
            Held(
                int(batch.line[index]),
                int(row[index]),
                int(rule[index]),
                int(batch.fields[index]),
                batch.text(index),
                bool(batch.doubtful[index]),
            )
            for index in np.flatnonzero(is_record & (rule != GOOD)).tolist()
        ]
        self._row = int(row[-1]) if len(row) else self._row
        doubtful = batch.line[kept[batch.doubtful[kept]]]
        return Rows(frame, int(is_record.sum()), int((~is_record).sum()), held, doubtful)

    def _parse(self, batch: RecordBatch, good: Ints) -> pl.DataFrame:
        schema = dict.fromkeys(self._names, pl.String)
        if not len(good):
            return pl.DataFrame(schema=schema)
        line = int(batch.line[good[0]])
        text = _compact(batch, good)
        # The parser drops a carriage return that stands alone in a value without quotes.
        stand_in = _unused_character(text) if batch.lone_cr else ""
        if stand_in:
            text = text.replace(b"\r", stand_in.encode())
        try:
            frame = pl.read_csv(
                io.BytesIO(text),
                has_header=False,
                infer_schema=False,
                schema=schema,
                separator=self._delimiter,
                quote_char='"',
                eol_char="\n",
                empty_string_is_null=True,
                truncate_ragged_lines=False,
            )
        except pl.exceptions.PolarsError as error:  # its message quotes the file's text: only its kind is told
            raise UnreadableError(
                line, f"the CSV parser refuses {len(good)} records from here on ({type(error).__name__})"
            ) from None
        if stand_in:
            frame = frame.with_columns(pl.all().str.replace_all(stand_in, "\r", literal=True))
        read = sum(frame.select(pl.all().str.len_bytes().sum()).row(0)) if frame.height else 0
        if frame.height != len(good) or read != int(batch.content[good].sum()):
            raise UnreadableError(
                line,
                f"two independent counts differ from here on: {len(good)} records with "
                f"{int(batch.content[good].sum())} bytes of text by one, {frame.height} with {read} by the other",
            )
        quoted_empty = frame.select((pl.all() == "").any()).row(0)
        return frame.with_columns(
            pl.when(pl.col(name) != "").then(pl.col(name)).alias(name)
            for name, found in zip(self._names, quoted_empty, strict=True)
            if found
        )

    def _judge(self, batch: RecordBatch, frame: pl.DataFrame, good: Ints, rule: np.ndarray) -> None:
        """Find blank rows, repeated headers, totals, and implausible rows after a misplaced quote."""
        if not frame.height:
            return
        if min(frame.null_count().row(0)) > 0:
            empty = frame.select(pl.all_horizontal(pl.all().is_null())).to_series().to_numpy()
            rule[good[empty]] = BLANK
        like = frame[self._names[0]].str.strip_chars("\ufeff \t\r\n").str.to_lowercase().is_in(list(self._header_like))
        for index in np.flatnonzero(like.fill_null(False).to_numpy()).tolist():
            self._judge_header(batch, int(good[index]), frame.row(index), rule)
        for index in totals_candidates(frame).tolist():
            if rule[good[index]] == GOOD and is_totals(frame.row(index), len(self._names)):
                rule[good[index]] = TOTALS
        doubtful: Flags = batch.doubtful[good]
        if doubtful.any():
            trusted = plausible(frame, self._header, self._item)
            rule[good[doubtful & ~trusted & (rule[good] == GOOD)]] = STRAY

    def _judge_ragged(self, batch: RecordBatch, index: int, rule: np.ndarray) -> None:
        """Tell a repeated header and a totals line with fewer cells from a damaged record."""
        cells = cells_of(batch.text(index), self._delimiter)
        if not cells:
            return
        if cells[0].strip("\ufeff \t\r\n").lower() in self._header_like:
            self._judge_header(batch, index, cells, rule)
        if is_totals(cells, len(self._names)):
            rule[index] = TOTALS

    def _judge_header(self, batch: RecordBatch, index: int, cells: Sequence[str | None], rule: np.ndarray) -> None:
        found = [cell or "" for cell in cells]
        if [normalise(cell) for cell in found] == self._header_names:
            rule[index] = HEADER
            return
        required, known = known_cells(found, self._item, self._given)
        if required == len(self._item.required_columns) and known > 1:
            raise UnreadableError(
                int(batch.line[index]),
                "a second header with other columns than the first. Files with different columns were joined: "
                "split the file here into two parts",
            )


def _spellings(names: Iterable[str]) -> set[str]:
    """Return the usual ways to write the names in lower case; a row whose first cell is none is no header."""
    plain = {name.strip().strip("\ufeff").strip().lower() for name in names}
    return {
        name.replace("_", sign).replace(" ", sign) for name in plain if name for sign in ("_", " ", "-", "")
    } | plain


def _unused_character(text: bytes) -> str:
    """Return a character of Unicode's private use area that the text does not have."""
    return next(sign for sign in map(chr, range(0xF0000, 0xFFFFD)) if sign.encode() not in text)


def _compact(batch: RecordBatch, good: Ints) -> bytes:
    """Return the good records as bytes, each ended by one line feed."""
    last = int(batch.stop[good[-1]])
    if len(good) == len(batch.rule):
        trimmed = batch.stop - batch.end
        data = batch.data[:last].copy()
        data[batch.stop[batch.stop < last]] = 10
        if trimmed.any():
            keep = np.ones(len(data), dtype=bool)
            for distance in range(1, int(trimmed.max()) + 1):
                keep[batch.stop[trimmed >= distance] - distance] = False
            data = data[keep]
        text = data.tobytes() + b"\n"
    else:
        text = _pick(batch, good)
    # The parser takes a byte order mark at its start for no text; a record may well start with one.
    return UTF8_BOM + text if text.startswith(UTF8_BOM) else text


def _pick(batch: RecordBatch, good: Ints) -> bytes:
    """Copy only the good records."""
    marks = np.zeros(len(batch.data) + 1, dtype=np.int8)
    marks[batch.start[good]] += 1
    marks[batch.end[good]] -= 1
    keep = np.cumsum(marks, dtype=np.int8)[:-1].astype(bool)
    data = batch.data.copy()
    ends = batch.stop[good]
    ends = ends[ends < len(data)]
    keep[ends], data[ends] = True, 10
    text = data[keep].tobytes()
    return text if text.endswith(b"\n") and len(ends) == len(good) else text + b"\n"
