"""Makes the plan: `plan.writes` with a verdict per write, `plan.actions` with an action per record."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from migration_assets.ground import quarantine
from migration_assets.objects.adoption import QUEUE, judge_standing
from migration_assets.objects.protocol import WriteNotice
from migration_assets.objects.tables import open_objects
from migration_assets.plan.journal_state import import_journal, remember, written_since
from migration_assets.plan.matching import Matched, match_looked_up, require_no_refusal
from migration_assets.plan.pieces import actions, count_calls, judging, planned, scripts
from migration_assets.plan.plan_options import PlanOptions, PlanStopError, write_options
from resources.journal import Journal
from resources.warehouse import scalar, transaction

_HERE = Path(__file__).parent

LOOKED_AT = (
    "verdict.differences(object VARCHAR, source_key VARCHAR, field VARCHAR, expected VARCHAR, found VARCHAR, "
    "intercom_id VARCHAR, reason VARCHAR)",
    "observed.existing(object VARCHAR, source_key VARCHAR, intercom_id VARCHAR)",
    "observed.deleted_in_intercom(object VARCHAR, source_key VARCHAR, intercom_id VARCHAR, code VARCHAR)",
    "observed.contradictions(object VARCHAR, source_key VARCHAR, name VARCHAR, intercom_id VARCHAR, ours VARCHAR, "
    "theirs VARCHAR)",
)
"""What earlier looks at Intercom found, if there were any: what differs, would be adopted, or is gone."""


@dataclass(frozen=True)
class Plan:
    """A plan in figures: records by (object, action), calls in all, what was matched, who is told."""

    records: dict[tuple[str, str], int]
    calls: int
    matched: list[Matched]
    notices: list[WriteNotice]

    def count(self, action: str) -> int:
        """Return the number of records with that action, over all objects."""
        return sum(number for (_, found), number in self.records.items() if found == action)


def build_plan(
    connection: duckdb.DuckDBPyConnection, journal: Journal, options: PlanOptions, *, observed: bool = False
) -> Plan:
    """Compare the target state with the journal and write `plan.*` and `verdict.deleted_in_source`; nothing is sent.

    Needs target.*, and in observed.* what is looked up. `observed.existing(object, source_key, intercom_id)`, if
    somebody has filled it, tells what would be adopted; where `observed`, the rooms have looked at Intercom.

    Raises:
        PlanStopError: somebody is missing under `unmatched: stop`, the target state contradicts itself, or a room
            refuses the plan.
    """
    write_options(connection, options)
    matched = match_looked_up(connection)
    tally = journal.tally()
    import_journal(connection, journal)
    if observed:
        judge_standing(connection)
    quarantine.prepare(connection)
    with transaction(connection):
        for table in LOOKED_AT:
            connection.execute(f"CREATE TABLE IF NOT EXISTS {table}")
        count_calls(connection, options.route)
        open_objects(connection)
        for script in scripts():
            connection.execute(script)
    _require_unique(connection)
    decide_again(connection)
    remember(connection, tally)
    require_no_refusal(connection, planned())
    connection.execute(QUEUE)
    connection.execute(actions())
    connection.execute((_HERE / "deleted_in_source.sql").read_text())
    rows = connection.execute("SELECT object, action, records, calls FROM plan.summary").fetchall()
    records = {(row[0], row[1]): row[2] for row in rows}
    connection.execute("CREATE OR REPLACE TABLE plan.teammate_notice (cause VARCHAR, number BIGINT)")
    notices = [room.plan.notice(connection, options.route) for room in planned() if room.plan.notice is not None]
    return Plan(records, sum(row[3] for row in rows), matched, notices)


def refresh_verdicts(connection: duckdb.DuckDBPyConnection, journal: Journal) -> None:
    """Bring the journal's news into `plan.journal` and judge every write anew; without news, nothing is done.

    `plan.actions` stays what was planned. Called before each load, so that what was written since is not sent
    again and what waited for it can go.
    """
    tally = journal.tally()
    news = written_since(connection, tally)
    if news == []:
        return
    import_journal(connection, journal, news)
    decide_again(connection)
    remember(connection, tally)


def decide_again(connection: duckdb.DuckDBPyConnection) -> None:
    """Give every write its verdict by the journal, which also decides what of some objects is still wanted."""
    open_objects(connection)
    with transaction(connection):
        for script in judging():
            connection.execute(script)


def _require_unique(connection: duckdb.DuckDBPyConnection) -> None:
    twice = scalar(
        connection,
        "SELECT count(*) FROM (SELECT 1 FROM plan.desired WHERE source_key IS NOT NULL "
        "GROUP BY object, source_key, operation HAVING count(*) > 1)",
    )
    if twice:
        raise PlanStopError(f"{twice} writes would be planned twice: the target state has keys that are not unique.")
