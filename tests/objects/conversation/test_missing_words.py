"""The second reading by itself: what it finds, and what is no loss."""

import pytest

from migration_assets.objects.conversation.shape.html import body_html, body_text
from migration_assets.objects.conversation.words import missing_words


@pytest.mark.parametrize(
    ("source", "shown", "lost"),
    [
        # Each word as often as the source has it, and whole.
        ("Yes. No. Yes.", "Yes. No.", ["Yes."]),
        ("<p>Yes.</p><p>No.</p><p>Yes.</p>", "<p>Yes.</p><p>No.</p>", ["Yes."]),
        ("a a a b", "a b a", ["a"]),
        ("Bitte nicht 40 EUR, nur 4.", "Bitte 40 EUR, nur 4. nichts", ["nicht"]),
        ("<p>Do not refund. I am sorry.</p>", "<p>Do refund. I am notable.</p>", ["not", "sorry."]),
        ("pay 40 now", "pay 400 now", ["40"]),
        ("the end is near", "the end is nearer", ["near"]),
        ("end is near", "bend is near", ["end"]),
        # What has been moved, or parted by a tag, is there.
        ("<p>two one</p>", "<p>one two</p>", []),
        ("<p>H<sub>2</sub>O</p>", "<p>H₂O</p>", []),
        ("<p>im<sub>por</sub>tant</p>", "<p>important</p>", []),
        ("<b>im</b>portant<i>!</i>", "<p><b>im</b>portant!</p>", []),
        ("<td>a</td><td>b</td>", "<p>a</p><p>b</p>", []),
        ("<p>a<img src='cid:x'>b</p>", "<p>a[inline image: x]b</p>", []),
        # A letter of a name is no line break.
        (r"login FIRMA\nadia", "login FIRMA\nadia", [r"FIRMA\nadia"]),
        (r"the formula \nabla", "the formula \nabla", [r"\nabla"]),
        (r"login FIRMA\nadia", r"login FIRMA\nadia", []),
        (r"One\nTwo", "One\nTwo", []),
        (r"<p>one\ntwo <b>X</b>\nthree</p>", r"<p>one\ntwo <b>X</b>\nthree</p>", []),
    ],
)
def test_every_word_is_looked_for(source, shown, lost):
    assert missing_words(source, shown, markup="<p>" in shown) == lost


@pytest.mark.parametrize(
    "body",
    [
        "<p>a</p><!-- x --!><p>b</p>",
        "<p>a</p><!---> <p>b</p><!----><p>c</p>",
        '<p>a</p><svg viewBox="0 0 1 1"><rect x="1"/><text x="1">words</text></svg><p>b</p>',
        "<p>a</p><svg><style>.a{fill:red}</style><desc>Picture</desc><path d='M0 0'/></svg><p>b</p>",
        "<p>a</p><math><mi>x</mi><mo>=</mo><mn>4</mn></math><p>b</p>",
        '<html><frameset><frame src="https://x.example/a"><noframes>words</noframes></frameset></html>',
        '<p><a title="a<b" href="https://x.example/">x</a> <img alt="5 < 6" src="https://x.example/i.png"></p>',
        '<p><img src="/i.png" alt="Picture"> <img src="/i.png" title="Name"></p>',
        "<p>M&uumlller &copy 2024</p>",
        "fish &amp; chips &copyright AT&T &lt3",
        '<p>a</p><!--[if mso]><a href="https://mso.example/">b</a><![endif]--><p>c</p>',
        "<p>" + 'x <b a="1" c="2" ' * 40,
    ],
)
def test_nothing_is_found_where_nothing_is_lost(body):
    assert missing_words(body, body_html(body)) == []
    assert missing_words(body, body_text(body), markup=False) == []


@pytest.mark.parametrize(
    "body",
    [
        "<p>Es gilt <math><mi>x</mi> < 5 EUR, bitte erstatten, y > 3</math> danke</p>",
        "<div><svg><text>a < 40 EUR back > c</text></svg></div>",
        "<p><math><mi>n</mi> <2 or> 3</math></p>",
    ],
)
def test_what_is_compared_within_a_drawing_is_no_tag(body):
    assert missing_words(body, body_html(body)) == []
    assert any(word in body_text(body) for word in ("erstatten", "back", "or"))


@pytest.mark.parametrize("size", [300, 60_000])
def test_one_word_that_is_lost_in_a_long_text_is_one_word(size):
    words = [f"{'ab' * (number % 3)}{number % 977}" for number in range(size)]
    words[10] = words[-10] = "not"
    less = " ".join(words[:10] + words[11:])
    assert missing_words(" ".join(words), less, markup=False) == ["not"]
