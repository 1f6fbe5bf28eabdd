"""What a planted fault is: where it stands, how it gets there, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Becomes = Literal[
    "loaded",
    "normalised",
    "merged",
    "superseded",
    "skipped",
    "quarantined",
    "value dropped",
    "placeholder",
    "note",
    "split",
    "held",
]
"""What becomes of a faulty record.

loaded: it goes on as it is. normalised: its value is read as what was meant. merged: it becomes part of another
record. superseded: another version of it counts. skipped: left out by a stated rule. quarantined: held back whole.
value dropped: the record goes on without the value. placeholder: a stand-in is made for what is missing. note: it
becomes an internal note. split: it becomes several conversations. held: it waits until a person has added the
agent or team to Intercom.
"""


@dataclass(frozen=True)
class SampleFault:
    """One kind of mess, at one place of the sample.

    `key` is the record's key (several columns joined with |), empty where the whole file is meant. `cells` are
    the values planted into the record; with `add` the record exists for the fault only and `cells` are all of its
    values. `raw` is the text of a line put into the file after the record `key`, or at its end when `key` is
    empty. `find` is the text by which the fault is seen in the file (default: the first planted value, or `raw`).
    `rule` is the rule that it breaks, where a record or value is held back.
    """

    kind: str
    object: str
    file: str
    key: str
    becomes: Becomes
    detail: str
    rule: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)
    add: bool = False
    raw: str = ""
    find: str = ""
    number: int = 0

    @property
    def sight(self) -> str:
        """The text by which the fault is seen in the file."""
        return self.find or self.raw or next(iter(self.cells.values()), "")

    @property
    def record_key(self) -> str:
        """The key of the faulty record itself; empty where a whole file is meant, or a line that is no record."""
        if not self.raw or self.raw == "{same}":
            return self.key
        first = self.raw.split(",")[0].strip()
        return "" if first in ("", "Total", "Ticket ID") else first
