"""The journal: what was done to Intercom, one row per write, kept apart because it cannot be rebuilt.

An intent is on disk before its request leaves; the outcome is written after. No customer text is kept here.
"""

from resources.journal.codes import AnswerOutcome, EditOutcome, LossCode, WriteCode
from resources.journal.journal import Journal
from resources.journal.lease import Holder
from resources.journal.records import (
    IllegalTransitionError,
    JournalBusyError,
    JournalError,
    JournalFencedError,
    Run,
    State,
    Undoes,
    Write,
)
from resources.journal.recovery import NO_RUNS
from resources.journal.run_command import Command, RunCommand

__all__ = [
    "NO_RUNS",
    "AnswerOutcome",
    "Command",
    "EditOutcome",
    "Holder",
    "IllegalTransitionError",
    "Journal",
    "JournalBusyError",
    "JournalError",
    "JournalFencedError",
    "LossCode",
    "Run",
    "RunCommand",
    "State",
    "Undoes",
    "Write",
    "WriteCode",
]
