"""What a verification must know of an object: which answers show it, how they are asked for, what they should show."""

import math
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from migration_assets.objects.declaration import Declaration
from migration_assets.objects.shown import FieldRow, Show, declared
from migration_assets.objects.undoer import found
from migration_assets.writing.environment import Environment
from resources.intercom.client import Intercom
from resources.intercom.paging import LARGEST_PAGE
from schemas.intercom import Answer

Chosen = Mapping[str, tuple[int, int]]
"""By object: the records that are compared, and all that stand."""

Getter = Callable[[str], Awaitable[Answer | None]]
"""Returns the record of an id of Intercom's, or None where it is not there any more."""


def pages(records: int) -> int:
    """Return how many pages a list of so many records comes in; an empty one takes a call as well."""
    return max(1, math.ceil(records / LARGEST_PAGE))


def in_pages(records: int, listed: int) -> bool:
    """Whether to read `records` from a list of `listed`, page by page, rather than one by one."""
    return pages(listed) <= records


def pages_of(object_name: str, more: int = 0) -> Callable[[Chosen], int]:
    """Return how many calls it takes to page through all records of an object that stand, and `more` calls."""
    return lambda chosen: pages(chosen.get(object_name, (0, 0))[1]) + more


def one_call(_chosen: Chosen) -> int:
    """Return one: what comes in one list."""
    return 1


def if_there(get: Getter) -> Getter:
    """Return the same, with None for what Intercom says is not there."""
    return lambda key: found(get(key))


@dataclass(frozen=True, slots=True)
class AnswerSource:
    """One kind of Intercom's answers that is read back; most are read while what stands is counted.

    Attributes:
        name: the kind, as it is noted with what was read.
        model: the answers' model.
        object: the object whose records they are.
        by_id: makes what asks for one record by Intercom's id, for those that counting did not show.
        whole: reads the whole list, where no record can be asked for by its id, and shows it to `seen`.
        search: reads further answers after the count, given how many of them are ours.
        learn: reads what the answers cannot be understood without; called before any of them is read.
        key: the id of the record that an answer is about.
    """

    name: str
    model: type[Answer]
    object: str
    by_id: Callable[[Environment], Getter] | None = None
    whole: Callable[[Environment], Awaitable[None]] | None = None
    search: Callable[[Environment, int], Awaitable[None]] | None = None
    learn: Callable[[Environment], Awaitable[Any]] | None = None
    key: Callable[[Any], str] = lambda answer: str(answer.id)


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What a verification must know of an object beside its declaration.

    Attributes:
        sources: the answers that its records are read from and asked for by; none: those of `read_with`.
        shows: its rows of an answer, by the answer's model.
        read_with: the object that it is read with, in one asset; itself, or what it is part of, by default.
        describes: the description of that asset, on its first object.
        calls: the calls that reading it back takes, given what is compared and what stands.
        shown_while_counted: whether what is read to count it has not been shown before.
        further: reads what no answer shows in full, as Intercom's id of the record it was asked of and the rows.
        expected: a file with the SELECT, a row per record, over which the declared fields say what should be shown;
            its target table by default.
        expected_where: SQL over that as `t` and the field as `f`: whether it is compared; all are by default.
        context: columns of it that normalisations know beside the two values, with their types.
        attributes_of: what its custom attributes are of, as target.attributes has it; its own name by default.
        known_by_id: whether what was read is known by the id that the journal has; else `place` tells it apart.
        place: a file of SQL that brings under our keys what ids alone do not, after all the rest.
        derived: adds what follows from what was read under our keys, last of all.
        applied: a file with a SELECT of more records that should stand, which the journal has with others.
        always: a file with the SELECT of the records (object, source_key, why) that are in any sample.
        written_apart: the (object, operation) of the write that carries a field, where that is not the one that makes
            the record; another object's hangs on the record.
        edited_as: the fields of a name under which an edit is noted, where that is not the field's own.
        moved_by_answers: the fields that Intercom itself changes when the customer writes.
    """

    sources: tuple[AnswerSource, ...] = ()
    shows: Mapping[type[Answer], Show] = field(default_factory=dict)
    read_with: str | None = None
    describes: str | None = None
    calls: Callable[[Chosen], int] = one_call
    shown_while_counted: bool = True
    further: Callable[[Environment], AsyncIterator[tuple[str, list[FieldRow]]]] | None = None
    expected: Path | None = None
    expected_where: str = "TRUE"
    context: Mapping[str, str] = field(default_factory=dict)
    attributes_of: str | None = None
    known_by_id: bool = True
    place: Path | None = None
    derived: Callable[[duckdb.DuckDBPyConnection], None] | None = None
    applied: Path | None = None
    always: Path | None = None
    edited_as: Mapping[str, Sequence[str]] = field(default_factory=dict)
    written_apart: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    moved_by_answers: Sequence[str] = ()


def from_list(
    declaration: Declaration, model: type[Answer], ask: Callable[[Intercom], Awaitable[Sequence[Answer]]]
) -> ReadBack:
    """Return how a simple object is read back: one list of answers, each of which shows the declared fields."""

    async def whole(env: Environment) -> None:
        await env.seen(await ask(env.client))

    source = AnswerSource(declaration.name, model, declaration.name, whole=whole)
    return ReadBack(sources=(source,), shows={model: declared(declaration)})
