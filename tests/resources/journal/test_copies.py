"""Backup and restore: whole, of one moment, never over anything, and never under a run."""

import asyncio
import sqlite3
import stat

import pytest

from resources.journal import Journal, JournalBusyError, JournalError, Run, State, Write
from resources.journal.copies import back_up, restore
from resources.journal.database import open_database


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'journal.sqlite3'}"


def fill(url, keys, run="r", before_image=None):
    with Journal(url, "m") as journal:
        journal.begin_run(Run(run))
        for key in keys:
            number = asyncio.run(journal.intent(Write("contact", key, "create", "f")))
            journal.outcome(number, State.CONFIRMED, intercom_id=f"i{key}", before_image=before_image)


def content(path):
    with sqlite3.connect(path) as connection:
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in ("runs", "write")
        }


def copied(url, target):
    engine = open_database(url)
    try:
        return back_up(engine, target)
    finally:
        engine.dispose()


def test_a_backup_holds_everything_and_is_private(url, tmp_path):
    fill(url, [f"c{number}" for number in range(12)], before_image={"name": "Ünï", "tags": [1]})
    assert copied(url, tmp_path / "b.sqlite3") == 12
    assert content(tmp_path / "b.sqlite3") == content(tmp_path / "journal.sqlite3")
    assert stat.S_IMODE((tmp_path / "b.sqlite3").stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.glob("b.sqlite3*")} == {"b.sqlite3"}


def test_a_backup_is_made_while_a_run_writes(url, tmp_path):
    with Journal(url, "m") as journal:
        journal.begin_run(Run("r"))
        asyncio.run(journal.intent(Write("contact", "c1", "create", "f")))
        assert copied(url, tmp_path / "b.sqlite3") == 1
        asyncio.run(journal.intent(Write("contact", "c2", "create", "f")))
    with Journal(f"sqlite:///{tmp_path / 'b.sqlite3'}", "m") as backup:
        (frame,) = backup.record_states()
    assert frame["state"].to_list() == ["intent"]


def test_a_backup_never_replaces_another(url, tmp_path):
    fill(url, ["c1"])
    (tmp_path / "b.sqlite3").write_text("precious")
    with pytest.raises(JournalError, match="there already"):
        copied(url, tmp_path / "b.sqlite3")
    assert (tmp_path / "b.sqlite3").read_text() == "precious"


def test_restoring_puts_the_backup_in_place_and_the_present_aside(url, tmp_path):
    fill(url, ["c1"])
    copied(url, tmp_path / "b.sqlite3")
    fill(url, ["c2"], run="r2")
    both = content(tmp_path / "journal.sqlite3")
    assert restore(tmp_path / "b.sqlite3", url, tmp_path / "aside.sqlite3") == 1
    assert content(tmp_path / "journal.sqlite3")["write"] == content(tmp_path / "b.sqlite3")["write"]
    with Journal(url, "m") as journal:
        assert journal.lacks(), "Intercom is to be asked for what came after the backup"
    assert content(tmp_path / "aside.sqlite3") == both
    fill(url, ["c2"], run="r3")
    assert [row[4] for row in content(tmp_path / "journal.sqlite3")["write"]] == ["c1", "c2"]


def test_nothing_is_restored_under_a_run_or_from_nothing(url, tmp_path):
    fill(url, ["c1"])
    copied(url, tmp_path / "b.sqlite3")
    with pytest.raises(JournalError, match="no backup"):
        restore(tmp_path / "other.sqlite3", url, tmp_path / "aside.sqlite3")
    with Journal(url, "m") as journal:
        journal.begin_run(Run("r2"))
        with pytest.raises(JournalBusyError):
            restore(tmp_path / "b.sqlite3", url, tmp_path / "aside.sqlite3")


@pytest.mark.parametrize("wrong", [b"", b"not a database at all", b"SQLite format 3\x00"])
def test_a_file_that_holds_no_journal_is_refused_and_nothing_is_lost(url, tmp_path, wrong):
    fill(url, ["c1"])
    before = content(tmp_path / "journal.sqlite3")
    (tmp_path / "b.sqlite3").write_bytes(wrong)
    with pytest.raises(JournalError, match="holds no journal"):
        restore(tmp_path / "b.sqlite3", url, tmp_path / "aside.sqlite3")
    assert content(tmp_path / "journal.sqlite3") == before
    assert (tmp_path / "b.sqlite3").read_bytes() == wrong
