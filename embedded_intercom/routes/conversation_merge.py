"""Merging one conversation into another (2.16)."""

from embedded_intercom.api import lookups
from embedded_intercom.api.routing import Call, Result, Routes
from embedded_intercom.protocol.errors import ApiError, invalid
from embedded_intercom.records import shapes, threads
from embedded_intercom.records.threads import ThreadPart

routes = Routes()


def _refused(message: str) -> ApiError:
    return ApiError(422, "merge_failed", message)


@routes("POST", "/conversations/{id}/merge", (2, 16))
def merge(call: Call) -> Result:
    """Close a conversation and link it to the primary one, which is answered; their parts stay where they are."""
    secondary = lookups.conversation(call, call.params["id"])
    given = call.fields.raw("merge_into_conversation_id")
    if isinstance(given, bool) or not isinstance(given, int):
        raise invalid("merge_into_conversation_id must be a valid integer conversation ID")
    if given == secondary["id"]:
        raise _refused("Cannot merge a conversation into itself")
    primary = lookups.conversation(call, str(given), _refused("Primary conversation not found"))
    if secondary["merged_into"] is not None:
        raise _refused("Secondary conversation has already been merged")
    bot = shapes.bot_author(call.workspace.id_code)
    threads.add_part(call, primary["id"], ThreadPart("merged_primary_conversation", bot))
    threads.add_part(call, secondary["id"], ThreadPart("merged_secondary_conversation", bot))
    threads.link(call, secondary["id"], primary["id"])
    threads.change(call, secondary, state="closed", snoozed_until=None, waiting_since=None, merged_into=primary["id"])
    threads.change(call, primary)
    call.notify("teammate", "merged", "assumed", primary["id"])
    return threads.conversation(call, threads.load(call, primary["id"]))
