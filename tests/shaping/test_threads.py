import json

from tests.support.clean_tables import AGENT, agent_message, at, customer, epoch, mapping, message, ticket

START = epoch("2024-05-01T10:00:00")


def one_ticket(shaped, messages, *, marks=(), parts_limit=500, attachments=(), settings=None, **values):
    return shaped.run(
        mapping(private_marks=list(marks), settings=settings or {}), parts_limit,
        customers=[customer("C1"), customer("C2")], agents=[AGENT],
        tickets=[ticket("T1", **values)], messages=messages, attachments=list(attachments),
    )  # fmt: skip


def minute(number):
    return at(f"2024-05-01T10:{number:02}:00")


def test_the_customers_opening_message_is_the_description_and_no_part(shaped):
    body = "<p>Hello<br>there</p><script>x</script>"
    one_ticket(shaped, [message("M1", body=body, created_at=minute(0)),
                        agent_message("M2", created_at=minute(5))])  # fmt: skip
    conversation = shaped.by_key("conversations")["T1"]
    assert conversation["description"] == "Hello\nthere"
    assert [part["source_key"] for part in shaped.parts("T1")] == ["M2"]
    assert shaped.fate("messages", "M1")["target_object"] == "conversations"
    assert shaped.fate("messages", "M1")["target_key"] == "T1"
    assert shaped.fate("messages", "M2")["target_object"] == "parts"


def test_a_thread_that_opens_otherwise_says_how_in_words_and_keeps_every_message(shaped):
    cases = {
        "agent": agent_message("M1"),
        "another customer": message("M1", author_id="C2"),
        "note": message("M1", kind="note"),
        "too late": message("M1", created_at=at("2024-05-01T10:01:01")),
        "unknown kind": message("M1", kind=None),
    }
    for name, first in cases.items():
        one_ticket(shaped, [first], channel="email")
        assert shaped.by_key("conversations")["T1"]["description"] == "Opened in ITCO by Name C1 via email.", name
        assert [part["source_key"] for part in shaped.parts("T1")] == ["M1"], name


def test_parts_are_ordered_by_time_and_then_by_file_order(shaped):
    one_ticket(shaped, [agent_message("M1", created_at=minute(9)), agent_message("M2", created_at=minute(3)),
                        agent_message("M3", created_at=minute(3)), message("M0")])  # fmt: skip
    assert [(p["source_key"], p["seq"]) for p in shaped.parts("T1")] == [("M2", 1), ("M3", 2), ("M1", 3)]


def test_a_message_whose_visibility_is_not_certain_is_a_note_by_an_admin(shaped):
    one_ticket(shaped, [
        message("M0"),
        message("M1", kind=None),
        message("M2", kind="forward"),
        message("M3", author_type=None, author_id=None),
        agent_message("M4", body="<p><b> INTERN:</b> do not tell</p>"),
        agent_message("M5", author_type="system", author_id=None, author_name="Autoresponder"),
        agent_message("M6"),
        message("M7"),
    ], marks=["Intern"])  # fmt: skip
    parts = {part["source_key"]: part for part in shaped.parts("T1")}
    assert {key: part["kind"] for key, part in parts.items()} == {
        "M1": "note", "M2": "note", "M3": "note", "M4": "note", "M5": "note", "M6": "comment", "M7": "comment"
    }  # fmt: skip
    assert all(part["author_kind"] == "admin" for part in parts.values() if part["kind"] == "note")
    assert "by Name C1 (customer):" in parts["M1"]["body"]
    assert "by the ITCO system (Autoresponder):" in parts["M5"]["body"]
    assert (parts["M4"]["author_key"], parts["M5"]["author_key"]) == ("A1", None)
    assert (parts["M7"]["author_kind"], parts["M7"]["author_key"]) == ("contact", "C1")


def test_events_become_notes_in_words_by_who_did_them(shaped):
    one_ticket(shaped, [
        message("M0"),
        agent_message("M1", kind="assignment", body="to Bob"),
        agent_message("M2", kind="assignment", body=None),
        agent_message("M3", kind="status_change", body="", author_type="system", author_id=None),
    ])  # fmt: skip
    bodies = {part["source_key"]: part["body"] for part in shaped.parts("T1")}
    assert bodies["M1"] == "<p>Assignment in ITCO:</p><p>to Bob</p>"
    assert bodies["M2"] == "<p>Assignment in ITCO:</p><p>(assignment without text)</p>"
    assert bodies["M3"] == "<p>Status change in ITCO by the ITCO system:</p><p>(status change without text)</p>"


def test_agents_are_found_by_id_then_by_email_and_kept_when_unknown(shaped):
    one_ticket(shaped, [
        message("M0"),
        agent_message("M1", author_id=None, author_email="ann@example.com"),
        agent_message("M2", author_id="A99", author_email="ann@example.com"),
        agent_message("M3", author_id="A77", author_name="Gone", author_email="gone@example.com"),
        agent_message("M4", author_id=None, author_email="only@example.com"),
        agent_message("M5", author_id=None, author_name="Name Only"),
    ])  # fmt: skip
    parts = {part["source_key"]: part for part in shaped.parts("T1")}
    assert [parts[f"M{n}"]["author_key"] for n in range(1, 6)] == [
        "A1",
        "A1",
        "A77",
        "itco-email:only@example.com",
        None,
    ]
    assert parts["M5"]["kind"] == "comment"
    assert parts["M5"]["body"].startswith("<p>Message in ITCO by Name Only:</p>")
    admins = shaped.by_key("admins")
    assert {key: row["known"] for key, row in admins.items()} == {
        "A1": True, "A77": False, "itco-email:only@example.com": False
    }  # fmt: skip
    assert (admins["A77"]["name"], admins["A77"]["email"]) == ("Gone", "gone@example.com")
    assert admins["itco-email:only@example.com"]["email"] == "only@example.com"
    needs = shaped.by_key("conversations")["T1"]["needs_agents"]
    assert needs == ["A1", "A77", "itco-email:only@example.com"]


def test_empty_bodies_say_what_they_were_and_name_only_names_what_stays_behind(shaped):
    file = {"attachment_id": "F1", "ticket_id": "T1", "message_id": "M1", "file_name": "a<b>.png", "size_bytes": 2048}
    loose = {**file, "attachment_id": "F2", "message_id": None, "file_name": "loose.pdf"}
    messages = [message("M0"), agent_message("M1", body=" <p>&nbsp;</p> "), agent_message("M2", body=None)]
    shaped.file("a_b_.png", b"x" * 2048)
    one_ticket(shaped, messages, attachments=[file, loose], settings={"attachments": "name_only"})
    first, second = shaped.parts("T1")
    assert first["body"] == "<p>(attachment only)</p><p>Attachments in ITCO: a&lt;b&gt;.png (2.0 KiB)</p>"
    assert first["attachments"] == []
    assert second["body"] == "<p>(empty message)</p>"
    description = shaped.by_key("conversations")["T1"]["description"]
    assert description == "Body M0\n\nAttachments of the ticket in ITCO: loose.pdf (2.0 KiB)"
    for key in ("F1", "F2"):
        assert shaped.fate("attachments", key)["reason"] == "named in its message; settings.attachments is name_only"


def test_copied_addresses_stay_readable_and_the_opener_says_what_did_not_come_with_it(shaped):
    one_ticket(shaped, [message("M0", cc=["x@y.org", "z@y.org"]), agent_message("M1", cc=["x@y.org"])], attachments=[
        {"attachment_id": "F1", "ticket_id": "T1", "message_id": "M0", "file_name": "a.png"}])  # fmt: skip
    conversation = shaped.by_key("conversations")["T1"]
    assert conversation["said"] == "Body M0\n\nCC: x@y.org, z@y.org"
    line = "Attachments not loaded: a.png (missing from the export)"
    assert conversation["description"] == f"{conversation['said']}\n\n{line}"
    assert shaped.parts("T1")[0]["body"] == "<p>Body M1</p><p>CC: x@y.org</p>"


def test_parts_that_could_not_be_told_apart_are_moved_by_a_second_each(shaped):
    same = {"body": "ok", "created_at": minute(1)}
    one_ticket(shaped, [message("M0"), agent_message("M1", **same), agent_message("M2", **same),
                        agent_message("M3", **same | {"body": "other"}),
                        agent_message("M4", **same | {"created_at": at("2024-05-01T10:01:01")}),
                        message("M5", **same), agent_message("M6", body="ok", created_at=minute(2))])  # fmt: skip
    parts = shaped.parts("T1")
    assert [(p["source_key"], p["created_at"] - START) for p in parts] == [
        ("M1", 60), ("M2", 61), ("M3", 61), ("M5", 61), ("M4", 62), ("M6", 120)
    ]  # fmt: skip
    assert [p["original_created_at"] - START for p in parts] == [60, 60, 60, 60, 61, 120]
    assert shaped.findings("time_moved") == {"M2", "M3", "M5", "M4"}
    assert shaped.numbers["parts"]["times_moved"] == 4


def test_five_hundred_parts_fit_and_one_more_continues_in_a_linked_ticket(shaped):
    start = START + 60
    messages = [message("M0")] + [
        agent_message(f"M{n}", created_at=at("2024-05-01T10:01:00") + (minute(1) - minute(0)) * n)
        for n in range(1, 502)
    ]
    one_ticket(shaped, messages[:501], status="pending")
    assert shaped.by_key("conversations")["T1"]["part_count"] == 500

    one_ticket(shaped, messages, status="pending")
    conversations = shaped.by_key("conversations")
    first, second = conversations["T1"], conversations["T1#2"]
    assert (first["part_count"], second["part_count"]) == (500, 2)
    assert (first["state"], first["ticket_state"], first["snoozed_until"]) == ("closed", "Resolved", None)
    assert (second["state"], second["ticket_state"]) == ("snoozed", "Waiting on customer")
    assert second["snoozed_until"] is not None
    assert second["created_at"] == start + 500 * 60
    assert second["title"] == "Subject T1 (continued, 2 of 2)"
    assert "ITCO id T1 " in second["description"]
    assert (second["attributes"]["ITCO id"], second["attributes"]["ITCO number"]) == ("T1#2", "NT1")
    last = shaped.parts("T1")[-1]
    assert (last["source_key"], last["generated"], last["kind"]) == ("T1:continues", True, "note")
    assert "T1#2" in last["body"]
    assert shaped.fate("messages", "M501")["disposition"] == "load"


def test_a_thread_continues_as_often_as_needed_and_loses_nothing(shaped):
    one_ticket(
        shaped, [message("M0")] + [agent_message(f"M{n}", created_at=minute(n)) for n in range(1, 12)], parts_limit=4
    )
    rows = shaped.rows("SELECT * FROM target.parts ORDER BY conversation_key, seq")
    assert [r["source_key"] for r in rows if not r["generated"]] == [f"M{n}" for n in range(1, 12)]
    assert [r["source_key"] for r in rows if r["generated"]] == ["T1:continues", "T1#2:continues", "T1#3:continues"]
    assert {key: row["part_count"] for key, row in shaped.by_key("conversations").items()} == {
        "T1": 4, "T1#2": 4, "T1#3": 4, "T1#4": 2
    }  # fmt: skip


def test_a_merged_ticket_is_loaded_with_a_last_note_that_names_the_survivor(shaped):
    shaped.run(
        customers=[customer("C1")], agents=[AGENT],
        tickets=[ticket("T1", merged_into_ticket_id="T2", closed_at=minute(1)), ticket("T2", subject="Main")],
        messages=[message("M0"), agent_message("M1", created_at=minute(5))],
    )  # fmt: skip
    note = shaped.parts("T1")[-1]
    assert note["source_key"] == "T1:merged"
    assert note["body"] == "<p>Merged in ITCO into ticket NT2 (ITCO id T2), &quot;Main&quot;.</p>"
    assert (note["author_kind"], note["author_key"], note["kind"]) == ("admin", None, "note")
    assert note["created_at"] == START + 300
    assert shaped.fate("tickets", "T1")["disposition"] == "load"


def test_a_parts_payload_is_what_would_be_written(shaped):
    one_ticket(shaped, [message("M0"), agent_message("M1", created_at=minute(5))])
    (part,) = shaped.parts("T1")
    assert json.loads(part["payload"]) == {
        "author": "A1", "author_kind": "admin", "body": "<p>Body M1</p>", "created_at": START + 300, "kind": "comment"
    }  # fmt: skip
