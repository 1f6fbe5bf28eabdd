"""Which journal a run uses, as Dagster sees it."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
from pydantic import Field

from resources.journal.journal import Journal
from resources.journal.records import Run


class JournalStore(dg.ConfigurableResource):
    """The journal's database. It can hold several migrations, each under its own name."""

    url: str = Field(description="SQLAlchemy URL of the journal: sqlite:///… or postgresql://…")

    @contextmanager
    def reading(self, migration: str) -> Iterator[Journal]:
        """Open a migration's journal for reading; it may be written by another process meanwhile."""
        journal = Journal(self.url, migration)
        try:
            yield journal
        finally:
            journal.close()

    @contextmanager
    def writing(self, migration: str, run: Run) -> Iterator[Journal]:
        """Open a migration's journal for writing on behalf of `run`, fencing off older runs.

        Raises:
            resources.journal.JournalBusyError: another run is writing.
        """
        journal = Journal(self.url, migration)
        try:
            journal.begin_run(run)
            yield journal
        finally:
            journal.close()
