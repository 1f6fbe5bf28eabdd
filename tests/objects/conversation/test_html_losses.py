"""Text that would be lost where HTML is read by the book: it arrives, with its line breaks, in a reply and as text."""

import pytest

from migration_assets.objects.conversation.shape.html import body_html, body_text
from migration_assets.objects.conversation.words import missing_words


@pytest.mark.parametrize(
    ("given_body", "html", "text"),
    [
        # What nobody ended.
        ("<p>a</p><!-- sig <p>b</p>", "<p>a</p><p>&lt;!-- sig</p><p>b</p>", "a\n\n<!-- sig\n\nb"),
        ("<p>a</p><!-- x <p>b</p><!-- y -->", "<p>a</p><p>&lt;!-- x</p><p>b</p>", "a\n\n<!-- x\n\nb"),
        ("<p>a</p><style>p{margin:0}<p>b</p>", "<p>a</p><p>b</p>", "a\n\nb"),
        ("<p>a</p><style>please read<p>b</p>", "<p>a</p><p>&lt;style&gt;please read</p><p>b</p>",
         "a\n\n<style>please read\n\nb"),
        ("<p>a <title> b</p>", "<p>a &lt;title&gt; b</p>", "a <title> b"),
        ("<p>a <script> b</p><p>c</p>", "<p>a &lt;script&gt; b</p><p>c</p>", "a <script> b\n\nc"),
        ('<p><a href="https://x>a</a></p><p class="q">b</p>', '<p><a href="https://x">a</a></p><p>b</p>', None),
        ("<p>a <?php b</p>", "<p>a &lt;?php b</p>", "a <?php b"),
        ("<p>a <![CDATA[b]]> c</p>", "<p>a b c</p>", "a b c"),
        # What hides is hidden still.
        ("<p>a</p><!-- x --><style>p{}</style><script>f('<p>b</p>')</script>", "<p>a</p>", "a"),
        ("<html><head><title>t</title></head><body>a</body></html>", "<p>a</p>", "a"),
        ("<p>a<!--[if mso]><b>no</b><![endif]-->b</p>", "<p>ab</p>", "ab"),
        # Prose between words in angle brackets is no script.
        ("<p>from <script> to the end </script> it is</p>",
         "<p>from &lt;script&gt; to the end &lt;/script&gt; it is</p>", "from <script> to the end </script> it is"),
        # Elements that plain text means by their names.
        ("Put <address> or <label>\nin <summary>", "<p>Put &lt;address&gt; or &lt;label&gt;<br>in &lt;summary&gt;</p>",
         "Put <address> or <label>\nin <summary>"),
        ("Use <div> and <span>, then <title>", "<p>Use &lt;div&gt; and &lt;span&gt;, then &lt;title&gt;</p>",
         "Use <div> and <span>, then <title>"),
        ("your <source> or <details>", "<p>your &lt;source&gt; or &lt;details&gt;</p>", "your <source> or <details>"),
        ("<p>your <address> here</p>", "<p>your &lt;address&gt; here</p>", "your <address> here"),
        ("if a<b then <i and j> c", "<p>if a&lt;b then &lt;i and j&gt; c</p>", "if a<b then <i and j> c"),
        # Line breaks of plain text with a stray tag, and of preserved white space.
        ("a\n\nb\nc<br>\nd", "<p>a<br><br>b<br>c<br>d</p>", "a\n\nb\nc\nd"),
        ("a\nb <b>c</b>\nd", "<p>a<br>b <b>c</b><br>d</p>", "a\nb c\nd"),
        ("a\nb</p>\nc\nd", "<p>a<br>b</p><p>c<br>d</p>", "a\nb\n\nc\nd"),
        ("a<br />\nb<br />\nc", "<p>a<br>b<br>c</p>", "a\nb\nc"),
        ('<div style="white-space: pre-wrap">a\nb\n\nc</div>', "<p>a<br>b<br><br>c</p>", "a\nb\n\nc"),
        ("<p style='white-space:pre-line'>a\nb</p><p>c\nd</p>", "<p>a<br>b</p><p>c\nd</p>", "a\nb\n\nc d"),
        ("<style>.k{white-space:pre}</style><div class='k'>a\nb</div>", "<p>a<br>b</p>", "a\nb"),
        ("<style>.j, .k { white-space: pre-wrap }</style><div class='j'>a\nb</div>", "<p>a<br>b</p>", "a\nb"),
        ("<style>body, td {white-space:pre}</style><table><tr><td>a\nb</td></tr></table>",
         "<table><tbody><tr><td>a<br>b</td></tr></tbody></table>", "a\nb"),
        ("<style>.m p { white-space: pre-line }</style><div class='m'><p>a\nb</p>c\nd</div>",
         "<p>a<br>b</p><p>c\nd</p>", "a\nb\n\nc d"),
        ("<style>/* x */ p.k, div.j:first-child {color:red; white-space:pre}</style><div class='x j'>a\nb</div>",
         "<p>a<br>b</p>", "a\nb"),
        ("<style>#m {white-space:break-spaces}</style><div id='m'>a\nb</div>", "<p>a<br>b</p>", "a\nb"),
        ("<style>.k {white-space:pre} p {color:red}</style><p>a\nb</p>", "<p>a\nb</p>", "a b"),
        ("<div style='white-space:-moz-pre-wrap'>a\nb</div>", "<p>a<br>b</p>", "a\nb"),
        ("<div style='white-space-collapse: preserve'>a\nb</div>", "<p>a<br>b</p>", "a\nb"),
        ("<div style='white-space-collapse: preserve-breaks'>a\nb</div>", "<p>a<br>b</p>", "a\nb"),
        ("<div style='white-space: nowrap'>a\nb</div>", "<p>a\nb</p>", "a b"),
        ("<p>a\nb</p>", "<p>a\nb</p>", "a b"),
        # Where links lead.
        ('<a href="tel:+49 30 1">call</a>', "<p>call (tel:+49 30 1)</p>", "call (tel:+49 30 1)"),
        ('<a href="tel:+49301">+49 30 1</a>', "<p>+49 30 1</p>", "+49 30 1"),
        ('<a href="mailto:a@b.de">mail</a>', '<p><a href="mailto:a@b.de">mail</a></p>', "mail (mailto:a@b.de)"),
        ('<a href="www.a.de/b">here</a>', "<p>here (www.a.de/b)</p>", "here (www.a.de/b)"),
        ('<a href="/help/1">here</a>', "<p>here (/help/1)</p>", "here (/help/1)"),
        ('<a href="#top">up</a><a href="javascript:x()">z</a>', "<p>upz</p>", "upz"),
        # What images are.
        ('a <img src="https://i.de/s.png">', '<p>a <img src="https://i.de/s.png"></p>',
         "a [image: https://i.de/s.png]"),
        ('a <img src="https://i.de/s.png" alt="S">', '<p>a <img src="https://i.de/s.png" alt="S"></p>',
         "a [image: S (https://i.de/s.png)]"),
        ('<img src="/files/s.png">', "<p>[inline image: /files/s.png]</p>", "[inline image: /files/s.png]"),
        # Rows of tables in tables.
        ("<table><tr><td><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table></td></tr></table>",
         None, "a  b\nc  d"),
        ("<table><tr><td>l</td><td><table><tr><td>a</td></tr><tr><td>b</td></tr></table></td></tr></table>",
         None, "l\n\na\nb"),
        ("<table><tr><td><table><tr><td><table><tr><td>a</td></tr><tr><td>b</td></tr></table></td></tr>"
         "</table></td></tr></table>", None, "a\nb"),
        ("<table><tr><td><p>x</p><table><tr><td>a</td></tr><tr><td>b</td></tr></table></td></tr></table>",
         None, "x\n\na\nb"),
        ("<table><tr><td>the grid-table</td><td>b</td></tr></table>", None, "the grid-table  b"),
        # Cells and rules that part words.
        ("<td>a</td><td>b</td>", "<p>a</p><p>b</p>", "a\n\nb"),
        ("<p>a</p>b<hr>c", "<p>a</p><p>b<br>c</p>", "a\n\nb\nc"),
        ("<p>x</p><iframe>a</iframe><select><option>b</option></select>", "<p>x</p><p>a</p><p>b</p>", "x\n\na\n\nb"),
    ],
)  # fmt: skip
def test_nothing_is_lost(given_body, html, text):
    shown = body_html(given_body)
    assert html is None or shown == html
    if text is not None:
        assert body_text(given_body) == text
    assert missing_words(given_body, shown) == []
    assert missing_words(given_body, body_text(given_body), markup=False) == []


@pytest.mark.parametrize("depth", [10, 90, 400, 3000])
@pytest.mark.parametrize("box", ["<table><tr><td>{}</td></tr></table>", "<div>{}</div>", "<blockquote>{}</blockquote>"])
def test_however_deep_words_lie_they_arrive(depth, box):
    begin, end = box.split("{}")
    body = f"<p>above</p>{begin * depth}deep words{end * depth}<p>below</p>"
    assert body_text(body).split() == ["above", "deep", "words", "below"]
    assert missing_words(body, body_html(body)) == []
    assert "deep words" in body_html(body)
