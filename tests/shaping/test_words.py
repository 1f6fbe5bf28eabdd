"""Every title and text is compared with its source before the plan; and what stands in for a missing subject."""

import pytest

from migration_assets.accounting import doubts
from migration_assets.objects.conversation.shape import words
from schemas.doubt_codes import DoubtCode
from schemas.doubt_kind import DoubtState
from tests.support.clean_tables import at, customer, mapping, message, ticket

OPENING, LATER = at("2024-05-01T10:00:00"), at("2024-05-01T11:00:00")


def found(shaped):
    return [
        tuple(row.values())
        for row in shaped.rows('SELECT code, object, "column", key, file, line, found FROM doubt.rows')
    ]


def both(shaped, body, **more):
    """Shape a ticket whose opening message and first reply have the same text."""
    return shaped.run(
        customers=[customer("C1")],
        tickets=[ticket("T1", **more)],
        messages=[message("M1", body=body, created_at=OPENING), message("M2", body=body, created_at=LATER)],
    )


@pytest.mark.parametrize(
    "body",
    ["plain & <simple>\ntwo", "<p>a <b>b</b></p><!-- open <p>c</p>", "<table><tr><td>a</td><td>b</td></tr></table>"],
)
def test_every_text_is_compared_and_nothing_is_missing(shaped, body):
    both(shaped, body)
    numbers = shaped.numbers["conversations"]
    assert (numbers["texts_compared"], numbers["texts_with_lost_words"]) == (3, 0)
    assert found(shaped) == []


def test_what_is_missing_is_a_doubt_with_file_line_and_words(shaped):
    both(shaped, "<p>Please refund 40 EUR</p>")
    doubts.clear(shaped.connection, words.STEP)
    shaped.connection.execute("UPDATE target.parts SET body = '<p>Please EUR</p>'")
    shaped.connection.execute("UPDATE target.conversations SET description = '(empty message)', title = 'T'")
    words.compare_words(shaped.connection, shaped.drop)
    assert sorted(found(shaped)) == [
        ("words_lost", "messages", "body", "M1", "messages.csv", 2, "4 missing: Please refund 40 EUR"),
        ("words_lost", "messages", "body", "M2", "messages.csv", 3, "2 missing: refund 40"),
        ("words_lost", "tickets", "subject", "T1", "tickets.csv", 2, "2 missing: Subject T1"),
    ]


def test_some_lost_texts_are_a_reason_and_more_stop_the_run():
    limit = doubts._limit({}, DoubtCode.WORDS_LOST)
    states = [
        doubts.decide([], limit, "messages", "body", DoubtCode.WORDS_LOST, rows=rows, of=10_000) for rows in (1, 10, 11)
    ]
    assert states == [DoubtState.OPEN, DoubtState.OPEN, DoubtState.STOPS]


@pytest.mark.parametrize(
    ("bodies", "title"),
    [
        (["Hello, my invoice is wrong."], "(no subject) Hello, my invoice is wrong."),
        (["<p>Hi &amp; <b>bye</b></p>"], "(no subject) Hi & bye"),
        (["word " * 40], "(no subject) word word word word word word word word word word word word…"),
        ([None, "second"], "(no subject) second"),
        ([], "(no subject)"),
    ],
)
def test_a_ticket_without_subject_is_called_by_its_first_words(shaped, bodies, title):
    times = [OPENING, LATER]
    shaped.run(
        customers=[customer("C1")],
        tickets=[ticket("T1", subject=None), ticket("T2", subject="Known")],
        messages=[message(f"M{n}", body=body, created_at=times[n]) for n, body in enumerate(bodies)],
    )
    rows = shaped.by_key("conversations")
    assert (rows["T1"]["title"], rows["T2"]["title"]) == (title, "Known")
    assert shaped.findings("no_subject") == {"T1"}
    assert shaped.numbers["conversations"]["untitled"] == 1


def test_an_internal_note_is_never_shown_in_a_title(shaped):
    shaped.run(
        mapping(),
        customers=[customer("C1")],
        tickets=[ticket("T1", subject=None)],
        messages=[
            message("M1", body="secret", kind=None, created_at=OPENING),
            message("M2", body="open", created_at=LATER),
        ],
    )
    assert shaped.by_key("conversations")["T1"]["title"] == "(no subject) open"


def test_line_ends_of_html_that_are_shown_as_breaks_are_counted(shaped):
    both(shaped, "<div>Hallo,\n- eins\n- zwei</div>")
    assert shaped.findings("line_ends_kept") == {"M1", "M2"}
    assert shaped.numbers["parts"]["line_ends_kept"] == 2
    assert shaped.by_key("conversations")["T1"]["description"] == "Hallo,\n- eins\n- zwei"
    both(shaped, "<p>Hallo<br>eins\nzwei</p>")
    assert shaped.findings("line_ends_kept") == set()
