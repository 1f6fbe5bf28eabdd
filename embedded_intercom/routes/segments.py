"""Segments and subscription types: a migration writes none, so that this workspace has none; reading finds nothing."""

from embedded_intercom.api import lookups
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.errors import not_found

routes = Routes()


@routes("GET", "/segments")
def list_segments(call: Call) -> Result:  # noqa: ARG001 - every handler has it
    """No segment."""
    return {"type": "segment.list", "segments": [], "pages": {}}


@routes("GET", "/segments/{id}")
def get_segment(call: Call) -> Result:  # noqa: ARG001 - every handler has it
    """No segment has this id."""
    raise not_found()


@routes("GET", "/subscription_types")
def list_subscription_types(call: Call) -> Result:  # noqa: ARG001 - every handler has it
    """No subscription type."""
    return {"type": "list", "data": []}


@routes("GET", "/contacts/{id}/segments")
def segments_of_contact(call: Call) -> Result:
    """A contact is in no segment."""
    lookups.contact(call, call.params["id"])
    return {"type": "list", "data": []}


@routes("GET", "/contacts/{id}/subscriptions")
def subscriptions_of_contact(call: Call) -> Result:
    """A contact has chosen nothing."""
    lookups.contact(call, call.params["id"])
    return {"type": "list", "data": []}


@routes("GET", "/companies/{id}/segments")
def segments_of_company(call: Call) -> Result:
    """A company is in no segment."""
    lookups.company(call, call.params["id"])
    return {"type": "list", "data": []}
