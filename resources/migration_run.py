"""What a run works with, in one object: the nested resources `migration_run` and `rollback_run`.

A resource that names others as `dg.ResourceDependency` gets a second one of each, made from its defaults: the options
of the launchpad would not reach it, and the state folder would be taken twice. So these two ask for the run's own by
their keys; their fields are these keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

import dagster as dg

from resources.confirmation import require_code
from resources.journal.resource import JournalStore
from resources.run import Confirmation, ExtractFolder, MigrationOptions, RollbackOptions
from resources.warehouse import Warehouse
from resources.workspace import IntercomWorkspace


@dataclass(frozen=True)
class RunResources:
    """What every run that calls Intercom works with."""

    run_id: str
    warehouse: Warehouse
    journal: JournalStore
    drop: ExtractFolder
    workspace: IntercomWorkspace
    confirmation: Confirmation

    def require_confirmation(self) -> None:
        """Refuse to write to a real workspace where nobody has confirmed the run; the embedded one is nobody's.

        Raises:
            dagster.Failure: says where the code is.
        """
        if not self.workspace.embedded:
            what = f"would write to the Intercom workspace at {self.workspace.base_url}"
            require_code(self.confirmation.code, Path(self.workspace.state), what)

    @classmethod
    def resource_keys(cls) -> list[str]:
        """Return the keys of the resources that it is made of."""
        return [field.name for field in fields(cls) if field.name != "run_id"]

    @classmethod
    def of(cls, run_id: str, resources: Mapping[str, Any]) -> Self:
        """Return a run's, from its resources by key."""
        return cls(run_id=run_id, **{key: resources[key] for key in cls.resource_keys()})


@dataclass(frozen=True)
class MigrationRun(RunResources):
    """A run of a migration or of a part of it."""

    options: MigrationOptions


@dataclass(frozen=True)
class RollbackRun(RunResources):
    """A run that takes a migration back."""

    rollback: RollbackOptions

    @property
    def dry(self) -> bool:
        """Whether nothing is to be removed."""
        return not self.rollback.confirm


def gathered(made: type[RunResources]) -> dg.ResourceDefinition:
    """Return the resource that hands the run's own resources on as one `made`; it has no configuration of its own."""

    @dg.resource(required_resource_keys=set(made.resource_keys()), config_schema={}, description=made.__doc__)
    def gather(context: dg.InitResourceContext) -> RunResources:
        if context.run is None:
            raise dg.Failure("This resource is of a run; outside one, make it of its parts.")
        return made.of(context.run.run_id, {key: getattr(context.resources, key) for key in made.resource_keys()})

    return gather


NESTED = {"run": gathered(MigrationRun), "rollback_run": gathered(RollbackRun)}
"""The nested resources by key, beside those of `resources.assembly.build_resources`."""
