"""The count of notifications: which calls are silent, which are not."""

import pytest


@pytest.fixture(scope="module")
def people(api):
    return {"contact": api.contact(), "kind": api.ticket_type(), "admin": api.admin}


@pytest.fixture
def counted(api):
    """What a call adds to the count."""

    def count(method, path, body, version="2.16"):
        def now():
            return {(row["audience"], row["cause"], row["basis"]): row["count"] for row in api.notifications()["by"]}

        before = now()
        api.ok(method, path, body, version=version)
        return {key[0::2] for key, number in now().items() if number > before.get(key, 0)}

    return count


BOTH = {("contact", "documented"), ("teammate", "documented")}
TEAMMATE = {("teammate", "assumed")}


def test_tickets_are_silent_with_the_flag_and_loud_without(api, people, counted):
    body = {"ticket_type_id": people["kind"]["id"], "contacts": [{"id": people["contact"]["id"]}]}
    silent = {"skip_notifications": True}
    assert counted("POST", "/tickets", {**body, **silent}) == set()
    assert counted("POST", "/tickets", body) == BOTH
    assert counted("POST", "/tickets/enqueue", {**body, **silent}) == set()
    assert counted("POST", "/tickets/enqueue", body) == BOTH
    path = f"/tickets/{api.ticket(people['kind'], people['contact'])['id']}"
    assert counted("PUT", path, {"open": False, **silent}) == set()
    assert counted("PUT", path, {"open": True}) == BOTH
    assert counted("PUT", path, {"open": False, "skip_notifications": False}) == BOTH
    assert counted("PUT", path, {"open": False, **silent}, version="2.12") == BOTH


@pytest.mark.parametrize("kind", ["contact", "comment", "note"])
def test_ticket_replies(api, people, counted, kind):
    path = f"/tickets/{api.ticket(people['kind'], people['contact'])['id']}/reply"
    if kind == "contact":
        body = {"type": "user", "message_type": "comment", "intercom_user_id": people["contact"]["id"], "body": "x"}
    else:
        body = {"type": "admin", "message_type": kind, "admin_id": people["admin"], "body": "x"}
    assert counted("POST", path, {**body, "skip_notifications": True}) == set()
    assert counted("POST", path, body) == ({("teammate", "documented")} if kind == "note" else BOTH)


def test_conversations_can_be_silenced_for_admin_replies_only(api, people, counted):
    contact, admin = people["contact"], people["admin"]
    sender = {"type": "user", "id": contact["id"]}
    assert counted("POST", "/conversations", {"from": sender, "body": "x", "skip_notifications": True}) == TEAMMATE
    path = f"/conversations/{api.conversation(contact)}"
    reply = {"type": "admin", "message_type": "comment", "admin_id": admin, "body": "x"}
    assert counted("POST", f"{path}/reply", {**reply, "skip_notifications": True}) == set()
    assert counted("POST", f"{path}/reply", reply) == {("contact", "documented")}
    old = counted("POST", f"{path}/reply", {**reply, "skip_notifications": True}, version="2.14")
    assert old == {("contact", "documented")}
    user = {"type": "user", "message_type": "comment", "intercom_user_id": contact["id"], "body": "x"}
    assert counted("POST", f"{path}/reply", {**user, "skip_notifications": True}) == TEAMMATE
    parts = {"admin_id": admin, "type": "admin"}
    assert counted("POST", f"{path}/parts", {"message_type": "assignment", "assignee_id": admin, **parts}) == TEAMMATE
    assert counted("POST", f"{path}/parts", {"message_type": "close", **parts}) == set()
    loud = counted("POST", f"{path}/parts", {"message_type": "close", "body": "bye", **parts})
    assert loud == {("contact", "documented"), ("teammate", "assumed")}
    assert counted("PUT", path, {"title": "x"}) == set()
    assert counted("POST", f"{path}/convert", {"ticket_type_id": people["kind"]["id"]}) == TEAMMATE


def test_a_refused_call_notifies_nobody_and_a_wipe_starts_over(api, people):
    before = api.notifications()["total"]
    api.refused(404, "not_found", "POST", "/tickets", {"ticket_type_id": "1", "contacts": [{"id": "x"}]})
    summary = api.notifications()
    assert summary["total"] == before == sum(row["count"] for row in summary["by"]) > 0
    api.wipe()
    assert api.notifications() == {"total": 0, "by": []}
    counts = api.ok("GET", "/__embedded/state")["counts"]
    assert (counts["contacts"], counts["threads"], counts["ticket_types"], counts["parts"]) == (0, 0, 0, 0)
    assert (counts["admins"], counts["teams"], counts["ticket_states"]) == (2, 2, 4)
