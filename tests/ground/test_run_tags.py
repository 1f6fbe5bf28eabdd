"""The tags by which a run that is partial or failed can be told from a complete one in the list of runs."""

import dagster as dg

from migration_assets.ground.run_tags import VERDICT, tag_failed, tags_of


def test_the_tags_are_the_verdict_the_migration_the_drop_and_the_counts():
    fates = {"rows": 3503, "loaded": 3404, "quarantined": 24, "failed": 0}
    assert tags_of("partial", "helpdesk into abc", "extract (1a2b3c4d)", fates) == {
        "verdict": "partial",
        "migration": "helpdesk into abc",
        "drop": "extract (1a2b3c4d)",
        "loaded": "3,404 of 3,503",
        "quarantined": "24",
    }


def run_of(instance, *, fails):
    @dg.op
    def work():
        if fails:
            raise dg.Failure("It cannot be done.", allow_retries=False)

    @dg.job
    def migrate():
        work()

    return migrate.execute_in_process(instance=instance, raise_on_error=False).run_id


def test_a_run_that_failed_before_anybody_judged_it_has_the_verdict_of_a_failed_one():
    with dg.DagsterInstance.ephemeral() as instance:
        failed, ended, judged = (
            run_of(instance, fails=True),
            run_of(instance, fails=False),
            run_of(instance, fails=True),
        )
        instance.add_run_tags(judged, {VERDICT: "partial"})
        for run_id in (failed, ended, judged):
            tag_failed(instance, run_id)
        verdicts = [instance.get_run_by_id(run_id).tags.get(VERDICT) for run_id in (failed, ended, judged)]
    assert verdicts == ["failed", None, "partial"]
