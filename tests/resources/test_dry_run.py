"""A dry run works on a copy: what it writes into the warehouse, or remembers of keys, is in none of a load's files."""

from pathlib import Path

import dagster as dg
import pytest

from resources.dry_run import FOLDER, JOB, KNOWN_KEYS, WarehouseCopy
from resources.run import ExtractFolder
from resources.warehouse import Warehouse


def run_as(name, tmp_path, look):
    """Run `look(warehouse, drop)` in a job of that name."""

    @dg.op(required_resource_keys={"warehouse", "drop"})
    def do(context):
        look(context.resources.warehouse, context.resources.drop)

    made = {
        "warehouse": Warehouse(database=str(tmp_path / "warehouse.duckdb")),
        "drop": ExtractFolder(extract="x", mapping="m.yaml", rejects=str(tmp_path / "rejects")),
    }

    @dg.job(name=name, resource_defs=made)
    def job():
        do()

    with dg.DagsterInstance.ephemeral() as instance:
        assert job.execute_in_process(instance=instance).success


def write(text):
    """Return a step that writes a text into the warehouse."""

    def look(warehouse, _drop):
        with warehouse.connect() as connection:
            connection.execute(f"CREATE OR REPLACE TABLE raw.said AS SELECT '{text}' AS word")

    return look


def words(database):
    with Warehouse(database=str(database)).connect() as connection:
        return connection.execute("SELECT word FROM raw.said").fetchall()


def test_a_dry_run_begins_with_what_is_known_and_changes_nothing_of_it(tmp_path):
    run_as("migrate", tmp_path, write("loaded"))
    (tmp_path / KNOWN_KEYS).mkdir()
    (tmp_path / KNOWN_KEYS / "tickets.csv").write_text("T1\n")
    seen = []

    def look(warehouse, drop):
        with warehouse.connect() as connection:
            seen.extend(connection.execute("SELECT word FROM raw.said").fetchall())
        write("planned")(warehouse, drop)
        with (drop.state / KNOWN_KEYS / "tickets.csv").open("a") as file:
            file.write("T2\n")

    run_as(JOB, tmp_path, look)
    assert seen == [("loaded",)]
    assert words(tmp_path / "warehouse.duckdb") == [("loaded",)]
    assert words(tmp_path / FOLDER / "warehouse.duckdb") == [("planned",)]
    assert (tmp_path / KNOWN_KEYS / "tickets.csv").read_text() == "T1\n"


@pytest.mark.parametrize(("name", "folder"), [("migrate", "."), ("verify", "."), (JOB, FOLDER)])
def test_only_the_job_of_that_name_is_dry(tmp_path, name, folder):
    found = []
    run_as(name, tmp_path, lambda _, drop: found.append((drop.state, drop.rejects_path)))
    # What is wrong with the rows of a drop is said in one place, whoever looked at it last.
    assert found == [(Path(tmp_path / folder), tmp_path / "rejects")]


def test_each_dry_run_begins_anew_but_some_of_its_steps_go_on_with_what_it_left(tmp_path):
    run_as("migrate", tmp_path, write("loaded"))
    original = tmp_path / "warehouse.duckdb"
    run_as(JOB, tmp_path, write("planned"))
    assert words(WarehouseCopy(original, repeated=True).file) == [("planned",)]
    assert words(WarehouseCopy(original).file) == [("loaded",)]


def test_a_dry_run_needs_no_load_before_it(tmp_path):
    run_as(JOB, tmp_path, write("planned"))
    assert not (tmp_path / "warehouse.duckdb").exists()
    assert words(tmp_path / FOLDER / "warehouse.duckdb") == [("planned",)]
