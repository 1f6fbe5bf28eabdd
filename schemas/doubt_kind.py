"""What a doubt is: its kind, its limit, and what it means for a run."""

from dataclasses import dataclass
from enum import StrEnum


class Risk(StrEnum):
    """What would be wrong if the doubt is justified."""

    PERSON = "wrong person"
    TEXT = "lost text"
    ROW = "missing row"
    TIME = "wrong time"


@dataclass(frozen=True, slots=True)
class Limit:
    """How much may be found: `share` of the object's rows, 0 to 1, or `rows`, whichever is greater."""

    share: float = 0.0
    rows: int = 0

    def exceeded(self, found: int, of: int) -> bool:
        """Tell whether `found` of `of` rows are more than may be."""
        return found > max(self.share * of, self.rows)

    def __str__(self) -> str:
        """Return the limit as a sentence names it."""
        return f"{self.share:.1%} or {self.rows:,}" if self.share else f"the {self.rows:,}"


NONE_AT_ALL = Limit()
"""One is too many."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One kind of finding.

    Attributes:
        risk: what would be wrong.
        says: the finding as a clause that follows its number of rows: "tickets name a customer who is …".
        do: what a person does about it, as a sentence.
        limit: above it the run stops before the first write; None: it never stops a run, it only keeps it partial.
        tells: whether each finding is a sentence of its own, about a column or a file, said in place of `says`.
        by_line: what was found names a line of mapping.yaml, and only that settles it: `accepted` does not.
    """

    risk: Risk
    says: str
    do: str
    limit: Limit | None = None
    tells: bool = False
    by_line: bool = False


class DoubtState(StrEnum):
    """What a doubt means for the run."""

    OPEN = "open"
    """A reason: the run is partial."""
    STOPS = "stops"
    """More than its limit: nothing is written."""
    ACCEPTED = "accepted"
    """A person has said that it is all right."""
