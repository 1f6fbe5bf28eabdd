"""rejects/<object>.csv: the customer's own columns, safe in a spreadsheet, and readable by us again."""

import csv
import stat

import pytest

from migration_assets.clean.rejects import Rejects, write_rejects, write_unmapped

DANGEROUS = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"]


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def team(number, name="n", **changes):
    return {"team_id": number, "name": name} | changes


def test_rows_come_back_in_the_customers_own_columns(lab, tmp_path):
    rows = [team("1"), team(None, 'a "b"\nc'), team("3", parent_team_id="9"), team(None, None)]
    lab.land("teams", rows, headers={"team_id": "Team No.", "parent_team_id": "Above"})
    lab.clean("teams")
    folder = tmp_path / "state" / "rejects"
    assert write_rejects(lab.connection, "teams", folder) == Rejects(held=2, without_value=1)
    assert (folder / "teams.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    first, third = read(folder / "teams.csv")
    (second,) = read(folder / "teams-values.csv")
    assert list(first)[:3] == ["Team No.", "name", "Above"]
    assert first["name"] == 'a "b"\nc'
    assert (first["_file"], first["_line"], first["_leave_out"]) == ("teams.csv", "3", "")
    assert first["_reason"] == "team_id: missing_value"
    assert first["_what_to_do"].startswith("team_id: Fill in")
    assert (second["Above"], second["_hash"], "_leave_out" in second) == ("9", "2", False)
    assert second["_reason"] == "parent_team_id: unknown_parent (found: 9)"
    assert third["_reason"] == "name: missing_value | team_id: missing_value"


def test_nothing_to_reject_removes_an_earlier_file(lab, tmp_path):
    lab.land("teams", [team(None)])
    lab.clean("teams")
    write_rejects(lab.connection, "teams", tmp_path)
    assert (tmp_path / "teams.csv").exists()
    lab.land("teams", [team("1")])
    lab.clean("teams")
    assert write_rejects(lab.connection, "teams", tmp_path) == Rejects(0, 0)
    assert not (tmp_path / "teams.csv").exists()


@pytest.mark.parametrize("cell", DANGEROUS)
def test_no_cell_is_computed_and_each_comes_back_as_it_was(lab, tmp_path, cell):
    lab.land("teams", [team(None, cell)])
    lab.clean("teams")
    write_rejects(lab.connection, "teams", tmp_path)
    (row,) = read(tmp_path / "teams.csv")
    assert row["name"] == "'" + cell
    # Corrected and handed in again: the file's own text, as landing would find it.
    lab.land("teams", [{"team_id": "7", "name": row["name"]}])
    lab.clean("teams")
    lab_direct = lab.table("teams")[0]["name"]
    lab.land("teams", [{"team_id": "7", "name": cell}])
    lab.clean("teams")
    assert lab_direct == lab.table("teams")[0]["name"]


def test_dangerous_headers_are_made_text_too(lab, tmp_path):
    lab.land("teams", [team(None)], headers={"name": "=1+1"})
    lab.clean("teams")
    write_rejects(lab.connection, "teams", tmp_path)
    assert "'=1+1" in read(tmp_path / "teams.csv")[0]


def test_a_file_that_was_changed_since_is_never_overwritten(lab, tmp_path):
    lab.land("teams", [team(None)])
    lab.clean("teams")
    write_rejects(lab.connection, "teams", tmp_path)
    (tmp_path / "teams.csv").write_text("what a person has typed meanwhile", encoding="utf-8")
    assert write_rejects(lab.connection, "teams", tmp_path) == Rejects(1, 0, left=("teams.csv",))
    assert (tmp_path / "teams.csv").read_text(encoding="utf-8") == "what a person has typed meanwhile"


def test_rows_that_could_not_be_landed_show_their_raw_text(lab, tmp_path):
    lab.connection.execute(
        "INSERT INTO quarantine.faults (object, file, line, row, stage, rule, severity, found, raw) "
        "VALUES ('teams', 'teams.csv', 7, 5, 'land', 'ragged_row', 'row', '4 fields', '=1,2,3,4')"
    )
    lab.land("teams", [team("1")])
    lab.clean("teams")
    write_rejects(lab.connection, "teams", tmp_path)
    (row,) = read(tmp_path / "teams.csv")
    assert (row["_raw"], row["team_id"], row["_line"]) == ("'=1,2,3,4", "", "7")
    assert row["_reason"] == "ragged_row (found: 4 fields)"


def test_two_parts_with_different_headers_share_one_file(lab, tmp_path):
    lab.land("teams", [team(None, "a", _file="a.csv"), team(None, "b", _file="b.csv")], headers={"name": "Title"})
    lab.connection.execute(
        """UPDATE raw.files SET header_evidence = '[{"found": "Titel", "column": "name", "how": "mapping"}]'
        WHERE file = 'b.csv'"""
    )
    lab.clean("teams")
    assert write_rejects(lab.connection, "teams", tmp_path) == Rejects(2, 0)
    assert [row["Title"] for row in read(tmp_path / "teams.csv")] == ["a", "b"]


def test_many_rows_are_written_in_batches(lab, tmp_path, monkeypatch):
    monkeypatch.setattr("migration_assets.clean.rejects._BATCH_ROWS", 3)
    lab.land("teams", [team(None, str(number)) for number in range(8)])
    lab.clean("teams")
    assert write_rejects(lab.connection, "teams", tmp_path) == Rejects(8, 0)
    assert [row["name"] for row in read(tmp_path / "teams.csv")] == [str(number) for number in range(8)]


def test_unmapped_values_are_listed(lab, tmp_path):
    lab.empty("companies")
    ticket = {
        "ticket_id": "1",
        "subject": "s",
        "status": "=Odd",
        "customer_id": "K",
        "created_at": "2024-01-01",
        "cf_x": "1",
    }
    lab.land("tickets", [ticket])
    lab.clean("tickets")
    assert write_unmapped(lab.connection, tmp_path) == 2
    assert [tuple(row.values()) for row in read(tmp_path / "unmapped_values.csv")] == [
        ("tickets", "cf_x", "(the whole column)", "1", "tickets.csv", "2"),
        ("tickets", "status", "'=Odd", "1", "tickets.csv", "2"),
    ]
