"""A rollback over HTTP: what we made is gone, what stood is as it was, what people touched stays and is listed."""

import pytest

from migration_assets.undoing.scope import Scope
from resources.intercom.errors import IntercomError
from resources.intercom.outcomes import CallOutcome
from resources.journal import Journal
from tests.support.rolling_back import applied_writes, dump, id_of, last_fates, request, roll_back

REMOVED = ("deleted", "archived", "detached")


def kept(fates):
    """Return what was not removed, with its fate."""
    return {key: fate for key, (fate, _) in fates.items() if fate not in REMOVED}


@pytest.mark.parametrize("route", ["ticket", "conversation"])
def test_everything_is_as_it_was_before_and_a_new_migration_starts_clean(small, route):
    small.options = {"route": route}
    before = dump(small)
    first = {name: (load.created, load.adopted) for name, load in small.migrate().items()}
    loaded = dump(small)
    assert (len(loaded["tickets"]), len(loaded["contacts"]), len(loaded["tags"])) == (4, 2, 2)
    assert kept(roll_back(small)) == {}
    assert dump(small) == before
    assert (applied_writes(small), small.rows("SELECT * FROM rollback.remaining")) == (0, [])
    assert roll_back(small) == {}
    # What was archived is brought back, and counts as made.
    assert {name: (load.created, load.adopted) for name, load in small.migrate().items()} == first
    types = small.call(lambda client: client.list_ticket_types())
    assert [(item.name, item.archived, len(item.attributes)) for item in types] == [("ITCO ticket", False, 4)]
    assert kept(roll_back(small)) == {}
    assert dump(small) == before


def test_only_looking_says_the_same_and_writes_nothing(small):
    small.migrate()
    loaded, writes = dump(small), applied_writes(small)
    small.call(lambda client: answer(client, id_of(small, "conversation", "t2")))
    answered = dump(small)
    looked = roll_back(small, dry=True)
    assert dump(small) == answered != loaded
    assert applied_writes(small) == writes
    with Journal(small.url, "m") as journal:
        assert "rollback" not in journal.runs()["kind"].to_list()
    assert looked == roll_back(small)


async def answer(client, ticket_id):
    """A teammate answers in the Inbox."""
    admin = (await client.list_admins())[0].id
    body = {"message_type": "comment", "type": "admin", "admin_id": admin, "body": "Thank you!"}
    await client.reply_ticket(ticket_id, {**body, "skip_notifications": True})


def test_a_conversation_that_somebody_answered_stays_with_all_it_needs(small):
    small.migrate()
    small.call(lambda client: answer(client, id_of(small, "conversation", "t2")))
    fates = roll_back(small)
    assert fates["conversation", "t2"] == ("refused", "1 message in it by a teammate")
    assert fates["contact", "c2"][0] == "refused"
    assert kept(fates) == {
        ("conversation", "t2"): "refused",
        ("contact", "c2"): "refused",
        ("ticket_type", "ITCO ticket"): "refused",
        ("ticket_attribute", "ticket.ITCO id"): "refused",
        ("ticket_attribute", "ticket.Priority"): "refused",
        ("attribute", "contact.ITCO id"): "refused",
    }
    assert set(small.tickets()) == {"t2"}
    assert [contact["external_id"] for contact in dump(small)["contacts"]] == ["c2"]
    # Tried again, it is still so; the migration goes on with what stands.
    assert kept(roll_back(small)) == kept(fates)
    loads = small.migrate()
    assert (loads["conversation"].created, loads["conversation"].unchanged) == (3, 1)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"open": True}, "state"),
        ({"ticket_attributes": {"_default_title_": "Another"}}, "title"),
        ({"assignee_id": "0"}, "assignee"),
    ],
)
def test_a_conversation_that_somebody_edited_stays(small, body, reason):
    small.migrate()
    ticket = id_of(small, "conversation", "t1")
    request(small, "PUT", f"/tickets/{ticket}", {**body, "skip_notifications": True})
    assert roll_back(small, Scope(object="conversation"))["conversation", "t1"] == (
        "refused",
        f"changed since: {reason}",
    )
    assert "t1" in small.tickets()


@pytest.mark.parametrize(
    ("method", "path", "body", "reason"),
    [
        ("PUT", "", {"name": "Somebody"}, "changed since: name"),
        ("PUT", "", {"phone": "+15557654321"}, "changed since: phone"),
        ("PUT", "", {"custom_attributes": {"ITCO id": "other"}}, "changed since: ITCO id"),
        ("POST", "/notes", {"body": "Important", "admin_id": "1"}, "it was given notes"),
    ],
)
def test_a_contact_that_somebody_edited_stays(small, method, path, body, reason):
    small.migrate()
    if "admin_id" in body:
        body = {**body, "admin_id": small.call(lambda client: client.list_admins())[0].id}
    request(small, method, f"/contacts/{id_of(small, 'contact', 'c2')}{path}", body)
    fates = roll_back(small)
    assert fates["contact", "c2"] == ("refused", reason)
    assert fates["contact", "c1"][0] == "deleted"


def test_a_contact_with_a_conversation_of_its_own_stays(small):
    small.migrate()
    contact = id_of(small, "contact", "c2")
    request(small, "POST", "/conversations", {"from": {"type": "user", "id": contact}, "body": "Hello"})
    fates = roll_back(small)
    reason = "it has a conversation that is not ours, which Intercom would delete with it"
    assert fates["contact", "c2"] == ("refused", reason)
    assert [item["source"]["body"] for item in dump(small)["conversations"]] == ["<p>Hello</p>"]


def test_a_company_that_others_belong_to_and_a_tag_that_others_wear_stay(small):
    small.migrate()
    stranger = request(small, "POST", "/contacts", {"role": "user", "external_id": "stranger"})["id"]
    request(small, "POST", f"/contacts/{stranger}/companies", {"id": id_of(small, "company", "k1")})
    request(small, "POST", f"/contacts/{stranger}/tags", {"id": id_of(small, "tag", "vip")})
    fates = roll_back(small)
    assert fates["company", "k1"] == ("refused", "contacts belong to it that stay")
    assert fates["tag", "vip"] == ("refused", "it is on something that stays")
    assert fates["tag", "late"][0] == "deleted"
    assert [contact["external_id"] for contact in dump(small)["contacts"]] == ["stranger"]


def test_what_stood_before_us_gets_its_fields_back_but_for_those_that_somebody_edited(small):
    request(small, "POST", "/contacts", {"role": "user", "external_id": "c1"})
    request(small, "POST", "/contacts", {"role": "user", "external_id": "c2", "name": "C2, Name"})
    request(small, "POST", "/companies", {"company_id": "k1"})
    request(small, "POST", "/tags", {"name": "vip"})
    contacts = {item["external_id"]: item["id"] for item in dump(small)["contacts"]}
    company = dump(small)["companies"][0]["id"]
    request(small, "POST", f"/contacts/{contacts['c1']}/companies", {"id": company})
    before = dump(small)
    small.migrate()
    assert dump(small)["contacts"][0]["name"] is not None
    assert {name: fate for (_, name), fate in kept(roll_back(small)).items()} == {
        "c1": "restored", "c2": "restored", "k1": "restored", "vip": "kept", "c1|k1": "kept",
    }  # fmt: skip
    assert dump(small) == before
    small.migrate()
    request(small, "PUT", f"/contacts/{contacts['c1']}", {"name": "Edited"})
    fates = roll_back(small)
    assert fates["contact", "c1"] == ("refused", "changed since: name; the other fields are restored")
    edited = {item["external_id"]: item for item in dump(small)["contacts"]}["c1"]
    assert (edited["name"], edited["email"]) == ("Edited", None)


def test_a_record_that_is_gone_already_is_undone(small):
    small.migrate()
    request(small, "DELETE", f"/tickets/{id_of(small, 'conversation', 't1')}")
    request(small, "DELETE", f"/contacts/{id_of(small, 'contact', 'c2')}")
    assert kept(roll_back(small)) == {}
    assert applied_writes(small) == 0


def test_a_lost_answer_is_sent_again(small):
    small.migrate()
    before = applied_writes(small)

    def losing(client):
        for name in ("delete_ticket", "delete_contact", "delete_tag"):
            real, lost = getattr(client, name), []

            async def call(key, real=real, lost=lost):
                await real(key)
                if not lost:
                    lost.append(key)
                    raise IntercomError(CallOutcome.AMBIGUOUS, None, "no_answer", "No answer.", None, "DELETE /x")

            setattr(client, name, call)

    assert kept(roll_back(small, wrap=losing)) == {}
    assert (before > 0, applied_writes(small)) == (True, 0)


def test_a_rollback_that_died_goes_on(small):
    small.migrate()
    calls = []

    def dying(client):
        real = client.delete_ticket

        async def call(key):
            calls.append(key)
            if len(calls) > 2:
                raise RuntimeError("died")
            await real(key)

        client.delete_ticket = call

    with pytest.raises(RuntimeError):
        roll_back(small, wrap=dying)
    assert len(small.tickets()) == 2
    fates = {key[1]: fate for key, (fate, _) in last_fates(small).items() if key[0] == "conversation"}
    assert sorted(fates.values()) == ["deleted", "deleted", "failed", "failed"]
    assert kept(roll_back(small)) == {}
    assert (applied_writes(small), dump(small)["tickets"], dump(small)["contacts"]) == (0, [], [])


def test_what_intercom_refuses_is_listed(small):
    small.migrate()

    def refusing(client):
        async def call(key):
            raise IntercomError(CallOutcome.REJECTED, 423, "locked", "It is locked.", None, "DELETE /tags/{tag_id}")

        client.delete_tag = call

    fates = roll_back(small, wrap=refusing)
    assert kept(fates) == {("tag", "vip"): "failed", ("tag", "late"): "failed"}
    assert fates["tag", "vip"][1] == "It is locked."
