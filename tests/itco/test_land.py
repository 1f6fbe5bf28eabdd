import csv
import hashlib
import io

import pytest

from migration_assets.itco.checks import count_agrees, every_record, file_unchanged
from migration_assets.itco.drop import open_drop
from migration_assets.itco.faults import LandingError
from migration_assets.itco.land import land_object

HEAD = "message_id,ticket_id,author_id,body,created_at\n"
TAGS = b"tag,description\n"


def test_every_part_is_landed_with_its_origin(land):
    landed = land(
        "tags",
        {
            "tags.csv": b"tag,description\na,1\n\nb,\n",
            "Tags-2024.csv": "Description;TAG;cf_Zone;Extra\r\nzwei;c;N;e\r\n".encode("utf-16"),
            "tags (2).csv": b'tag\r"d\r\n"\r',
        },
    )
    rows = landed.rows
    assert rows.columns == ["_file", "_line", "_row", "_hash", "tag", "description", "cf_zone", "x_extra"]
    assert rows.select("_file", "_line", "_row", "tag", "description", "cf_zone", "x_extra").rows() == [
        ("tags.csv", 2, 1, "a", "1", None, None),
        ("tags.csv", 4, 2, "b", None, None, None),
        ("tags (2).csv", 2, 3, "d\r\n", None, None, None),
        ("Tags-2024.csv", 2, 4, "c", "zwei", "N", "e"),
    ]
    assert rows["_hash"][0] == hashlib.md5(b"a\x1f1", usedforsecurity=False).hexdigest()
    assert rows["_hash"].n_unique() == 4
    assert [(file["encoding"], file["delimiter"], file["newline"]) for file in landed.files] == [
        ("utf-8", ",", "LF"),
        ("utf-8", ",", "CR"),
        ("utf-16", ";", "CRLF"),
    ]
    assert landed.codes == ["blank_lines", "unknown_columns"]


def test_an_absent_object_has_an_empty_table_with_all_columns(land):
    landed = land("automations", {})
    assert landed.rows.columns[4:] == ["name", "kind", "description", "active"]
    assert (landed.counts.files, landed.counts.records) == (0, 0)


@pytest.mark.parametrize("chunk", [1, 16, 1 << 23])
def test_faulty_records_go_to_quarantine_with_line_row_and_text(land, chunk):
    lines = [
        "1,1,7,é,2024",
        "2,1,7,2024",
        "3,1,7,a,2024,more",
        '4,1,7,19" screen,2024',
        "5,1,7,n\0l,2024",
        "message_id,ticket_id,author_id,body,created_at",
        "Message ID,ticket_id,author_id,body,created_at",
        '6,1,7,"two\nlines",2024',
        "Total: 6,,,,",
        "6 rows",
        "7,1,7,x,2024",
    ]
    data = (HEAD + "\n".join(lines)).encode() + b"\n8,1,7,\xff,2024\n9,1,7,c"
    landed = land("messages", {"messages.csv": data}, chunk=chunk)
    assert landed.rows.select("_line", "_row", "message_id").rows() == [(2, 1, "1"), (9, 8, "6"), (13, 11, "7")]
    assert [fault[:3] for fault in landed.faults] == [
        (3, 2, "ragged_short"),
        (4, 3, "ragged_long"),
        (5, 4, "stray_quote"),
        (6, 5, "nul_byte"),
        (7, 6, "repeated_header"),
        (8, 7, "repeated_header"),
        (11, 9, "totals_row"),
        (12, 10, "totals_row"),
        (14, 12, "bad_encoding"),
        (15, 13, "cut_off"),
    ]
    texts = [fault[3] for fault in landed.faults]
    assert texts[3] == "5,1,7,n␀l,2024"
    assert texts[8] == "8,1,7,\\xff,2024"
    assert texts[9] == "9,1,7,c"
    assert (landed.files[0]["records"], landed.files[0]["repeated_headers"], landed.files[0]["totals_rows"]) == (
        13,
        2,
        2,
    )


def test_landing_again_replaces_what_was_there(land, connection):
    land("tags", {"tags.csv": TAGS + b"a,1\nb\n"})
    landed = land("tags", {"tags.csv": TAGS + b"c,2\nd\n"})
    assert landed.rows["tag"].to_list() == ["c"]
    assert len(landed.faults) == len(landed.files) == 1


@pytest.mark.parametrize("chunk", [1, 7, 64, 1 << 23])
def test_reading_goes_on_after_a_quote_that_is_never_closed(land, chunk):
    rows = "".join(f"{number},1,7,text,2024-01-01\n" for number in range(2, 30))
    data = HEAD + '1,1,7,"never closed,2024-01-01\n' + rows
    landed = land("messages", {"messages.csv": data.encode()}, chunk=chunk)
    assert landed.rows["message_id"].to_list() == [str(number) for number in range(2, 30)]
    assert [fault[:3] for fault in landed.faults] == [(2, 1, "cut_off")]
    assert "read_after_misplaced_quote" in landed.codes


def test_text_after_a_misplaced_quote_is_not_taken_for_records(land, connection):
    data = HEAD + '1,1,7,"He wrote:\nplease, read, this, "now"\nbye, bye, bye, all",2024-01-01\n2,1,7,x,2024-01-01\n'
    landed = land("messages", {"messages.csv": data.encode()}, extract=stated("messages.csv", 2))
    assert landed.rows["message_id"].to_list() == ["2"]
    assert {fault[2] for fault in landed.faults} <= {"stray_quote", "ragged_short", "ragged_long"}
    assert count_agrees(connection, "messages")[0] == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"tag,Tag\na,b\n", r"tags.csv:1: .*column tag"),
        (b"name\na\n", r"tags.csv:1: the required column tag is missing.*headers: \{tags"),
        (b"ITCO tags\n\ntag,description\na,b\n", "Line 3 looks like the header"),
        (TAGS + b"a,b\ndescription,tag\nb,a\n", r"tags.csv:3: a second header"),
        (TAGS + b"a\nb\nc,1\nd\n", "3 of 4 records"),
        (b"\xef\xbb\xbf", "header"),
        (b"", "empty"),
        ("tag,description\nname,привет мир\n".encode("cp1251"), "Cyrillic"),
    ],
)
def test_what_cannot_be_read_safely_is_refused_and_nothing_landed(land, connection, data, reason):
    land("tags", {"tags.csv": TAGS + b"before,1\n"})
    with pytest.raises(LandingError, match=reason):
        land("tags", {"tags.csv": data})
    assert connection.execute("SELECT tag FROM raw.tags").fetchall() == [("before",)]


def test_a_body_of_another_name_is_found_in_the_file_itself(land):
    data = "message_id,ticket_id,author_id,Wortlaut,created_at\r\n" + "".join(
        f'{number},1,{number % 3},"Hello, the parcel number {number} has not come yet, please look.",2024-01-01\r\n'
        for number in range(30)
    )
    with pytest.raises(LandingError) as caught:
        land("messages", {"messages.csv": data.encode("utf-16")})
    said = str(caught.value)
    assert "messages.csv:1: the required column body is missing" in said
    assert "Nearest: 'Wortlaut': its values are texts of" in said
    assert "looks like the header" not in said


def test_all_parts_are_opened_before_the_first_fault_is_told(land):
    with pytest.raises(LandingError) as caught:
        land("tags", {"tags.csv": b"x\n1\n", "tags-2.csv": b"tag,Tag\n"})
    assert len(caught.value.faults) == 2


def test_too_many_misplaced_quotes_refuse_the_file(land):
    data = TAGS + b'a,x" y\n' * 1001
    with pytest.raises(LandingError, match="more than 1000 misplaced quotes"):
        land("tags", {"tags.csv": data}, chunk=1 << 12)


def stated(file, rows=None, sha256=None):
    text = "source_instance: demo\ntime_zone: UTC\nexported_at: 2026-11-02\nexported_by: P. Nowak\n"
    if rows is not None:
        text += f"row_counts: {{'{file}': {rows}}}\n"
    return text + (f"sha256: {{'{file}': '{sha256}'}}\n" if sha256 else "")


@pytest.mark.parametrize(
    ("rows", "faults"),
    [(3, 0), (2, 0), (4, 1)],
)
def test_a_short_file_is_found_by_the_stated_count(land, connection, rows, faults):
    data = TAGS + b"a,1\nb,2\ntag,description\nc,3\nTotal,3\n"
    landed = land("tags", {"tags.csv": data}, extract=stated("tags.csv", rows))
    found, numbers = count_agrees(connection, "tags")
    assert len(found) == faults
    assert numbers["counted"] == 3
    assert ("more_rows_than_stated" in landed.codes) == (rows == 2)


PARTS = {"tags.csv": TAGS + b"a,1\n" * 25, "tags-2.csv": TAGS + b"b,1\n" * 15}


@pytest.mark.parametrize(
    ("counts", "faults"),
    [
        ("{tags.csv: 40}", []),
        ("{TAGS.CSV: 40}", []),
        ("{tags.csv: 25, tags-2.csv: 15}", []),
        ("{tags.csv: 41}", ["tags.csv: extract.yaml states 41 records, the file has 25; all 2 files of tags together"]),
        ("{tags.csv: 39}", ["tags.csv: extract.yaml states 39 records, the file has 25; all 2 files of tags together"]),
        ("{tags.csv: 40, tags-2.csv: 15}", ["tags.csv: extract.yaml states 40 records, the file has 25;"]),
        ("{tags-2.csv: 16}", ["tags-2.csv: extract.yaml states 16 records, the file has 15; all 2"]),
    ],
)
def test_what_is_stated_for_an_object_is_met_by_all_its_parts_together(land, connection, counts, faults):
    land("tags", PARTS, extract=stated("x").replace("row_counts", "") + f"row_counts: {counts}\n")
    found, _ = count_agrees(connection, "tags")
    assert len(found) == len(faults)
    assert all(one.startswith(start) for one, start in zip(found, faults, strict=True))
    assert all("together have 40" in one for one in found)


def test_pieces_of_a_damaged_record_do_not_hide_a_short_file(land, connection):
    rows = "".join(f"{number},1,7,text,2024-01-01\n" for number in range(20))
    data = HEAD + '99,1,7,"one\ntwo\nthree\n"four" five",2024-01-01\n' + rows
    land("messages", {"messages.csv": data.encode()}, extract=stated("messages.csv", 22))
    assert "21 to 24" in count_agrees(connection, "messages")[0][0]


def test_the_hash_is_compared(land, connection):
    data = TAGS + b"a,1\n"
    good = hashlib.sha256(data).hexdigest()
    land("tags", {"tags.csv": data}, extract=stated("tags.csv", sha256=good.upper()))
    assert file_unchanged(connection, "tags") == ([], {"files_compared": 1})
    land("tags", {"tags.csv": data + b"b,2\n"}, extract=stated("tags.csv", sha256=good))
    assert "tags.csv: its SHA-256 is" in file_unchanged(connection, "tags")[0][0]


def test_lost_rows_are_noticed(land, connection):
    land("tags", {"tags.csv": TAGS + b"a,1\nb,2\nc\n"})
    assert every_record(connection, "tags") == ([], {"records": 3, "landed": 2, "quarantined": 1, "corrected": 0})
    connection.execute("DELETE FROM raw.tags WHERE tag = 'b'")
    assert every_record(connection, "tags")[0] == ["3 records in the files, 1 landed, 1 quarantined"]


def test_a_file_that_grows_while_it_is_read_is_refused(make_drop, make_mapping, connection, monkeypatch):
    folder = make_drop({"tags.csv": TAGS + b"a,1\n"})
    from migration_assets.itco import land as module

    whole = module.count_rows

    def grow(*arguments, **options):
        with (folder / "tags.csv").open("ab") as file:
            file.write(b"b,2\n")
        return whole(*arguments, **options)

    monkeypatch.setattr(module, "count_rows", grow)
    with pytest.raises(LandingError, match=r"changed while it was read|rows were lost"):
        land_object(connection, open_drop(folder), make_mapping(), "tags")


def test_cut_at_every_byte_nothing_is_lost_or_taken_for_whole(make_drop, make_mapping, connection):
    whole = 'tag,description\r\na,"x ""y""\r\nz"\r\n"é",1\r\nb,\r\nc,last\r\n'.encode()
    everything = list(csv.reader(io.StringIO(whole.decode(), newline="")))[1:]
    start = whole.index(b"a,")
    outcomes = set()
    mapping = make_mapping(files={"tags.csv": {"encoding": "utf-8"}})  # a cut character looks like another encoding
    for end in range(len(whole)):
        folder = make_drop({"tags.csv": whole[:end]}, stated("tags.csv", 4))
        try:
            counts = land_object(connection, open_drop(folder), mapping, "tags", chunk=8)
        except LandingError:
            outcomes.add("refused")
            assert end < start + 4 or end < whole.index(b"b,")
            continue
        rows = [
            [cell or "" for cell in row]
            for row in connection.execute("SELECT tag, description FROM raw.tags").fetchall()
        ]
        assert counts.records == counts.landed + counts.quarantined
        assert rows[:-1] == everything[: max(len(rows) - 1, 0)]
        held = connection.execute("SELECT raw FROM quarantine.faults WHERE object = 'tags'").fetchall()
        assert all(whole[:end].decode("utf-8", "backslashreplace").find(raw) >= 0 for (raw,) in held)
        short = bool(count_agrees(connection, "tags")[0])
        assert short or end >= whole.index(b"c,")
        outcomes.add("short" if short else "whole")
    assert outcomes >= {"short", "whole"}


def test_big_fields_and_odd_text_survive(land):
    body = 'x"y,\n😀\u202e\ufeff\u0301\r' * 200_000
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["tag", "description"], ["\ufeffa", body], ["b", "é"]])
    landed = land("tags", {"tags.csv": out.getvalue().encode()}, chunk=1 << 16)
    assert landed.rows.select("tag", "description").rows() == [("\ufeffa", body), ("b", "é")]
    assert landed.rows["_line"].to_list()[1] == out.getvalue().count("\n")


def test_known_caps_and_excel_cells_are_noticed(land):
    rows = "".join(f"t{number},\n" for number in range(9_999))
    landed = land("tags", {"tags.csv": (TAGS.decode() + rows + "z," + "y" * 32_767).encode()})
    assert landed.codes == ["excel_cell_limit", "no_final_line_end", "row_cap"]
    assert land("tags", {"tags.csv": TAGS}).codes == ["no_records"]


def test_hints_of_the_mapping_are_followed_and_unused_headers_told(land):
    landed = land(
        "tags",
        {"tags.csv": "Marke|Text, lang\nä,1|é\n".encode("mac_roman")},
        files={"tags.csv": {"encoding": "mac_roman", "delimiter": "|"}},
        headers={"tags": {"marke": "tag", "Nirgends": "description"}},
    )
    assert landed.rows.select("tag", "x_text_lang").rows() == [("ä,1", "é")]
    assert landed.codes == ["header_not_found", "unknown_columns"]


def test_bytes_outside_a_named_encoding_hold_their_record_back(land):
    data = b"tag,description\na,\x81\nb,\xe9\n"
    landed = land("tags", {"tags.csv": data}, files={"tags.csv": {"encoding": "cp1252"}})
    assert landed.rows["tag"].to_list() == ["b"]
    assert landed.faults[0][:3] == (2, 1, "bad_encoding")


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_utf16_cut_inside_a_character(land, cut):
    landed = land("tags", {"tags.csv": "tag,description\na,1\nb,x😀".encode("utf-16")[:-cut]})
    assert landed.rows["tag"].to_list() == ["a"]
    assert [fault[:3] for fault in landed.faults] == [(3, 2, "bad_encoding")]
