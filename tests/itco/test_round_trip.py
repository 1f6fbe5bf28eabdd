"""Whatever the csv module writes comes back the same, in any dialect, encoding and window size."""

import csv
import io

import polars as pl
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from migration_assets.itco.decode import utf8_blocks
from migration_assets.itco.drop import FilePart
from migration_assets.itco.part import open_part
from migration_assets.itco.rows import RowReader
from migration_assets.itco.scan import scan
from migration_assets.itco.second_count import count_rows
from schemas.source import OBJECTS

COLUMNS = ["attachment_id", "ticket_id", "message_id", "file_name"]
TEXT = st.text(
    st.one_of(
        st.sampled_from('""\',;\t|\r\n \ufeff=aé😀'), st.characters(exclude_characters="\0", exclude_categories=["Cs"])
    ),
    max_size=12,
)
ROWS = st.lists(st.lists(TEXT, min_size=4, max_size=4).filter(any), max_size=12)


def read_all(path, chunk, mapping):
    part = open_part(FilePart("attachments", path, 1), mapping)
    reader = RowReader(part.header, OBJECTS["attachments"], {}, part.dialect.layout.delimiter, 0)
    blocks = utf8_blocks(path, part.encoding.name, skip=part.dialect.body)
    batches = scan(blocks, part.dialect.layout, len(part.header), line=part.dialect.body_line, chunk=chunk)
    rows = [reader.read(batch) for batch in batches]
    frame = pl.concat(
        [pl.DataFrame(schema=dict.fromkeys(["c0", "c1", "c2", "c3"], pl.String))]
        + [batch.frame.select("c0", "c1", "c2", "c3") for batch in rows]
    )
    again = count_rows(utf8_blocks(path, part.encoding.name, block=8), cr_ends=part.dialect.layout.cr_ends)
    return (
        frame,
        [held for batch in rows for held in batch.held],
        again - part.dialect.rows_before,
        sum(batch.records + batch.blank for batch in rows),
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=ROWS,
    delimiter=st.sampled_from(",;\t|"),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    quote_all=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
    chunk=st.integers(1, 40),
)
def test_tables_come_back_as_they_were_written(
    tmp_path, make_mapping, rows, delimiter, newline, quote_all, encoding, chunk
):
    if not quote_all:
        # The csv module leaves a line end of another kind than its own without quotes: then it cannot be told apart.
        assume(newline != "\r" or not any("\n" in cell for row in rows for cell in row))
        assume(newline != "\n" or not any(row[-1].endswith("\r") for row in rows))
    out = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=quoting)
    writer.writerows([COLUMNS, *rows])
    path = tmp_path / "attachments.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    frame, held, again, counted = read_all(path, chunk, make_mapping())
    assert held == []
    assert frame.rows() == [tuple(cell or None for cell in row) for row in rows]
    assert again == counted == len(rows)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text('",\n\rab\0é', max_size=60).map(str.encode), chunk=st.integers(1, 30), junk=st.binary(max_size=3))
def test_any_bytes_are_landed_or_held_back_and_none_twice(tmp_path, make_mapping, body, chunk, junk):
    path = tmp_path / "attachments.csv"
    good = b"1,2,b,2024-01-01\n" * 3
    path.write_bytes(",".join(COLUMNS).encode() + b"\n" + good + body + junk)
    mapping = make_mapping(files={"attachments.csv": {"encoding": "utf-8", "delimiter": ","}})
    frame, held, again, counted = read_all(path, chunk, mapping)
    assert frame.head(3).rows() == [("1", "2", "b", "2024-01-01")] * 3
    assert [item.row for item in held] == sorted({item.row for item in held})
    text = b"".join(item.raw for item in held)
    kept = "".join(cell or "" for row in frame.rows()[3:] for cell in row).encode()
    for letter in b"ab\0":
        assert (body + junk).count(letter) == text.count(letter) + kept.count(letter)
    if not any(item.rule in (2, 3) for item in held):
        assert again == counted
