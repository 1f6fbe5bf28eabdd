"""Tells on the terminal which stage a run has come to: one line per stage, when its first step begins."""

import logging
import time

import dagster as dg
from rich.console import Console

from resources.terminal import stderr_console

STAGES = {
    "itco": "landing the files as text",
    "clean": "validating and typing",
    "target": "shaping what Intercom should hold",
    "workspace": "looking at the workspace",
    "plan": "comparing with the journal",
    "intercom": "writing to Intercom",
    "verified": "asking Intercom what stands there, once all has settled",
    "handoff": "writing the report",
    "hypercare": "looking at what was migrated",
    "rollback": "taking the migration back",
}
"""What each stage does, in words; the keys are the first segment of the stage's asset keys."""


class StageHandler(logging.Handler):
    """Prints a stage's line when Dagster logs the start of its first step."""

    def __init__(self, console: Console | None = None) -> None:
        super().__init__()
        self._console = console
        self._seen: set[str] = set()
        self._began = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        """Look at one of Dagster's log records."""
        meta = getattr(record, "dagster_meta", None) or {}
        event = meta.get("dagster_event")
        if event is None or event.event_type != dg.DagsterEventType.STEP_START or not event.step_key:
            return
        stage = event.step_key.split("__")[0]
        if stage in STAGES and stage not in self._seen:
            self._seen.add(stage)
            console = self._console or stderr_console()
            elapsed = time.monotonic() - self._began
            console.print(f"{elapsed:5.0f} s  {STAGES[stage]}", highlight=False, soft_wrap=True)


@dg.logger(config_schema={}, description="One line per stage on the terminal; everything else is in the UI.")
def stage_logger(_context: dg.InitLoggerContext) -> logging.Logger:
    """Return the logger of a run that was started from the terminal."""
    logger = logging.Logger("stages", level=logging.DEBUG)
    logger.addHandler(StageHandler())
    return logger
