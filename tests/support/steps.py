"""Single steps of the real job, in this process."""

import dagster as dg

from migration_assets.graph import build_definitions
from migration_assets.launch import failures
from resources.assembly import build_resources


def steps(settings, *keys):
    """Run some steps of the real job in this process and return why they failed."""
    definitions = build_definitions(settings, build_resources(settings, confirmed=True))
    with dg.DagsterInstance.ephemeral() as instance:
        result = definitions.resolve_job_def("migrate").execute_in_process(
            instance=instance,
            asset_selection=[dg.AssetKey(key.split("/")) for key in keys],
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            raise_on_error=False,
        )
    assert not result.success
    return failures(result)
