"""What people need once the migration is done: who does what now, with a list for each, in STATE/handover.

The lists hold what customers and agents wrote only where that is what they are for: titles and descriptions of what has
to be built again by hand.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from migration_assets.accounting.certificate import Certificate, write_whole
from migration_assets.accounting.pages import fill
from migration_assets.ground.lists import write_list
from migration_assets.handoff import explain
from migration_assets.objects.registry import rooms as registered
from migration_assets.objects.tables import open_objects
from schemas.run_options import make
from schemas.source import SOURCE, SOURCE_ID, SOURCE_NUMBER

HERE = Path(__file__).parent
FOLDER, PAGE = "handover", "index.html"


@dataclass(frozen=True)
class Task:
    """Something that people have to do: who does it, and the list of what it is about, by its file and its query.

    Without a query the rooms have it.
    """

    file: str
    title: str
    who: str
    what: str
    query: str = ""


TASKS = (
    Task(
        "agents_and_teams.csv",
        "Agents and teams that Intercom lacks, and records that may be somebody else's there",
        "Intercom administrator",
        "Create the agents and teams in Intercom, or name others under agents: and teams: in the mapping; say of the "
        "others under same_record: whether they are the same. Then run the cutover again: their tickets wait for them.",
        "SELECT kind, source_key AS itco_id, name, email_or_path, reason, tickets FROM plan.reconciliation_queue "
        "WHERE tickets > 0 ORDER BY tickets DESC, kind, source_key",
    ),
    Task(
        "quarantined_rows.csv",
        "Rows in quarantine",
        f"Owner of the {SOURCE} data",
        "Correct them in place, in the files of the folder rejects, or write yes under _leave_out where a row is not "
        "needed; then run the cutover again. What is held back with its ticket follows it.",
        "SELECT object, key, \"row\", reason FROM verdict.source_rows WHERE fate = 'quarantined' ORDER BY ALL",
    ),
    Task(
        "failed_rows.csv",
        "Rows that failed",
        "Who runs the migration",
        "make failures lists what Intercom said and what to do. Put that right, then run "
        f"{make('migrate', 'retry_failed')}.",
        "SELECT object, key, \"row\", reason FROM verdict.source_rows WHERE fate IN ('failed', 'unaccounted') "
        "ORDER BY ALL",
    ),
    Task(
        "waiting_rows.csv",
        "Rows that wait for somebody",
        "Who runs the migration",
        "They go by themselves with the next run once what they wait for is there.",
        'SELECT object, key, "row", reason FROM verdict.source_rows '
        "WHERE fate = 'skipped' AND code IN ('customer', 'blocked') ORDER BY ALL",
    ),
    Task(
        "changed_in_itco.csv",
        f"Other in {SOURCE} than in Intercom",
        "Head of support",
        f"Messages that were changed or deleted in {SOURCE} after they were sent, and records that {SOURCE} "
        "no longer has. Intercom keeps them; delete there what should not be there.",
        "SELECT object, source_key AS itco_id, reason FROM plan.actions WHERE action = 'unwanted' "
        "AND object IN (SELECT name FROM intercom_objects WHERE told_when_deleted) UNION ALL "
        "SELECT object, source_key, reason FROM plan.writes WHERE verdict = 'immutable_changed' ORDER BY ALL",
    ),
    Task(
        "automations.csv",
        "Workflows, triggers, macros, SLAs, views and reports",
        "Intercom administrator",
        "Intercom's API cannot create these. Build by hand what is still wanted; the list has each in words.",
        "SELECT kind, name, active, description FROM clean.automations ORDER BY kind, name",
    ),
    Task(
        "articles.csv",
        "Articles of the help centre",
        "Owner of the help centre",
        "This version does not load them. Take over by hand what is still wanted, and redirect the old addresses.",
        "SELECT article_id, title, collection, parent_collection, state, locale, url FROM clean.articles "
        "ORDER BY article_id",
    ),
    Task(
        "team_members.csv",
        "Who is in which team",
        "Intercom administrator",
        "Intercom's API cannot set who is in a team. Do so under Settings, Teammates.",
        "SELECT m.team_id, t.name AS team, m.agent_id, a.name AS agent, a.email FROM clean.team_members m "
        "LEFT JOIN clean.teams t USING (team_id) LEFT JOIN clean.agents a ON a.agent_id = m.agent_id "
        "ORDER BY m.team_id, m.agent_id",
    ),
)

TICKET_IDS = Task(
    "ticket_ids.csv",
    "Old ticket numbers and Intercom's ids",
    "Everybody",
    "The number that customers quote finds the conversation. In Intercom it is in the attributes "
    f"{SOURCE_NUMBER} and {SOURCE_ID}. A very long ticket has several conversations.",
)

SWITCH_ON = (
    ("E-mail forwarding", f"Let the support addresses lead to Intercom, and no longer to {SOURCE}."),
    ("Office hours and SLAs", "They count from now on; migrated conversations carry none."),
    ("Workflows", "One after the other, each tried with a conversation of your own first: one that is triggered by a "
     "new contact, a tag or a state may reach customers at once."),
    ("Series and outbound messages", "See first that no audience fits all migrated contacts."),
    ("Fin", "It answers open conversations: look at which of the migrated ones are open before."),
    ("CSAT and conversation ratings", "Last, or customers are asked about tickets that were closed long ago."),
)  # fmt: skip


@dataclass(frozen=True)
class Cutover:
    """When the source was frozen, the last day of hypercare, and where the journal is that a way back needs."""

    frozen_at: datetime | None
    hypercare_until: datetime | None
    journal: str


def write_handover(
    connection: duckdb.DuckDBPyConnection, folder: Path, certificate: Certificate, cutover: Cutover
) -> dict[str, int]:
    """Write the page and the lists into `folder` and return the number of rows by list, without `.csv`."""
    rows = {file: write_list(connection, folder / file, query) for file, query in list_queries(connection).items()}
    write_whole(folder / PAGE, render(certificate, cutover, rows))
    return {file.removesuffix(".csv"): number for file, number in rows.items()}


def list_queries(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the query of each list, by its file, and open what they read."""
    open_objects(connection)
    return {task.file: task.query for task in TASKS} | {TICKET_IDS.file: "\nUNION ALL\n".join(_old_numbers())}


def _old_numbers() -> list[str]:
    files = [room.old_numbers for room in registered().values() if room.old_numbers is not None]
    return [f"SELECT * FROM ({file.read_text(encoding='utf-8')})" for file in files]


def render(certificate: Certificate, cutover: Cutover, rows: dict[str, int]) -> str:
    """Return the page; `rows` is the length of each list."""
    return fill(
        HERE / "handover.html.jinja",
        {
            "c": certificate,
            "cutover": cutover,
            "rows": rows,
            "tasks": [task for task in TASKS if rows[task.file]],
            "done": [task for task in TASKS if not rows[task.file]],
            "ticket_ids": TICKET_IDS,
            "switch_on": SWITCH_ON,
            "verdict": explain.verdict_line(
                certificate.verdict,
                sum(counts.loaded for counts in certificate.source.values()),
                sum(counts.rows for counts in certificate.source.values()),
            ),
        },
    )
