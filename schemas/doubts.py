"""The doubts: every finding that could mean a wrong person, a lost text or a missing row, in one list.

A doubt that is open makes a run partial; above its limit it stops the run before the first write. Nothing doubtful is
called complete. A person settles one in `mapping.yaml`: by the line that the doubt names, by `accepted`, or, where
only the limit is in the way, by `limits`.

What belongs elsewhere: finding them (the stages do), keeping and weighing them (`accounting.doubts`).
"""

from dataclasses import dataclass
from enum import StrEnum


class Risk(StrEnum):
    """What would be wrong if the doubt is justified."""

    PERSON = "wrong person"
    TEXT = "lost text"
    ROW = "missing row"


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
    """

    risk: Risk
    says: str
    do: str
    limit: Limit | None = None


class DoubtCode(StrEnum):
    """The codes, as the warehouse, the lists of rows and `accepted` in mapping.yaml name them."""

    CUSTOMER_UNKNOWN = "customer_unknown"


DOUBTS: dict[DoubtCode, Doubt] = {
    DoubtCode.CUSTOMER_UNKNOWN: Doubt(
        Risk.PERSON,
        "name a customer whom no row of the extract describes",
        "Export the customers again, whole; what is not known is loaded under a placeholder.",
        Limit(share=0.01, rows=20),
    ),
}
"""Every kind of doubt, by its code."""


class DoubtState(StrEnum):
    """What a doubt means for the run."""

    OPEN = "open"
    """A reason: the run is partial."""
    STOPS = "stops"
    """More than its limit: nothing is written."""
    ACCEPTED = "accepted"
    """A person has said that it is all right."""
