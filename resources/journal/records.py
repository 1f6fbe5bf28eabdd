"""The words of the journal: states, which may follow which, what a write and a run are, what can go wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class JournalError(RuntimeError):
    """The journal could not record something; what was to follow must not be done."""


class IllegalTransitionError(JournalError):
    """A write was asked to change in a way that its state does not allow."""


class JournalBusyError(JournalError):
    """Another run holds the journal."""


class JournalFencedError(JournalError):
    """A newer run has taken the journal over; this one may not write any more."""


class State(StrEnum):
    """What is known of a write.

    `undone` means that nothing of it stands in Intercom: it was never carried out, or it was taken back.
    """

    INTENT = "intent"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    AMBIGUOUS = "ambiguous"
    UNDONE = "undone"


UNDOING = ("delete", "archive", "restore", "detach")
"""The operations of a rollback, which take back what other writes did. A load knows nothing of them."""

DUPLICATE = "duplicate"
"""The object of what the sweep has taken back: it stood in Intercom once too often, and stands for no record."""


ALLOWED_FROM: Mapping[State, tuple[State, ...]] = {
    State.CONFIRMED: (State.INTENT, State.AMBIGUOUS),
    State.REJECTED: (State.INTENT, State.AMBIGUOUS),
    State.AMBIGUOUS: (State.INTENT,),
    State.UNDONE: (State.INTENT, State.AMBIGUOUS, State.CONFIRMED),
}
"""A state and the states it may follow. `intent` is where a row begins, so it follows none."""


@dataclass(frozen=True, slots=True)
class Write:
    """One write to Intercom that is about to be sent.

    `parent_key` is the record that the write hangs on: the conversation of a part, the contact of a
    conversation. `fingerprint` is the hash of what is written.
    """

    object: str
    source_key: str
    operation: str
    fingerprint: str
    parent_key: str | None = None


@dataclass(frozen=True, slots=True)
class Undoes:
    """What no longer stands once a record is removed: the record's writes, and those that hang on it.

    `hanging` names the objects that Intercom removes with the record, whose `parent_key` is the record's key; none
    where what hangs on it stays. `run` limits it to what that run wrote.
    """

    object: str
    source_key: str
    hanging: tuple[str, ...]
    run: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run, as the journal remembers it. `kind` is load, rollback or verify.

    `exported_at` is when the drop that it loads was exported, `frozen_at` the moment since when nobody works in the
    source any more, which only a cutover states; both in unix seconds.
    """

    run_id: str
    kind: str = "load"
    code_version: str | None = None
    mapping_sha: str | None = None
    extract_sha: str | None = None
    exported_at: float | None = None
    frozen_at: float | None = None


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """What became of a write; every field but the state is optional."""

    state: State
    intercom_id: str | None = None
    adopted: bool = False
    before_image: Mapping[str, Any] | None = None
    last_written: Mapping[str, str] | None = None
    http_status: int | None = None
    error_code: str | None = None
    error_message: str | None = None
    remark: Mapping[str, Any] | None = None
    request_id: str | None = None
