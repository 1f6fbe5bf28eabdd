"""Message bodies on the page of the spot check: what is shown as it is, and what cannot act or load."""

import pytest

from migration_assets.spotcheck.bodies import display

PIXELS = "data:image/png;base64,iVBORw0KGgo="


@pytest.mark.parametrize(
    "acting",
    [
        "<script>steal()</script>",
        "<p onclick='steal()'>x</p>",
        "<a href='javascript:steal()'>x</a>",
        "<a href='data:text/html,<script>steal()</script>'>x</a>",
        "<img src='data:image/svg+xml;base64,c3RlYWwoKQ=='>",
        "<img src=x onerror='steal()'>",
        "<iframe src='https://steal.example'></iframe>",
        "<form action='https://steal.example'><input name=x></form>",
        "<style>body{background:url(https://steal.example)}</style>",
        "<div style='background:url(https://steal.example)'>x</div>",
    ],
)
def test_nothing_acts_or_loads(acting):
    shown = display(f"<p>before</p>{acting}<p>after</p>")
    assert "before" in shown
    assert "after" in shown
    for word in ("steal", "script", "onclick", "onerror", "style=", "svg", "<iframe", "<form", "<input"):
        assert word not in shown.lower(), shown


def test_a_picture_that_lies_elsewhere_is_a_link():
    shown = display('<img src="https://x.example/t.png?a=1&amp;b=2" alt="Chart &lt;1&gt;">')
    assert "<img" not in shown
    assert 'href="https://x.example/t.png?a=1&amp;b=2"' in shown
    assert "Picture not loaded: Chart &lt;1&gt; (x.example)</a>" in shown
    assert 'rel="noopener noreferrer nofollow"' in shown


def test_a_picture_in_the_message_itself_is_shown():
    assert display(f'<img src="{PIXELS}" alt="A">') == f'<img src="{PIXELS}" alt="A" loading="lazy">'


@pytest.mark.parametrize("address", ["", "cid:1", "http://[broken", "/inbox/attachments/1"])
def test_a_picture_without_a_web_address_is_said_to_be_not_loaded(address):
    assert display(f'<img src="{address}" alt="A">') == '<span class="unloaded">Picture not loaded: A</span>'


def test_headings_do_not_mix_with_the_pages_own_and_the_rest_stays():
    assert display("<h1>Big</h1><ul><li><b>one</b></li></ul>") == "<h4>Big</h4><ul><li><b>one</b></li></ul>"
