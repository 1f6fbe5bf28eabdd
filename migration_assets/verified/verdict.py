"""The tables `verdict.strays` and `verdict.sweep`: what the sweep found, and what it came to in numbers.

The plan empties them (accounting/sweep_tables.py), the sweep writes them, the check and the report read them: without
a row in `verdict.sweep` there was no sweep in this run.
"""

from collections.abc import Sequence

import duckdb

from migration_assets.verified.deduplicate import DELETE, Copy
from migration_assets.writing.resolve import UnknownWrite

OUTCOMES = """
UPDATE verdict.strays s SET
    outcome = if(j.state = 'confirmed', 'healed', 'left'),
    reason = CASE j.state
        WHEN 'confirmed' THEN NULL
        WHEN 'rejected' THEN 'Intercom refused to take it back: ' || coalesce(j.error_message, j.error_code, '')
        ELSE 'Intercom gave no clear answer; the next run tries again' END
FROM plan.journal j
WHERE s.kind = 'twice' AND s.outcome IS NULL AND j.object = 'duplicate' AND j.source_key = s.key
"""
GONE = """
INSERT INTO observed.gone BY NAME
SELECT object, source_key, intercom_id, 'deleted_in_intercom' AS code FROM verdict.strays WHERE kind = 'missing'
"""
"""What is missing was asked for by its id: --restore-deleted has it written again."""
COUNTED = """
CREATE OR REPLACE TABLE verdict.sweep AS
SELECT
    count(*) FILTER (kind = 'missing') AS missing,
    count(*) FILTER (kind = 'orphaned') AS orphaned,
    count(*) FILTER (kind = 'twice') AS twice,
    count(*) FILTER (kind = 'twice' AND outcome = 'healed') AS healed,
    count(*) FILTER (kind = 'twice' AND outcome IS DISTINCT FROM 'healed') AS "left",
    (SELECT foreign_parts FROM verdict.others) AS foreign_parts,
    (SELECT foreign_edits FROM verdict.others) AS foreign_edits,
    (SELECT not_shown FROM verdict.others) AS not_shown,
    (SELECT count(*) FROM observed.tickets) AS tickets_read,
    (SELECT count(*) FROM observed.ticket_parts) AS parts_read,
    ?::BIGINT AS conversations_read
FROM verdict.strays
"""


def leave(connection: duckdb.DuckDBPyConnection, copy: Copy, reason: str) -> None:
    """Note why something that is there twice is left for a person."""
    connection.execute(
        "UPDATE verdict.strays SET outcome = 'left', reason = ? WHERE kind = 'twice' AND key = ?", [reason, copy.key]
    )


def keep_sweep(connection: duckdb.DuckDBPyConnection, finished: Sequence[UnknownWrite], openings: int) -> None:
    """Note what became of everything that was to be taken back, and count.

    Args:
        connection: the warehouse, with `plan.journal` as it is after the sweep.
        finished: writes of an earlier run, which was ended between call and outcome, whose copy is taken back.
        openings: conversations that were read beside the tickets.
    """
    connection.execute(OUTCOMES)
    for write in finished:
        object_name = "conversation" if write.operation == DELETE else "part"
        connection.execute(
            "INSERT INTO verdict.strays BY NAME SELECT 'twice' AS kind, ? AS object, ? AS source_key, "
            "? AS intercom_id, 'healed' AS outcome, ? AS key",
            [object_name, write.parent_key, write.source_key.rpartition("|")[2], write.source_key],
        )
    connection.execute(GONE)
    connection.execute(COUNTED, [openings])
