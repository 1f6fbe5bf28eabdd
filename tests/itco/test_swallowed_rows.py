"""A misplaced pair of quotes that leaves a good CSV file, with rows of it inside the text of another one."""

import pytest

from migration_assets.accounting import doubts
from migration_assets.itco.drop import open_drop
from migration_assets.itco.land import land_object
from migration_assets.itco.landing_doubts import look_for_doubts
from resources.warehouse import fetch_frame
from schemas.doubt_codes import DoubtCode
from schemas.doubt_kind import DoubtState
from schemas.source import OBJECTS

CUSTOMERS = ["customer_id,external_id,name,email,created_at"] + [
    f"{n},,Person {n},p{n}@a.example,2025-01-02" for n in range(11, 31)
]
TICKETS = ["ticket_id;subject;status;customer_id;created_at"] + [
    f"T-{n};Printer {n};open;{n};2026-01-02 10:00" for n in range(11, 31)
]
MESSAGES = ["message_id,ticket_id,author_id,body,created_at,cc"] + [
    f"{n * 7 + 5000},T-{n},{n},The printer on floor {n} is broken,2026-01-02 10:{n},c{n}@a.example"
    for n in range(11, 31)
]


@pytest.fixture
def weighed(make_drop, make_mapping, connection):
    """Land a drop whole, with other lines of one or the other file, and weigh what is doubtful in it."""

    def run(end="\n", **lines):
        files = {"customers": CUSTOMERS, "tickets": TICKETS, "messages": MESSAGES, **lines}
        drop = open_drop(make_drop({f"{name}.csv": (end.join(all_) + end).encode() for name, all_ in files.items()}))
        mapping = make_mapping(message_kinds={}, author_types={})
        for name in OBJECTS:
            land_object(connection, drop, mapping, name)
        look_for_doubts(connection, mapping)
        return [one for one in doubts.weigh(connection, mapping) if one.code == DoubtCode.ROWS_IN_TEXT]

    return run


def with_quotes(lines, opens, before, closes, behind):
    """Put a quote before a word of one line and one behind a word of another line."""
    changed = list(lines)
    changed[opens] = changed[opens].replace(before, '"' + before, 1)
    changed[closes] = changed[closes].replace(behind, behind + '"', 1)
    return changed


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("closes", "rows"), [(4, 1), (5, 2), (9, 6), (20, 17)])
def test_messages_within_the_text_of_a_message_stop_the_run(weighed, end, closes, rows):
    lines = with_quotes(MESSAGES, 3, "The printer", closes, "is broken")
    [one] = weighed(end, messages=lines)
    assert (one.object, one.column, one.rows, one.state) == ("messages", "body", rows, DoubtState.STOPS)
    other = "another row of the file" if rows == 1 else f"{rows} other rows of the file"
    assert f"messages.csv:4: the body of message_id 5091 holds {other} (5098" in one.sentence()
    assert "Correct the quotes on that line" in one.sentence()


@pytest.mark.parametrize(
    ("name", "lines", "line", "key", "rows"),
    [
        ("tickets", with_quotes(TICKETS, 2, "Printer", 6, "Printer 16"), 3, "T-12", 4),
        ("tickets", with_quotes(TICKETS, 2, "open", 3, "open"), 3, "T-12", 1),
        ("customers", with_quotes(CUSTOMERS, 1, "Person", 2, "Person 12"), 2, "11", 1),
        ("customers", with_quotes(CUSTOMERS, 10, "p20@", 13, "p23@a.example"), 11, "20", 3),
        ("customers", with_quotes([CUSTOMERS[0], *CUSTOMERS[:0:-1]], 3, "Person", 6, "Person 25"), 4, "28", 3),
        ("messages", with_quotes(MESSAGES, 5, "c15@", 7, "c17@a.example"), 6, "5105", 2),
    ],
)
def test_whichever_file_and_column_it_is(weighed, name, lines, line, key, rows):
    [one] = weighed(**{name: lines})
    assert one.rows == rows
    assert f"{name}.csv:{line}: " in one.sentence()
    assert f" of {OBJECTS[name].key[0]} {key} holds " in one.sentence()


def test_a_text_of_its_own_lines_whose_end_is_lost_swallows_too(weighed, connection):
    lines = list(MESSAGES)
    lines[3] = lines[3].replace("The printer", '"Hello,\n\nThe printer')
    lines[6] = lines[6].replace("is broken", 'is broken ""now"""')
    [one] = weighed(messages=lines)
    assert one.rows == 3
    found = fetch_frame(connection, "SELECT key, rows, found FROM doubt.rows WHERE code = 'rows_in_text'").row(0)
    assert found[:2] == ("5091", 3)
    assert "5098, 5105, 5112" in found[2]


def said(text, number=3):
    """Give a message a text with several lines, quoted as it must be."""
    lines = list(MESSAGES)
    lines[number] = lines[number].replace("The printer on floor 13 is broken", f'"{text}"')
    return lines


@pytest.mark.parametrize(
    "text",
    [
        "Two lines, with commas,\nand more, and, more, of, them",
        "Here, is, the, list:\nid,sku,pieces\n7,A-1,20\n8,A-2,30",
        # A quoted row whose ticket is unknown, and one that stands in the file as well.
        "See, this, row:\n5099,T-999,14,The printer is broken,2026-01-02 10:14,a@b.example\nregards",
        f"See, this, row:\n{MESSAGES[4]}\nregards",
        # A row with another form of key, with another number of fields, with no time where one must be.
        "See, this, row:\nM-99,T-14,14,The printer is broken,2026-01-02 10:14,a@b.example\nregards",
        "See, this, row:\n5099,T-14,The printer is broken,2026-01-02 10:14\nregards",
        "See, this, row:\n5099,T-14,14,The printer is broken,yesterday,a@b.example\nregards",
    ],
)
def test_lists_that_people_write_are_texts(weighed, text):
    assert weighed(messages=said(text)) == []


def test_an_address_over_two_lines_is_no_row(weighed):
    lines = list(CUSTOMERS)
    lines[4] = lines[4].replace("Person 14", '"Person 14\n15, Main Street, Hull"')
    assert weighed(customers=lines) == []


def test_what_somebody_wrote_is_accepted(weighed, make_mapping, connection):
    weighed(messages=with_quotes(MESSAGES, 3, "The printer", 5, "is broken"))
    mapping = make_mapping(accepted=[{"doubt": "rows_in_text", "of": "messages.body", "because": "a mail quotes them"}])
    [one] = [one for one in doubts.weigh(connection, mapping) if one.code == DoubtCode.ROWS_IN_TEXT]
    assert one.state is DoubtState.ACCEPTED
