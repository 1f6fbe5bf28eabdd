"""Customers' values pass through SQL: whatever one of them says, DuckDB reaches its own file and nothing else."""

import shutil
import socket

import duckdb
import polars as pl
import pytest
import yaml

from resources.warehouse import Warehouse, insert_frame, scratch
from sample_data.generate import main as generate
from tests.support import traces
from tests.support.cli import Cli, query

SECRET = "password-of-the-machine"
secret_variable = pl.DataFrame({"x": [SECRET]})
"""What a replacement scan would find by its name."""

READS = [
    "FROM read_text('{secret}')",
    "FROM read_csv('{secret}')",
    "FROM read_blob('{secret}')",
    "FROM read_parquet('{secret}')",
    "FROM read_json('{secret}')",
    "FROM '{secret}'",
    "FROM glob('{folder}/*')",
    "FROM sniff_csv('{secret}')",
    "FROM read_text('/etc/passwd')",
    "FROM read_text('/proc/self/environ')",
    "FROM read_text('known_keys/../../secret.csv')",
    "FROM read_text('{state}/known_keys/../../secret.csv')",
    "FROM read_text('{state}/known_keys_of_others/x.csv')",
    "FROM read_text('{state}/known_keys/link.csv')",
    "FROM read_text('{state}/embedded/token')",
    "FROM read_csv('http://127.0.0.1:{port}/x.csv')",
    "FROM secret_variable",
    "SELECT getenv('HOME')",
]
WRITES = [
    "COPY (SELECT 1) TO '{folder}/evil.csv'",
    "COPY (SELECT 1) TO '{state}/evil.csv'",
    "COPY raw.x FROM '{secret}'",
    "EXPORT DATABASE '{folder}/evil'",
    "IMPORT DATABASE '{folder}/evil'",
    "ATTACH '{folder}/evil.duckdb'",
    "ATTACH '{folder}/evil.sqlite' (TYPE sqlite)",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{folder}/evil.duckdb_extension'",
    "CREATE PERSISTENT SECRET evil (TYPE http, BEARER_TOKEN 'x')",
    "CALL enable_logging(storage='file', storage_path='{folder}/evil')",
]
SETTINGS = [
    "SET enable_external_access = true",
    "SET GLOBAL enable_external_access = true",
    "RESET enable_external_access",
    "SET lock_configuration = false",
    "SET allowed_directories = ['/']",
    "SET allowed_paths = ['/etc/passwd']",
    "SET temp_directory = '{folder}'",
    "SET log_query_path = '{folder}/evil'",
    "SET secret_directory = '{folder}'",
    "SET home_directory = '{folder}'",
    "SET extension_directory = '{folder}'",
    "SET file_search_path = '{folder}'",
    "SET autoload_known_extensions = true",
    "SET allow_unsigned_extensions = true",
    "SET python_scan_all_frames = true",
    "SET profiling_output = '{folder}/evil'",
    "PRAGMA enable_profiling = 'json'",
]


@pytest.fixture
def place(tmp_path):
    """A state folder, a secret outside of it, and a port on which somebody would hear a call."""
    state = tmp_path / "state"
    for name in ("known_keys", "known_keys_of_others", "embedded"):
        (state / name).mkdir(parents=True)
    for path in (tmp_path / "secret.csv", state / "known_keys_of_others" / "x.csv", state / "embedded" / "token"):
        path.write_text(SECRET)
    (state / "known_keys" / "link.csv").symlink_to(tmp_path / "secret.csv")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield {
            "state": state,
            "folder": tmp_path,
            "secret": tmp_path / "secret.csv",
            "port": listener.getsockname()[1],
            "listener": listener,
        }


@pytest.fixture
def warehouse(place):
    return Warehouse(database=str(place["state"] / "warehouse.duckdb"))


def refused(connection, statement):
    """Run a statement that must be refused, and return what was said."""
    with pytest.raises(duckdb.Error) as said:
        connection.execute(statement).fetchall()
    assert SECRET not in str(said.value)
    return str(said.value)


def tree(folder):
    return {path for path in folder.rglob("*") if "warehouse.duckdb" not in path.name}


@pytest.mark.parametrize("statement", [*READS, *WRITES, *SETTINGS])
def test_no_statement_reaches_anything_but_the_warehouse(warehouse, place, statement):
    before = tree(place["folder"])
    with warehouse.connect() as connection:
        connection.execute("CREATE TABLE raw.x (x VARCHAR)")
        refused(connection, statement.format(**place))
    with warehouse.connect() as connection:
        assert connection.execute("FROM raw.x").fetchall() == []
    assert tree(place["folder"]) == before
    place["listener"].setblocking(False)
    with pytest.raises(BlockingIOError):
        place["listener"].accept()


@pytest.mark.parametrize("statement", [*READS, *WRITES, *SETTINGS])
def test_a_scratch_database_reaches_nothing(place, statement):
    before = tree(place["folder"])
    with scratch() as connection:
        refused(connection, statement.format(**place))
    assert tree(place["folder"]) == before


def test_what_the_warehouse_needs_still_works(warehouse, place):
    with warehouse.connect() as connection:
        insert_frame(connection, "raw.x", pl.DataFrame({"x": range(100_000)}), create=True)
        file = place["state"] / "known_keys" / "x.parquet"
        connection.execute(f"COPY raw.x TO '{file}' (FORMAT parquet)")
        assert connection.execute(f"SELECT count(*) FROM read_parquet('{file}')").fetchall() == [(100_000,)]
        connection.execute("SET VARIABLE seed = 'x'")
        connection.execute("CHECKPOINT warehouse")
    with warehouse.connect() as connection:
        assert connection.execute("SELECT count(*) FROM raw.x").fetchall() == [(100_000,)]


def test_what_does_not_fit_into_memory_is_still_spilled(place):
    small = Warehouse(database=str(place["state"] / "warehouse.duckdb"), memory_limit="60MB")
    with small.connect() as connection:
        rows = "SELECT md5(i::VARCHAR) AS x, md5((i + 1)::VARCHAR) AS y FROM range(2000000) r(i)"
        connection.execute(f"CREATE TABLE raw.x AS {rows}")
        connection.execute("CREATE TABLE raw.sorted AS FROM raw.x ORDER BY x")
        assert (place["state"] / "warehouse.duckdb.tmp").exists()
        assert connection.execute("SELECT count(*) FROM raw.sorted").fetchall() == [(2_000_000,)]


def test_a_log_that_a_kill_left_behind_is_taken_over(warehouse, place):
    """A process that died leaves its write-ahead log, which the next one reads."""
    with warehouse.connect() as connection:
        connection.execute("CREATE TABLE raw.x AS SELECT 7 AS x")
        copy = place["folder"] / "copy"
        copy.mkdir()
        for path in place["state"].glob("warehouse.duckdb*"):
            if path.is_file():
                shutil.copy(path, copy / path.name)
    assert (copy / "warehouse.duckdb.wal").exists()
    with Warehouse(database=str(copy / "warehouse.duckdb")).connect() as connection:
        assert connection.execute("FROM raw.x").fetchall() == [(7,)]


def test_a_warehouse_that_is_reached_by_a_link_opens(place):
    (place["folder"] / "link").symlink_to(place["state"])
    with Warehouse(database=str(place["folder"] / "link" / "warehouse.duckdb")).connect() as connection:
        connection.execute("CREATE TABLE raw.x AS SELECT 7 AS x")


ATTACKS = (
    "'); COPY (SELECT 1) TO '{0}/evil.csv'; --",
    '"); COPY (SELECT 1) TO "{0}/evil.csv"; --',
    "$$; COPY (SELECT 1) TO '{0}/evil.csv'; --",
    "' || (SELECT content FROM read_text('{0}/secret.csv')) || '",
    "read_csv('{0}/secret.csv')",
    "{0}/secret.csv",
    "x' UNION ALL SELECT content FROM read_text('{0}/secret.csv') --",
    "{{{{ config }}}} ${{HOME}} %s ?1",
)
TEXTS = {
    "customers": ("name", "phone"),
    "tickets": ("subject", "tags", "cf_order_value"),
    "messages": ("body", "author_name"),
}


def attacked(folder, *, headers):
    """Make an extract whose texts, and further headers, are the attacks."""
    generate(["--tickets", "6", "--out", str(folder / "extract")])
    attacks = [attack.format(folder) for attack in ATTACKS]
    for name, columns in TEXTS.items():
        path = folder / "extract" / f"{name}.csv"
        frame = pl.read_csv(path, infer_schema=False)
        cells = pl.Series("attack", [attacks[row % len(attacks)] for row in range(frame.height)])
        frame = frame.with_columns(cells.alias(column) for column in columns)
        frame.with_columns(cells.alias(attack) for attack in attacks if headers).write_csv(path)
    file = folder / "extract" / "extract.yaml"
    stated = yaml.safe_load(file.read_text())
    stated.pop("sha256", None)
    file.write_text(yaml.safe_dump(stated))
    return folder / "extract"


@pytest.mark.slow
@pytest.mark.parametrize("headers", [False, True])
def test_values_and_headers_that_are_sql_are_text(tmp_path, headers):
    (tmp_path / "secret.csv").write_text(SECRET)
    run = Cli(tmp_path / "state", MIGRATION_EXTRACT=attacked(tmp_path, headers=headers))
    finished = run("dry-run")
    assert not (tmp_path / "evil.csv").exists()
    assert traces.in_text(finished.said, [SECRET]) == set()
    assert traces.traces(run.state, [SECRET]) == {}
    if headers:
        assert finished.code == 1, "columns that nobody knows stop it"
    else:
        landed = query(
            run.state / "dry-run", "SELECT count(*) AS n FROM raw.customers WHERE name LIKE '%COPY (SELECT 1)%'"
        )
        assert landed[0]["n"] > 0, finished.said
