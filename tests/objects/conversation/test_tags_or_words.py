"""Tags that somebody wrote about stay as words; where a text is HTML, tags are tags. In a reply and as text alike."""

import html
import re

import pytest

from migration_assets.objects.conversation.shape import elements
from migration_assets.objects.conversation.shape.html import body_html, body_text
from migration_assets.objects.conversation.source_words import _FLAGS, _FORMATS, _NAMES, _OFTEN_LEFT_OPEN, _PAGES
from migration_assets.objects.conversation.words import missing_words

WORDS = [
    'Our head has <meta name="robots" content="noindex"> and more.',
    'Our head has <link rel="stylesheet" href="https://a.example/a.css"> in it\nplease look',
    'It is <iframe src="https://maps.example/e?pb=1" width="600"></iframe>\nthanks',
    'We use <body onload="x()"> and <div id="app"> in index.html\nplease look',
    'We use <div id="app"></div> in index.html\nplease look',
    'Then <input type="text" name="q"> failed',
    "Please replace <code> and <table> and <span>.\nThanks<br>",
    "Always <b>, the <ul> and <ol><br>",
    "Write <b>bold</b> and <u>, <s>, <q> and <cite>\nok",
    "Use <option selected> or <td nowrap> or <select multiple> in it",
    "<p>Use <option selected> or <td nowrap> or <select multiple> in it</p>",
    "Put <!-- widget 4711 --> before <body>\nand <br> after",
    "<p Please, refund 40 EUR. Thanks > Bye</p>",
    "<div><p Please, refund 40 EUR. Thanks > Bye</div>",
    "Put <li nowrap> and <p align> into it\nplease",
    "The command <script>run(); for 40 EUR</script> fails.<br>Bye",
    "<div>Please <script> to order (4711) = 40; thanks </script> a lot</div>",
    "<p>Please <script> with order (4711); thanks </script> a lot</p>",
    '<rss><channel><link>https://x.example/a</link><summary type="text">Short</summary></channel></rss>',
    '<form action="/x">\n<label for="a">Name</label>\n<input name="a">\n</form> fails<br>',
    "<td> and <tr> are not there<br>",
    "<body onload> is what I see, and <ul compact>",
]
SPOKEN_OF = ("<br>", "<b>bold</b>", "<div>", "</div>", "<p>", "</p>")
"""What is markup in the texts above, where it is not in the middle of a list of tags."""


def bare(text):
    """Return the text without what is markup in it, and without blanks."""
    for tag in SPOKEN_OF:
        text = text.replace(tag, "bold" if "bold" in tag else "")
    return "".join(text.split())


@pytest.mark.parametrize("given_body", WORDS)
def test_tags_that_are_written_about_are_words(given_body):
    shown = body_text(given_body)
    assert bare(shown) == bare(given_body)
    assert missing_words(given_body, shown, markup=False) == []
    assert missing_words(given_body, body_html(given_body)) == []


@pytest.mark.parametrize("given_body", WORDS[:12])
def test_the_check_sees_a_tag_in_a_plain_text_that_was_taken_for_markup(given_body):
    lost = body_text(given_body).rsplit("<", 1)[0]
    assert missing_words(given_body, lost, markup=False) != []


@pytest.mark.parametrize(
    ("given_body", "html"),
    [
        # HTML by its structure: what browsers hide is hidden.
        ('<html><head><meta charset="utf-8"><link rel="x" href="y"></head><body>a', "<p>a</p>"),
        ('<!DOCTYPE html><body onload="x()"><font color=red>a', "<p>a</p>"),
        ('<div dir="ltr">a<meta name="x" content="y"><!-- c --><font color=red>b</div>', "<p>ab</p>"),
        ("<table border=0 cellpadding=0><tr><td nowrap>a<td nowrap>b</table>",
         "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>"),
        ('<p data-x="1" hidden>a</p>', "<p>a</p>"),
        # Markup among words: breaks, formats that begin and end, links, images.
        ("a<br clear=all>b<BR/>c", "<p>a<br>b<br>c</p>"),
        ('a <font color="red">b</font> <o:p></o:p>c', "<p>a b c</p>"),
        ('a <a href="https://x.example/">b</a>', '<p>a <a href="https://x.example/">b</a></p>'),
        ('a <a name="top"></a><img src="https://x.example/i.png"> b', '<p>a <img src="https://x.example/i.png"> b</p>'),
        ("<!--StartFragment-->a<br>b<!--EndFragment-->", "<p>a<br>b</p>"),
        ("<!--[if mso]><b>no</b><![endif]-->a<br>b", "<p>a<br>b</p>"),
        ("<style><!-- p { margin: 0 } --></style>a<br>b", "<p>a<br>b</p>"),
        ('<div dir="ltr"></div>', None),
        ("<div><p>a <b>b<p>c", "<p>a <b>b</b></p><p><b>c</b></p>"),
        ("<table border=0><tr><td>a<td>b", "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>"),
    ],
)  # fmt: skip
def test_tags_that_are_meant_are_tags(given_body, html):
    assert body_html(given_body) == html
    assert missing_words(given_body, html) == []


def test_the_second_reading_takes_nothing_for_a_word_that_is_always_markup_to_the_first():
    assert elements.ELEMENTS <= _NAMES
    assert elements.FLAGS <= _FLAGS
    assert elements.TAKEN_FOR_TAGS <= _OFTEN_LEFT_OPEN
    assert elements.PAIRS <= _PAGES | _FORMATS | elements.ALONE


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<p>Rechnung <label Nr=40 EUR offen> bitte</p>", "Rechnung <label Nr=40 EUR offen> bitte"),
        ("<p>Rechnung <label Nr=40> bitte</p>", "Rechnung <label Nr=40> bitte"),
        ("<p>x <p Nr=40 EUR offen> y</p>", "x <p Nr=40 EUR offen> y"),
        ("Hallo <p Nr=40 EUR> y", "Hallo <p Nr=40 EUR> y"),
        ("<div>a <b Betrag=40 EUR>b</b> c <time am=Montag um 5></div>", "a <b Betrag=40 EUR>b c <time am=Montag um 5>"),
        ("<p>x <img Bild=2 oben> <option Betrag=5 Euro></p>", "x <img Bild=2 oben> <option Betrag=5 Euro>"),
    ],
)
def test_attributes_that_are_none_are_words(body, shown):
    assert body_text(body) == shown
    assert html.unescape(re.sub(r"<[^>]*>", "", body_html(body))) == shown
    assert missing_words(body, body_html(body)) == missing_words(body, shown, markup=False) == []


@pytest.mark.parametrize(
    "body",
    [
        '<table><tr><td sdval="1" sdnum="1031;">a b</td></tr></table>',
        "<p>a <span foo=1>b</span></p>",
        "<p>a <font color=red>b</font></p>",
        '<div ng-if="x" onclick="y()" v:ext="edit">a b</div>',
        "<p foo=1>a b</p>",
    ],
)
def test_attributes_of_programs_are_some(body):
    assert body_text(body) == "a b"
    assert missing_words(body, "a b", markup=False) == []
