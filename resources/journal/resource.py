"""Which journal a run uses, as Dagster sees it."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
from pydantic import Field, SecretStr

from resources.journal.database import open_database, sqlite_path
from resources.journal.journal import Journal
from resources.journal.lease import last_beat
from resources.journal.records import Run
from resources.journal.workspace_profiles import WorkspaceProfiles
from schemas.paths import sqlite_url


class JournalStore(dg.ConfigurableResource):
    """The journal's database. It can hold several migrations, each under its own name."""

    path: str = Field(description="The SQLite file. MIGRATION_JOURNAL_URL, if set, names another database instead.")
    elsewhere: dg.ResourceDependency[SecretStr | None] = Field(
        default=None,  # type: ignore[arg-type]
        exclude=True,
        description="The URL of that other database. It may hold a password, so it is no configuration.",
    )

    @property
    def url(self) -> str:
        """The SQLAlchemy URL."""
        return self.elsewhere.get_secret_value() if self.elsewhere else sqlite_url(self.path)

    def heartbeat(self, run_id: str) -> float | None:
        """Return when a run that holds the journal gave its last sign of life there, or None if it does not hold it."""
        path = sqlite_path(self.url)
        if path is not None and not path.exists():
            return None
        engine = open_database(self.url)
        try:
            return last_beat(engine, run_id)
        finally:
            engine.dispose()

    @property
    def shown(self) -> str:
        """Where the journal is, for people to read; a URL, which may hold a password, is not shown."""
        return "the database that MIGRATION_JOURNAL_URL names" if self.elsewhere else self.path

    @contextmanager
    def reading(self, migration: str) -> Iterator[Journal]:
        """Open a migration's journal for reading; it may be written by another process meanwhile."""
        journal = Journal(self.url, migration)
        try:
            yield journal
        finally:
            journal.close()

    @contextmanager
    def profiles(self) -> Iterator[WorkspaceProfiles]:
        """Open what the journal keeps of the workspaces themselves, whichever migration goes there."""
        profiles = WorkspaceProfiles(self.url)
        try:
            yield profiles
        finally:
            profiles.close()

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
