"""Masking: what is an address and what is not, and that it takes time in proportion to the text, whatever is in it."""

import time

import pytest

from resources.intercom.words import LONGEST, anonymous
from resources.redaction import MASK, mask, mask_addresses


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mail a.b@c.de now", "mail [e-mail address] now"),
        ("x%40y.com", "[e-mail address]"),
        ("<a@b.co>", "<[e-mail address]>"),
        ("q=a%40b.co&x", "q=[e-mail address]"),
        ("a%40b%40c.de", "[e-mail address]"),
        ("to x@y@z.com", "to x@[e-mail address]"),
        ("no@dot here", "no@dot here"),
        ("@alone.example", "@alone.example"),
    ],
)
def test_what_looks_like_an_address_is_masked(text, shown):
    assert mask_addresses(text) == shown


@pytest.mark.parametrize("piece", ["Z", "%40", "a@", "a.", "@.", "a%40b.", "+1 ", "bearer ", "dG9r-", "a@b.", "=a%40"])
def test_masking_takes_time_in_proportion_to_the_text(piece):
    text = piece * 200_000
    began = time.process_time()
    mask_addresses(mask(text))
    assert time.process_time() - began < 20, "a second at most; with the square of the length it is hours"


def test_a_sentence_without_end_is_cut_and_no_secret_is_cut_with_it():
    token = "secret-" * 10
    for before in range(LONGEST - 80, LONGEST + 1):
        said = anonymous("x " * (before // 2) + token + "y" * 100_000, None, token)
        assert len(said) <= LONGEST
        assert "secret" not in said.replace(MASK, "")
        assert said.endswith("…")
