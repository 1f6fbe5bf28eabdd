"""Ids that a program has formatted: doubted until the mapping says how they are read, then each its own record's."""

import re

import pytest

from migration_assets.accounting import doubts
from schemas.doubt_kind import DoubtState
from schemas.mapping import Mapping
from tests.clean.conftest import BASE
from tests.clean.test_comparisons import message, ticket

KEYS = ["101", "102", "1101", "1102"]


@pytest.fixture
def lab(lab):
    lab.empty("agents", "companies", "teams")
    return lab


def customers(lab, keys=KEYS, mapping=None):
    lab.land("customers", [{"customer_id": key, "name": f"Customer {key}"} for key in keys])
    lab.clean("customers", mapping)


def tickets(lab, ids, mapping=None):
    lab.land("tickets", [ticket(str(i), customer_id=cell) for i, cell in enumerate(ids)])
    lab.clean("tickets", mapping)
    return [row["customer_id"] for row in lab.table("tickets")]


def weighed(lab, step="clean/tickets", mapping=None):
    return doubts.weigh(lab.connection, mapping or lab.mapping(), step)


@pytest.mark.parametrize(
    ("cells", "reading"),
    [
        (["101.0", "102.0", "1101.0"], "drop_decimal"),
        (["101,0", "102,00", "1101,0"], "drop_decimal"),
        (["101", "102.000", "102."], "drop_decimal"),
        (["101", "1,101", "1,102"], "drop_separators"),
        (["1.101", "102"], "drop_separators"),
        (["1\u00a0101", "1 102"], "drop_separators"),
        (["1’101"], "drop_separators"),
        (["١٠١", "１０２"], "plain_digits"),
        (["१०१"], "plain_digits"),
        (["00101", "000102"], "drop_zeros"),
        (["C-101", "C-102", "C-1101"], "drop_prefix"),
        (["#101", "102"], "drop_prefix"),
        (["Kunde DE2/101", "Kunde DE2/1102"], "drop_prefix"),
        (["customer_101"], "drop_prefix"),
    ],
)
def test_what_joins_in_another_form_stops_until_the_mapping_says_so(lab, cells, reading):
    customers(lab)
    assert tickets(lab, cells) == [cell.replace("\u00a0", " ") for cell in cells]
    formatted = sum(cell not in KEYS for cell in cells)
    [doubt] = weighed(lab)
    assert (doubt.where, doubt.code, doubt.rows, doubt.state) == (
        "tickets.customer_id",
        "id_formatted",
        formatted,
        DoubtState.STOPS,
    )
    assert f"`ids: {{tickets.customer_id: {reading}}}`" in doubt.sentence()
    assert f"{formatted} would join" in doubt.sentence()
    mapping = lab.mapping(ids={"tickets.customer_id": reading})
    read = tickets(lab, cells, mapping)
    assert all(key in KEYS for key in read)
    assert weighed(lab) == []
    counted = lab.rows("SELECT \"column\", rows FROM clean.findings WHERE code = 'id_read_otherwise'")
    assert counted == [{"column": "customer_id", "rows": formatted}]


def test_zeros_that_one_side_has_lost_and_letters_of_another_case(lab):
    customers(lab, ["00101", "00102", "AB-7"])
    cells = ["101", "102", "ab-7", "999"]
    tickets(lab, cells)
    [doubt] = weighed(lab)
    assert "ids: {tickets.customer_id: drop_zeros}" in doubt.sentence()
    assert "ids: {tickets.customer_id: ignore_case}" in doubt.sentence()
    both = lab.mapping(ids={"tickets.customer_id": ["drop_zeros", "ignore_case"]})
    assert tickets(lab, cells, both) == ["00101", "00102", "AB-7", "999"]
    assert weighed(lab) == []


def test_a_prefix_that_the_parents_have_is_given_to_those_who_name_them(lab):
    customers(lab, ["CUST101", "CUST102"])
    cells = ["101", "102", "7"]
    tickets(lab, cells)
    [doubt] = weighed(lab)
    assert "ids: {tickets.customer_id: drop_prefix}" in doubt.sentence()
    mapping = lab.mapping(ids={"tickets.customer_id": "drop_prefix"})
    assert tickets(lab, cells, mapping) == ["CUST101", "CUST102", "7"]


@pytest.mark.parametrize(
    ("keys", "cells"),
    [
        (KEYS, ["A-101", "B-101"]),
        (["A-101", "B-102"], ["101", "102"]),
        (KEYS, ["2024-101", "2024-102"]),
        (KEYS, ["C-103", "C-104"]),
    ],
)
def test_letters_that_are_not_the_same_throughout_are_no_prefix(lab, keys, cells):
    customers(lab, keys)
    tickets(lab, cells)
    assert all("drop_prefix" not in doubt.sentence() for doubt in weighed(lab))
    assert tickets(lab, cells, lab.mapping(ids={"tickets.customer_id": "drop_prefix"})) == cells


def test_a_prefix_and_zeros_at_once(lab):
    customers(lab)
    cells = ["C-00101", "C-00102"]
    tickets(lab, cells)
    [doubt] = weighed(lab)
    assert "ids: {tickets.customer_id: [drop_prefix, drop_zeros]}" in doubt.sentence()
    mapping = lab.mapping(ids={"tickets.customer_id": ["drop_prefix", "drop_zeros"]})
    assert tickets(lab, cells, mapping) == ["101", "102"]


def test_two_changes_at_once(lab):
    customers(lab)
    cells = ["1,101.0", "1,102.0"]
    tickets(lab, cells)
    [doubt] = weighed(lab)
    assert "ids: {tickets.customer_id: [drop_decimal, drop_separators]}" in doubt.sentence()
    mapping = lab.mapping(ids={"tickets.customer_id": ["drop_separators", "drop_decimal"]})
    assert tickets(lab, cells, mapping) == ["1101", "1102"]


@pytest.mark.parametrize("cell", ["١٠١٫٠", "１０１.０", "00101.0", "١٬١٠١"])
def test_other_digits_with_something_else(lab, cell):
    customers(lab)
    tickets(lab, [cell])
    [doubt] = weighed(lab)
    line = re.search(r"ids: \{tickets\.customer_id: \[(.*?)\]\}", doubt.sentence())
    read = tickets(lab, [cell], lab.mapping(ids={"tickets.customer_id": line[1].split(", ")}))
    assert read == ["1101" if cell == "١٬١٠١" else "101"]


def test_a_key_that_is_formatted_itself_is_named_and_read(lab):
    customers(lab, ["101.0", "102.0"])
    tickets(lab, ["101", "102"])
    [doubt] = weighed(lab)
    assert "`ids: {customers.customer_id: drop_decimal}`" in doubt.sentence()
    mapping = lab.mapping(ids={"customers.customer_id": "drop_decimal"})
    customers(lab, ["101.0", "102.0"], mapping)
    assert [row["customer_id"] for row in lab.table("customers")] == ["101", "102"]
    assert tickets(lab, ["101", "102.0"], mapping) == ["101", "102"]  # what refers to it is read alike
    assert weighed(lab, mapping=mapping) == []


def test_where_two_readings_join_both_are_named(lab):
    customers(lab, ["1", "1000"])
    tickets(lab, ["1,000"])
    [doubt] = weighed(lab)
    assert doubt.state is DoubtState.STOPS
    for reading in ("drop_decimal", "drop_separators"):
        assert f"`ids: {{tickets.customer_id: {reading}}}`" in doubt.sentence()


def test_an_id_that_two_records_could_mean_joins_none(lab):
    customers(lab, ["AB", "Ab"])
    mapping = lab.mapping(ids={"tickets.customer_id": "ignore_case"})
    assert tickets(lab, ["ab", "AB"], mapping) == ["ab", "AB"]


def test_other_records_are_said_to_be_so_and_accepted_alone_does_not_settle_it(lab):
    customers(lab)
    accepted = lab.mapping(accepted=[{"doubt": "id_formatted", "because": "it is all right"}])
    tickets(lab, ["101.0"], accepted)
    assert [one.state for one in weighed(lab, mapping=accepted)] == [DoubtState.STOPS]
    apart = lab.mapping(ids={"tickets.customer_id": "as_it_stands"})
    assert tickets(lab, ["101.0"], apart) == ["101.0"]
    assert weighed(lab) == []


def test_plain_ids_and_unknown_ones_are_no_doubt_of_this_kind(lab):
    customers(lab)
    assert tickets(lab, ["101", "777", "1.5", "X-9"]) == ["101", "777", "1.5", "X-9"]
    assert weighed(lab) == []


def test_a_parent_that_is_held_back_joins_all_the_same(lab):
    lab.land("customers", [{"customer_id": "101.0", "name": "a"}, {"customer_id": "101", "name": "b"}])
    lab.clean("customers")
    assert tickets(lab, ["101.0", "101"]) == ["101.0", "101"]
    assert weighed(lab) == []


def test_every_reference_is_tested(lab):
    lab.land("agents", [{"agent_id": "501", "name": "A", "email": "a@example.com"}])
    lab.land("teams", [{"team_id": "601", "name": "T"}, {"team_id": "602", "name": "U", "parent_team_id": "601.0"}])
    lab.land("companies", [{"company_id": "701", "name": "C"}])
    lab.land("customers", [{"customer_id": "101", "company_id": "701.0"}])
    lab.land("team_members", [{"team_id": "601.0", "agent_id": "501.0"}])
    lab.land("articles", [{"article_id": "1", "title": "t", "body": "b", "author_agent_id": "501.0"}])
    cells = {"company_id": "701.0", "agent_id": "501.0", "team_id": "601.0", "merged_into_ticket_id": "2.0"}
    lab.land("tickets", [ticket("1", customer_id="101.0", **cells), ticket("2", customer_id="101")])
    rows = [("11", "1.0", "101.0"), ("12", "1", "501.0"), ("13", "2", "101")]
    lab.land("messages", [message(key, of, author_id=author) for key, of, author in rows])
    lab.land("attachments", [{"attachment_id": "x", "ticket_id": "1.0", "message_id": "11.0", "file_name": "f"}])
    order = (
        "agents",
        "teams",
        "companies",
        "customers",
        "team_members",
        "articles",
        "tickets",
        "messages",
        "attachments",
    )
    for name in order:
        lab.clean(name)
    found = {one.where for one in doubts.weigh(lab.connection, lab.mapping())}
    # Messages of a ticket that is not found are held back, and no attachment can belong to one of them.
    assert found == {
        "teams.parent_team_id", "customers.company_id", "team_members.team_id", "team_members.agent_id",
        "articles.author_agent_id", "tickets.customer_id", "tickets.company_id", "tickets.agent_id", "tickets.team_id",
        "tickets.merged_into_ticket_id", "messages.ticket_id", "messages.author_id", "attachments.ticket_id",
        "attachments.message_id",
    }  # fmt: skip
    mapping = lab.mapping(ids=dict.fromkeys(found, "drop_decimal"))
    for name in order:
        lab.clean(name, mapping)
    assert doubts.weigh(lab.connection, mapping) == []
    assert [(row["ticket_id"], row["author_id"]) for row in lab.table("messages")] == [
        ("1", "101"),
        ("1", "501"),
        ("2", "101"),
    ]
    assert [(row["ticket_id"], row["message_id"]) for row in lab.table("attachments")] == [("1", "11")]
    first = lab.table("tickets")[0]
    assert {name: first[name] for name in ("customer_id", *cells)} == {
        "customer_id": "101", "company_id": "701", "agent_id": "501", "team_id": "601", "merged_into_ticket_id": "2"
    }  # fmt: skip


def test_scientific_notation_stays_refused(lab):
    customers(lab, ["101", "123000000000"])
    tickets(lab, ["1.23E+11"], lab.mapping(ids={"tickets.customer_id": "drop_decimal"}))
    assert ("customer_id", "scientific_id", "row") in {fault[1:] for fault in lab.faults("tickets")}


@pytest.mark.parametrize("where", ["tickets.subject", "tickets.nothing", "widgets.id"])
def test_a_line_for_what_is_no_id_is_an_error(where):
    with pytest.raises(ValueError, match="a column of ids"):
        Mapping.model_validate(BASE | {"ids": {where: "drop_decimal"}})


def test_keys_that_would_become_one_stay_two_records(lab):
    mapping = lab.mapping(ids={"customers.customer_id": "drop_decimal"})
    customers(lab, ["101", "101.0", "102.0", "102.0"], mapping)
    assert [row["customer_id"] for row in lab.table("customers")] == ["101", "101.0", "102"]
    left = lab.rows("SELECT rows FROM clean.findings WHERE code = 'id_left_as_it_is'")
    assert left == [{"rows": 1}]


def test_the_agents_of_the_mapping_are_tested_too(lab):
    lab.land("agents", [{"agent_id": f"{i}.0", "name": "A", "email": f"a{i}@example.com"} for i in (105, 106)])
    named = {"105": "joana@example.com", "777": "nobody@example.com"}
    lab.clean("agents", lab.mapping(agents=named))
    [doubt] = weighed(lab, "clean/agents")
    assert (doubt.rows, doubt.state) == (1, DoubtState.STOPS)
    assert "`ids: {agents.agent_id: drop_decimal}`" in doubt.sentence()
    mapping = lab.mapping(agents=named, ids={"agents.agent_id": "drop_decimal"})
    lab.clean("agents", mapping)
    assert [row["agent_id"] for row in lab.table("agents")] == ["105", "106"]
    assert weighed(lab, "clean/agents") == []


@pytest.mark.parametrize(
    ("keys", "doubted"),
    [
        (["501", "502", "501.0", "502.0"], 2),
        (["1101", "1,101"], 1),
        (["٥٠١", "501", "７", "7"], 2),
        (["501", "0501", "AB1", "ab1"], 0),
        (["501.0", "502.0"], 0),
    ],
)
def test_keys_that_are_one_under_a_reading_and_two_as_they_stand_stop(lab, keys, doubted):
    customers(lab, keys)
    found = {one.code: (one.rows, one.state) for one in weighed(lab, "clean/customers")}
    assert found == ({"key_formatted": (doubted, DoubtState.STOPS)} if doubted else {})
    customers(lab, keys, lab.mapping(ids={"customers.customer_id": "as_it_stands"}))
    assert weighed(lab, "clean/customers") == []


@pytest.mark.parametrize(("known", "code"), [(["7"], "company_unknown"), (None, "file_missing")])
@pytest.mark.parametrize("name", ["customers", "tickets"])
def test_a_company_that_no_row_describes_is_a_doubt(lab, name, known, code):
    if known:
        lab.land("companies", [{"company_id": key, "name": "Acme"} for key in known])
        lab.clean("companies")
    customers(lab, ["1"])
    named = ["7", "8", None]
    if name == "customers":
        lab.land(name, [{"customer_id": str(n), "name": "Ann", "company_id": one} for n, one in enumerate(named)])
    else:
        lab.land(name, [ticket(str(n), customer_id="1", company_id=one) for n, one in enumerate(named)])
    lab.clean(name)
    [doubt] = weighed(lab, f"clean/{name}")
    assert (doubt.code, doubt.where, doubt.rows) == (code, f"{name}.company_id", 1 if known else 2)
    assert doubt.state is DoubtState.OPEN
    assert [row["company_id"] for row in lab.table(name)] == (["7", None, None] if known else [None] * 3)
