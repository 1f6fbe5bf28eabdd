import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migration_assets.objects.conversation.shape.elements import BLOCKS
from migration_assets.objects.conversation.shape.html import body_html, body_text, first_words


@pytest.mark.parametrize(
    ("given_body", "html"),
    [
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("a <b and c> d & e", "<p>a &lt;b and c&gt; d &amp; e</p>"),
        (r"One\nTwo", "<p>One<br>Two</p>"),
        (r"one,\ntwo", "<p>one,<br>two</p>"),
        (r"one\r\ntwo\nthree", "<p>one<br>two<br>three</p>"),
        (r"one\n\ntwo\nthree as FIRMA\nadia", r"<p>one</p><p>two<br>three as FIRMA\nadia</p>"),
        (r"one\ntwo", r"<p>one\ntwo</p>"),
        (r"login FIRMA\nadia", r"<p>login FIRMA\nadia</p>"),
        (r"login CORP\n.meyer or CORP\n4711", r"<p>login CORP\n.meyer or CORP\n4711</p>"),
        (r"the formula \nabla and \newline", r"<p>the formula \nabla and \newline</p>"),
        ("Guten Tag,\x0bmeine Rechnung\x0bstimmt", "<p>Guten Tag,<br>meine Rechnung<br>stimmt</p>"),
        ("one\x0ctwo\x85three", "<p>one<br>two<br>three</p>"),
        ("one\u2028two\u2029\u2029three", "<p>one<br>two</p><p>three</p>"),
        ("<p>one\x0btwo</p>", "<p>one\ntwo</p>"),
        (r"see C:\new\notes", r"<p>see C:\new\notes</p>"),
        ("real\nand \\n", "<p>real<br>and \\n</p>"),
        ("Tom &amp; Jerry", "<p>Tom &amp; Jerry</p>"),
        ("nul\x00 byte", "<p>nul byte</p>"),
        ("<p>Hi <b>you</p>", "<p>Hi <b>you</b></p>"),
        ("Hello <b>x</b><br>bye", "<p>Hello <b>x</b><br>bye</p>"),
        ("<div>a</div><div>b</div>", "<p>a</p><p>b</p>"),
        ("text <ul><li>x</li></ul> more", "<p>text</p><ul><li>x</li></ul><p>more</p>"),
        ("<h4>t</h4>", "<h2>t</h2>"),
        ("<p>From: Jo <jo@x.org></p>", "<p>From: Jo &lt;jo@x.org&gt;</p>"),
        ("<style>p{}</style><p>x<o:p>&nbsp;</o:p></p><!-- c -->", "<p>x&nbsp;</p>"),
        ('<p onclick="x()">y<a href="javascript:x()">z</a></p>', "<p>yz</p>"),
        ('<a href="https://a.b/?x=1&amp;y=2">k</a>', '<p><a href="https://a.b/?x=1&amp;y=2">k</a></p>'),
        ('<p>s<img src="data:image/png;base64,AAAA"></p>', "<p>s[inline image]</p>"),
        ('<p>s<img src="cid:pic1@mail"></p>', "<p>s[inline image: pic1]</p>"),
        ('<p>s<img src="cid:1@m" alt="Shot"></p>', "<p>s[inline image: Shot]</p>"),
        ('<p>s<img src="https://t/p.gif" width="1" height="1"></p>', "<p>s</p>"),
        ('<p>s<img src="https://t/p.gif" style="display:none"></p>', "<p>s</p>"),
        ('<p>s<img src="https://t/p.png" width="100"></p>', '<p>s<img src="https://t/p.png"></p>'),
        ('<a href="data:text/html,x">z</a>', "<p>z</p>"),
        ("<p>&nbsp;</p>", None),
        (" \n ", None),
        (None, None),
    ],
)
def test_a_body_becomes_safe_html_in_blocks(given_body, html):
    assert body_html(given_body) == html


@pytest.mark.parametrize(
    ("given_body", "text"),
    [
        ("<p>Hello<br>there</p><p>bye</p>", "Hello\nthere\n\nbye"),
        ("a < b", "a < b"),
        ("<p>see <a href='https://x.y/z'>this</a></p>", "see this (https://x.y/z)"),
        ("<a href='https://x.y'>https://x.y</a>", "https://x.y"),
        ("<p></p>", None),
    ],
)
def test_a_body_becomes_plain_text(given_body, text):
    assert body_text(given_body) == text


def test_the_beginning_of_a_body_is_single_spaced_text():
    assert first_words("<p> <b>INTERN</b>:&nbsp;x</p>") == "INTERN : x"
    assert first_words(None) == ""


fragments = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<ul><li>", "</li></ul>", "<table><tr><td>", "</table>", "x",
         "<", "<script>", "</script>", "<img src=x onerror=y>", "<img src='cid:q'>", "&lt;", "\n",
         "<a href='javascript:1'>", "</a>", "<pre>", "</pre>", "\\n", '"', "<x@y.z>"]
    )
)  # fmt: skip


@given(fragments)
def test_whatever_comes_in_all_of_it_stands_in_blocks_and_nothing_runs(pieces):
    body = body_html("".join(pieces))
    if body is None:
        return
    assert re.match(rf"<({'|'.join(BLOCKS)})\b", body)
    assert re.search(rf"</({'|'.join(BLOCKS)})>$", body)
    assert not re.search(r"<script|<[^>]*(onerror|javascript:)", body)
    assert body_html(body) is not None
