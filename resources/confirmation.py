"""Whether somebody means a run: a code that only who can read the state folder knows.

A page in the browser of whoever has the UI open could ask it to start a run. It cannot read the code, so that a run
that writes to a real workspace, or takes something back, begins only where a person at the machine has meant it.
"""

import hmac
import secrets
from pathlib import Path

import dagster as dg

from resources.durable import write_whole

FILE = "confirmation"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that are taken for one another."""
LENGTH = 16
"""Letters of the code: 80 bits."""


def confirmation_code(state: Path) -> str:
    """Return the code of a state folder; it is made once, and only the folder's owner can read it."""
    path = state / FILE
    if not path.exists():
        write_whole(path, "".join(secrets.choice(LETTERS) for _ in range(LENGTH)) + "\n")
    return path.read_text(encoding="utf-8").strip()


def require_code(given: str, state: Path, what: str) -> None:
    """Refuse a run that nobody has confirmed.

    Args:
        given: the code that came with the run.
        state: the state folder.
        what: what the run would do, as a clause: "would write to …".

    Raises:
        dagster.Failure: it is not the code; says where it is.
    """
    if not hmac.compare_digest(given.strip().encode(), confirmation_code(state).encode()):
        raise dg.Failure(
            f"This run {what}, and nobody has confirmed it: nothing was sent. A run from the UI is confirmed in its "
            f"configuration, resources.confirmation.code, with the code that stands in {state / FILE}. "
            "What is started with make, by a schedule or by a sensor is confirmed by itself.",
            allow_retries=False,
        )
