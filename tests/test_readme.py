"""What the documents say can be typed: every make command in them is a target, every path in them is there."""

import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
DOCUMENTS = ("README.md", "CONTRIBUTING.md")
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (PROJECT / "Makefile").read_text(), re.M))
VARIABLES = set(re.findall(r"^([A-Z]+)\s*\?=", (PROJECT / "Makefile").read_text(), re.M))


def commands(document):
    """Return the commands beginning with make, in fenced blocks and between backticks."""
    text = (PROJECT / document).read_text(encoding="utf-8")
    fences = re.findall(r"^```[a-z]*\n(.*?)^```", text, re.M | re.S)
    lines = [line.split("#")[0].strip() for fence in fences for line in fence.splitlines()]
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    return [command.split() for command in [*lines, *spans] if re.match(r"make\s", command)]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_command_exists(document):
    found = commands(document)
    assert found
    for _, target, *variables in found:
        assert target in TARGETS, target
        assert {variable.split("=")[0] for variable in variables} <= VARIABLES


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_that_is_named_can_be_built(document):
    for command in commands(document):
        built = subprocess.run([*command, "--dry-run"], cwd=PROJECT, capture_output=True, text=True)
        assert built.returncode == 0, built.stderr


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_is_named_is_there(document):
    text = (PROJECT / document).read_text(encoding="utf-8")
    names = re.findall(
        r"`((?:sample_data|schemas|resources|migration_assets|embedded_intercom|docs|tests|benchmarks|\.ci)/[\w./-]*)`",
        text,
    )
    assert names
    assert [name for name in names if not (PROJECT / name).exists()] == []


def test_make_help_lists_every_target():
    # Inside `make test`, make would say which folder it enters.
    shown = subprocess.run(["make", "--no-print-directory", "help"], cwd=PROJECT, capture_output=True, text=True)
    assert shown.returncode == 0, shown.stderr
    listed = {line.split()[0] for line in shown.stdout.splitlines() if line[:1].islower()}
    assert listed == TARGETS
    assert "EXTRACT=folder" in shown.stdout


def test_make_alone_is_make_help():
    assert subprocess.run(["make"], cwd=PROJECT, capture_output=True, text=True).stdout.count("\n") > len(TARGETS)
