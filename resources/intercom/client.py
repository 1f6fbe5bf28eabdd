"""The Intercom client: every call that the migration makes, typed. How a call is made is in `http.py`."""

from resources.intercom.people import PeopleCalls
from resources.intercom.threads import ConversationCalls, TicketCalls
from resources.intercom.workspace_calls import WorkspaceCalls

__all__ = ["Intercom"]


class Intercom(WorkspaceCalls, PeopleCalls, TicketCalls, ConversationCalls):
    """A session with one Intercom workspace: `async with Intercom(url, token, budget=budget) as intercom`.

    Request bodies are plain dictionaries as Intercom documents them; answers are models of `schemas.intercom`.
    Every method raises `IntercomError`; reads, and writes that certainly did not happen, are repeated inside.
    """
