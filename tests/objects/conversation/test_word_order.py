"""Words that are there in another order, and lines of a plain text that run together, are found."""

import time

import pytest

from migration_assets.objects.conversation.shape.html import body_html, body_text
from migration_assets.objects.conversation.words import WordsCompared, compared


@pytest.mark.parametrize(
    ("source", "shown", "moved"),
    [
        ("<p>Bitte nicht zahlen, sondern warten</p>", "<p>Bitte zahlen, nicht sondern warten</p>", ["zahlen,"]),
        ("<table><tr><td>A 1</td><td>B 2</td></tr></table>", "<p>A B</p><p>1 2</p>", ["B"]),
        ("<p>two one</p>", "<p>one two</p>", ["one"]),
        ("one\ntwo\nthree", "<p>three<br>one<br>two</p>", ["three"]),
    ],
)
def test_words_in_another_order_are_named(source, shown, moved):
    found = compared(source, shown)
    assert (found.lost, found.moved) == ([], moved)
    assert compared(source, shown, ordered=False) == WordsCompared([])


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<p>one two</p>", "<p>Message in ITCO:</p><p>one</p><p>two</p><p>CC: a</p>"),
        ('<p><a href="https://x.example/">one</a> two</p>', '<p><a href="https://x.example/">one</a> two</p>'),
        ("<b>im</b>portant<i>!</i> now", "<p><b>im</b>portant! now</p>"),
        ("the the cat", "<p>the cat the the cat</p>"),
    ],
)
def test_words_between_and_around_are_no_other_order(source, shown):
    assert compared(source, shown) == WordsCompared([])


@pytest.mark.parametrize(
    ("source", "shown", "joined"),
    [
        ("Hallo\n- eins\n- zwei", "<p>Hallo - eins<br>- zwei</p>", ["Hallo"]),
        ("a\nb\nc", "<p>a b c</p>", ["a", "b"]),
        ("Summe 4\n0 EUR Rabatt", "<p>Von: X</p><p>Summe 4 0 EUR Rabatt</p>", ["Summe 4"]),
        ("x < y\r\nund mehr", "<p>x &lt; y und mehr</p>", ["x < y"]),
    ],
)
def test_lines_of_a_plain_text_that_run_together_are_named(source, shown, joined):
    assert compared(source, shown).joined == joined
    assert compared(source, body_html(source)) == compared(source, body_text(source), markup=False) == WordsCompared([])


def test_line_ends_of_html_are_blanks():
    assert compared("<p>one\ntwo</p><p>three</p>", "<p>one two</p><p>three</p>") == WordsCompared([])


def test_a_long_text_in_another_order_costs_little():
    words = [f"{number}" for number in range(19_000)]
    began = time.process_time()
    assert compared(" ".join(words), " ".join(words[::-1]), markup=False).moved
    assert time.process_time() - began < 10
