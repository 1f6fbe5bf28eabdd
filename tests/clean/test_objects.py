"""An object from raw to clean: evidence, custom fields, row and value faults, batches, second runs."""

import json
from datetime import datetime

import pytest

from migration_assets.clean.rules import RULES

CUSTOM = [
    {"field": "cf_region", "object": "ticket", "name": "Region", "type": "select", "options": {"North": "N", "S": "S"}},
    {"field": "cf_due", "object": "ticket", "name": "Due", "type": "date"},
    {
        "field": "cf_langs",
        "object": "ticket",
        "name": "L",
        "type": "multi_select",
        "options": {"de": "German", "en": "A"},
    },
    {"field": "cf_vip", "object": "ticket", "name": "VIP", "type": "boolean"},
    {"field": "cf_score", "object": "ticket", "name": "Score", "type": "number"},
    {"field": "cf_note", "object": "ticket", "name": "Remark", "type": "string"},
]


def ticket(number, **changes):
    base = {
        "ticket_id": number,
        "subject": "s",
        "status": "Open",
        "customer_id": "K1",
        "created_at": "2024-01-01T00:00Z",
    }
    return base | changes


def utc(text):
    return datetime.fromisoformat(text)


def test_types_and_custom_fields(lab):
    lab.empty("companies")
    row = ticket(
        "1",
        tags="b; a",
        cf_region=" north",
        cf_due="2024-01-02",
        cf_langs="en, DE",
        cf_vip="Ja",
        cf_score="1.234,5",
        cf_note='say "hi" {}',
    )
    lab.land("tickets", [row, ticket("2")])
    counts = lab.clean("tickets", lab.mapping(custom_fields=CUSTOM))
    first, second = lab.table("tickets")
    assert first["created_at"] == utc("2024-01-01T00:00:00")
    assert first["tags"] == ["b", "a"]
    assert json.loads(first["custom"]) == {
        "cf_region": "N",
        "cf_due": 1704153600,
        "cf_langs": ["A", "German"],
        "cf_vip": True,
        "cf_score": 1234.5,
        "cf_note": 'say "hi" {}',
    }
    assert second["custom"] == "{}"
    assert counts.metadata() == {
        "dagster/row_count": 2,
        "rows_in": 2,
        "rows_out": 2,
        "rows_quarantined": 0,
        "rows_superseded": 0,
        "values_dropped": 0,
        "unmapped_values": 0,
    }


def test_what_a_row_cannot_live_without_holds_it_back_and_other_faults_do_not(lab):
    lab.empty("companies")
    lab.land(
        "tickets",
        [
            ticket("1", created_at="yesterday", closed_at="tomorrow"),
            ticket("1.5E+10"),
            ticket("3", status=None),
            ticket("4", closed_at="2024-03-31 02:30", agent_id="#N/A", cf_due="x", cf_score="1,234"),
        ],
    )
    counts = lab.clean("tickets", lab.mapping(custom_fields=CUSTOM))
    assert lab.faults("tickets") == [
        (1, "closed_at", "bad_timestamp", "value"),
        (1, "created_at", "bad_timestamp", "row"),
        (2, "ticket_id", "scientific_id", "row"),
        (3, "status", "missing_value", "row"),
        (4, "agent_id", "excel_error", "value"),
        (4, "cf_due", "bad_date", "value"),
        (4, "cf_score", "bad_number", "value"),
        (4, "closed_at", "dst_gap", "value"),
    ]
    assert [row["ticket_id"] for row in lab.table("tickets")] == ["4"]
    assert (counts.rows_quarantined, counts.values_dropped) == (3, 5)
    (fault,) = lab.rows("FROM quarantine.faults WHERE rule = 'scientific_id'")
    assert fault["found"] == "1.5E+10"
    assert (fault["key"], fault["file"], fault["line"], fault["stage"]) == ("1.5E+10", "tickets.csv", 3, "clean")
    assert (fault["expected"], fault["action"]) == (RULES["scientific_id"].expected, RULES["scientific_id"].action)


def test_agents_with_several_addresses_go_on(lab):
    lab.land("agents", [{"agent_id": "1", "name": "n", "email": "a@example.com; b@example.com"}])
    assert lab.clean("agents").rows_out == 1
    assert lab.faults("agents") == [(1, "email", "several_emails", "value")]


@pytest.mark.parametrize(
    ("cells", "dates", "expected"),
    [
        (["05/03/2024", "25/03/2024"], {}, ["2024-03-05", "2024-03-25"]),
        (["05/03/2024", "03/25/2024"], {}, ["2024-05-03", "2024-03-25"]),
        (["05/03/2024", "03/25/2024", "25/03/2024"], {}, [None, "2024-03-25", "2024-03-25"]),
        (["05/03/2024", "06/04/2024"], {}, [None, None]),
        (["05/03/2024"], {"companies.created_at": "dmy"}, ["2024-03-05"]),
        (["05/03/2024"], {"companies.created_at": "mdy"}, ["2024-05-03"]),
        (["05/03/2024"], {"companies.updated_at": "mdy"}, [None]),
        (["05/03/2024", "25/03/2024"], {"companies.created_at": "mdy"}, ["2024-03-05", "2024-03-25"]),
        (["05/03/2024", "13/13/2024"], {}, [None, None]),
        (["05/03/2024", '="25/03/2024"'], {}, ["2024-03-05", "2024-03-25"]),
    ],
)
def test_day_and_month_are_decided_by_evidence_or_refused(lab, cells, dates, expected):
    lab.extract("UTC")
    lab.land("companies", [{"company_id": str(i), "name": "n", "created_at": cell} for i, cell in enumerate(cells)])
    lab.clean("companies", lab.mapping(dates=dates))
    found = [row["created_at"] and row["created_at"].date().isoformat() for row in lab.table("companies")]
    assert found == expected


def test_evidence_is_taken_per_file_and_column(lab):
    lab.extract("UTC")
    rows = [
        {"_file": "a.csv", "created_at": "25/03/2024", "updated_at": "05/03/2024"},
        {"_file": "b.csv", "created_at": "05/03/2024"},
        {"_file": "a.csv", "created_at": "05/03/2024"},
    ]
    lab.land("companies", [row | {"company_id": str(i), "name": "n"} for i, row in enumerate(rows)])
    lab.clean("companies")
    assert lab.faults("companies") == [
        (1, "updated_at", "ambiguous_date", "value"),
        (2, "created_at", "ambiguous_date", "value"),
    ]
    codes = [(row["column"], row["code"]) for row in lab.rows('FROM clean.findings ORDER BY "column", code')]
    assert codes == [
        ("created_at", "date_order_proven"),
        ("created_at", "date_order_unknown"),
        ("updated_at", "date_order_unknown"),
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.234", "5,5"], [1234.0, 5.5]),
        (["1.234", "5.5"], [1.234, 5.5]),
        (["1.234", "7"], [None, 7.0]),
        (["1,234", "1.234.567"], [1.234, 1234567.0]),
        (["1,234", "5,5", "5.5"], [None, 5.5, 5.5]),
    ],
)
def test_decimal_mark_is_decided_by_evidence_or_refused(lab, cells, expected):
    lab.empty("companies")
    lab.land("tickets", [ticket(str(i), cf_score=cell) for i, cell in enumerate(cells)])
    lab.clean("tickets", lab.mapping(custom_fields=CUSTOM))
    assert [json.loads(row["custom"]).get("cf_score") for row in lab.table("tickets")] == expected


def test_batches_change_nothing(lab):
    lab.extract("UTC")
    lab.empty("companies")
    rows = [
        ticket("1", closed_at="05/03/2024", cf_score="1,234", cf_region="East"),
        ticket("2", closed_at="bad"),
        ticket("1", updated_at="2024-02-01"),
        ticket("4", created_at=None),
        ticket("5", merged_into_ticket_id="6"),
        ticket("6", merged_into_ticket_id="5"),
        ticket("7", closed_at="25/03/2024", cf_score="5,5"),
    ]
    lab.land("tickets", [row | {"_row": 10 * index} for index, row in enumerate(rows, 1)])
    mapping = lab.mapping(custom_fields=CUSTOM)
    results = []
    for size in (1, 3, 50_000):
        counts = lab.clean("tickets", mapping, batch_rows=size)
        tables = ("clean.tickets", "quarantine.faults", "clean.superseded", "clean.unmapped", "clean.findings")
        results.append((counts, [lab.rows(f"FROM {table} ORDER BY ALL") for table in tables]))
    assert results[0] == results[1] == results[2]
    assert results[0][0].rows_in == 7
    assert results[0][0].rows_superseded == 1


def test_a_failed_run_leaves_the_tables_of_the_run_before(lab):
    lab.land("tags", [{"tag": "a"}])
    lab.clean("tags")
    lab.connection.execute("DELETE FROM raw.extract")
    with pytest.raises(LookupError, match="time_zone"):
        lab.clean("tags")
    assert [row["tag"] for row in lab.table("tags")] == ["a"]


def test_land_faults_are_left_alone(lab):
    lab.connection.execute(
        "INSERT INTO quarantine.faults (object, row, stage, rule, severity) VALUES ('tags', 9, 'land', 'r', 'row')"
    )
    lab.land("tags", [{"tag": None}])
    for _ in range(2):
        lab.clean("tags")
    assert [(fault[0], fault[2]) for fault in lab.faults("tags")] == [(1, "missing_value"), (9, "r")]
