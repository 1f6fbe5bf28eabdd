"""What failed first is what a run's log shows: of the steps that waited for it there is one line."""

import logging
import shutil

import dagster as dg
import pytest

from schemas.settings import PROJECT


@pytest.fixture
def instance(tmp_path, monkeypatch):
    """An instance over the project's own dagster.yaml."""
    shutil.copy(PROJECT / "dagster.yaml", tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    with dg.DagsterInstance.get() as instance:
        yield instance


def chain(steps):
    @dg.asset
    def first():
        raise dg.Failure("extract.yaml is not there.", allow_retries=False)

    made = [first]
    for number in range(steps):

        @dg.asset(name=f"step_{number}", deps=[made[-1]])
        def later():
            return None

        made.append(later)
    return made


def log_of(instance, run_id):
    return [(entry.level, entry.step_key, entry.user_message) for entry in instance.all_logs(run_id)]


def test_of_the_steps_that_waited_for_what_failed_there_is_one_line(instance):
    for _ in range(2):
        run_id = dg.materialize(chain(12), instance=instance, raise_on_error=False).run_id
        log = log_of(instance, run_id)
        errors = [words for level, _, words in log if level >= logging.WARNING]
        assert errors == [
            'Execution of step "first" failed.',
            "Execution of run for \"__ephemeral_asset_job__\" failed. Steps failed: ['first'].",
        ]
        said = "12 steps not begun: what they wait for has failed. The error before this line says why."
        assert [entry for entry in log if "not begun" in entry[2]] == [(logging.INFO, None, said)]


def test_a_run_that_goes_well_has_no_such_line(instance):
    run_id = dg.materialize(chain(3)[1:], instance=instance, raise_on_error=False).run_id
    assert [words for level, _, words in log_of(instance, run_id) if "begun" in words or level >= logging.WARNING] == []
