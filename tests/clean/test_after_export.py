"""Times later than the export are a doubt; those that no record can bear are no times."""

import pytest

EXPORTED = "2024-12-31 12:00:00"


def land(lab, times, column="created_at"):
    lab.extract("UTC", EXPORTED)
    lab.empty("companies", "agents")
    rows = [{"customer_id": str(n), "name": "a", column: time} for n, time in enumerate(times, 1)]
    lab.land("customers", rows)
    lab.clean("customers")
    return lab.rows("SELECT \"column\", key, found, line FROM doubt.rows WHERE code = 'time_after_export'")


@pytest.mark.parametrize("column", ["created_at", "last_seen_at", "updated_at"])
def test_a_time_after_the_export_is_a_doubt_with_its_place(lab, column):
    found = land(lab, ["2024-12-31 13:00", "2024-12-31 13:01", "2025-01-01 11:00", "2024-01-01", None], column)
    assert [(row["column"], row["key"], row["line"]) for row in found] == [(column, "2", 3), (column, "3", 4)]
    assert found[0]["found"].startswith("2024-12-31 13:01")


def test_a_day_after_the_export_is_no_time(lab):
    assert land(lab, ["2025-01-02 12:00", "9999-12-31", "0001-01-01"]) == []
    assert [fault[2] for fault in lab.faults("customers")] == ["impossible_date"] * 3


def test_cleaning_again_does_not_say_it_twice(lab):
    land(lab, ["2025-01-01 11:00"])
    lab.clean("customers")
    assert len(lab.rows("FROM doubt.rows")) == 1
