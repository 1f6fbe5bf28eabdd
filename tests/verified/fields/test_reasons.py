"""Why a field differs: it was never written, it was not taken, nobody can know, or it was changed since."""

import pytest

from migration_assets.verified.fields.differences import REASONS
from resources.intercom import endpoints
from resources.intercom.errors import RequestSent, error_for
from resources.intercom.outcomes import CallOutcome, Classified
from tests.intercom.test_files import put
from tests.support import target_tables as tt

CHANGED, NAME = "changed_since", ("contact", "c1", "name")


@pytest.fixture
def faulty(small):
    def begin(*rules):
        small.control("faults", "POST", {"seed": 5, "rules": list(rules)})

    yield begin
    small.control("faults", "DELETE")


def shortened(calls, nth=1):
    return {"kind": "shortened", "calls": calls, "nth": nth}


def test_what_the_answer_showed_otherwise_was_not_taken(small, verify, faulty):
    faulty(shortened("POST /contacts"))
    small.migrate()
    ((key, (_, _, reason)),) = verify().items()
    assert (key[0], key[2], reason) == ("contact", "name", "not_taken")


def test_a_title_that_was_not_taken_is_named_where_it_is_compared(small, verify, faulty):
    """The inbox may show the beginning of it, whatever the ticket's own title is; that one is compared as a whole."""
    faulty(shortened("POST /tickets"))
    small.migrate()
    found = {field: reason for (_, _, field), (_, _, reason) in verify().items()}
    assert found["title"] == "not_taken"
    assert set(found.values()) == {"not_taken"}


def test_a_finding_is_settled_once_it_is_verified_as_equal(small, verify, hand, faulty):
    faulty(shortened("POST /contacts"))
    small.migrate()
    ((object_name, key, field),) = verify()
    assert small.rows("SELECT * FROM verdict.answers_settled") == []
    hand("PUT", f"/contacts/{hand.id(object_name, key)}", {field: f"Name {key}"})
    assert verify() == {}
    ((*settled, _),) = small.rows("SELECT * FROM verdict.answers_settled")
    assert settled == [object_name, key, field]


def test_an_answer_that_shows_fewer_files_is_settled_once_all_are_there(site, verifier):
    named = {"name": "ITCO id", "data_type": "string"}
    site.target(
        attributes=[{"source_key": f"{model}.ITCO id", "model": model, **named} for model in ("ticket", "contact")],
        contacts=[tt.contact("c1")],
        admins=[tt.admin("a1")],
        conversations=[tt.conversation("t1")],
        attachments=[put(site, tt, "f1", "m1", b"one"), put(site, tt, "f2", "m1", b"two", 2)],
        file_headings=[tt.heading("m1")],
        parts=[tt.part("m1", "t1", 1, "a1", "admin", attachments=["f1", "f2"])],
    )

    def hiding(client):
        reply = client.reply_ticket

        async def reply_ticket(*given):
            return (await reply(*given)).model_copy(update={"attachments": []})

        client.reply_ticket = reply_ticket

    site.migrate(wrap=hiding)
    assert site.rows("SELECT object, source_key, field FROM plan.answered_otherwise") == [("part", "m1", "files")]
    verify = verifier(site)
    assert verify() == {}
    assert verify.counts()["part", "files"] == (1, 1, 0, 0, 0)
    assert site.rows("SELECT object, source_key, field FROM verdict.answers_settled") == [("part", "m1", "files")]


def test_what_the_mapping_accepts_is_explained_by_that_and_stays_open(small, verify, faulty):
    faulty(shortened("POST /contacts"), shortened("POST /tickets"))
    small.migrate()
    accepted = {"contact.name", "conversation.title"}
    found = verify(accepted=accepted)
    assert {field for _, _, field in found} <= {"words_missing"}
    way = "accepted_by_the_mapping"
    assert {key: number for key, number in verify.explained().items() if key[2] == way} == {
        ("contact", "name", way): 1,
        ("conversation", "title", way): 1,
    }
    assert small.rows("SELECT * FROM verdict.answers_settled") == []
    # Accepted no longer, it is a difference as before.
    assert {field for _, _, field in verify()} >= {"name", "title"}


def test_an_edit_of_a_field_that_the_mapping_accepts_is_no_answer_of_intercom(small, verify, hand):
    small.migrate()
    hand("PUT", f"/contacts/{hand.id('contact', 'c1')}", {"name": "Somebody else"})
    assert verify(accepted={"contact.name"})[NAME][2] == CHANGED


def test_an_edit_of_what_intercom_had_shown_otherwise_is_an_edit(small, verify, hand, faulty):
    """It is neither Intercom's answer nor what the mapping accepts: somebody has changed it since."""
    faulty(shortened("POST /contacts"))
    small.migrate()
    assert verify()[NAME][2] == "not_taken"
    hand("PUT", f"/contacts/{hand.id('contact', 'c1')}", {"name": "Somebody else"})
    assert verify()[NAME][2] == CHANGED
    assert verify(accepted={"contact.name"})[NAME][2] == CHANGED


def test_what_was_taken_has_been_changed_since(small, verify, hand):
    small.migrate()
    hand("PUT", f"/contacts/{hand.id('contact', 'c1')}", {"name": "Somebody else"})
    hand("PUT", f"/tickets/{hand.id('conversation', 't3')}", {"ticket_attributes": {"_default_title_": "Theirs"}})
    found = {key: reason for key, (_, _, reason) in verify().items()}
    assert found[NAME] == CHANGED
    assert found["conversation", "t3", "title"] == CHANGED


def test_a_reply_of_the_customer_that_opens_a_ticket_again_is_the_reason(small, verify, hand):
    closed = tt.conversation("t9", state="closed", ticket_state="Resolved", created_at=1_600_000_000)
    small.target(conversations=[*small.tables["conversations"], closed])
    small.migrate()
    ticket = hand.id("conversation", "t9")
    said = {"message_type": "comment", "type": "user", "intercom_user_id": hand.id("contact", "c1"), "body": "Again!"}
    hand("POST", f"/tickets/{ticket}/reply", said)
    found = {field: reason for (_, key, field), (_, _, reason) in verify().items() if key == "t9"}
    assert "state" in found
    assert set(found.values()) == {"answered_since"}
    # Without a message of the customer's it is nobody knows whose change.
    hand("PUT", f"/tickets/{hand.id('conversation', 't3')}", {"open": False})
    assert {reason for (_, key, _), (_, _, reason) in verify().items() if key == "t3"} == {CHANGED}


def test_what_the_source_has_nothing_for_was_put_there_by_others(small, verify, hand):
    small.migrate()
    hand("PUT", f"/contacts/{hand.id('contact', 'c1')}", {"phone": "+15550001111"})
    assert verify() == {("contact", "c1", "phone"): (None, "+15550001111", CHANGED)}


def test_a_tag_that_intercom_refused_was_never_written(small, verify):
    def refusing(client):
        async def tag_ticket(*_):
            refused = Classified(CallOutcome.REJECTED, "tag_refused", "No.")
            raise error_for(refused, 422, RequestSent(endpoints.TAG_TICKET))

        client.tag_ticket = tag_ticket

    small.migrate(wrap=refusing)
    assert verify() == {("conversation", "t1", "tags"): ("Late, VIP", None, "never_written")}


def test_a_tag_that_was_taken_off_since_was_written(small, verify, hand):
    small.migrate()
    vip, ticket = hand.id("tag", "vip"), hand.id("conversation", "t1")
    small.call(lambda client: client.untag_ticket(ticket, vip, admin(small)))
    assert verify() == {("conversation", "t1", "tags"): ("Late, VIP", "Late", CHANGED)}


def admin(site):
    return site.rows("SELECT migration_admin_id FROM plan.own_admins")[0][0]


def test_where_the_answer_was_lost_it_is_not_known(small, verify, faulty):
    faulty({"kind": "after", "calls": "POST /contacts", "nth": 1, "status": 500})
    small.target(contacts=[tt.contact("c1"), tt.contact("c2")])
    small.migrate()
    ((lost,),) = small.rows("SELECT source_key FROM plan.journal WHERE error_code = 'found_again'")
    small.control("faults", "DELETE")

    async def change(client):
        found = small.rows(f"SELECT intercom_id FROM plan.journal WHERE object = 'contact' AND source_key = '{lost}'")
        await client.update_contact(found[0][0], {"name": "Otherwise"})

    small.call(change)
    assert verify()["contact", lost, "name"][2] == "answer_lost"


@pytest.mark.parametrize(
    "reason", ["never_written", "not_taken", "answer_lost", CHANGED, "answered_since", "changed_in_intercom"]
)
def test_each_has_its_words_also_that_of_older_warehouses(reason):
    assert REASONS[reason].endswith(".")
