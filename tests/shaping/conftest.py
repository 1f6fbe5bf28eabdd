import json

import polars as pl
import pytest

from migration_assets.ground import quarantine
from migration_assets.objects.conversation.shape import threads
from migration_assets.shaping.assets import in_order
from migration_assets.shaping.lineage import shape_lineage
from migration_assets.shaping.shape import prepare, shape
from resources.warehouse import Warehouse
from tests.support import clean_tables


class Shaped:
    """A warehouse whose clean tables are given; `run` shapes all of them, in the order of the graph."""

    def __init__(self, connection, drop):
        self.connection = connection
        self.drop = drop
        self.numbers = {}

    def file(self, path, content=b"content"):
        """Put a file into the drop's folder `attachments`."""
        there = self.drop / "attachments" / path
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_bytes(content)
        return there

    def run(self, mapping=None, parts_limit=500, faults=(), **clean):
        if clean:
            clean_tables.write_clean(self.connection, **clean)
        connection = self.connection
        prepare(connection, mapping or clean_tables.mapping())
        quarantine.record_faults(connection, pl.DataFrame(list(faults), infer_schema_length=None))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(threads, "PARTS_LIMIT", parts_limit)
            self.numbers = {table: shape(connection, table, self.drop) for table in in_order()}
        self.numbers["lineage"] = shape_lineage(connection)
        return self

    def rows(self, query, *bound):
        relation = self.connection.execute(query, list(bound))
        names = [column[0] for column in relation.description]
        return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]

    def by_key(self, table):
        rows = self.rows(f"SELECT * FROM target.{table}")
        for row in rows:
            for column in ("payload", "custom_attributes", "attributes"):
                if row.get(column) is not None:
                    row[column] = json.loads(row[column])
        return {row["source_key"]: row for row in rows}

    def parts(self, conversation):
        return self.rows("SELECT * FROM target.parts WHERE conversation_key = ? ORDER BY seq", conversation)

    def findings(self, code):
        return {row["key"] for row in self.rows("SELECT key FROM target.findings WHERE code = ?", code)}

    def fate(self, name, key):
        (row,) = self.rows("SELECT * FROM target.lineage WHERE object = ? AND key = ?", name, key)
        return row


@pytest.fixture
def shaped(tmp_path):
    with Warehouse(database=str(tmp_path / "warehouse.duckdb")).connect() as connection:
        yield Shaped(connection, tmp_path / "drop")
