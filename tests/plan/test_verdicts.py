"""The verdict of every write, case by case."""

import pytest

from tests.support import target_tables as tt


@pytest.fixture
def one(bench):
    bench.target(
        contacts=[tt.contact("c1")],
        companies=[tt.company("k1")],
        contact_companies=[tt.link("c1", "k1")],
        tags=[{"source_key": "vip", "name": "VIP"}],
        attributes=[{"source_key": "ticket.ITCO id", "model": "ticket", "name": "ITCO id", "data_type": "string"}],
        conversations=[tt.conversation("t1", company_key="k1", priority="high", tags=["VIP"])],
        parts=[tt.part("m1", "t1", 1), tt.part("m2", "t1", 2, None, "admin")],
    )
    bench.plan()
    return bench


def test_everything_new_is_sent_in_order(one):
    rows = one.rows(
        "SELECT object, operation, source_key, verdict FROM plan.writes WHERE record_key = 't1' ORDER BY seq"
    )
    assert rows == [
        ("conversation", "create", "t1", "send"),
        ("part", "append", "m1", "send"),
        ("part", "append", "m2", "send"),
        ("conversation_tag", "attach", "t1|vip", "send"),
        ("conversation", "priority", "t1", "send"),
        ("conversation", "settle", "t1", "send"),
    ]
    assert one.action("conversation", "t1") == ("create", None, 6)
    assert one.action("ticket_type", "ITCO ticket") == ("create", None, 1)


def test_a_second_plan_after_a_full_load_sends_nothing(one):
    one.pretend("confirmed")
    plan = one.plan()
    assert plan.calls == 0
    assert {action for _, action in plan.records} == {"unchanged"}


def test_new_part_is_appended_and_the_state_set_again(one):
    one.pretend("confirmed")
    one.target(parts=[*one.tables["parts"], tt.part("m3", "t1", 3)])
    one.plan()
    sends = one.rows("SELECT object, operation FROM plan.writes WHERE verdict = 'send' ORDER BY seq")
    assert sends == [("part", "append"), ("conversation", "settle")]
    # Beside the two writes one look at the ticket, whose state somebody may have changed.
    assert one.action("conversation", "t1") == ("append", None, 3)


def test_a_state_that_a_died_run_did_not_set_again_is_set_by_the_next(one):
    one.pretend("confirmed")
    one.target(parts=[*one.tables["parts"], tt.part("m3", "t1", 3)])
    one.plan()
    one.pretend("confirmed", "source_key = 'm3'")
    one.plan()
    assert one.rows("SELECT operation, changes FROM plan.writes WHERE verdict = 'send'") == [("settle", True)]
    one.pretend("confirmed", "verdict = 'send'")
    assert one.plan().calls == 0


def test_what_was_kept_is_settled_until_it_may_be_overwritten(one):
    one.pretend("confirmed", "object <> 'contact'")
    one.pretend("confirmed", "object = 'contact'", code="edits", remark={"kept": ["name"]})
    assert one.plan().calls == 0
    assert one.plan(overwrite_edited=True).calls == 2
    assert one.action("contact", "c1")[0] == "update"
    one.pretend("confirmed", "verdict = 'send'", code="edits", remark={"overwritten": ["what was kept by them"]})
    assert one.plan(overwrite_edited=True).calls == 0


def test_changed_contact_and_conversation_are_updated(one):
    one.pretend("confirmed")
    one.target(
        contacts=[tt.contact("c1", name="New")],
        companies=[tt.company("k1", name="New")],
        conversations=[
            tt.conversation("t1", company_key="k1", priority="low", tags=["VIP"], title="New", state="closed")
        ],
    )
    one.plan()
    sends = one.rows("SELECT object, operation FROM plan.writes WHERE verdict = 'send' ORDER BY object, seq")
    assert sends == [
        ("company", "upsert"),
        ("contact", "update"),
        ("conversation", "update"),
        ("conversation", "priority"),
        ("conversation", "settle"),
    ]
    one.pretend("confirmed", "verdict = 'send'")
    assert one.plan().calls == 0


def test_a_changed_part_is_reported_and_never_sent(one):
    one.pretend("confirmed")
    one.target(parts=[tt.part("m1", "t1", 1, body="<p>Edited</p>"), tt.part("m2", "t1", 2, None, "admin")])
    assert one.plan().calls == 0
    assert one.verdicts("part")["m1", "append"] == (
        "immutable_changed",
        "the text was changed after it was sent",
    )
    assert one.action("conversation", "t1") == ("unchanged", "1 changed after they were sent", 0)


def test_another_contact_is_reported_and_never_sent(one):
    one.pretend("confirmed")
    one.target(
        contacts=[tt.contact("c1"), tt.contact("c2")],
        conversations=[tt.conversation("t1", "c2", company_key="k1", priority="high", tags=["VIP"])],
    )
    one.plan()
    assert one.verdicts("conversation")["t1", "create"][0] == "immutable_changed"


@pytest.mark.parametrize("state", ["intent", "ambiguous"])
def test_an_unknown_write_keeps_the_rest_of_its_record_back(one, state):
    one.pretend("confirmed", "seq = 0 AND record_object <> 'none'")
    one.pretend(state, "source_key = 'm1'")
    one.plan()
    assert one.verdicts("part") == {
        ("m1", "append"): ("unresolved", "it is not known whether Intercom executed it"),
        ("m2", "append"): ("held", "another_write_unresolved"),
    }
    assert one.verdicts("conversation")["t1", "settle"] == ("held", "another_write_unresolved")
    assert one.action("conversation", "t1")[0] == "blocked"


def test_a_rejected_write_is_not_sent_again_unchanged(one):
    one.pretend("rejected", "object = 'contact'", code="parameter_invalid")
    one.plan()
    assert one.verdicts("contact")["c1", "create"] == ("failed_before", "parameter_invalid")
    assert one.verdicts("conversation")["t1", "create"] == ("held", "contact_failed")
    assert one.verdicts("contact_company")["c1|k1", "attach"] == ("held", "contact_failed")
    assert one.action("contact", "c1") == ("failed", "parameter_invalid", 0)
    assert one.action("conversation", "t1")[:2] == ("blocked", "contact_failed")


def test_a_rejected_write_is_sent_again_when_changed_or_asked_for(one):
    one.pretend("rejected", "object = 'contact'")
    one.plan(retry_failed=True)
    assert one.verdicts("contact")["c1", "create"][0] == "send"
    one.plan(retry_failed=True, run_id="run-1")
    assert one.verdicts("contact")["c1", "create"][0] == "failed_before", "rejected in this very run"
    one.target(contacts=[tt.contact("c1", name="Better")])
    one.plan()
    assert one.verdicts("contact")["c1", "create"][0] == "send"


def test_after_a_rejected_part_the_later_ones_wait(one):
    one.pretend("confirmed", "seq = 0")
    one.pretend("rejected", "source_key = 'm1'", code="bad")
    one.plan()
    assert one.verdicts("part") == {
        ("m1", "append"): ("failed_before", "bad"),
        ("m2", "append"): ("held", "an_earlier_write_failed"),
    }


def test_a_rejected_update_does_not_keep_new_parts_back(one):
    one.pretend("confirmed")
    one.target(conversations=[tt.conversation("t1", company_key="k1", priority="high", tags=["VIP"], title="X")])
    one.plan()
    one.pretend("rejected", "operation = 'update'", code="bad")
    one.target(parts=[*one.tables["parts"], tt.part("m3", "t1", 3)])
    one.plan()
    assert one.verdicts("conversation")["t1", "update"] == ("failed_before", "bad")
    assert one.verdicts("part")["m3", "append"][0] == "send"


def test_undone_is_sent_again(one):
    one.pretend("undone", "object = 'tag'")
    one.plan()
    assert one.verdicts("tag")["vip", "create"][0] == "send"


def test_gone_is_reported_only(one):
    one.pretend("confirmed")
    one.target(conversations=[], parts=[], contacts=[], contact_companies=[], tags=[])
    plan = one.plan()
    assert plan.calls == 0
    assert {key: n for key, n in plan.records.items() if key[1] == "unwanted"} == {
        ("contact", "unwanted"): 1,
        ("contact_company", "unwanted"): 1,
        ("conversation", "unwanted"): 1,
        ("part", "unwanted"): 2,
        ("tag", "unwanted"): 1,
    }


def test_the_conversation_route_has_a_step_of_its_own_for_what_it_cannot_create(one):
    one.plan(route="conversation")
    order = one.rows("SELECT operation FROM plan.writes WHERE record_key = 't1' ORDER BY seq")
    assert [row[0] for row in order] == ["create", "append", "append", "update", "attach", "priority", "settle"]
    one.pretend("confirmed")
    assert one.plan(route="conversation").calls == 0
    one.target(conversations=[tt.conversation("t1", company_key="k1", priority="high", tags=["VIP"], title="New")])
    one.plan(route="conversation")
    sends = one.rows("SELECT operation FROM plan.writes WHERE verdict = 'send' ORDER BY seq")
    assert [row[0] for row in sends] == ["update", "settle"]


def test_native_priority_can_be_switched_off(one):
    one.plan(native_priority=False)
    assert ("t1", "priority") not in one.verdicts("conversation")


def test_what_stands_in_intercom_already_is_adopted(one):
    with one.warehouse.connect() as connection:
        connection.execute("INSERT INTO observed.existing VALUES ('tag', 'vip', '7')")
    one.plan()
    assert one.action("tag", "vip")[0] == "adopt"
