"""What somebody deletes in Intercom after it was loaded: found, reported, held back, written again only on request."""

from types import SimpleNamespace

import pytest

from migration_assets.accounting.load_figures import start_loads
from migration_assets.handoff.evidence import gather
from migration_assets.intercom import load_step as stepping
from migration_assets.intercom.load import load
from migration_assets.objects.registry import load_order, loader_of
from migration_assets.writing.environment import Environment
from resources.intercom.errors import ContactConflict, ContactMerged, IntercomError
from resources.intercom.outcomes import CallOutcome
from resources.journal import Journal, Run
from resources.warehouse import fetch_frame
from tests.support import target_tables as tt


@pytest.fixture
def whole(small):
    """A function that plans, loads and counts everything, as a run's steps do, and returns the loads by object."""

    def run(**options):
        small.runs += 1
        step = SimpleNamespace(warehouse=small.warehouse, run_id=f"run-{small.runs}")
        restore = options.pop("restore_deleted", False)

        async def work(client):
            with Journal(small.url, "m") as journal:
                journal.begin_run(Run(step.run_id))
                env = Environment(
                    small.warehouse, journal, client, settle_seconds=0.0, page_size=3, restore_deleted=restore
                )
                for name in load_order():
                    await load(env, loader_of(name, "ticket", "ITCO ticket"))
                    await stepping.count_what_stands(step, env, name, "ITCO ticket")

        small.plan(**options)
        with small.warehouse.connect() as connection:
            start_loads(connection)
        small.call(work)
        with small.warehouse.connect() as connection:
            rows = fetch_frame(connection, "SELECT * FROM verdict.loads").to_dicts()
        return {row.pop("object"): row for row in rows}

    return run


def remove(site, method, path):
    """Do to Intercom what a teammate does in the Inbox."""

    async def call(client):
        answer = await client._http.request(method, path)
        assert answer.status_code in (200, 202), answer.text

    site.call(call)


def id_of(site, object_name, key):
    return site.rows(
        f"SELECT intercom_id FROM plan.journal WHERE object = '{object_name}' AND source_key = '{key}' "
        "AND operation IN ('create', 'append')"
    )[0][0]


def gone(site):
    return set(site.rows("SELECT object, source_key, code FROM observed.deleted_in_intercom"))


def agree(loads):
    """The figures of every object add up, and Intercom has all that did not fail."""
    for name, row in loads.items():
        assert row["planned"] == sum(row[k] for k in ("created", "updated", "adopted", "unchanged", "failed")), name
        assert row["present"] == row["planned"] - row["failed"], name


def test_a_deleted_ticket_is_reported_and_not_resurrected(small, whole):
    whole()
    remove(small, "DELETE", f"/tickets/{id_of(small, 'conversation', 't1')}")
    loads = whole()
    agree(loads)
    deleted = "deleted_in_intercom"
    assert gone(small) == {("conversation", "t1", deleted), *(("part", f"m{n}", deleted) for n in (1, 2, 3))}
    assert (loads["conversation"]["failed"], loads["part"]["failed"]) == (1, 3)
    assert set(small.tickets()) == {"t2", "t3", "t4"}
    # The next plan knows of it, also before Intercom is asked again.
    small.plan()
    assert small.rows(
        "SELECT action, reason FROM plan.actions WHERE object = 'conversation' AND source_key = 't1'"
    ) == [("failed", deleted)]
    agree(whole())
    assert set(small.tickets()) == {"t2", "t3", "t4"}


def test_new_messages_of_a_deleted_ticket_are_held_back(small, whole):
    whole()
    remove(small, "DELETE", f"/tickets/{id_of(small, 'conversation', 't1')}")
    whole()
    small.target(parts=[*small.tables["parts"], tt.part("m9", "t1", 9, "a1", "admin")])
    agree(whole())
    assert small.rows("SELECT verdict, reason FROM plan.writes WHERE source_key = 'm9'") == [
        ("held", "an_earlier_write_failed")
    ]


def test_a_deleted_ticket_comes_back_when_a_person_says_so(small, whole):
    whole()
    remove(small, "DELETE", f"/tickets/{id_of(small, 'conversation', 't1')}")
    whole()
    loads = whole(restore_deleted=True)
    agree(loads)
    assert gone(small) == set()
    assert loads["conversation"]["created"] == 1
    assert (loads["conversation"]["failed"], loads["part"]["failed"]) == (0, 0)
    one = small.tickets()["t1"]
    assert [part.created_at for part in one.parts if part.body] == [1_600_000_060, 1_600_000_120, 1_600_000_180]
    assert whole()["conversation"]["unchanged"] == 4


def test_a_deleted_contact_is_reported_and_new_tickets_of_theirs_wait(small, whole):
    whole()
    remove(small, "DELETE", f"/contacts/{id_of(small, 'contact', 'c1')}")
    loads = whole()
    agree(loads)
    assert ("contact", "c1", "deleted_in_intercom") in gone(small)
    assert loads["contact"]["failed"] == 1
    small.target(conversations=[*small.tables["conversations"], tt.conversation("t9", "c1", created_at=1_600_900_000)])
    whole()
    assert small.rows("SELECT verdict, reason FROM plan.writes WHERE source_key = 't9' AND operation = 'create'") == [
        ("held", "contact_failed")
    ]


def test_an_archived_contact_is_told_from_a_deleted_one(small, whole):
    whole()
    remove(small, "POST", f"/contacts/{id_of(small, 'contact', 'c2')}/archive")
    agree(whole())
    assert gone(small) == {("contact", "c2", "archived_in_intercom")}
    loads = whole(restore_deleted=True)
    agree(loads)
    assert (gone(small), loads["contact"]["failed"]) == (set(), 0)


def test_a_record_that_comes_back_by_itself_is_gone_no_more(small, whole):
    whole()
    contact = id_of(small, "contact", "c2")
    remove(small, "POST", f"/contacts/{contact}/archive")
    whole()
    remove(small, "POST", f"/contacts/{contact}/unarchive")
    loads = whole()
    agree(loads)
    assert (gone(small), loads["contact"]["unchanged"]) == (set(), 2)


def test_the_end_of_a_run_says_what_is_gone(small, whole):
    whole()
    remove(small, "DELETE", f"/tickets/{id_of(small, 'conversation', 't1')}")
    whole()
    with small.warehouse.connect() as connection:
        evidence = gather(connection, limited=False, notifications_sent=0)
    assert {row["object"]: row["rows"] for row in evidence.deleted_in_intercom} == {"conversation": 1, "part": 3}
    messages = {row["message"] for row in evidence.failures}
    assert messages == {"deleted in Intercom after it was loaded"}


def merge(site, key, **into):
    """Merge a contact of ours into another one, as a teammate does in the Inbox; returns the id of the one left."""
    merged = id_of(site, "contact", key)

    async def work(client):
        left = await client.create_contact({"role": "user", "external_id": "elsewhere", **into})
        # The API merges only leads.
        await client.update_contact(merged, {"role": "lead"})
        body = {"from": merged, "into": left.id, "skip_duplicate_validation": True}
        answer = await client._http.request("POST", "/contacts/merge", json=body)
        assert answer.status_code == 200, answer.text
        return left.id

    return site.call(work)


def test_what_belongs_to_a_merged_contact_goes_to_the_one_that_is_left(small, whole):
    small.target(contact_companies=[tt.link("c2", "k1")])
    whole()
    left = merge(small, "c2", name="Left")
    small.target(
        conversations=[*small.tables["conversations"], tt.conversation("t9", "c2", created_at=1_600_900_000)],
        parts=[*small.tables["parts"], tt.part("m9", "t2", 9, "c2")],
    )
    loads = whole()
    agree(loads)
    assert (gone(small), loads["contact"]["failed"], loads["contact"]["adopted"]) == (set(), 0, 1)
    tickets = small.tickets()
    assert {contact.id for contact in tickets["t9"].contacts} == {left}
    assert [part.author.id for part in tickets["t2"].parts if part.body][-1] == left
    there = small.call(lambda client: client.get_contact(left))
    assert (there.name, len(there.companies)) == ("Left", 1)
    assert small.plan().calls == 0
    agree(whole())
    with small.warehouse.connect() as connection:
        evidence = gather(connection, limited=False, notifications_sent=0)
    assert evidence.merged == [{"key": "c2", "into": left}]
    assert evidence.deleted_in_intercom == []


def test_a_merged_contact_that_changed_fills_what_is_empty_in_the_one_that_is_left(small, whole):
    whole()
    left = merge(small, "c2", name="Left")
    small.target(contacts=[small.tables["contacts"][0], tt.contact("c2", name="New", phone="+15557654321")])
    loads = whole()
    agree(loads)
    there = small.call(lambda client: client.get_contact(left))
    assert (there.name, there.phone, loads["contact"]["failed"]) == ("Left", "+15557654321", 0)
    assert small.plan().calls == 0
    agree(whole())
    assert small.rows("SELECT DISTINCT adopted FROM plan.journal WHERE object = 'contact' AND source_key = 'c2'"
                      " AND state = 'confirmed'") == [(True,)]  # fmt: skip


def test_a_twin_that_was_merged_away_is_a_dead_letter_with_what_to_do(small):
    def refusing(client):
        async def conflict(_body):
            error = ContactConflict(CallOutcome.REJECTED, 409, "conflict", "exists", None, "POST /contacts")
            error.existing_id = "6712"
            raise error

        async def merged(_contact_id):
            raise ContactMerged(
                CallOutcome.REJECTED, 410, "contact_merged", "merged", None, "GET /contacts/{contact_id}"
            )

        client.create_contact, client.get_contact = conflict, merged

    results = small.migrate(objects=("attribute", "contact"), wrap=refusing)
    assert results["contact"].failed == 2
    small.plan()
    said = {row[0] for row in small.rows("SELECT error_message FROM plan.journal WHERE state = 'rejected'")}
    assert len(said) == 1
    assert "merged into another contact" in said.pop()


def refused_conflict():
    error = ContactConflict(CallOutcome.REJECTED, 409, "conflict", "exists", None, "POST /contacts")
    error.existing_id, error.archived = "6712", True
    return error


@pytest.mark.parametrize(("status", "words"), [(410, "merged into another contact"), (404, "exists")])
def test_one_that_cannot_be_brought_back_is_read_to_learn_whether_it_was_merged(small, status, words):
    def refusing(client):
        async def conflict(_body):
            raise refused_conflict()

        async def refused(_contact_id):
            raise IntercomError(CallOutcome.REJECTED, 400, "bad_request", "no", None, "POST /contacts/{id}/unarchive")

        async def read(_contact_id):
            kind = ContactMerged if status == 410 else IntercomError
            raise kind(CallOutcome.REJECTED, status, "not_found", "no", None, "GET /contacts/{contact_id}")

        client.create_contact, client.unarchive_contact, client.get_contact = conflict, refused, read

    results = small.migrate(objects=("attribute", "contact"), wrap=refusing)
    assert results["contact"].failed == 2
    small.plan()
    (said,) = {row[0] for row in small.rows("SELECT error_message FROM plan.journal WHERE state = 'rejected'")}
    assert words in said


def test_a_tag_that_was_renamed_is_not_gone(small, whole):
    whole()
    tag_id = id_of(small, "tag", "vip")

    async def rename(client):
        answer = await client._http.request("POST", "/tags", json={"id": tag_id, "name": "Very important"})
        assert answer.status_code == 200, answer.text

    small.call(rename)
    assert whole()["tag"]["present"] == 2
    assert small.rows("SELECT source_key FROM observed.deleted_in_intercom WHERE object = 'tag'") == []
