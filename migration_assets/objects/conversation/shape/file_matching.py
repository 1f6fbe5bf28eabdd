"""Which file of the folder `attachments` belongs to which row: by folder, name and size, and only where it is certain.

A person put the files there by hand, under names and in folders of their own. A file that may belong to two rows is
given to neither: it could be another customer's.
"""

from itertools import product
from pathlib import Path

import duckdb

from migration_assets.objects.shaping import run_sql

EVIDENCE: tuple[str | None, ...] = ("attachment_id", "message_id", "ticket_id", None)
"""What a folder on the way to the file is named after; None: after none of the three."""
NAMES: tuple[tuple[str, bool], ...] = (
    ("exact", True),
    ("loose", True),
    ("copy", True),
    ("exact", False),
    ("loose", False),
)
"""How the names are compared, and whether the size that the source states must be the file's. The best first."""


def match_files(connection: duckdb.DuckDBPyConnection, _drop: Path) -> None:
    """Set `target.files.attachment_id`; a row has at most one file and a file at most one row.

    The evidence is used in its order, the best first. Wherever exactly one row and one file that have nothing yet
    fit each other, they are a pair. Leaves the temporary table `in_doubt`: rows without a file for which there are
    files that may be theirs.
    """
    run_sql(connection, Path(__file__).with_suffix(".sql"))
    for folder, (name, sized) in product(EVIDENCE, NAMES):
        connection.execute(_pairs(folder, name, sized=sized))
        for table, column in (("wanting", "attachment_id"), ("offered", "path")):
            connection.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT {column} FROM matched)")
    connection.execute("UPDATE target.files f SET attachment_id = m.attachment_id FROM matched m WHERE m.path = f.path")
    fitting = " UNION ALL ".join(
        f"SELECT w.attachment_id FROM wanting w SEMI JOIN ({_files(folder)}) f ON {_same(['loose'], folder)}"
        for folder in EVIDENCE
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE in_doubt AS SELECT DISTINCT attachment_id FROM ({fitting})")
    for table in ("wanting", "offered", "matched"):
        connection.execute(f"DROP TABLE {table}")


def _files(folder: str | None) -> str:
    """Return SQL for the files on offer: as they are, or once for each folder that they are in."""
    return "FROM offered WHERE anywhere" if folder is None else "SELECT *, unnest(folders) AS folder FROM offered"


def _same(columns: list[str], folder: str | None) -> str:
    """Return SQL that says that file and row are alike in `columns`, and that the row's own folder it is."""
    alike = [f"f.{column} = w.{column}" for column in columns]
    return " AND ".join([*alike, *([f"f.folder = w.{folder}"] if folder else [])])


def _pairs(folder: str | None, name: str, *, sized: bool) -> str:
    """Return SQL that adds the pairs for one kind of evidence."""
    columns = [name, "bytes"] if sized else [name]
    rows = ", ".join([*columns, *([folder] if folder else [])])
    files = ", ".join([*columns, *(["folder"] if folder else [])])
    return f"""
        INSERT INTO matched
        SELECT w.attachment_id, f.path
        FROM (SELECT {rows}, any_value(attachment_id) AS attachment_id FROM wanting
              GROUP BY {rows} HAVING count(*) = 1) w
        JOIN (SELECT {files}, any_value(path) AS path FROM ({_files(folder)})
              GROUP BY {files} HAVING count(*) = 1) f ON {_same(columns, folder)}
        QUALIFY count(*) OVER (PARTITION BY f.path) = 1
    """
