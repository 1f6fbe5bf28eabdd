"""A table that was never made is a sentence that says what to materialize, not DuckDB's own error."""

import duckdb
import pytest

from resources.missing_table import MissingTableError, sentence
from resources.warehouse import Warehouse, missing_table


@pytest.mark.parametrize(
    ("query", "table", "asset"),
    [
        ("SELECT e.source_instance FROM raw.extract e CROSS JOIN observed.workspace w", "raw.extract", "itco/extract"),
        ("SELECT count(*) FROM raw.files", "raw.files", "itco/extract"),
        ('SELECT 1 FROM clean."tickets"', "clean.tickets", "clean/tickets"),
        ("SELECT count(*) FROM target.contacts", "target.contacts", "target/contacts"),
        ("SELECT count(*) FROM plan.admin_ids", "plan.admin_ids", "plan/actions"),
        ("UPDATE verdict.loads SET present = 1", "verdict.loads", "plan/actions"),
        ("SELECT calls_per_window FROM observed.workspace", "observed.workspace", "workspace/preflight"),
    ],
)
def test_it_names_the_table_and_the_asset(tmp_path, query, table, asset):
    warehouse = Warehouse(database=str(tmp_path / "w.duckdb"))
    with pytest.raises(MissingTableError) as raised, warehouse.connect() as connection:
        connection.execute(query)
    said = str(raised.value)
    assert f"the table {table}," in said
    assert f"Materialize {asset} " in said
    assert "make migrate" in said


def test_the_warehouse_can_be_used_afterwards(tmp_path):
    warehouse = Warehouse(database=str(tmp_path / "w.duckdb"))
    with pytest.raises(MissingTableError), warehouse.connect() as connection:
        connection.execute("FROM raw.extract")
    with warehouse.connect() as connection:
        assert connection.execute("SELECT 1").fetchall() == [(1,)]


def test_other_faults_of_a_statement_stay_what_they_are(tmp_path):
    with (
        pytest.raises(duckdb.CatalogException),
        Warehouse(database=str(tmp_path / "w.duckdb")).connect() as connection,
    ):
        connection.execute("SELECT no_such_function(1)")
    assert missing_table("Catalog Error: Scalar Function with name x does not exist!") is None


def test_a_table_of_no_stage_is_named_alone():
    assert "the table hypercare.stands," in sentence("hypercare.stands")
