"""All runs of a migration as the certificate has them: each with what it did, and the sums."""

from datetime import UTC, datetime

from migration_assets.accounting.all_runs import CertifiedRun, WorkDone, all_runs, history_of, totals
from resources.journal import NO_RUNS

BEGUN = 1_700_000_000.0
AT = datetime.fromtimestamp(BEGUN, UTC)


def row(run_id, kind="load", **more):
    known = {"job": None, "frozen_at": None, "started": BEGUN, "seconds": None, "calls": None, "call_writes": None}
    return {"run_id": run_id, "kind": kind, "verdict": None} | known | more


def did(run_id, object, created=0, updated=0, appended=0, taken_back=0):
    done = {"created": created, "updated": updated, "appended": appended, "taken_back": taken_back}
    return {"run_id": run_id, "object": object} | done


def this(run_id, **more):
    return CertifiedRun(run_id=run_id, job="migrate", started_at=AT, seconds=3.5, calls=40, writes=2, **more)


def test_a_run_that_wrote_nothing_does_not_hide_what_the_first_one_created():
    first = row("r1", job="migrate", seconds=90.0, calls=4889, call_writes=4684, verdict="partial")
    history = history_of([first, row("r2")], [did("r1", "contact", created=152), did("r1", "part", created=2556)])
    known = all_runs(history, this("r2", verdict="complete"))
    assert [(run.run_id, run.created, run.calls, run.verdict) for run in known.runs] == [
        ("r1", 2708, 4889, "partial"),
        ("r2", 0, 40, "complete"),
    ]
    assert (known.total.runs, known.total.created, known.total.calls, known.total.seconds) == (2, 2708, 4929, 93.5)
    assert known.objects == {"contacts": WorkDone(created=152), "parts": WorkDone(created=2556)}


def test_what_this_run_did_is_what_the_journal_has_of_it():
    known = all_runs(history_of([row("r1")], [did("r1", "contact", updated=4)]), this("r1"))
    assert [(run.updated, run.job, run.calls) for run in known.runs] == [(4, "migrate", 40)]


def test_a_run_is_told_of_by_itself_as_later_ones_tell_of_it():
    late = datetime.fromtimestamp(BEGUN + 60, UTC)
    own = this("r1", verdict="partial").model_copy(update={"started_at": late})
    itself = all_runs(history_of([row("r1")], []), own).runs
    noted = row("r1", job="migrate", seconds=3.5, calls=40, call_writes=2, verdict="partial")
    assert all_runs(history_of([noted, row("r2")], []), this("r2")).runs[:1] == itself


def test_a_run_that_never_wrote_to_the_journal_is_told_of_all_the_same():
    known = all_runs(history_of([], []), this("r1"))
    assert [(run.run_id, run.created) for run in known.runs] == [("r1", 0)]


def test_what_is_not_known_of_an_older_run_is_said_and_not_summed():
    history = history_of([row("old"), row("killed", seconds=5.0, calls=7, call_writes=6)], [])
    total = totals(history.runs)
    assert (total.calls, total.seconds, total.not_counted) == (7, 5.0, 1)
    assert [run.verdict for run in history.runs] == [None, None]


def test_a_cutover_is_known_also_where_its_job_was_not_noted_and_a_restored_backup_is_no_run():
    rows = [row("c", frozen_at=BEGUN), row("v", "verify"), row("x", NO_RUNS[0])]
    assert [run.job for run in history_of(rows, []).runs] == ["cutover", "verify"]
