"""Finding out what became of writes whose outcome is unknown, by reading Intercom back. Never by sending again.

A write is left alone for the settle time first, from when its outcome became unknown: Intercom may carry a request
out after our timeout, and its search lags. Found: confirmed. Not found in two looks: it is undone, and the plan sends
it again.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import duckdb

from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Stopped
from migration_assets.writing.signals import asked_to_stop, stopping_on_signals
from resources.intercom.errors import IntercomError
from resources.journal import Command, Journal, State, WriteCode

TOO_MANY_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class UnknownWrite:
    """A write whose outcome is unknown. `first_at` is when it was first tried, `unknown_at` when it became unknown."""

    write_id: int
    object: str
    source_key: str
    parent_key: str | None
    operation: str
    first_at: float
    unknown_at: float
    attempts: int

    def due(self, settle_seconds: float) -> float:
        """Return the unix time from which on it may be looked up.

        Not counted from its intent: the request may have left long after it, when there was no connection at first.
        """
        return self.unknown_at + settle_seconds


@dataclass(frozen=True, slots=True)
class FoundWrite:
    """What a write may have made: its id in Intercom, and the marks of its fields that stand as they were sent.

    `adopted` says that another record has taken its place meanwhile.
    """

    id: str
    last_written: Mapping[str, str] | None = None
    adopted: bool = False


@dataclass
class Resolved:
    """What a round of looking up found."""

    confirmed: int = 0
    duplicates: list[str] = field(default_factory=list)


class WriteFinder(Protocol):
    """How Intercom is asked about one object's writes."""

    def repeatable(self, write: UnknownWrite) -> bool:
        """Whether sending the write again does no harm, so that it need not be looked up."""

    def prepare(self, connection: duckdb.DuckDBPyConnection, writes: list[UnknownWrite]) -> None:
        """Read from the warehouse what is needed to recognise `writes`."""

    async def find(self, env: Environment, write: UnknownWrite) -> list[FoundWrite]:
        """Return what the write may have made; the first one is it, others are duplicates."""


class Repeatable:
    """The finder of objects whose every write looks first, or does no harm when repeated."""

    def repeatable(self, write: UnknownWrite) -> bool:  # noqa: ARG002 - the protocol's signature
        """Always."""
        return True

    def prepare(self, connection: duckdb.DuckDBPyConnection, writes: list[UnknownWrite]) -> None:
        """Nothing is needed."""

    async def find(self, env: Environment, write: UnknownWrite) -> list[FoundWrite]:
        """Never asked."""
        raise NotImplementedError


def leftovers(connection: duckdb.DuckDBPyConnection, objects: Iterable[str]) -> list[UnknownWrite]:
    """Return the writes of `objects` whose outcome is unknown, oldest first, from `plan.journal`."""
    rows = connection.execute(
        'SELECT write_id, object, source_key, parent_key, operation, first_at, "at", attempts FROM plan.journal '
        "WHERE state IN ('intent', 'ambiguous') AND list_contains(?, object) ORDER BY write_id",
        [list(objects)],
    ).fetchall()
    return [UnknownWrite(*row) for row in rows]


async def resolve(env: Environment, finder: WriteFinder, unknown: list[UnknownWrite]) -> Resolved:
    """Wait until `unknown` may be looked up, look, and journal what was found.

    Raises:
        Stopped: it was asked to stop while waiting.
        IntercomError: Intercom cannot be read.
    """
    result = Resolved()
    await wait_until(max(write.due(env.settle_seconds) for write in unknown), env.journal)
    probed = [write for write in unknown if not finder.repeatable(write)]
    for write in unknown:
        if finder.repeatable(write):
            _send_again(env, write, WriteCode.REPEATABLE)
    if probed:
        with env.warehouse.connect() as connection:
            finder.prepare(connection, probed)
        missing = await _look(env, finder, probed, result)
        if missing:
            await wait_until(env.journal.clock() + env.probe_gap, env.journal)
            missing = await _look(env, finder, missing, result)
        for write in missing:
            _send_again(env, write, WriteCode.NOT_FOUND)
    await env.journal.flush()
    return result


async def _look(
    env: Environment, finder: WriteFinder, writes: list[UnknownWrite], result: Resolved
) -> list[UnknownWrite]:
    """Look each write up once; journal what was found and return what was not.

    Writes of one parent are looked up one after the other: of two that look alike each must find its own.
    """
    lanes: dict[tuple[str, str], list[UnknownWrite]] = {}
    for write in writes:
        lanes.setdefault((write.object, write.parent_key or write.source_key), []).append(write)

    async def lane(members: list[UnknownWrite]) -> list[UnknownWrite]:
        missing = []
        for write in members:
            try:
                found = await finder.find(env, write)
            except IntercomError as error:
                error.concerning(write.object, write.source_key)
                raise
            if not found:
                missing.append(write)
                continue
            result.confirmed += 1
            result.duplicates += [double.id for double in found[1:]]
            one = found[0]
            await asyncio.wrap_future(
                env.journal.outcome(
                    write.write_id,
                    State.CONFIRMED,
                    intercom_id=one.id,
                    adopted=one.adopted,
                    error_code=WriteCode.FOUND_AGAIN,
                    last_written=one.last_written,
                )
            )
        return missing

    try:
        return [write for part in await env.each(list(lanes.values()), lane) for write in part]
    except IntercomError as error:
        raise Stopped(f"Intercom cannot be read to look up unknown outcomes: {error}") from None


def _send_again(env: Environment, write: UnknownWrite, code: WriteCode) -> None:
    if write.attempts >= TOO_MANY_ATTEMPTS:
        env.journal.outcome(
            write.write_id,
            State.REJECTED,
            error_code=WriteCode.TOO_MANY_ATTEMPTS,
            error_message=f"Sent {write.attempts} times without a clear answer.",
        )
        return
    env.journal.outcome(write.write_id, State.UNDONE, error_code=code)


async def wait_until(moment: float, journal: Journal) -> None:
    """Wait until the unix time `moment`, by the journal's clock.

    Raises:
        Stopped: it was asked to stop.
    """
    reasons: list[str] = []
    with stopping_on_signals(reasons.append):
        while (left := moment - journal.clock()) > 0 and not reasons:
            await asyncio.sleep(min(0.5, left))
            if journal.run_command.command is Command.STOP:
                reasons.append(asked_to_stop(journal.run_command))
    if reasons:
        raise Stopped(reasons[0], asked=True)
