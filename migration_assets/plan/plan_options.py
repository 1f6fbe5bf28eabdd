"""What the plan depends on beside the target state and the journal, as one row of the warehouse."""

from dataclasses import dataclass
from typing import Literal

import duckdb

from schemas.mapping_parts import fold
from schemas.mapping_settings import MigrationSettings, RouteName


class PlanStopError(RuntimeError):
    """The plan cannot be made; the message says why and what to do, in a sentence for the person who runs it."""


@dataclass(frozen=True)
class PlanOptions:
    """The choices that a plan is made under.

    `run_id` is the run that the plan is for: with `retry_failed`, what was rejected in an earlier run is sent
    again, what was rejected in this one is not; so it is with `resync` and what was found to differ. `limit` is the
    greatest number of conversations, None for all.
    """

    run_id: str
    route: RouteName
    unmatched: Literal["hold", "stop", "fallback"]
    migration_admin: str
    ticket_type: str
    fallback_admin: str | None = None
    native_priority: bool = True
    overwrite_edited: bool = False
    delete_gone: bool = False
    retry_failed: bool = False
    resync: bool = False
    limit: int | None = None

    @classmethod
    def of(
        cls,
        settings: MigrationSettings,
        *,
        run_id: str,
        route: str = "from_mapping",
        retry_failed: bool = False,
        resync: bool = False,
        limit: int | None = None,
    ) -> "PlanOptions":
        """Combine the mapping's settings with what was chosen for this run."""
        return cls(
            run_id=run_id,
            route=settings.route if route == "from_mapping" else route,  # type: ignore[arg-type]
            unmatched=settings.unmatched,
            migration_admin=settings.migration_admin,
            ticket_type=settings.ticket_type,
            fallback_admin=settings.fallback_admin,
            native_priority=settings.native_priority,
            overwrite_edited=settings.edited_in_intercom == "overwrite",
            delete_gone=settings.gone == "delete",
            retry_failed=retry_failed,
            resync=resync,
            limit=limit,
        )


def write_options(connection: duckdb.DuckDBPyConnection, options: PlanOptions) -> None:
    """Keep the options in `plan.options`, where the plan's SQL reads them."""
    connection.execute(
        "CREATE OR REPLACE TABLE plan.options AS SELECT ?::VARCHAR AS run_id, ?::VARCHAR AS route, "
        "?::VARCHAR AS unmatched, ?::VARCHAR AS migration_admin, ?::VARCHAR AS fallback_admin, "
        "?::VARCHAR AS ticket_type, ?::BOOLEAN AS native_priority, "
        "?::BOOLEAN AS overwrite_edited, ?::BOOLEAN AS delete_gone, ?::BOOLEAN AS retry_failed, ?::BOOLEAN AS resync, "
        '?::BIGINT AS "limit"',
        [
            options.run_id,
            options.route,
            options.unmatched,
            fold(options.migration_admin),
            fold(options.fallback_admin) if options.fallback_admin else None,
            options.ticket_type,
            options.native_priority,
            options.overwrite_edited,
            options.delete_gone,
            options.retry_failed,
            options.resync,
            options.limit,
        ],
    )
