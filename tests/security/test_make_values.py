"""What is typed after `make` is data: nothing in it runs, and it arrives as it was typed, also from the environment."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from embedded_intercom.__main__ import main as embedded
from migration_assets.cli import main
from migration_assets.cli.asked import settings_or_exit
from migration_assets.cli.runs import prepare_home
from resources.journal.database import open_database
from schemas.run_options import by_variable
from schemas.settings import PROJECT, Settings

MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")
SHARED = {
    "EXTRACT": "MIGRATION_EXTRACT",
    "MAP": "MIGRATION_MAP",
    "STATE": "MIGRATION_STATE",
    "STRICT": "MIGRATION_STRICT",
}
PLANNED = SHARED | {name: option[0].environment for name, option in by_variable("migrate").items()}
TARGETS = {
    "migrate": PLANNED,
    "delta": PLANNED,
    "dry-run": PLANNED,
    "verify": SHARED | {"ONLY": "MIGRATION_ONLY"},
    "rollback": SHARED | {"CONFIRM": "MIGRATION_CONFIRM", "RUN": "MIGRATION_RUN", "ONLY": "MIGRATION_ONLY"},
    "cutover": PLANNED | {"FREEZE": "MIGRATION_FREEZE"},
    "backup": SHARED | {"FILE": "MIGRATION_FILE"},
    "restore": SHARED | {"FILE": "MIGRATION_FILE", "CONFIRM": "MIGRATION_CONFIRM"},
    "ui": SHARED | {"PORT": "MIGRATION_PORT"},
    "inbox": SHARED | {"EMBEDDED_SEED": "EMBEDDED_SEED"},
    "wipe": SHARED | {"CONFIRM": "MIGRATION_CONFIRM"},
    "chaos": {"ROUNDS": "CHAOS_ROUNDS"},
}
"""The variables of each target, and what each reaches Python as."""

VALUES = (
    "two words",
    "trailing ",
    'it\'s "quoted"',
    "$(shell touch RAN)",
    "${shell touch RAN}",
    "$(touch RAN)",
    "$x $$y $(HOME)",
    "`touch RAN`",
    "x; touch RAN",
    "x && touch RAN #",
    "x | touch RAN",
    "'; touch RAN; '",
    '"; touch RAN; "',
    "a#b",
    "50%s %41",
    "two\nlines\ttouch RAN",
    "x\n\ttouch RAN",
    "-x",
    "--file=x",
    "back\\slash\\",
    "*",
    "[red]x[/]",
    "a?b=c&d",
    "= x",
    "größer ✓",
)


@pytest.fixture
def stubs(tmp_path):
    """A folder in .venv/bin's place, whose programs note what they were called with and do nothing."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = (
        f"#!{sys.executable}\nimport json, os, sys, tempfile\n"
        "with tempfile.NamedTemporaryFile('w', dir=os.environ['RECORDED'], delete=False) as note:\n"
        "    json.dump({'argv': sys.argv, 'environ': dict(os.environ)}, note)\n"
    )
    for name in ("python", "dg"):
        (folder / name).write_text(script)
        (folder / name).chmod(0o700)
    return folder


def make(target, given, *, typed, bin_folder, recorded):
    """Run a target with values of variables, typed after it or in the environment; return the calls that it made."""
    recorded.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MIGRATION_", "MAKE", "MFLAGS"))}
    environment = kept | {"RECORDED": str(recorded)} | ({} if typed else given)
    words = [f"{name}={value}" for name, value in given.items()] if typed else []
    command = ["make", "--old-file=.venv/.ready", f"BIN={bin_folder}", target, *words]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60)
    calls = [json.loads(note.read_text()) for note in sorted(recorded.iterdir())]
    for note in recorded.iterdir():
        note.unlink()
    return done, calls


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "environment"])
@pytest.mark.parametrize("target", TARGETS)
def test_values_arrive_as_they_are_and_nothing_in_them_runs(target, typed, stubs, tmp_path):
    ran = tmp_path / "ran"
    for value in VALUES:
        value = value.replace("RAN", str(ran))
        given = dict.fromkeys(TARGETS[target], value)
        done, calls = make(target, given, typed=typed, bin_folder=stubs, recorded=tmp_path / "recorded")
        assert done.returncode == 0, (value, done.stderr)
        assert not ran.exists(), f"{value!r} was executed"
        assert calls
        for call in calls:
            if target in ("inbox", "wipe") and "embedded_intercom" in call["argv"]:
                assert call["environ"]["EMBEDDED_STATE"] == f"{value}/embedded"
            arrived = {name: call["environ"].get(name) for name in TARGETS[target].values()}
            assert arrived == dict.fromkeys(TARGETS[target].values(), value)
            passed = [word for word in call["argv"][1:] if value in word]
            assert passed in ([], [f"--port={value}"]), "whole, as one word"


def test_any_other_variable_arrives_as_it_was_typed_too(stubs, tmp_path):
    given = {"MIGRATION_CONCURRENCY": f"$(shell touch {tmp_path}/ran)", "ANYTHING": "a $x"}
    _, calls = make("status", given, typed=True, bin_folder=stubs, recorded=tmp_path / "recorded")
    assert not (tmp_path / "ran").exists()
    assert [{name: call["environ"].get(name) for name in given} for call in calls] == [given]


def test_a_confirmation_in_the_environment_reaches_the_rollback_alone(stubs, tmp_path):
    given = {"CONFIRM": "yes", "RUN": "r1", "ONLY": "differences", "FREEZE": "2026", "FILE": "f", "PORT": "1"}
    given |= {"LIMIT": "1", "ROUTE": "ticket", "RETRY": "failed", "RESTORE": "deleted", "ACCEPT": "older"}
    _, (call,) = make("hypercare", given, typed=False, bin_folder=stubs, recorded=tmp_path / "recorded")
    own = {f"MIGRATION_{name}" for name in given}
    assert not own & call["environ"].keys()
    assert not given.keys() & call["environ"].keys()


def test_no_recipe_has_a_value_in_its_text():
    variables = set(re.findall(r"^([A-Z_]+)\s*\?=", MAKEFILE, re.M)) - {"PYTHON"}
    assert variables == {name for given in TARGETS.values() for name in given}
    for name in variables:
        assert not re.findall(rf"\$[({{]{name}[)}}]", MAKEFILE), f"make would expand {name}"
    assert "abspath" not in MAKEFILE


@pytest.mark.parametrize("value", VALUES)
def test_the_state_folder_and_a_backup_may_be_called_anything(value, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    # Dagster itself reads a URL's letters in its home's path; see the next test.
    name = "s " + value.replace("?", "").replace("%41", "%")
    state = tmp_path / name
    monkeypatch.setenv("MIGRATION_STATE", name)
    open_database(Settings().journal).dispose()
    assert [file.name for file in state.iterdir()] == ["journal.sqlite3"]
    monkeypatch.setenv("MIGRATION_FILE", value)
    assert main(["backup"]) == 0
    assert str(tmp_path / value) in capsys.readouterr().out
    assert (tmp_path / value).is_file()
    monkeypatch.setenv("MIGRATION_CONFIRM", "yes")
    assert main(["restore"]) == 0
    monkeypatch.delenv("MIGRATION_CONFIRM")
    assert main(["status"]) == 0
    assert main(["settings"]) == 0
    monkeypatch.setenv("EMBEDDED_STATE", f"{value}/embedded")
    assert embedded(["wipe"]) == 0
    assert f"{tmp_path / value}/embedded holds no" in capsys.readouterr().out


@pytest.mark.parametrize("value", ["a?b", "%41"])
def test_a_state_folder_that_dagster_would_take_for_another_is_refused_in_a_sentence(value, monkeypatch, capsys):
    monkeypatch.setenv("MIGRATION_STATE", value)
    assert main(["status"]) == 1
    assert capsys.readouterr().err == (
        "MIGRATION_STATE: this path must hold no question mark and no percent sign before two digits, for Dagster\n"
    )


@pytest.mark.parametrize("value", VALUES)
def test_a_rollback_is_told_exactly_what_was_typed(value, tmp_path, monkeypatch):
    import migration_assets.launch_rollback

    asked = []
    monkeypatch.setattr(migration_assets.launch_rollback, "launch_rollback", lambda _, given: asked.append(given) or 0)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    monkeypatch.setenv("MIGRATION_STATE", str(tmp_path))
    for name in ("CONFIRM", "RUN", "ONLY"):
        monkeypatch.setenv(f"MIGRATION_{name}", value)
    assert main(["rollback"]) == 0
    assert [(given.confirm, given.run, given.only) for given in asked] == [(value, value, value)]


def test_processes_of_dagster_s_read_absolute_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("STATE", "EXTRACT", "MAP", "DROPS"):
        monkeypatch.setenv(f"MIGRATION_{name}", f"-a b/{name}")
    monkeypatch.setenv("DAGSTER_HOME", "")
    prepare_home(settings_or_exit(2))
    names = ("STATE", "EXTRACT", "MAP", "DROPS")
    assert [os.environ[f"MIGRATION_{name}"] for name in names] == [str(tmp_path / f"-a b/{name}") for name in names]
    assert os.environ["DAGSTER_HOME"] == str(tmp_path / "-a b/STATE/dagster")


@pytest.mark.parametrize("value", ["~no-such-user-here/x", "circle/x"])
def test_a_path_that_leads_nowhere_is_refused_in_a_sentence(value, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("circle").symlink_to("circle")
    monkeypatch.setenv("MIGRATION_STATE", value)
    assert main(["status"]) == 1
    assert capsys.readouterr().err == (
        "MIGRATION_STATE: this path leads nowhere: no such user, or links that lead in a circle\n"
    )
