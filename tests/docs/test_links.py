"""What the documents point to is there: links, paths of the project, make's targets, tests and files by their names."""

import re

import pytest

from tests.test_imports import PACKAGES, PROJECT
from tests.test_readme import TARGETS

DOCUMENTS = sorted((PROJECT / "docs").rglob("*.md"))
FOLDERS = (*PACKAGES, "tests", "benchmarks", "docs")
SUFFIXES = {".py", ".sql", ".md", ".yaml"}
FILES = {path.name for folder in FOLDERS for path in (PROJECT / folder).rglob("*") if path.suffix in SUFFIXES}
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (PROJECT / "tests").rglob("test_*.py"))


def spans(document):
    """Return what stands between backticks outside fences."""
    text = re.sub(r"^```.*?^```", "", document.read_text(encoding="utf-8"), flags=re.M | re.S)
    return re.findall(r"`([^`]+)`", text)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document):
    links = re.findall(r"\]\(([^)]+)\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_is_named_is_there(document):
    named = spans(document)
    paths = [span for span in named if span.split("/")[0] in FOLDERS and "/" in span and "<" not in span]
    assert [path for path in paths if not (PROJECT / path).exists()] == []
    assert [span for span in named if re.match(r"make \w", span) and span.split()[1] not in TARGETS] == []
    assert [span for span in named if re.fullmatch(r"\w+\.(py|sql)", span) and span not in FILES] == []
    assert [span for span in named if re.fullmatch(r"test_\w+", span) and f"def {span}(" not in TESTS] == []
