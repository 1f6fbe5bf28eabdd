"""What is doubtful in a drop that was landed: what is recorded, of what it is told, and what settles it."""

import polars as pl
import pytest

from migration_assets.accounting import doubts
from migration_assets.itco.drop import open_drop
from migration_assets.itco.land import land_object
from migration_assets.itco.landing_doubts import look_for_doubts
from migration_assets.itco.likeness import guess, profile
from schemas.doubt_codes import DoubtCode
from schemas.doubt_kind import DoubtState
from schemas.source import OBJECTS
from tests.itco.conftest import EXTRACT

WORDS = {"statuses": {}, "priorities": {}, "author_types": {}}
CUSTOMERS = b"customer_id,name\n" + b"".join(b"%d,Person %d\n" % (n, n) for n in range(1, 21))
TICKETS = b"ticket_id,subject,status,customer_id,created_at\n" + b"".join(
    b"%d,Printer,open,%d,2026-01-02 10:00\n" % (n + 100, n) for n in range(1, 21)
)


HEADER = "message_id,ticket_id,author_id,body,created_at"


def messages(header=HEADER, row="{id},{ticket},{author},{text},{time}", **more):
    lines = [header]
    for number in range(1, 21):
        values = {
            "id": number + 5000, "ticket": number + 100, "author": number % 7 + 1, "time": f"2026-01-02 10:{number:02}",
            "text": f"Hello the printer on floor {number} does not print any more since this morning.",
        }  # fmt: skip
        lines.append(row.format(**{**values, **more}))
    return ("\n".join(lines) + "\n").encode()


@pytest.fixture
def weighed(make_drop, make_mapping, connection):
    """Land a drop whole and weigh what is doubtful in it."""

    def run(files, /, extract=None, **mapping):
        given = {"customers.csv": CUSTOMERS, "tickets.csv": TICKETS, "messages.csv": messages(), **files}
        folder = make_drop(given, extract) if extract else make_drop(given)
        drop, chosen = open_drop(folder), make_mapping(**{**WORDS, **mapping})
        for name in OBJECTS:
            land_object(connection, drop, chosen, name)
        look_for_doubts(connection, chosen)
        return doubts.weigh(connection, chosen)

    return run


def codes(found):
    return [(one.code, one.object, one.column, one.state) for one in found]


def test_a_plain_drop_is_not_doubtful(weighed):
    assert weighed({}) == []


@pytest.mark.parametrize(
    ("object_name", "file", "content", "header", "likely", "why"),
    [
        (
            "messages",
            "messages.csv",
            messages(HEADER + ",Sender mail", "{id},{ticket},{author},x,{time},a@b.ex"),
            "Sender mail",
            "author_email",
            "e-mail addresses",
        ),
        (
            "messages",
            "messages.csv",
            messages("message_id,ticket_id,author_name,body,created_at,Poster", "{id},{ticket},Ann,x,{time},{author}"),
            "Poster",
            "author_id",
            "100% of its values are ids of customers",
        ),
        (
            "tickets",
            "tickets.csv",
            TICKETS.replace(b"created_at\n", b"created_at,Organisation\n").replace(b":00\n", b":00,7\n"),
            "Organisation",
            "company_id",
            "ids of companies",
        ),
        (
            "tickets",
            "tickets.csv",
            TICKETS.replace(b"created_at\n", b"created_at,Geschlossen am\n").replace(b":00\n", b":00,2026-02-01\n"),
            "Geschlossen am",
            "closed_at",
            "its values are times",
        ),
    ],
)  # fmt: skip
def test_a_column_that_no_rule_knows_stops_the_run_and_is_guessed_by_its_content(
    weighed, object_name, file, content, header, likely, why
):
    [one] = weighed({file: content, "companies.csv": b"company_id,name\n7,Seven\n"})
    assert codes([one]) == [(DoubtCode.UNKNOWN_COLUMN, object_name, header, DoubtState.STOPS)]
    said = one.sentence()
    assert f"{file}: the column '{header}' has values in 20 rows" in said
    assert f"Most likely it is {likely}: " in said
    assert why in said
    assert f"headers: {{{object_name}: {{'{header}': {likely}}}}}" in said
    assert "Nothing was written" in said
    assert "ignored_columns" in said


@pytest.mark.parametrize("name", ["Poster", "poster", " POSTER "])
def test_a_column_that_is_named_as_left_behind_or_has_no_values_is_none(weighed, name):
    header, row = "message_id,ticket_id,author_name,body,created_at,Poster", "{id},{ticket},Ann,x,{time},{author}"
    assert weighed({"messages.csv": messages(header, row)}, ignored_columns={"messages": [name]}) == []
    assert weighed({"messages.csv": messages(header, row, author=" ")}) == []


def test_a_column_without_a_name_and_one_that_begins_like_ours_are_asked_about(weighed):
    header, row = "message_id,ticket_id,author_id,body,created_at,,_text", "{id},{ticket},{author},x,{time},a,{text}"
    found = weighed({"messages.csv": messages(header, row)})
    assert {(one.code, one.column) for one in found} == {
        (DoubtCode.UNKNOWN_COLUMN, ""),
        (DoubtCode.UNKNOWN_COLUMN, "_text"),
    }


LONG = [f"The printer on floor {number} does not print, and nobody knows why it should." for number in range(40)]


@pytest.mark.parametrize(
    ("header", "values", "column"),
    [
        ("kind of text", LONG, "body"),
        ("kinds", LONG, "body"),
        ("Typ", ["public", "private"] * 20, "kind"),
        ("id", [str(number) for number in range(40)], "message_id"),
        ("message", [str(number % 4) for number in range(40)], None),
        ("created by", ["ann@a.example", "bob@b.example"] * 20, "author_email"),
        ("body date", ["2026-01-02 10:00"] * 40, "created_at"),
    ],
)
def test_content_decides_over_the_name(header, values, column):
    item = OBJECTS["messages"]
    names = ("message_id", "kind", "body", "created_at", "author_email")
    found = guess(header, profile(pl.Series(values)), [item.by_name[name] for name in names], item)
    assert (found.column if found else None) == column


def test_ids_are_told_by_whose_they_are():
    item = OBJECTS["tickets"]
    free = [item.by_name[name] for name in ("customer_id", "agent_id", "company_id")]
    values = pl.Series(["1", "2", "1"])
    assert guess("who", profile(values, {"customers": 0.0, "agents": 1.0}), free, item).column == "agent_id"
    assert guess("who", profile(values, {"customers": 0.95, "agents": 0.1}), free, item).column == "customer_id"


@pytest.mark.parametrize(
    ("file", "content", "extract", "stops"),
    [
        ("customers-archive.csv", b"customer_id,name\n", None, True),
        ("tags.csv", b"tag\r\n", None, True),
        ("attachments.csv", "attachment_id;ticket_id;file_name\n".encode("utf-16"), None, True),
        ("tags.csv", b"tag\n\n", "row_counts: {Tags.CSV: 0}", False),
    ],
)
def test_a_file_with_a_header_and_no_rows_stops_unless_none_are_stated(weighed, file, content, extract, stops):
    text = "source_instance: d\ntime_zone: UTC\nexported_at: 2026-11-02\nexported_by: P\n" + (extract or "")
    found = weighed({file: content}, text)
    assert [(one.code, one.state) for one in found] == ([(DoubtCode.EMPTY_FILE, DoubtState.STOPS)] if stops else [])
    assert not stops or f"{file} has a header and no rows." in found[0].sentence()


@pytest.mark.parametrize("empty", ["", "   ", "<p>&nbsp;</p><br>", "<div>\u200b</div>"])
def test_messages_that_say_nothing_are_doubtful_and_above_the_limit_stop(weighed, empty):
    [one] = weighed({"messages.csv": messages(text=empty)})
    assert codes([one]) == [(DoubtCode.EMPTY_TEXT, "messages", "body", DoubtState.STOPS)]
    assert "20 of 20 messages have neither a text nor an attachment (such as messages.csv:10" in one.sentence()


def test_few_empty_messages_keep_the_run_partial(weighed):
    content = messages().replace(b"Hello the printer on floor 7 does not print any more since this morning.", b"")
    [one] = weighed({"messages.csv": content})
    assert (one.rows, one.state) == (1, DoubtState.OPEN)


@pytest.mark.parametrize("text", ["<p>ok</p>", "<img src=cid:1>", "?", "&lt;3", "<p><b>&#228;</b></p>", "😀"])
def test_the_shortest_text_is_one(weighed, text):
    assert weighed({"messages.csv": messages(text=text)}) == []


def test_attachments_and_events_need_no_text(weighed):
    files = b"attachment_id,ticket_id,message_id,file_name\n"
    files += b"".join(b"%d,%d,%d,a.png\n" % (n, n + 100, n + 5000) for n in range(1, 21))
    assert weighed({"messages.csv": messages(text=""), "attachments.csv": files}) == []
    events = messages("message_id,ticket_id,author_id,body,created_at,kind", "{id},{ticket},{author},,{time}, Closed")
    assert weighed({"messages.csv": events, "attachments.csv": None}, message_kinds={"closed": "status_change"}) == []


@pytest.mark.parametrize("name", ["messages - Kopie.csv", "messages_final2.csv", "Messages (1).CSV"])
def test_the_copy_of_a_file_with_other_contents_stops(weighed, name):
    other = messages().replace(b"floor 7", b"floor 8")
    [one] = weighed({name: other})
    assert codes([one]) == [(DoubtCode.COPIED_FILE, "messages", "", DoubtState.STOPS)]
    assert (
        f"{name} has 20 of its 20 records in common with messages.csv, and 1 of them are not the same" in one.sentence()
    )


@pytest.mark.parametrize("name", ["messages-2024.csv", "messages (2).csv"])
def test_an_exact_copy_and_a_part_of_its_own_are_no_doubt(weighed, name):
    assert weighed({name: messages()}) == []
    shifted = messages().replace(b"\n50", b"\n60")
    assert weighed({name: shifted}) == []


TAGS = "tag,description\n"
CAPPED = TAGS + "".join(f"t{number},\n" for number in range(10_000))


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        (TAGS + "a," + "y" * 32_767 + "\n", DoubtCode.CELL_CUT),
        (CAPPED, DoubtCode.FILE_CUT),
        (TAGS + "a,b\nc,d\n", DoubtCode.MORE_ROWS_THAN_STATED),
    ],
)
def test_what_may_be_cut_off_keeps_the_run_partial_until_it_is_accepted(weighed, tags, code):
    extract = EXTRACT + "row_counts: {tags.csv: 1}\n" if code == DoubtCode.MORE_ROWS_THAN_STATED else EXTRACT
    found = weighed({"tags.csv": tags.encode()}, extract)
    assert codes(found) == [(code, "tags", "", DoubtState.OPEN)]
    assert found[0].sentence().startswith("tags.csv: ")
    accepted = [{"doubt": code.value, "of": "tags", "because": "It is whole."}]
    assert codes(weighed({"tags.csv": tags.encode()}, extract, accepted=accepted))[0][3] is DoubtState.ACCEPTED


def test_rows_behind_a_misplaced_quote_keep_the_run_partial(weighed):
    """The messages in it hold back one record and read on behind it."""
    lines = messages().decode().splitlines()
    lines.insert(2, '4999,101,1,"never closed,2026-01-02 10:00')
    found = weighed({"messages.csv": ("\n".join(lines) + "\n").encode()})
    assert codes(found) == [(DoubtCode.QUOTE_MISPLACED, "messages", "", DoubtState.OPEN)]


def test_what_is_nearly_cut_off_is_in_no_doubt(weighed):
    assert weighed({"tags.csv": (TAGS + "a," + "y" * 32_766 + "\n").encode()}) == []
    assert weighed({"tags.csv": (CAPPED + "z,\n").encode()}) == []
    assert weighed({"tags.csv": (TAGS + 'a,"b ""c"" d"\n').encode()}) == []


AGENTS = b"agent_id,name,email\n" + b"".join(b"%d,Agent %d,a%d@desk.example\n" % (n, n, n) for n in range(1, 21))


@pytest.mark.parametrize(
    "files",
    [
        {"messages.csv": messages(row="{id},{ticket},{author},Person {author},{time}")},
        {"messages.csv": messages(row="{id},{ticket},{author}, AGENT {author} ,{time}"), "agents.csv": AGENTS},
        {
            "messages.csv": messages(HEADER + ",author_name", "{id},{ticket},{author},Zoe Zander,{time},{text}"),
            "messages-2.csv": b"message_id,ticket_id,author_id,body,created_at,author_name\n"
            b"1,101,1,Hello there,2026-01-02 10:00,Zoe Zander\n",
        },
    ],
)
def test_texts_that_are_names_stop(weighed, files):
    found = [one for one in weighed(files) if one.code == DoubtCode.TEXT_IS_A_NAME]
    assert [(one.rows, one.state) for one in found] == [(20, DoubtState.STOPS)]
    assert list(found[0].found) == ["messages.csv: 20 of 20 texts are nothing but the name of somebody."]


def test_a_few_texts_that_are_names_are_in_no_doubt(weighed):
    rows = messages().decode().splitlines()
    rows[1] = "5001,101,1,Person 1,2026-01-02 10:01"
    assert weighed({"messages.csv": ("\n".join(rows) + "\n").encode()}) == []
