"""What landing says about a drop: refusals that stop it, and findings that a person should read.

What belongs elsewhere: quarantined records (`migration_assets/ground/quarantine.py`).
"""

from dataclasses import dataclass, field
from typing import Literal


class LandingError(ValueError):
    """Files that cannot be read safely; the message has one line per fault: `file:line: reason. What to do`."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class RefusedFileError(LandingError):
    """One file that cannot be read safely."""

    def __init__(self, file: str, reason: str, line: int | None = None) -> None:
        super().__init__([f"{file}:{line}: {reason}" if line else f"{file}: {reason}"])


@dataclass(frozen=True)
class Finding:
    """Something odd that does not stop the landing; the message never has customer text in it."""

    file: str | None
    code: str
    message: str
    severity: Literal["info", "warn"] = "warn"
    line: int | None = None


@dataclass
class Findings:
    """The findings about one object, in the order in which they were made."""

    items: list[Finding] = field(default_factory=list)

    def info(self, file: str | None, code: str, message: str, line: int | None = None) -> None:
        """Note something that is worth knowing and needs no action."""
        self.items.append(Finding(file, code, message, "info", line))

    def warn(self, file: str | None, code: str, message: str, line: int | None = None) -> None:
        """Note something that a person should look at."""
        self.items.append(Finding(file, code, message, "warn", line))
