"""The files that are given back to be corrected, and the tables about what was corrected in them.

`rejects/<object>.csv` has the rows that are held back, `rejects/<object>-values.csv` those that went on without a
value, both in the customer's own columns. Cleaning writes them; landing reads what a person has changed in them, keeps
it in `corrections/<object>.csv`, and lands it as a further part of the object. What belongs elsewhere: writing the
files (`migration_assets/clean/rejects.py`) and reading them (`migration_assets/itco/corrections.py`).
"""

import hashlib
from pathlib import Path

import duckdb

LEAVE_OUT = "_leave_out"
"""Our column in which a person says that a row is to be left out."""
HASH = "_hash"
"""Our column that says which row of the extract a line is about, wherever it is moved to."""
OWN = (LEAVE_OUT, "_file", "_line", "_reason", "_expected", "_what_to_do", "_raw", HASH)
"""Our columns in the files that are given back, beside the customer's."""
OWN_OF_VALUES = tuple(name for name in OWN if name not in (LEAVE_OUT, "_raw"))
"""Those of the file of rows that went on without a value: nothing of it is left out, and all of it was read."""

FOLDER = "corrections"
"""The folder in the state folder in which corrections are kept; its files are named so in `raw.files`."""
CORRECTED = "corrected by a person"
LEFT_OUT = "left out by a person"
"""Why a row of the extract gives way: another stands in its place, or none."""

_TABLES = {
    "raw.corrected": "object VARCHAR, key VARCHAR, file VARCHAR, line BIGINT, row BIGINT, held BOOLEAN, "
    "kept_row BIGINT, reason VARCHAR",
    "raw.corrections": "object VARCHAR, row BIGINT, hash VARCHAR",
    "raw.given_back": "object VARCHAR, file VARCHAR, sha256 VARCHAR",
}
"""The rows of the extract that gave way (`held`: they were held back while landing); the rows that stand in the place
of those of `hash`; and each file as it was last read or written by us."""


def rows_file(object_name: str) -> str:
    """Return the name of the file with the object's rows that are held back."""
    return f"{object_name}.csv"


def values_file(object_name: str) -> str:
    """Return the name of the file with the object's rows that went on without a value."""
    return f"{object_name}-values.csv"


def kept_in(rejects: Path, object_name: str) -> Path:
    """Return the file in which the object's corrections are kept, beside the folder of rejects."""
    return rejects.parent / FOLDER / f"{object_name}.csv"


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables if they are not there yet."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS raw")
    for table, columns in _TABLES.items():
        connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns})")


def clear(connection: duckdb.DuckDBPyConnection, object_name: str) -> None:
    """Delete what an earlier landing wrote about the object's corrections; what its files were is kept."""
    prepare(connection)
    for table in ("raw.corrected", "raw.corrections"):
        connection.execute(f"DELETE FROM {table} WHERE object = ?", [object_name])


def is_known(connection: duckdb.DuckDBPyConnection, object_name: str, path: Path) -> bool:
    """Whether a file is as we last read or wrote it, so that nothing of a person's is in it that we do not have."""
    query = "SELECT sha256 FROM raw.given_back WHERE object = ? AND file = ?"
    return (sha256(path),) in connection.execute(query, [object_name, path.name]).fetchall()


def note_known(connection: duckdb.DuckDBPyConnection, object_name: str, path: Path) -> None:
    """Note how a file is now, once it was read or written."""
    connection.execute("DELETE FROM raw.given_back WHERE object = ? AND file = ?", [object_name, path.name])
    if path.exists():
        connection.execute("INSERT INTO raw.given_back VALUES (?, ?, ?)", [object_name, path.name, sha256(path)])


def sha256(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
