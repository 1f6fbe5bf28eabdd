"""Whether a run that has not ended still lives, judged from what it leaves behind: events, heartbeats, its process."""

from dataclasses import dataclass

from resources.journal.lease import STALE_SECONDS
from resources.wording import duration


@dataclass(frozen=True)
class Signs:
    """The signs of life of a run. Times are unix seconds.

    `beat` is its last heartbeat in the journal, None where it holds no journal now: only a load does.
    """

    last_event: float
    beat: float | None = None
    process_gone: bool = False


def why_stuck(signs: Signs, now: float, patience: float) -> str | None:
    """Say why a run counts as stuck, or None if it lives.

    Args:
        signs: what is known of it.
        now: unix seconds.
        patience: seconds without any event after which a run that does not write to the journal is given up.
    """
    if signs.process_gone:
        return "Its process has ended without saying so: it was killed, or the machine was."
    if signs.beat is not None:
        silent = now - signs.beat
        # A load says nothing to Dagster for hours, but beats every five seconds.
        return _silent("sign of life in the journal", silent) if silent >= STALE_SECONDS else None
    silent = now - signs.last_event
    return _silent("event", silent) if silent >= patience else None


def _silent(what: str, seconds: float) -> str:
    return f"There was no {what} for {duration(seconds)}."
