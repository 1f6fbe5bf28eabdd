import polars as pl
import pytest

from migration_assets.ground.column_name import normalise
from migration_assets.itco.headers import HeaderError, match_header
from schemas.source import OBJECTS

TAGS, TICKETS = OBJECTS["tags"], OBJECTS["tickets"]
BASE = ["ticket_id", "subject", "status", "customer_id", "created_at"]


def columns(cells, item=TICKETS, given=None):
    return [cell.column for cell in match_header(cells, item, given or {})]


def test_spelling_does_not_matter():
    assert columns(["Ticket ID", " SUBJECT ", "\ufeffstatus", "customerId", "Created-At"]) == BASE


def test_a_person_decides_over_everything_else():
    cells = ["Nr.", "Betreff", "status", "customer_id", "created_at", "Priorität"]
    given = {"nr": "ticket_id", "BETREFF": "subject", "Priorität": "cf_Priority"}
    assert columns(cells, given=given) == [*BASE[:2], *BASE[2:], "cf_priority"]


def test_custom_unknown_own_and_nameless_columns():
    cells = [*BASE, "CF Region", "cf_modules", "Größe (cm)", "_reason", "", " "]
    assert columns(cells)[5:] == [
        "cf_region",
        "cf_modules",
        "x_grosse_cm",
        None,
        "x_column_10",
        "x_column_11",
    ]


def test_two_cells_for_one_column_are_refused_by_name():
    with pytest.raises(HeaderError, match=r"'tag', 'Tag '.*column tag"):
        columns(["tag", "Tag "], TAGS)
    with pytest.raises(HeaderError, match="x_a_b"):
        columns(["tag", "a-b", "A b"], TAGS)


def test_a_missing_column_names_the_nearest_and_the_line_to_add():
    with pytest.raises(HeaderError) as caught:
        columns(["ticket_idd", *BASE[1:]])
    assert "required column ticket_id is missing" in str(caught.value)
    assert "headers: {tickets: {'ticket_idd': ticket_id}}" in str(caught.value)


def test_names_keep_letters_of_every_script():
    assert normalise("  Création d'un Ticket ") == "creation_d_un_ticket"
    assert normalise("Статус") == "статус"
    assert normalise("a_-_b") == "a_b"


MESSAGES = OBJECTS["messages"]
COUNT = 40
IDS = [str(number + 900) for number in range(COUNT)]
AUTHORS = [str(number % 5) for number in range(COUNT)]
TEXTS = [f"Dear all, the parcel {number} has not come yet, could you please have a look?" for number in range(COUNT)]
TIMES = ["2026-01-02 10:00"] * COUNT


def refusal(**columns):
    values = [pl.Series(column) for column in columns.values()]
    with pytest.raises(HeaderError) as caught:
        match_header([name.replace("_", " ") for name in columns], MESSAGES, {}, lambda: values)
    return str(caught.value)


@pytest.mark.parametrize("name", ["Nachricht von", "Message by", "Message id of author"])
def test_the_authors_id_is_never_offered_for_the_messages(name):
    said = refusal(**{name: AUTHORS, "ticket_id": AUTHORS, "author_name": AUTHORS, "body": TEXTS, "created_at": TIMES})
    assert "the required column message_id is missing" in said
    assert "Nearest" not in said
    assert "{'<header in the file>': message_id}" in said


@pytest.mark.parametrize("name", ["Comment", "Type", "Zzz", "Author notes"])
def test_a_body_of_another_name_is_missed_and_found_by_its_texts(name):
    said = refusal(message_id=IDS, ticket_id=AUTHORS, author_id=AUTHORS, created_at=TIMES, **{name: TEXTS})
    assert "the required column body is missing" in said
    assert f"Nearest: '{name}': its values are texts of" in said
    assert f"headers: {{messages: {{'{name}': body}}}}" in said


@pytest.mark.parametrize(
    ("name", "values", "column"),
    [
        ("Sender", AUTHORS, "author_id"),
        ("From", [f"p{number % 3}@a.example" for number in range(COUNT)], "author_email"),
        ("Verfasser", ["Ann Other", "Bob Else"] * 20, "author_name"),
    ],
)
def test_messages_need_a_column_that_says_who_wrote_them(name, values, column):
    said = refusal(message_id=IDS, ticket_id=AUTHORS, body=TEXTS, created_at=TIMES, **{name: values})
    assert "none of the columns author_id, author_email, author_name is there, and one must be" in said
    assert f"headers: {{messages: {{'{name}': {column}}}}}" in said


REST = {"author_name": ["Ann Other"] * COUNT, "body": TEXTS, "created_at": TIMES}


@pytest.mark.parametrize("name", ["nr", "uid", "No.", "x", "guid", "Lfd"])
def test_a_header_that_says_nothing_is_known_by_what_stands_below_it(name):
    said = refusal(**{name: IDS, "ticket_id": AUTHORS, **REST})
    assert f"Nearest: '{name}': of the columns that no rule knows only its values could be that" in said
    assert f"headers: {{messages: {{'{name}': message_id}}}}" in said
    assert "Nearest" not in refusal(**{name: AUTHORS, "ticket_id": AUTHORS, **REST})
    assert "Nearest" not in refusal(**{name: [f"no {one}" for one in IDS], "ticket_id": AUTHORS, **REST})


def test_of_several_that_say_nothing_the_one_key_leaves_the_other():
    said = refusal(nr=IDS, rec=AUTHORS, **REST)
    assert "headers: {messages: {'nr': message_id}}" in said
    assert "headers: {messages: {'rec': ticket_id}}" in said
    both = refusal(nr=IDS, ref=IDS, ticket_id=AUTHORS, **REST)
    assert "Nearest" not in both


@pytest.mark.parametrize("name", ["uid", "Message by", "sender no"])
def test_an_id_that_may_be_somebody_elses_is_no_tickets(name):
    assert "Nearest" not in refusal(**{"message_id": IDS, name: AUTHORS, **REST})


@pytest.mark.parametrize("column", ["author_id", "author_email", "author_name"])
def test_one_author_column_is_enough(column):
    assert columns(["message_id", "ticket_id", column, "body", "created_at"], MESSAGES)[2] == column


def test_only_the_columns_of_our_own_rejects_are_left_out():
    cells = [*BASE, "_reason", "_File", "_raw", "_text", "_id"]
    assert columns(cells)[5:] == [None, None, None, "x_text", "x_id"]
