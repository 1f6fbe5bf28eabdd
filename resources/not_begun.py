"""Keeps the sentence of what failed first from being buried: Dagster logs an error for every step that waited for it.

A run of a hundred steps whose first one fails would have a hundred errors in its log, one of which says why. They are
counted instead, and said in one line before the run's end.
"""

import copy
import logging
import re
from collections import Counter

import dagster as dg

from resources.wording import counted

NOT_BEGUN = re.compile(r"Dependencies for step \S+ .*Not executing\.")
"""Dagster's words on a step that cannot be begun any more."""


class OneLineForAll(logging.Filter):
    """Before the handler that keeps a run's log: lets everything pass but the errors of steps that were not begun.

    Args:
        handler: gets the line that stands for all of them.
        counts: how many they are, by run; a run's steps and its end are told by different handlers.
    """

    def __init__(self, handler: logging.Handler, counts: Counter[str]) -> None:
        super().__init__()
        self._handler, self._counts = handler, counts

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is kept."""
        about = getattr(record, "dagster_meta", None) or {}
        run_id, event = str(about.get("run_id")), about.get("dagster_event")
        if event is None and NOT_BEGUN.fullmatch(about.get("orig_message", "")):
            self._counts[run_id] += 1
            return False
        if event is not None and event.event_type == dg.DagsterEventType.RUN_FAILURE and run_id in self._counts:
            self._handler.emit(_one_line(record, self._counts.pop(run_id)))
        return True


def _one_line(ending: logging.LogRecord, steps: int) -> logging.LogRecord:
    """Return a record of the run itself, beside that of its end."""
    words = f"{counted(steps, 'step')} not begun: what they wait for has failed. The error before this line says why."
    line = copy.copy(ending)
    line.levelno, line.levelname, line.msg = logging.INFO, "INFO", words
    line.__dict__["dagster_meta"] = {
        **ending.__dict__["dagster_meta"],
        "orig_message": words,
        "dagster_event": None,
        "step_key": None,
    }
    return line
