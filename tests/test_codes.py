"""The codes that SQL compares and makes are members of the enums that name them; none is known in one place alone."""

import ast
import re
from pathlib import Path

import duckdb
import pytest

import migration_assets
from migration_assets.accounting.certificate import FATES, IntercomCounts
from migration_assets.accounting.codes import (
    DELETED_IN_SOURCE,
    FindingCode,
    HoldReason,
    RecordAction,
    RowCode,
    WriteVerdict,
)
from migration_assets.accounting.outcomes import open_words
from migration_assets.objects.declaration import UndoAction
from migration_assets.objects.registry import declarations, looked_up, rooms
from migration_assets.undoing.fates import Counts, UndoFate
from migration_assets.verified.fields.differences import REASONS
from migration_assets.writing.touch_rules import RefusalCode
from resources.journal import EditOutcome, LossCode, WriteCode
from resources.journal.records import UNDOING

ROOT = Path(migration_assets.__file__).parent
BEFORE_THE_PLAN = {"itco", "clean", "shaping"}
"""Stages that know nothing of the plan and the journal; a word may mean something of its own there."""
FILES = sorted(file for file in ROOT.rglob("*.sql") if file.relative_to(ROOT).parts[0] not in BEFORE_THE_PLAN)

NAMES = [*declarations(), *(item.name for item, _ in looked_up())]
NEEDED = {one.object for item in declarations().values() for one in item.references}
WAITS = [(room, code) for room in rooms().values() for code in room.plan.reasons]
HELD = {
    *HoldReason,
    *(code for _, code in WAITS),
    *(f"{name}_{end}" for name in NEEDED for end in ("failed", "unresolved")),
}

COLUMNS: dict[str, set[str]] = {
    "error_code": {*WriteCode},
    "verdict": {*WriteVerdict},
    "action": {*RecordAction, *UndoAction},
    "reason": {*HELD, *LossCode, *REASONS, "refused"},
    "became": {*EditOutcome},
    "fate": {*FATES, "unaccounted", *UndoFate, *IntercomCounts.model_fields, "blocked", "reported"},
    "code": {*WriteCode, *LossCode, *FindingCode, *RowCode, *RefusalCode, DELETED_IN_SOURCE},
}
ONE = r"'([a-z]\w*)'"
COMPARED = (
    r"\b{column}\b\s*(?:(?:=|<>|IS DISTINCT FROM|IS NOT DISTINCT FROM)\s*({one})"
    r"|(?:NOT )?IN\s*\(\s*({one}(?:,\s*{one})*))"
)
CASES = r"\bCASE (?:\w+\.)?{column}\b((?:\s+WHEN {one} THEN [^\n]*?(?=\s+WHEN|\s+ELSE|\s+END))+)"


def without_comments(text):
    return re.sub(r"--[^\n]*", "", text)


def compared(text, column):
    """The literals that a column is compared with."""
    plain = ONE.replace("(", "(?:")
    lists = re.findall(COMPARED.format(column=column, one=plain), text)
    cases = re.findall(CASES.format(column=column, one=plain), text)
    return {code for either in lists for found in either for code in re.findall(ONE, found)} | {
        code for found in cases for code in re.findall(rf"WHEN {ONE}", found)
    }


def made(text, column):
    """The literals that a CASE gives to a column: of its own branches and of those within them."""
    found = set()
    for end in re.finditer(rf"\bEND(?:,\s*'\w+'\))? AS {column}\b", text):
        depth, begin = 0, 0
        for word in reversed(list(re.finditer(r"\b(CASE|END)\b", text[: end.start() + 3]))):
            depth += 1 if word[1] == "END" else -1
            if not depth:
                begin = word.start()
                break
        found |= set(re.findall(rf"\b(?:THEN|ELSE) {ONE}", text[begin : end.end()]))
    return found


@pytest.mark.parametrize("column", COLUMNS)
def test_every_code_in_sql_is_a_member(column):
    seen = set()
    for file in FILES:
        text = without_comments(file.read_text())
        codes = compared(text, column) | (made(text, column) if column in ("verdict", "action", "fate") else set())
        assert codes <= COLUMNS[column], f"{file.relative_to(ROOT)}: {sorted(codes - COLUMNS[column])}"
        seen |= codes
    assert seen, f"nothing in SQL looks at {column}: the test finds it no more"


def test_what_is_taken_back_is_told_in_the_same_codes_everywhere():
    assert {*UNDOING} == {action for action in UndoAction if action not in ("ride", "keep", "unknown")}
    assert {*UndoFate} < {*Counts.model_fields}
    sql = [without_comments(file.read_text()) for file in FILES if file.parent.name == "undoing"]
    fates = {code for text in sql for code in compared(text, "fate") | made(text, "fate")}
    # Two fates are actions, which fates.sql takes over as they are.
    assert fates | {"keep", "unknown"} == {*UndoFate}


def test_every_code_that_is_shown_has_words():
    connection = duckdb.connect()
    open_words(connection)
    assert {"contact", "company"} <= NEEDED
    for table, codes in (("hold_words", HELD), ("loss_words", {*LossCode})):
        found = connection.execute(f"SELECT said_of, code FROM {table} WHERE words IS NOT NULL").fetchall()
        assert sorted(found) == sorted((name, code) for name in NAMES for code in codes), "of each object, and once"


def test_rooms_raise_the_reasons_that_they_have_words_for():
    """A new reason touches its room alone: what raises it, and what it means."""
    raised = [
        (room, code)
        for room in rooms().values()
        if room.plan.holds is not None
        for code in re.findall(rf"\d+(?: AS rank)?, {ONE}", without_comments(room.plan.holds.read_text()))
    ]
    assert [(room.name, code) for room, code in raised] == [(room.name, code) for room, code in WAITS]
    assert len(raised) == len({code for _, code in raised}) >= 3
    assert {room.plan.reasons[code].row_code for room, code in WAITS} == {RowCode.BLOCKED, RowCode.CUSTOMER}


def test_no_sql_looks_into_sentences():
    """Where a text is searched it is the customer's or Intercom's, never one of this program's own."""
    names = r"(?:\w+\.)?(?:error_message|reason|words|code|said)"
    looks = rf"(?:starts_with|contains|split_part|string_split|regexp_matches)\({names}\b"
    looks += rf"|(?:{names}|\bfound|\bexpected) (?:NOT )?I?LIKE '"
    found = [
        f"{file.relative_to(ROOT)}: {match[0]}"
        for file in [*ROOT.rglob("*.sql"), *ROOT.rglob("*.py")]
        for match in re.finditer(looks, file.read_text())
    ]
    assert found == []


SENTENCES = {"message", "error_message", "reason", "description", "words", "said", "why", "detail", "details", "holder"}
"""What sentences are called, beside `str(error)`."""
SEARCHES = {"startswith", "endswith", "find", "index"}
LOOKED_INTO = {
    ("resources/intercom/errors.py", "message"): "only Intercom's sentence names the contact in the way, and archived",
    ("resources/intercom/repeats.py", "said"): "any 404 is not_found: only the sentence tells a contact from the rest",
    ("resources/warehouse.py", "str"): "DuckDB's errors have no codes: a lock, or the file itself",
    ("resources/warehouse.py", "words"): "DuckDB's errors have no codes: a damaged file, a table that is not there",
}
"""The sentences of others that are searched, each with what leaves no other way; no more may be added."""


def searched(node):
    """Yield what a piece of code searches for some words."""
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        yield node.comparators[0]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "re":
            yield from node.args[1:2]
        elif node.func.attr in SEARCHES:
            yield node.func.value


def named(node):
    """Return what a text is called: the last name of the expression, `str` of what is made a text only here."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    if isinstance(node, ast.Call):
        return node.func.id if isinstance(node.func, ast.Name) else ""
    if isinstance(node, ast.Subscript):
        return node.slice.value if isinstance(node.slice, ast.Constant) else ""
    return getattr(node, "attr", getattr(node, "id", ""))


def test_no_module_looks_into_sentences():
    """Decisions are made of codes and values: of an error's type, status and code, of an enum, of a field."""
    found = {
        (file.relative_to(ROOT.parent).as_posix(), name)
        for folder in ("migration_assets", "resources", "schemas")
        for file in (ROOT.parent / folder).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        for text in searched(node)
        if (name := named(text)) in {*SENTENCES, "str"}
    }
    assert found == {*LOOKED_INTO}
