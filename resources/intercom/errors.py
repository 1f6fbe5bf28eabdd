"""What a call raises. Their text can be logged: it never holds a token, an address with an id in it, or a body."""

import re

from resources.intercom.outcomes import Classified, Outcome

__all__ = ["ContactConflict", "ContactMerged", "IntercomError", "Outcome", "Unauthorized", "error_for"]


class IntercomError(Exception):
    """A call that did not end well.

    Attributes:
        outcome: what it means: NOT_EXECUTED, REJECTED, AMBIGUOUS or STOP. A read is never AMBIGUOUS.
        status: the HTTP status; None when no answer came.
        code: Intercom's error code, or ours (`not_connected`, `no_answer`, `connection_lost`, `not_json`,
            `unreadable_answer`, `incomplete_answer`, `certificate`, `http_<status>`).
        message: Intercom's sentence. It may hold customer data: for the journal and reports, not for logs.
        request_id: Intercom's id of the request, for its support.
        endpoint: method and path template, e.g. "PUT /tickets/{ticket_id}".
        stop: whether the run must stop.
        may_have_happened: whether the write must be read back before it is sent again (the journal's ambiguous).
    """

    def __init__(
        self,
        outcome: Outcome,
        status: int | None,
        code: str | None,
        message: str,
        request_id: str | None,
        endpoint: str,
        *,
        stop: bool = False,
        may_have_happened: bool = False,
    ) -> None:
        self.outcome = outcome
        self.status = status
        self.code = code
        self.message = message
        self.request_id = request_id
        self.endpoint = endpoint
        self.stop = stop or outcome is Outcome.STOP
        self.may_have_happened = may_have_happened or outcome is Outcome.AMBIGUOUS
        super().__init__(self._text())

    def _text(self) -> str:
        answered = "no answer" if self.status is None else f"HTTP {self.status}"
        request = f", request id {self.request_id}" if self.request_id else ""
        return f"{self.endpoint}: {self.outcome.value} ({self.code}, {answered}{request})"


class Unauthorized(IntercomError):
    """Intercom does not accept the token, or the token lacks a scope: the run must stop."""


class ContactConflict(IntercomError):
    """A contact with the same external id or e-mail exists.

    Attributes:
        existing_id: its Intercom id; None when Intercom's sentence does not name it.
        archived: whether it is archived.
    """

    existing_id: str | None = None
    archived: bool = False


class ContactMerged(IntercomError):
    """The contact was merged into another one.

    Attributes:
        into_id: the Intercom id of the contact that is left; None when the answer does not name it.
    """

    into_id: str | None = None


def error_for(found: Classified, status: int | None, endpoint: str, *, read: bool, link: str = "") -> IntercomError:
    """Make the exception for a classified failure.

    Args:
        found: what the answer or failure means for a write.
        status: the HTTP status; None when no answer came.
        endpoint: method and path template.
        read: whether the call only reads; reading has no effect, so it is NOT_EXECUTED instead of AMBIGUOUS.
        link: the Link header, which names the contact that is left after a merge.
    """
    outcome = Outcome.NOT_EXECUTED if read and found.outcome is Outcome.AMBIGUOUS else found.outcome
    on_contacts = " /contacts" in endpoint
    kind = IntercomError
    if status == 401:
        kind = Unauthorized
    elif status == 409 and on_contacts:
        kind = ContactConflict
    elif status == 410 and on_contacts:
        kind = ContactMerged
    error = kind(
        outcome,
        status,
        found.code,
        found.message,
        found.request_id,
        endpoint,
        stop=found.stop,
        may_have_happened=found.may_have_happened and not read,
    )
    if isinstance(error, ContactConflict):
        error.existing_id = _match(r"\bid=([0-9a-zA-Z]+)", found.message)
        error.archived = "archived" in found.message.lower()
    elif isinstance(error, ContactMerged):
        error.into_id = _match(r"/contacts/([0-9a-zA-Z]+)", link)
    return error


def _match(pattern: str, text: str) -> str | None:
    found = re.search(pattern, text)
    return found.group(1) if found else None
