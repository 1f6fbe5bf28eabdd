"""What somebody but us has done to a record of ours since: its codes, its words, and how a room reads it.

A rollback leaves what anybody has touched, the look after the cutover lists it, a verification names it beside what
differs. All of them go by the codes of this list, and by what each room says that its answers show of them.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from migration_assets.objects.undoer import shows_any
from migration_assets.writing.conflicts import Values, shown_names
from migration_assets.writing.environment import Environment
from migration_assets.writing.touch_rules import EditRules, Left, RefusalCode, edited_fields
from resources.warehouse import table_exists
from schemas.intercom import Answer

WORDS = {
    RefusalCode.ANSWERED: "a message was written in it",
    RefusalCode.REDACTED: "a message in it was blanked",
    RefusalCode.EDITED: "a field no longer holds what we left in it",
    RefusalCode.HANDLED: "it was opened, closed, assigned or changed",
    RefusalCode.TAGS: "a tag was put on it or taken off",
    RefusalCode.PARTICIPANTS: "who takes part in it was changed",
    RefusalCode.NOTES: "it was given notes",
    RefusalCode.COMPANIES: "it was put into another company or taken out of one",
}
"""Every kind of touch, in words for people; the order is that in which a reason is given.

Who it was they do not say: Intercom tells it of messages and events alone, by their author.
"""


CUSTOMER = "the customer"
"""Who has done it, where that was a contact: as a touch says `by`."""
UNNAMED = "somebody whom Intercom does not name"
"""Who has written a message or caused an event of which Intercom shows no author that is known."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing that somebody has done.

    Attributes:
        code: its kind.
        what: the field's name, the kind of message or event, or what was done with a tag; nothing of a customer's.
        by: the kind of author, where it is known.
        at: when, in unix seconds, where it is known.
        part_id: Intercom's id of the message or event.
    """

    code: RefusalCode
    what: str
    by: str | None = None
    at: int | None = None
    part_id: str | None = None


@dataclass(frozen=True, slots=True)
class TouchContext:
    """What a record alone does not show.

    Attributes:
        known: Intercom's ids, of those that the answer refers to, which our records have.
        own_admins: Intercom's ids of the admins in whose names our writes may be shown; empty where they are not known.
        answers: what a probe has seen the workspace do, by question; empty where none has.
        took_back: whether we have blanked a message ourselves, by `conversation|part`.
    """

    known: frozenset[str] = frozenset()
    own_admins: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict)
    took_back: Callable[[str], bool] = lambda _key: False


Judge = Callable[[Any, Left, TouchContext], Iterable[Touch]]
"""Returns what an answer shows of the touches of a record, given how our writes left it."""


def own_admins(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Return the ids of the admins in whose names our writes may be shown, by the last plan and preflight.

    That is the migration's admin, whom the writes name, and the token's, whom nothing documents Intercom not to show.
    """
    if not table_exists(connection, "plan.own_admins"):
        return frozenset()
    found = connection.execute("SELECT migration_admin_id FROM plan.own_admins").fetchall()
    if not any(one for (one,) in found):
        return frozenset()
    if table_exists(connection, "observed.token_admin"):
        found += connection.execute("SELECT id FROM observed.token_admin").fetchall()
    return frozenset(one for (one,) in found if one)


def nothing_refers(_answer: Answer) -> Sequence[str]:
    """Return nothing."""
    return ()


@dataclass(frozen=True, slots=True)
class TouchReading:
    """How a room's answers show touches.

    Attributes:
        shows: the judges, by the answers' models.
        refers: the object whose records an answer names, and their ids in it.
        wears: the object whose records hang on one of this, and are judged with it; None where none do.
        further: reads the answers that counting does not, and shows them to `seen`.
    """

    shows: Mapping[type[Answer], Judge]
    refers: tuple[str, Callable[[Any], Sequence[str]]] = ("", nothing_refers)
    wears: str | None = None
    further: Callable[[Environment], Awaitable[None]] | None = None


def field_touches(shown: Values, left: Left, rules: EditRules) -> list[Touch]:
    """Return the fields that no longer hold what we left in them."""
    names = shown_names(edited_fields(shown, left, rules))
    return [Touch(RefusalCode.EDITED, name) for name in names]


def hung_on(answer: Answer, *names: RefusalCode) -> list[Touch]:
    """Return what people have hung on a record to which a migration gives nothing of the kind."""
    return [Touch(name, f"{name.removesuffix('s')} put on") for name in names if shows_any(answer, name)]
