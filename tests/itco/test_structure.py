import numpy as np
import pytest

from migration_assets.itco.structure import Layout, split


def records(data, *, final=True, cr_ends=False):
    window = np.frombuffer(data, dtype=np.uint8)
    found = split(window, Layout(",", cr_ends), final=final)
    return [data[a:b] for a, b in zip(found.start, found.end, strict=True)], found


def test_quotes_newlines_and_blank_lines():
    rows, found = records(b'a,"b\nc""d",e\r\n\r\n,,\r\nx\ry,z')
    assert rows == [b'a,"b\nc""d",e', b"", b",,", b"x\ry,z"]
    assert found.fields.tolist() == [3, 1, 3, 2]
    assert found.content.tolist() == [7, 0, 0, 4]
    assert found.lines.tolist()[:3] == [2, 3, 4]
    assert found.blank.tolist() == [False, True, True, False]
    assert found.lone_cr == 1


@pytest.mark.parametrize(
    ("data", "stray"),
    [
        (b'a,"b" ,c\n', 4),
        (b'a,b"c\n', 3),
        (b'a, "b",c\n', 3),
        (b'x\na,"b"\rz\ny', 6),
        (b'x\na,"b"\r\rz', 6),
        (b'a,"b\n"c\n', 5),
        (b'a,"b""c"\n', None),
        (b'"",""""\n', None),
        (b'a,"b"\r\r\ny\n', None),
        (b'a,"b"\r', None),
        (b'"\xc3\xa9"', None),
    ],
)
def test_misplaced_quotes_are_found_where_they_stand(data, stray):
    assert records(data)[1].stray == stray


def test_a_window_ends_before_a_record_that_is_not_whole():
    rows, found = records(b'a,b\n"c\nd', final=False)
    assert rows == [b"a,b"]
    assert found.consumed == 4
    assert found.unterminated


def test_old_mac_files_end_records_with_a_carriage_return():
    rows, _ = records(b'a,"b"\r\nc\rd\r', cr_ends=True)
    assert rows == [b'a,"b"', b"c", b"d"]
    rows, _ = records(b"a\rb\r", cr_ends=True, final=False)
    assert rows == [b"a"]  # a line feed may follow
