"""The contracts: what each shape lets pass, and what the failure cases look like."""

import polars as pl
import pytest

from schemas.bridge import table_schema
from schemas.column_types import CUSTOM_KINDS, KINDS
from schemas.contracts import ContractBroken, contract, contract_with, typed_contract, violations
from schemas.source import OBJECTS


def frame(name, rows):
    columns = [column.name for column in OBJECTS[name].columns]
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String))


def broken(name, rows):
    return violations(contract(name), frame(name, rows)).rows()


def test_every_object_has_a_contract_with_its_columns():
    for name, item in OBJECTS.items():
        assert list(contract(name).columns) == [column.name for column in item.columns]
        required = {column for column, rule in contract(name).columns.items() if not rule.nullable}
        assert required == set(item.required_columns)
        assert set(typed_contract(name).columns) == set(item.by_name)


def test_every_kind_that_is_used_is_declared():
    used = {column.kind for item in OBJECTS.values() for column in item.columns} | set(CUSTOM_KINDS.values())
    assert used == set(KINDS)


@pytest.mark.parametrize("found", ["1.23457E+11", "1,23457E+11", "1.2e5", "1E+05", "5e12", "-1.5E-3", "123E+7"])
def test_scientific_notation_is_no_id(found):
    assert broken("teams", [{"team_id": found, "name": "x"}]) == [(0, "team_id", "scientific_id")]


@pytest.mark.parametrize("found", ["507e19108123", "e5", "12", "T-1E5", "1E5-3", "0012"])
def test_other_ids_pass(found):
    assert broken("teams", [{"team_id": found, "name": "x"}]) == []


@pytest.mark.parametrize("found", ["#REF!", "#N/A", "#####", "#VALUE!", "#NAME?", "#DIV/0!", "#NV", "#WERT!"])
def test_excel_errors_are_refused_in_every_kind(found):
    rows = [{"ticket_id": "1", "message_id": "2", "created_at": found, "body": found, "cc": found, "author_id": found}]
    assert sorted(broken("messages", rows)) == [
        (0, column, "excel_error") for column in ("author_id", "body", "cc", "created_at")
    ]


@pytest.mark.parametrize("found", ["#1 problem", "#N/A in the report", "##", "a #REF! b"])
def test_text_about_errors_passes(found):
    assert broken("tags", [{"tag": found}]) == []


@pytest.mark.parametrize(
    "found", ["yesterday", "05.03.24", "2024-3", "10:00", "1.70963E+09", "2024-03-05 10:00 CET", "12345", "1"]
)
def test_what_is_no_timestamp(found):
    passes = found == "12345"  # five digits have the shape of a day count; its range is judged when it is read
    rules = [rule for _, _, rule in broken("companies", [{"company_id": "1", "name": "x", "created_at": found}])]
    assert rules == ([] if passes else ["bad_timestamp"])


def test_missing_value_is_reported_once_with_its_row():
    rows = [{"team_id": "1", "name": "x"}, {"team_id": "2"}, {"name": "y"}]
    assert sorted(broken("teams", rows)) == [(1, "name", "missing_value"), (2, "team_id", "missing_value")]


def test_one_cell_breaks_one_rule():
    rows = [{"company_id": "1", "name": "x", "created_at": "#####", "size": "#REF!"}]
    assert sorted(broken("companies", rows)) == [(0, "created_at", "excel_error"), (0, "size", "excel_error")]


def test_custom_fields_are_checked_by_their_type():
    schema = contract_with("tickets", {"cf_due": "date", "cf_score": "number"})
    row = {"ticket_id": "1", "subject": "s", "status": "o", "customer_id": "1", "created_at": "2024-01-01"}
    whole = frame("tickets", [row]).with_columns(cf_due=pl.lit("soon"), cf_score=pl.lit("high"))
    assert sorted(violations(schema, whole).rows()) == [(0, "cf_due", "bad_date"), (0, "cf_score", "bad_number")]
    assert "cf_due" not in contract("tickets").columns


def test_a_frame_without_a_column_is_our_own_mistake():
    with pytest.raises(ContractBroken, match="teams"):
        violations(contract("teams"), frame("teams", []).drop("name"))


def test_table_schemas_name_every_column_with_its_type():
    shown = {column.name: column for column in table_schema("messages").columns}
    assert shown["created_at"].type == "TIMESTAMP"
    assert shown["cc"].type == "VARCHAR[]"
    assert shown["message_id"].constraints.unique
    assert not shown["ticket_id"].constraints.nullable
    assert list(shown)[:4] == ["_file", "_line", "_row", "_hash"]
    assert list(shown)[-1] == "custom"
