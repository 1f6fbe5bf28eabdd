"""What somebody has edited in Intercom since we left it: noticed before it is changed, and kept unless told otherwise.

A write keeps a hash per field in the journal (`last_written`), never the value. Before a later plan changes the record
it is read once, and each field is decided by what Intercom shows, what we want, and how we left it.
Fields are flat here: `custom_attributes.Plan` is one.
"""

import html
import re
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from resources.journal import EditOutcome

Values = Mapping[str, Any]
"""A record's fields by flat name; one that is not shown at all is absent."""
WriteRemark = Mapping[str, list[str]]
"""What a person must be told of a write that went well: names of fields by `EditOutcome`."""

NESTED = ("custom_attributes", "ticket_attributes")

_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Policy:
    """What the mapping's settings say of values that are not ours.

    With `resync` also those fields are decided on that the target wants as we left them: a verification has found that
    Intercom does not show them so.
    """

    overwrite_edited: bool = False
    overwrite_adopted: bool = False
    resync: bool = False


KEEPING = Policy()
"""The default: what is not ours is kept."""


@dataclass(slots=True)
class FieldDecisions:
    """What becomes of the fields of a record.

    `changes` are to be written, and `before` is what they held. `settled` stand as wanted without being written. Of
    those that somebody has edited, `kept` are left and `overwritten` are among the changes; `taken_over` are values
    of an adopted record that the setting has us overwrite.
    """

    changes: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    settled: dict[str, Any] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    overwritten: list[str] = field(default_factory=list)
    taken_over: list[str] = field(default_factory=list)

    @property
    def remark(self) -> WriteRemark | None:
        """What is to be said of it: the names of the fields by what became of them, never a value."""
        became = {
            EditOutcome.KEPT: self.kept,
            EditOutcome.OVERWRITTEN: self.overwritten,
            EditOutcome.TAKEN_OVER: self.taken_over,
        }
        return {outcome.value: shown_names(names) for outcome, names in became.items() if names} or None

    def change(self, name: str, value: Any, shown: Any) -> None:  # noqa: ANN401 - any value of a field
        """Have a field written, and remember what it held."""
        self.changes[name], self.before[name] = value, shown


def decide(
    shown: Values,
    wanted: Values,
    left: Mapping[str, str],
    policy: Policy,
    *,
    adopted: bool = False,
    untouched: bool = False,
    by_itself: Set[str] = frozenset(),
) -> FieldDecisions:
    """Decide on every wanted field.

    Args:
        shown: what Intercom shows now.
        wanted: what the target wants; a field that it does not name is left alone.
        left: the marks of how we left the fields. A field without one was never written by us, as far as is known.
        policy: what becomes of values that are not ours.
        adopted: whether the record stood in Intercom before us: what has no mark is then its own, and no edit.
        untouched: whether it is known that nobody but us has done anything with it: what has no mark is no edit then.
        by_itself: fields that Intercom moves on by itself: what it shows there is newer than ours, and nobody's edit.
    """
    made = FieldDecisions()
    for name, value in wanted.items():
        now, own = shown.get(name), left.get(name, "").split()
        if normal(name, now) == normal(name, value):
            made.settled[name] = value
        elif field_hash(name, value) in own and not policy.resync:
            continue  # As the source wants it since the last time: whatever stands there now, nothing is to change.
        elif (field_hash(name, now) in own) or (not own and (untouched or normal(name, now) is None)):
            made.change(name, value, now)
        elif name in by_itself:
            continue
        elif adopted and not own:
            if policy.overwrite_adopted:
                made.taken_over.append(name)
                made.change(name, value, now)
        elif policy.overwrite_edited:
            made.overwritten.append(name)
            made.change(name, value, now)
        else:
            made.kept.append(name)
    return made


def with_emptied(wanted: Values, left: Iterable[str], by_null: Collection[str]) -> dict[str, Any]:
    """Return the wanted fields and, with None, those written before that the source has no value for now.

    Args:
        wanted: what the target wants.
        left: the fields that we have written before.
        by_null: the keys of a body that the API empties when they, or what is in them, are sent null (its description:
            nullable); it empties nothing else.
    """
    emptied = [name for name in left if name not in wanted and _outer(name) in by_null]
    return {**wanted, **dict.fromkeys(emptied)}


def _outer(name: str) -> str:
    outer, _, _ = name.partition(".")
    return outer if outer in NESTED else name


def field_hashes(wanted: Values, shown: Values) -> dict[str, str]:
    """Return the marks of fields that were written: of the value as it was sent, and as the answer shows it if it does.

    Intercom may show a value in other words than it was sent, and may not show it at once.
    """
    found = {}
    for name, value in wanted.items():
        sent = field_hash(name, value)
        seen = field_hash(name, shown[name]) if name in shown else sent
        found[name] = sent if sent == seen else f"{sent} {seen}"
    return found


def hashes_of_found(wanted: Values, shown: Values) -> dict[str, str]:
    """Return the marks of a record that a write of unknown outcome has made: of what stands there as we wanted it."""
    return {
        name: field_hash(name, value)
        for name, value in wanted.items()
        if normal(name, shown.get(name)) == normal(name, value)
    }


def field_hash(name: str, value: Any) -> str:  # noqa: ANN401 - any value of a field
    """Return a short hash of a field's value."""
    return blake2b(f"{name}\0{normal(name, value)}".encode(), digest_size=8).hexdigest()


def normal(name: str, value: Any) -> str | None:  # noqa: ANN401 - any value of a field
    """Return a value as it is compared: without mark-up and extra blanks, numbers as numbers; None when it is empty."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, Mapping):
        return "|".join(f"{key}={normal(key, item) or ''}" for key, item in sorted(value.items()))
    text = " ".join(html.unescape(_TAG.sub(" ", str(value))).split()) if value is not None else ""
    return (text.lower() if name == "email" else text) or None


def flat(body: Values) -> dict[str, Any]:
    """Return a body's fields by flat name."""
    found = {name: value for name, value in body.items() if name not in NESTED}
    for outer in NESTED:
        found |= {f"{outer}.{name}": value for name, value in (body.get(outer) or {}).items()}
    return found


def nested(values: Values) -> dict[str, Any]:
    """Return flat fields as a body holds them."""
    body: dict[str, Any] = {}
    for name, value in values.items():
        outer, dot, inner = name.partition(".")
        if dot and outer in NESTED:
            body.setdefault(outer, {})[inner] = value
        else:
            body[name] = value
    return body


def shown_names(names: Iterable[str]) -> list[str]:
    """Return the names of fields as people know them."""
    return sorted(name.partition(".")[2].removeprefix("_default_").removesuffix("_") or name for name in names)
