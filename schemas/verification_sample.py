"""How many records a verification compares, as a person writes it: all, a share or a number."""

import math
import re
from dataclasses import dataclass

ALL = "all"
_SHARE = re.compile(r"^(\d{1,3}(?:\.\d+)?)\s*%$")


@dataclass(frozen=True)
class VerificationSample:
    """How many records of each object are compared: `share` of them (0 to 1), or `number`; neither: all."""

    share: float | None = None
    number: int | None = None

    @classmethod
    def parse(cls, text: str) -> "VerificationSample":
        """Read all, a share such as 5%, or a number of records.

        Raises:
            ValueError: it is none of them.
        """
        said = text.strip().lower()
        if said == ALL:
            return cls()
        if said.isdecimal() and int(said) > 0:
            return cls(number=int(said))
        share = _SHARE.match(said)
        if share and 0 < float(share[1]) <= 100:
            return cls(share=float(share[1]) / 100)
        raise ValueError(f"a sample is all, a share such as 5%, or a number of records such as 2000, not {text!r}")

    def __str__(self) -> str:
        """Return the sample as it is written in the settings."""
        if self.share is not None:
            return f"{self.share * 100:g}%"
        return ALL if self.number is None else str(self.number)

    def of(self, records: int) -> int | None:
        """Return how many of so many records are drawn; None for all."""
        if self.share is not None:
            return math.ceil(self.share * records)
        return self.number
