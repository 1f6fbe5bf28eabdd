"""Which file is whose, which are loaded, and by which rule the others are left out."""

import hashlib
import os

import pytest

from migration_assets.objects.conversation.shape.delivered_files import calls_of, list_files
from migration_assets.shaping.checks import by_table
from migration_assets.shaping.contracts import broken_rules
from tests.support.clean_tables import AGENT, agent_message, at, customer, mapping, message, ticket


def minute(number):
    return at(f"2024-05-01T10:{number:02}:00")


MESSAGES = [message("M0"), agent_message("M1", created_at=minute(1)), message("M2", created_at=minute(2))]
OTHERS = [message("N0", "T2"), agent_message("N1", "T2", created_at=minute(1))]


def row(key, name="a.pdf", message_id="M1", ticket_id="T1", **values):
    return {"attachment_id": key, "ticket_id": ticket_id, "message_id": message_id, "file_name": name, **values}


def run(shaped, *attachments, messages=(*MESSAGES, *OTHERS), parts_limit=500, skip=(), **settings):
    tickets = [ticket("T1"), ticket("T2")]
    shaped.run(
        mapping(settings=settings, skip=list(skip)), parts_limit, customers=[customer("C1")], agents=[AGENT],
        tickets=tickets, messages=list(messages), attachments=list(attachments),
    )  # fmt: skip
    assert broken_rules(shaped.connection, "attachments") == {}
    (check,) = [check for check in by_table()["parts"] if check.name == "every_file_goes_with_one_part"]
    assert check.answer(shaped.connection).passed
    fates = shaped.rows("SELECT key, disposition FROM target.lineage WHERE object = 'attachments'")
    assert sorted(fate["key"] for fate in fates) == sorted(item["attachment_id"] for item in attachments)
    loaded = shaped.by_key("attachments")
    assert {fate["key"] for fate in fates if fate["disposition"] == "load"} == set(loaded)
    return loaded


def paths(loaded):
    return {key: found["path"].removeprefix("attachments/") for key, found in loaded.items()}


def left_out(shaped):
    return {item["attachment_id"]: item["rule"] for item in shaped.rows("SELECT * FROM target.left_out")}


def test_a_file_is_known_by_where_it_is_and_what_is_in_it(shaped):
    shaped.file("T1/a.pdf", b"some bytes")
    found = run(shaped, row("F1", size_bytes=10, content_type=" Application/PDF "))["F1"]
    assert (found["path"], found["name"], found["size"]) == ("attachments/T1/a.pdf", "a.pdf", 10)
    assert found["sha256"] == hashlib.sha256(b"some bytes").hexdigest()
    assert (found["content_type"], found["message_id"], found["ticket_id"]) == ("application/pdf", "M1", "T1")
    assert found["payload"] == {
        "content_type": "application/pdf", "name": "a.pdf", "sha256": found["sha256"], "size": 10
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("bill: march?.pdf", "bill_ march_.pdf"),
        ("bill: march?.pdf", "bill march.pdf"),
        ("bill: march?.pdf", "bill- march-.pdf"),
        ("Foto.PNG", "foto.png"),
        ("R\u00e9sum\u00e9.pdf", "Re\u0301sume\u0301.pdf"),
        ("offer.pdf ", "offer.pdf"),
        ("invoice 3/2024.pdf", "invoice 3_2024.pdf"),
    ],
)
def test_case_blanks_accents_and_forbidden_characters_do_not_count(shaped, name, file):
    shaped.file(file)
    assert paths(run(shaped, row("F1", name))) == {"F1": file}


def test_the_folder_says_whose_file_it_is(shaped):
    for path in ("T1/a.pdf", "T2/a.pdf", "x/M2/a.pdf", "F4/whatever/a.pdf"):
        shaped.file(path, path.encode())
    loaded = run(shaped, row("F1"), row("F2", ticket_id="T2", message_id="N1"), row("F3", message_id="M2"), row("F4"))
    assert paths(loaded) == {"F1": "T1/a.pdf", "F2": "T2/a.pdf", "F3": "x/M2/a.pdf", "F4": "F4/whatever/a.pdf"}


def test_among_equal_names_the_size_decides(shaped):
    shaped.file("a.pdf", b"1")
    shaped.file("a (1).pdf", b"22")
    shaped.file("deeper/a (2).pdf", b"333")
    loaded = run(shaped, row("F1", size_bytes=3), row("F2", size_bytes=1, message_id="M2"), row("F3", size_bytes=2))
    assert paths(loaded) == {"F1": "deeper/a (2).pdf", "F2": "a.pdf", "F3": "a (1).pdf"}


def test_a_file_that_may_be_two_peoples_is_nobodys(shaped):
    shaped.file("a.pdf", b"22")
    assert run(shaped, row("F1", size_bytes=2), row("F2", size_bytes=2, ticket_id="T2", message_id="N1")) == {}
    assert left_out(shaped) == {"F1": "in_doubt", "F2": "in_doubt"}
    # Once one of them has its own, the other is certain.
    shaped.file("T2/a.pdf", b"xx")
    loaded = run(shaped, row("F1", size_bytes=2), row("F2", size_bytes=2, ticket_id="T2", message_id="N1"))
    assert paths(loaded) == {"F1": "a.pdf", "F2": "T2/a.pdf"}


def test_two_files_for_one_row_are_none(shaped):
    shaped.file("one/a.pdf", b"22")
    shaped.file("two/a.pdf", b"22")
    assert run(shaped, row("F1", size_bytes=2)) == {}
    assert left_out(shaped) == {"F1": "in_doubt"}


def test_a_file_in_another_tickets_folder_is_never_taken(shaped):
    for folder in ("T2", "999998", "ticket-4711", "M2"):
        shaped.file(f"{folder}/a.pdf")
        assert run(shaped, row("F1")) == {}, folder
        assert left_out(shaped) == {"F1": "missing"}, folder
    for folder in ("2024-05-01", "2024", "batch 2"):
        path = shaped.file(f"{folder}/a.pdf")
        assert paths(run(shaped, row("F1"))) == {"F1": f"{folder}/a.pdf"}
        path.unlink()


def test_rules_in_their_order(shaped, tmp_path):
    shaped.file("empty.txt", b"")
    shaped.file("cut.pdf", b"x" * 5)
    shaped.file("gone.pdf", b"")
    shaped.file("exact.bin", b"x" * 1_000_000)
    shaped.file("big.bin", b"x" * 1_000_001)
    elsewhere = tmp_path / "secret.txt"
    elsewhere.write_bytes(b"secret")
    (shaped.drop / "attachments" / "link.txt").symlink_to(elsewhere)
    (shaped.drop / "attachments" / "inner.txt").symlink_to(shaped.file("real/target.bin"))
    names = ["empty.txt", "cut.pdf", "gone.pdf", "exact.bin", "big.bin", "link.txt", "inner.txt", "../../etc/passwd",
             "never.pdf"]  # fmt: skip
    sizes = {"empty.txt": 0, "cut.pdf": 6, "gone.pdf": 9}
    rows = [row(name, name, size_bytes=sizes.get(name)) for name in names]
    loaded = run(shaped, *rows, attachment_limit_mb=1)
    assert set(loaded) == {"exact.bin", "inner.txt"}
    assert left_out(shaped) == {
        "empty.txt": "empty", "cut.pdf": "wrong_size", "gone.pdf": "wrong_size", "big.bin": "too_large",
        "link.txt": "link_outside", "../../etc/passwd": "name_outside", "never.pdf": "missing",
    }  # fmt: skip
    reasons = {name: shaped.fate("attachments", name)["reason"] for name in left_out(shaped)}
    assert reasons["empty.txt"] == "empty"
    assert reasons["big.bin"] == "file left out: larger than 1 MB"
    assert all(reason.startswith("file left out: ") for name, reason in reasons.items() if name != "empty.txt")
    (body,) = [part["body"] for part in shaped.parts("T1") if part["source_key"] == "M1"]
    assert "cut.pdf (not of the size that ITCO states)" in body
    assert "exact.bin" not in body


def test_a_folder_that_is_a_link_out_of_the_extract_is_not_read(shaped, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.pdf").write_bytes(b"x")
    shaped.drop.mkdir()
    (shaped.drop / "attachments").symlink_to(tmp_path / "elsewhere")
    assert run(shaped, row("F1")) == {}
    assert left_out(shaped) == {"F1": "link_outside"}


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser can read every file")
def test_a_file_that_cannot_be_read_is_left_out(shaped):
    shaped.file("a.pdf").chmod(0)
    assert run(shaped, row("F1")) == {}
    assert left_out(shaped) == {"F1": "unreadable"}


def test_skipped_tickets_and_messages_take_their_files_with_them(shaped):
    shaped.file("a.pdf")
    rules = [{"name": "spam", "object": "tickets", "column": "subject", "any_of": ["Subject T2"]},
             {"name": "bots", "object": "messages", "column": "author_name", "any_of": ["bot"]}]  # fmt: skip
    bot = agent_message("M9", author_name="Bot")
    messages = [*MESSAGES, *OTHERS, bot]
    assert run(shaped, row("F1", message_id="M9"), row("F2", ticket_id="T2"), messages=messages, skip=rules) == {}
    assert shaped.fate("attachments", "F1")["reason"] == "message skipped by rule bots"
    assert shaped.fate("attachments", "F2")["reason"] == "ticket skipped by rule spam"
    assert "a.pdf" not in shaped.by_key("conversations")["T1"]["description"]


def test_files_that_no_row_lists_are_counted_and_those_of_systems_are_not(shaped):
    for name in ("extra.txt", "T1/also.txt", ".DS_Store", "__MACOSX/a.pdf", "Thumbs.db", "x/._a.pdf"):
        shaped.file(name)
    run(shaped)
    assert {item["path"] for item in shaped.rows("SELECT path FROM target.files")} == {
        "attachments/extra.txt", "attachments/T1/also.txt"
    }  # fmt: skip
    assert shaped.numbers["attachments"]["files_not_listed"] == 2
    (told,) = shaped.rows("SELECT * FROM target.findings WHERE object = 'attachments'")
    assert (told["code"], told["message"][:7]) == ("file_not_listed", "2 files")


def test_a_drop_without_the_folder_has_no_files(shaped):
    assert run(shaped, row("F1")) == {}
    assert left_out(shaped) == {"F1": "missing"}


def test_names_that_are_not_utf8_are_passed_over(tmp_path):
    folder = os.fsencode(tmp_path / "attachments")
    os.mkdir(folder)  # noqa: PTH102
    with open(folder + b"/caf\xe9.txt", "wb"), open(folder + b"/plain.txt", "wb"):  # noqa: PTH123
        assert [found.name for found in list_files(tmp_path)] == ["plain.txt"]


def test_shown_names_are_safe(shaped):
    given = {"F1": "evil\u202egnp.exe", "F2": "x" * 200 + ".jpeg", "F3": "a\\b.txt"}
    for key, name in given.items():
        shaped.file(f"{key}/{name}".replace("\\", "_"))
    loaded = run(shaped, *[row(key, name) for key, name in given.items()])
    assert {key: found["name"] for key, found in loaded.items()} == {
        "F1": "evilgnp.exe", "F2": "x" * 115 + ".jpeg", "F3": "a_b.txt"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sizes", "calls"),
    [
        ([], []),
        ([1] * 10, [1] * 10),
        ([1] * 21, [1] * 10 + [2] * 10 + [3]),
        ([60, 50, 40, 10], [1, 2, 2, 2]),
        ([200], [1]),
        ([200, 1, 200], [1, 2, 3]),
        ([100, 1], [1, 2]),
        ([0, 100, 0], [1, 1, 1]),
    ],
)
def test_a_call_carries_ten_files_and_no_more_bytes_than_it_may(sizes, calls):
    assert calls_of(sizes, most_bytes=100) == calls


def parts_of(shaped, key="T1"):
    return {part["source_key"]: part for part in shaped.parts(key)}


def test_files_go_with_what_an_admin_writes_and_after_what_a_contact_writes(shaped):
    rows = [row("F1", "admin.txt"), row("F2", "reply.txt", "M2"), row("F3", "opener.txt", "M0"),
            row("F4", "own.txt", None), row("F5", "of_nobody.txt", "M404")]  # fmt: skip
    for item in rows:
        shaped.file(item["file_name"])
    run(shaped, *rows)
    parts = parts_of(shaped)
    assert list(parts) == ["T1:ticket-files", "M0:files", "M1", "M2", "M2:files"]
    assert {key: part["attachments"] for key, part in parts.items()} == {
        "T1:ticket-files": ["F4", "F5"], "M0:files": ["F3"], "M1": ["F1"], "M2": [], "M2:files": ["F2"],
    }  # fmt: skip
    assert parts["M2:files"]["body"] == "<p>Files from Name C1's message of 1 May 2024, 10:02 UTC: reply.txt.</p>"
    assert parts["T1:ticket-files"]["body"] == "<p>Files of the ticket in ITCO: own.txt, of_nobody.txt.</p>"
    for key in ("T1:ticket-files", "M0:files", "M2:files"):
        note = parts[key]
        assert (note["kind"], note["author_kind"], note["author_key"], note["generated"]) == (
            "note",
            "admin",
            None,
            True,
        )
    assert parts["M2:files"]["created_at"] == parts["M2"]["created_at"]
    assert parts["M1"]["body"] == "<p>Body M1</p>"
    assert "opener.txt" not in shaped.by_key("conversations")["T1"]["description"]
    assert shaped.by_key("conversations")["T1"]["part_count"] == 5
    assert shaped.numbers["parts"]["file_notes"] == 3


def test_on_the_conversation_route_a_contacts_files_go_with_the_message(shaped):
    shaped.file("reply.txt")
    shaped.file("opener.txt")
    run(shaped, row("F2", "reply.txt", "M2"), row("F3", "opener.txt", "M0"), route="conversation")
    parts = parts_of(shaped)
    assert {key: part["attachments"] for key, part in parts.items()} == {"M0:files": ["F3"], "M1": [], "M2": ["F2"]}


def test_more_than_ten_files_go_in_further_notes(shaped):
    rows = [row(f"F{n:02}", f"{n}.txt") for n in range(1, 24)]
    for item in rows:
        shaped.file(item["file_name"])
    run(shaped, *rows)
    parts = parts_of(shaped)
    assert [len(part["attachments"]) for part in parts.values()] == [10, 10, 3, 0]
    assert list(parts) == ["M1", "M1:files#2", "M1:files#3", "M2"]
    assert parts["M1:files#3"]["body"] == (
        "<p>Files from Ann's message of 1 May 2024, 10:01 UTC (3 of 3): 21.txt, 22.txt, 23.txt.</p>"
    )


def test_the_notes_count_against_the_most_parts_of_a_ticket(shaped):
    rows = [row(f"F{n:02}", f"{n}.txt") for n in range(1, 24)]
    for item in rows:
        shaped.file(item["file_name"])
    run(shaped, *rows, parts_limit=3)
    counts = {key: found["part_count"] for key, found in shaped.by_key("conversations").items()}
    assert (counts["T1"], counts["T1#2"]) == (3, 2)
    assert list(parts_of(shaped, "T1#2")) == ["M1:files#3", "M2"]


def test_what_a_part_says_does_not_depend_on_which_files_are_there_yet(shaped):
    rows = [row("F1", "one.txt"), row("F2", "two.txt"), row("F3", "three.txt", "M2"), row("F4", "four.txt", "M0")]
    bare = [message("M0", body=None), agent_message("M1", body=None, created_at=minute(1)), MESSAGES[2]]
    for item in rows[:1]:
        shaped.file(item["file_name"])
    run(shaped, *rows, messages=bare)
    before, opening = parts_of(shaped), shaped.by_key("conversations")["T1"]
    assert before["M1"]["body"] == (
        "<p>(attachment only: one.txt)</p><p>Attachments not loaded: two.txt (missing from the export)</p>"
    )
    for item in rows:
        shaped.file(item["file_name"])
    run(shaped, *rows, messages=bare)
    after, now = parts_of(shaped), shaped.by_key("conversations")["T1"]
    assert after["M1"]["body"] == "<p>(attachment only: one.txt, two.txt)</p>"
    assert now["description"] == "(attachment only: four.txt)"
    assert (now["said"], opening["description"] == now["description"]) == (opening["said"], False)
    assert {key: after[key]["fingerprint"] for key in before} == {
        key: part["fingerprint"] for key, part in before.items()
    }
    assert set(after) - set(before) == {"M2:files", "M0:files"}
    assert len({part["fingerprint"] for part in after.values()}) == len(after)


def test_the_mark_is_of_the_attachment_and_its_content_alone(shaped):
    shaped.file("T1/a.pdf", b"one")
    first = run(shaped, row("F1"))["F1"]["mark"]
    assert run(shaped, row("F1", content_type="text/x"))["F1"]["mark"] == first
    shaped.file("T1/a.pdf", b"two")
    assert run(shaped, row("F1"))["F1"]["mark"] != first
    shaped.file("T1/a.pdf", b"one")
    assert run(shaped, row("F2"))["F2"]["mark"] != first
