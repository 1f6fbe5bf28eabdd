"""The sweep of an object: how Intercom is searched for what is there twice, orphaned or missing.

What belongs elsewhere: sweeping every object that says how, journalling what is taken back, and telling (`verified`).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migration_assets.objects.destination import Calls
from migration_assets.writing.environment import Environment
from migration_assets.writing.resolve import UnknownWrite
from resources.intercom.client import Intercom

Stray = Mapping[str, Any]
"""A row of `verdict.strays`."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """How Intercom is searched for an object and its parts.

    Attributes:
        read: reads the whole of what Intercom shows, once everything written has settled, which it has at the unix time
            given, and keeps what was found of the target as the room's count does: an earlier step may have seen what
            is not there any more.
        calls: the calls that this reading takes.
        strays: a file of SQL that adds a row to `verdict.strays` per finding, and to `verdict.others` one of figures:
            what others wrote, and how much was read. `plan.bound_elsewhere` has what other migrations know.
        still_there: asks for what is missing by its id, since no list proves that something is not there, and returns
            what is there.
        why_left: looks at copies as they are now, and says for each why it must be left; None where it may be removed.
        remove: removes a copy.
        is_removed: whether the copy of a write, whose outcome is unknown, is removed.
        operations: how a copy of each object is removed, in the journal's words, which no other sweep has.
    """

    read: Callable[[Environment, float], Awaitable[None]]
    calls: Calls
    strays: Path
    still_there: Callable[[Environment, Sequence[Stray]], Awaitable[list[Stray]]]
    why_left: Callable[[Environment, Sequence[Stray]], Awaitable[list[str | None]]]
    remove: Callable[[Intercom, Stray], Awaitable[object]]
    is_removed: Callable[[Intercom, UnknownWrite], Awaitable[bool]]
    operations: Mapping[str, str]
