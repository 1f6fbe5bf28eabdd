"""What is as it should be, though it is not simply equal: adopted, stood in for, too long, with files, out of order."""

import asyncio

import pytest

from migration_assets.verified.fields.differences import REASONS
from migration_assets.writing.records import Stopped
from resources.journal import Command, Journal
from tests.intercom.test_files import contacts_message, put
from tests.support import target_tables as tt

pytestmark = pytest.mark.rehearsal


@pytest.mark.parametrize("route", ["ticket", "conversation"])
def test_files_are_compared_one_by_one(site, verifier, route):
    first = put(site, tt, "f1", "m1", b"one", name="same.txt")
    second = put(site, tt, "f2", "m1", b"other", 2, name="same.txt")
    site.target(
        attributes=[{"source_key": "ticket.ITCO id", "model": "ticket", "name": "ITCO id", "data_type": "string"},
                    {"source_key": "contact.ITCO id", "model": "contact", "name": "ITCO id", "data_type": "string"}],
        contacts=[tt.contact("c1")],
        admins=[tt.admin("a1")],
        conversations=[tt.conversation("t1")],
        attachments=[first, second, put(site, tt, "f3", "m2", b"three")],
        file_headings=[tt.heading("m1"), tt.heading("m2")],
        parts=[tt.part("m1", "t1", 1, "a1", "admin", attachments=["f1", "f2"]), *contacts_message(tt, route)],
    )  # fmt: skip
    site.options = {"route": route}
    site.migrate()
    verify = verifier(site)
    assert verify() == {}
    for field in ("present", "name", "content_type", "filesize", "part"):
        assert verify.counts()["attachment", field] == (3, 3, 0, 0, 0), field
    # The same name twice: it is not the second that is found for the first.
    site.tables["attachments"][1]["size"] = 4
    found = {key: values for key, values in verify().items() if key[0] == "attachment"}
    assert {key: values[:2] for key, values in found.items()} == {("attachment", "f2", "filesize"): ("4", "5")}


def test_of_an_adopted_contact_only_what_was_filled_must_be_ours(small, verify, hand):
    hand("POST", "/contacts", {"role": "user", "email": "c2@example.com", "name": "Name C2 (theirs)"})
    small.migrate()
    assert verify() == {}
    assert verify.explained()["contact", "name", "adopted"] == 1
    assert verify.counts()["contact", "name"] == (2, 1, 1, 0, 0)
    # The telephone number was empty, so that it is ours.
    hand("PUT", f"/contacts/{hand.id('contact', 'c2')}", {"phone": "+15550000000", "name": "Name C2 (theirs again)"})
    assert set(verify()) == {("contact", "c2", "phone")}


@pytest.mark.parametrize("field", ["email", "external_id"])
def test_what_an_adopted_contact_held_otherwise_was_not_changed_since(small, verify, hand, field):
    theirs = {"email": "other@example.com", "external_id": "c2"}
    if field == "external_id":
        theirs = {"email": "c2@example.com", "external_id": "crm-2"}
    hand("POST", "/contacts", {"role": "user", **theirs})
    with small.warehouse.connect() as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS map")
        connection.execute(
            "CREATE TABLE map.same_records AS SELECT 'contact' AS object, 'c2' AS source_key, 'adopt' AS choice"
        )
    small.migrate()
    found = {key: values for key, values in verify().items() if key[:2] == ("contact", "c2")}
    assert {reason for _, _, reason in found.values()} <= {"held_before_adoption"}
    assert (("contact", "c2", "email") in found) == (field == "email")


def test_whoever_stands_in_for_an_agent_is_expected(small, verify):
    gone = tt.admin("a9", email=None, name="Gone <O'Neil>")
    small.target(
        admins=[tt.admin("a1"), gone],
        parts=[*small.tables["parts"], tt.part("m9", "t3", 1, "a9", "admin", body="<p>Said</p>")],
    )
    small.options["unmatched"] = "fallback"
    small.migrate()
    assert verify() == {}
    (author,) = small.rows("SELECT value FROM observed.fields WHERE source_key = 'm9' AND field = 'author'")[0]
    assert author == "admin " + small.rows("SELECT fallback_admin_id FROM plan.own_admins")[0][0]


def test_all_companies_of_a_contact_are_found_though_it_shows_ten(small, verify):
    keys = [f"k{number}" for number in range(1, 13)]
    companies = [tt.company(key, custom_attributes={"ITCO company id": key}) for key in keys]
    small.target(companies=companies, contact_companies=[tt.link("c1", key) for key in keys])
    small.migrate()
    assert verify(groups=("contacts",)) == {}
    assert verify.counts()["contact_company", "present"] == (12, 12, 0, 0, 0)


def test_what_intercom_does_not_give_is_neither_equal_nor_different(small, verify):
    small.target(parts=[tt.part(f"p{n}", "t3", n, "c2") for n in range(1, 503)])
    small.migrate()
    assert verify() == {}
    counts = verify.counts()
    query = "SELECT value::INT FROM observed.fields WHERE source_key = 't3' AND field = 'parts_counted'"
    ((counted,),) = small.rows(query)
    missing = counted - 500
    assert missing > 0
    assert counts["part", "text"] == counts["part", "present"] == (502 - missing, 502 - missing, 0, 0, missing)
    assert counts["conversation", "part_counter"] == (3, 3, 0, 0, 1)


def test_a_message_that_came_later_stands_behind_those_of_its_second(small, verify):
    at = {"created_at": 1_700_000_000, "original_created_at": 1_700_000_000}
    first, last = tt.part("x1", "t3", 1, "c2", **at), tt.part("x3", "t3", 3, "c2", **at)
    small.target(parts=[*small.tables["parts"], first, last])
    small.migrate()
    small.target(parts=[*small.tables["parts"][:-1], tt.part("x2", "t3", 2, "c2", **at), last])
    small.migrate()
    assert verify() == {}
    assert verify.explained()["part", "order", "same_second"] == 2


def test_a_change_at_source_that_was_not_loaded_yet_says_so(small, verify):
    small.migrate()
    small.tables["contacts"][0]["name"] = "New name"
    small.tables["parts"][0]["body"] = "<p>New words</p>"
    assert {key: values[2] for key, values in verify().items()} == {
        ("contact", "c1", "name"): "not_sent_yet",
        ("part", "m1", "text"): "changed_at_source",
    }


def test_a_change_at_source_that_is_held_back_is_not_said_to_be_sent(small, verify):
    small.migrate()
    small.tables["conversations"][2] |= {"title": "New title", "needs_agents": ["nobody"]}
    found = {key: values[2] for key, values in verify().items()}
    assert found[("conversation", "t3", "title")] == "held"
    assert "is held back" in REASONS["held"] and "make migrate RESTORE=deleted" in REASONS["held"]


def test_a_stop_from_another_terminal_is_heard(small, verify):
    small.migrate()

    def stop(client):
        listed = client.list_tags

        async def told():
            with Journal(small.url, "m") as journal:
                journal.ask(Command.STOP, "somebody")
            # It is looked up every second.
            await asyncio.sleep(2.5)
            return await listed()

        client.list_tags = told

    with pytest.raises(Stopped, match="asked to stop \\(by somebody\\)"):
        verify(wrap=stop)
