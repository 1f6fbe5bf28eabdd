"""Files that people open in spreadsheets: no cell is computed, whatever a customer or Intercom put into it."""

import ast
import csv
import io
import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migration_assets.clean.tidy import tidy
from resources.safe_csv import write_safe_csv
from tests.test_imports import TREES, package_of, place

MARKS = "=+-@＝＋－＠"
CALL = "=cmd|' /C calc'!A0"
BEGINNINGS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1", "－1", "＠x", "\tx", CALL]
MARKED = (*MARKS, "\t", "\r", "\n")
INSIDE = [
    f"a;{CALL};b",
    f'a;"{CALL};b',
    f'a;""{CALL};b',
    f"a\n{CALL}",
    f"a\r\n{CALL};",
    f"a\t{CALL}\tb",
    f"a;\t {CALL}",
    'a";=1;"b',
]


def written(tmp_path, *frames, given_back=False):
    path = tmp_path / "list.csv"
    write_safe_csv(path, iter(frames), given_back=given_back)
    return path.read_bytes().decode("utf-8-sig")


def read(text):
    """Return the rows as our own reader has them."""
    return list(csv.reader(io.StringIO(text, newline="")))


def as_shown(text, delimiter):
    """Return every cell as a spreadsheet with this delimiter has it: quotes count at the beginning of a cell only."""
    cells, cell, quoted, place = [], "", False, 0
    while place < len(text):
        letter = text[place]
        if quoted:
            if letter == '"' and text[place + 1 : place + 2] == '"':
                cell, place = cell + '"', place + 1
            elif letter == '"':
                quoted = False
            else:
                cell += letter
        elif letter == '"' and cell == "":
            quoted = True
        elif letter == delimiter or letter in "\r\n":
            cells, cell = [*cells, cell], ""
        else:
            cell += letter
        place += 1
    return [*cells, cell]


def restored(cell):
    """Take away what the documentation says was put in: one apostrophe at each place where one was needed."""
    cell = re.sub(rf"\A'('*(?:\s*[{re.escape(MARKS)}]|[\t\r\n]))", r"\1", cell)
    return re.sub(rf"""([;\t\r\n]["\s]*)'('*[{re.escape(MARKS)}])""", r"\1\2", cell)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("attack", [*BEGINNINGS, *INSIDE])
def test_nothing_is_computed_with_any_delimiter(tmp_path, attack, delimiter):
    frame = pl.DataFrame({"first": ["x", attack], "second": [attack, "y"], attack: ["", None]})
    shown = as_shown(written(tmp_path, frame), delimiter)
    assert [cell for cell in shown if cell.strip(' "').startswith(tuple(MARKS))] == []


@pytest.mark.parametrize("attack", BEGINNINGS)
def test_rows_that_are_given_back_are_safe_at_the_beginning(tmp_path, attack):
    text = written(tmp_path, pl.DataFrame({"a": ["x"], "b": [attack]}), given_back=True)
    assert not read(text)[1][1].startswith(MARKED)


@given(st.lists(st.text(alphabet="=+-@＝';\t\r\n\" ab,é"), min_size=1, max_size=5))
def test_what_was_put_in_can_be_taken_out(tmp_path_factory, cells):
    text = written(tmp_path_factory.mktemp("csv"), pl.DataFrame({"cell": cells, "n": ["x"] * len(cells)}))
    assert [restored(row[0]) for row in read(text)[1:]] == cells


@pytest.mark.parametrize("kind", ["html", "text", "id"])
@given(cell=st.text(alphabet="=+-@＝';\t\n\" ab,é1"))
def test_a_row_that_is_given_back_is_read_again_as_it_was(tmp_path_factory, kind, cell):
    def meant(text):
        return pl.DataFrame({"c": [text]}, schema={"c": pl.String}).select(tidy("c", kind))["c"][0]

    text = written(tmp_path_factory.mktemp("csv"), pl.DataFrame({"c": [cell], "n": ["x"]}), given_back=True)
    assert meant(read(text)[1][0]) == meant(cell)


def test_batches_have_one_heading_and_no_rows_no_file(tmp_path):
    frame = pl.DataFrame({"n": [1, 2]})
    assert read(written(tmp_path, frame.clear(), frame, frame)) == [["n"], ["1"], ["2"], ["1"], ["2"]]
    assert (tmp_path / "list.csv").stat().st_mode & 0o077 == 0
    assert write_safe_csv(tmp_path / "list.csv", iter([frame.clear()])) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_the_place_of_the_draft_is_not_written_through(tmp_path):
    (tmp_path / "elsewhere").write_text("kept")
    (tmp_path / "list.csv.part").symlink_to(tmp_path / "elsewhere")
    written(tmp_path, pl.DataFrame({"n": [1]}))
    assert (tmp_path / "elsewhere").read_text() == "kept"


def writers(tree):
    """Return every place of a module that writes a CSV file in a way of its own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("write_csv", "sink_csv", "to_csv"):
            yield node.attr
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in ("csv.writer", "csv.DictWriter"):
            yield ast.unparse(node)
        elif isinstance(node, ast.ImportFrom) and node.module == "csv":
            yield "from csv"
    for node in ast.walk(tree):
        text = ast.unparse(node) if isinstance(node, ast.JoinedStr) else getattr(node, "value", None)
        if isinstance(text, str) and re.search(r"\bCOPY\b.*\bTO\b|EXPORT DATABASE", text, re.DOTALL):
            yield "COPY parquet" if "FORMAT parquet" in text else "COPY"


def test_no_other_module_writes_csv():
    """The sample's generator makes what a helpdesk exports, faults and all."""
    found = {
        (place(path), how) for path, tree in TREES.items() if package_of(path) != "sample_data" for how in writers(tree)
    }
    assert found == {
        ("resources/safe_csv.py", "write_csv"),
        ("migration_assets/clean/known_keys.py", "COPY parquet"),
    }
    sql = {file: file.read_text(encoding="utf-8") for path in TREES for file in path.parent.glob("*.sql")}
    assert len(sql) > 20
    assert [file for file, text in sql.items() if re.search(r"\bCOPY\s*\(|\bEXPORT\s+DATABASE\b", text)] == []
