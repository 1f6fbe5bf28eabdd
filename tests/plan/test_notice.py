"""What teammates may notice of a run, counted from the plan before anything is written."""

import pytest

from migration_assets.objects.conversation.notice import TeammateNotice, teammate_notice
from tests.support import target_tables as tt


@pytest.fixture
def threads(bench):
    """Two conversations with a reply of a contact each, an answer and a note; one is assigned, closed and tagged."""
    bench.admins.append(("3", "a1@agents.example"))
    bench.target(
        contacts=[tt.contact("c1")],
        admins=[tt.admin("a1")],
        tags=[{"source_key": "vip", "name": "VIP"}],
        conversations=[tt.conversation("t1", agent_id="a1", state="closed", tags=["VIP"]), tt.conversation("t2")],
        parts=[
            tt.part("m1", "t1", 1, "c1"),
            tt.part("m2", "t1", 2, "a1", "admin"),
            tt.part("m3", "t2", 1, "c1"),
            tt.part("m4", "t2", 2, None, "admin", kind="note"),
        ],
    )
    return bench


def test_on_the_ticket_route_nothing_can_be_noticed(threads):
    (notice,) = threads.plan().notices
    assert (notice, notice.total) == (TeammateNotice(), 0)
    assert notice.line() is None
    assert teammate_notice("ticket", created=5, contact_replies=6, conversions=7) == TeammateNotice()


def test_on_the_conversation_route_it_is_opening_contact_replies_and_conversions(threads):
    (notice,) = threads.plan(route="conversation").notices
    assert notice == TeammateNotice(conversations_created=2, contact_replies=2, conversions=2)
    assert notice.figures() == {
        "teammate_notifications": 6,
        "teammate_conversations_created": 2,
        "teammate_contact_replies": 2,
        "teammate_closes": 0,
        "teammate_assignments": 0,
        "teammate_conversions": 2,
    }
    assert set(notice.figures()) == set(TeammateNotice().figures()), "the same keys on every run"
    assert threads.rows("SELECT sum(number) FROM plan.teammate_notice") == [(6,)]
    assert notice.line() == (
        "Teammates may be notified by Intercom up to 6 times while this run writes: 2 conversations opened, 2 replies "
        "of contacts and 2 conversions to tickets. The conversation route cannot silence these; the ticket route can. "
        "No call of it is documented to tell a customer, and none promises not to: try it with a ticket of your own "
        "first."
    )


def test_what_is_a_ticket_already_is_silent(threads):
    threads.plan(route="conversation")
    threads.pretend("confirmed")
    assert threads.plan(route="conversation").notices[0].total == 0
    changed = [{**threads.tables["conversations"][0], "title": "New"}, threads.tables["conversations"][1]]
    threads.target(conversations=changed, parts=[*threads.tables["parts"], tt.part("m5", "t1", 3, "c1")])
    plan = threads.plan(route="conversation")
    assert plan.count("append") + plan.count("update") > 0
    assert plan.notices[0].total == 0


def test_what_is_not_known_counts_as_long_as_it_may_be_sent_again(threads):
    threads.plan(route="conversation")
    threads.pretend("confirmed", "operation = 'create'")
    threads.pretend("ambiguous", "source_key = 'm1'")
    (notice,) = threads.plan(route="conversation").notices
    assert notice == TeammateNotice(contact_replies=2, conversions=2)


def test_what_waits_for_a_person_is_not_sent_and_not_counted(threads):
    threads.admins.pop()
    (notice,) = threads.plan(route="conversation").notices
    assert notice == TeammateNotice(conversations_created=1, contact_replies=1, conversions=1)
    assert "1 conversation opened, 1 reply of a contact and 1 conversion to a ticket" in notice.line()


def test_a_limit_limits_the_notice(threads):
    assert threads.plan(route="conversation", limit=1).notices[0].total == 3
