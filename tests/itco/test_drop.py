import pytest

from migration_assets.itco.drop import object_of, open_drop
from migration_assets.itco.extract import land_extract
from migration_assets.itco.faults import Findings, LandingError
from migration_assets.itco.unread import note_unread


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("tickets.csv", "tickets"),
        ("Tickets-2024.CSV", "tickets"),
        ("tickets_2024.csv", "tickets"),
        ("tickets2.csv", "tickets"),
        ("tickets (2).csv", "tickets"),
        ("team_members.csv", "team_members"),
        ("Team Members (1).csv", "team_members"),
        ("teams-emea.csv", "teams"),
        ("custom-fields.tsv", "custom_fields"),
        ("ticket.csv", None),
        ("my tickets.csv", None),
    ],
)
def test_the_name_tells_the_object(file, name):
    assert object_of(file) == name


def test_a_name_for_two_objects_is_refused():
    with pytest.raises(ValueError, match="tickets and messages"):
        object_of("tickets_messages.csv")


def test_parts_come_in_a_stable_natural_order(make_drop):
    files = dict.fromkeys(["tickets-10.csv", "tickets-9.csv", "Tickets (2).csv"], b"x\n")
    parts = open_drop(make_drop(files)).parts["tickets"]
    assert [part.name for part in parts] == ["tickets.csv", "Tickets (2).csv", "tickets-9.csv", "tickets-10.csv"]
    assert [part.number for part in parts] == [1, 2, 3, 4]


def test_what_is_not_read_is_a_finding_and_what_may_hold_rows_is_named(make_drop, make_mapping):
    folder = make_drop({"tickets.xlsx": b"PK", "ticket.csv": b"x\n", "notes.pdf": b"x", ".hidden": b"", "~$a.csv": b""})
    (folder / "attachments").mkdir()
    (folder / "old").mkdir()
    opened = open_drop(folder)
    assert "count_not_stated" in {item.code for item in opened.findings.items if item.file == "tickets.csv"}
    findings = Findings()
    doubtful = note_unread(opened.unread, make_mapping(), findings)
    assert [(item.file, item.code) for item in findings.items] == [
        ("notes.pdf", "file_not_read"),
        ("old", "folder_not_read"),
    ]
    assert [(one.name, one.object) for one in doubtful] == [("ticket.csv", "tickets"), ("tickets.xlsx", "tickets")]


def test_every_fault_of_the_folder_is_told_at_once(make_drop, tmp_path):
    (tmp_path / "outside.csv").write_bytes(b"x\n")
    folder = make_drop({"messages.csv": None}, "source_instance: demo\ntime_zone: Mars/Olympus\nrow_count: {}\n")
    (folder / "tags.csv").symlink_to(tmp_path / "outside.csv")
    (folder / "agents.csv").symlink_to(folder / "nowhere.csv")
    with pytest.raises(LandingError) as caught:
        open_drop(folder)
    text = str(caught.value)
    assert "messages.csv: missing" in text
    assert "tags.csv: a link to a place outside" in text
    assert "agents.csv: not a file" in text
    assert f"{folder}/extract.yaml:2: time_zone" in text
    assert f"{folder}/extract.yaml:3: row_count" in text
    assert "exported_at" in text


def test_a_stated_file_must_be_there(make_drop):
    text = "source_instance: d\ntime_zone: UTC\nexported_at: 2026-11-02\nexported_by: P\n"
    text += "row_counts: {tickets-2.csv: 1}\n"
    with pytest.raises(LandingError, match=r"row_counts names tickets-2\.csv"):
        open_drop(make_drop({}, text))


def test_no_folder_and_no_extract_are_named(make_drop, tmp_path):
    with pytest.raises(LandingError, match="no such folder"):
        open_drop(tmp_path / "nowhere")
    with pytest.raises(LandingError, match=r"extract\.yaml"):
        open_drop(make_drop({}, None))


def test_the_extract_is_one_row_and_its_hash_follows_the_bytes(make_drop, make_mapping, connection):
    mapping = make_mapping(files={"gone.csv": {"encoding": "cp1252"}})
    folder = make_drop({})
    query = "SELECT source_instance, exported_at::VARCHAR, sha256 FROM raw.extract"
    land_extract(connection, open_drop(folder), mapping)
    first = connection.execute(query).fetchall()
    land_extract(connection, open_drop(folder), mapping)
    assert connection.execute(query).fetchall() == first
    assert first[0][:2] == ("demo", "2026-11-02 07:30:00")
    (folder / "customers.csv").write_bytes(b"customer_id\n1\n")
    land_extract(connection, open_drop(folder), mapping)
    assert connection.execute(query).fetchall()[0][2] != first[0][2]
    codes = connection.execute("SELECT code FROM raw.findings WHERE object = 'extract'").fetchall()
    assert codes.count(("file_hint_unused",)) == 1
