"""What a person has corrected in the files of rejects, landed as a further part of its object.

A line says by its hash which row of the extract it corrects. Where the drop has that row, and the line says something
else, the row gives way to it, or to nothing where it is to be left out. Lines about rows that this drop does not have
are kept for one that does. Every correction is in `corrections/<object>.csv`, so that the files of rejects can be
written anew with what is still wrong, and the next landing finds it again.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from migration_assets.ground import given_back
from migration_assets.ground.given_back import CORRECTED, HASH, LEAVE_OUT, LEFT_OUT
from migration_assets.itco import store
from migration_assets.itco.decode import utf8_blocks
from migration_assets.itco.drop import FilePart
from migration_assets.itco.faults import LandingError, RefusedFileError
from migration_assets.itco.part import open_part
from migration_assets.itco.rows import RowReader
from migration_assets.itco.scan import RULES, UnreadableError, scan
from resources.safe_csv import as_it_was, write_safe_csv
from resources.warehouse import fetch_frame, insert_frame, scalar
from schemas.mapping import Mapping
from schemas.source_objects import SourceObject

_PLACE = ("_file", "_line", "_row", "_hash")
_ANEW = "Take the file away and run again: it is written anew, to be corrected with all its columns"
_ONLY_HERE = "Put that right in it and leave the file where it is: what was corrected is nowhere else"
_NONE: dict[str, type[pl.DataType]] = {"hash": pl.String, "leave_out": pl.Boolean}
_ORIGINALS = """
CREATE OR REPLACE TEMP TABLE _originals AS
SELECT _hash AS hash, _row AS row, _file AS file, _line AS line, FALSE AS held, {key} AS key, {cells}
FROM {table} WHERE _hash IN (SELECT hash FROM temp._wanted)
UNION ALL
SELECT md5(raw), row, file, line, TRUE, key, {nothing} FROM quarantine.faults
WHERE object = $1 AND stage = 'land' AND severity = 'row' AND md5(raw) IN (SELECT hash FROM temp._wanted)
"""
_EFFECTIVE = """
CREATE OR REPLACE TEMP TABLE _effective AS
WITH first AS (SELECT * FROM temp._originals QUALIFY row_number() OVER (PARTITION BY hash ORDER BY row) = 1)
SELECT
    said.hash, said.leave_out, first.file AS _file, first.line AS _line, {cells},
    $1 + row_number() OVER (PARTITION BY said.leave_out ORDER BY first.row, said.number) AS _row
FROM temp._said AS said JOIN first ON first.hash = said.hash
WHERE said.leave_out OR ({said}) IS DISTINCT FROM ({stood})
"""
_GIVE_WAY = """
INSERT INTO raw.corrected
SELECT $1, key, file, line, row, held, e.kept_row, if(e.kept_row IS NULL, $2, $3)
FROM temp._originals JOIN (
    SELECT hash, min(_row) FILTER (NOT leave_out) AS kept_row FROM temp._effective GROUP BY hash
) e USING (hash)
"""
_NOT_HELD = """
DELETE FROM quarantine.faults WHERE object = $1 AND stage = 'land'
AND row IN (SELECT row FROM raw.corrected WHERE object = $1 AND held)
"""


@dataclass(frozen=True)
class Corrections:
    """How many rows a person has corrected and had left out, and the size of the file that keeps them."""

    landed: int = 0
    left_out: int = 0
    bytes: int = 0


def land_corrections(
    connection: duckdb.DuckDBPyConnection, item: SourceObject, mapping: Mapping, rejects: Path, rows: int, part: int
) -> Corrections:
    """Take in what was corrected in the object's files of rejects, and land what this drop has a row for.

    Args:
        connection: The warehouse, in the transaction in which the object's own files were landed.
        item: The object.
        mapping: For the headers that a person named.
        rejects: The folder of the files that were given back.
        rows: How many records the object's own files have.
        part: The number of this part.

    Raises:
        LandingError: a file cannot be read; with its name, line, reason and what to do.
    """
    names = [name for name in _columns(connection, item.name) if name not in _PLACE]
    said = _take_in(connection, item, mapping, rejects, names)
    if said.is_empty():
        return Corrections()
    _find_originals(connection, item, said, names)
    insert_frame(connection, "temp._said", said.with_row_index("number"), create=True)
    connection.execute(
        _EFFECTIVE.format(
            cells=", ".join(f"{_cell(name, said)} AS {store.quoted(name)}" for name in names),
            said=_as_one(_cell(name, said) for name in names),
            stood=_as_one(f"first.{store.quoted(name)}" for name in names),
        ),
        [rows],
    )
    connection.execute(_GIVE_WAY, [item.name, LEFT_OUT, CORRECTED])
    connection.execute(_NOT_HELD, [item.name])
    return _land(connection, item.name, names, given_back.kept_in(rejects, item.name), part)


def _take_in(
    connection: duckdb.DuckDBPyConnection, item: SourceObject, mapping: Mapping, rejects: Path, names: list[str]
) -> pl.DataFrame:
    """Return every correction there is, after those of the files of rejects were added to the ones that are kept."""
    kept = given_back.kept_in(rejects, item.name)
    said = _read(kept, item, mapping, names) if kept.exists() else None
    edited = [
        path
        for name in (given_back.rows_file(item.name), given_back.values_file(item.name))
        if (path := rejects / name).exists() and not given_back.is_known(connection, item.name, path)
    ]
    for path in edited:
        new = _changed(connection, item, _read(path, item, mapping, names), names)
        if new.height:
            before = None if said is None else said.filter(~pl.col("hash").is_in(new["hash"].implode()))
            said = new if before is None else pl.concat([before, new], how="diagonal")
    if edited and said is not None:
        shown = {"hash": HASH, "leave_out": LEAVE_OUT}
        told = said.with_columns(pl.when("leave_out").then(pl.lit("yes")).alias("leave_out"))
        write_safe_csv(kept, iter([told.rename(shown)]), given_back=True)
    for path in edited:
        given_back.note_known(connection, item.name, path)
    return said if said is not None else pl.DataFrame(schema=_NONE)


def _changed(
    connection: duckdb.DuckDBPyConnection, item: SourceObject, lines: pl.DataFrame, names: list[str]
) -> pl.DataFrame:
    """Return the lines that say something else than the row that they are about, with all its columns."""
    _find_originals(connection, item, lines, names)
    insert_frame(connection, "temp._said", lines.with_row_index("number"), create=True)
    cells = ", ".join(f"{_cell(name, lines)} AS {store.quoted(name)}" for name in names)
    query = f"""
        WITH first AS (SELECT * FROM temp._originals QUALIFY row_number() OVER (PARTITION BY hash ORDER BY row) = 1)
        SELECT said.hash, said.leave_out, {cells} FROM temp._said AS said LEFT JOIN first ON first.hash = said.hash
        WHERE said.leave_out OR first.hash IS NULL
            OR ({_as_one(_cell(name, lines) for name in names)})
                IS DISTINCT FROM ({_as_one(f"first.{store.quoted(name)}" for name in names)})
        ORDER BY said.number
    """
    return fetch_frame(connection, query)


def _find_originals(
    connection: duckdb.DuckDBPyConnection, item: SourceObject, lines: pl.DataFrame, names: list[str]
) -> None:
    """Make `temp._originals`: the rows of this drop that the lines are about."""
    insert_frame(connection, "temp._wanted", lines.select(pl.col("hash").unique()), create=True)
    connection.execute(
        _ORIGINALS.format(
            table=f"raw.{store.quoted(item.name)}",
            key=" || '|' || ".join(f"trim({store.quoted(column)})" for column in item.key),
            cells=", ".join(map(store.quoted, names)),
            nothing=", ".join("NULL" for _ in names),
        ),
        [item.name],
    )


def _read(path: Path, item: SourceObject, mapping: Mapping, names: list[str]) -> pl.DataFrame:
    """Return the lines of a file: the hash, whether the row is left out, and the cells of the columns that it has."""
    then = _ONLY_HERE if path.parent.name == given_back.FOLDER else _ANEW
    try:
        # What the mapping says of a file's encoding is said of the extract's file of that name.
        part = open_part(FilePart(item.name, path, 1), mapping.model_copy(update={"files": {}}))
        reader = RowReader(part.header, item, mapping.headers.get(item.name, {}), part.dialect.layout.delimiter, 0)
        blocks = utf8_blocks(path, part.encoding.name, skip=part.dialect.body)
        frames: list[pl.DataFrame] = []
        for batch in scan(blocks, part.dialect.layout, len(part.header), line=part.dialect.body_line):
            rows = reader.read(batch)
            for held in rows.held:
                raise RefusedFileError(path.name, f"this line cannot be read ({RULES[held.rule]}). {then}", held.line)
            frames.append(rows.frame)
    except UnreadableError as error:
        raise LandingError([f"{path.parent.name}/{path.name}:{error.line}: {error.reason}. {then}"]) from None
    except LandingError as error:
        # The mapping speaks of the extract's files; this one can be saved again.
        faults = [fault.partition("Name its encoding")[0] for fault in error.faults]
        again = ["" if fault in error.faults else "Save it as CSV UTF-8" for fault in faults]
        raise LandingError(
            [f"{path.parent.name}/{fault}{then}" for fault, then in zip(faults, again, strict=True)]
        ) from None
    places = {cell.found.strip().lower(): f"c{number}" for number, cell in enumerate(part.header)}
    if HASH not in places:
        reason = f"the column {HASH}, which says which row a line corrects, is not there"
        raise LandingError([f"{path.parent.name}/{path.name}: {reason}. {then}"])
    # A file of which only the header is left corrects nothing.
    return _lines(path, pl.concat(frames), part.columns_at, places, names) if frames else pl.DataFrame(schema=_NONE)


def _lines(
    path: Path, cells: pl.DataFrame, columns: dict[str, str], places: dict[str, str], names: list[str]
) -> pl.DataFrame:
    own = [pl.col(place).alias(column) for place, column in columns.items() if column in names]
    # A fault of a file that belongs to no row has no cells, and nothing to correct.
    nameless = cells.filter(pl.col(places[HASH]).is_null() & pl.any_horizontal(cell.is_not_null() for cell in own))
    if nameless.height:
        reason = f"{HASH} is empty, so that nothing says which row this line corrects. Copy it from that row's line"
        lines = nameless["_line"].to_list()[:5]
        raise LandingError([f"{path.parent.name}/{path.name}:{line}: {reason}" for line in lines])
    left_out = pl.col(places[LEAVE_OUT]) if LEAVE_OUT in places else pl.lit(None, pl.String)
    return cells.filter(pl.col(places[HASH]).is_not_null()).select(
        pl.col(places[HASH]).str.strip_chars().alias("hash"),
        left_out.fill_null("").str.contains(r"\S").alias("leave_out"),
        *map(as_it_was, own),
    )


def _land(
    connection: duckdb.DuckDBPyConnection, object_name: str, names: list[str], kept: Path, part: int
) -> Corrections:
    columns = ", ".join(map(store.quoted, names))
    content = ", ".join(f"coalesce({store.quoted(name)}, '')" for name in names)
    connection.execute(
        f"INSERT INTO raw.{store.quoted(object_name)} (_file, _line, _row, _hash, {columns}) "
        f"SELECT _file, _line, _row, md5(concat_ws(chr(31), {content})), {columns} "
        "FROM temp._effective WHERE NOT leave_out ORDER BY _row"
    )
    connection.execute(
        "INSERT INTO raw.corrections SELECT ?, _row, hash FROM temp._effective WHERE NOT leave_out", [object_name]
    )
    landed = scalar(connection, "SELECT count(*) FROM temp._effective WHERE NOT leave_out")
    size = kept.stat().st_size
    if landed:
        store.insert_records(connection, "files", [_file_row(object_name, kept, landed, part)])
    query = "SELECT count(*) FROM raw.corrected WHERE object = ? AND reason = ?"
    return Corrections(landed, scalar(connection, query, [object_name, LEFT_OUT]), size if landed else 0)


def _file_row(object_name: str, kept: Path, landed: int, part: int) -> dict[str, object]:
    none = dict.fromkeys(("quarantined", "repeated_headers", "totals_rows", "continued"), 0)
    return {
        "object": object_name,
        "file": f"{given_back.FOLDER}/{kept.name}",
        "part": part,
        "bytes": kept.stat().st_size,
        "sha256": given_back.sha256(kept),
        "encoding": "utf-8",
        "encoding_evidence": "written by this program",
        "delimiter": ",",
        "delimiter_evidence": "written by this program",
        "newline": "crlf",
        "header_evidence": "[]",
        "records": landed,
        "landed": landed,
        "stated_rows": None,
        "stated_sha256": None,
    } | none


def _columns(connection: duckdb.DuckDBPyConnection, object_name: str) -> list[str]:
    return fetch_frame(connection, f"SELECT * FROM raw.{store.quoted(object_name)} LIMIT 0").columns


def _cell(name: str, lines: pl.DataFrame) -> str:
    """Return the SQL of a line's cell; a column that the file does not have stays as it stood."""
    return f"{'said' if name in lines.columns else 'first'}.{store.quoted(name)}"


def _as_one(cells: object) -> str:
    """Return the SQL of cells as one text: how lines are broken, and our apostrophe, make no difference."""
    bare = (f"regexp_replace(coalesce({cell}, ''), '\\r\\n?', chr(10), 'g')" for cell in cells)  # type: ignore[attr-defined]
    return "concat_ws(chr(31), " + ", ".join(f"regexp_replace({cell}, '^''([=+@-])', '\\1')" for cell in bare) + ")"
