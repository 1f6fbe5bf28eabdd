import pytest

from migration_assets.accounting.certificate import FATES
from migration_assets.accounting.codes import RowCode
from migration_assets.accounting.outcomes import count_outcomes
from migration_assets.handoff.evidence import gather

CODES = {
    "blocked: waits for its customer, whose row is in quarantine": RowCode.CUSTOMER,
    "blocked: ": RowCode.BLOCKED,
    "beyond the run's limit": RowCode.BEYOND_LIMIT,
    "undone: ": RowCode.UNDONE,
    "not sent before the run ended": RowCode.NOT_SENT,
    "file left out: ": RowCode.FILE_LEFT_OUT,
}
"""How reasons begin that have a code, the longer beginning first; all others have none."""


def count(world, *, limited=False):
    """Count, and check what must hold in every case: each row once, the six numbers add up, codes fit the words."""
    source = count_outcomes(world.connection, limited=limited)
    fates = world.fates()
    assert len(fates) == sum(counts.rows for counts in source.values())
    for name, counts in source.items():
        told = [fate for (object, _), (fate, _) in fates.items() if object == name]
        assert counts.accounted + told.count("unaccounted") == counts.rows == len(told)
        assert {fate: told.count(fate) for fate in FATES} == {fate: getattr(counts, fate) for fate in FATES}
    for reason, code in world.connection.execute("SELECT reason, code FROM verdict.source_rows").fetchall():
        assert code == next((known for begin, known in CODES.items() if (reason or "").startswith(begin)), None)
    return source, fates


def ticket(world, row=1, key="T1", **how):
    """A ticket whose row and first message are in the conversation, and one more message."""
    world.carries("tickets", row, "conversations", key)
    world.carries("messages", 2 * row - 1, "conversations", key)
    world.carries("messages", 2 * row, "parts", f"{key}-m2")
    world.part(f"{key}-m2", key)


def one_ticket(world):
    world.file("tickets", 1)
    world.file("messages", 2)
    ticket(world)


def test_every_object_has_its_numbers_even_without_a_file(world):
    source, fates = count(world)
    assert list(source)[:3] == ["companies", "customers", "agents"]
    assert len(source) == 12
    assert all(counts.rows == 0 for counts in source.values())
    assert fates == {}


def test_counts_work_in_a_warehouse_where_no_step_has_run(warehouse):
    with warehouse.connect() as connection:
        source = count_outcomes(connection, limited=False)
    assert source["tickets"].rows == 0


def test_each_of_the_six_fates(world):
    world.file("customers", 4, part=1)
    world.file("customers", 2, part=2, file="customers-2.csv")
    world.carries("customers", 1, "contacts", "c1")
    world.carries("customers", 2, "contacts", "c1", "merged", "same e-mail address")
    world.add("clean.superseded", {"object": "customers", "row": 3, "key": "c9", "reason": "newer updated_at"})
    world.carries("customers", 4, None, None, "skipped", "spam")
    world.fault("customers", 5, "email_shape", stage="clean")
    world.fault("customers", 5, "key_missing", stage="land")
    world.carries("customers", 6, "contacts", "c6")
    world.plan("contact", "c1")
    world.plan("contact", "c6")
    world.journal("contact", "c1", "create")
    world.journal("contact", "c6", "create", "rejected", code="parameter_invalid")
    source, fates = count(world)
    assert source["customers"].model_dump() == {"rows": 6} | dict.fromkeys(FATES, 1)
    assert fates["customers", 5] == ("quarantined", "email_shape, key_missing")
    assert fates["customers", 6] == ("failed", "rejected by Intercom: parameter_invalid")
    assert fates["customers", 4] == ("skipped", "spam")
    assert fates["customers", 1] == ("loaded", None)


def test_a_row_that_nobody_speaks_for_is_unaccounted(world):
    world.file("tags", 2)
    world.carries("tags", 1, None, None, "skipped", "used by no ticket")
    source, fates = count(world)
    assert source["tags"].accounted == 1
    assert fates["tags", 2] == ("unaccounted", "no step says what became of it")


def test_a_row_with_two_fates_is_unaccounted(world):
    world.file("tags", 1)
    world.carries("tags", 1, None, None, "skipped", "used by no ticket")
    world.fault("tags", 1, "key_missing")
    source, fates = count(world)
    assert source["tags"].accounted == 0
    assert fates["tags", 1] == ("unaccounted", "more than one fate: quarantined, skipped")


def test_a_row_that_is_in_no_file_is_unaccounted(world):
    world.file("tags", 1)
    for row in (1, 2):
        world.carries("tags", row, None, None, "skipped", "used by no ticket")
    count_outcomes(world.connection, limited=False)
    assert world.fates()["tags", 2] == ("unaccounted", "not among the rows counted in the files")


def test_a_disposition_that_is_no_such_is_unaccounted(world):
    world.file("tags", 1)
    world.carries("tags", 1, None, None, "forgotten")
    _, fates = count(world)
    assert fates["tags", 1][0] == "unaccounted"


def test_a_value_fault_holds_no_row_back(world):
    world.file("customers", 1)
    world.fault("customers", 1, "phone_shape", severity="value")
    world.carries("customers", 1, "contacts", "c1")
    world.journal("contact", "c1", "create")
    source, _ = count(world)
    assert source["customers"].loaded == 1


def test_a_ticket_whose_writes_are_all_confirmed_is_loaded(world):
    one_ticket(world)
    world.plan("conversation", "T1", calls=3)
    for object, key, operation in (
        ("conversation", "T1", "create"),
        ("part", "T1-m2", "append"),
        ("conversation", "T1", "settle"),
    ):
        world.write(object, key, operation, parent="T1")
        world.journal(object, key, operation)
    source, _ = count(world)
    assert (source["tickets"].loaded, source["messages"].loaded) == (1, 2)


@pytest.mark.parametrize("state", ["rejected", "ambiguous", "intent"])
def test_a_part_that_was_refused_fails_alone(world, state):
    one_ticket(world)
    world.plan("conversation", "T1")
    world.journal("conversation", "T1", "create")
    world.journal("part", "T1-m2", "append", state)
    source, fates = count(world)
    assert (source["tickets"].loaded, source["messages"].loaded, source["messages"].failed) == (1, 1, 1)
    assert fates["messages", 2][0] == "failed"


def test_a_conversation_that_was_refused_fails_with_its_messages(world):
    one_ticket(world)
    world.plan("conversation", "T1")
    world.write("part", "T1-m2", "append", parent="T1")
    world.journal("conversation", "T1", "create", "rejected", code="not_found")
    source, fates = count(world)
    assert (source["tickets"].failed, source["messages"].failed) == (1, 2)
    assert fates["messages", 2] == ("failed", "its conversation failed")


def test_a_ticket_whose_last_step_was_refused_failed_but_its_messages_are_loaded(world):
    one_ticket(world)
    world.plan("conversation", "T1")
    world.journal("conversation", "T1", "create")
    world.journal("part", "T1-m2", "append")
    world.journal("conversation", "T1", "settle", "rejected", code="state_unknown")
    source, _ = count(world)
    assert (source["tickets"].failed, source["messages"].loaded) == (1, 2)


def test_a_ticket_of_which_an_edit_was_kept_is_loaded_and_says_so(world):
    one_ticket(world)
    world.plan("conversation", "T1", "update")
    world.journal("conversation", "T1", "create")
    world.journal("part", "T1-m2", "append")
    world.journal("conversation", "T1", "update", code="edits", remark={"kept": ["title"]})
    source, fates = count(world)
    assert (source["tickets"].loaded, source["messages"].loaded) == (1, 2)
    assert fates["tickets", 1] == ("loaded", "loaded, but for values in Intercom that were not the migration's")
    assert fates["messages", 2] == ("loaded", None)


@pytest.mark.parametrize(("wanted", "shown"), [(True, 1), (False, 0)])
def test_a_ticket_whose_native_priority_was_refused_is_loaded_and_the_refusal_is_told(world, wanted, shown):
    one_ticket(world)
    world.plan("conversation", "T1", "unchanged")
    world.journal("conversation", "T1", "create")
    world.journal("part", "T1-m2", "append")
    if wanted:  # else the mapping no longer asks for it
        world.write("conversation", "T1", "priority", "failed_before")
    world.journal("conversation", "T1", "priority", "rejected", code="forbidden", message="no")
    source, _ = count(world)
    assert (source["tickets"].loaded, source["messages"].loaded) == (1, 2)
    failures = gather(world.connection, limited=False, notifications_sent=0).failures
    assert [(row["operation"], row["records"]) for row in failures] == [("priority", 1)] * shown


def test_a_tag_that_was_refused_fails_its_ticket(world):
    one_ticket(world)
    world.plan("conversation", "T1")
    world.journal("conversation", "T1", "create")
    world.journal("part", "T1-m2", "append")
    world.write("conversation_tag", "T1|vip", "attach", parent="T1")
    world.journal("conversation_tag", "T1|vip", "attach", "rejected")
    source, _ = count(world)
    assert (source["tickets"].failed, source["messages"].loaded) == (1, 2)


@pytest.mark.parametrize("code", ["agent_not_in_intercom", "team_not_in_intercom"])
def test_a_blocked_conversation_waits_and_is_not_lost(world, code):
    one_ticket(world)
    world.plan("conversation", "T1", "blocked", code)
    world.write("conversation", "T1", "create", "held", reason=code)
    world.write("part", "T1-m2", "append", "held", reason=code, parent="T1")
    source, fates = count(world)
    assert (source["tickets"].skipped, source["messages"].skipped) == (1, 2)
    assert fates["messages", 2][1].startswith("blocked: waits for ")


def test_what_is_held_because_something_else_failed_has_failed(world):
    one_ticket(world)
    world.plan("conversation", "T1", "blocked", "contact_failed")
    world.write("conversation", "T1", "create", "held", reason="contact_failed")
    world.write("part", "T1-m2", "append", "held", reason="contact_failed", parent="T1")
    source, fates = count(world)
    assert (source["tickets"].failed, source["messages"].failed) == (1, 2)
    assert fates["tickets", 1] == ("failed", "held: its contact failed")


def test_a_loaded_ticket_stays_loaded_when_a_new_message_is_blocked(world):
    one_ticket(world)
    world.plan("conversation", "T1", "blocked", "agent_not_in_intercom")
    world.write("conversation", "T1", "create", "done")
    world.write("part", "T1-m2", "append", "held", reason="agent_not_in_intercom", parent="T1")
    world.journal("conversation", "T1", "create")
    source, fates = count(world)
    assert source["tickets"].loaded == 1
    assert fates["messages", 1][0] == "loaded"
    assert fates["messages", 2][0] == "skipped"


def test_what_was_not_sent_before_the_run_ended_failed(world):
    one_ticket(world)
    world.plan("conversation", "T1")
    world.write("conversation", "T1", "create")
    world.write("part", "T1-m2", "append", parent="T1")
    source, fates = count(world)
    assert (source["tickets"].failed, source["messages"].failed) == (1, 2)
    assert fates["tickets", 1] == ("failed", "not sent before the run ended")


def test_a_newer_content_that_was_not_sent_is_not_loaded(world):
    world.file("customers", 1)
    world.carries("customers", 1, "contacts", "c1")
    world.plan("contact", "c1", "update")
    world.write("contact", "c1", "update", fingerprint="new")
    world.journal("contact", "c1", "create", fingerprint="old")
    source, _ = count(world)
    assert source["customers"].failed == 1


def test_an_old_refusal_means_nothing_once_the_plan_finds_the_record_as_it_should_be(world):
    world.file("customers", 1)
    world.carries("customers", 1, "contacts", "c1")
    world.plan("contact", "c1", "unchanged")
    world.write("contact", "c1", "create", "done")
    world.journal("contact", "c1", "create")
    world.journal("contact", "c1", "update", "rejected", fingerprint="other")
    source, _ = count(world)
    assert source["customers"].loaded == 1


def test_an_ambiguous_write_is_never_forgotten(world):
    world.file("customers", 1)
    world.carries("customers", 1, "contacts", "c1")
    world.plan("contact", "c1", "unchanged")
    world.write("contact", "c1", "create", "done")
    world.journal("contact", "c1", "create")
    world.journal("contact", "c1", "update", "ambiguous", fingerprint="other")
    source, fates = count(world)
    assert source["customers"].failed == 1
    assert fates["customers", 1][1].startswith("ambiguous")


def test_what_was_never_planned_failed_unless_the_run_was_limited(world):
    one_ticket(world)
    source, fates = count(world)
    assert fates["tickets", 1] == ("failed", "nothing was planned for it")
    source, fates = count(world, limited=True)
    assert source["messages"].skipped == 2
    assert fates["messages", 2] == ("skipped", "beyond the run's limit")


def test_agents_and_teams_are_loaded_when_they_are_in_intercom(world):
    world.file("agents", 3)
    world.file("teams", 2)
    for row in (1, 2, 3):
        world.carries("agents", row, "admins", f"a{row}")
    for row in (1, 2):
        world.carries("teams", row, "teams", f"t{row}")
    world.add("plan.admin_ids", {"agent_id": "a1", "via": "email"})
    world.add("plan.admin_ids", {"agent_id": "a2", "via": "fallback"})
    world.add("plan.team_ids", {"team_id": "t1"})
    source, fates = count(world)
    assert (source["agents"].loaded, source["agents"].skipped) == (1, 2)
    assert (source["teams"].loaded, source["teams"].skipped) == (1, 1)
    assert fates["agents", 2][1] == "no admin of that e-mail in Intercom: reconciliation queue"
    assert fates["teams", 2][1] == "no team of that name in Intercom: reconciliation queue"


def test_what_was_found_in_intercom_without_a_write_is_loaded(world):
    world.file("tags", 2)
    world.carries("tags", 1, "tags", "vip")
    world.carries("tags", 2, "tags", "beta")
    world.plan("tag", "vip", "unchanged")
    world.plan("tag", "beta", "adopt")
    assert count(world)[0]["tags"].loaded == 2


def test_what_was_taken_back_is_skipped(world):
    world.file("customers", 1)
    world.carries("customers", 1, "contacts", "c1")
    world.journal("contact", "c1", "create", "undone")
    _, fates = count(world)
    assert fates["customers", 1] == ("skipped", "undone: the migration took it back out of Intercom")


MARK = "0123456789abcdef"


def with_file(world, part_key="T1-m2"):
    """A ticket as `one_ticket` makes it, loaded, with a file that the part `part_key` is to carry."""
    one_ticket(world)
    world.file("attachments", 1)
    world.carries("attachments", 1, "attachments", "F1")
    world.plan("conversation", "T1")
    world.journal("conversation", "T1", "create")
    world.add("plan.files", {"attachment_key": "F1", "mark": MARK, "part_key": part_key, "conversation_key": "T1"})


def carried(world, state, *, fingerprint=f"f|{MARK}", key="T1-m2", **more):
    """The journal's row of the part, `confirmed` with the fingerprint or not."""
    world.write("part", key, "append", verdict="done" if state == "confirmed" else "send", fingerprint=fingerprint)
    world.journal("part", key, "append", state, fingerprint=fingerprint, **more)
    if state == "confirmed":
        world.connection.execute(
            "UPDATE plan.journal SET confirmed_fingerprint = fingerprint WHERE object = 'part' AND source_key = ?",
            [key],
        )


def test_a_file_is_loaded_once_the_part_that_was_sent_with_it_stands(world):
    with_file(world)
    carried(world, "confirmed")
    source, fates = count(world)
    assert source["attachments"].loaded == 1
    assert fates["attachments", 1] == ("loaded", None)


def test_a_file_whose_message_stands_without_it_is_not_loaded(world):
    with_file(world)
    carried(world, "confirmed", fingerprint="f")
    source, fates = count(world)
    assert (source["messages"].loaded, source["attachments"].failed) == (2, 1)
    assert fates["attachments", 1] == ("failed", "not sent before the run ended")


def test_a_file_that_intercom_refused_fails_and_its_message_does_not(world):
    with_file(world, "F1:late:01234567")
    carried(world, "confirmed", fingerprint="f")
    carried(world, "rejected", key="F1:late:01234567", code="parameter_invalid")
    source, fates = count(world)
    assert (source["messages"].loaded, source["attachments"].failed, source["tickets"].loaded) == (2, 1, 1)
    assert fates["attachments", 1] == ("failed", "rejected by Intercom: parameter_invalid")


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("ambiguous", "ambiguous: it is not known whether Intercom executed the write"),
        ("rejected", "rejected by Intercom"),
    ],
)
def test_a_file_shares_the_fate_of_the_part_that_carries_it(world, state, reason):
    with_file(world)
    carried(world, state)
    _, fates = count(world)
    assert fates["attachments", 1] == ("failed", reason)


def test_files_of_a_ticket_that_waits_wait_with_it(world):
    one_ticket(world)
    world.file("attachments", 1)
    world.carries("attachments", 1, "attachments", "F1")
    world.add("plan.files", {"attachment_key": "F1", "mark": MARK, "part_key": "T1-m2", "conversation_key": "T1"})
    world.plan("conversation", "T1", "blocked", "agent_not_in_intercom")
    world.write("conversation", "T1", "create", "held", reason="agent_not_in_intercom")
    world.write("part", "T1-m2", "append", "held", parent="T1", reason="agent_not_in_intercom")
    _, fates = count(world)
    assert fates["attachments", 1] == ("skipped", "blocked: waits for an agent who is not in Intercom")


def test_files_beyond_the_limit_are_skipped(world):
    one_ticket(world)
    world.file("attachments", 1)
    world.carries("attachments", 1, "attachments", "F1")
    _, fates = count(world, limited=True)
    assert fates["attachments", 1] == ("skipped", "beyond the run's limit")


def test_what_the_plan_held_back_and_the_load_then_sent_is_held_no_more(world):
    """What was unknown when it was planned, as after a kill, is looked up and sent in the same run."""
    world.plan("conversation", "T1", "blocked", "it is not known whether Intercom executed it")
    world.write("conversation", "T1", "create", "done")
    world.plan("conversation", "T2", "blocked", "agent_not_in_intercom")
    for key in ("m1", "m2"):
        world.write("part", key, "append", "held", parent="T2", reason="agent_not_in_intercom")
    held = gather(world.connection, limited=False, notifications_sent=0).held
    assert [(row["object"], row["records"], row["keys"]) for row in held] == [("conversation", 1, ["T2"])]


def test_a_file_that_cannot_be_used_is_told_from_one_that_is_left_out_on_purpose_by_its_rule(world):
    world.file("attachments", 2)
    world.carries("attachments", 1, None, None, "skipped", "file left out: larger than 20 MB")
    world.carries("attachments", 2, None, None, "skipped", "only its name is carried")
    world.add("target.left_out", {"attachment_id": "attachments-1", "rule": "too_large"})
    world.add("target.left_out", {"attachment_id": "attachments-2", "rule": "name_only"})
    count(world)
    codes = world.connection.execute('SELECT code FROM verdict.source_rows ORDER BY "row"').fetchall()
    assert codes == [("file_left_out",), (None,)]
