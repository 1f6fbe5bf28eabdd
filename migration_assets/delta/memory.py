"""What the journal says of earlier runs into the workspace that is written to now, without asking the workspace."""

from datetime import datetime

import polars as pl

from migration_assets.ground.migration_name import INTO
from migration_assets.plan.guards import last_exported
from resources.embedded_launcher import stand_in_id
from resources.journal import Journal
from resources.journal.database import sqlite_path
from schemas.settings import Settings


def runs_by_instance(settings: Settings) -> dict[str, pl.DataFrame]:
    """Return the journal's runs by source instance, oldest first; none where nothing was ever written.

    The workspace's own id is known after a call only. So with a real one the latest migration of an instance counts
    that did not go into the embedded workspace; with the embedded one, those that did.
    """
    path = sqlite_path(settings.journal)
    if path is not None and not path.exists():
        return {}
    stand_in = stand_in_id(settings.embedded_seed)
    embedded = settings.target == "embedded"
    found: dict[str, pl.DataFrame] = {}
    with Journal(settings.journal, "") as book:
        names = book.migrations()
    for name in names:
        instance, into, app = name.rpartition(INTO)
        if into and (app == stand_in) is embedded:
            with Journal(settings.journal, name) as book:
                found[instance] = book.runs()
    return found


def last_loaded(settings: Settings) -> dict[str, datetime]:
    """Return by source instance when the drop was exported that was loaded last."""
    times = {instance: last_exported(runs, "") for instance, runs in runs_by_instance(settings).items()}
    return {instance: moment for instance, moment in times.items() if moment is not None}
