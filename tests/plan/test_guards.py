"""What keeps a later drop from being loaded: too much vanished, an older export, work after the freeze."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from migration_assets.plan import guards
from migration_assets.plan.guards import DeletedRecords, last_exported, not_frozen, older, too_many_deleted
from resources.run import MigrationOptions
from tests.support import target_tables as tt

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("deleted", "loaded", "share", "stops"),
    [(1, 100, 0.01, False), (2, 100, 0.01, True), (0, 0, 0.0, False), (1, 1000, 0.0, True), (5, 5, 1.0, False)],
)
def test_more_than_the_share_stops(deleted, loaded, share, stops):
    found = [DeletedRecords("contact", 0, 50), DeletedRecords("conversation", deleted, loaded)]
    assert (too_many_deleted(found, share, accepted=False) is not None) is stops
    assert too_many_deleted(found, share, accepted=True) is None


def test_the_refusal_names_only_what_is_too_much():
    said = too_many_deleted([DeletedRecords("company", 1, 3), DeletedRecords("part", 1, 1000)], 0.01, accepted=False)
    assert said.startswith("1 of 3 companies (33.3%) that were loaded")
    assert "make migrate ACCEPT=vanished" in said
    assert "messages" not in said


def test_an_older_drop_is_refused_the_same_one_is_not():
    assert older(NOON, None, accepted=False) is None
    assert older(NOON, NOON, accepted=False) is None
    assert older(NOON + HOUR, NOON, accepted=False) is None
    assert "2026-11-01 11:00:00 UTC" in older(NOON - HOUR, NOON, accepted=False)
    assert older(NOON - HOUR, NOON, accepted=True) is None


def test_the_last_drop_is_that_of_the_last_run_before_this_one():
    times = [NOON + HOUR, NOON, None, NOON + 9 * HOUR]
    runs = pl.DataFrame(
        {"run_id": ["a", "b", "look", "me"], "exported_at": [moment and moment.timestamp() for moment in times]}
    )
    assert last_exported(runs, "me") == NOON
    assert last_exported(runs.filter(pl.col("run_id") == "me"), "me") is None


@pytest.mark.parametrize(
    ("frozen", "exported", "later", "says"),
    [
        (None, NOON, {}, "FREEZE="),
        (NOON + HOUR, NOON, {}, "before the freeze"),
        (NOON, NOON + HOUR, {"tickets": 2, "messages": 1}, "1 messages and 2 tickets were created or changed after"),
    ],
)
def test_a_cutover_without_a_freeze_is_refused(frozen, exported, later, says):
    assert says in not_frozen(frozen, exported, later)


def test_a_frozen_drop_passes():
    assert not_frozen(NOON, NOON, {"tickets": 0}) is None


def test_the_freeze_is_a_time_with_a_zone():
    assert MigrationOptions(freeze="2026-11-01T13:00:00+01:00").frozen_at == NOON
    assert MigrationOptions().frozen_at is None
    for wrong in ("2026-11-01T13:00:00", "yesterday", ""):
        with pytest.raises(ValueError, match="with its zone"):
            _ = MigrationOptions(freeze=wrong).frozen_at


def test_what_changed_after_the_freeze_is_counted_by_object(bench):
    with bench.warehouse.connect() as connection:
        connection.execute("""CREATE SCHEMA IF NOT EXISTS clean;
            CREATE TABLE clean.tickets AS SELECT * FROM (VALUES
                (TIMESTAMP '2026-11-01 10:00', TIMESTAMP '2026-11-01 12:00', NULL),
                (TIMESTAMP '2026-11-01 10:00', TIMESTAMP '2026-11-01 12:01', NULL),
                (TIMESTAMP '2026-11-01 10:00', NULL, TIMESTAMP '2026-11-02 12:00')
            ) t(created_at, updated_at, closed_at);
            CREATE TABLE clean.messages AS SELECT TIMESTAMP '2026-11-01 12:00' AS created_at""")
        assert guards.changed_after(connection, NOON) == {"tickets": 2}


def test_what_vanished_is_told_from_what_is_held_back_or_merged_now(bench):
    bench.target(
        contacts=[tt.contact(f"c{number}") for number in range(1, 6)],
        conversations=[tt.conversation("t1"), tt.conversation("t2")],
        parts=[tt.part("m1", "t1", 1), tt.part("m2", "t1", 2)],
    )
    bench.plan()
    bench.pretend("confirmed", "object IN ('contact', 'conversation', 'part') AND operation IN ('create', 'append')")
    bench.target(
        contacts=[tt.contact("c1"), tt.contact("c2")],
        conversations=[tt.conversation("t1")],
        parts=[tt.part("m1", "t1", 1)],
        lineage=[
            {"object": "customers", "key": "c3", "disposition": "merged"},
            {"object": "customers", "key": "c4", "disposition": "skipped"},
        ],
    )
    with bench.warehouse.connect() as connection:
        from migration_assets.ground.quarantine import prepare

        prepare(connection)
        connection.execute(
            "INSERT INTO quarantine.faults BY NAME "
            "SELECT 'tickets' AS object, 't2' AS key, 'row' AS severity "
            "UNION ALL SELECT 'customers', 'c1', 'value'"
        )
    bench.plan()
    gone = {key: reason for _, key, reason in bench.rows(
        "SELECT object, source_key, reason FROM plan.actions WHERE action = 'unwanted'")}  # fmt: skip
    assert gone == {
        "c3": "in Intercom; its row in the extract is merged now",
        "c4": "in Intercom; its row in the extract is skipped now",
        "c5": "in Intercom, but no longer in the extract",
        "t2": "in Intercom; its row in the extract is in quarantine now",
        "m2": "in Intercom, but no longer in the extract",
    }
    with bench.warehouse.connect() as connection:
        shares = {item.object: (item.deleted, item.loaded) for item in guards.deleted_records(connection)}
    assert shares == {"contact": (1, 5), "conversation": (0, 2), "part": (1, 2)}
