"""References that lead nowhere: what the rows know is used, and what is left is called by what is known, and listed."""

import pytest

from tests.support.clean_tables import agent_message, at, customer, message, ticket


def doubted(shaped, code):
    return {row["key"]: row["found"] for row in shaped.rows("SELECT key, found FROM doubt.rows WHERE code = ?", code)}


def owner(shaped, key="T1"):
    return shaped.by_key("contacts")[shaped.by_key("conversations")[key]["contact_key"]]


@pytest.mark.parametrize(
    ("first", "name", "email"),
    [
        ({"author_id": None, "author_name": "Lea Voss", "author_email": "lea@voss.org"}, "Lea Voss", "lea@voss.org"),
        ({"author_id": "C1"}, "Name C1", "c1@example.com"),
        ({"author_id": "777", "author_name": "Lea Voss"}, "Lea Voss", None),
        ({"author_id": "888", "author_email": "lea@voss.org"}, "Unknown customer (ITCO 888)", "lea@voss.org"),
        ({"author_id": None, "author_email": "lea@voss.org"}, "Unknown customer (lea@voss.org)", "lea@voss.org"),
        ({"author_id": None, "author_name": "Lea Voss"}, "Lea Voss (unknown customer in ITCO)", None),
    ],
)
def test_a_ticket_of_an_unknown_customer_is_that_of_who_wrote_its_first_message(shaped, first, name, email):
    later = message("M2", author_id="C1", created_at=at("2024-06-01"))
    shaped.run(customers=[customer("C1")], tickets=[ticket("T1", "777")], messages=[message("M1", **first), later])
    assert (owner(shaped)["name"], owner(shaped)["email"]) == (name, email)
    assert set(doubted(shaped, "customer_unknown")) == {"T1"}
    assert shaped.rows("SELECT count(*) AS n FROM target.contacts WHERE name ILIKE '%deleted%'") == [{"n": 0}]


def test_where_an_agent_wrote_first_the_customers_other_tickets_tell_or_nobody_does(shaped):
    lea = {"author_id": None, "author_name": "Lea Voss", "author_email": "lea@voss.org"}
    shaped.run(customers=[], tickets=[ticket("T1", "777"), ticket("T2", "777"), ticket("T3", "888")],
               messages=[message("M1", "T1", **lea), agent_message("M2", "T2"), agent_message("M3", "T3"),
                         message("M4", "T3", created_at=at("2024-06-01"), **lea)])  # fmt: skip
    assert [owner(shaped, key)["name"] for key in ("T1", "T2", "T3")] == [
        "Lea Voss", "Lea Voss", "Unknown customer (ITCO 888)"]  # fmt: skip
    assert doubted(shaped, "customer_unknown")["T3"] == "customer 888; loaded for Unknown customer (ITCO 888)"


def test_who_is_named_by_a_message_of_theirs_keeps_their_ticket_though_another_wrote_first(shaped):
    shaped.run(customers=[customer("C1")], tickets=[ticket("T1", "777")],
               messages=[message("M1"), message("M2", author_id="777", author_name="Lea Voss")])  # fmt: skip
    assert owner(shaped)["name"] == "Lea Voss"


def test_two_people_who_wrote_first_under_one_unknown_id_have_a_ticket_each(shaped):
    shaped.run(customers=[customer("C1"), customer("C2")], tickets=[ticket("T1", "777"), ticket("T2", "777")],
               messages=[message("M1", "T1"), message("M2", "T2", author_id="C2")])  # fmt: skip
    assert [owner(shaped, key)["source_key"] for key in ("T1", "T2")] == ["C1", "C2"]


def test_authors_whom_no_row_describes_are_listed_and_called_by_what_is_known(shaped):
    shaped.run(customers=[customer("C1")], tickets=[ticket("T1")], messages=[
        message("M1"),
        message("M2", author_id="999", author_name="Cc Person", author_email="cc@else.org"),
        message("M3", author_id=None, author_name="Cc Person", author_email="cc@else.org"),
        message("M4", author_id="998"),
        message("M5", author_id=None, author_name="Some One"),
        message("M6", author_id=None, author_name="Name C1"),
        message("M7", author_id=None, author_name="Eva Noll", author_email="eva@else.org"),
    ])  # fmt: skip
    contacts = shaped.by_key("contacts")
    by = {row["source_key"]: contacts[row["author_key"]]["name"] for row in shaped.parts("T1")}
    assert by == {"M2": "Cc Person", "M3": "Cc Person", "M4": "Unknown customer (ITCO 998)",
                  "M5": "Some One (unknown customer in ITCO)", "M6": "Name C1", "M7": "Eva Noll"}  # fmt: skip
    assert set(doubted(shaped, "author_unknown")) == {"M2", "M4", "M5"}
