"""What Intercom does not have: looking at the workspace from outside, emptying it, moving its clock."""

from embedded_intercom.api.routing import ApiAnswer, Call, Result, Routes
from embedded_intercom.faults.plan import FaultPlanError
from embedded_intercom.protocol.behaviours import BehaviourError, choose
from embedded_intercom.protocol.errors import invalid, not_found

routes = Routes()


@routes("GET", "/__embedded/notifications")
def notifications(call: Call) -> Result:
    """How many notifications Intercom would have sent: in total, and by audience, cause, basis and client."""
    return call.workspace.notifications.summary()


@routes("GET", "/__embedded/alive")
def alive(call: Call) -> Result:
    """That the server answers; asked before it is used."""
    return {"alive": True, "workspace": call.workspace.id_code}


@routes("GET", "/__embedded/state")
def state(call: Call) -> Result:
    """How many rows every table holds, which fields calls sent that no endpoint reads, and how often it was wiped."""
    tables = call.store.counts()
    conversations = call.store.scalar("SELECT count(*) FROM threads WHERE category IS NULL")
    counts = {**tables, "conversations": conversations, "tickets": tables["threads"] - conversations}
    wipes = call.store.wipes()
    return {"counts": counts, "ignored_fields": dict(call.workspace.ignored), "now": call.now, "wipes": wipes}


@routes("POST", "/__embedded/wipe")
def wipe(call: Call) -> Result:
    """Empty the workspace; its admins, teams and ticket states stay, and no id is used again."""
    call.store.wipe()
    call.workspace.documents.clear()
    call.workspace.ignored.clear()
    return {"wiped": True}


@routes("POST", "/__embedded/clock")
def clock(call: Call) -> Result:
    """Move the workspace's clock forward by `advance` seconds."""
    seconds = call.fields.integer("advance", required=True) or 0
    if seconds < 0:
        raise invalid("advance must not be negative")
    call.workspace.clock.advance(seconds)
    return {"now": call.workspace.clock.now()}


@routes("GET", "/__embedded/behaviours")
def behaviours(call: Call) -> Result:
    """Which way the workspace takes of everything that Intercom leaves undocumented."""
    return dict(call.workspace.behaviours)


@routes("POST", "/__embedded/behaviours")
def set_behaviours(call: Call) -> Result:
    """Take these ways until the next start, and the default of all others."""
    try:
        call.workspace.behaviours = choose({name: str(call.fields.raw(name)) for name in call.body})
    except BehaviourError as error:
        raise invalid(str(error)) from None
    return dict(call.workspace.behaviours)


@routes("GET", "/__embedded/faults")
def faults(call: Call) -> Result:
    """What goes wrong on purpose, how often each rule has struck, and what colleagues did."""
    return call.workspace.faults.report()


@routes("POST", "/__embedded/faults")
def set_faults(call: Call) -> Result:
    """Replace the plan (`faults/plan.py`); counts begin anew."""
    try:
        call.workspace.faults.set_plan({name: call.fields.raw(name) for name in call.body})
    except FaultPlanError as error:
        raise invalid(str(error)) from None
    return call.workspace.faults.report()


@routes("DELETE", "/__embedded/faults")
def clear_faults(call: Call) -> Result:
    """Let nothing go wrong any more."""
    call.workspace.faults.clear()
    return call.workspace.faults.report()


@routes("GET", "/__embedded/attachments/{id}")
def attachment(call: Call) -> Result:
    """The bytes of an attachment that came as a file."""
    row = call.store.one("SELECT * FROM attachments WHERE id=?", call.key("id"))
    if row is None:
        raise not_found()
    return ApiAnswer({}, binary=row["data"], media_type=row["content_type"])
