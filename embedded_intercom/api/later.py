"""What happens later: work that a call only begins, and that is done when the workspace's clock has come to it.

The work is on disk, so that a restart forgets none of it. It is done before the next call takes effect: nobody can
see the workspace in between.
"""

import json
from collections.abc import Callable
from typing import Any

from embedded_intercom.api.workspace import RunningWorkspace
from embedded_intercom.state.store import to_json

Work = Callable[[RunningWorkspace, dict[str, Any]], None]

_KINDS: dict[str, Work] = {}


def later(kind: str) -> Callable[[Work], Work]:
    """Register what does the work of a kind; it gets the workspace and what was noted."""

    def register(work: Work) -> Work:
        _KINDS[kind] = work
        return work

    return register


def postpone(workspace: RunningWorkspace, kind: str, seconds: float, noted: dict[str, Any]) -> None:
    """Note down work that is due in so many seconds of the workspace's clock."""
    due = workspace.clock.precise() + seconds
    workspace.store.run("INSERT INTO later (due, kind, noted) VALUES (?, ?, ?)", due, kind, to_json(noted))
    workspace.next_due = min(workspace.next_due, due)


def do_what_is_due(workspace: RunningWorkspace) -> None:
    """Do all work whose time has come, the earliest first, each piece in its own transaction."""
    if workspace.clock.precise() < workspace.next_due:
        return
    store = workspace.store
    while True:
        row = store.one("SELECT * FROM later ORDER BY due, id LIMIT 1")
        if row is None or row["due"] > workspace.clock.precise():
            workspace.next_due = float("inf") if row is None else row["due"]
            return
        with store.transaction():
            store.run("DELETE FROM later WHERE id=?", row["id"])
            work = _KINDS.get(row["kind"])
            # None: an earlier version, which had more endpoints, began it.
            if work is not None:
                work(workspace, {**json.loads(row["noted"]), "due": row["due"]})
