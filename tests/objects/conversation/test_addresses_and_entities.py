"""Where tags lead, as it stands in the source; entities are resolved once, and only where they are some."""

import html

import pytest

from migration_assets.objects.conversation.shape.html import body_html, body_text
from migration_assets.objects.conversation.words import missing_words

QUERY = "id=7&section=2&currency=EUR&copy=1&reg=4&not=5&para=1&times=2"


@pytest.mark.parametrize(
    ("given_body", "address"),
    [
        (f'<p><a href="https://shop.example/o?{QUERY}">order</a></p>', f"https://shop.example/o?{QUERY}"),
        (f"<p><a href=https://shop.example/o?{QUERY}>order</a></p>", f"https://shop.example/o?{QUERY}"),
        (f"order <a href='https://shop.example/o?{QUERY}'>here</a>", f"https://shop.example/o?{QUERY}"),
        (f'<p><a href="myapp://open?{QUERY}">app</a></p>', f"myapp://open?{QUERY}"),
        (f'<p><img src="https://shop.example/i?{QUERY}"></p>', f"https://shop.example/i?{QUERY}"),
        (f'<p><img src="/i?{QUERY}"></p>', f"/i?{QUERY}"),
        (f"<p>See https://shop.example/o?{QUERY} now</p>", f"https://shop.example/o?{QUERY}"),
        (f"See https://shop.example/o?{QUERY}\n&gt; quoted &amp; said", f"https://shop.example/o?{QUERY}"),
        ('<p><a href="https://x.example/?a=1&amp;b=&amp;amp;">x</a></p>', "https://x.example/?a=1&b=&amp;"),
        ('<p><a href="https://x.example/?q=%26&#38;c=&uuml;">x</a></p>', "https://x.example/?q=%26&c=ü"),
        ('<p>x</p><iframe src="https://x.example/map?a=1&copy=2"></iframe>', "https://x.example/map?a=1&copy=2"),
        ('<p>x <video src="https://x.example/v.mp4" controls></video></p>', "https://x.example/v.mp4"),
        ('<p>x <video controls><source src="https://x.example/v.webm"></video></p>', "https://x.example/v.webm"),
        ('<p>x <audio src="https://x.example/a.mp3"></audio></p>', "https://x.example/a.mp3"),
        ('<p>x <embed src="https://x.example/e.swf"></p>', "https://x.example/e.swf"),
        ('<p>x <object data="https://x.example/o.pdf">old</object></p>', "https://x.example/o.pdf"),
        ('<p>x</p><map><area shape=rect href="https://x.example/area" alt="Offer"></map>', "https://x.example/area"),
        ('<p><a href="tel:112">Call 1125</a></p>', "tel:112"),
        ('<p><a href="https://a.example">see a.example.org</a></p>', "https://a.example"),
        ('<p><a title="a<b" href="https://x.example/z">x</a></p>', "https://x.example/z"),
    ],
)
def test_an_address_arrives_as_it_stands(given_body, address):
    shown, text = body_html(given_body), body_text(given_body)
    assert address in html.unescape(shown)
    assert address in text
    assert missing_words(given_body, shown) == []
    assert missing_words(given_body, text, markup=False) == []
    # The second reading sees what a reader of HTML would have made of it.
    worse = html.unescape(address) if html.unescape(address) != address else address[:-1] + "§"
    assert missing_words(given_body, text.replace(address, worse), markup=False) != []


@pytest.mark.parametrize(
    ("given_body", "text"),
    [
        ("<p>write &amp;nbsp; and &amp;lt;br&amp;gt;</p>", "write &nbsp; and &lt;br&gt;"),
        ("<p>the sign &amp;copy; is ours</p>", "the sign &copy; is ours"),
        ("<table><tr><td>&amp;uuml;</td><td>is &uuml;</td></tr></table>", "&uuml;  is ü"),
        ("<p>R&amp;D &lt;b&gt; &amp;amp; 5 &gt; 3</p>", "R&D <b> &amp; 5 > 3"),
        ("<p>&lt;b&gt; M&uumlller</p>", "<b> Müller"),
        ("write &amp;nbsp; here", "write &nbsp; here"),
        ("Caf&eacute; &#8364; 4 R&D; &lt;b&gt;", "Café € 4 R&D; <b>"),
        ("<p>a&nbsp;b</p>", "a b"),
        ("a &#0; b", "a &#0; b"),
    ],
)
def test_entities_are_resolved_once(given_body, text):
    assert body_text(given_body).replace("\u00a0", " ") == text
    assert html.unescape(body_html(given_body)).replace("\u00a0", " ").count("&") == text.count("&")
    assert missing_words(given_body, body_html(given_body)) == []
    assert missing_words(given_body, text, markup=False) == []


@pytest.mark.parametrize(
    ("given_body", "shown", "text"),
    [
        ('<ol start="7"><li>a</li><li>b</li></ol>', "<ul><li>7. a</li><li>8. b</li></ul>", "* 7. a\n  * 8. b"),
        ('<ol start=3><li>a<li value="9">b</ol>', "<ul><li>3. a</li><li>9. b</li></ul>", "* 3. a\n  * 9. b"),
        ('<ol start="1"><li>a</li></ol>', "<ol><li>a</li></ol>", "1. a"),
        ('<p>x <input value="typed"> <input type=submit value="Send"></p>', "<p>x  typed   Send </p>", "x typed Send"),
        ('<p>x <input type="hidden" value="token"></p>', "<p>x </p>", "x"),
        ('<p>x</p><iframe src="https://t.example/p" width="1" height="1"></iframe>', "<p>x</p>", "x"),
        ('<p>x</p><iframe src="about:blank"></iframe>', "<p>x</p>", "x"),
    ],
)
def test_what_else_a_tag_shows(given_body, shown, text):
    assert (body_html(given_body), body_text(given_body)) == (shown, text)
    assert missing_words(given_body, shown) == []
    assert missing_words(given_body, text, markup=False) == []
