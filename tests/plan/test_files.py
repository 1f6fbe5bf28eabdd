"""Which part brings a file to Intercom: decided by what the target wants and by what the journal says was sent."""

import pytest

from tests.support import target_tables as tt


@pytest.fixture
def thread(bench):
    """A ticket with an agent's message that has two files, a contact's, and a note that carries the contact's file."""
    bench.target(
        contacts=[tt.contact("c1")],
        admins=[tt.admin("a1")],
        conversations=[tt.conversation("t1")],
        attachments=[tt.attachment("f1"), tt.attachment("f2", position=2), tt.attachment("f3", "m2")],
        file_headings=[tt.heading("m1"), tt.heading("m2")],
        parts=[
            tt.part("m1", "t1", 1, "a1", "admin", attachments=["f1", "f2"]),
            tt.part("m2", "t1", 2),
            tt.part("m2:files", "t1", 3, None, "admin", kind="note", generated=True, files_of="m2", attachments=["f3"]),
        ],
    )
    bench.admins.append(("3", "a1@agents.example"))
    return bench


def mark(thread, key):
    (found,) = [item["mark"] for item in thread.tables["attachments"] if item["source_key"] == key]
    return found


def part_of(thread):
    """Return {file: (the part that brings it, whether it did)}."""
    rows = thread.rows("SELECT attachment_key, part_key, sent FROM plan.files ORDER BY 1")
    return {key: (part, sent) for key, part, sent in rows}


def late(thread, key):
    return f"{key}:late:{mark(thread, key)[:8]}"


def verdicts(thread):
    return {key: verdict for (key, _), (verdict, _) in thread.verdicts("part").items()}


def fingerprints(thread):
    return dict(thread.rows("SELECT source_key, fingerprint FROM plan.writes WHERE object = 'part'"))


def words(thread, key):
    (found,) = [row[0] for row in thread.rows(f"SELECT fingerprint FROM target.parts WHERE source_key = '{key}'")]
    return found


def confirm_contacts(thread):
    thread.plan()
    thread.pretend("confirmed", "object IN ('contact', 'conversation', 'ticket_type')")


def test_a_new_part_brings_its_files_and_its_fingerprint_says_so(thread):
    thread.plan()
    assert part_of(thread) == {"f1": ("m1", False), "f2": ("m1", False), "f3": ("m2:files", False)}
    assert fingerprints(thread) == {
        "m1": f"{words(thread, 'm1')}|{mark(thread, 'f1')}|{mark(thread, 'f2')}",
        "m2": words(thread, "m2"),
        "m2:files": f"{words(thread, 'm2:files')}|{mark(thread, 'f3')}",
    }
    optional = dict(thread.rows("SELECT source_key, optional FROM plan.writes WHERE object = 'part'"))
    assert optional == {"m1": False, "m2": False, "m2:files": True}


def test_what_was_sent_with_its_files_is_done(thread):
    thread.plan()
    thread.pretend("confirmed")
    assert thread.plan().calls == 0
    assert set(verdicts(thread).values()) == {"done"}
    assert {sent for _, sent in part_of(thread).values()} == {True}


def test_a_file_that_comes_later_follows_in_a_note_of_its_own(thread):
    every = thread.tables["attachments"]
    thread.target(attachments=every[:1], parts=[
        {**thread.tables["parts"][0], "attachments": ["f1"]}, thread.tables["parts"][1]])  # fmt: skip
    thread.plan()
    thread.pretend("confirmed")
    thread.target(attachments=every, parts=[
        {**thread.tables["parts"][0], "attachments": ["f1", "f2"]}, thread.tables["parts"][1],
        tt.part("m2:files", "t1", 3, None, "admin", kind="note", generated=True, files_of="m2", attachments=["f3"]),
    ])  # fmt: skip
    thread.plan()
    assert (verdicts(thread)["m1"], fingerprints(thread)["m1"]) == ("done", words(thread, "m1"))
    with thread.warehouse.connect() as connection:
        ((body,),) = connection.execute("SELECT body FROM plan.late_parts").fetchall()
    assert body == "<p>Files from &lt;m1&gt;'s message: f2.txt (ITCO attachment f2).</p>"
    assert part_of(thread) == {"f1": ("m1", True), "f2": (late(thread, "f2"), False), "f3": ("m2:files", False)}
    assert verdicts(thread)[late(thread, "f2")] == "send"
    assert verdicts(thread)["m2:files"] == "send"
    thread.pretend("confirmed", "verdict = 'send'")
    assert thread.plan().calls == 0
    assert part_of(thread)["f2"] == (late(thread, "f2"), True)
    assert "unwanted" not in {action for _, action in thread.plan().records}


def test_a_file_that_was_replaced_is_sent_anew_and_the_old_note_is_left_alone(thread):
    thread.plan()
    thread.pretend("confirmed")
    _, second, third = thread.tables["attachments"]
    thread.target(attachments=[tt.attachment("f1", content="better"), second, third])
    thread.plan()
    assert {key for key, verdict in verdicts(thread).items() if verdict == "send"} == {late(thread, "f1")}
    thread.pretend("confirmed", "verdict = 'send'")
    thread.target(attachments=[tt.attachment("f1", content="better"), second, tt.attachment("f3", "m2", content="new")])
    thread.plan()
    # The note that carried f3 stands there, though it has nothing left to carry.
    assert verdicts(thread)["m2:files"] == "done"
    assert {key for key, verdict in verdicts(thread).items() if verdict == "send"} == {late(thread, "f3")}


def test_a_message_that_was_refused_with_its_files_goes_without_them_and_they_follow(thread):
    confirm_contacts(thread)
    thread.plan()
    thread.pretend("rejected", "source_key = 'm1'", code="parameter_invalid")
    thread.plan()
    assert fingerprints(thread)["m1"] == words(thread, "m1")
    order = thread.rows(
        "SELECT source_key FROM plan.writes WHERE object = 'part' AND verdict = 'send' "
        "ORDER BY seq, optional, source_key"
    )
    assert [key for (key,) in order] == ["m1", late(thread, "f1"), late(thread, "f2"), "m2", "m2:files"]
    # Refused without them too, it is the message: nothing that belongs to it is sent, and it is not tried again.
    thread.pretend("rejected", "source_key = 'm1'", code="parameter_invalid")
    thread.plan()
    assert verdicts(thread) == {
        "m1": "failed_before", late(thread, "f1"): "held", late(thread, "f2"): "held", "m2": "held", "m2:files": "held"
    }  # fmt: skip
    thread.plan()
    assert verdicts(thread)["m1"] == "failed_before"


def test_a_note_of_files_that_was_refused_gives_way_to_one_for_each_and_holds_nothing_back(thread):
    confirm_contacts(thread)
    thread.plan()
    thread.pretend("rejected", "source_key = 'm2:files'", code="parameter_invalid")
    thread.plan()
    assert "m2:files" not in verdicts(thread)
    assert set(verdicts(thread).values()) == {"send"}
    thread.pretend("rejected", f"source_key = '{late(thread, 'f3')}'", code="parameter_invalid")
    thread.plan()
    assert verdicts(thread) == {"m1": "send", "m2": "send", late(thread, "f3"): "failed_before"}
    thread.plan(retry_failed=True, run_id="run-9")
    assert verdicts(thread)[late(thread, "f3")] == "send"


def test_a_contacts_reply_to_what_has_become_a_ticket_leaves_its_files_to_notes(thread):
    first, second, third = thread.tables["attachments"]
    thread.target(
        parts=[thread.tables["parts"][0], tt.part("m2", "t1", 2, attachments=["f3"])],
        attachments=[first, second, third],
    )
    thread.plan(route="conversation")
    assert part_of(thread)["f3"] == ("m2", False)
    thread.pretend("confirmed", "object IN ('contact', 'conversation', 'ticket_type') OR source_key = 'm1'")
    thread.plan(route="conversation")
    assert part_of(thread) == {"f1": ("m1", True), "f2": ("m1", True), "f3": (late(thread, "f3"), False)}
    assert fingerprints(thread)["m2"] == words(thread, "m2")


def test_another_route_does_not_send_a_file_twice(thread):
    thread.plan()
    thread.pretend("confirmed")
    thread.target(parts=[thread.tables["parts"][0], tt.part("m2", "t1", 2, attachments=["f3"])])
    thread.plan(route="conversation")
    assert part_of(thread)["f3"] == ("m2:files", True)
    assert "send" not in {verdict for key, verdict in verdicts(thread).items()}


def test_a_part_of_unknown_outcome_keeps_its_files(thread):
    confirm_contacts(thread)
    thread.plan()
    thread.pretend("ambiguous", "source_key = 'm1'")
    thread.plan()
    assert part_of(thread)["f1"] == ("m1", False)
    assert verdicts(thread)["m1"] == "unresolved"
    assert set(verdicts(thread).values()) == {"unresolved", "held"}


def test_a_journal_from_before_files_were_loaded_sends_no_message_again(thread):
    """Its parts were written with other words, for those named their attachments, and without the files."""
    thread.plan()
    thread.pretend("confirmed", "object <> 'part'")
    thread.pretend("confirmed", "source_key = 'm1'", fingerprint="0" * 64)
    thread.pretend("confirmed", "source_key = 'm2'", fingerprint=words(thread, "m2"))
    thread.plan()
    assert verdicts(thread) == {
        "m1": "immutable_changed", "m2": "done", "m2:files": "send", late(thread, "f1"): "send",
        late(thread, "f2"): "send",
    }  # fmt: skip


def test_beyond_the_limit_no_file_is_planned(thread):
    thread.target(conversations=[tt.conversation("t0", created_at=1), thread.tables["conversations"][0]])
    thread.plan(limit=1)
    assert part_of(thread) == {}
