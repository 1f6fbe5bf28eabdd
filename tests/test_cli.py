"""The command line itself: what can be typed, what is said of what cannot, and what is not imported for it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from migration_assets.cli import main

PROJECT = Path(__file__).resolve().parents[1]
FREEZE_WANTED = "a time with its zone is expected, such as 2026-11-28T20:00:00+01:00, not '2026'"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            ["migrate", "--limit", "0"],
            "'--limit' (env var: 'MIGRATION_LIMIT'): a whole number from 1 on",
        ),
        (["migrate", "--limit", "many"], ": a whole number from 1 on is expected, not 'many'"),
        (["migrate", "--route", "post"], ": 'post' is not one of ticket, conversation"),
        (["migrate", "--retry", "all"], ": 'all' is not one of failed"),
        (["delta", "--accept", "vanished,all"], ": 'all' is not one of vanished, older"),
        (["verify", "--limit", "5"], "No such option: --limit"),
        (["cutover", "--freeze", "2026"], FREEZE_WANTED),
        (["verify", "--only", "contacts"], ": 'contacts' is not one of differences"),
        (["migrate", "--confirm"], "--confirm"),
        (["migrat"], "There is no command 'migrat'. Choose from migrate, dry-run, probe, verify, "),
        ([], "Missing command."),
    ],
)
def test_what_cannot_be_typed_is_one_plain_sentence(typed, said, capsys):
    assert main(typed) == 2
    err = capsys.readouterr().err
    (sentence,) = [line for line in err.splitlines() if line.startswith("Error: ")]
    assert said in sentence
    assert err.isascii(), "no boxes"


def test_every_command_is_listed_with_what_it_does(capsys):
    assert main(["--help"]) == 0
    listed = re.findall(r"^  ([a-z-]+) {2,}(\S.*)$", capsys.readouterr().out.partition("Commands:")[2], re.M)
    typed = set(re.findall(r"\$\(ITCO\) ([a-z-]+)", (PROJECT / "Makefile").read_text()))
    assert {name for name, _ in listed} == typed, "make's targets call every one of them"


@pytest.mark.parametrize(
    ("typed", "confirm", "run"),
    [
        ([], "", None),
        (["--confirm"], "yes", None),
        (["--confirm", "Acme Support"], "Acme Support", None),
        (["--confirm=Acme Support", "--run", "r1"], "Acme Support", "r1"),
        (["--confirm", "--run", "r1"], "yes", "r1"),
        (["--run", "r1", "--confirm"], "yes", "r1"),
    ],
)
def test_a_rollback_is_confirmed_with_yes_unless_a_name_follows(typed, confirm, run, tmp_path, monkeypatch):
    import migration_assets.launch_rollback

    asked = []
    monkeypatch.setattr(migration_assets.launch_rollback, "launch_rollback", lambda _, given: asked.append(given) or 7)
    monkeypatch.setenv("MIGRATION_STATE", str(tmp_path))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    assert main(["rollback", *typed]) == 7, "its exit code is the job's"
    assert [(given.confirm, given.run, given.only) for given in asked] == [(confirm, run, None)]


def test_looking_at_a_run_does_without_dagster(tmp_path):
    script = (
        "import sys\nfrom migration_assets.cli import main\nmain(['status'])\n"
        "sys.exit(sorted({'dagster', 'alembic', 'duckdb'} & set(sys.modules)).__repr__())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env={"MIGRATION_STATE": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith("Nothing was written")
    assert done.stderr == "[]\n"
