"""For random HTML as mail programs write it, every word arrives, in order, in a reply and in a description.

So do the lines of plain text, addresses as they stand, and tags that somebody writes about.
"""

import html
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from migration_assets.objects.conversation.shape.html import body_html, body_text
from migration_assets.objects.conversation.words import WordsCompared, compared, missing_words

MARK = "¤"
"""Stands for the number of a word, so that no word is another's beginning."""
SILENT = st.sampled_from(
    ["", "<!-- c -->", "<!--[if mso]><b>office</b><![endif]-->", "<style>p { margin: 0 }</style>", "<o:p></o:p>",
     "<script>f('<p>x</p>')</script>", '<img src="https://t.example/p.gif" width="1" height="1">', "&nbsp;", "\n",
     '<style type="text/css"><!-- .a { color: red } --></style>', "<br>", "<hr/>", '<a name="top"></a>',
     "<![if !supportLists]><![endif]>", "<?xml:namespace prefix = o />", "<meta charset=utf-8>", "<wbr>"]
)  # fmt: skip
INLINE = ["b", "i", "em", "strong", "u", "span", "font", "code", "small", "sub", "del", "label", "cite", "tt", "abbr"]
BOXES = ["p", "div", "blockquote", "center", "h1", "h3", "pre", "section", "address", "td", "li", "article", "form",
         "figure", "dd", "noscript", "button", "fieldset", "legend", "caption", "textarea", "option"]  # fmt: skip
ATTRIBUTES = st.sampled_from(
    ["", ' class="a b"', " style='color: red'", ' title="a > b"', " id=x", ' dir="ltr" lang=de', " data-x='1' hidden"]
)
WORDS = st.lists(
    st.sampled_from(
        [f"w{MARK}w", f"gr{MARK}&uuml;n", f"r{MARK}&amp;d", f"&lt;e{MARK}&gt;", f"x{MARK}@y.example", f"&#8364;{MARK}",
         f"&quot;q{MARK}&quot;", f"日本{MARK}", f"<j{MARK}@z.example>", f"{MARK} < {MARK}", f"a{MARK}&mdash;b",
         f"&gt; q{MARK}",
         f"<placeholder{MARK}>", f"(see: {MARK})", f"{MARK}😀", f"https://h{MARK}.example/?a=1&amp;b=2"]
    ),
    max_size=3,
).map(" ".join)  # fmt: skip


ADDRESSES = st.sampled_from(
    ["https://l.example/?a=1&amp;b=2", "mailto:m@l.example", "tel:+49-30-1", "www.l.example", "#x",
     "https://l.example/?id=7&section=2&copy=1", "/rel?x=1&not=2&reg=3", "app://o?a=&para=1"]
)  # fmt: skip
LINKS = st.tuples(ADDRESSES, WORDS).map(lambda t: f'<a href="{t[0]}">{t[1]}</a>')
IMAGES = st.sampled_from(
    ['<img src="cid:a1@b" alt="Pic">', '<img src="https://i.example/a.png?w=1&times=2">', "<img src='/a.png'/>",
     '<video src="https://v.example/a.mp4?x=1&lang=2"></video>', '<input type="text" value="typed &amp; kept">']
)  # fmt: skip
LEAVES = st.one_of(WORDS, WORDS, LINKS, IMAGES, st.tuples(WORDS, SILENT, WORDS).map("".join))


def wrapped(children):
    """Return strategies for elements around what `children` makes."""
    inner = st.lists(children, max_size=3).map("".join)
    one = st.tuples(st.sampled_from(INLINE + BOXES), ATTRIBUTES, inner, SILENT, st.booleans()).map(
        lambda t: f"<{t[0]}{t[1]}>{t[3]}{t[2]}" + (f"</{t[0]}>" if t[4] or t[0] not in ("p", "li", "div", "b") else "")
    )
    cells = st.lists(st.tuples(ATTRIBUTES, inner), min_size=1, max_size=3).map(
        lambda cells: "<tr>" + "".join(f"<td{a}>{b}</td>" for a, b in cells) + "</tr>"
    )
    table = st.tuples(ATTRIBUTES, st.lists(cells, min_size=1, max_size=2).map("".join)).map(
        lambda t: f"<table{t[0]}><tbody>{t[1]}</tbody></table>"
    )
    listed = st.lists(inner, min_size=1, max_size=3).map(
        lambda items: "<ul><li>" + "</li><li>".join(items) + "</li></ul>"
    )
    quoted = inner.map(
        lambda text: f'<div class="gmail_quote">On Mon, A wrote:<blockquote type="cite">{text}</blockquote></div>'
    )
    return st.one_of(one, table, listed, quoted)


MAIL = st.tuples(st.sampled_from(["", "<html><head><title>T</title></head><body>", "<!DOCTYPE html>\n"]),
                 st.lists(st.recursive(LEAVES, wrapped, max_leaves=8), min_size=1, max_size=4).map("".join),
                 ).map("".join)  # fmt: skip


def numbered(text):
    """Return the text with its words numbered, and what a person sees of them, in order."""
    parts = text.split(MARK)
    body = "".join(f"{part}Q{number}Z" for number, part in enumerate(parts[:-1])) + parts[-1]
    return body, [f"Q{number}Z" for number in range(len(parts) - 1)]


def in_order(words, shown):
    """Return the words that do not follow each other in what is shown."""
    position, lost = 0, []
    for word in words:
        found = shown.find(word, position)
        lost += [word] if found < 0 else []
        position = found + len(word) if found >= 0 else position
    return lost


@settings(max_examples=300, deadline=None)
@given(MAIL)
def test_no_visible_word_is_lost_in_a_reply_or_a_description(mail):
    body, words = numbered(mail)
    shown, text = body_html(body) or "", body_text(body) or ""
    assert in_order(words, html.unescape(re.sub(r"<[^>]*>", " ", shown))) == []
    assert in_order(words, text) == []
    # The second reading agrees: it finds nothing missing, and with any word taken away it finds that one.
    assert compared(body, shown) == compared(body, text, markup=False) == WordsCompared([])
    if words:
        taken = text.replace(words[-1], "")
        assert any(words[-1] in piece for piece in missing_words(body, taken, markup=False))


def addresses(mail):
    """Return where the links, images and films of a text lead, as a reader of HTML understands it."""
    found = re.findall(r"""(?:href|src)=["']([^"']*)""", mail)
    return {address.replace("&amp;", "&") for address in found} - {"cid:a1@b", "https://t.example/p.gif", "#x"}


@settings(max_examples=200, deadline=None)
@given(MAIL)
def test_every_address_arrives_as_it_stands(mail):
    body, _ = numbered(mail)
    shown, text = html.unescape(body_html(body) or ""), body_text(body) or ""
    assert {address for address in addresses(body) if address not in shown or address not in text} == set()


LINE = st.lists(
    st.sampled_from(
        ["yes", "yes", "no", f"w{MARK}w", "R&D", "&copy=1", "https://h.example/?id=7&section=2", "<b>", "<ul>",
         "<table>", "&lt;i&gt;",
         '<meta name="robots" content="noindex">', '<div id="app">', '<iframe src="https://m.example/e"></iframe>',
         "<td nowrap>", "<option selected>", "<label>", "<address>", r"FIRMA\nadia", "a<b", "5 > 3", "<a@b.example>",
         "<!-- put this -->", '<input name="q">', "<script>run(1)</script>", "<p align>", "<body onload='x()'>"]
    ),
    min_size=1,
    max_size=4,
).map(" ".join)  # fmt: skip
PROSE = st.tuples(st.lists(LINE, min_size=1, max_size=5), st.sampled_from(["\n", "<br>", "<br />\n", "\n\n", "\r\n"]))


@settings(max_examples=300, deadline=None)
@given(PROSE)
def test_lines_that_somebody_wrote_arrive_with_their_tags_and_breaks(prose):
    lines, between = prose
    # What stands at the top may be a program's own: here somebody begins to write.
    body, _ = numbered(between.join(["Hi", *lines]))
    wanted = [line.replace("&lt;", "<").replace("&gt;", ">").split() for line in body.split(between)]
    shown, text = body_html(body), body_text(body)
    as_lines = re.sub(r"<br>|</p><p>", "\n", shown.removeprefix("<p>").removesuffix("</p>"))
    for found in (html.unescape(as_lines), text):
        assert [line.split() for line in found.split("\n") if line.strip()] == wanted
    assert compared(body, shown) == compared(body, text, markup=False) == WordsCompared([])
    # Every word counts: without any one of them, or with one twice as rarely, it is found.
    for word in {word for line in wanted for word in line if word.isalnum()}:
        less = re.sub(rf"(?<![\w<]){word}(?![\w>])", "", text, count=1)
        if less != text:
            assert missing_words(body, less, markup=False) == [word]
