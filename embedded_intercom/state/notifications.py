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

    def record(self, audience: Audience, cause: str, basis: Basis, thread_id: int, at: int, client: str) -> None:
        """Write down one notification.

        Args:
            audience: who would have been told.
            cause: the endpoint and the reason.
            basis: whether Intercom documents it.
            thread_id: the conversation or ticket.
            at: when, in unix seconds.
            client: who made the call, by its User-Agent header; empty where the call had none.
        """
        self._store.run(
            "INSERT INTO notifications (at, audience, cause, basis, thread_id, client) VALUES (?, ?, ?, ?, ?, ?)",
            *(at, audience, cause, basis, thread_id, client),
        )

    def summary(self) -> dict[str, Any]:
        """Return the total and the counts by audience, cause, basis and client."""
        rows = self._store.all(
            "SELECT audience, cause, basis, client, count(*) AS count FROM notifications "
            "GROUP BY audience, cause, basis, client ORDER BY audience, cause, basis, client"
        )
        by = [dict(row) for row in rows]
        return {"total": sum(row["count"] for row in by), "by": by}
