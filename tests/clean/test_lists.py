"""List columns: what separates the words is decided by evidence over the column, said, and stated by the mapping."""

import pytest

from migration_assets.clean.list_cells import written_list
from tests.clean.test_comparisons import ticket


def tags(lab, cells, mapping=None, files=None):
    lab.empty("companies")
    rows = [ticket(str(i), tags=cell) for i, cell in enumerate(cells)]
    for row, file in zip(rows, files or [], strict=False):
        row["_file"] = file
    lab.land("tickets", rows)
    lab.clean("tickets", mapping)
    return [row["tags"] for row in lab.table("tickets")]


def said(lab):
    return [row["code"] for row in lab.rows("FROM clean.findings WHERE code LIKE 'list_separator%'")]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["a;b", "c", "d, e;f"], [["a", "b"], ["c"], ["d, e", "f"]]),
        (["a,b", "c, d", "e"], [["a", "b"], ["c", "d"], ["e"]]),
        (["a|b", "c|d", "R&D, Ops|Sales"], [["a", "b"], ["c", "d"], ["R&D, Ops", "Sales"]]),
        (["a\nb", "c\r\nd"], [["a", "b"], ["c", "d"]]),
        # Pieces that come back in other cells show that the comma separates, rare as it is.
        (["billing", "login", "refund", "x", "billing, login", "login, refund"], None),
    ],
)
def test_the_column_shows_what_separates(lab, cells, words):
    words = words or [["billing"], ["login"], ["refund"], ["x"], ["billing", "login"], ["login", "refund"]]
    assert tags(lab, cells) == words
    assert said(lab) == ["list_separator"]


def test_a_comma_that_nothing_shows_to_separate_stays_in_its_word_and_is_told(lab):
    cells = ["login", "refund", "export", "Returns, warranty", "Returns, warranty"]
    assert tags(lab, cells) == [["login"], ["refund"], ["export"], ["Returns, warranty"], ["Returns, warranty"]]
    assert said(lab) == ["list_separator_unsure"]
    [found] = lab.rows("SELECT message, rows FROM clean.findings WHERE code = 'list_separator_unsure'")
    assert 'lists: {tickets.tags: ","}' in found["message"]
    assert found["rows"] == 2
    mapping = lab.mapping(lists={"tickets.tags": ","})
    assert tags(lab, cells, mapping)[3:] == [["Returns", "warranty"]] * 2


def test_what_the_mapping_states_is_all_that_separates(lab):
    assert tags(lab, ["a;b,c", "d|e", "f"], lab.mapping(lists={"tickets.tags": ","})) == [["a;b", "c"], ["d|e"], ["f"]]
    assert tags(lab, ["a b", "c"], lab.mapping(lists={"tickets.tags": " "})) == [["a", "b"], ["c"]]


def test_a_word_with_another_mark_inside_stays_whole_where_the_column_has_one_mark(lab):
    cells = [f"a{i};b" for i in range(20)] + ["AC|DC;rock"]
    assert tags(lab, cells)[-1] == ["AC|DC", "rock"]


def test_files_of_one_object_may_differ(lab):
    cells = ["a;b", "c;d", "e,f", "g,h"]
    files = ["tickets.csv", "tickets.csv", "tickets-2.csv", "tickets-2.csv"]
    assert tags(lab, cells, files=files) == [["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"]]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ('["a","b"]', ["a", "b"]),
        ('["a, b", "c;d"]', ["a, b", "c;d"]),
        ("['a', 'b']", ["a", "b"]),
        ("['it\\'s', \"b, c\"]", ["it's", "b, c"]),
        ("[a, b]", ["a", "b"]),
        ("{a,b}", ["a", "b"]),
        ('{"a b",c}', ["a b", "c"]),
        ("{a}", ["a"]),
        ("['a']", ["a"]),
        ("[1, 2]", ["1", "2"]),
        ("[]", None),
        ("{}", None),
        ("[null]", None),
        ("[internal]", ["[internal]"]),
        ("[a]; [b]", ["[a]", "[b]"]),
        ("[[1]]", ["[[1]]"]),
        ('{"a": 1}', ['{"a": 1}']),
    ],
)
def test_lists_as_programs_write_them(lab, cell, words):
    assert tags(lab, [cell, "x"]) == [words, ["x"]]


def test_a_very_long_or_deep_text_is_no_list():
    assert written_list("[" + "[" * 9_000 + "]" * 9_001) is None
    assert written_list("[" + "a" * 30_000 + ", b]") is None


def test_options_are_read_as_their_lists_are(lab):
    lab.empty("companies")
    options = {"de": "D", "en": "E"}
    field = {"field": "cf_l", "object": "ticket", "name": "L", "type": "multi_select", "options": options}
    lab.land("tickets", [ticket("1", cf_l='["de", "en"]'), ticket("2", cf_l="en / de"), ticket("3", cf_l="[]")])
    lab.clean("tickets", lab.mapping(custom_fields=[field], lists={"tickets.cf_l": "/"}))
    assert [row["custom"] for row in lab.table("tickets")] == ['{"cf_l":["D","E"]}', '{"cf_l":["D","E"]}', "{}"]
    assert lab.rows("FROM clean.unmapped") == []
