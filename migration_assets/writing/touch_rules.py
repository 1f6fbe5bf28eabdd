"""Whether somebody has touched a record since we left it, and what may be restored. Decisions only; nothing is read.

A reason never holds anything of a customer's: names of fields, kinds of authors, numbers.
"""

import json
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from migration_assets.writing.conflicts import field_hash, flat, normal, shown_names
from resources.wording import listed

CLOCKS_DIFFER = 300.0
"""Seconds by which Intercom's clock may differ from ours when it is asked what came after our last write."""

AT_ONCE = 60.0
"""Seconds after a write of ours within which an event in the name of an admin who writes for us may come of it."""


class RefusalCode(StrEnum):
    """Why a record is left as it is; in the journal, in the remark of the write that was declined."""

    BEFORE_US = "before_us"
    EDITED = "edited"
    MERGED = "merged"
    ANSWERED = "answered"
    HANDLED = "handled"
    REDACTED = "redacted"
    IN_USE = "in_use"
    """Something that stays has it."""
    NOTES = "notes"
    TAGS = "tags"
    CONTACTS = "contacts"
    COMPANIES = "companies"
    CONVERSATIONS = "conversations"
    """Something of the kind hangs on it that is not ours, or stays."""
    PARTICIPANTS = "participants"
    """Somebody takes part in it whom none of our messages is by, or the customer does no more."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a record is left as it is: the code, and a sentence for people."""

    code: RefusalCode
    words: str


@dataclass(frozen=True, slots=True)
class EditRules:
    """Which fields of an object say nothing of an edit, or only sometimes; fields by flat name.

    Attributes:
        not_shown: fields that are written, and that no reading shows.
        of_itself: fields that every record has, also before our writes have come to them.
        by_itself: fields that Intercom moves on by itself: what it shows there is newer than ours, and nobody's edit.
    """

    not_shown: Set[str] = frozenset()
    of_itself: Set[str] = frozenset()
    by_itself: Set[str] = frozenset()


ANY_FIELD = EditRules()
"""Every field of an object tells of an edit."""


@dataclass(frozen=True, slots=True)
class WritingTimes:
    """When we were writing to a record: (intent, outcome) of each write, in unix seconds by Intercom's clock."""

    spans: Sequence[tuple[float, float]] = ()

    def holds(self, at: float, margin: float = CLOCKS_DIFFER) -> bool:
        """Whether what came at that time may have come of our own writes: also what is older than all of them."""
        if at < min((first for first, _ in self.spans), default=0.0) - margin:
            return True
        return any(first - margin <= at <= last + margin for first, last in self.spans)


@dataclass(frozen=True, slots=True)
class Left:
    """How our writes left a record: the marks of its fields, its messages' ids, when the last write and all were made.

    `worn` are Intercom's ids of the tags that we put on it and left there, or of the companies that we put it into. Of
    an `adopted` record only the fields that have marks were ever ours.
    """

    marks: Mapping[str, str]
    parts: Collection[str] = ()
    last_at: float = 0.0
    writing: WritingTimes = WritingTimes()
    worn: Collection[str] = ()
    adopted: bool = False


@dataclass(frozen=True, slots=True)
class Restoring:
    """What becomes of the fields of a record that stood before us: those to write back, those that are edited."""

    changes: dict[str, Any] = field(default_factory=dict)
    edited: list[str] = field(default_factory=list)

    @property
    def refusal(self) -> Refusal | None:
        """Why some of it is not restored."""
        if not self.edited:
            return None
        rest = "; the other fields are restored" if self.changes else ""
        return Refusal(RefusalCode.EDITED, f"changed since: {listed(shown_names(self.edited))}{rest}")


def left_of(known: Mapping[str, Any]) -> Left:
    """Return how a record was left, by a row of what is known of it (objects/known_records.sql).

    The marks are the journal's JSON, the oldest first; a later write's mark of a field is the valid one.
    """
    merged: dict[str, str] = {}
    for text in known.get("last_written") or ():
        merged |= json.loads(text)
    spans = tuple((span["first"], span["last"]) for span in known.get("written") or ())
    return Left(
        merged,
        frozenset(known.get("appended") or ()),
        known.get("last_at") or 0.0,
        WritingTimes(spans),
        frozenset(worn.partition("|")[2] for worn in known.get("worn") or ()),
        bool(known.get("adopted")),
    )


def before_of(images: Sequence[str] | None) -> dict[str, Any]:
    """Return what a record's fields held before our first write to each of them, from the journal's JSON."""
    merged: dict[str, Any] = {}
    for text in images or ():
        merged = flat(json.loads(text)) | merged
    return merged


def edited_fields(shown: Mapping[str, Any], left: Left, rules: EditRules) -> list[str]:
    """Return the fields of a record that we made which no longer hold what we left in them, or which we left empty.

    Where the journal has no marks at all, nothing is known of any field; of an adopted record, only of the marked ones.
    """
    changed = [
        name
        for name, known in left.marks.items()
        if (name in shown or name not in rules.not_shown) and field_hash(name, shown.get(name)) not in known.split()
    ]
    added = [name for name, value in shown.items() if name not in left.marks and normal(name, value) is not None]
    if not left.marks:
        return []
    found = changed if left.adopted else [*changed, *(name for name in added if name not in rules.of_itself)]
    return [name for name in found if name not in rules.by_itself]


def touched_record(
    shown: Mapping[str, Any], left: Left, updated_at: float | None, rules: EditRules = ANY_FIELD
) -> Refusal | None:
    """Judge a record that we made: no field of it may hold anything but what we left there.

    Where the journal has no marks (its write was found again after a lost answer), the time of its last change counts.
    """
    edited = edited_fields(shown, left, rules)
    if edited:
        return Refusal(RefusalCode.EDITED, f"changed since: {listed(shown_names(edited))}")
    if not left.marks and (updated_at or 0) > left.last_at + CLOCKS_DIFFER:
        return Refusal(RefusalCode.EDITED, "changed after our last write; which field is not known")
    return None


def restoring(
    shown: Mapping[str, Any], before: Mapping[str, Any], left: Left, rules: EditRules = ANY_FIELD
) -> Restoring:
    """Decide on every field that we changed in a record that stood before us: restored only where it is still ours."""
    found = Restoring()
    for name, value in before.items():
        now = shown.get(name)
        if normal(name, now) == normal(name, value) or name in rules.by_itself:
            continue
        if field_hash(name, now) in left.marks.get(name, "").split():
            found.changes[name] = value
        else:
            found.edited.append(name)
    return found
