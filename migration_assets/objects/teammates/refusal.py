"""What must hold of the admins before anything is written."""

import duckdb

_OWN = """
SELECT o.migration_admin, a.migration_admin_id, o.unmatched, o.fallback_admin, a.fallback_admin_id
FROM plan.options o, plan.own_admins a
"""


def refuse_unknown_own_admins(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Refuse a plan whose own admin, or the one who is to stand in for others, is not in Intercom."""
    ((migration_admin, migration_id, unmatched, fallback_admin, fallback_id),) = connection.execute(_OWN).fetchall()
    if migration_id is None:
        return f"settings.migration_admin is {migration_admin}, but Intercom has no admin with that e-mail address."
    if unmatched == "fallback" and fallback_id is None:
        return f"settings.fallback_admin is {fallback_admin}, but Intercom has no admin with that e-mail address."
    return None
