"""The temporary view `open_answers`: what Intercom still shows otherwise than it was sent, by the journal.

It is what the last answer about a field showed otherwise, unless a verification has found it equal or explained since.
The verdict, the report and the sentence with which a load stops count the same rows.
"""

import duckdb

from migration_assets.accounting.inputs import TABLES, open_inputs

_READ = ("plan.answered_otherwise", "verdict.answers_settled")
_OPEN = """
CREATE OR REPLACE TEMP VIEW open_answers AS
SELECT o.object, o.source_key, o.field FROM in_plan_answered_otherwise o
ANTI JOIN in_verdict_answers_settled s
    ON s.object = o.object AND s.source_key = o.source_key AND s.field = o.field AND s.write_id >= o.write_id
"""


def view_open_answers(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the view; a table that no step has written yet is empty."""
    open_inputs(connection, {name: TABLES[name] for name in _READ})
    connection.execute(_OPEN)
