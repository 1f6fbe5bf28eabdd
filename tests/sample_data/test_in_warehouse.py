"""The sample in the warehouse: what landing and cleaning hold back is what the faults declare, and nothing else."""

from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
import pytest

from migration_assets.clean.objects import clean_object
from migration_assets.itco.drop import open_drop
from migration_assets.itco.extract import land_extract
from migration_assets.itco.land import land_object
from resources.warehouse import Warehouse, fetch_frame
from sample_data.faults import FAULTS
from sample_data.generate import main
from sample_data.readme import locate
from schemas.mapping import load_mapping
from schemas.source import OBJECTS

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"
NO_RECORDS = ("repeated_header", "totals_row")


def fill(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    drop, mapping = open_drop(folder), load_mapping(SAMPLE / "mapping.yaml")
    land_extract(connection, drop, mapping)
    for name in OBJECTS:
        land_object(connection, drop, mapping, name)
    for name in TopologicalSorter({name: item.parents for name, item in OBJECTS.items()}).static_order():
        clean_object(connection, name, mapping)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with Warehouse(database=str(tmp_path_factory.mktemp("sample") / "warehouse.duckdb")).connect() as connection:
        fill(connection, SAMPLE / "extract")
        yield connection


def test_every_rule_strikes_exactly_where_it_is_declared(sample: duckdb.DuckDBPyConnection) -> None:
    found = fetch_frame(
        sample, "SELECT object, stage, rule, severity, key, file, line FROM quarantine.faults"
    ).to_dicts()
    # A quarantined ticket takes its messages and attachments with it; one of them is declared.
    at_landing = {(row["object"], row["rule"], row["file"], row["line"]) for row in found if row["stage"] == "land"}
    at_cleaning = {
        (row["object"], row["rule"], row["severity"], row["key"])
        for row in found
        if row["stage"] == "clean" and row["rule"] != "ticket_quarantined"
    }
    landing = {rule for _, rule, _, _ in at_landing}
    declared = [fault for fault in FAULTS if fault.rule and fault.rule != "ticket_quarantined"]
    assert at_landing == {
        (fault.object, fault.rule, fault.file, locate(fault, SAMPLE / "extract"))
        for fault in declared
        if fault.rule in landing
    }
    assert at_cleaning == {
        (fault.object, fault.rule, "row" if fault.becomes == "quarantined" else "value", fault.record_key)
        for fault in declared
        if fault.rule not in landing
    }


def test_what_is_declared_as_loaded_is_in_the_clean_tables(sample: duckdb.DuckDBPyConnection) -> None:
    keys = {
        name: set(fetch_frame(sample, f"SELECT concat_ws('|', {', '.join(item.key)}) FROM clean.{name}").to_series())
        for name, item in OBJECTS.items()
    }
    for fault in FAULTS:
        if fault.record_key and fault.becomes not in ("quarantined", "superseded"):
            assert fault.record_key in keys[fault.object], fault.number


def test_the_older_versions_are_superseded(sample: duckdb.DuckDBPyConnection) -> None:
    superseded = set(fetch_frame(sample, "SELECT key FROM clean.superseded").to_series())
    assert {fault.record_key for fault in FAULTS if fault.becomes == "superseded"} <= superseded
    assert len(superseded) == 5


def test_the_stated_counts_are_the_files_records(sample: duckdb.DuckDBPyConnection) -> None:
    files = fetch_frame(
        sample, "SELECT file, records - repeated_headers - totals_rows AS n, stated_rows FROM raw.files"
    )
    assert files["n"].to_list() == files["stated_rows"].to_list()
    assert len(files) == 16


def test_the_mapping_leaves_nothing_unmapped(sample: duckdb.DuckDBPyConnection) -> None:
    assert fetch_frame(sample, "SELECT * FROM clean.unmapped").is_empty()


def test_a_ticket_has_the_time_of_its_opening_message_except_where_declared(
    sample: duckdb.DuckDBPyConnection,
) -> None:
    rows = fetch_frame(
        sample,
        "SELECT ticket_id FROM clean.tickets AS t WHERE created_at <> "
        "(SELECT min(created_at) FROM clean.messages AS m WHERE m.ticket_id = t.ticket_id)",
    )
    # 100261 opens before its ticket was made; the spreadsheet's day number 46006.53428 is exact to the second.
    assert set(rows["ticket_id"]) == {"100261"}


@pytest.mark.parametrize("tickets", ["400", "2000"])
def test_a_clean_extract_has_no_fault_at_all(tmp_path: Path, tickets: str) -> None:
    main(["--clean", "--tickets", tickets, "--out", str(tmp_path / "extract")])
    with Warehouse(database=str(tmp_path / "warehouse.duckdb")).connect() as connection:
        fill(connection, tmp_path / "extract")
        for table in ("quarantine.faults", "clean.superseded", "clean.unmapped"):
            assert fetch_frame(connection, f"SELECT * FROM {table}").is_empty(), table
        assert fetch_frame(connection, "SELECT * FROM clean.tickets").height == int(tickets)
