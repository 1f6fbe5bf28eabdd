"""Resources that the operator's settings alone decide: nothing of them is run configuration.

Whoever can start a run can write its configuration, so that it must not decide where the token goes, which journal is
believed or which folder is written to.
"""

from collections.abc import Iterator, Mapping

import dagster as dg

from resources.run import Confirmation, ExtractFolder, MigrationOptions, RollbackOptions

FROM_ENVIRONMENT = (
    "The run's configuration names an environment variable. These hold secrets, which a run is not given: write the "
    "text itself."
)
CHOSEN = (ExtractFolder, MigrationOptions, RollbackOptions, Confirmation)
"""What a person chooses for a run, in the launchpad too: the drop, the options, and that they mean it."""


def fixed(resource: dg.ConfigurableResource) -> dg.ResourceDefinition:
    """Return a definition that hands a copy of the resource to each run, set up and torn down with it.

    Its configuration is empty: a run that brings any is refused before it begins.
    """

    @dg.resource(config_schema={}, description=type(resource).__doc__)
    def given(context: dg.InitResourceContext) -> Iterator[dg.ConfigurableResource]:
        if context.run is not None and names_environment(context.run.run_config):
            raise dg.Failure(FROM_ENVIRONMENT, allow_retries=False)
        own = resource.model_copy()
        own.setup_for_execution(context)
        try:
            yield own
        finally:
            own.teardown_after_execution(context)

    return given


def names_environment(config: object) -> bool:
    """Whether a run's configuration asks for a text from the environment, as `{"env": "NAME"}`, at any depth."""
    if isinstance(config, Mapping):
        return set(config) == {"env"} or any(map(names_environment, config.values()))
    return isinstance(config, list) and any(map(names_environment, config))


def of_the_operator(
    resources: Mapping[str, dg.ConfigurableResource],
) -> dict[str, dg.ConfigurableResource | dg.ResourceDefinition]:
    """Return the resources of the definitions: those that a run may configure as they are, the others fixed."""
    return {key: one if isinstance(one, CHOSEN) else fixed(one) for key, one in resources.items()}
