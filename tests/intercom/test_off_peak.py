"""A large load outside its hours: it writes nothing, says why, and goes on by itself when they begin."""

import asyncio
from datetime import UTC, datetime

from rich.console import Console

from migration_assets.intercom.load import load
from migration_assets.objects.registry import loader_of
from migration_assets.writing import off_peak as hours
from migration_assets.writing.environment import Environment
from migration_assets.writing.off_peak import attend, hold_to, large_load
from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from resources.journal import Command, Journal, Run, RunCommand
from resources.journal.database import open_database
from resources.journal.shown import show_status
from resources.journal.status import read_status
from schemas.hours import parse_hours
from tests.support.site import TYPE

DAY = datetime(2026, 11, 1, 12, tzinfo=UTC).timestamp()
NIGHT = datetime(2026, 11, 1, 22, tzinfo=UTC).timestamp()
LARGE = large_load(parse_hours("20:00-06:00", "UTC"), 60_000, 50_000)


def test_it_pauses_by_day_and_goes_on_by_night(small, monkeypatch):
    monkeypatch.setattr(hours, "LOOK_SECONDS", 0.05)
    small.plan()
    now = [DAY]

    async def work():
        async with Intercom(small.server.url, small.server.token, budget=Budget()) as client:
            with Journal(small.url, "m") as journal:
                journal.begin_run(Run("run-0"))
                env = Environment(small.warehouse, journal, client, settle_seconds=0.0)
                async with hold_to(LARGE, journal, lambda: now[0]):
                    loading = asyncio.create_task(load(env, loader_of("tag", "ticket", TYPE)))
                    await asyncio.sleep(1.5)
                    by_day = client.calls.snapshot()["writes"], loading.done()
                    now[0] = NIGHT
                    await loading
                return by_day, client.calls.snapshot()["writes"]

    assert asyncio.run(work()) == ((0, False), 2)


def test_the_status_says_why_it_waits(small):
    with Journal(small.url, "m") as journal:
        journal.begin_run(Run("run-0"))
        asyncio.run(attend(LARGE, journal, lambda: DAY))
        assert journal.run_command == RunCommand(Command.PAUSE, LARGE.asks), "heard at once, before anything is sent"
        engine = open_database(small.url)
        console = Console(record=True, width=300)
        show_status(read_status(engine, "m"), console)
        engine.dispose()
        said = console.export_text()
    assert "pausing (asked by MIGRATION_OFF_PEAK 20:00-06:00 UTC: 60,000 records are planned, more than 50,000" in said


def test_somebody_who_lets_it_go_on_is_not_overruled(small):
    with Journal(small.url, "m") as journal:
        journal.begin_run(Run("run-0"))
        asyncio.run(attend(LARGE, journal, lambda: DAY))
        journal.ask(Command.GO, "anna on desk")
        asyncio.run(attend(LARGE, journal, lambda: DAY))
        assert journal.run_command == RunCommand(Command.GO, "anna on desk")
