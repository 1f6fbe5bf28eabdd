"""Each question has its ways, as the embedded workspace has them, and tells them apart by what was read."""

import pytest

from embedded_intercom.protocol.unknowns import UNKNOWNS
from migration_assets.objects.probe.judging import WrittenAndShown
from migration_assets.objects.probe.questions import QUESTIONS, answers
from migration_assets.writing.workspace_answers import OTHER_WAY as OTHER

AT = 1_400_000_001
HTML = '<p>Ä <a href="https://example.com" title="t">b</a></p>'
READ = {
    "same_email": {"refuse": True, "allow": False},
    "lead_external_id": {"refuse": True, "ignore": False},
    "default_role": {"user": "user", "lead": "lead", OTHER: "visitor"},
    "missing_email": {"absent": "absent", "null": "null", OTHER: "empty"},
    "phone": {
        "kept": WrittenAndShown("+1 (5) 0", "+1 (5) 0"),
        "digits": WrittenAndShown("+1 (5) 0", "+150"),
        OTHER: WrittenAndShown("+1 (5) 0", "150"),
    },
    "archived_contact": {"refuse": True, "free": False},
    "blank_space": {
        "kept": [WrittenAndShown(" a  b", " a  b")],
        "trimmed": [WrittenAndShown(" a  b", "a b"), WrittenAndShown("c ", "c")],
        OTHER: [WrittenAndShown(" a  b", "a  b")],
    },
    "find_company": {"company": "company", "list": "list", OTHER: "page"},
    "archived_company": {"restored": "restored", "refused": "refused", "new": "new"},
    "tag_case": {"ignored": True, "matters": False},
    "creation_state_event": {"bot": ["bot"], "none": [], "admin": ["admin"], OTHER: ["bot", "admin"]},
    "creation_assignment_event": {"bot": ["bot"], "none": [], "admin": ["admin"], OTHER: ["team"]},
    "creation_event_time": {
        "created_at": {"created_at": AT, "shown": AT, "now": AT + 9_999, "margin": 600, "at": [AT]},
        "now": {"created_at": AT, "shown": AT, "now": AT + 9_999, "margin": 600, "at": [AT + 9_998]},
        OTHER: {"created_at": AT, "shown": AT, "now": AT + 9_999, "margin": 600, "at": [AT + 5_000]},
    },
    "found_at_once": {"yes": True, "no": False},
    "open_wakes_snoozed": {"yes": True, "no": False},
    "snooze_end_event": {"bot": "bot", "none": "none", OTHER: "admin"},
    "same_value_event": {"part": True, "none": False},
    "state_moves_open": {"yes": True, "no": False},
    "replier_participates": {"yes": True, "no": False},
    "reply_wakes": {"snoozed": [True, False], "nothing": [False, False], "closed_too": [True, True],
                    OTHER: [False, True]},
    "contact_reply_reopens": {"yes": True, "no": False},
    "assigning_opens": {"yes": True, "no": False},
    "change_author": {"named": "named", "token": "token", "bot": "bot", OTHER: "team"},
    "updated_at": {"on_change": False, "moves": True},
    "created_at": {
        "kept": [WrittenAndShown(AT, AT)],
        "minute": [WrittenAndShown(AT, AT - AT % 60)],
        "two_years": [WrittenAndShown(AT, AT + 99_999)],
        OTHER: [WrittenAndShown(AT, AT), WrittenAndShown(AT + 9, AT)],
    },
    "part_order": {"time": True, "arrival": False},
    "html": {
        "kept": WrittenAndShown(HTML, HTML),
        "bare": WrittenAndShown(HTML, '<p>Ä <a href="https://example.com">b</a></p>'),
        "wrapped": WrittenAndShown(HTML, HTML.replace("<p>", '<p class="no-margin">')),
        "entities": WrittenAndShown(HTML, HTML.replace("Ä", "&#196;")),
        OTHER: WrittenAndShown(HTML, HTML.upper().replace("TITLE", "title")),
    },
    "opening_text": {"description": WrittenAndShown("Words", "<p>Words</p>"), "empty": WrittenAndShown("Words", ""),
                     OTHER: WrittenAndShown("Words", "Title")},
    "inbox_title": {
        "whole": WrittenAndShown("A  title of R&D", "A  title of R&D"),
        "trimmed": WrittenAndShown("A  title of R&D", "A title of R&D"),
        "shortened": WrittenAndShown("A  title of R&D", "A  title…"),
        "escaped": WrittenAndShown("A  title of R&D", "A  title of R&amp;D"),
        OTHER: WrittenAndShown("A  title of R&D", None),
    },
    "ticket_list_values": {"id": {"id": "7", "label": "B", "shown": "7"}, "label": {"id": "7", "label": "B",
                           "shown": "B"}, OTHER: {"id": "7", "label": "B", "shown": None}},
    "ticket_dates_shown": {"unix": WrittenAndShown(AT, AT), "iso": WrittenAndShown(AT, "2014-05-13T16:53:21Z"),
                           OTHER: WrittenAndShown(AT, "yesterday")},
    "empty_value": {"null": "null", "absent": "absent", "empty": "empty", OTHER: "0"},
    "filesize": {"bytes": WrittenAndShown(3, 3), "zero": WrittenAndShown(3, 0), "absent": WrittenAndShown(3, None),
                 OTHER: WrittenAndShown(3, 4)},
    "redacted_text": {"words": True, "empty": False},
    "search_finds": {"at_once": 0.0, "later": 3.5},
    "page_sizes": {"small": 15, "large": 20, OTHER: 7},
    "ticket_dates": {"all": False, "strict": True},
    "request_id": {"uuid": "0b1c2d3e-0000-4000-8000-000000000000", "token": "a" * 20, OTHER: "x"},
}  # fmt: skip


def test_every_undocumented_behaviour_is_a_question_with_the_same_ways():
    assert {question.name: question.ways for question in QUESTIONS} == {
        name: unknown.ways for name, unknown in UNKNOWNS.items()
    }


def test_hardly_a_question_is_not_asked_and_each_says_why():
    silent = [question for question in QUESTIONS if question.judge is None]
    assert [question.name for question in silent] == ["open_part_wakes", "reply_to_closed"]
    assert all(bool(question.not_asked) == (question.judge is None) for question in QUESTIONS)


CASES = [(name, way, reading) for name, ways in READ.items() for way, reading in ways.items()]


@pytest.mark.parametrize(("name", "way", "reading"), CASES, ids=[f"{name}-{way}" for name, way, _ in CASES])
def test_a_reading_tells_the_way(name, way, reading):
    assert answers({name: reading})[name]["answer"] == way


def test_every_question_that_is_asked_has_a_case_for_each_way():
    assert {name: set(ways) - {OTHER} for name, ways in READ.items()} == {
        question.name: set(question.ways) for question in QUESTIONS if question.judge is not None
    }


def test_what_was_not_read_has_no_answer():
    found = answers({"html": WrittenAndShown("x" * 300, "y")})
    assert found["phone"] == {"answer": None, "seen": "It could not be seen.", "seconds": None}
    assert found["reply_to_closed"]["answer"] is None and "teammates" in found["reply_to_closed"]["seen"]
    assert len(found["html"]["seen"]) == 200


def test_a_search_that_lags_says_for_how_long():
    assert answers({"search_finds": 3.5})["search_finds"] == {"answer": "later", "seen": "3.5", "seconds": 3.5}
    assert answers({"search_finds": None})["search_finds"]["answer"] == "later"
