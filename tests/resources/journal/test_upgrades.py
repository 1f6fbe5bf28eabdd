"""Journals of older versions of the program: brought forward with all that is in them, or left alone."""

import json
import sqlite3

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from filelock import FileLock
from sqlalchemy import create_engine, text

from resources.journal import Journal, JournalBusyError, Run
from resources.journal.copies import back_up, restore
from resources.journal.database import open_database
from resources.journal.tables import VERSION, metadata
from resources.journal.upgrades import UPGRADES
from resources.journal.workspace_profiles import ProbeRecord, WorkspaceProfiles

FIRST = """
CREATE TABLE journal_schema (version INTEGER PRIMARY KEY);
CREATE TABLE lease (migration VARCHAR PRIMARY KEY, fence INTEGER NOT NULL, holder VARCHAR NOT NULL,
    acquired_at FLOAT NOT NULL);
CREATE TABLE runs (run_id VARCHAR PRIMARY KEY, migration VARCHAR NOT NULL, kind VARCHAR NOT NULL,
    status VARCHAR NOT NULL, started FLOAT NOT NULL, ended FLOAT, code_version VARCHAR, mapping_sha VARCHAR,
    extract_sha VARCHAR);
CREATE TABLE write (id INTEGER PRIMARY KEY AUTOINCREMENT, migration VARCHAR NOT NULL, run_id VARCHAR NOT NULL,
    object VARCHAR NOT NULL, source_key VARCHAR NOT NULL, parent_key VARCHAR, operation VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL, state VARCHAR NOT NULL, intercom_id VARCHAR, adopted BOOLEAN NOT NULL,
    before_image JSON, attempts INTEGER NOT NULL, intent_at FLOAT NOT NULL, outcome_at FLOAT, http_status INTEGER,
    error_code VARCHAR, error_message VARCHAR(500), request_id VARCHAR);
INSERT INTO journal_schema VALUES (1);
INSERT INTO lease VALUES ('m', 4, 'process 9 on old', 1700000000);
INSERT INTO runs VALUES ('r', 'm', 'load', 'complete', 1700000000, 1700000100, NULL, NULL, NULL);
INSERT INTO write (migration, run_id, object, source_key, operation, fingerprint, state, intercom_id, adopted,
    attempts, intent_at) VALUES ('m', 'r', 'contact', 'c1', 'create', 'f', 'confirmed', '77', 0, 1, 1700000050);
"""
"""A journal as version 1 of the tables had it."""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "journal.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.executescript(FIRST)
    return path


REMARKS = {
    ("edits", "kept name"): ("edits", None, {"kept": ["name"]}),
    ("edits", "kept Plan\nkept name\noverwritten phone\ntaken_over email"): (
        "edits", None, {"kept": ["Plan", "name"], "overwritten": ["phone"], "taken_over": ["email"]},
    ),
    ("edits", "overwritten kept by hand"): ("edits", None, {"overwritten": ["kept by hand"]}),
    ("edits", "kept two\nlines\nkept name"): ("edits", None, {"kept": ["two\nlines", "name"]}),
    ("edits", "kept name\nkept …"): ("edits", None, {"kept": ["name", "…"]}),
    ("edits", None): ("edits", None, {}),
    ("declined edited", "edited since: name"): ("declined", "edited since: name", {"declined": "edited"}),
    ("followed_merge", None): ("followed_merge", None, None),
    ("parameter_invalid", "kept is no field"): ("parameter_invalid", "kept is no field", None),
}  # fmt: skip
"""Code and message as version 4 had them; code, message and remark as they are now."""


@pytest.fixture
def of_version_4(file):
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        for version in (1, 2, 3):
            UPGRADES[version](operations, connection)
        connection.execute(text("UPDATE journal_schema SET version = 4"))
        insert = (
            "INSERT INTO write (migration, run_id, object, source_key, operation, fingerprint, state, adopted, "
            "attempts, intent_at, error_code, error_message) "
            "VALUES ('m', 'r', 'company', :key, 'upsert', 'f', 'confirmed', 0, 1, 1700000050, :code, :message)"
        )
        for number, (code, message) in enumerate(REMARKS):
            connection.execute(text(insert), {"key": f"k{number}", "code": code, "message": message})
    engine.dispose()
    return file


def columns(file):
    with sqlite3.connect(file) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return {
            name: {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
            for name in names
            if not name.startswith("sqlite_")
        }


def test_the_first_version_is_brought_forward_and_nothing_in_it_is_lost(file):
    with Journal(f"sqlite:///{file}", "m") as journal:
        (frame,) = journal.record_states()
        assert frame.select("source_key", "state", "intercom_id").rows() == [("c1", "confirmed", "77")]
        journal.begin_run(Run("r2"))
        assert journal.holder().fence == 5
    assert columns(file) == {table.name: set(table.columns.keys()) for table in metadata.sorted_tables}
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT version FROM journal_schema").fetchall() == [(VERSION,)]


def test_what_version_4_said_in_texts_is_brought_forward_as_values(of_version_4):
    with Journal(f"sqlite:///{of_version_4}", "m") as journal:
        (frame,) = journal.record_states(["company"])
    rows = frame.sort("write_id").select("error_code", "error_message", "remark").rows()
    read = [(code, message, None if remark is None else json.loads(remark)) for code, message, remark in rows]
    assert read == list(REMARKS.values())


def test_a_journal_of_version_5_keeps_workspaces_afterwards(of_version_4):
    """What a run of this version notes of a workspace goes into a journal that knew of none."""
    profiles = WorkspaceProfiles(f"sqlite:///{of_version_4}")
    assert (profiles.profile("app1"), profiles.left("app1")) == (None, [])
    profiles.note("app1", ProbeRecord("contact", "k"))
    assert profiles.left("app1") == [ProbeRecord("contact", "k")]
    profiles.close()


def test_a_journal_that_an_older_program_is_writing_is_left_alone(file):
    before = columns(file)
    with FileLock(f"{file}.lock"), pytest.raises(JournalBusyError, match="A run is writing"):
        Journal(f"sqlite:///{file}", "m")
    assert columns(file) == before


def test_a_journal_that_a_run_is_writing_is_not_brought_forward(tmp_path):
    """From the second version on the lease tells, whichever database the journal is in."""
    path = tmp_path / "second.sqlite3"
    with Journal(f"sqlite:///{path}", "m") as journal:
        journal.begin_run(Run("r"))
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE journal_schema SET version = ?", [VERSION - 1])
        with pytest.raises(JournalBusyError, match="A run is writing to the journal"):
            Journal(f"sqlite:///{path}", "m")
        with sqlite3.connect(path) as connection:
            assert connection.execute("SELECT version FROM journal_schema").fetchall() == [(VERSION - 1,)]


def test_a_backup_is_restored_over_a_journal_of_the_first_version(file, tmp_path):
    with Journal(f"sqlite:///{tmp_path / 'other.sqlite3'}", "m") as other:
        other.begin_run(Run("r"))
    engine = open_database(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    back_up(engine, tmp_path / "b.sqlite3")
    engine.dispose()
    assert restore(tmp_path / "b.sqlite3", f"sqlite:///{file}", tmp_path / "aside.sqlite3") == 0
    with Journal(f"sqlite:///{tmp_path / 'aside.sqlite3'}", "m") as aside:
        assert [frame["source_key"].to_list() for frame in aside.record_states()] == [["c1"]]
