"""A warehouse with landed tables made by hand, and the cleaning of them."""

import json

import duckdb
import polars as pl
import pytest

from migration_assets.clean.objects import BATCH_ROWS, CleanCounts, clean_object
from migration_assets.ground import quarantine
from resources.warehouse import SCHEMAS, fetch_frame, insert_frame
from schemas.mapping import Mapping
from schemas.source import OBJECTS

BASE = {
    "version": 1,
    "statuses": {"Open": {"state": "open", "ticket_state": "in_progress"}},
    "priorities": {"High": "high"},
    "message_kinds": {"Reply": "reply", "Note": "note"},
    "author_types": {"Customer": "customer", "Agent": "agent"},
    "settings": {"migration_admin": "m@example.com", "snoozed_until": "2036-01-01T00:00:00Z"},
}


class Lab:
    """A warehouse in which tests land rows and clean them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        for schema in SCHEMAS:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        connection.execute(
            "CREATE TABLE raw.files "
            "(object VARCHAR, file VARCHAR, part BIGINT, records BIGINT, landed BIGINT, header_evidence VARCHAR, "
            "delimiter VARCHAR DEFAULT ',')"
        )
        connection.execute("CREATE TABLE raw.extract (time_zone VARCHAR, exported_at TIMESTAMP)")
        quarantine.prepare(connection)
        self.extract()

    def extract(self, zone: str = "Europe/Berlin", exported_at: str | None = "2024-12-31") -> None:
        self.connection.execute("DELETE FROM raw.extract")
        self.connection.execute("INSERT INTO raw.extract VALUES (?, ?)", [zone, exported_at])

    def land(self, name: str, rows: list[dict], *, headers: dict[str, str] | None = None) -> None:
        """Land rows; a row may say `_file`. Columns that no row has are NULL."""
        canonical = [column.name for column in OBJECTS[name].columns]
        extra = sorted({key for row in rows for key in row if not key.startswith("_")} - set(canonical))
        schema = {"_file": pl.String, "_line": pl.Int64, "_row": pl.Int64, "_hash": pl.String}
        schema |= dict.fromkeys([*canonical, *extra], pl.String)
        full = [
            {"_file": f"{name}.csv", "_line": index + 2, "_row": index + 1, "_hash": str(index)} | row
            for index, row in enumerate(rows)
        ]
        frame = pl.DataFrame(full, schema=schema)
        insert_frame(self.connection, f"raw.{name}", frame, create=True)
        self.connection.execute("DELETE FROM raw.files WHERE object = ?", [name])
        evidence = [
            {"found": (headers or {}).get(column, column), "column": column, "how": "exact"} for column in schema
        ]
        for part, (file, records) in enumerate(frame.group_by("_file", maintain_order=True).len().iter_rows(), 1):
            values = [name, file, part, records, records, json.dumps(evidence)]
            self.connection.execute("INSERT INTO raw.files VALUES (?, ?, ?, ?, ?, ?, ',')", values)

    def empty(self, *names: str) -> None:
        """Land and clean objects that have no file."""
        for name in names:
            self.land(name, [])
            self.clean(name)

    def mapping(self, **changes: object) -> Mapping:
        return Mapping.model_validate(BASE | changes)

    def clean(self, name: str, mapping: Mapping | None = None, batch_rows: int = BATCH_ROWS) -> CleanCounts:
        return clean_object(self.connection, name, mapping or self.mapping(), batch_rows=batch_rows)

    def rows(self, query: str) -> list[dict]:
        return fetch_frame(self.connection, query).to_dicts()

    def table(self, name: str) -> list[dict]:
        return self.rows(f"SELECT * FROM clean.{name} ORDER BY _row")

    def faults(self, name: str) -> list[tuple]:
        """The faults as (row, column, rule, severity)."""
        query = 'SELECT row, "column", rule, severity FROM quarantine.faults WHERE object = ? ORDER BY row, "column"'
        return self.connection.execute(query, [name]).fetchall()


@pytest.fixture
def lab(tmp_path):
    connection = duckdb.connect(str(tmp_path / "warehouse.duckdb"))
    yield Lab(connection)
    connection.close()
