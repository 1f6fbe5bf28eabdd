"""`make wipe` is guarded as a rollback is: it wants a word, and is refused while a run uses the state folder."""

from embedded_intercom.process import EmbeddedProcess
from resources.occupancy import StateLock
from tests.support.cli import Cli


def emptied(state, **environment):
    done = Cli(state, **environment)("wipe")
    return done.code, done.said


def test_without_a_word_nothing_is_emptied_and_the_whole_command_is_said(tmp_path):
    with EmbeddedProcess(tmp_path / "embedded"):
        for given in ({}, {"MIGRATION_CONFIRM": "no"}):
            code, said = emptied(tmp_path, **given)
            assert (code, "make wipe CONFIRM=yes" in said, "Wiped" in said) == (2, True, False)


def test_while_a_run_uses_the_state_folder_it_is_refused(tmp_path):
    lock = StateLock(tmp_path)
    lock.acquire("a-run")
    try:
        code, said = emptied(tmp_path, MIGRATION_CONFIRM="yes")
    finally:
        lock.release()
    assert code == 1
    assert "Nothing was emptied. Another run uses" in said


def test_with_the_word_it_is_emptied(tmp_path):
    with EmbeddedProcess(tmp_path / "embedded"):
        code, said = emptied(tmp_path, MIGRATION_CONFIRM="yes")
    assert code == 0, said
    assert "Wiped" in said
