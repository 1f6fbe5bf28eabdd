"""Encoded text: decoded where it can be nothing else, left as it is and found otherwise."""

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migration_assets.ground.decoding import STILL_ENCODED, decode_columns, decoded_body, decoded_line


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("=?UTF-8?Q?J=C3=BCrgen_M=C3=BCller?=", "Jürgen Müller"),
        ("Re: =?iso-8859-1?q?K=FCndigung?= jetzt", "Re: Kündigung jetzt"),
        ("=?utf-8?B?S8O8bmRpZ3VuZw==?= =?utf-8?Q?_zum_Quartal?=", "Kündigung zum Quartal"),
        # A letter that is cut in two between words.
        ("=?UTF-8?Q?K=C3?= =?UTF-8?Q?=BCndigung?=", "Kündigung"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("M&uuml;ller &amp; S&ouml;hne", "Müller & Söhne"),
        ("M&amp;uuml;ller &#252; &#xFC;", "Müller ü ü"),
        ("K=C3=BCndigung =E2=82=AC 20", "Kündigung € 20"),
        # Not certain, or nothing encoded.
        ("R&D; a&copy=1 AT&T", "R&D; a&copy=1 AT&T"),
        ("&notanentity; &#0;", "&notanentity; &#0;"),
        ("a=b and K=C3=BC", "a=b and K=C3=BC"),
        ("K=FCndigung", "K=FCndigung"),
        ("width=20 cm", "width=20 cm"),
        ("=?x-unknown?Q?a=FC?=", "=?x-unknown?Q?a=FC?="),
        ("=?UTF-8?Q?a=FC?=", "=?UTF-8?Q?a=FC?="),
        ("=?UTF-8?B?****?=", "=?UTF-8?B?****?="),
        ("=?UTF-8?Q?K=C3=BCndi", "=?UTF-8?Q?K=C3=BCndi"),
    ],
)
def test_a_line_is_decoded_where_that_is_certain(text, decoded):
    assert decoded_line(text) == decoded


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ('<p class=3D"x">f=C3=BCr =\nSie</p>', '<p class="x">für Sie</p>'),
        ("f=C3=BCr a=b", "f=C3=BCr a=b"),
        ("I don=27t know=2E=20\nTotal =3D 40, a long li=\nne.", "I don't know. \nTotal = 40, a long line."),
        ("Yes=21 All of it=2C as you sa=\r\nid.", "Yes! All of it, as you said."),
        ("user=\npassword=\nport=20", "user=\npassword=\nport=20"),
        ("https://x.example/?view=3Dmodel&a=2E", "https://x.example/?view=3Dmodel&a=2E"),
        ("From: =?UTF-8?Q?J=C3=BCrgen?= <j@x.example>", "From: Jürgen <j@x.example>"),
        ('<a href="https://x.example/?a=1&amp;b=2">&uuml;</a>', '<a href="https://x.example/?a=1&amp;b=2">&uuml;</a>'),
    ],
)
def test_a_body_keeps_its_entities_for_its_html(text, decoded):
    assert decoded_body(text) == decoded


def test_only_the_columns_of_text_are_read_and_their_cells_counted():
    frame = pl.DataFrame({"id": ["a&amp;b", "x"], "name": ["a&amp;b", None], "body": ["f=C3=BCr", "a&amp;b"]})
    decoded, counts = decode_columns(frame, ["name"], ["body"])
    assert decoded.to_dict(as_series=False) == {
        "id": ["a&amp;b", "x"],
        "name": ["a&b", None],
        "body": ["für", "a&amp;b"],
    }
    assert counts == {"name": 1, "body": 1}


@given(st.text(max_size=40))
def test_any_text_can_be_read(text):
    decoded = decoded_line(text)
    if not re.search(r"[&=]", text):
        assert decoded == text
    assert isinstance(decoded_body(text), str)


@pytest.mark.parametrize("text", ["=?UTF-8?Q?K=C3=BCndi", "=?x-unknown?Q?a=FC?=", "a=b and K=C3=BC"])
def test_what_is_left_is_found(text):
    assert re.search(STILL_ENCODED, decoded_line(text))


@pytest.mark.parametrize(
    "text",
    ["Herr M=FCller", "Sch=F6ne Gr=FC=DFe", "un caf=E9, merci", "I don=27t know", "<p class=3D\"x\">a=b</p>",
     "so =3D 40 a=b", "Ende=2E=20\na=b", f"a=b\n{'x' * 75}=\ny"],
)  # fmt: skip
def test_single_bytes_that_are_left_in_a_message_are_found(text):
    assert re.search(STILL_ENCODED, decoded_body(text))


@pytest.mark.parametrize(
    "text",
    ["https://x.example/?q=FCx&b=E9", "width=20\nheight=40", "Taste=F5 oder F6", "token=A9bcd==", "a=27 b=3D",
     "key=DEADBEEF", "dGVzdA==\nabc", "x=-1; y=+2", "SUM(A1)=C3 und A=B2C"],
)  # fmt: skip
def test_values_and_addresses_in_a_message_are_not(text):
    assert not re.search(STILL_ENCODED, decoded_body(text))
