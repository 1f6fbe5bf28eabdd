"""What must hold of the planned conversations before anything is written, and what is said of what was refused."""

import duckdb

from resources.warehouse import scalar
from schemas.source import SOURCE

UNTAGGED = "SELECT count(*) FROM plan.desired WHERE object = 'conversation_tag' AND source_key IS NULL"
LATE = """
SELECT count(*) FROM plan.writes w JOIN target.conversations c ON c.source_key = w.record_key
WHERE w.operation = 'settle' AND w.verdict = 'send' AND c.state = 'snoozed' AND c.snoozed_until <= epoch(now())
"""
PRIORITY_REFUSED = (
    f"Intercom did not take its own priority for {{records}}; {SOURCE}'s priority is in the ticket attribute all the "
    "same. Intercom's words are under {needs}; settings.native_priority: false in mapping.yaml leaves it out."
)
"""Said of conversations that are whole but for Intercom's own priority, which only its Preview version can write."""


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
