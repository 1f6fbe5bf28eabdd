"""Landing one object: every part of it as text into `raw.<object>`, every record landed or quarantined.

What belongs elsewhere: whether the numbers agree with what the person who exported stated (`checks.py`).
"""

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from migration_assets.itco import oddities, store
from migration_assets.itco.corrections import Corrections, land_corrections
from migration_assets.itco.count import FileCount
from migration_assets.itco.decode import utf8_blocks
from migration_assets.itco.drop import Drop
from migration_assets.itco.faults import Findings, LandingError, RefusedFileError
from migration_assets.itco.part import OpenPart, open_part
from migration_assets.itco.rows import RowReader
from migration_assets.itco.scan import CHUNK, CUT, HEADER, RULES, STRAY, TOTALS, UnreadableError, scan
from migration_assets.itco.second_count import count_rows
from resources.warehouse import scalar, transaction
from schemas.mapping import Mapping
from schemas.source import OBJECTS

# DuckDB writes row groups of 122,880 rows, each on one thread.
_INSERT_ROWS = 2 * 122_880
_INSERT_BYTES = 1 << 26


@dataclass(frozen=True)
class LandedObject:
    """What landing an object came to; `bytes` is the size of its files.

    `corrected` are the rows that a person corrected, `left_out` those that are left out for one, of all its records.
    """

    object: str
    files: int
    records: int
    landed: int
    quarantined: int
    findings: int
    bytes: int
    corrected: int = 0
    left_out: int = 0


def land_object(
    connection: duckdb.DuckDBPyConnection,
    drop: Drop,
    mapping: Mapping,
    object_name: str,
    *,
    rejects: Path | None = None,
    chunk: int = CHUNK,
) -> LandedObject:
    """Land all files of an object, or nothing of it.

    Args:
        connection: The warehouse.
        drop: The sorted out folder.
        mapping: For headers, encodings and delimiters that a person named.
        object_name: A name of `schemas.source.OBJECTS`; without files its table is made and left empty.
        rejects: The folder of rows that were given back; what a person corrected in them is landed as well.
        chunk: How many bytes to look at together.

    Raises:
        LandingError: every file that cannot be read safely, with line, reason and what to do.
    """
    parts = _open_all(drop, mapping, object_name)
    findings = Findings()
    extra = [name for part in parts for name in part.columns if name not in OBJECTS[object_name].by_name]
    counts: list[FileCount] = []
    with transaction(connection):
        store.clear(connection, object_name, list(dict.fromkeys(extra)))
        for part in parts:
            count = _land_part(connection, part, mapping, sum(done.records for done in counts), chunk)
            counts.append(count)
            store.insert_records(connection, "files", [_file_row(part, count, drop)])
            oddities.note(part, count, drop, findings)
        records, added = sum(count.records for count in counts), Corrections()
        if rejects is not None:
            added = land_corrections(connection, OBJECTS[object_name], mapping, rejects, records, len(parts) + 1)
        oddities.note_object(parts, mapping.headers.get(object_name, {}), findings)
        store.insert_findings(connection, object_name, findings.items)
    return LandedObject(
        object=object_name,
        files=len(parts),
        records=records + added.landed,
        landed=sum(count.landed for count in counts) + added.landed,
        quarantined=sum(count.quarantined for count in counts),
        findings=len(findings.items),
        bytes=sum(part.survey.size for part in parts) + added.bytes,
        corrected=added.landed,
        left_out=added.left_out,
    )


def _open_all(drop: Drop, mapping: Mapping, object_name: str) -> list[OpenPart]:
    """Open every part first, so that a person sees the faults of all of them at once."""
    parts, faults = [], []
    for part in drop.parts[object_name]:
        try:
            parts.append(open_part(part, mapping))
        except RefusedFileError as error:
            faults += error.faults
    if faults:
        raise LandingError(faults)
    return parts


def _land_part(
    connection: duckdb.DuckDBPyConnection, part: OpenPart, mapping: Mapping, rows_before: int, chunk: int
) -> FileCount:
    name, item = part.part.name, OBJECTS[part.part.object]
    given = mapping.headers.get(item.name, {})
    reader = RowReader(part.header, item, given, part.dialect.layout.delimiter, rows_before)
    blocks = utf8_blocks(part.part.path, part.encoding.name, skip=part.dialect.body)
    count, waiting = FileCount(), _Waiting(connection, part)
    try:
        batches = scan(blocks, part.dialect.layout, len(part.header), line=part.dialect.body_line, chunk=chunk)
        for batch in batches:
            rows = reader.read(batch)
            count.add(batch, rows)
            waiting.add(rows.frame, len(batch.data))
            store.insert_held(connection, item.name, name, rows.held, len(part.header))
            oddities.refuse_damaged(count, len(part.header), final=False)
        waiting.flush()
        oddities.refuse_damaged(count, len(part.header), final=True)
    except UnreadableError as error:
        raise RefusedFileError(name, f"{error.reason}. Export the file again", error.line) from None
    except UnicodeError as error:
        raise RefusedFileError(name, f"cannot be read as {part.encoding.name} ({type(error).__name__})") from None
    _compare_counts(part, count)
    landed = scalar(connection, f"SELECT count(*) FROM raw.{store.quoted(item.name)} WHERE _file = ?", [name])
    if landed != count.records - count.quarantined:
        raise RefusedFileError(
            name, f"{count.records} records, {count.quarantined} quarantined, but {landed} landed: rows were lost"
        )
    if not part.unchanged():
        raise RefusedFileError(name, "the file was changed while it was read. Run again once it is complete")
    return count


def _compare_counts(part: OpenPart, count: FileCount) -> None:
    """Count the file once more in another way; misplaced quotes leave it open where records end."""
    if count.by_rule.get(RULES[STRAY]) or count.by_rule.get(RULES[CUT]):
        return
    blocks = utf8_blocks(part.part.path, part.encoding.name)
    again = count_rows(blocks, cr_ends=part.dialect.layout.cr_ends) - part.dialect.rows_before
    if again != count.records + count.blank:
        raise RefusedFileError(
            part.part.name, f"{count.records + count.blank} rows by one count, {again} by another; rows were lost"
        )


class _Waiting:
    """Frames that wait to be inserted together, because each insert has a price of its own."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, part: OpenPart) -> None:
        self._connection, self._part = connection, part
        self._frames: list[pl.DataFrame] = []
        self._bytes = 0
        self._names = part.columns_at

    def add(self, frame: pl.DataFrame, size: int) -> None:
        self._frames.append(frame)
        self._bytes += size
        if self._bytes >= _INSERT_BYTES or sum(waiting.height for waiting in self._frames) >= _INSERT_ROWS:
            self.flush()

    def flush(self) -> None:
        if self._frames:
            whole = pl.concat(self._frames).select(*self._names, "_line", "_row").rename(self._names)
            part = self._part.part
            store.insert_rows(self._connection, part.object, part.name, whole, self._part.columns)
        self._frames, self._bytes = [], 0


def _file_row(part: OpenPart, count: FileCount, drop: Drop) -> dict[str, object]:
    name = part.part.name
    return {
        "object": part.part.object,
        "file": name,
        "part": part.part.number,
        "bytes": part.survey.size,
        "sha256": part.survey.sha256,
        "encoding": part.encoding.name,
        "encoding_evidence": part.encoding.evidence,
        "delimiter": part.dialect.layout.delimiter,
        "delimiter_evidence": part.dialect.delimiter_evidence,
        "newline": part.dialect.newline,
        "header_evidence": json.dumps(
            [{"found": cell.found, "column": cell.column, "how": cell.how} for cell in part.header], ensure_ascii=False
        ),
        "records": count.records,
        "landed": count.landed,
        "quarantined": count.quarantined,
        "repeated_headers": count.by_rule.get(RULES[HEADER], 0),
        "totals_rows": count.by_rule.get(RULES[TOTALS], 0),
        "continued": count.continued,
        "stated_rows": drop.stated_rows(name),
        "stated_sha256": drop.stated_sha256(name),
    }
