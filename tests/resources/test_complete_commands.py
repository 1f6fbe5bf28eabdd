"""A command that is printed repeats the folders of the run that are not the Makefile's own."""

import shlex
import subprocess
from pathlib import Path

import pytest

from resources.complete_commands import OVER_THE_DROP, OVER_THE_STATE, complete, folders_of
from schemas.settings import PROJECT, Settings
from tests.support.printed_commands import printed_commands

STATE = {"STATE": "STATE=/srv/a"}
ALL = {"EXTRACT": "EXTRACT='/srv/my drop'", "MAP": "MAP=/srv/map.yaml"} | STATE
OWN_TESTS = {"setup", "test", "lint", "bench", "chaos"}


def test_of_the_default_folders_nothing_is_repeated(monkeypatch):
    for name in ("EXTRACT", "MAP", "STATE"):
        monkeypatch.delenv(f"MIGRATION_{name}", raising=False)
    assert folders_of(Settings()) == {}
    assert complete("run make migrate.", {}) == "run make migrate."


def test_other_folders_are_repeated_as_the_shell_reads_them(tmp_path):
    given = Settings(state=tmp_path / "a b$(c)", extract=tmp_path / "it's", map=PROJECT / "sample_data" / "other.yaml")
    folders = folders_of(given)
    assert folders["MAP"] == "MAP=sample_data/other.yaml"
    assert [shlex.split(words) for words in folders.values()] == [
        [f"EXTRACT={tmp_path}/it's"],
        ["MAP=sample_data/other.yaml"],
        [f"STATE={tmp_path}/a b$(c)"],
    ]


@pytest.mark.parametrize(
    ("text", "completed"),
    [
        ("then run make migrate.", "then run make migrate EXTRACT='/srv/my drop' MAP=/srv/map.yaml STATE=/srv/a."),
        ("`make resume` lets it go on", "`make resume STATE=/srv/a` lets it go on"),
        (
            "make verify ONLY=differences looks again",
            "make verify ONLY=differences EXTRACT='/srv/my drop' MAP=/srv/map.yaml STATE=/srv/a looks again",
        ),
        (
            "make rollback CONFIRM='A B, C.'",
            "make rollback CONFIRM='A B, C.' EXTRACT='/srv/my drop' MAP=/srv/map.yaml STATE=/srv/a",
        ),
        ("make delta EXTRACT=folder", "make delta EXTRACT=folder MAP=/srv/map.yaml STATE=/srv/a"),
        ("make verify-certificate", "make verify-certificate EXTRACT='/srv/my drop' MAP=/srv/map.yaml STATE=/srv/a"),
        ("make migrated rows or make verify-all", "make migrated rows or make verify-all"),
        ("make sure of it", "make sure of it"),
    ],
)
def test_every_command_in_a_text_is_completed(text, completed):
    assert complete(text, ALL) == completed


def test_every_command_that_can_be_printed_is_known():
    targets = {command.split()[1] for command in printed_commands()}
    assert targets <= OVER_THE_DROP | OVER_THE_STATE | OWN_TESTS


def test_make_reads_what_was_repeated(tmp_path):
    """The Makefile's own values hold where nothing is typed; what is typed reaches the program as it is."""
    state = tmp_path / "a b $(c) ' d"
    typed = complete("make failures", folders_of(Settings(state=state)))
    done = subprocess.run(["/bin/sh", "-c", typed], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Nothing was written to Intercom from this state folder yet." in done.stdout
    assert not Path(PROJECT / ".migration" / "failures.csv").exists()
