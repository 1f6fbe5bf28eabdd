"""Archives and workbooks beside the files of a drop: they are not read, and what their makers put in does no harm."""

import gzip
import io
import os
import time
import zipfile

import pytest

from migration_assets.itco.unread import look

HUGE = 200 * 1024 * 1024


def packed(name, content, method=zipfile.ZIP_DEFLATED):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr(name, content)
    return made.getvalue()


def patched(content, local, central):
    """Return an archive whose member says something else of itself, in both of its headers."""
    made = bytearray(content)
    for mark, (place, value) in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        at = made.index(mark) + place
        made[at : at + len(value)] = value
    return bytes(made)


def damaged(content):
    made = bytearray(content)
    at = made.index(b"tickets.csv") + len("tickets.csv")
    made[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(made)


ZIP = packed("tickets.csv", "ticket_id,subject\n")
FILES = {
    "no workbook.xlsx": packed("readme.txt", "x"),
    "entities.xlsx": packed("xl/sharedStrings.xml", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><t>&a;</t>'),
    "password.zip": patched(ZIP, (6, b"\x01\x00"), (8, b"\x01\x00")),
    "unknown.zip": patched(ZIP, (8, b"\x63\x00"), (10, b"\x63\x00")),
    "damaged.zip": damaged(ZIP),
    "lzma.zip": damaged(packed("tickets.csv", "ticket_id,subject\n" * 99, zipfile.ZIP_LZMA)),
    "paths.zip": packed("../../../etc/cron.d/evil", "x"),
    "bomb.zip": packed("tickets.csv", b"\0" * HUGE),
    "bomb.csv.gz": gzip.compress(b"\0" * HUGE, 1),
    "cut.csv.gz": gzip.compress(b"ticket_id,subject\n" * 999)[:20],
    "deep.json": b'{"a":' * 10_000,
    "brackets.json": b"[" * 60_000 + b"{" + b"[" * 5_000,
    "empty.xlsx": b"",
}


@pytest.mark.parametrize("name", FILES)
def test_what_cannot_be_looked_into_is_told_by_its_name_alone(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(FILES[name])
    began = time.process_time()
    found = look(path, name, {})
    assert time.process_time() - began < 20, "far less, and a bomb that goes off takes minutes"
    assert (found.object, found.is_table) == (None, True)
    assert "root:" not in found.sentence()
    assert list(tmp_path.iterdir()) == [path], "nothing was unpacked"


def test_what_is_no_file_does_not_keep_the_run_waiting(tmp_path):
    os.mkfifo(tmp_path / "tickets.csv.gz")
    assert look(tmp_path / "tickets.csv.gz", "tickets.csv.gz", {}).object == "tickets"
