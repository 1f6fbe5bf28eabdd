"""Doubts: what stops a run, what keeps it partial, what a person has accepted, and what they are told."""

import csv

import duckdb
import pytest
from pydantic import ValidationError

from migration_assets.accounting import doubts
from schemas.doubt_codes import DoubtCode
from schemas.doubt_kind import DoubtState, Limit
from schemas.doubts import DOUBTS
from schemas.mapping import Mapping
from schemas.mapping_parts import Accepted

BASE = {
    "version": 1,
    **{name: {} for name in ("statuses", "priorities", "message_kinds", "author_types")},
    "settings": {"migration_admin": "m@example.com", "snoozed_until": "2036-01-01T00:00:00Z"},
}
CODE = DoubtCode.CUSTOMER_UNKNOWN


@pytest.fixture
def warehouse():
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA raw")
        connection.execute("CREATE TABLE raw.files (object VARCHAR, records BIGINT)")
        connection.execute("INSERT INTO raw.files VALUES ('tickets', 600), ('tickets', 400)")
        doubts.clear(connection, "clean/tickets")
        yield connection


def found(warehouse, rows, step="clean/tickets"):
    query = "SELECT 'customer_id' AS column, i::VARCHAR AS key, 'tickets.csv' AS file, i + 1 AS line FROM range(?) t(i)"
    doubts.record(warehouse, step, "tickets", CODE, query, [rows])


def mapping(**more):
    return Mapping.model_validate(BASE | more)


@pytest.mark.parametrize(
    ("rows", "limit", "state"),
    [
        (1, None, DoubtState.OPEN),
        (10_000, None, DoubtState.OPEN),
        (1, Limit(), DoubtState.STOPS),
        (20, Limit(share=0.01, rows=20), DoubtState.OPEN),
        (21, Limit(share=0.01, rows=20), DoubtState.STOPS),
        (30, Limit(share=0.03, rows=20), DoubtState.OPEN),
        (31, Limit(share=0.03, rows=20), DoubtState.STOPS),
    ],
)
def test_the_greater_of_share_and_rows_is_the_limit(rows, limit, state):
    assert doubts.decide([], limit, "tickets", "customer_id", CODE, rows=rows, of=1000) is state


@pytest.mark.parametrize(
    ("of", "up_to", "accepted"),
    [
        (None, None, True),
        ("tickets", None, True),
        ("tickets.customer_id", 30, True),
        ("tickets.customer_id", 29, False),
        ("tickets.company_id", None, False),
        ("messages", None, False),
    ],
)
def test_what_a_person_accepted_is_that_column_and_no_more_rows(of, up_to, accepted):
    given = [Accepted(doubt=CODE, of=of, up_to=up_to, because="seen")]
    state = doubts.decide(given, Limit(), "tickets", "customer_id", CODE, rows=30, of=1000)
    assert (state is DoubtState.ACCEPTED) == accepted


def test_doubts_are_weighed_by_column_against_the_rows_of_the_files(warehouse):
    found(warehouse, 21)
    [one] = doubts.weigh(warehouse, mapping())
    assert (one.rows, one.of, one.state) == (21, 1000, DoubtState.STOPS)
    said = one.sentence()
    assert said.startswith("21 of 1,000 tickets name a customer")
    assert "such as tickets.csv:1, tickets.csv:10 or tickets.csv:11" in said
    assert "more than 1.0% or 20 that may be, so nothing was written" in said
    assert "`accepted: [{doubt: customer_unknown, of: tickets.customer_id, because: WHY}]`" in said


def test_a_limit_of_the_mapping_lets_the_run_go_on_but_not_complete(warehouse):
    found(warehouse, 21)
    [one] = doubts.weigh(warehouse, mapping(limits={"customer_unknown": {"share": 0.5}}))
    assert one.state is DoubtState.OPEN
    assert "nothing was written" not in one.sentence()


def test_a_step_that_runs_again_finds_anew(warehouse):
    found(warehouse, 21)
    found(warehouse, 5, step="clean/messages")
    doubts.clear(warehouse, "clean/tickets")
    assert [one.rows for one in doubts.weigh(warehouse, mapping())] == [5]
    assert doubts.weigh(warehouse, mapping(), "clean/tickets") == []


def test_the_check_errs_where_it_stops_warns_where_it_is_open_and_passes_where_it_is_accepted(warehouse, tmp_path):
    found(warehouse, 21)
    stopped = doubts.check_result(warehouse, mapping(), "clean/tickets", tmp_path)
    assert (stopped.passed, stopped.severity.value) == (False, "ERROR")
    going_on = mapping(limits={"customer_unknown": {"rows": 21}})
    warned = doubts.check_result(warehouse, going_on, "clean/tickets", tmp_path)
    assert (warned.passed, warned.severity.value) == (False, "WARN")
    assert "name a customer" in warned.description
    settled = mapping(accepted=[{"doubt": "customer_unknown", "because": "they were deleted on purpose"}])
    assert doubts.check_result(warehouse, settled, "clean/tickets", tmp_path).passed
    with (tmp_path / "doubts.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 21
    assert rows[0] | {"line": ""} == {
        "code": "customer_unknown", "object": "tickets", "column": "customer_id", "key": "0", "file": "tickets.csv",
        "line": "", "found": "", "rows": "1",
    }  # fmt: skip


def test_the_list_goes_when_no_doubt_is_left(warehouse, tmp_path):
    found(warehouse, 1)
    assert doubts.write_list(warehouse, tmp_path) == 1
    doubts.clear(warehouse, "clean/tickets")
    assert doubts.write_list(warehouse, tmp_path) == 0
    assert not (tmp_path / "doubts.csv").exists()


def test_a_code_that_is_none_is_refused():
    with pytest.raises(ValidationError):
        mapping(accepted=[{"doubt": "customer_unkown", "because": "a misspelt code would accept nothing"}])


@pytest.mark.parametrize("code", DoubtCode)
def test_every_doubt_says_what_is_wrong_and_what_to_do(code):
    kind = DOUBTS[code]
    assert not kind.says.endswith(".")
    assert kind.do.endswith(".")
