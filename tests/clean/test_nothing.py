"""Words for nothing: no value where a value leads somewhere, told where a person may mean them."""

import pytest

from migration_assets.accounting import doubts
from schemas.doubt_codes import DoubtCode
from schemas.doubt_kind import DoubtState
from tests.clean.test_comparisons import message, ticket


def told(lab):
    rows = lab.rows('SELECT object, code, "column", key, file, line, found FROM doubt.rows ORDER BY ALL')
    return [tuple(row.values()) for row in rows]


def notes(lab):
    return {
        (row["object"], row["column"]): row["rows"]
        for row in lab.rows("FROM clean.findings")
        if row["code"] == "no_value"
    }


WORDS = ["NULL", "\\N", "None", "nan", "N/A", "-", "(null)", "<NULL>", "n. a.", "NaT", "undefined", "nil", "——", "k.A."]
SPREADSHEET = ["#N/A", "#REF!", "#ERROR!", "#DIV/0!", "#name?", "#BEZUG!", "#N/D", "Err:502"]


@pytest.mark.parametrize("word", [*WORDS, " null ", '"NULL"', "N / A", "Loading..."])
def test_such_a_word_is_no_value_in_an_address_a_number_or_a_reference(lab, word):
    lab.empty("agents", "companies")
    cells = dict.fromkeys(("external_id", "email", "phone", "company_id", "last_seen_at", "updated_at"), word)
    lab.land("customers", [{"customer_id": "1", "name": "Ann", **cells}])
    lab.clean("customers")
    row = lab.table("customers")[0]
    assert {name: row[name] for name in cells} == dict.fromkeys(cells)
    assert lab.faults("customers") == []
    assert notes(lab) == {("customers", name): 1 for name in cells}
    assert told(lab) == []


@pytest.mark.parametrize("word", SPREADSHEET)
def test_an_error_of_a_spreadsheet_is_no_value_and_a_fault(lab, word):
    lab.empty("agents", "companies")
    lab.land("customers", [{"customer_id": "1", "external_id": word, "email": word, "name": word}])
    lab.clean("customers")
    row = lab.table("customers")[0]
    assert (row["external_id"], row["email"], row["name"]) == (None, None, None)
    assert ("name", "excel_error") in {fault[1:3] for fault in lab.faults("customers")}
    assert told(lab) == [("customers", "word_taken_away", "name", "1", "customers.csv", 2, word)]


@pytest.mark.parametrize("word", WORDS)
def test_a_row_whose_own_key_is_such_a_word_is_quarantined(lab, word):
    lab.land("companies", [{"company_id": word, "name": "Acme"}, {"company_id": "2", "name": word}])
    lab.land("tags", [{"tag": word}, {"tag": "billing"}])
    lab.clean("companies")
    lab.clean("tags")
    assert lab.faults("companies") == [(1, "company_id", "missing_value", "row"), (2, "name", "missing_value", "row")]
    assert lab.faults("tags") == [(1, "tag", "missing_value", "row")]
    assert [row["tag"] for row in lab.table("tags")] == ["billing"]


def test_three_people_with_the_same_word_stay_three(lab):
    lab.empty("agents", "companies")
    people = [("NULL", "+493023125123"), ("null", "+493023125124"), ("Null ", "+493023125125")]
    lab.land(
        "customers",
        [{"customer_id": str(i), "external_id": word, "phone": phone} for i, (word, phone) in enumerate(people)],
    )
    lab.clean("customers")
    assert [(row["external_id"], row["phone"]) for row in lab.table("customers")] == [(None, p) for _, p in people]
    assert notes(lab) == {("customers", "external_id"): 3}


def test_a_name_or_a_tag_is_taken_away_and_told_a_subject_or_a_text_is_kept_and_told(lab):
    lab.empty("agents", "companies")
    lab.land("customers", [{"customer_id": "K1", "name": "Null"}, {"customer_id": "K2", "name": "Anna Null"}])
    lab.clean("customers")
    lab.land(
        "tickets",
        [
            ticket("1", subject="None", tags="NULL"),
            ticket("2", tags="billing; n/a ;login"),
            ticket("3", tags='["None", "refund"]'),
            ticket("4", subject="None of it works"),
        ],
    )
    lab.clean("tickets")
    bodies = ["NULL", "<p>N/A</p>", "<div><br>-</div>", "null pointer", "<p>None of these</p>"]
    known = {"author_name": "nan", "author_id": "7"}
    of = ["1", "2", "3", "4", "4"]
    lab.land("messages", [message(str(i), ticket_id=of[i], body=body, **known) for i, body in enumerate(bodies)])
    lab.clean("messages")
    assert [row["name"] for row in lab.table("customers")] == [None, "Anna Null"]
    assert [row["subject"] for row in lab.table("tickets")] == ["None", "s", "s", "None of it works"]
    assert [row["tags"] for row in lab.table("tickets")] == [None, ["billing", "login"], ["refund"], None]
    assert [row["body"] for row in lab.table("messages")] == bodies
    assert {row["author_name"] for row in lab.table("messages")} == {None}
    assert told(lab) == [
        ("customers", "word_taken_away", "name", "K1", "customers.csv", 2, "Null"),
        ("messages", "word_kept", "body", "0", "messages.csv", 2, "NULL"),
        ("messages", "word_kept", "body", "1", "messages.csv", 3, "<p>N/A</p>"),
        ("messages", "word_kept", "body", "2", "messages.csv", 4, "<div><br>-</div>"),
        ("tickets", "word_kept", "subject", "1", "tickets.csv", 2, "None"),
        ("tickets", "word_taken_away", "tags", "2", "tickets.csv", 3, "billing; n/a ;login"),
        ("tickets", "word_taken_away", "tags", "3", "tickets.csv", 4, '["None", "refund"]'),
    ]
    weighed = doubts.weigh(lab.connection, lab.mapping(), "clean/tickets")
    assert {(one.where, one.code, one.rows, one.state) for one in weighed} == {
        ("tickets.subject", DoubtCode.WORD_KEPT, 1, DoubtState.OPEN),
        ("tickets.tags", DoubtCode.WORD_TAKEN_AWAY, 2, DoubtState.OPEN),
    }


def test_the_mapping_adds_words_and_says_where_one_is_meant(lab):
    lab.empty("agents", "companies")
    mapping = lab.mapping(empty_words=["Unbekannt", "k e i n e"], meant_words={"customers.name": ["NULL"]})
    names = ["unbekannt", "Null", "nil"]
    lab.land("customers", [{"customer_id": str(i), "name": n, "email": "keine"} for i, n in enumerate(names)])
    lab.clean("customers", mapping)
    assert [(row["name"], row["email"]) for row in lab.table("customers")] == [
        (None, None),
        ("Null", None),
        (None, None),
    ]
    assert [row[3] for row in told(lab)] == ["0", "2"]


def test_what_the_mapping_names_for_a_column_is_a_value_there(lab):
    lab.empty("companies")
    options = {"N/A": "Not applicable", "x": "X"}
    field = {"field": "cf_a", "object": "ticket", "name": "A", "type": "select", "options": options}
    other = field | {"field": "cf_b", "name": "B", "options": {"x": "X", "y": "Y"}}
    text = {"field": "cf_c", "object": "ticket", "name": "C", "type": "string"}
    flag = {"field": "cf_d", "object": "ticket", "name": "D", "type": "boolean"}
    mapping = lab.mapping(
        custom_fields=[field, other, text, flag],
        statuses={"None": {"state": "open", "ticket_state": "in_progress"}},
        booleans={"false": ["-"]},
    )
    cells = {"cf_a": "n/a", "cf_b": "n/a", "cf_c": "None", "cf_d": "-"}
    lab.land(
        "tickets",
        [
            ticket("1", status="none", priority="NULL", **cells),
            ticket("2", status="None", cf_b="x", cf_c="NULL", cf_d="N/A"),
        ],
    )
    lab.clean("tickets", mapping)
    rows = lab.table("tickets")
    assert [row["status"] for row in rows] == ["none", "None"]
    assert [row["custom"] for row in rows] == ['{"cf_a":"Not applicable","cf_c":"None","cf_d":false}', '{"cf_b":"X"}']
    assert lab.rows("FROM clean.unmapped") == []
    assert notes(lab) == {
        ("tickets", "priority"): 1,
        ("tickets", "cf_b"): 1,
        ("tickets", "cf_c"): 1,
        ("tickets", "cf_d"): 1,
    }


def test_a_word_in_a_list_of_addresses_is_no_bad_address(lab):
    lab.empty("companies", "agents")
    lab.land("tickets", [ticket("1")])
    lab.clean("tickets")
    cells = ["NULL", "a@example.com; n/a", '["a@example.com", "B@example.com"]', "[]", "a@example.com, nobody"]
    lab.land("messages", [message(str(i), cc=cell) for i, cell in enumerate(cells)])
    lab.clean("messages")
    assert [row["cc"] for row in lab.table("messages")] == [
        None,
        ["a@example.com"],
        ["a@example.com", "b@example.com"],
        None,
        ["a@example.com"],
    ]
    assert lab.faults("messages") == [(5, "cc", "bad_email", "value")]


def test_an_author_is_doubted_only_where_a_contact_is_made_of_them(lab):
    lab.empty("companies", "agents")
    lab.land("tickets", [ticket("1")])
    lab.clean("tickets")
    authors = [
        {"author_name": "Null", "author_email": "x@example.com"},
        {"author_name": "Null", "author_email": "x@example.com", "author_id": "7"},
        {"author_name": "NULL", "author_email": "NULL", "author_id": "NULL"},
    ]
    lab.land("messages", [message(str(i), **author) for i, author in enumerate(authors)])
    lab.clean("messages")
    assert [row[3] for row in told(lab)] == ["0"]
    counted = {"author_name": 3, "author_email": 1, "author_id": 1}
    assert notes(lab) == {("messages", name): rows for name, rows in counted.items()}
