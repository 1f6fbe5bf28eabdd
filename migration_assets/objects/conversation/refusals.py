"""What must hold of the planned conversations before anything is written."""

import duckdb

from resources.warehouse import scalar

UNTAGGED = "SELECT count(*) FROM plan.desired WHERE object = 'conversation_tag' AND source_key IS NULL"
LATE = """
SELECT count(*) FROM plan.writes w JOIN target.conversations c ON c.source_key = w.record_key
WHERE w.operation = 'settle' AND w.verdict = 'send' AND c.state = 'snoozed' AND c.snoozed_until <= epoch(now())
"""


def refuse_conversations(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Refuse a wake-up time that has passed: Intercom would refuse each, or wake them all in the customers' sight."""
    late = scalar(connection, LATE)
    if not late:
        return None
    return (
        f"{late} conversations would be snoozed until a time that has passed. "
        "Set settings.snoozed_until in the mapping to a time in the future."
    )


def refuse_unknown_tags(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Refuse tags of conversations that are no tags of the target."""
    untagged = scalar(connection, UNTAGGED)
    return (
        f"{untagged} tags of conversations are not in target.tags: the target state is not whole." if untagged else None
    )
