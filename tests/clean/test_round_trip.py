"""From the customer's file to rejects/<object>.csv and, corrected in place, back again: through the real landing."""

import csv

import pytest
import yaml

from migration_assets.clean.objects import clean_object
from migration_assets.clean.reconcile import account_for
from migration_assets.clean.rejects import write_rejects
from migration_assets.itco.checks import every_record
from migration_assets.itco.drop import open_drop
from migration_assets.itco.extract import land_extract
from migration_assets.itco.faults import LandingError
from migration_assets.itco.land import land_object
from resources.warehouse import Warehouse, fetch_frame

SUBJECT = '=HYPERLINK("x");\n+1 \'a\', "b"'
HEADER = "Ticket ID,Subject,Status,Customer ID,Created At,Updated At,Closed at,cf_x\r\n"


@pytest.fixture
def drop(tmp_path):
    folder = tmp_path / "extract"
    folder.mkdir()
    stated = {
        "source_instance": "x",
        "time_zone": "Europe/Berlin",
        "exported_at": "2024-12-31T00:00:00Z",
        "exported_by": "p",
        "row_counts": {},
    }
    (folder / "extract.yaml").write_text(yaml.safe_dump(stated), encoding="utf-8")
    quoted = '"' + SUBJECT.replace('"', '""') + '"'
    tickets = (
        HEADER + f"007,{quoted},Open,@K1,yesterday,2024-02-01,,-5\r\n"
        "008,fine,Open,@K1,2024-01-01,2024-02-01,,1\r\n"
        "009,value,Open,@K1,2024-01-01,2024-02-01,soon,1\r\n"
        "010,short,Open,@K1,2024-01-01\r\n"
    )
    (folder / "tickets.csv").write_bytes(tickets.encode())
    messages = (
        "message_id,ticket_id,author_id,body,created_at\r\n"
        "1,008,1,Hi,2024-01-01\r\n"
        "2,008,1,First,2024-01-01\r\n"
        "2,008,1,Second,2024-01-02\r\n"
    )
    (folder / "messages.csv").write_bytes(messages.encode())
    (folder / "customers.csv").write_bytes(b"customer_id,name\r\n@K1,Ann\r\n")
    return folder


class Round:
    """Lands and cleans the drop again and again, as each run does."""

    def __init__(self, lab, drop, tmp_path, connection):
        self.mapping = lab.mapping(ignored_fields=["ticket.cf_x"])
        self.drop, self.rejects, self.connection = drop, tmp_path / "rejects", connection

    def run(self, *names):
        opened = open_drop(self.drop)
        land_extract(self.connection, opened, self.mapping)
        for name in ("companies", "tickets", *names):
            land_object(self.connection, opened, self.mapping, name, rejects=self.rejects)
            clean_object(self.connection, name, self.mapping)
            write_rejects(self.connection, name, self.rejects)
            assert every_record(self.connection, name)[0] == []
            account = account_for(self.connection, name)
            assert account.balanced, account
        return {row["ticket_id"]: row for row in self.rows("FROM clean.tickets")}

    def rows(self, sql):
        return fetch_frame(self.connection, sql).to_dicts()

    def given(self, name):
        path = self.rejects / f"{name}.csv"
        if not path.exists():
            return []
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def edit(self, name, change, **dialect):
        """Change the lines of a file in place, as a spreadsheet does."""
        lines = self.given(name)
        columns = list(lines[0])
        edited = [line for line in (change(line) for line in lines) if line]
        path = self.rejects / f"{name}.csv"
        encoding = dialect.pop("encoding", "utf-8-sig")
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, columns, **dialect)
            writer.writeheader()
            writer.writerows(edited)


@pytest.fixture
def rounds(lab, drop, tmp_path):
    with Warehouse(database=str(tmp_path / "w.duckdb")).connect() as connection:
        yield Round(lab, drop, tmp_path, connection)


def setting(**values):
    """Return the change of the line whose ticket is named: its cells."""
    key = values.pop("of")
    return lambda line: line | {name.replace("_", " "): text for name, text in values.items()} if key(line) else line


def is_007(line):
    return line["Ticket ID"] == "007"


def is_short(line):
    return "short" in line["_raw"]


def test_a_corrected_row_is_what_it_was_but_for_the_correction(rounds):
    assert list(rounds.run()) == ["008", "009"]
    text = (rounds.rejects / "tickets.csv").read_text(encoding="utf-8-sig")
    assert "\"'=HYPERLINK" in text
    assert '"\'@K1"' in text
    assert '"\'-5"' in text
    rounds.edit("tickets", setting(of=is_007, Created_At="2024-01-05"))
    tickets = rounds.run()
    assert (tickets["007"]["subject"], tickets["007"]["customer_id"]) == (SUBJECT, "@K1")
    assert tickets["007"]["created_at"].isoformat() == "2024-01-04T23:00:00"
    assert (tickets["007"]["_file"], tickets["007"]["_line"]) == ("tickets.csv", 2)
    assert rounds.rows("SELECT key, reason, row, kept_row FROM clean.superseded") == [
        {"key": "007", "reason": "corrected by a person", "row": 1, "kept_row": 5}
    ]
    (left,) = rounds.given("tickets")
    assert is_short(left)
    # Nothing is left of the file's own edits, and the next run finds the correction again.
    assert rounds.run() == tickets


def test_a_row_that_could_not_be_read_is_filled_in(rounds):
    rounds.run()
    cells = {"Ticket_ID": "010", "Subject": "whole", "Status": "Open", "Customer_ID": "@K1", "Created_At": "2024-01-01"}
    rounds.edit("tickets", setting(of=is_short, **cells))
    assert rounds.run()["010"]["subject"] == "whole"
    assert [is_007(line) for line in rounds.given("tickets")] == [True]
    held = rounds.rows("SELECT row, held, reason FROM raw.corrected")
    assert held == [{"row": 4, "held": True, "reason": "corrected by a person"}]


def test_a_value_that_was_left_out_is_corrected_in_a_file_of_its_own(rounds):
    rounds.run()
    (line,) = rounds.given("tickets-values")
    assert (line["Ticket ID"], line["Closed at"], "_raw" in line) == ("009", "soon", False)
    rounds.edit("tickets-values", lambda line: line | {"Closed at": "2024-01-09T12:00:00Z"})
    assert rounds.run()["009"]["closed_at"].isoformat() == "2024-01-09T12:00:00"
    assert rounds.given("tickets-values") == []


def test_what_is_still_wrong_is_said_again_with_what_the_person_wrote(rounds):
    rounds.run()
    rounds.edit("tickets", setting(of=is_007, Created_At="tomorrow"))
    rounds.run()
    (line,) = [line for line in rounds.given("tickets") if is_007(line)]
    assert (line["Created At"], line["_file"], line["_line"]) == ("tomorrow", "tickets.csv", "2")
    assert "found: tomorrow" in line["_reason"]
    rounds.edit("tickets", setting(of=is_007, Created_At="2024-01-05"))
    assert "007" in rounds.run()


def test_a_line_that_nobody_touched_is_no_correction(rounds):
    rounds.run()
    before = rounds.given("tickets")
    rounds.edit("tickets", lambda line: line)
    rounds.run()
    assert rounds.given("tickets") == before
    assert rounds.rows("FROM raw.corrected") == []
    assert not (rounds.rejects.parent / "corrections").exists()


def test_a_line_that_was_taken_out_is_said_again(rounds):
    rounds.run()
    rounds.edit("tickets", lambda line: None if is_007(line) else line | {"_leave_out": "yes"})
    rounds.run()
    (line,) = rounds.given("tickets")
    assert is_007(line)
    assert [row["reason"] for row in rounds.rows("FROM raw.corrected")] == ["left out by a person"]


def test_a_spreadsheet_may_write_it_in_its_own_way(rounds):
    rounds.run()
    change = setting(of=is_007, Created_At="2024-01-05", Subject="Drei Stühle")
    rounds.edit("tickets", change, delimiter=";", encoding="cp1252")
    assert rounds.run()["007"]["subject"] == "Drei Stühle"


def test_a_column_that_was_removed_stays_as_it_was(rounds):
    rounds.run()
    rounds.edit("tickets", setting(of=is_007, Created_At="2024-01-05"))
    lines = rounds.given("tickets")
    with (rounds.rejects / "tickets.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [name for name in lines[0] if name != "Updated At"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(lines)
    assert rounds.run()["007"]["updated_at"].isoformat() == "2024-01-31T23:00:00"


def test_of_two_messages_with_one_key_a_person_says_which(rounds):
    rounds.run("messages")
    (line,) = rounds.given("messages")
    assert line["body"] == "Second"
    rounds.edit("messages", lambda line: line | {"message_id": "3"})
    rounds.run("messages")
    bodies = {row["message_id"]: row["body"] for row in rounds.rows("FROM clean.messages")}
    assert bodies == {"1": "Hi", "2": "First", "3": "Second"}
    assert rounds.given("messages") == []


def test_a_correction_with_the_key_of_another_row_takes_its_place(rounds):
    rounds.run("messages")
    rounds.edit("messages", lambda line: line | {"body": "Second, as it is meant"})
    rounds.run("messages")
    bodies = {row["message_id"]: row["body"] for row in rounds.rows("FROM clean.messages")}
    assert bodies == {"1": "Hi", "2": "Second, as it is meant"}


def test_a_later_drop_that_has_the_row_otherwise_is_not_overruled(rounds, drop):
    rounds.run()
    rounds.edit("tickets", setting(of=is_007, Created_At="2024-01-05"))
    assert "007" in rounds.run()
    kept = (rounds.rejects.parent / "corrections" / "tickets.csv").read_bytes()
    whole = (drop / "tickets.csv").read_bytes()
    (drop / "tickets.csv").write_bytes((HEADER + "007,mended,Open,@K1,2024-01-07,2024-02-09,,1\r\n").encode())
    assert rounds.run()["007"]["subject"] == "mended"
    assert rounds.rows("FROM raw.corrected") == []
    # It is kept, for a drop that has the faulty row still.
    assert (rounds.rejects.parent / "corrections" / "tickets.csv").read_bytes() == kept
    (drop / "tickets.csv").write_bytes(whole)
    assert rounds.run()["007"]["subject"] == SUBJECT


def test_a_file_whose_letters_cannot_be_told_is_to_be_saved_otherwise(rounds):
    rounds.run()
    rounds.edit("tickets", setting(of=is_007, Subject="Größe"), encoding="cp1252")
    with pytest.raises(LandingError, match=r"^rejects/tickets\.csv: not UTF-8.*\. Save it as CSV UTF-8$"):
        rounds.run()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace("_hash", "nothing"), r"rejects/tickets\.csv: the column _hash, which says"),
        (lambda text: text + '"011","only two"\r\n', r"rejects/tickets\.csv:\d+: this line cannot be read"),
        (lambda text: text + '"011"' + ',""' * 15 + "\r\n", r"rejects/tickets\.csv:\d+: _hash is empty"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(rounds, change, says):
    rounds.run()
    path = rounds.rejects / "tickets.csv"
    path.write_text(change(path.read_text(encoding="utf-8-sig")), encoding="utf-8", newline="")
    with pytest.raises(LandingError, match=says):
        rounds.run()
    assert path.exists()


def test_the_file_that_keeps_the_corrections_is_never_to_be_taken_away(rounds):
    rounds.run()
    rounds.edit("tickets", setting(of=is_007, Created_At="2024-01-05"))
    rounds.run()
    kept = rounds.rejects.parent / "corrections" / "tickets.csv"
    kept.write_text(kept.read_text(encoding="utf-8-sig") + '"011","only two"\r\n', encoding="utf-8", newline="")
    with pytest.raises(LandingError, match=r"^corrections/tickets\.csv:\d+: this line .* is nowhere else$"):
        rounds.run()


def test_a_file_of_which_only_the_header_is_left_corrects_nothing(rounds):
    rounds.run()
    before = rounds.given("tickets")
    rounds.edit("tickets", lambda line: None)
    rounds.run()
    assert rounds.given("tickets") == before
