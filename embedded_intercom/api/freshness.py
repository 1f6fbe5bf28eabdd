"""What was made a moment ago: under one behaviour it is not found at once, not even by its id."""

from embedded_intercom.api.routing import Call
from embedded_intercom.protocol.errors import ApiError

SECONDS = 0.3
SEARCH_SECONDS = 2
"""How long a thing stays unfound, by its id and by a search, where it is not found at once."""


def note_made(call: Call, key: str | int) -> None:
    """Remember that this contact or thread was made now."""
    if call.behaves("found_at_once") == "no":
        call.workspace.made[str(key)] = call.workspace.clock.precise()


def refuse_fresh(call: Call, key: str | int, absent: ApiError) -> None:
    """Raise `absent` for what was made a moment ago."""
    made = call.workspace.made.get(str(key))
    if made is None or call.behaves("found_at_once") == "yes":
        return
    if call.workspace.clock.precise() - made < SECONDS:
        raise absent
    del call.workspace.made[str(key)]


def searchable_until(call: Call) -> int:
    """Return the time until which searches and lists find what was created."""
    lag = call.workspace.options.search_lag
    return call.now - max(lag, SEARCH_SECONDS if call.behaves("search_finds") == "later" else 0)
