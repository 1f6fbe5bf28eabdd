"""The drop as a whole, as one row of `raw.extract`."""

import hashlib
from pathlib import Path

import duckdb
import polars as pl

from migration_assets.accounting import doubts
from migration_assets.itco import store
from migration_assets.itco.decode import BLOCK
from migration_assets.itco.drop import EXTRACT_SCOPE, Drop
from migration_assets.itco.faults import Findings
from migration_assets.itco.unread import Unread, note_unread
from resources.warehouse import insert_frame
from schemas.doubt_codes import DoubtCode
from schemas.mapping import Mapping


def land_extract(connection: duckdb.DuckDBPyConnection, drop: Drop, mapping: Mapping) -> dict[str, int]:
    """Write who exported what and when, the hash over all files, and the findings about the folder.

    Returns:
        The number of files, of findings, and the bytes of all files.
    """
    paths = _files(drop)
    unused = sorted(set(mapping.files) - {path.name for path in paths})
    findings = Findings(list(drop.findings.items))
    if unused:
        findings.warn(None, "file_hint_unused", f"mapping.yaml names files that are not there: {', '.join(unused)}")
    stated = drop.extract
    row = {
        "source_instance": stated.source_instance,
        "time_zone": stated.time_zone,
        "exported_at": stated.exported_at_utc,
        "exported_by": stated.exported_by,
        "folder": drop.folder.name,
        "sha256": hash_of(drop),
    }
    store.prepare(connection)
    _record_unread(connection, note_unread(drop.unread, mapping, findings))
    connection.execute("DELETE FROM raw.extract")
    connection.execute("DELETE FROM raw.findings WHERE object = ?", [EXTRACT_SCOPE])
    store.insert_records(connection, "extract", [row])
    store.insert_findings(connection, EXTRACT_SCOPE, findings.items)
    return {"files": len(paths), "findings": len(findings.items), "bytes": sum(path.stat().st_size for path in paths)}


def _files(drop: Drop) -> list[Path]:
    return [part.path for parts in drop.parts.values() for part in parts]


def hash_of(drop: Drop) -> str:
    """Return the hash over the names and the contents of a drop's files."""
    total = hashlib.sha256()
    for path in sorted(_files(drop), key=lambda path: path.name):
        with path.open("rb") as file:
            digest = hashlib.sha256()
            while block := file.read(BLOCK):
                digest.update(block)
        total.update(f"{path.name}\0{digest.hexdigest()}\n".encode())
    return total.hexdigest()


def _record_unread(connection: duckdb.DuckDBPyConnection, unread: list[Unread]) -> None:
    """Record the files that may hold rows and are not read; one that looks like an object's file stops the run."""
    step = f"itco/{EXTRACT_SCOPE}"
    doubts.clear(connection, step)
    rows = [
        {
            "code": DoubtCode.FILE_LEFT_OUT if one.object else DoubtCode.UNKNOWN_FILE,
            "file": one.name,
            "found": one.sentence(),
        }
        for one in unread
    ]
    if not rows:
        return
    insert_frame(connection, "temp.unread", pl.DataFrame(rows), create=True)
    for code in {row["code"] for row in rows}:
        query = "SELECT file, found FROM temp.unread WHERE code = ?"
        doubts.record(connection, step, EXTRACT_SCOPE, DoubtCode(code), query, [code])
