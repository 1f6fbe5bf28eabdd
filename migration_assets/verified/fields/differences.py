"""`differences.csv`: every field that is not as it should be, with both values, for a person to look at."""

from pathlib import Path

import duckdb
import polars as pl

from migration_assets.ground.lists import write_list
from resources.journal import LossCode
from schemas.run_options import make
from schemas.source import SOURCE

DIFFERENCES = "differences.csv"

RESTORE = make("migrate", "restore_deleted")
REASONS = {
    "never_written": "The migration has never written it: the journal has no write of it that Intercom confirmed.",
    "not_taken": "Intercom confirmed the write, and its answer showed the field otherwise already.",
    "answer_lost": "The answer to the write was lost and the record found again: nobody knows whether it was taken.",
    "changed_since": "It was written and taken, and changed in Intercom since; by whom Intercom does not tell: a "
    "person, an app or Intercom itself.",
    "answered_since": "It was written and taken; the customer has written in it after the migration, which opens it "
    "again: since_the_migration.csv names the message.",
    # What warehouses of earlier versions have in place of the four.
    "changed_in_intercom": "It was changed in Intercom since it was loaded; Intercom does not tell by whom.",
    "held_before_adoption": "The adopted record held it before; only what was empty there was filled.",
    "redacted_in_intercom": "The text was taken out of Intercom; Intercom does not tell by whom.",
    LossCode.DELETED.value: f"It was deleted in Intercom after it was loaded; {RESTORE} writes it again.",
    LossCode.ARCHIVED.value: f"It was archived in Intercom after it was loaded; {RESTORE} brings it back.",
    LossCode.MERGED.value: "It was merged into another contact in Intercom after it was loaded.",
    "not_in_intercom": "Intercom does not show it.",
    "changed_at_source": f"{SOURCE}'s text was changed after it was sent, and a message cannot be changed in Intercom.",
    "not_sent_yet": "The target has changed since the last load; make migrate sends it.",
    "held": "The target has changed since the last load, and the change is held back, because what the record needs "
    f"has failed or is not in Intercom. The report names it. {RESTORE} brings back what was deleted or archived "
    "in Intercom, and then the change is sent.",
    "unresolved": "It is not known yet whether Intercom carried the last change out; make migrate finds out.",
}
"""Why a field may differ, in words; any other reason is Intercom's own code for a change that it refused."""

_QUERY = """
SELECT object, source_key, field, expected, found, intercom_id, reason,
    coalesce(w.words, 'Intercom refused the last change of it; make failures lists it.') AS what_it_means
FROM verdict.differences d LEFT JOIN difference_words w USING (reason)
ORDER BY object, source_key, field
"""


def write_differences(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Write the file and return the number of its rows; with none, an earlier file is removed."""
    words = pl.DataFrame({"reason": list(REASONS), "words": list(REASONS.values())})
    connection.register("difference_words", words.to_arrow())
    try:
        return write_list(connection, path, _QUERY)
    finally:
        connection.unregister("difference_words")
