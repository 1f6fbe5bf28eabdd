"""Messages of which nobody says what their author is, or who: what the rows know tells, and what is left is a doubt."""

import pytest

from tests.support.clean_tables import agent_message, customer, message, ticket

# The ids of customers and agents overlap.
PEOPLE = [customer("1", name="Rosa Diaz", email="rosa@x.org"), customer("2", name="Ben Roth", email="ben@x.org"),
          customer("3", name="Tina Joss", email="tina@x.org")]  # fmt: skip
AGENTS = [{"agent_id": "1", "name": "Julia Brandt", "email": "julia@desk.org", "active": True},
          {"agent_id": "9", "name": "Tom Ellery", "email": "tom@desk.org", "active": True}]  # fmt: skip


def run(shaped, *messages, agents=AGENTS):
    first = message("M", author_id="1", author_name="Rosa Diaz")
    shaped.run(customers=PEOPLE, agents=list(agents), tickets=[ticket("T1", "1")], messages=[first, *messages])
    return {row["source_key"]: row for row in shaped.parts("T1")}


def doubted(shaped, code):
    return {row["key"] for row in shaped.rows("SELECT key FROM doubt.rows WHERE code = ?", code)}


def unsaid(key, author_id=None, name=None, email=None, **values):
    return message(key, author_type=None, author_id=author_id, author_name=name, author_email=email, **values)


@pytest.mark.parametrize(
    ("said", "kind", "key"),
    [
        ({"author_id": "2"}, "contact", "2"),
        ({"author_id": "9"}, "admin", "9"),
        ({"author_id": "1", "name": "Rosa Diaz"}, "contact", "1"),
        ({"author_id": "1", "name": "BRANDT, Julia"}, "admin", "1"),
        ({"author_id": "1", "email": "julia@desk.org"}, "admin", "1"),
        ({"author_id": "1", "email": "rosa@x.org"}, "contact", "1"),
        ({"email": "ben@x.org"}, "contact", "2"),
        ({"email": "tom@desk.org"}, "admin", "9"),
        ({"name": "Tom Ellery"}, "admin", "9"),
        ({"name": "Rosa Diaz"}, "contact", "1"),
    ],
)
def test_who_the_author_is_says_what_they_are(shaped, said, kind, key):
    part = run(shaped, unsaid("M1", **said))["M1"]
    assert (part["author_kind"], part["author_key"], part["kind"]) == (kind, key, "comment")
    assert doubted(shaped, "author_type_unknown") == set()


@pytest.mark.parametrize(("author_id", "code"), [(None, set()), ("777", {"M1"})])
def test_whoever_gives_a_name_and_an_address_is_made(shaped, author_id, code):
    part = run(shaped, unsaid("M1", author_id, "Hier Hier", "hier@hier.org"))["M1"]
    made = shaped.by_key("contacts")[part["author_key"]]
    assert (made["name"], made["email"], part["kind"]) == ("Hier Hier", "hier@hier.org", "comment")
    assert doubted(shaped, "author_type_unknown") == set()
    assert doubted(shaped, "author_unknown") == code


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"author_id": "1"},
        {"author_id": "1", "name": "Eva Noll"},
        {"author_id": "2", "name": "Eva Noll"},
        {"author_id": "777"},
        {"name": "Nur Name"},
        {"name": "New Colleague", "email": "new@desk.org"},
        {"name": "Somebody", "email": "info@else.org"},
    ],
)
def test_what_stays_open_is_a_note_and_a_doubt(shaped, said):
    part = run(shaped, unsaid("M1", **said), unsaid("E", kind="status_change"))["M1"]
    assert (part["kind"], part["author_kind"]) == ("note", "admin")
    assert doubted(shaped, "author_type_unknown") == {"M1"}


def test_without_agents_an_id_alone_does_not_say_that_it_is_a_customers(shaped):
    run(shaped, unsaid("M1", "2"), unsaid("M2", "2", "Ben Roth"), agents=())
    assert doubted(shaped, "author_type_unknown") == {"M1"}


def test_who_is_not_named_at_all_is_a_doubt(shaped):
    nobody = {"author_id": None, "author_name": None, "author_email": None}
    parts = run(shaped, message("M1", **nobody), agent_message("M2", **nobody),
                agent_message("M3", **nobody | {"author_name": "Some One"}),
                agent_message("M4", **nobody | {"author_name": "Tom Ellery"}),
                agent_message("M5", kind="assignment", **nobody),
                message("M6", author_type="system", **nobody))  # fmt: skip
    assert (parts["M1"]["author_key"], parts["M2"]["author_key"], parts["M4"]["author_key"]) == ("1", None, "9")
    assert doubted(shaped, "author_missing") == {"M1", "M2", "M3"}
