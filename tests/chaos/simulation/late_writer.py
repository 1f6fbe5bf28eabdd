"""A journal's writer without a thread, in a process that may die: what nobody waits for is lost with it."""

import time
from collections import deque

from resources.journal import JournalError
from resources.journal.writer import BEAT_LOOK, Committer

LATER = 0.5
"""Seconds until what nobody waits for is committed: long, so that a death in between is likely."""


class Life:
    """Whether a process lives. What it does once it is dead has no effect."""

    def __init__(self):
        self.over = False

    def end(self):
        """Die."""
        self.over = True

    def require(self):
        """Raise when it is dead."""
        if self.over:
            raise JournalError("The process is dead.")


class LateWriter(Committer):
    """Commits what is urgent at once, in the thread that gives it; what is not with the next that is, or later.

    Args:
        life: of the process.
        later: called with what is to be called a while later.
        parts: the engine, the guard and the beat.
    """

    def __init__(self, life, later, *parts):
        super().__init__(*parts)
        self._life = life
        self._later = later
        self._beat_due = time.monotonic() + BEAT_LOOK
        self._waiting = deque()

    def put(self, job):
        """Take a job."""
        self._life.require()
        self._waiting.append(job)
        if job.urgent:
            self._write()
        else:
            self._later(self._write)
        return job.future

    def close(self):
        """Write what waits."""
        self._write()

    def _write(self):
        if self._life.over:
            return
        if time.monotonic() >= self._beat_due:
            self._beat_due = time.monotonic() + BEAT_LOOK
            self.look()
        group = [job for job in self._waiting if job.future.set_running_or_notify_cancel()]
        self._waiting.clear()
        if group:
            self.commit(group)
