"""What a call raises. Their text can be logged: it never holds a token, an address with an id in it, or a body."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from resources.intercom.endpoints import Endpoint
from resources.intercom.outcomes import CallOutcome, Classified, request_id_of
from resources.intercom.words import anonymous
from resources.redaction import MASK, mask

__all__ = [
    "CallOutcome",
    "ContactConflict",
    "ContactMerged",
    "IntercomError",
    "RequestSent",
    "Unauthorized",
    "error_for",
    "nothing_there",
]


class IntercomError(Exception):
    """A call that did not end well.

    Attributes:
        outcome: what it means: NOT_EXECUTED, REJECTED, AMBIGUOUS or STOP. A read is never AMBIGUOUS.
        status: the HTTP status; None when no answer came.
        code: Intercom's error code, or ours (`not_connected`, `no_answer`, `connection_lost`, `not_json`,
            `unreadable_answer`, `incomplete_answer`, `certificate`, `http_<status>`).
        message: Intercom's sentence, without the values it was sent. For the journal and reports, not for logs.
        request_id: Intercom's id of the request, for its support.
        endpoint: method and path template, e.g. "PUT /tickets/{ticket_id}".
        record: the source record that the call was about, e.g. "contact 4711"; "" where it was about none.
        stop: whether the run must stop.
        may_have_happened: whether the write must be read back before it is sent again (the journal's ambiguous).
    """

    def __init__(
        self,
        outcome: CallOutcome,
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
        self.record = ""
        self.stop = stop or outcome is CallOutcome.STOP
        self.may_have_happened = may_have_happened or outcome is CallOutcome.AMBIGUOUS
        super().__init__(str(self))

    def concerning(self, object_name: str, source_key: str) -> None:
        """Note which source record the call was about; the client itself knows nothing of records."""
        self.record = f"{object_name.replace('_', ' ')} {source_key}"

    def __str__(self) -> str:
        """Say which call ended how, for which record, and what Intercom's support needs to find it."""
        answered = "no answer" if self.status is None else f"HTTP {self.status}"
        request = f", request id {self.request_id}" if self.request_id else ""
        about = f" for {self.record}" if self.record else ""
        return f"{self.endpoint}{about}: {self.outcome.value} ({self.code}, {answered}{request})"


@contextmanager
def nothing_there() -> Iterator[None]:
    """Let it pass when Intercom does not have what is to be taken away: 404 and 410 say that it is gone already."""
    try:
        yield
    except IntercomError as error:
        if error.status not in (404, 410):
            raise


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


@dataclass(frozen=True)
class RequestSent:
    """What was sent: what its error must name, and what it must not repeat.

    Attributes:
        endpoint: which call.
        body: the JSON body.
        token: the access token that went with it.
        fresh: whether it names a record that was made a moment ago.
    """

    endpoint: Endpoint
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    token: str = field(default="", repr=False)
    fresh: bool = False


def error_for(
    found: Classified, status: int | None, sent: RequestSent, headers: Mapping[str, str] | None = None
) -> IntercomError:
    """Make the exception for a classified failure.

    Args:
        found: what the answer or failure means for a write; for a read, which has no effect, AMBIGUOUS becomes
            NOT_EXECUTED.
        status: the HTTP status; None when no answer came.
        sent: the call.
        headers: the answer's, by lower-case name: the request id if the body has none, and the Link that names the
            contact that is left after a merge.
    """
    endpoint, given = sent.endpoint, headers or {}
    outcome = CallOutcome.NOT_EXECUTED if endpoint.read and found.outcome is CallOutcome.AMBIGUOUS else found.outcome
    on_contacts = endpoint.path.startswith("/contacts")
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
        without_token(found.code, sent) or f"http_{status}",
        anonymous(found.message, sent.body if endpoint.personal else None, sent.token),
        without_token(found.request_id or request_id_of(given.get("x-request-id")), sent),
        endpoint.name,
        stop=found.stop,
        may_have_happened=found.may_have_happened and not endpoint.read,
    )
    if isinstance(error, ContactConflict):
        error.existing_id = _match(r"\bid=([0-9a-zA-Z]+)", found.message)
        error.archived = "archived" in found.message.lower()
    elif isinstance(error, ContactMerged):
        error.into_id = _match(r"/contacts/([0-9a-zA-Z]+)", given.get("link", ""))
    return error


def without_token(text: str | None, sent: RequestSent) -> str | None:
    """Return `text` unless the token is in it: whoever answers may answer with what they were sent."""
    return None if text and mask(text.replace(sent.token, MASK) if sent.token else text) != text else text


def _match(pattern: str, text: str) -> str | None:
    found = re.search(pattern, text)
    return found.group(1) if found else None
