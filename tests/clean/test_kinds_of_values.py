"""Every spelling of numbers, words, addresses and phones: the value, or the rule it breaks."""

import polars as pl
import pytest

from migration_assets.clean.addresses import read_email_lists, read_emails, read_phones
from migration_assets.clean.list_cells import read_lists, split
from migration_assets.clean.numbers import read_integers, read_numbers
from migration_assets.clean.tidy import tidy
from migration_assets.clean.words import boolean_words, read_booleans, read_domains


def one(parsed):
    value = parsed.values[0]
    return (value.to_list() if isinstance(value, pl.Series) else value), parsed.rules[0]


def text(value):
    return pl.Series([value], dtype=pl.String)


@pytest.mark.parametrize(
    ("cell", "mark", "integer", "number"),
    [
        ("12", None, 12, 12.0),
        ("-3", None, -3, -3.0),
        ("+7", None, 7, 7.0),
        ("1.234", None, 1234, None),
        ("1,234", None, 1234, None),
        ("1 234", None, 1234, 1234.0),
        ("1'234'567", None, 1234567, 1234567.0),
        ("1.234.567", None, 1234567, 1234567.0),
        ("1.234", ".", None, 1.234),
        ("1.234", ",", 1234, 1234.0),
        ("1,234", ",", None, 1.234),
        ("1,234", "mixed", None, None),
        ("5.0", None, 5, 5.0),
        ("5,5", None, None, 5.5),
        ("0.125", None, None, 0.125),
        ("1.234,56", None, None, 1234.56),
        ("1,234.56", None, None, 1234.56),
        ("1234567890123456", None, None, None),
        ("1E3", None, 1000, 1000.0),
        ("1E20", None, None, 1e20),
    ],
)
def test_numbers(cell, mark, integer, number):
    expected = [(value, None if value is not None else "bad_number") for value in (integer, number)]
    assert [one(read_integers(text(cell), text(mark))), one(read_numbers(text(cell), text(mark)))] == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("true TRUE Yes ja OUI si sí sim 1 x wahr vrai y", (True, None)),
        ("false No nein NON não 0 falsch faux n", (False, None)),
        ("maybe 2 yess", (None, "bad_boolean")),
    ],
)
def test_booleans(words, expected):
    for word in words.split():
        assert one(read_booleans(text(word), boolean_words({}))) == expected, word


def test_booleans_by_the_mapping():
    words = boolean_words({"true": ["Switched  On"], "false": ["x"]})
    assert one(read_booleans(text("switched on"), words)) == (True, None)
    assert one(read_booleans(text("X"), words)) == (False, None)


def test_lists():
    assert one(read_lists(text("a; b ;;a|c"), commas=False)) == (["a", "b", "c"], None)
    assert one(read_lists(text("a, b"), commas=False)) == (["a, b"], None)
    assert split(text("a, b"), commas=True).to_list() == [["a", "b"]]
    assert split(text("a, b; c"), commas=True).to_list() == [["a, b", "c"]]
    assert one(read_lists(text(" ; "), commas=False)) == (None, None)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("https://www.Acme.com/about?x=1", ("acme.com", None)),
        ("ACME.co.uk.", ("acme.co.uk", None)),
        ("bücher.example", ("bücher.example", None)),
        ("xn--bcher-kva.example", ("xn--bcher-kva.example", None)),
        ("acme.com:8080", ("acme.com", None)),
        ("none", (None, "bad_domain")),
        ("info@acme.com", (None, "bad_domain")),
        ("acme com.de", (None, "bad_domain")),
        (None, (None, None)),
    ],
)
def test_domains(cell, expected):
    assert one(read_domains(text(cell))) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Anna.Weber@Example.COM", ("anna.weber@example.com", None)),
        ("Anna Weber <anna@example.com>", ("anna@example.com", None)),
        ('"Weber, Anna" <anna@example.com>', ("anna@example.com", None)),
        ("Weber, Anna <anna@example.com>", ("anna@example.com", None)),
        ("mailto:anna@example.com", ("anna@example.com", None)),
        ("anna+tag@example.com", ("anna+tag@example.com", None)),
        ("a@example.com; b@example.com", ("a@example.com", "several_emails")),
        ("a@example.com b@example.com", ("a@example.com", "several_emails")),
        ("a@example.com, broken@", ("a@example.com", "several_emails")),
        ("a@example.com; A@EXAMPLE.com", ("a@example.com", None)),
        ("a..b@example.com", (None, "bad_email")),
        ("a@b", (None, "bad_email")),
        ("nobody", (None, "bad_email")),
        (None, (None, None)),
    ],
)
def test_emails(cell, expected):
    assert one(read_emails(text(cell))) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("A <a@example.com>; B@example.com; a@example.com", (["a@example.com", "b@example.com"], None)),
        ("a@example.com, b@example.com", (["a@example.com", "b@example.com"], None)),
        ('"Weber, Anna" <a@example.com>; b@example.com', (["a@example.com", "b@example.com"], None)),
        ("a@example.com; nobody", (["a@example.com"], "bad_email")),
        ("nobody", (None, "bad_email")),
        (None, (None, None)),
    ],
)
def test_email_lists(cell, expected):
    assert one(read_email_lists(text(cell))) == expected


@pytest.mark.parametrize(
    ("cell", "region", "expected"),
    [
        ("+49 30 23125-123", "", ("+493023125123", None)),
        ("0049 30 23125 123", "DE", ("+493023125123", None)),
        ("(030) 23125/123", "DE", ("+493023125123", None)),
        ("030 23125123", "", (None, "bad_phone")),
        ("+1 415 555 0132 ext. 5", "", ("+14155550132", "phone_extension")),
        ("+493023125123 / +493023125124", "", ("+493023125123", "several_phones")),
        ("123", "DE", (None, "bad_phone")),
        (None, "DE", (None, None)),
    ],
)
def test_phones(cell, region, expected):
    assert one(read_phones(text(cell), region)) == expected


@pytest.mark.parametrize(
    ("kind", "cell", "expected"),
    [
        ("id", '="001234"', "001234"),
        ("id", "'001234", "001234"),
        ("id", "\u00a0 T\u200b1\ufeff ", "T1"),
        ("id", "'abc", "'abc"),
        ("id", " \u200b ", None),
        ("text", "\ufeffe\u0301te\u0301 \u200b", "\u00e9t\u00e9"),
        ("text", "'=SUM(A1)", "=SUM(A1)"),
        ("text", "'90s music", "'90s music"),
        ("text", "\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
        ("text", "NULL", "NULL"),
        ("html", "  <p>a\u00a0b</p>\n", "  <p>a\u00a0b</p>\n"),
        ("html", " \n ", None),
        ("html", "'=1+1", "=1+1"),
        ("phone", "'+49 30", "+49 30"),
    ],
)
def test_tidy(kind, cell, expected):
    assert pl.DataFrame({"c": text(cell)}).select(tidy("c", kind)).item() == expected
