"""One migration, touched in every way that there is, and looked at by each of those who must notice."""

import asyncio
import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from migration_assets.ground.lists import write_list
from migration_assets.hypercare.look import look
from migration_assets.hypercare.watch import find
from migration_assets.rollback.rollback_report import write_fates
from migration_assets.undoing import undo_tables
from migration_assets.verified.fields.since import write_since
from migration_assets.workspace.probing import write_profile
from migration_assets.writing.environment import Environment
from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from resources.journal import Journal, Run
from resources.journal.workspace_profiles import WorkspaceProfile
from tests.support import target_tables as tt
from tests.support.rolling_back import roll_back
from tests.support.site import Site, server
from tests.touches.hands import TOUCHES, Hands
from tests.verified.fields.conftest import Verifier

BEHAVIOURS = {
    "default": {},
    "bot": {"creation_state_event": "admin", "creation_assignment_event": "bot", "change_author": "bot",
            "same_value_event": "none", "updated_at": "moves", "replier_participates": "yes",
            "state_moves_open": "yes", "inbox_title": "escaped"},
    "token": {"creation_state_event": "none", "creation_assignment_event": "admin", "change_author": "token",
              "replier_participates": "yes", "creation_event_time": "now", "inbox_title": "shortened"},
    "conversation route": {},
}  # fmt: skip


def populate(site):
    """Give every kind of touch a ticket, contact or company of its own, and two that nobody touches."""
    attribute = {"options": None, "description": "From ITCO", "data_type": "string"}
    names = [touch.key for touch in TOUCHES if touch.of == "conversation"] + ["calm", "quiet"]
    contacts = [touch.key for touch in TOUCHES if touch.of == "contact"]
    companies = [touch.key for touch in TOUCHES if touch.of == "company"]
    asked = {"c1": {}, "c2": {}, "c3": {}, **{key: {} for key in contacts}}
    site.target(
        attributes=[
            {"source_key": "contact.ITCO id", "model": "contact", "name": "ITCO id", **attribute},
            {"source_key": "company.ITCO company id", "model": "company", "name": "ITCO company id", **attribute},
            {"source_key": "ticket.ITCO id", "model": "ticket", "name": "ITCO id", **attribute},
            {"source_key": "ticket.Plan", "model": "ticket", "name": "Plan", **attribute},
        ],
        contacts=[tt.contact(key, phone=f"+1555123{place:04}") for place, key in enumerate(asked)],
        companies=[
            tt.company(key, custom_attributes={"ITCO company id": key}) for key in ("k1", "k2", "k3", *companies)
        ],
        contact_companies=[tt.link(key, "k1") for key in ("c1", "contact_taken_out", "contact_moved")],
        admins=[tt.admin("a1")],
        teams=[{"source_key": "g1", "name": "First line", "path": "First line", "tickets": 1}],
        tags=[{"source_key": "vip", "name": "VIP"}, {"source_key": "late", "name": "Late"}],
        conversations=[
            tt.conversation(key, company_key="k1", agent_id="a1", team_id="g1", tags=["VIP"], priority="high",
                            state="closed", ticket_state="Resolved", created_at=1_600_000_000 + 1000 * place,
                            attributes={"ITCO id": key, "Plan": "Gold"})
            for place, key in enumerate(names)
        ],
        parts=[
            part
            for place, key in enumerate(names)
            for part in (
                tt.part(f"m1-{key}", key, 1, "a1", "admin", created_at=1_600_000_100 + 1000 * place),
                tt.part(f"m2-{key}", key, 2, "c2", created_at=1_600_000_200 + 1000 * place),
            )
        ],
    )  # fmt: skip


def later(site):
    """A later drop in which every field is another."""
    tables = dict(site.tables)
    conversations = [
        row | {"title": f"{row['title']} later", "agent_id": None, "needs_agents": [], "team_id": "g1",
               "company_key": "k2", "state": "open", "ticket_state": "In progress",
               "attributes": {**row["attributes"], "Plan": "Silver"}}
        for row in tables["conversations"]
    ]  # fmt: skip
    contacts = [row | {"name": f"{row['name']} later"} for row in tables["contacts"]]
    companies = [row | {"name": f"{row['name']} later"} for row in tables["companies"]]
    site.target(conversations=conversations, contacts=contacts, companies=companies)


def observe_profile(site, behaviours):
    """Put into the warehouse what a probe sees of the workspace's titles, which nothing else tells."""
    answer = {"answer": behaviours.get("inbox_title", "whole"), "seen": "as a probe sees it"}
    with site.warehouse.connect() as connection:
        write_profile(connection, WorkspaceProfile(0.0, {"inbox_title": answer}, []), stops=False)


class Seen:
    """What each of the four has found."""

    def __init__(self, site, behaviours):
        self.site = site
        self.named = behaviours.get("change_author", "named") == "named"
        self.whole = behaviours.get("inbox_title") != "shortened"
        self.verified = Verifier(site)()
        self.since = set(site.rows("SELECT object, source_key, code FROM observed.touches"))
        cutover = datetime.now(UTC).replace(year=2020)
        present = self._look()
        with site.warehouse.connect() as connection:
            self.found = find(connection, present, cutover, datetime.now(UTC))
        self.edited, self.kinds = {}, set()
        for name, key, _, kind, what, _ in site.rows("SELECT * FROM hypercare.edited"):
            self.edited[name, key] = [*self.edited.get((name, key), []), *what.split(", ")]
            self.kinds.add((name, key, kind))
        self.replied = {row[0]: row[2:4] for row in site.rows("SELECT * FROM hypercare.replied")}
        self.undone = roll_back(site, dry=True)
        self.lists = self._lists()
        site.migrate()
        self.unchanged = site.rows("SELECT object, source_key FROM plan.journal WHERE error_code = 'edits'")
        later(site)
        site.migrate()
        rows = site.rows("SELECT object, source_key, remark FROM plan.journal WHERE error_code = 'edits'")
        self.kept = {}
        for name, key, remark in rows:
            self.kept[name, key] = f"{self.kept.get((name, key), '')} {remark}"
        Verifier(site)()
        self.after = set(site.rows("SELECT object, source_key, code FROM observed.touches"))

    def _lists(self):
        """Return the columns of each list that names touches, and its (record, kind) of what somebody has touched."""
        found, folder = {}, Path(self.site.warehouse.database).parent
        with self.site.warehouse.connect() as connection:
            undo_tables.settle_fates(connection)
            write_since(connection, folder / "since.csv")
            write_list(connection, folder / "edited.csv", "FROM hypercare.edited")
            write_fates(connection, folder)
        for name in ("since.csv", "edited.csv", "lists/rollback.csv"):
            with (folder / name).open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
            touched = {(row["object"], row["itco_id"], row["kind"]) for row in rows if row["kind"]}
            found[name] = (list(rows[0]), touched)
        return found

    def _look(self):
        async def work():
            async with Intercom(self.site.server.url, self.site.server.token, budget=Budget()) as client:
                with Journal(self.site.url, "m") as journal:
                    journal.begin_run(Run("care", kind="hypercare"))
                    return await look(Environment(self.site.warehouse, journal, client, settle_seconds=0.0))

        return asyncio.run(work())


@pytest.fixture(scope="module", params=list(BEHAVIOURS))
def seen(request, tmp_path_factory, server):
    site = Site(tmp_path_factory.mktemp("touches"), server)
    site.control("wipe", "POST")
    site.control("behaviours", "POST", BEHAVIOURS[request.param])
    if request.param == "conversation route":
        site.options["route"] = "conversation"
    populate(site)
    observe_profile(site, BEHAVIOURS[request.param])
    site.migrate()
    Hands(site).touch_everything()
    yield Seen(site, BEHAVIOURS[request.param])
    site.control("behaviours", "POST", {})
