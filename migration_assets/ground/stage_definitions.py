"""What an asset has from its stage rather than from its own module: owners, group, the version of its rules."""

from collections.abc import Iterable

import dagster as dg

OWNERS = ("team:migration",)
"""Who is asked about an asset."""
POOL = "intercom_api"
"""What calls Intercom for long is in this pool, of which one step runs at a time (dagster.yaml)."""
READS_ONLY = "migration/reads_only"
"""The tag of a job that writes nothing to Intercom."""
PROBES = "migration/probes"
"""The tag of a job that asks the workspace anew what Intercom leaves undocumented."""


def stage_definitions(
    assets: Iterable[dg.AssetsDefinition],
    checks: Iterable[dg.AssetChecksDefinition],
    code_version: str | None = None,
) -> dg.Definitions:
    """Return a stage's definitions: its assets with their owners, in the group that their keys begin with.

    `code_version` is that of the rules that decide the values of all the stage's assets, most of which they share
    (macros, the mapping's tables); None where the values are what the files or Intercom say. An asset of which one rule
    alone has changed says its own, `code_version="1.1"`, and keeps it; the others of the stage are not out of date.
    """

    def of_the_stage(spec: dg.AssetSpec) -> dg.AssetSpec:
        version = spec.code_version or code_version
        return spec.replace_attributes(owners=OWNERS, group_name=spec.key.path[0], code_version=version)

    return dg.Definitions(assets=dg.map_asset_specs(of_the_stage, assets), asset_checks=[*checks])
