"""The codes by which the stages and the accounting tell decisions of the plan, and fates, apart. Words stand apart."""

from enum import StrEnum


class FindingCode(StrEnum):
    """The findings of the shaping that the end of a run asks for."""

    MERGED_VALUE_LEFT = "merged_value_left"
    """Of merged records a value gave way to another one's."""


class WriteVerdict(StrEnum):
    """What the plan decides about a write, in `plan.writes`."""

    SEND = "send"
    DONE = "done"
    """It stands in Intercom as it should."""
    HELD = "held"
    """It would be sent, but for what its reason says (`HoldReason`)."""
    UNRESOLVED = "unresolved"
    """It is not known whether Intercom executed it."""
    FAILED_BEFORE = "failed_before"
    """Intercom refused the very same, or has the record no more (the journal's `LossCode`); the reason is the code."""
    IMMUTABLE_CHANGED = "immutable_changed"
    """It was changed at source after it was sent, and Intercom cannot change it."""


class RecordAction(StrEnum):
    """What the plan decides about a record, in `plan.actions`."""

    CREATE = "create"
    UPDATE = "update"
    APPEND = "append"
    ADOPT = "adopt"
    UNCHANGED = "unchanged"
    BLOCKED = "blocked"
    FAILED = "failed"
    UNWANTED = "unwanted"
    """It stands in Intercom and is not wanted any more; of one that the source lacks, with `DELETED_IN_SOURCE`."""


DELETED_IN_SOURCE = "deleted_in_source"
"""The code in `plan.actions` of a record that no row of the extract stands for any more."""


class HoldReason(StrEnum):
    """What holds a write back. In words: words.sql, which says too whether only a person can let it in.

    Beside these stand what the rooms' records wait for (`PlanRules.reasons`), and of each object that others need its
    name with `_failed` and with `_unresolved`.
    """

    ANOTHER_WRITE_UNRESOLVED = "another_write_unresolved"
    AN_EARLIER_WRITE_FAILED = "an_earlier_write_failed"


class RowCode(StrEnum):
    """Which reason a row's fate has, in `verdict.source_rows`, where more than a person asks for it."""

    CUSTOMER = "customer"
    """Skipped: it waits for its customer, whose row is in quarantine."""
    BLOCKED = "blocked"
    """Skipped: it waits for somebody or a team that is not in Intercom."""
    BEYOND_LIMIT = "beyond_limit"
    """Skipped: it lies beyond the run's limit."""
    UNDONE = "undone"
    """Skipped: a rollback has taken it back out of Intercom."""
    FILE_LEFT_OUT = "file_left_out"
    """Skipped: the file cannot be used."""
    NOT_SENT = "not_sent"
    """Failed: the run ended before its turn."""
