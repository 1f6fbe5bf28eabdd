"""What the next load would do, as plan.json for machines and plan.html for people: what a dry run leaves.

Everything is read from the plan; nothing is decided here.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from pydantic import Field

from migration_assets.accounting.certificate import CertifiedWorkspace, in_load_order
from migration_assets.accounting.codes import RecordAction
from migration_assets.accounting.outcomes import open_words
from migration_assets.accounting.pages import fill, read_shown, write_page
from migration_assets.accounting.sections import Section
from migration_assets.objects.registry import plurals
from resources.warehouse import fetch_frame, scalar
from schemas.mapping_settings import RouteName

HTML = "plan.html"
TEMPLATE = Path(__file__).with_name("plan.html.jinja")
EXAMPLES = 3
"""Records of an object that are named for each action but `unchanged`."""

ACTIONS = "SELECT object, action, records, calls FROM plan.summary"
FIRST = """
SELECT a.object, a.action, a.source_key, coalesce(w.words, a.reason) AS reason
FROM plan.actions a LEFT JOIN hold_words w ON w.said_of = a.object AND w.code = a.reason
WHERE a.action <> 'unchanged'
QUALIFY row_number() OVER (PARTITION BY a.object, a.action ORDER BY a.source_key) <= ?
ORDER BY a.object, a.action, a.source_key
"""
QUARANTINED = "SELECT count(*) FROM (SELECT DISTINCT object, \"row\" FROM quarantine.faults WHERE severity = 'row')"


class PlannedRecord(Section):
    """A record with what would be done about it."""

    source_key: str
    action: RecordAction
    reason: str | None


class ObjectPlan(Section):
    """The records of one Intercom object by what would be done about them, and the calls that this takes."""

    create: int = 0
    adopt: int = 0
    update: int = 0
    append: int = 0
    unchanged: int = 0
    blocked: int = 0
    failed: int = Field(default=0, description="Refused by Intercom before, and not tried again as it is.")
    unwanted: int = Field(default=0, description="In Intercom, and not in the extract any more.")
    calls: int = 0
    first: list[PlannedRecord] = Field(default_factory=list, description="The first records of each action.")


class TimeNeeded(Section):
    """How long the calls take: at what the workspace grants, and at what Intercom's documentation says of all."""

    calls_per_window: int | None = Field(description="Calls that the workspace grants in ten seconds; null: not said.")
    seconds_granted: float
    seconds_documented: float


class PlanOverview(Section):
    """The whole of plan.json."""

    run_id: str
    made_at: datetime = Field(description="With time zone.")
    source_instance: str
    workspace: CertifiedWorkspace
    target: str = Field(description="embedded or intercom.")
    route: RouteName
    limit: int | None = Field(description="At most this many tickets; null: all.")
    extract_sha256: str
    mapping_sha256: str
    objects: dict[str, ObjectPlan]
    calls: int
    time: TimeNeeded
    quarantined: int = Field(description="Rows of the extract that would not be loaded: rejects/ says why.")

    def total(self, action: str) -> int:
        """Return the records with that action, over all objects."""
        return sum(getattr(plan, action) for plan in self.objects.values())

    @property
    def columns(self) -> list[str]:
        """The actions that have a column: the usual ones always, the others where there are any."""
        usual = ("create", "update", "append", "unchanged", "blocked")
        return [action.value for action in RecordAction if action in usual or self.total(action)]

    @property
    def nothing_to_do(self) -> bool:
        """Whether a load would send nothing."""
        return not self.calls


def read_objects(connection: duckdb.DuckDBPyConnection) -> dict[str, ObjectPlan]:
    """Return the plan by object, in the order in which they are loaded."""
    open_words(connection)
    found: dict[str, dict[str, Any]] = {}
    for row in fetch_frame(connection, ACTIONS).to_dicts():
        counts = found.setdefault(row["object"], {"calls": 0, "first": []})
        counts[row["action"]] = row["records"]
        counts["calls"] += row["calls"]
    for row in fetch_frame(connection, FIRST, [EXAMPLES]).to_dicts():
        found[row.pop("object")]["first"].append(PlannedRecord(**row))
    return {plurals().get(name, name): ObjectPlan(**found[name]) for name in in_load_order(found)}


def read_about(connection: duckdb.DuckDBPyConnection) -> Mapping[str, Any]:
    """Return what the plan is of: the extract, the workspace, and the choices it was made under."""
    query = """
    SELECT e.source_instance, e.sha256, w.app_id, w.name, w.region, w.calls_per_window, o.route, o."limit"
    FROM raw.extract e CROSS JOIN observed.workspace w CROSS JOIN plan.options o
    """
    return fetch_frame(connection, query).to_dicts()[0]


def quarantined(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many rows of the extract are in quarantine."""
    return scalar(connection, QUARANTINED)


def write_overview(folder: Path, overview: PlanOverview) -> None:
    """Write plan.html and plan.json into the state folder, the second last."""
    write_page(folder / HTML, render(overview), overview)


def read_overview(folder: Path) -> PlanOverview | None:
    """Return what the last dry run left, or None."""
    return read_shown(folder / HTML, PlanOverview)


def render(overview: PlanOverview) -> str:
    """Return the page; every value is escaped, there is no script, and it loads nothing."""
    return fill(TEMPLATE, {"p": overview, "examples": EXAMPLES})
