"""Dagster's own processes: the web server, the daemon, code servers and runs keep what they write from others.

Each of them reads dagster.yaml before it opens its storage, and with it imports the class that is named there.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster._core.instance.ref import InstanceRef

from resources.private_files import keep_private

# As this module is imported, not when an instance is made: Dagster opens its databases before it makes the instance.
keep_private()


class PrivateInstance(dg.DagsterInstance):
    """Dagster's instance as it is; that it is named in dagster.yaml is what this is for."""

    @classmethod
    def config_schema(cls) -> Mapping[str, Any]:
        """Return no settings beside Dagster's own."""
        return {}

    @classmethod
    def config_defaults(cls, base_dir: str) -> Mapping[str, Any]:
        """Return Dagster's own defaults."""
        return InstanceRef.config_defaults(base_dir)
