"""Dagster's own processes: the web server, the daemon, code servers and runs keep what they write from others.

Each of them reads dagster.yaml before it opens its storage, and with it imports the class that is named there.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import dagster as dg
from dagster._core.instance.ref import InstanceRef

from resources.not_begun import OneLineForAll
from resources.private_files import keep_private

# As this module is imported, not when an instance is made: Dagster opens its databases before it makes the instance.
keep_private()


class PrivateInstance(dg.DagsterInstance):
    """Dagster's instance, that named in dagster.yaml; the log of its runs says in one line what was not begun."""

    @cached_property
    def _not_begun(self) -> Counter[str]:
        return Counter()

    def get_event_log_handler(self) -> logging.Handler:  # type: ignore[override]
        """Return what keeps a run's log."""
        handler = super().get_event_log_handler()
        handler.addFilter(OneLineForAll(handler, self._not_begun))
        return handler

    @classmethod
    def config_schema(cls) -> Mapping[str, Any]:
        """Return no settings beside Dagster's own."""
        return {}

    @classmethod
    def config_defaults(cls, base_dir: str) -> Mapping[str, Any]:
        """Return Dagster's own defaults."""
        return InstanceRef.config_defaults(base_dir)
