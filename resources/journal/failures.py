"""The dead letters: what Intercom refused, in its own words, with the record and what to do about it."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine, Row, select

from resources.complete_commands import complete
from resources.journal.codes import WriteCode
from resources.journal.healing import ABOUT_CONTENT, heals
from resources.journal.records import State
from resources.journal.statements import last_attempts
from resources.journal.tables import write
from schemas.run_options import make

AGAIN = f"then run {make('migrate', 'retry_failed')}"
BY_ITSELF = "the next run sends it again by itself"
LACKED = (
    f"Put into Intercom what its words say it lacks: {BY_ITSELF}. Or correct the value in the extract or its mapping."
)
ADVICE: Mapping[str, str] = {
    WriteCode.UNSENDABLE: f"Put right what the message names, {AGAIN}.",
    WriteCode.TOO_MANY_ATTEMPTS: (
        f"Look for it in Intercom, for nothing says whether it arrived; {AGAIN} if it did not."
    ),
    WriteCode.PRIORITY_IGNORED: (
        "Nothing is lost: the ticket attribute has it. Only Preview sets Intercom's own priority."
    ),
    WriteCode.STATE_IGNORED: f"Set the ticket's state by hand in Intercom, or find out what keeps it, {AGAIN}.",
}
BY_STATUS = {
    400: "Correct the value in the extract or its mapping; what has changed is sent again by itself.",
    401: f"Give the run a token that Intercom accepts: {BY_ITSELF}.",
    402: f"Give the workspace that plan: {BY_ITSELF}.",
    403: f"Give the token's app that permission, or the workspace that plan: {BY_ITSELF}.",
    404: f"Intercom does not have what it belongs to: put it there again, and {BY_ITSELF}.",
    409: f"Another record of Intercom has this key: merge or correct one of the two, and {BY_ITSELF}.",
    413: f"It is too large for Intercom: shorten it in the extract or leave its file out, {AGAIN}.",
    422: "Correct the value in the extract or its mapping; what has changed is sent again by itself.",
}
OTHERWISE = f"Read what Intercom said, put it right, {AGAIN}."

HEADINGS = ("object", "source_key", "parent_key", "operation", "status", "code", "message", "request_id", "attempts",
            "at", "what_to_do")  # fmt: skip

BATCH_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Failure:
    """A write that Intercom refused when it was sent last."""

    object: str
    source_key: str
    parent_key: str | None
    operation: str
    status: int | None
    code: str
    message: str
    request_id: str | None
    attempts: int
    at: float

    @property
    def what_to_do(self) -> str:
        """A sentence for the person who has to deal with it."""
        if self.status in ABOUT_CONTENT and heals(self.status, self.code, self.message):
            return LACKED
        return ADVICE.get(self.code) or BY_STATUS.get(self.status or 0) or OTHERWISE

    def cells(self, folders: Mapping[str, str]) -> tuple[str | int | None, ...]:
        """Return the row of the list; `folders` are what a command repeats (`complete_commands.folders_of`)."""
        at = datetime.fromtimestamp(self.at, UTC).isoformat(timespec="seconds")
        return (self.object, self.source_key, self.parent_key, self.operation, self.status, self.code, self.message,
                self.request_id, self.attempts, at, complete(self.what_to_do, folders))  # fmt: skip


def failures(engine: Engine, migration: str) -> Iterator[Failure]:
    """Yield every write whose last attempt Intercom refused, by object and key."""
    last = last_attempts(migration)
    query = (
        select(write)
        .join(last, last.c.id == write.c.id)
        .where(write.c.state == State.REJECTED.value)
        .order_by(write.c.object, write.c.source_key, write.c.operation)
    )
    with engine.connect().execution_options(yield_per=1000) as connection:
        for row in connection.execute(query):
            yield _failure(row)


def _failure(row: Row[tuple[object, ...]]) -> Failure:
    found = row._mapping
    return Failure(
        found["object"], found["source_key"], found["parent_key"], found["operation"], found["http_status"],
        found["error_code"] or "", found["error_message"] or "", found["request_id"], found["attempts"],
        found["outcome_at"] or time.time(),
    )  # fmt: skip


def write_failures(engine: Engine, migration: str, path: Path, folders: Mapping[str, str] | None = None) -> int:
    """Write the list to a CSV file and return the number of its rows; with none, there is no file.

    `folders` are what the commands in it repeat of the run's folders (`complete_commands.folders_of`).
    """
    import polars as pl  # the journal's other commands do without it

    from resources.safe_csv import write_safe_csv

    def frames() -> Iterator[pl.DataFrame]:
        rows = (failure.cells(folders or {}) for failure in failures(engine, migration))
        while batch := list(islice(rows, BATCH_ROWS)):
            yield pl.DataFrame(batch, schema=dict.fromkeys(HEADINGS, pl.String), orient="row", strict=False)

    return write_safe_csv(path, frames())
