"""Names from files and from Intercom in Dagster's metadata: a browser shows them as they are, and fetches nothing."""

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from migration_assets.ground.markdown import JOINER, bullets, inert, shown, table
from tests.test_imports import TREES, place

ATTACKS = [
    "![x](http://evil.example/pixel.png)",
    "[click](javascript:alert(1))",
    "<img src=http://evil.example/x>",
    "<script>alert(1)</script>",
    "a | b | ![](http://evil.example)",
    "x\n\n# heading\n| a |\n|---|",
    "`code` **bold** _it_ ~~gone~~",
    "\\![x](http://evil.example)",
    "\\",
    "[x]: http://evil.example 'title'",
    "&lt;img&gt; &#60;img&#62;",
    "a\u2028b\x85c\rd",
    "https://evil.example/x and www.evil.example and a@evil.example, mailto:a@evil.example",
    "    code",
    "1. b",
    "- c",
    "===",
]


WORDS = {
    *("paragraph_open", "paragraph_close", "inline", "text", "text_special"),
    *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
    *(f"{part}_{end}" for part in ("table", "thead", "tbody", "tr", "th", "td") for end in ("open", "close")),
}
"""What is in Markdown that has lists, tables and words in it, and nothing else."""


LINKED = re.compile(r"(?i)(https?://|www\.|mailto:|xmpp:)[-.\w]|[-.\w+]@[-\w]")
"""What GitHub's kind of Markdown makes a link of without marks."""


def unescaped(text):
    """Return the marks of Markdown that mean something in a text, and what it shows."""
    marks, seen, letters = [], [], iter(text)
    for letter in letters:
        if letter == "\\":
            seen.append(next(letters))  # it always escapes one
            continue
        seen.append(letter)
        if letter in "`*_[]<>|~&#!$":
            marks.append(letter)
    return marks, "".join(seen)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_name_does_nothing_and_is_shown_as_it_is(attack):
    marks, seen = unescaped(inert(attack))
    assert marks == []
    shown_as = seen.replace(JOINER, "")
    assert shown_as.split() == attack.replace("\x85", " ").replace("\u2028", " ").split()


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_reader_of_markdown_sees_nothing_but_words(attack):
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for text in (inert(attack), bullets([attack]), table(["a", "b"], [[attack, "1"]])):
        tokens = [token for block in reader.parse(text) for token in (block, *(block.children or ()))]
        assert {token.type for token in tokens} <= WORDS
        assert not LINKED.search("".join(token.content for token in tokens))


@given(st.text())
def test_any_text_is_inert_and_stays_on_its_line(text):
    made = inert(text)
    assert len(made.splitlines()) <= 1
    assert unescaped(made)[0] == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_name_stays_in_its_cell_and_in_its_point(attack):
    lines = table(["object", "rows"], [[attack, "1"], ["b", "2"]]).splitlines()
    assert len(lines) == 4
    assert [unescaped(line)[0].count("|") for line in lines] == [3, 3, 3, 3]
    assert len(bullets([attack, "b"]).splitlines()) == 2
    assert shown(inert(attack)).value == inert(attack)


def test_no_rows_and_no_points():
    assert bullets([]) == "none"
    assert table(["", "a"], [["x", "1"]]) == "| | a |\n|---|---:|\n| x | 1 |"


def test_no_other_module_writes_markdown_for_dagster():
    wrong = {
        place(path)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and (
            node.attr == "MarkdownMetadataValue"
            or (node.attr == "md" and ast.unparse(node.value).endswith("MetadataValue"))
        )
    }
    assert wrong == {"migration_assets/ground/markdown.py"}
