"""Resources that the operator's settings alone decide: nothing of them is run configuration.

Whoever can start a run can write its configuration, so that it must not decide where the token goes, which journal is
believed or which folder is written to.
"""

from collections.abc import Iterator, Mapping

import dagster as dg

from resources.run import Confirmation, ExtractFolder, MigrationOptions, RollbackOptions

CHOSEN = (ExtractFolder, MigrationOptions, RollbackOptions, Confirmation)
"""What a person chooses for a run, in the launchpad too: the drop, the options, and that they mean it."""


def fixed(resource: dg.ConfigurableResource) -> dg.ResourceDefinition:
    """Return a definition that hands a copy of the resource to each run, set up and torn down with it.

    Its configuration is empty: a run that brings any is refused before it begins.
    """

    @dg.resource(config_schema={}, description=type(resource).__doc__)
    def given(context: dg.InitResourceContext) -> Iterator[dg.ConfigurableResource]:
        own = resource.model_copy()
        own.setup_for_execution(context)
        try:
            yield own
        finally:
            own.teardown_after_execution(context)

    return given


def of_the_operator(
    resources: Mapping[str, dg.ConfigurableResource],
) -> dict[str, dg.ConfigurableResource | dg.ResourceDefinition]:
    """Return the resources of the definitions: those that a run may configure as they are, the others fixed."""
    return {key: one if isinstance(one, CHOSEN) else fixed(one) for key, one in resources.items()}
