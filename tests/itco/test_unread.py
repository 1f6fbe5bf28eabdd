"""Files of the folder that are not read are named with what they look like, and stop the run where they hold rows."""

import gzip
import io
import json
import zipfile

import pytest

from migration_assets.accounting import doubts
from migration_assets.itco.drop import open_drop
from migration_assets.itco.extract import land_extract
from schemas.doubt_codes import DoubtCode
from schemas.doubt_kind import DoubtState

MESSAGES = b"message_id,ticket_id,author_id,body,created_at\n1,2,3,Hi,2026-01-01\n"


def sheet():
    texts = "".join(
        f"<si><t>{name}</t></si>" for name in ("ticket_id", "subject", "status", "customer_id", "created_at")
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst>{texts}</sst>")
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    return out.getvalue()


def packed():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("data.csv", MESSAGES)
    return out.getvalue()


@pytest.fixture
def unread(make_drop, make_mapping, connection):
    def run(files, **mapping):
        chosen = make_mapping(**mapping)
        land_extract(connection, open_drop(make_drop(files)), chosen)
        return doubts.weigh(connection, chosen, "itco/extract")

    return run


@pytest.mark.parametrize(
    ("name", "content", "looks"),
    [
        ("Copy of messages.csv", MESSAGES, "messages"),
        ("export.csv", MESSAGES.replace(b",", b";"), "messages"),
        ("data.TSV", b"Ticket ID\tSubject\tStatus\tCustomer\n", "tickets"),
        ("ticket.csv", b"", "tickets"),
        ("alle.txt", "customer_id|email|name|phone\n".encode("utf-16"), "customers"),
        ("export.json", json.dumps({"rows": [{"message_id": 1, "ticket_id": 2, "body": "x"}]}).encode(), "messages"),
        ("export.jsonl", b'{"customer_id": 1, "email": "a@b.c", "name": "x"}\n', "customers"),
        ("export.xlsx", sheet(), "tickets"),
        ("export.csv.gz", gzip.compress(MESSAGES, mtime=0), "messages"),
        ("export.zip", packed(), "messages"),
        (".messages.csv", MESSAGES, "messages"),
        ("messages", MESSAGES, "messages"),
        ("messages.csv.bak", MESSAGES, "messages"),
    ],
)
def test_what_looks_like_a_file_of_an_object_stops_the_run(unread, name, content, looks):
    [one] = unread({name: content})
    assert (one.code, one.state) == (DoubtCode.FILE_LEFT_OUT, DoubtState.STOPS)
    said = one.sentence()
    assert f"{name} is in the folder and is not read" in said
    assert f"like {looks}" in said
    assert "ignored_files" in said


def test_several_are_each_named(unread):
    [one] = unread({"Copy of messages.csv": MESSAGES, "export.xlsx": sheet()})
    assert one.rows == 2
    assert "Copy of messages.csv is" in one.sentence()
    assert "export.xlsx is" in one.sentence()


@pytest.mark.parametrize("left", ["Copy of messages.csv", "COPY OF MESSAGES.CSV"])
def test_what_is_named_as_left_behind_is_settled(unread, left):
    assert unread({"Copy of messages.csv": MESSAGES}, ignored_files=[left]) == []


@pytest.mark.parametrize(
    ("name", "content"), [("survey.csv", b"question,answer\n"), ("x.sql", b"CREATE"), ("dump.7z", b"7z")]
)
def test_a_table_that_looks_like_nothing_keeps_the_run_partial(unread, name, content):
    [one] = unread({name: content})
    assert (one.code, one.state) == (DoubtCode.UNKNOWN_FILE, DoubtState.OPEN)
    assert name in one.sentence()


@pytest.mark.parametrize(
    "name", ["README.txt", "notes about tickets.pdf", ".DS_Store", "~$messages.csv", "._messages.csv", "Thumbs.db"]
)
def test_what_is_no_table_is_no_doubt(unread, name):
    assert unread({name: b"Dear all,\nplease read this, and that.\n"}) == []


def test_tables_in_a_folder_and_a_misnamed_folder_of_attachments_are_named(make_drop, make_mapping, connection):
    folder = make_drop({})
    for place, content in (("more/messages.csv", MESSAGES), ("Attachments/a.png", b"x"), ("pictures/b.png", b"x")):
        (folder / place).parent.mkdir()
        (folder / place).write_bytes(content)
    land_extract(connection, open_drop(folder), make_mapping())
    said = " ".join(one.sentence() for one in doubts.weigh(connection, make_mapping(), "itco/extract"))
    assert "more/messages.csv is in the folder and is not read; it looks like messages" in said
    assert "Attachments is in the folder and is not read; it is probably the folder attachments" in said
    assert "pictures" not in said
