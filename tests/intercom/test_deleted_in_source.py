"""What is gone in ITCO: reported, or deleted where the setting says so; what people touched stays and is listed."""

import asyncio
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace

import dagster as dg
import pytest

from migration_assets.accounting.load_figures import start_loads
from migration_assets.accounting.sweep_tables import start_sweep
from migration_assets.handoff import explain_deleted_in_source
from migration_assets.handoff.evidence import gather
from migration_assets.intercom import deleted_in_source
from migration_assets.intercom import load_step as stepping
from migration_assets.intercom.checks import every_record_deleted_in_source_has_one_fate
from migration_assets.intercom.deleted_in_source import FIGURES, follow_deletions
from migration_assets.verified.sweep_workspace import sweep
from migration_assets.writing import off_peak as hours
from migration_assets.writing.environment import Environment
from resources.intercom.budget import Budget
from resources.intercom.client import Intercom
from resources.journal import Command, Journal, Run
from resources.run import MigrationOptions
from tests.intercom.test_off_peak import DAY, NIGHT
from tests.support.rolling_back import applied_writes, dump, id_of, request

TYPE = "ITCO ticket"
MARKER = 2
"""Writes that take the workspace and give it back."""


class Target:
    """The workspace as a step has it, which remembers whether it was called."""

    concurrency, settle_seconds = 4, 0.0

    def __init__(self, server):
        self.server = server
        self.calls = SimpleNamespace(snapshot=lambda: {"total": self.total, "writes": self.writes})
        self.total = self.writes = 0

    def call(self, work):
        async def session():
            async with Intercom(self.server.url, self.server.token, budget=Budget()) as client:
                try:
                    return await work(client)
                finally:
                    self.total, self.writes = client.calls.total, client.calls.snapshot()["writes"]

        return asyncio.run(session())


@pytest.fixture
def loaded(small, monkeypatch):
    """The small target, loaded."""
    monkeypatch.setattr(deleted_in_source, "migration_name", lambda connection: "m")
    small.migrate()
    return small


def without(site, *keys):
    """Take rows out of the target, as a drop does in which they are gone."""
    site.target(**{
        name: [row for row in rows if not {row["source_key"], *row["source_key"].split("|")} & set(keys)]
        for name, rows in site.tables.items()
    })  # fmt: skip


def delta(site, *, delete=True, **chosen):
    """Load the target and do with what vanished as the step does; returns what was written, and the figures."""
    sent = {name: amount for load in site.migrate(delete_gone=delete).values() for name, amount in load.sent.items()}

    @contextmanager
    def writing(name, run):
        with Journal(site.url, name) as journal:
            journal.begin_run(run)
            yield journal

    options = MigrationOptions(**chosen)
    step = SimpleNamespace(
        run_id=f"run-{site.runs}",
        warehouse=site.warehouse,
        journal=SimpleNamespace(writing=writing),
        require_confirmation=lambda: None,
        options=options,
        workspace=Target(site.server),
    )
    figures = follow_deletions(step, lambda _line: None)
    (result,) = [every_record_deleted_in_source_has_one_fate(site.warehouse)]
    assert isinstance(result, dg.AssetCheckResult)
    assert result.passed, result.description
    assert set(FIGURES) < set(figures)
    return sent, {
        name: value for name, value in figures.items() if value and name not in ("calls", "dagster/row_count")
    }


def fates(site):
    rows = site.rows("SELECT object, source_key, fate, reason FROM verdict.deleted_in_source ORDER BY ALL")
    return {(name, key): (fate, reason) for name, key, fate, reason in rows}


def answer(site, key):
    """A teammate answers in the Inbox."""
    admin = site.call(lambda client: client.list_admins())[0].id
    body = {"message_type": "comment", "type": "admin", "admin_id": admin, "body": "Thank you!"}
    request(site, "POST", f"/tickets/{id_of(site, 'conversation', key)}/reply", {**body, "skip_notifications": True})


def told(site, **options):
    """Return the sentence that the report says of what vanished, None where nothing is left for a person."""
    with site.warehouse.connect() as connection:
        start_loads(connection)
        start_sweep(connection)
        rows = gather(connection, limited=False, notifications_sent=0).deleted_in_source
    return explain_deleted_in_source.sentence(rows, **options) if explain_deleted_in_source.open_rows(rows) else None


def test_reported_where_the_mapping_does_not_say_otherwise(loaded):
    without(loaded, "t1", "m1", "m2", "m3")
    before = dump(loaded)
    sent, figures = delta(loaded, delete=False)
    assert (sent, figures, dump(loaded)) == ({}, {"reported": 4}, before)
    assert told(loaded).endswith(": 3 of messages and 1 of conversations. They stay in Intercom. See " + (
        f"{explain_deleted_in_source.NEEDS}."))  # fmt: skip


def test_nothing_vanished_calls_nothing(loaded):
    assert delta(loaded) == ({}, {})


def test_deleted_with_its_messages_and_made_anew_when_itco_has_it_again(loaded):
    first, everything = dict(loaded.tables), applied_writes(loaded)
    without(loaded, "t1", "m1", "m2", "m3")
    sent, figures = delta(loaded)
    assert (sent, figures) == ({}, {"deleted": 4, "writes": 1 + MARKER})
    assert set(loaded.tickets()) == {"t2", "t3", "t4"}
    assert told(loaded) is None
    assert delta(loaded) == ({}, {})
    loaded.target(**first)
    sent, figures = delta(loaded)
    assert (sent["conversation/create"], sent["part/append"], figures) == (1, 3, {})
    assert set(loaded.tickets()) == {"t1", "t2", "t3", "t4"}
    assert applied_writes(loaded) == everything


def test_what_people_touched_and_what_hangs_on_it_stays_and_is_listed(loaded):
    answer(loaded, "t2")
    without(loaded, "t2", "t3", "c2", "m4")
    _, figures = delta(loaded)
    assert figures == {"deleted": 1, "refused": 3, "writes": 1 + MARKER}
    answered, needed = (
        "1 message in it by a teammate",
        "it has a conversation of ours that stays, which Intercom would ",
    )
    assert fates(loaded) == {
        ("contact", "c2"): ("refused", needed + "delete with it"),
        ("conversation", "t2"): ("refused", answered),
        ("conversation", "t3"): ("deleted", None),
        ("part", "m4"): ("refused", "its conversation stays"),
    }
    assert set(loaded.tickets()) == {"t1", "t2", "t4"}
    assert [contact["external_id"] for contact in dump(loaded)["contacts"]] == ["c1", "c2"]
    sentence = told(loaded)
    assert "By settings.gone: 1 deleted and 3 refused (" in sentence
    assert f"1: {answered}" in sentence
    # Tried again, it is still so, and nothing is written.
    assert delta(loaded) == ({}, {"refused": 3})


def test_what_stood_there_before_gets_its_fields_back(small, monkeypatch):
    monkeypatch.setattr(deleted_in_source, "migration_name", lambda connection: "m")
    request(small, "POST", "/contacts", {"role": "user", "external_id": "c2"})
    before = dump(small)["contacts"]
    small.migrate()
    without(small, "t2", "t3", "c2", "m4")
    assert delta(small)[1] == {"deleted": 3, "restored": 1, "writes": 3 + MARKER}
    assert [item for item in dump(small)["contacts"] if item["external_id"] == "c2"] == before


def test_a_single_message_and_a_ticket_with_messages_left_are_only_reported(loaded):
    without(loaded, "m3", "t2")
    loaded.target(parts=[row for row in loaded.tables["parts"] if row["source_key"] != "m4"],
                  lineage=[{"object": "messages", "key": "m4", "disposition": "skipped"}])  # fmt: skip
    assert delta(loaded) == ({}, {"reported": 2})
    assert fates(loaded) == {
        ("conversation", "t2"): ("reported", "the extract still has messages of the ticket"),
        ("part", "m3"): ("reported", "Intercom cannot delete a single message"),
    }


def test_the_sweep_takes_what_was_deleted_for_nobodys(loaded):
    with loaded.warehouse.connect() as connection:
        start_loads(connection)
    step = SimpleNamespace(warehouse=loaded.warehouse, run_id=f"run-{loaded.runs}")
    loaded.call(
        lambda client: read(loaded, client, lambda env: stepping.count_what_stands(step, env, "conversation", TYPE))
    )
    without(loaded, "t1", "m1", "m2", "m3")
    assert delta(loaded)[1]["deleted"] == 4
    with loaded.warehouse.connect() as connection:
        start_sweep(connection)
    loaded.call(lambda client: read(loaded, client, sweep))
    assert loaded.rows("SELECT kind, object, source_key FROM verdict.strays") == []
    assert set(loaded.tickets()) == {"t2", "t3", "t4"}


async def read(site, client, work):
    with Journal(site.url, "m") as journal:
        journal.begin_run(Run(f"run-{site.runs}"))
        await work(Environment(site.warehouse, journal, client, settle_seconds=0.0))


def test_many_deletions_keep_to_the_hours_of_large_loads(loaded, monkeypatch):
    moments, asked = iter([DAY] * 3 + [NIGHT] * 1000), []
    monkeypatch.setattr(hours, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(deleted_in_source, "hold_to", partial(hours.hold_to, clock=lambda: next(moments)))
    real = Journal.ask
    monkeypatch.setattr(Journal, "ask", lambda self, wish, by: asked.append(wish) or real(self, wish, by))
    without(loaded, "t3")
    delta(loaded, off_peak="20:00-06:00", large_load=0)
    assert asked == [Command.PAUSE, Command.GO]
    assert fates(loaded)["conversation", "t3"][0] == "deleted"
