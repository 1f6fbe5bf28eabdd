"""Everything that was loaded is read back and compared; what somebody changes in Intercom is found and named."""

import pytest

from migration_assets.writing.conflicts import Policy

CHANGED = "changed_since"


@pytest.mark.parametrize("route", ["ticket", "conversation"])
def test_everything_that_was_loaded_is_equal(small, verify, route):
    small.options["route"] = route
    small.migrate()
    assert verify() == {}
    counts = verify.counts()
    assert {name for name, _ in counts} == {
        "attribute", "ticket_type", "ticket_attribute", "contact", "contact_company", "company", "tag", "conversation",
        "part",
    }  # fmt: skip
    for field, (compared, equal, explained, different, unverifiable) in counts.items():
        assert compared == equal + explained > 0, field
        assert (different, unverifiable) == (0, 0)
    assert verify.explained() == {("conversation", "opening", "text_shown_as_html"): 4}
    assert verify.writes == 0
    # Tickets and conversations in one page each; contacts once for themselves and once for their companies.
    assert verify.calls == {"attributes": 4, "contacts": 2, "companies": 2, "tags": 1, "conversations": 4}


def test_what_was_never_loaded_is_not_compared(small, verify):
    small.plan()
    assert (verify(), verify.counts()) == ({}, {})


def test_changed_people_are_found_and_named(small, verify, hand):
    small.migrate()
    c2, k1 = hand.id("contact", "c2"), hand.id("company", "k1")
    body = {"name": "Another", "phone": None, "custom_attributes": {"ITCO id": "9"}, "signed_up_at": 5}
    hand("PUT", f"/contacts/{c2}", body)
    hand(
        "PUT",
        f"/companies/{k1}",
        {"name": "Other", "plan": "gold", "size": 7, "custom_attributes": {"ITCO company id": "k9"}},
    )
    hand("DELETE", f"/contacts/{hand.id('contact', 'c1')}/companies/{k1}")
    hand("POST", "/tags", {"id": hand.id("tag", "vip"), "name": "Big"})
    assert verify() == {
        ("contact", "c2", "name"): ("Name c2", "Another", CHANGED),
        ("contact", "c2", "phone"): ("+15551234567", None, CHANGED),
        ("contact", "c2", "attribute.ITCO id"): ("c2", "9", CHANGED),
        ("contact", "c2", "signed_up_at"): (None, "5", CHANGED),
        ("company", "k1", "name"): ("Company k1", "Other", CHANGED),
        ("company", "k1", "plan"): (None, "gold", CHANGED),
        ("company", "k1", "size"): (None, "7", CHANGED),
        ("company", "k1", "attribute.ITCO company id"): ("k1", "k9", CHANGED),
        ("contact_company", "c1|k1", "present"): ("true", None, "deleted_in_intercom"),
        ("tag", "vip", "name"): ("VIP", "Big", CHANGED),
        ("conversation", "t1", "tags"): ("Late, VIP", "Big, Late", CHANGED),
    }
    assert verify.counts()["contact", "name"] == (2, 1, 0, 1, 0)


def test_changed_attributes_are_found_and_named(small, verify, hand):
    small.migrate()
    (kind,) = [t for t in hand("GET", "/ticket_types")["data"] if t["name"] == "ITCO ticket"]
    ours = {item["name"]: item["id"] for item in kind["ticket_type_attributes"]["data"]}
    hand("PUT", f"/ticket_types/{kind['id']}/attributes/{ours['Priority']}", {"description": "Other"})
    hand("PUT", f"/data_attributes/{hand.id('attribute', 'company.ITCO company id')}", {"description": "New"})
    assert verify() == {
        ("ticket_attribute", "ticket.Priority", "description"): ("Priority in ITCO", "Other", CHANGED),
        ("attribute", "company.ITCO company id", "description"): ("From ITCO", "New", CHANGED),
    }


def test_a_changed_ticket_is_found_and_named(small, verify, hand):
    small.migrate()
    t1, t2, t3, own = (hand.id("conversation", key) for key in ("t1", "t2", "t3", "t4"))
    admin = int(small.rows("SELECT migration_admin_id FROM plan.own_admins")[0][0])
    urgent = {
        option["label"]: option["id"]
        for kind in hand("GET", "/ticket_types")["data"]
        for item in kind["ticket_type_attributes"]["data"]
        for option in (item.get("input_options") or {}).get("list_options", [])
    }["Urgent"]
    attributes = {"_default_title_": "Z", "_default_description_": "D", "Priority": urgent}
    hand(
        "PUT",
        f"/tickets/{t1}",
        {"ticket_attributes": attributes, "open": True, "admin_id": admin, "skip_notifications": True},
    )
    hand("PUT", f"/tickets/{t2}", {"assignee_id": str(admin), "admin_id": admin, "skip_notifications": True})
    hand("PUT", f"/conversations/{t3}", {"priority": "low", "admin_id": str(admin)}, version="Preview")
    hand("PUT", f"/conversations/{t3}", {"company_id": hand.id("company", "k1")})
    hand("DELETE", f"/tickets/{t1}/tags/{hand.id('tag', 'late')}", {"admin_id": str(admin)})
    hand("POST", f"/conversations/{own}/reply", {
        "message_type": "note", "type": "admin", "admin_id": str(admin), "body": "<p>Somebody's own</p>"})  # fmt: skip
    assert verify() == {
        ("conversation", "t1", "title"): ("Title t1", "Z", CHANGED),
        ("conversation", "t1", "inbox_title"): ("Title t1", "Z", CHANGED),
        ("conversation", "t1", "description"): ("Hello", "D", CHANGED),
        ("conversation", "t1", "attribute.Priority"): ("High", "Urgent", CHANGED),
        ("conversation", "t1", "state"): ("closed", "open", CHANGED),
        ("conversation", "t1", "tags"): ("Late, VIP", "VIP", CHANGED),
        ("conversation", "t2", "assignee_admin"): (None, str(admin), CHANGED),
        ("conversation", "t3", "priority"): ("none", "low", CHANGED),
        ("conversation", "t3", "company"): (None, hand.id("company", "k1"), CHANGED),
    }


def test_a_redacted_message_and_a_deleted_ticket_are_found(small, verify, hand):
    small.migrate()
    t1, m2 = hand.id("conversation", "t1"), hand.id("part", "m2")
    hand(
        "POST",
        "/conversations/redact",
        {"type": "conversation_part", "conversation_id": t1, "conversation_part_id": m2},
    )
    hand("DELETE", f"/tickets/{hand.id('conversation', 't2')}")
    found = verify()
    assert found == {
        ("part", "m2", "text"): ("<p>Body m2</p>", "<p><i>This message was deleted</i></p>", "redacted_in_intercom"),
        ("conversation", "t2", "present"): ("true", None, "deleted_in_intercom"),
        ("part", "m4", "present"): ("true", None, "deleted_in_intercom"),
    }
    # What else was to be compared of them is not called equal.
    assert verify.counts()["part", "text"] == (4, 3, 0, 1, 0)


def test_what_differed_can_be_looked_at_again_alone(small, verify, hand):
    small.migrate()
    c2, t1 = hand.id("contact", "c2"), hand.id("conversation", "t1")
    admin = int(small.rows("SELECT migration_admin_id FROM plan.own_admins")[0][0])
    silent = {"admin_id": admin, "skip_notifications": True}
    hand("PUT", f"/contacts/{c2}", {"name": "Another", "phone": "+15550000000"})
    hand("PUT", f"/tickets/{t1}", {"open": True, **silent})
    assert len(verify()) == 3
    before = verify.counts()
    hand("PUT", f"/contacts/{c2}", {"name": "Name c2"})
    hand("PUT", f"/tickets/{t1}", {"open": False, **silent})
    assert set(verify("differences")) == {("contact", "c2", "phone")}
    assert verify.calls == {"attributes": 0, "contacts": 2, "companies": 0, "tags": 0, "conversations": 3}
    after = verify.counts()
    assert {field: row[0] for field, row in after.items()} == {field: row[0] for field, row in before.items()}
    assert after["contact", "name"] == (2, 2, 0, 0, 0)
    assert after["conversation", "state"] == (4, 4, 0, 0, 0)


def edited(small, hand):
    """Change something of a contact, a company and a ticket by hand."""
    t1 = hand.id("conversation", "t1")
    admin = int(small.rows("SELECT migration_admin_id FROM plan.own_admins")[0][0])
    silent = {"admin_id": admin, "skip_notifications": True}
    hand("PUT", f"/contacts/{hand.id('contact', 'c2')}", {"name": "Another"})
    hand("PUT", f"/companies/{hand.id('company', 'k1')}", {"name": "Other"})
    hand("DELETE", f"/tickets/{t1}/tags/{hand.id('tag', 'late')}", {"admin_id": str(admin)})
    hand("PUT", f"/tickets/{t1}", {"open": True, "ticket_attributes": {"_default_title_": "Z"}, **silent})
    hand("PUT", f"/conversations/{t1}", {"priority": "low", "admin_id": str(admin)}, version="Preview")
    return {
        ("contact", "name"), ("company", "name"), ("conversation", "title"), ("conversation", "inbox_title"),
        ("conversation", "state"), ("conversation", "priority"),
    }  # fmt: skip


def sent(results):
    return {name: result.sent for name, result in results.items() if result.sent}


@pytest.mark.parametrize("route", ["ticket", pytest.param("conversation", marks=pytest.mark.rehearsal)])
def test_what_differed_is_sent_again_by_the_ordinary_load(small, verify, hand, route):
    small.options["route"] = route
    small.migrate()
    fields = edited(small, hand)
    assert {(name, field) for name, _, field in verify()} == {*fields, ("conversation", "tags")}
    # A load that was not asked to leaves it alone.
    assert sent(small.migrate()) == {}
    overwriting = Policy(overwrite_edited=True, resync=True)
    assert sent(small.migrate(resync=True, policy=overwriting, overwrite_edited=True)) == {
        "contact": {"contact/update": 1},
        "company": {"company/upsert": 1},
        "conversation": {
            "conversation/update": 1, "conversation_tag/attach": 2, "conversation/priority": 1,
            "conversation/settle": 1},
    }  # fmt: skip
    assert [line for line in small.control("notifications")["by"] if line["audience"] == "contact"] == []
    assert verify() == {}
    assert verify.explained() == {("conversation", "opening", "text_shown_as_html"): 4}
    assert sent(small.migrate(resync=True, policy=overwriting)) == {}


def test_what_somebody_edited_is_kept_unless_the_setting_says_otherwise(small, verify, hand):
    small.migrate()
    fields = edited(small, hand)
    verify()
    small.migrate(resync=True, policy=Policy(resync=True))
    assert small.call(lambda client: client.get_contact(hand.id("contact", "c2"))).name == "Another"
    assert verify() == {}
    assert {(name, field) for name, field, why in verify.explained() if why == "edit_kept"} == fields
    assert verify.counts()["conversation", "tags"] == (4, 4, 0, 0, 0)


@pytest.mark.parametrize(
    ("texts", "missing"),
    [
        ([("part", "m1", "text", "<div>Body <i>m1</i></div>"), ("conversation", "t1", "description", "Hello")], {}),
        ([("part", "m1", "text", "Body m1, and more")], {("part", "m1"): "3"}),
        ([("part", "m3", "text", "Internal &lt;note&gt; &amp; more")], {("part", "m3"): "1"}),
        (
            [("conversation", "t1", "description", "Hello <address>"), ("conversation", "t2", "title", "Another t2")],
            {("conversation", "t1"): "1", ("conversation", "t2"): "1"},
        ),
    ],
)
def test_what_intercom_shows_is_compared_with_the_words_of_the_source(small, verify, texts, missing):
    small.target(source_texts=texts)
    small.migrate()
    expected = {(*record, "words_missing"): ("0", words, CHANGED) for record, words in missing.items()}
    assert verify() == expected
    assert verify.counts()["part", "words_missing"][0] == 5
