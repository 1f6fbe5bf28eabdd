"""`make restore` is guarded as a rollback and a wipe are: it wants a word, and is refused while a run is going on."""

import pytest

from resources.journal import Journal
from resources.occupancy import StateLock
from tests.support.cli import Cli


@pytest.fixture
def backup(tmp_path):
    """A state folder with a journal, and its backup."""
    state, file = tmp_path / "state", tmp_path / "it's a backup.sqlite3"
    state.mkdir(mode=0o700)
    Journal(f"sqlite:///{state / 'journal.sqlite3'}", "m").close()
    made = Cli(state, MIGRATION_FILE=str(file))("backup")
    assert made.code == 0, made.said
    return state, file


def restored(state, file="", **environment):
    done = Cli(state, MIGRATION_FILE=str(file), **environment)("restore")
    return done.code, done.said


def test_without_a_word_nothing_is_restored_and_the_whole_command_is_said(backup):
    state, file = backup
    for given in ({}, {"MIGRATION_CONFIRM": "no"}):
        code, said = restored(*backup, **given)
        assert code == 2
        assert "Nothing was restored." in said
        quoted = str(file).replace("'", "'\"'\"'")
        assert f"make restore FILE='{quoted}' CONFIRM=yes" in said
    assert [path.name for path in state.glob("backups/*")] == []


def test_without_a_file_the_whole_command_is_said(backup):
    state, _ = backup
    code, said = restored(state, MIGRATION_CONFIRM="yes")
    assert (code, "make restore FILE=path CONFIRM=yes" in said) == (2, True)


def test_while_a_run_uses_the_state_folder_it_is_refused(backup):
    lock = StateLock(backup[0])
    lock.acquire("a-run")
    try:
        code, said = restored(*backup, MIGRATION_CONFIRM="yes")
    finally:
        lock.release()
    assert code == 1
    assert "Nothing was restored. Another run uses" in said


def test_with_the_word_it_is_restored(backup):
    state, _ = backup
    code, said = restored(*backup, MIGRATION_CONFIRM="yes")
    assert code == 0, said
    assert "restored from" in said
    assert [path.name.startswith("before-restore") for path in state.glob("backups/*")] == [True]
