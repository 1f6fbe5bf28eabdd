"""Who stands in Intercom before a load: what contradicts ours is held or refused, and is left as it is."""

import polars as pl
import pytest

from migration_assets.intercom.destination_counts import count_destination
from migration_assets.plan.plan_options import PlanStopError
from migration_assets.writing.environment import Environment
from resources.journal import Journal
from resources.warehouse import insert_frame
from tests.support import target_tables as tt
from tests.support.site import TYPE

ACME = {"company_id": "k1", "name": "Somebody Else Ltd", "website": "else.example"}


def decide(site, **choices):
    """Say of records, as `contact_c1`, what a person has decided."""
    rows = [(*name.split("_", 1), choice) for name, choice in choices.items()]
    with site.warehouse.connect() as connection:
        schema = dict.fromkeys(("object", "source_key", "choice"), pl.String)
        connection.execute("CREATE SCHEMA IF NOT EXISTS map")
        insert_frame(connection, "map.same_records", pl.DataFrame(rows, schema=schema, orient="row"), create=True)


def held(site):
    return set(site.rows("SELECT object, source_key FROM plan.holds WHERE reason LIKE 'another%'"))


@pytest.mark.parametrize("ours", [{"name": "Company k1"}, {"name": "Somebody Else", "website": "ours.example"}])
def test_a_company_that_no_list_shows_is_found_by_its_id_and_not_overwritten(small, ours):
    small.target(companies=[tt.company("k1", custom_attributes={"ITCO company id": "k1"}, **ours)])
    small.call(lambda client: client.upsert_company(ACME))
    assert small.migrate(["company"])["company"].failed == 1
    assert "same_record" in small.rows("SELECT error_message FROM plan.journal WHERE state = 'rejected'")[0][0]
    there = small.call(lambda client: client.find_company("k1"))
    assert (there.name, there.website) == (ACME["name"], ACME["website"])


def test_the_plan_holds_whom_it_finds_to_contradict_ours_listed_or_not(small):
    decide(small)
    small.call(lambda client: client.upsert_company(ACME))
    small.call(lambda client: client.create_contact({"role": "user", "external_id": "c1", "email": "eva@noll.example"}))
    small.observe()
    small.plan(observed=True)
    assert {("company", "k1"), ("contact", "c1")} <= held(small)
    queued = dict(small.rows("SELECT kind, reason FROM plan.reconciliation_queue"))
    assert "Somebody Else Ltd" in queued["company"]
    assert "eva@noll.example" in queued["contact"]


def test_a_person_who_says_that_it_is_the_same_has_it_adopted(small):
    decide(small, company_k1="adopt")
    small.call(lambda client: client.upsert_company(ACME))
    small.observe()
    small.plan(observed=True)
    assert ("company", "k1") not in held(small)
    assert small.migrate(["attribute", "company"])["company"].adopted == 1


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        ({"name": "ITCO id", "model": "contact", "data_type": "integer"}, "as integer, not as string"),
        ({"name": "ITCO company id", "model": "company", "data_type": "boolean"}, "as boolean, not as string"),
    ],
)
def test_an_attribute_that_cannot_hold_our_values_stops_the_plan_before_anything_is_written(small, standing, said):
    small.call(lambda client: client.create_data_attribute(standing))
    decide(small)
    small.observe()
    with pytest.raises(PlanStopError, match=said):
        small.plan(observed=True)


def test_an_attribute_of_our_ticket_type_without_the_options_does_so_too(small):
    plan = {"source_key": "ticket.Plan", "model": "ticket", "name": "Plan", "data_type": "list",
            "options": ["Gold", "Red"], "description": "Plan"}  # fmt: skip
    small.target(attributes=[*small.tables["attributes"], plan])

    async def before(client):
        for name in ("Another type", TYPE):
            made = await client.create_ticket_type({"name": name, "category": "Customer"})
            plan = {"name": "Plan", "description": "x", "data_type": "list", "list_items": "Gold,Blue"}
            await client.create_ticket_type_attribute(made.id, plan)

    small.call(before)
    decide(small)
    small.observe()
    with pytest.raises(PlanStopError, match="lacks 1 of the options: Red"):
        small.plan(observed=True)


OLDER = {"external_id": "itco-1", "older_id": "1", "custom_attributes": {"ITCO id": "1"}}


def as_an_older_version_left_it(site):
    """Load a contact, and give it the bare id under which versions before the prefix wrote it."""
    site.target(contacts=[tt.contact("1", **OLDER), *site.tables["contacts"]])
    site.migrate()
    there = site.call(lambda client: client.find_contact("itco-1"))
    site.call(lambda client: client.update_contact(there.id, {"external_id": "1"}))
    return there.id


def test_a_contact_under_the_older_form_of_its_id_stays_as_it_is(small):
    intercom_id = as_an_older_version_left_it(small)
    assert small.migrate()["contact"].created == 0
    small.target(contacts=[tt.contact("1", name="Name 1 changed", **OLDER), *small.tables["contacts"][1:]])
    assert small.migrate()["contact"].updated == 1
    there = small.call(lambda client: client.get_contact(intercom_id))
    assert (there.external_id, there.name) == ("1", "Name 1 changed")


def test_a_contact_under_the_older_form_of_its_id_is_ours_too_when_the_journal_is_lost(small):
    intercom_id = as_an_older_version_left_it(small)
    small.name = "another migration, without the journal's rows"
    decide(small)
    small.observe()
    small.plan(observed=True)
    assert held(small) == set()
    result = small.migrate(["attribute", "contact"], observed=True)["contact"]
    assert (result.created, result.adopted, result.failed) == (0, 3, 0)
    there = small.call(lambda client: client.find_contact("1"))
    assert there.id == intercom_id
    assert small.call(lambda client: client.find_contact("itco-1")) is None


@pytest.mark.parametrize(
    ("before", "name"),
    [
        (lambda client: client.create_contact({"external_id": "c1", "email": "eva@noll.example"}), "contact"),
        (lambda client: client.create_contact({"external_id": "c1", "name": "Eva Noll", "phone": "+49301"}), "contact"),
        (lambda client: client.upsert_company(ACME), "company"),
    ],
)
def test_somebody_else_who_bears_our_id_is_not_counted_as_ours(small, before, name):
    decide(small)
    small.call(before)
    small.observe()
    small.plan(observed=True)
    kept = small.migrate()[name]
    (planned, present, twice) = standing(small, name)
    assert (planned - kept.blocked, kept.failed, twice) == (present, 0, 0)
    assert kept.blocked == 1


def test_somebody_who_came_after_the_plan_is_not_counted_either(small):
    decide(small)
    small.call(lambda client: client.upsert_company(ACME))
    assert small.migrate(["company"])["company"].failed == 1
    planned, present, _ = standing(small, "company")
    assert present == planned - 1


def test_whom_a_person_called_the_same_counts(small):
    decide(small, company_k1="adopt", contact_c1="adopt")
    small.call(lambda client: client.upsert_company(ACME))
    small.call(lambda client: client.create_contact({"external_id": "c1", "email": "eva@noll.example"}))
    small.observe()
    small.plan(observed=True)
    small.migrate()
    for name in ("company", "contact"):
        planned, present, twice = standing(small, name)
        assert (present, twice) == (planned, 0)


@pytest.mark.parametrize("theirs", [{"name": "Eva Noll"}, {"phone": "+49301"}, {"name": "Name c1"}])
def test_a_lead_holds_nobody_and_is_nobodys(small, theirs):
    decide(small)
    lead = small.call(lambda client: client.create_contact({"role": "lead", "email": "c1@example.com", **theirs}))
    small.observe()
    small.plan(observed=True)
    assert held(small) == set()
    assert small.migrate(["contact"])["contact"].adopted == 0
    there = small.call(lambda client: client.get_contact(lead.id))
    assert (there.role, there.name, there.phone) == ("lead", lead.name, lead.phone)


def standing(site, name):
    """Count an object in Intercom: planned, present, twice."""

    async def count(client):
        with Journal(site.url, site.name) as journal:
            (found,) = await count_destination(Environment(site.warehouse, journal, client), name, TYPE)
        return found.target, found.present, found.twice

    return site.call(count)


def test_who_is_new_in_a_later_drop_is_looked_for_though_as_many_records_were_written_before(small):
    decide(small)
    small.migrate()
    small.call(lambda client: client.create_contact({"role": "user", "external_id": "c9", "email": "eva@noll.example"}))
    small.target(contacts=[tt.contact("c1"), tt.contact("c9")])
    small.observe()
    small.plan(observed=True)
    assert ("contact", "c9") in held(small)
