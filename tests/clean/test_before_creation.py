"""A last change before the creation is a doubt; a column that has dates only is none."""

import pytest

from migration_assets.accounting import doubts
from schemas.doubt_kind import DoubtState
from tests.clean.test_comparisons import ticket

CREATED = "2024-03-05 10:00"


def rows_of(name, times):
    if name == "tickets":
        return [ticket(str(n), created_at=CREATED, updated_at=time) for n, time in enumerate(times, 1)]
    key = {"customers": "customer_id", "companies": "company_id"}[name]
    return [
        {key: str(n), "name": f"n{n}", "created_at": CREATED, "updated_at": time} for n, time in enumerate(times, 1)
    ]


def weighed(lab, name, times):
    lab.extract("UTC", "2024-12-31 12:00:00")
    lab.empty("agents", "teams", *(one for one in ("companies", "customers") if one != name))
    lab.land(name, rows_of(name, times))
    lab.clean(name)
    found = doubts.weigh(lab.connection, lab.mapping(), f"clean/{name}")
    return [one for one in found if one.code == "changed_before_created"]


@pytest.mark.parametrize("name", ["tickets", "customers", "companies"])
def test_a_change_long_before_the_creation_is_a_doubt_with_its_place(lab, name):
    [one] = weighed(lab, name, ["1999-01-01", "2024-03-03 09:59", "2023-03-06 10:00:00", "2024-03-06", None])
    assert (one.rows, one.state) == (3, DoubtState.OPEN)
    found = lab.rows(
        "SELECT key, file, line, found FROM doubt.rows WHERE code = 'changed_before_created' ORDER BY line"
    )
    assert [(row["key"], row["file"], row["line"]) for row in found] == [
        (str(n), f"{name}.csv", n + 1) for n in (1, 2, 3)
    ]
    assert found[0]["found"] == "created 2024-03-05 10:00:00, changed 1999-01-01 00:00:00"


@pytest.mark.parametrize("time", [CREATED, "2024-03-05", "2024-03-05 09:59:59", "2024-03-04 23:00", "2024-09-01", None])
def test_a_change_on_the_day_of_the_creation_or_later_is_none(lab, time):
    assert weighed(lab, "tickets", [time]) == []


def test_many_stop_the_run(lab):
    [one] = weighed(lab, "tickets", ["2020-01-01"] * 21)
    assert (one.rows, one.state) == (21, DoubtState.STOPS)
    assert "21 of 21 tickets were changed before they were created" in one.sentence()
