"""The tags by which a run that is partial or failed can be told from a complete one in the list of runs."""

import dagster as dg

from migration_assets.ground.run_tags import VERDICT, tag_ended, tags_of


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
            tag_ended(instance, run_id)
        verdicts = [instance.get_run_by_id(run_id).tags.get(VERDICT) for run_id in (failed, ended, judged)]
    assert verdicts == ["failed", None, "partial"]


def test_what_is_not_known_or_zero_is_no_tag():
    assert tags_of("failed", None, None, {"rows": 0, "loaded": 0, "failed": 0}) == {"verdict": "failed"}
    assert tags_of("partial", "a > b", "x (1)", {"rows": 2, "loaded": 2, "differing": 1200})["differing"] == "1,200"


def test_a_load_that_failed_half_way_says_what_it_has_written_until_then():
    @dg.asset(key=["intercom", "contacts"])
    def contacts():
        return dg.MaterializeResult(metadata={"created": 1100, "updated": 0, "failed": 2})

    @dg.asset(key=["intercom", "companies"], deps=[contacts])
    def companies():
        return dg.MaterializeResult(metadata={"created": 100, "updated": 3, "failed": 0})

    @dg.asset(key=["clean", "tickets"])
    def tickets():
        return dg.MaterializeResult(metadata={"created": 7})

    @dg.asset(key=["intercom", "conversations"], deps=[companies, tickets])
    def conversations():
        raise dg.Failure("It cannot be done.", allow_retries=False)

    with dg.DagsterInstance.ephemeral() as instance:
        run_id = dg.materialize(
            [contacts, companies, tickets, conversations], instance=instance, raise_on_error=False
        ).run_id
        tag_ended(instance, run_id)
        tags = instance.get_run_by_id(run_id).tags
    shown = {name: value for name, value in tags.items() if not name.startswith((".", "dagster/"))}
    assert shown == {"verdict": "failed", "created": "1,200", "updated": "3", "failed": "2"}


def test_a_run_that_was_cancelled_was_stopped():
    with dg.DagsterInstance.ephemeral() as instance:
        ended = run_of(instance, fails=False)
        run = instance.get_run_by_id(ended)
        instance.report_run_canceled(run)
        tag_ended(instance, ended)
        assert instance.get_run_by_id(ended).tags[VERDICT] == "stopped"
