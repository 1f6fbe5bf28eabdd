"""The journal's news: only objects of which something was written since are read again, and none is missed."""

import asyncio

import pytest

from migration_assets.plan import plan as planning
from migration_assets.plan.plan import refresh_verdicts
from resources.journal import Journal, Run, State, Write
from tests.support import target_tables as tt


@pytest.fixture
def read(bench, monkeypatch):
    """Returns what a refresh read of the journal: the objects, None for all, or "nothing"."""
    seen = []
    real = planning.import_journal

    def noted(connection, journal, objects=None):
        seen.append(objects)
        return real(connection, journal, objects)

    monkeypatch.setattr(planning, "import_journal", noted)

    def refresh():
        seen.clear()
        with bench.warehouse.connect() as connection:
            refresh_verdicts(connection, bench.journal)
        return seen[0] if seen else "nothing"

    return refresh


def write(journal, key, state=None, object_name="contact", fingerprint="f1"):
    number = asyncio.run(journal.intent(Write(object_name, key, "create", fingerprint)))
    if state is not None:
        journal.outcome(number, state, intercom_id=f"i-{key}").result()
    return number


def verdict(bench, key):
    return {found: state for (found, _), (state, _) in bench.verdicts("contact").items()}[key]


def fingerprint_of(bench, key):
    ((found,),) = bench.rows(f"SELECT fingerprint FROM plan.writes WHERE object = 'contact' AND source_key = '{key}'")
    return found


@pytest.fixture
def planned(bench):
    bench.target(contacts=[tt.contact("c1"), tt.contact("c2")])
    bench.plan()
    return bench


def test_without_news_nothing_is_read(planned, read):
    assert read() == "nothing"
    assert read() == "nothing"


def test_every_step_of_a_write_is_news_and_only_of_its_object(planned, read):
    write(planned.journal, "t", State.CONFIRMED, "tag")
    assert read() == ["tag"]
    number = write(planned.journal, "c1", fingerprint=fingerprint_of(planned, "c1"))
    assert read() == ["contact"]
    assert verdict(planned, "c1") == "unresolved"
    for state, found in ((State.AMBIGUOUS, "unresolved"), (State.CONFIRMED, "done"), (State.UNDONE, "send")):
        planned.journal.outcome(number, state, intercom_id="i1").result()
        assert read() == ["contact"]
        assert verdict(planned, "c1") == found
        assert read() == "nothing"


def test_two_writes_that_change_places_are_news(planned, read):
    first, second = write(planned.journal, "c1"), write(planned.journal, "c2", State.CONFIRMED)
    read()
    planned.journal.outcome(first, State.CONFIRMED, intercom_id="i1").result()
    planned.journal.outcome(second, State.UNDONE).result()
    assert read() == ["contact"]
    assert planned.rows("SELECT source_key, state FROM plan.journal ORDER BY ALL") == [
        ("c1", "confirmed"),
        ("c2", "undone"),
    ]


def test_a_refresh_that_died_before_its_verdicts_is_made_again(planned, read, monkeypatch):
    write(planned.journal, "c1", State.CONFIRMED, fingerprint=fingerprint_of(planned, "c1"))

    def dies(*_):
        raise RuntimeError

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(planning, "remember", dies)
        read()
    assert read() == ["contact"]
    assert verdict(planned, "c1") == "done"


def test_a_plan_reads_everything(planned, read):
    write(planned.journal, "c1", State.CONFIRMED, fingerprint=fingerprint_of(planned, "c1"))
    planned.plan()
    assert verdict(planned, "c1") == "done"
    assert read() == "nothing"


def test_another_migration_in_the_same_journal_is_no_news(planned, read, tmp_path):
    planned.journal.close()
    with Journal(planned.url, "other") as other:
        other.begin_run(Run("run-9"))
        write(other, "c1", State.CONFIRMED)
        assert other.tally() == {"contact": "confirmed 1"}
    planned.journal = Journal(planned.url, "m")
    assert read() == "nothing"
    assert planned.journal.tally() == {}
