"""Whom Intercom has already: one that contradicts ours holds it, one that bears our mark is ours."""

import polars as pl
import pytest

from migration_assets.objects.adoption import judge_standing
from migration_assets.objects.observed import STANDING, forget_observed
from resources.warehouse import Warehouse, insert_frame
from schemas.source import source_macros
from tests.support.target_tables import company, contact, write_target

BEN = {"external_id": "itco-102", "older_id": "102", "email": "ben@roth.org", "phone": "+4930123", "name": "Ben Roth",
       "custom_attributes": {"ITCO id": "102"}}  # fmt: skip


@pytest.fixture
def judged(tmp_path):
    """Judge one contact and one company of ours against what stands; returns the keys held, and those of older form."""
    with Warehouse(database=str(tmp_path / "w.duckdb")).connect() as connection:

        def judge(*standing, ours=BEN, adopted=(), journalled=()):
            connection.execute(source_macros())
            acme = company("7", name="Acme GmbH", website="acme.org", custom_attributes={"ITCO company id": "7"})
            write_target(connection, contacts=[contact("102", **ours)], companies=[acme])
            forget_observed(connection)
            names = ("object", "intercom_id", "id", "email", "phone", "name", "source_id")
            rows = [tuple(one.get(name) for name in names) for one in standing]
            insert_frame(connection, STANDING, pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row"))
            connection.execute("CREATE SCHEMA IF NOT EXISTS map")
            connection.execute("CREATE SCHEMA IF NOT EXISTS plan")
            same = [("contact", key, "adopt") for key in adopted]
            names = dict.fromkeys(("object", "source_key", "choice"), pl.String)
            insert_frame(connection, "map.same_records", pl.DataFrame(same, schema=names, orient="row"), create=True)
            known = [("contact", key, "i9") for key in journalled]
            names = dict.fromkeys(("object", "source_key", "intercom_id"), pl.String)
            insert_frame(connection, "plan.journal", pl.DataFrame(known, schema=names, orient="row"), create=True)
            judge_standing(connection)
            held = connection.execute("SELECT object, source_key FROM observed.contradictions").fetchall()
            older = connection.execute("SELECT source_key FROM observed.older_contacts").fetchall()
            return held, [key for (key,) in older]

        yield judge


def theirs(**values):
    return {"object": "contact", "intercom_id": "i1", "id": "x", "email": None, "phone": None, "name": None, **values}


HELD = [("contact", "102")]


@pytest.mark.parametrize(
    ("standing", "held"),
    [
        (theirs(id="102", email="other@roth.org"), []),  # a bare number is another system's
        (theirs(id="itco-102", email="other@roth.org"), HELD),
        (theirs(id="itco-102", phone="+49 30 999"), HELD),
        (theirs(id="itco-102", name="Eva Noll"), HELD),
        (theirs(id="itco-102", phone="+49 30 123", name="Roth, Ben"), []),
        (theirs(email="ben@roth.org", name="Eva Noll"), HELD),
        (theirs(email="ben@roth.org", name="B. Roth"), []),
        (theirs(id="itco-102", email="new@roth.org", name="Eva", source_id="102"), []),
    ],
)
def test_a_contact_that_contradicts_ours_holds_it(judged, standing, held):
    assert judged(standing)[0] == held


def test_another_external_id_contradicts_one_of_their_own(judged):
    ours = {**BEN, "external_id": "crm-1", "older_id": "crm-1"}
    assert judged(theirs(id="crm-2", email="ben@roth.org"), ours=ours)[0] == HELD
    assert judged(theirs(id=None, email="ben@roth.org"), ours=ours)[0] == []


@pytest.mark.parametrize("how", [{"adopted": ["102"]}, {"journalled": ["102"]}])
def test_what_a_person_called_the_same_or_was_written_already_is_not_held(judged, how):
    assert judged(theirs(id="itco-102", email="other@roth.org"), **how)[0] == []


def test_a_contact_under_the_older_id_that_bears_our_mark_is_ours_and_any_other_is_not(judged):
    assert judged(theirs(id="102", source_id="102")) == ([], ["102"])
    assert judged(theirs(id="102", source_id=None)) == ([], [])


@pytest.mark.parametrize(
    ("standing", "held"),
    [
        ({"name": "Acme"}, []),
        ({"name": "ACME GmbH", "email": "https://www.acme.org/"}, []),
        ({"name": "Zenit AG"}, [("company", "7")]),
        ({"name": "Acme GmbH", "email": "zenit.org"}, [("company", "7")]),
    ],
)
def test_a_company_of_our_id_with_another_name_or_domain_holds_ours(judged, standing, held):
    assert judged(theirs(object="company", id="7", **standing))[0] == held
