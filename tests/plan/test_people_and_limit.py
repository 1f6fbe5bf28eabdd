"""Agents and teams under hold, stop and fallback; the limit; the estimate."""

import pytest

from migration_assets.plan.matching import Matched
from migration_assets.plan.plan_options import PlanStopError
from resources.intercom.estimate import estimate_seconds
from tests.support import target_tables as tt


@pytest.fixture
def people(bench):
    bench.admins += [("3", "A1@agents.example")]
    bench.teams = [("51", "First  line"), ("52", "Twin"), ("53", "twin")]
    bench.target(
        contacts=[tt.contact("c1")],
        admins=[tt.admin("a1"), tt.admin("a2", tickets=2), tt.admin("a3", known=False, email=None)],
        teams=[
            {"source_key": "g1", "name": "first line", "path": "Support / First line", "tickets": 1},
            {"source_key": "g2", "name": "Twin", "path": "Twin", "tickets": 1},
        ],
        conversations=[
            tt.conversation("known", agent_id="a1", team_id="g1"),
            tt.conversation("agent", agent_id="a2"),
            tt.conversation("team", team_id="g2"),
        ],
        parts=[tt.part("m1", "agent", 1, "a2", "admin")],
    )
    return bench


def test_matches_by_email_and_name(people):
    matched = people.plan().matched
    assert matched == [Matched("agent", 1, 2), Matched("team", 1, 1)]
    assert people.rows("SELECT agent_id, admin_id, via FROM plan.admin_ids") == [("a1", "3", "email")]
    assert people.rows("SELECT team_id, intercom_team_id, via FROM plan.team_ids") == [("g1", "51", "name")]
    queue = people.rows("SELECT kind, source_key, tickets, reason FROM plan.reconciliation_queue ORDER BY 2")
    assert queue == [
        ("agent", "a2", 2, "no admin with this e-mail address in Intercom"),
        ("agent", "a3", 1, "the agents file does not name this agent"),
        ("team", "g2", 1, "several teams with this name in Intercom"),
    ]


def test_hold_keeps_only_the_tickets_that_need_them(people):
    people.plan()
    verdicts = people.verdicts("conversation")
    assert verdicts["known", "create"] == ("send", None)
    assert verdicts["agent", "create"] == ("held", "agent_not_in_intercom")
    assert verdicts["team", "create"] == ("held", "team_not_in_intercom")
    assert people.verdicts("part")["m1", "append"] == ("held", "agent_not_in_intercom")


def test_stop_says_how_many_and_names_nobody(people):
    with pytest.raises(PlanStopError, match="2 agents and 1 teams") as raised:
        people.plan(unmatched="stop")
    assert "example" not in str(raised.value)


def test_fallback_sends_under_the_stand_in_with_another_fingerprint(people):
    people.plan()
    before = people.rows("SELECT fingerprint FROM plan.writes WHERE source_key = 'm1'")
    people.plan(unmatched="fallback")
    assert people.rows("SELECT admin_id, via FROM plan.admin_ids WHERE agent_id = 'a2'") == [("2", "fallback")]
    assert people.rows("SELECT fingerprint FROM plan.writes WHERE source_key = 'm1'") != before
    assert {verdict for verdict, _ in people.verdicts("conversation").values()} == {"send"}


def test_an_agent_found_later_updates_the_assignment_and_leaves_the_text(people):
    people.plan(unmatched="fallback")
    people.pretend("confirmed")
    people.admins.append(("9", "a2@agents.example"))
    people.plan(unmatched="fallback")
    assert people.verdicts("conversation")["agent", "update"][0] == "send"
    assert people.verdicts("part")["m1", "append"][0] == "immutable_changed"


@pytest.mark.parametrize(
    ("options", "words"),
    [({"migration_admin": "nobody@example.com"}, "settings.migration_admin"),
     ({"unmatched": "fallback", "fallback_admin": "nobody@example.com"}, "settings.fallback_admin")],
)  # fmt: skip
def test_the_migrations_own_admins_must_exist(people, options, words):
    with pytest.raises(PlanStopError, match=words):
        people.plan(**options)


def test_limit_takes_the_oldest_and_only_what_they_need(bench):
    bench.target(
        contacts=[tt.contact(key) for key in ("c1", "c2", "c3", "c4")],
        companies=[tt.company(key) for key in ("k1", "k2", "k3")],
        contact_companies=[tt.link("c1", "k2"), tt.link("c3", "k3")],
        tags=[{"source_key": "old", "name": "Old"}, {"source_key": "new", "name": "New"}],
        conversations=[
            tt.conversation("young", "c3", created_at=1_700_000_000, tags=["New"]),
            tt.conversation("old", "c1", created_at=1_500_000_000, company_key="k1", tags=["Old"]),
        ],
        parts=[tt.part("m1", "old", 1, "c2"), tt.part("m2", "young", 1, "c4")],
    )
    bench.plan(limit=1)
    found = {}
    for object_name, key in bench.rows("SELECT object, source_key FROM plan.actions ORDER BY 1, 2"):
        found.setdefault(object_name, []).append(key)
    assert found == {
        "company": ["k1", "k2"],
        "contact": ["c1", "c2"],
        "contact_company": ["c1|k2"],
        "conversation": ["old"],
        "tag": ["old"],
        "ticket_type": ["ITCO ticket"],
    }


def test_a_limit_does_not_make_the_rest_gone(bench):
    bench.target(contacts=[tt.contact("c1")], conversations=[tt.conversation("t1"), tt.conversation("t2")])
    bench.plan()
    bench.pretend("confirmed")
    assert bench.plan(limit=1).count("unwanted") == 0


def test_a_tag_without_a_target_row_is_not_lost_in_silence(bench):
    bench.target(contacts=[tt.contact("c1")], conversations=[tt.conversation("t1", tags=["nowhere"])])
    with pytest.raises(PlanStopError, match="1 tags"):
        bench.plan()


def test_a_key_that_is_not_unique_stops_the_plan(bench):
    bench.target(contacts=[tt.contact("c1"), tt.contact("c1")])
    with pytest.raises(PlanStopError, match="not unique"):
        bench.plan()


def test_estimate():
    assert estimate_seconds(1500, 1667, 0.9) == pytest.approx(10.0, rel=0.01)
    assert estimate_seconds(600, 1667, 0.9, calls_per_minute=60) == 600
    assert estimate_seconds(0, 83) == 0
    with pytest.raises(ValueError, match="quota"):
        estimate_seconds(1, 0)


def test_what_needs_a_customer_in_quarantine_waits(bench):
    bench.target(
        contacts=[tt.contact("c1", withheld=True), tt.contact("c2")],
        conversations=[tt.conversation("t1", "c1"), tt.conversation("t2", "c2"), tt.conversation("t3", "c2")],
        parts=[tt.part("m1", "t3", 1, "c1", "contact")],
    )
    bench.plan()
    blocked = bench.rows("SELECT object, source_key, reason FROM plan.actions WHERE action = 'blocked' ORDER BY ALL")
    assert blocked == [
        ("contact", "c1", "customer_quarantined"),
        ("conversation", "t1", "customer_quarantined"),
        ("conversation", "t3", "customer_quarantined"),
    ]
