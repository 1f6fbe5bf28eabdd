"""The page with the figures of the structure says what is so now, within a hundredth: it is written by `structure`."""

import re

import pytest

from tests.docs.structure import PAGE, before, counted, written

PAGE_TEXT = PAGE.read_text(encoding="utf-8")
COUNTED = counted()
MOST_OFF = 0.01
"""Every change moves a figure a little; whoever moves one by more writes the page anew (see the page)."""


def numbers(text):
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\d|\d", text)]


@pytest.mark.parametrize("pattern", [pattern for pattern in COUNTED if "lines per" not in pattern])
def test_the_page_has_the_numbers_of_now(pattern):
    (found,) = re.finditer(pattern, PAGE_TEXT, re.M)
    said = numbers(found[0].removeprefix(found[1]).removesuffix(found[2]))
    now = numbers(COUNTED[pattern])
    most = MOST_OFF * before()[1] if "Without" in pattern else MOST_OFF * max(now)
    assert len(said) == len(now) > 0
    assert [(a, b) for a, b in zip(said, now, strict=True) if abs(a - b) > most] == []


def test_the_page_adds_up():
    lines = numbers(re.search(r"^\| lines of the core .*$", PAGE_TEXT, re.M)[0])
    (grew,) = numbers(re.search(r"core grew by ([\d,]+)", PAGE_TEXT)[1])
    assert (lines[:2], grew) == (before(), lines[2] - lines[1])


def test_the_page_is_written_from_what_is_counted():
    page = written(PAGE_TEXT, COUNTED)
    assert written(page, COUNTED) == page
    with pytest.raises(ValueError, match="0 times"):
        written("", COUNTED)
