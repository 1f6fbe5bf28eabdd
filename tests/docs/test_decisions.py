"""Records of decisions: numbered without gaps, short, each with its measurements, all in the list."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "decisions"
RECORDS = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
SECTIONS = ["Context", "Decision", "Measurements", "Consequences"]
MOST_LINES = 40


def titles():
    return {path.name: path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ") for path in RECORDS}


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.name)
def test_a_record_has_its_parts_and_is_short(record):
    text = record.read_text(encoding="utf-8")
    lines = text.splitlines()
    assert re.match(rf"# {int(record.name[:4])}\. \S", lines[0])
    assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", lines[2])
    assert re.findall(r"^## (.+)$", text, re.M) == SECTIONS
    assert len(lines) <= MOST_LINES


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.name)
def test_a_record_measures_something(record):
    measured = record.read_text(encoding="utf-8").split("## Measurements")[1].split("## Consequences")[0]
    assert re.search(r"\d", measured)


def test_the_numbers_have_no_gap_and_the_list_has_them_all():
    assert [int(path.name[:4]) for path in RECORDS] == list(range(1, len(RECORDS) + 1))
    listed = re.findall(r"^- \[(.+?)\]\((\S+?)\)$", (FOLDER / "README.md").read_text(encoding="utf-8"), re.M)
    assert [(title, name) for name, title in titles().items()] == listed
