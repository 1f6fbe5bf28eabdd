"""What the report has no room for stands whole in files beside it, and no page speaks of the warehouse."""

import csv
from pathlib import Path

import pytest

from migration_assets.accounting.pages import SHOWN
from migration_assets.handoff import explain
from migration_assets.handoff.evidence import Evidence
from migration_assets.handoff.long_lists import FOLDER, lists_of, write_lists

PROJECT = Path(__file__).resolve().parents[2]
PAGES = sorted((PROJECT / "migration_assets").rglob("*.jinja"))


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_list_that_is_too_long_stands_whole_in_its_file(tmp_path):
    merged = [{"key": str(number), "into": f"i{number}"} for number in range(SHOWN + 5)]
    held = [{"object": "contact", "reason": "=x", "keys": ["1", "2"], "records": 2}] * (SHOWN + 1)
    write_lists(tmp_path, Evidence(merged=merged, held=held, edits=[{"key": "1"}]))
    assert [row["key"] for row in read(tmp_path / FOLDER / "merged_in_intercom.csv")] == [one["key"] for one in merged]
    assert read(tmp_path / FOLDER / "held_records.csv")[0] == {
        "object": "contact", "reason": "'=x", "keys": "1, 2", "records": "2",
    }  # fmt: skip
    assert not (tmp_path / FOLDER / "edited_in_intercom.csv").exists(), "the report shows it whole"


def test_a_list_that_is_short_again_goes_and_attachments_are_always_named(tmp_path):
    write_lists(tmp_path, Evidence(merged=[{"key": "1", "into": "2"}] * (SHOWN + 1)))
    write_lists(tmp_path, Evidence(left_out=[{"attachment_id": "7", "reason": "missing from the export"}]))
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["attachments_left_out.csv"]
    assert read(tmp_path / FOLDER / "attachments_left_out.csv")[0]["attachment_id"] == "7"


def test_the_files_that_no_row_names_are_named(tmp_path):
    write_lists(tmp_path, Evidence(unnamed_files=[{"path": "attachments/a.pdf"}]))
    assert [row["path"] for row in read(tmp_path / FOLDER / "files_of_no_row.csv")] == ["attachments/a.pdf"]
    sql = (PROJECT / "migration_assets/objects/conversation/shape/attachment_rows.sql").read_text()
    assert "lists/files_of_no_row.csv'" in sql
    assert "target.files without" not in sql


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_page_sends_anybody_to_the_warehouse(path):
    assert "warehouse" not in path.read_text()


def test_no_sentence_sends_anybody_to_the_warehouse():
    for path in sorted((PROJECT / "migration_assets" / "handoff").glob("explain*.py")):
        assert "warehouse" not in path.read_text(), path.name
    assert "lists/attachments_left_out.csv names them" in explain.files_left_out({"missing": 2})


def test_every_list_that_the_report_cuts_has_a_file():
    report = (PROJECT / "migration_assets" / "handoff" / "report.html.jinja").read_text()
    names = set(lists_of(Evidence()))
    cut = [line.split("'")[1::2] for line in report.splitlines() if "{{ beyond(" in line]
    assert len(cut) == report.count("[:shown]") - 1, "all but the chart of calls"
    literal = {name for found in cut for name in found if name in names or name.endswith("_")}
    for name in names:
        assert name in literal or f"{name.split('_')[0]}_" in literal, name
