import asyncio

import pytest

from migration_assets.plan.plan import build_plan
from migration_assets.plan.plan_options import PlanOptions
from resources.journal import Journal, Run, Write
from resources.warehouse import Warehouse, fetch_frame
from tests.support import target_tables as tt


class Bench:
    """A warehouse, a journal, and short ways to plan and to pretend that something was sent."""

    def __init__(self, tmp_path):
        self.warehouse = Warehouse(database=str(tmp_path / "w.duckdb"))
        self.url = f"sqlite:///{tmp_path / 'j.sqlite3'}"
        self.journal = Journal(self.url, "m")
        self.journal.begin_run(Run("run-1"))
        self.tables = {}
        self.admins = [("1", "migration@example.com"), ("2", "fallback@example.com")]
        self.teams = []

    def target(self, **tables):
        self.tables.update(tables)

    def plan(self, **options):
        chosen = {"run_id": "run-2", "route": "ticket", "unmatched": "hold", "ticket_type": "ITCO ticket",
                  "migration_admin": "Migration@example.com",
                  "fallback_admin": "fallback@example.com"} | options  # fmt: skip
        with self.warehouse.connect() as connection:
            tt.write_target(connection, **self.tables)
            tt.write_people(connection, self.admins, self.teams)
            return build_plan(connection, self.journal, PlanOptions(**chosen))

    def rows(self, query):
        with self.warehouse.connect() as connection:
            return fetch_frame(connection, query).rows()

    def verdicts(self, object_name):
        return {
            (key, operation): (verdict, reason)
            for key, operation, verdict, reason in self.rows(
                f"SELECT source_key, operation, verdict, reason FROM plan.writes WHERE object = '{object_name}'"
            )
        }

    def action(self, object_name, key):
        return self.rows(
            f"SELECT action, reason, calls FROM plan.actions WHERE object = '{object_name}' AND source_key = '{key}'"
        )[0]

    def pretend(self, state, where="TRUE", fingerprint=None, code=None, message=None, remark=None):
        """Write journal rows for the desired writes that fit `where`, in `state`."""
        rows = self.rows(
            "SELECT object, source_key, operation, fingerprint, parent_key FROM plan.writes "
            f"WHERE {where} ORDER BY record_object, record_key, seq"
        )

        async def write():
            for number, (object_name, key, operation, found, parent) in enumerate(rows):
                write_id = await self.journal.intent(Write(object_name, key, operation, fingerprint or found, parent))
                if state != "intent":
                    done = state == "confirmed"
                    self.journal.outcome(
                        write_id, state_of(state), intercom_id=f"{object_name}-{number}-{key}" if done else None,
                        error_code=code, error_message=message, remark=remark,
                    )  # fmt: skip
            await self.journal.flush()

        asyncio.run(write())
        return len(rows)


def state_of(text):
    from resources.journal import State

    return State(text)


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.journal.close()
