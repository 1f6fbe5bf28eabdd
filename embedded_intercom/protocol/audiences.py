"""Whom each write would make Intercom tell: the whole list, so that no endpoint is left unjudged.

The handlers record these with `Call.notify`; a test holds both against each other. `documented` is what Intercom's
changelogs and descriptions say; `assumed` is what nothing says and nothing denies, counted because the harder case
is the safer one.
"""

from typing import NamedTuple

from embedded_intercom.state.notifications import Audience, Basis


class Notice(NamedTuple):
    """One notification: the write and its reason, who is told, on what basis, and what can keep it from being sent."""

    endpoint: str
    reason: str
    audience: Audience
    basis: Basis
    silenced_by: str

    @property
    def cause(self) -> str:
        """The cause under which it is counted."""
        return f"{self.endpoint}: {self.reason}"


_FLAG = "skip_notifications (2.13)"
_REPLY_FLAG = "skip_notifications (2.15)"
_NOTHING = "nothing"


def _ticket(endpoint: str, reason: str, basis: Basis, silenced_by: str) -> tuple[Notice, Notice]:
    """Of a Customer ticket the contact is told too; of any other one only teammates."""
    return (
        Notice(endpoint, reason, "contact", basis, silenced_by),
        Notice(endpoint, reason, "teammate", basis, silenced_by),
    )


_REPLY, _PARTS = "POST /conversations/{id}/reply", "POST /conversations/{id}/parts"

NOTICES = (
    *_ticket("POST /tickets", "ticket created", "documented", _FLAG),
    *_ticket("POST /tickets/enqueue", "ticket created", "documented", _FLAG),
    *_ticket("PUT /tickets/{id}", "ticket updated", "documented", _FLAG),
    *_ticket("POST /tickets/{id}/reply", "admin reply", "documented", _FLAG),
    *_ticket("POST /tickets/{id}/reply", "contact reply", "documented", _FLAG),
    Notice("POST /tickets/{id}/reply", "note", "teammate", "documented", _FLAG),
    Notice("POST /conversations", "new conversation", "teammate", "assumed", _NOTHING),
    Notice(_REPLY, "admin reply", "contact", "documented", _REPLY_FLAG),
    Notice(_REPLY, "admin reply", "teammate", "documented", _REPLY_FLAG),
    Notice(_REPLY, "note", "teammate", "assumed", _REPLY_FLAG),
    Notice(_REPLY, "contact reply", "teammate", "assumed", _NOTHING),
    Notice(_PARTS, "closed", "teammate", "assumed", _NOTHING),
    Notice(_PARTS, "closed with a body", "contact", "documented", _NOTHING),
    Notice(_PARTS, "snoozed", "teammate", "assumed", _NOTHING),
    Notice(_PARTS, "opened", "teammate", "assumed", _NOTHING),
    Notice(_PARTS, "assigned", "teammate", "assumed", _NOTHING),
    Notice(_PARTS, "assigned with a body", "contact", "assumed", _NOTHING),
    Notice("POST /conversations/{id}/convert", "converted to a ticket", "teammate", "assumed", _NOTHING),
)

_FIELDS = "sets fields that nobody is told of, and leaves no part in the thread"
_RECORD = "a person's or company's record; no message is about it"
_SETTINGS = "the workspace's own settings"
_CONTENT = "help centre content, which is published, not sent"
_GONE = "takes away; nothing is left to point at"

SILENT = {
    "PUT /conversations/{id}": _FIELDS,
    "POST /conversations/{id}/customers": _FIELDS,
    "DELETE /conversations/{id}/customers/{contact_id}": _FIELDS,
    "POST /conversations/{id}/tags": _FIELDS,
    "DELETE /conversations/{id}/tags/{tag_id}": _FIELDS,
    "POST /tickets/{id}/tags": _FIELDS,
    "DELETE /tickets/{id}/tags/{tag_id}": _FIELDS,
    "POST /conversations/redact": _GONE,
    "DELETE /conversations/{id}": _GONE,
    "DELETE /tickets/{id}": _GONE,
    **dict.fromkeys(
        (
            *("POST /contacts", "PUT /contacts/{id}", "DELETE /contacts/{id}", "POST /contacts/merge"),
            *("POST /contacts/{id}/archive", "POST /contacts/{id}/unarchive"),
            *("POST /contacts/{id}/tags", "DELETE /contacts/{id}/tags/{tag_id}", "POST /contacts/{id}/notes"),
            *("POST /contacts/{contact_id}/companies", "DELETE /contacts/{contact_id}/companies/{id}"),
            *("POST /companies", "PUT /companies/{id}", "DELETE /companies/{id}"),
        ),
        _RECORD,
    ),
    **dict.fromkeys(
        (
            *("POST /data_attributes", "PUT /data_attributes/{id}"),
            *("POST /ticket_types", "PUT /ticket_types/{id}", "POST /ticket_types/{id}/attributes"),
            *("PUT /ticket_types/{id}/attributes/{attribute_id}", "PUT /teams/{id}", "POST /tags", "DELETE /tags/{id}"),
        ),
        _SETTINGS,
    ),
    **dict.fromkeys(
        (
            *("POST /articles", "PUT /articles/{id}", "DELETE /articles/{id}", "POST /help_center/collections"),
            *("PUT /help_center/collections/{id}", "DELETE /help_center/collections/{id}"),
            "POST /help_center/help_centers/{help_center_id}/redirects",
            "DELETE /help_center/help_centers/{help_center_id}/redirects/{id}",
        ),
        _CONTENT,
    ),
}
"""Writes that tell nobody, and why."""
