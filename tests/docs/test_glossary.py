"""Every word of the glossary that stands as code is in the code; every new name of the changelog too, no old one."""

import re
from functools import cache

import pytest

from tests.test_imports import PACKAGES, PROJECT

GLOSSARY = (PROJECT / "docs" / "glossary.md").read_text(encoding="utf-8")
CHANGELOG = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (?!word \||-)(.+?) \| (.+) \| (.+) \|$", GLOSSARY, re.M)
TERMS = sorted(set(re.findall(r"`([^`]+)`", GLOSSARY)))
RENAMED = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|$", CHANGELOG, re.M)


@cache
def sources():
    """Return the text of everything that is shipped, and the Makefile's; tests may say what they like."""
    ends = {".py", ".sql", ".jinja", ".yaml"}
    files = [path for package in PACKAGES for path in (PROJECT / package).rglob("*") if path.suffix in ends]
    files += [PROJECT / "tests" / "test_imports.py"]  # it says what the layers are
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def is_there(term):
    """Whether a path, a make target or a word of the code is there."""
    if term.startswith("make "):
        return re.search(rf"^{term.removeprefix('make ')}:", (PROJECT / "Makefile").read_text(), re.M) is not None
    if "/" in term:
        return (PROJECT / term).exists()
    name = rf"(?<![\w.]){re.escape(term)}(?!\w)"
    return re.search(name, sources()) is not None or bool(modules_named(term))


def modules_named(name):
    return [path for package in PACKAGES for path in (PROJECT / package).rglob(f"{name}.py")]


@pytest.mark.parametrize("term", TERMS)
def test_what_stands_as_code_is_in_the_code(term):
    assert is_there(term)


def test_every_word_says_where_it_is_and_stands_once():
    words = [word for word, _, _ in ROWS]
    assert len(words) >= 60
    assert len(words) == len(set(words))
    assert [word for word, _, code in ROWS if "`" not in code] == []


@pytest.mark.parametrize("old, new", RENAMED, ids=[old for old, _ in RENAMED])
def test_a_name_that_was_changed_is_changed_everywhere(old, new):
    """A file of the old name is gone; a class, function or constant of it is not defined any more."""
    assert is_there(new)
    assert not (PROJECT / old).exists()
    defined = rf"^{re.escape(old)} = " if old.isupper() else rf"^\s*(?:class|(?:async )?def) {re.escape(old)}\b"
    assert re.search(defined, sources(), re.M) is None


def test_the_changelog_lists_what_was_renamed():
    assert len(RENAMED) >= 40
