"""What keeps a drop from being looked at at all, and how drops are named: one of them never stops the others.

Whoever delivers drops chooses the names in them. What belongs elsewhere: which drop is next (`drops.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from schemas.paths import leads_out

Found = TypeVar("Found")


@dataclass
class Reasons:
    """Why drops are not loaded, in sentences; `faults` are those that stay, by the drop's name in `folder`."""

    said: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)

    def fault(self, drop: Path, sentence: str) -> None:
        """Note what keeps a drop from ever being loaded as it is."""
        self.said.append(sentence)
        self.faults[drop.name] = sentence


def named(drop: Path) -> str:
    """Return a drop's name as it is shown: what does not print is escaped."""
    return drop.name if drop.name.isprintable() else ascii(drop.name)


def why_not(drop: Path, folder: Path) -> str | None:
    """Say in a sentence why a folder in the folder of drops is not looked into."""
    if not drop.name.isprintable():
        return f"{named(drop)} has a name with characters that do not print. Rename it."
    if leads_out(drop, folder):
        return f"{named(drop)} is a link to a place outside {folder}. Put the folder itself there."
    return None


def looked_at(drop: Path, look: Callable[[Path], Found], reasons: Reasons) -> Found | None:
    """Return what a look at a drop yields; a look that fails is a fault of this drop alone."""
    try:
        return look(drop)
    except Exception as error:  # whatever it is, the other drops are loaded
        why = f"({type(error).__name__}). See that all of it is readable."
        reasons.fault(drop, f"{named(drop)} cannot be looked at {why}")
        return None
