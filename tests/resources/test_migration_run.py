"""The nested resource of a run: what the launchpad says reaches it, and it holds the run's own resources."""

import dagster as dg
import pytest

from migration_assets.graph import build_definitions
from resources.assembly import build_resources
from resources.migration_run import NESTED, MigrationRun, RollbackRun
from schemas.settings import Settings


@pytest.fixture
def settings(tmp_path):
    return Settings(state=tmp_path)


CHOSEN = {
    "options": {"config": {"limit": 3, "resync": True}},
    "rollback": {"config": {"only": "contacts"}},
    "drop": {"config": {"extract": "later", "mapping": "m.yaml"}},
}
"""What a person may type into the launchpad, by resource."""


@pytest.mark.parametrize("made", [MigrationRun, RollbackRun])
def test_what_the_launchpad_says_reaches_the_nested_resource(settings, made):
    """And it holds the run's own resources: a second workspace would take the state folder once more."""
    name = next(key for key, nested in NESTED.items() if nested.description == made.__doc__)
    seen = []

    @dg.op(required_resource_keys={name, *made.resource_keys()})
    def look(context):
        run = getattr(context.resources, name)
        assert all(getattr(run, key) is getattr(context.resources, key) for key in made.resource_keys())
        seen.append(run)

    @dg.job(resource_defs={**build_resources(settings), **NESTED})
    def looking():
        look()

    config = {key: value for key, value in CHOSEN.items() if key in made.resource_keys()}
    with dg.DagsterInstance.ephemeral() as instance:
        result = looking.execute_in_process(run_config={"resources": config}, instance=instance)
    (run,) = seen
    assert run.run_id == result.run_id
    assert run.drop.extract == "later"
    if made is MigrationRun:
        assert (run.options.limit, run.options.resync) == (3, True)
    else:
        assert (run.rollback.only, run.dry) == ("contacts", True)


def test_a_misspelt_choice_is_refused(settings):
    job = build_definitions(settings).resolve_job_def("migrate")
    for wrong in ({"options": {"config": {"limt": 3}}}, {"run": {"config": {"limit": 3}}}):
        with pytest.raises(dg.DagsterInvalidConfigError):
            job.execute_in_process(run_config={"resources": wrong})
