"""What a person would have noticed: one row for every notification that Intercom would have sent."""

from typing import Any, Literal

from embedded_intercom.state.store import Store

Audience = Literal["contact", "teammate"]
Basis = Literal["documented", "assumed"]
AUDIENCES: tuple[Audience, ...] = ("contact", "teammate")


class Notifications:
    """Counts notifications; a client that writes in silence leaves `total` at zero."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def record(self, audience: Audience, cause: str, basis: Basis, thread_id: int, at: int) -> None:
        """Write down one notification: who, why (endpoint and reason), and whether Intercom documents it."""
        self._store.run(
            "INSERT INTO notifications (at, audience, cause, basis, thread_id) VALUES (?, ?, ?, ?, ?)",
            *(at, audience, cause, basis, thread_id),
        )

    def summary(self) -> dict[str, Any]:
        """Return the total and the counts by audience, cause and basis."""
        rows = self._store.all(
            "SELECT audience, cause, basis, count(*) AS count FROM notifications "
            "GROUP BY audience, cause, basis ORDER BY audience, cause, basis"
        )
        by = [dict(row) for row in rows]
        return {"total": sum(row["count"] for row in by), "by": by}
