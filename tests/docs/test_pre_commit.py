"""The hooks before a commit are the tools of `make setup`: nothing is fetched, and each of them is there."""

import sys
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parents[2]
TEXT = (PROJECT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
REPOS = yaml.safe_load(TEXT)["repos"]
HOOKS = {hook["id"]: hook for repo in REPOS for hook in repo["hooks"]}


def test_every_hook_is_local():
    assert [repo["repo"] for repo in REPOS] == ["local"]
    assert "://" not in TEXT


def test_every_hook_is_a_tool_of_make_setup():
    tools = {hook["entry"].split()[0] for hook in HOOKS.values()}
    assert [tool for tool in tools if not tool.startswith(".venv/bin/")] == []
    assert [tool for tool in tools if not (Path(sys.executable).parent / Path(tool).name).exists()] == []


def test_what_make_lint_runs_is_run():
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    recipe = makefile.split("\nlint:")[1].split("\n\n")[0]
    linted = [line.removeprefix("\t@$(BIN)/").removesuffix(" .") for line in recipe.splitlines()[1:]]
    entries = [hook["entry"].removeprefix(".venv/bin/").removesuffix(" --force-exclude") for hook in HOOKS.values()]
    assert linted
    assert [command for command in linted if command not in entries] == []
