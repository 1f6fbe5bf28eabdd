"""What the load works on: a record is a list of steps, each of which is one journalled write."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from migration_assets.writing.answers import AnsweredFields
from migration_assets.writing.conflicts import WriteRemark
from migration_assets.writing.touch_rules import RefusalCode
from resources.journal import Undoes, Write


class UnsendableError(Exception):
    """A write cannot even be put into words for Intercom; nothing was sent. The message names the cause."""


class Declined(Exception):
    """A write that we ourselves would rather not send after all; nothing was sent, and nothing is wrong with it.

    Attributes:
        code: why, in the journal.
        words: why, in a sentence without anything of a customer's.
    """

    def __init__(self, code: RefusalCode, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


class Stopped(Exception):
    """The load ended before its end; everything that was under way is journalled. The message says why.

    Attributes:
        asked: whether a person wanted it to end, rather than a fault.
    """

    def __init__(self, words: str, *, asked: bool = False) -> None:
        super().__init__(words)
        self.asked = asked


@dataclass(frozen=True, slots=True)
class Sent:
    """What Intercom answered to a step.

    `adopted` says that the record stood there before us. `before_image` is what a record that stood held in the
    fields that were changed (its shape: resources/journal/tables.py), `last_written` the marks of how fields were left,
    `remark` what a person must be told, `undoes` what no longer stands because of it, `answered` what was sent and what
    the answer shows, by field.
    """

    intercom_id: str | None = None
    adopted: bool = False
    before_image: Mapping[str, Any] | None = None
    last_written: Mapping[str, str] | None = None
    remark: WriteRemark | None = None
    undoes: Undoes | None = None
    answered: AnsweredFields = field(default_factory=dict)


Ids = dict[str, str]
"""Intercom ids that one step of a record learns and a later one needs, by word: conversation."""


@dataclass(frozen=True, slots=True)
class Step:
    """One write and how to send it. `send` gets the record's ids and may add to them."""

    write: Write
    send: Callable[[Ids], Awaitable[Sent]]
    essential: bool = True
    """Whether the rest of the record must not be sent when Intercom refuses this."""


@dataclass(slots=True)
class Record:
    """One record of Intercom: its steps run strictly one after the other."""

    key: str
    steps: tuple[Step, ...]
    ids: Ids = field(default_factory=dict)
