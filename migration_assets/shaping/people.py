"""Contacts and companies: who becomes one, under which key, with which values. The SQL is in the files beside it.

What belongs elsewhere: agents and teams (`references`), and matching with what Intercom holds (`plan`).
"""

import duckdb

from migration_assets.shaping.stage import counts, forget_findings, run_sql
from resources.warehouse import scalar


def shape_companies(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Write `target.companies` and `target.company_sources`; returns the numbers of the step."""
    forget_findings(connection, "companies")
    run_sql(connection, "companies")
    return counts(
        connection,
        "target.companies",
        rows_in=scalar(connection, "SELECT count(*) FROM clean.companies"),
        rows_merged=scalar(connection, "SELECT count(*) FROM target.company_sources WHERE role = 'merged'"),
        rows_skipped=scalar(connection, "SELECT count(*) FROM target.skipped WHERE object = 'companies'"),
    )


def shape_contacts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Write `target.contacts`, `target.contact_sources` and `target.authors`; returns the numbers of the step."""
    forget_findings(connection, "contacts")
    for name in ("contact_sources", "authors", "contacts"):
        run_sql(connection, name)
    return counts(
        connection,
        "target.contacts",
        rows_in=scalar(connection, "SELECT count(*) FROM clean.customers"),
        rows_merged=scalar(connection, "SELECT count(*) FROM target.contact_sources WHERE role = 'merged'"),
        rows_skipped=scalar(connection, "SELECT count(*) FROM target.skipped WHERE object = 'customers'"),
        placeholders=scalar(connection, "SELECT count(*) FROM target.contacts WHERE placeholder"),
    )


def shape_contact_companies(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Write `target.contact_companies`; `rows_merged` counts links that several customers share."""
    run_sql(connection, "contact_companies")
    linked = scalar(connection, "SELECT count(*) FROM clean.customers WHERE company_id IS NOT NULL")
    return counts(connection, "target.contact_companies", rows_in=linked)
