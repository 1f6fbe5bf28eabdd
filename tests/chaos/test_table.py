"""The table of the README names tests that exist, and says honestly what no test shows."""

import ast
import re
from pathlib import Path

import pytest

from schemas.settings import PROJECT

pytestmark = pytest.mark.chaos

TABLE = Path(__file__).with_name("README.md").read_text(encoding="utf-8")
ROWS = [line.split("|")[1:4] for line in TABLE.splitlines() if line.startswith("| ") and "**" not in line][1:]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TABLE)))


def test_the_table_shows_at_least_sixty_faults_of_the_study():
    faults = [
        re.findall(r"[NAPDCKH]\d+", row[0]) for row in ROWS if "::" in row[2] and "not shown yet" not in "".join(row)
    ]
    assert len({name for names in faults for name in names}) >= 60


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_every_test_that_is_named_exists(file, name):
    tree = ast.parse((PROJECT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].strip())
def test_every_row_names_a_test_or_says_that_there_is_none(row):
    assert "::" in row[2] or "not shown yet" in "".join(row)
