"""The warehouse file: it is whole and free for others after every use, whatever happened in it."""

import subprocess
import sys
import traceback
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from resources.warehouse import Warehouse, WarehouseError, fetch_frame, scalar, table_exists
from schemas.settings import PROJECT


@pytest.fixture
def warehouse(tmp_path):
    return Warehouse(database=str(tmp_path / "it's" / "warehouse.duckdb"), lock_wait_seconds=0.6)


def in_another_process(database, statement):
    """Open the file in a process of its own, as a person would, and run a statement."""
    code = "import duckdb, sys; print(duckdb.connect(sys.argv[1]).execute(sys.argv[2]).fetchall())"
    return subprocess.run([sys.executable, "-c", code, database, statement], capture_output=True, text=True)


def test_what_was_written_is_in_the_file_and_the_file_is_free(warehouse):
    with warehouse.connect() as connection:
        connection.execute("CREATE TABLE raw.x AS SELECT 7 AS n")
    found = in_another_process(warehouse.database, "SELECT n FROM raw.x")
    assert found.stdout.strip() == "[(7,)]", found.stderr


@pytest.mark.parametrize(
    ("statement", "kind", "kept"),
    [
        ("SELECT CAST(mail AS INTEGER) FROM raw.people", duckdb.ConversionException, "LINE 1: SELECT CAST(mail"),
        ("INSERT INTO raw.people SELECT * FROM raw.people", duckdb.ConstraintException, "Constraint Error"),
        ("SELECT strptime(mail, '%Y') FROM raw.people", duckdb.InvalidInputException, "Invalid Input Error"),
        ("SELECT nothing FROM raw.people", duckdb.BinderException, '"nothing" not found'),
    ],
)
def test_what_duckdb_says_of_a_value_does_not_repeat_the_value(warehouse, statement, kind, kept):
    with warehouse.connect() as connection:
        connection.execute("CREATE TABLE raw.people (mail VARCHAR PRIMARY KEY)")
        connection.execute("INSERT INTO raw.people VALUES ('jane.doe@example.com')")
    with pytest.raises(kind) as caught, warehouse.connect() as connection:
        connection.execute(statement).fetchall()
    told = "".join(traceback.format_exception(caught.value))
    assert kept in told
    assert "jane" not in told
    assert "test_warehouse.py" in told, "where it happened is known"
    assert scalar_of(warehouse, "SELECT count(*) FROM raw.people") == 1


def scalar_of(warehouse, query):
    with warehouse.connect() as connection:
        return scalar(connection, query)


def test_a_failed_statement_undoes_its_transaction_and_frees_the_file(warehouse):
    with warehouse.connect() as connection:
        connection.execute("CREATE TABLE raw.x AS SELECT 7 AS n")
    with pytest.raises(LookupError), warehouse.connect() as connection:
        connection.execute("BEGIN")
        connection.execute("INSERT INTO raw.x VALUES (8)")
        raise LookupError
    found = in_another_process(warehouse.database, "SELECT n FROM raw.x")
    assert found.stdout.strip() == "[(7,)]", found.stderr


def test_a_frame_that_lives_on_does_not_keep_the_file(warehouse):
    with warehouse.connect() as connection:
        frame = fetch_frame(connection, "SELECT 7 AS n")
    assert in_another_process(warehouse.database, "CREATE TABLE raw.y AS SELECT 1 AS n").returncode == 0
    assert frame.to_dicts() == [{"n": 7}]


def test_two_files_that_are_open_at_once_are_kept_apart(warehouse, tmp_path):
    other = Warehouse(database=str(tmp_path / "other.duckdb"))
    with warehouse.connect() as connection, other.connect() as second:
        connection.execute("CREATE TABLE raw.x AS SELECT 7 AS n")
        assert not table_exists(second, "raw.x")
        assert table_exists(connection, "raw.x")
    with other.connect() as connection:
        assert not table_exists(connection, "raw.x")


def test_a_person_who_has_it_open_is_waited_for_and_named(warehouse):
    with warehouse.connect() as connection:
        connection.execute("CREATE TABLE raw.x AS SELECT 7 AS n")
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    holder = subprocess.Popen(
        [sys.executable, "-c", code, warehouse.database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout.readline().strip() == "open"
        with pytest.raises(WarehouseError) as refused, warehouse.connect():
            pass
        said = str(refused.value)
        assert f"{warehouse.database} is open in process {holder.pid} (python" in said
        assert "Close it there" in said and "set lock" not in said
    finally:
        holder.communicate("")
    with warehouse.connect() as connection:
        assert scalar(connection, "SELECT n FROM raw.x") == 7


def test_it_spills_beside_the_file_and_nowhere_else(warehouse):
    with warehouse.connect() as connection:
        ((where,),) = connection.execute("SELECT current_setting('temp_directory')").fetchall()
    assert where == f"{warehouse.database}.tmp"


def test_one_engine_at_most_stays_open(tmp_path):
    warehouse = Warehouse(database=str(tmp_path / "w.duckdb"))
    for _ in "abc":
        with warehouse.connect():
            engine = duckdb.connect()
            warehouse._idle.append(engine)  # another thread had it open, and is done first
        assert warehouse._idle == [engine]


def test_no_engine_outlives_its_run(tmp_path):
    @dg.asset
    def twice(warehouse: Warehouse):
        for _ in "ab":
            with warehouse.connect():
                pass
        engines.extend(warehouse._idle)

    engines = []
    given = Warehouse(database=str(tmp_path / "w.duckdb"))
    assert dg.materialize([twice], resources={"warehouse": given}).success
    (engine,) = engines
    with pytest.raises(duckdb.ConnectionException, match="closed"):
        engine.execute("SELECT 1")
    assert given._idle == []


def run_that_dies(database):
    """Write to the warehouse in a process that is gone before DuckDB puts its log into the file."""
    code = (
        "import os, sys; from resources.warehouse import Warehouse\n"
        "with Warehouse(database=sys.argv[1]).connect() as connection:\n"
        "    for number in range(20):\n"
        "        connection.execute(f'CREATE TABLE raw.t{number} AS SELECT * FROM range(1000)')\n"
        "    os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, database], check=True, cwd=PROJECT)


@pytest.mark.parametrize("what", ["log", "file"])
def test_a_damaged_warehouse_says_so_and_is_made_anew_once_it_was_deleted(warehouse, what):
    with warehouse.connect():
        pass
    run_that_dies(warehouse.database)
    file = Path(warehouse.database)
    log = Path(f"{file}.wal")
    assert log.stat().st_size > 1000, "the log that a killed run leaves"
    spoilt = log if what == "log" else file
    content = bytearray(spoilt.read_bytes())
    content[-900:] = bytes(900)
    content[: 4096 if what == "file" else 0] = bytes(4096 if what == "file" else 0)
    spoilt.write_bytes(content)
    with pytest.raises(WarehouseError, match="is damaged") as caught, warehouse.connect():
        pass
    assert f"Delete {file} and {log}, then run again" in str(caught.value)
    assert "\n" not in str(caught.value)
    file.unlink()
    log.unlink()
    with warehouse.connect() as connection:
        assert not table_exists(connection, "raw.t1")


def test_a_log_that_was_cut_off_leaves_what_was_committed_before(warehouse):
    with warehouse.connect():
        pass
    run_that_dies(warehouse.database)
    log = Path(f"{warehouse.database}.wal")
    log.write_bytes(log.read_bytes()[:-700])
    with warehouse.connect() as connection:
        assert table_exists(connection, "raw.t1")
        assert not table_exists(connection, "raw.t19")
