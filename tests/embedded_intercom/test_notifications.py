"""The count of notifications: what every write would make Intercom tell, to whom, and on what basis."""

import pytest

from embedded_intercom.protocol.audiences import NOTICES, SILENT
from embedded_intercom.routes import MODULES

READS = ("/search", "/companies/list", "/__embedded/")
SILENCE = {"skip_notifications": True}


@pytest.fixture(scope="module")
def people(api):
    return {"contact": api.contact(), "kind": api.ticket_type(), "admin": api.admin}


@pytest.fixture
def counted(api):
    """What a call adds to the count: audience, cause, basis."""

    def count(method, path, body, version="2.16"):
        def now():
            return {(row["audience"], row["cause"], row["basis"]): row["count"] for row in api.notifications()["by"]}

        before = now()
        api.ok(method, path, body, version=version)
        api.advance(1)  # a queued ticket tells nobody before it is there
        after = now()
        assert all(number - before.get(key, 0) <= 1 for key, number in after.items()), "one call tells nobody twice"
        return {key for key, number in after.items() if number > before.get(key, 0)}

    return count


def ticket(api, people, **fields):
    return f"/tickets/{api.ticket(people['kind'], people['contact'], **fields)['id']}"


def conversation(api, people):
    return f"/conversations/{api.conversation(people['contact'])}"


def by_contact(people):
    return {"type": "user", "message_type": "comment", "intercom_user_id": people["contact"]["id"], "body": "x"}


def by_admin(people, message_type="comment"):
    return {"type": "admin", "message_type": message_type, "admin_id": people["admin"], "body": "x"}


def new_ticket(api, people):
    return {"ticket_type_id": people["kind"]["id"], "contacts": [{"id": people["contact"]["id"]}]}


def parts(kind, **more):
    def make(api, people):
        now = api.ok("GET", "/__embedded/state")["now"]
        body = {"message_type": kind, "type": "admin", "admin_id": people["admin"], "assignee_id": people["admin"]}
        return "POST", f"{conversation(api, people)}/parts", {**body, "snoozed_until": now + 5000, **more}

    return make


CAUSES = {
    "ticket created": lambda api, people: ("POST", "/tickets", new_ticket(api, people)),
    "ticket queued": lambda api, people: ("POST", "/tickets/enqueue", new_ticket(api, people)),
    "ticket updated": lambda api, people: ("PUT", ticket(api, people), {"open": False}),
    "ticket replied to by an admin": lambda api, people: ("POST", f"{ticket(api, people)}/reply", by_admin(people)),
    "ticket replied to by a contact": lambda api, people: ("POST", f"{ticket(api, people)}/reply", by_contact(people)),
    "ticket noted": lambda api, people: ("POST", f"{ticket(api, people)}/reply", by_admin(people, "note")),
    "conversation opened by a contact": lambda api, people: (
        "POST",
        "/conversations",
        {"from": {"type": "user", "id": people["contact"]["id"]}, "body": "x"},
    ),
    "conversation replied to by an admin": lambda api, people: (
        "POST",
        f"{conversation(api, people)}/reply",
        by_admin(people),
    ),
    "conversation replied to by a contact": lambda api, people: (
        "POST",
        f"{conversation(api, people)}/reply",
        by_contact(people),
    ),
    "conversation noted": lambda api, people: (
        "POST",
        f"{conversation(api, people)}/reply",
        by_admin(people, "note"),
    ),
    "closed": parts("close"),
    "closed with a body": parts("close", body="bye"),
    "snoozed": parts("snoozed"),
    "opened": parts("open"),
    "assigned": parts("assignment"),
    "assigned with a body": parts("assignment", body="over to you"),
    "converted": lambda api, people: (
        "POST",
        f"{conversation(api, people)}/convert",
        {"ticket_type_id": people["kind"]["id"]},
    ),
}
"""A request for every cause there is."""

TOLD = {
    "ticket created": "contact documented, teammate documented",
    "ticket queued": "contact documented, teammate documented",
    "ticket updated": "contact documented, teammate documented",
    "ticket replied to by an admin": "contact documented, teammate documented",
    "ticket replied to by a contact": "contact documented, teammate documented",
    "ticket noted": "teammate documented",
    "conversation opened by a contact": "teammate assumed",
    "conversation replied to by an admin": "contact documented, teammate documented",
    "conversation replied to by a contact": "teammate assumed",
    "conversation noted": "teammate assumed",
    "closed": "teammate assumed",
    "closed with a body": "contact documented, teammate assumed",
    "snoozed": "teammate assumed",
    "opened": "teammate assumed",
    "assigned": "teammate assumed",
    "assigned with a body": "contact assumed, teammate assumed",
    "converted": "teammate assumed",
}


@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_tells_whom_the_sources_say(api, people, counted, cause):
    told = counted(*CAUSES[cause](api, people))
    assert ", ".join(sorted(f"{audience} {basis}" for audience, _, basis in told)) == TOLD[cause]
    assert told <= {(notice.audience, notice.cause, notice.basis) for notice in NOTICES}


def test_every_notice_in_the_list_is_caused_by_something_above(api, people, counted):
    told = set().union(*(counted(*make(api, people)) for make in CAUSES.values()))
    assert told == {(notice.audience, notice.cause, notice.basis) for notice in NOTICES}


def test_every_write_is_judged_and_none_twice():
    writes = {
        f"{route.method} {route.template}"
        for module in MODULES
        for route in module.routes
        if route.method != "GET" and not any(word in route.template for word in READS)
    }
    telling = {notice.endpoint for notice in NOTICES}
    assert telling | set(SILENT) == writes
    assert telling & set(SILENT) == set()


@pytest.mark.parametrize(
    "cause",
    [
        "ticket created",
        "ticket queued",
        "ticket updated",
        "ticket replied to by an admin",
        "ticket replied to by a contact",
        "ticket noted",
        "conversation replied to by an admin",
        "conversation noted",
    ],
)
def test_the_flag_silences_altogether_what_it_can(api, people, counted, cause):
    method, path, body = CAUSES[cause](api, people)
    assert counted(method, path, {**body, **SILENCE}) == set()
    assert len(counted(method, path, {**body, "skip_notifications": False})) > 0
    # The version before the flag came does not know it.
    older = "2.14" if cause.startswith("conversation") else "2.12"
    if cause != "ticket queued":
        assert len(counted(method, path, {**body, **SILENCE}, version=older)) > 0


@pytest.mark.parametrize("cause", [name for name in CAUSES if not name.startswith("ticket")])
def test_the_flag_changes_nothing_where_there_is_none(api, people, counted, cause):
    if cause in ("conversation replied to by an admin", "conversation noted"):
        pytest.skip("has the flag")
    method, path, body = CAUSES[cause](api, people)
    assert len(counted(method, path, {**body, **SILENCE})) > 0


def test_of_other_tickets_only_teammates_are_told(api, people, counted):
    for category in ("Back-office", "Tracker"):
        body = {**new_ticket(api, people), "ticket_type_id": api.ticket_type(category)["id"]}
        assert {audience for audience, _, _ in counted("POST", "/tickets", body)} == {"teammate"}


def test_the_rest_of_the_ticket_route_tells_nobody(api, people, counted):
    path = ticket(api, people)
    key, tag = path.rpartition("/")[2], api.ok("POST", "/tags", {"name": "x"})["id"]
    worn = {"id": tag, "admin_id": people["admin"]}
    assert counted("POST", f"{path}/tags", worn) == set()
    assert counted("DELETE", f"{path}/tags/{tag}", {"admin_id": people["admin"]}) == set()
    priority = {"priority": "high", "admin_id": people["admin"]}
    assert counted("PUT", f"/conversations/{key}", priority, version="Preview") == set()
    assert counted("PUT", f"/conversations/{key}", {"title": "x", "read": True}) == set()
    assert counted("POST", "/contacts", {"role": "user", "external_id": "silent"}) == set()
    assert counted("DELETE", path, {}) == set()


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
