import pytest

from migration_assets.itco.dialect import DialectError, sniff_dialect
from schemas.source import OBJECTS


def sniff(data, name="tags", given=None, **options):
    return sniff_dialect(data, OBJECTS[name], given or {}, complete=True, **options)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiter_and_line_end_come_out_with_evidence(delimiter, newline):
    lines = [f"tag{delimiter}description", f'a{delimiter}"x,y;z|{newline}"', f"b{delimiter}1"]
    dialect = sniff(newline.join(lines).encode())
    assert dialect.layout.delimiter == delimiter
    assert dialect.newline == {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}[newline]
    assert dialect.header == ["tag", "description"]
    assert "2 of 2 columns" in dialect.delimiter_evidence
    assert "2 of the first 2 records" in dialect.delimiter_evidence


def test_a_sep_line_decides_and_is_no_header():
    dialect = sniff(b"sep=;\r\ntag;description\r\na;b\r\n")
    assert (dialect.layout.delimiter, dialect.header_line, dialect.body_line) == (";", 2, 3)
    assert b"sep=;\r\ntag;description\r\na;b\r\n"[dialect.body :] == b"a;b\r\n"


def test_blank_lines_before_the_header_are_passed_over():
    dialect = sniff(b"\n,,\ntag,description\na,b\n")
    assert (dialect.header_line, dialect.body_line, dialect.rows_before) == (3, 4, 3)


def test_a_hint_wins():
    assert sniff(b"tag;x,y\na;b,c\n", hint=",").header == ["tag;x", "y"]


def test_the_header_tells_more_than_regular_text():
    body = b"".join(b"%d;a, b;c, d;e;f;g\n" % number for number in range(50))
    dialect = sniff(b"ticket_id;subject;status;customer_id;created_at;x\n" + body, "tickets")
    assert dialect.layout.delimiter == ";"


def test_no_header_is_refused():
    with pytest.raises(DialectError, match="header"):
        sniff(b'ta"g,b\n')
    with pytest.raises(DialectError, match="header"):
        sniff(b"\n\n")


def test_two_delimiters_that_fit_equally_are_refused():
    with pytest.raises(DialectError, match="comma and semicolon"):
        sniff(b"a,b;c\n1,2;3\n")
