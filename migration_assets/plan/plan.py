"""Makes the plan: `plan.writes` with a verdict per write, `plan.actions` with an action per record."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from migration_assets.ground import quarantine
from migration_assets.objects.tables import open_objects
from migration_assets.plan.journal_state import import_journal, remember, written_since
from migration_assets.plan.matching import Matched, match_people
from migration_assets.plan.notice import TeammateNotice, write_notice
from migration_assets.plan.options import PlanOptions, PlanStopError, write_options
from migration_assets.plan.pieces import actions, count_calls, judging, planned, scripts
from resources.journal import Journal
from resources.warehouse import scalar, transaction

_HERE = Path(__file__).parent

LOOKED_AT = (
    "verdict.differences(object VARCHAR, source_key VARCHAR, field VARCHAR, expected VARCHAR, found VARCHAR, "
    "intercom_id VARCHAR, reason VARCHAR)",
    "observed.existing(object VARCHAR, source_key VARCHAR, intercom_id VARCHAR)",
    "observed.gone(object VARCHAR, source_key VARCHAR, intercom_id VARCHAR, code VARCHAR)",
)
"""What earlier looks at Intercom found, if there were any: what differs, would be adopted, or is gone."""


@dataclass(frozen=True)
class Plan:
    """A plan in figures: records by (object, action), calls in all, how agents and teams were matched, who is told."""

    records: dict[tuple[str, str], int]
    calls: int
    matched: Matched
    notice: TeammateNotice

    def count(self, action: str) -> int:
        """Return the number of records with that action, over all objects."""
        return sum(number for (_, found), number in self.records.items() if found == action)


def build_plan(connection: duckdb.DuckDBPyConnection, journal: Journal, options: PlanOptions) -> Plan:
    """Compare the target state with the journal and write `plan.*` and `verdict.vanished`; nothing is sent.

    Needs target.*, observed.admins and observed.teams. `observed.existing(object, source_key, intercom_id)`, if
    somebody has filled it, tells what would be adopted.

    Raises:
        PlanStopError: the migration's admin is missing, somebody is missing under `unmatched: stop`, the target
            state contradicts itself, or conversations would be snoozed until a time that has passed.
    """
    write_options(connection, options)
    matched = match_people(connection)
    tally = journal.tally()
    import_journal(connection, journal)
    quarantine.prepare(connection)
    with transaction(connection):
        for table in LOOKED_AT:
            connection.execute(f"CREATE TABLE IF NOT EXISTS {table}")
        count_calls(connection, options.route)
        open_objects(connection)
        for script in scripts():
            connection.execute(script)
    _require_unique(connection)
    judge_again(connection)
    remember(connection, tally)
    _require_no_refusal(connection)
    connection.execute(actions())
    connection.execute((_HERE / "deleted_in_source.sql").read_text())
    rows = connection.execute("SELECT object, action, records, calls FROM plan.summary").fetchall()
    records = {(row[0], row[1]): row[2] for row in rows}
    return Plan(records, sum(row[3] for row in rows), matched, write_notice(connection, options.route))


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
    judge_again(connection)
    remember(connection, tally)


def judge_again(connection: duckdb.DuckDBPyConnection) -> None:
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


def _require_no_refusal(connection: duckdb.DuckDBPyConnection) -> None:
    """Stop where a room says that what is planned of its object must not be carried out."""
    for room in planned():
        refusal = room.plan.refusal(connection) if room.plan.refusal is not None else None
        if refusal is not None:
            raise PlanStopError(refusal)
