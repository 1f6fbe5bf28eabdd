"""Which refusals may be none the next time: those about what Intercom lacked, and not about what the record says.

What Intercom refused because an attribute, a tag, a contact, a permission or a plan was missing is tried again by the
next run by itself, once in each run. What it refused for the record's own content waits until that has changed.
"""

import re

HEALING_STATUSES = (401, 402, 403, 404, 405, 406, 407, 409, 410, 412, 423, 424, 451)
"""What answers so has not looked at the content: no permission, no plan, nothing there, another record in the way."""
ABOUT_CONTENT = (400, 422)
"""What answers so has looked at the content, or lacks what it names."""
HEALING_CODES = (
    "field_not_found",
    "ticket_state_id_invalid",
    "invalid_ticket_type",
    "intercom_version_invalid",
    "api_plan_restricted",
    "contact_company_limit_exceeded",
)
"""Intercom's codes that name what the workspace lacks, or has too many of."""
HEALING_WORDS = r"(?i)does not exist|not found|missing required|one of its (options|list items)|is not an admin"
"""What Intercom's sentences say of what the workspace lacks, where the code is that of any wrong value."""


def heals(status: int | None, code: str | None, message: str | None) -> bool:
    """Whether the same write may be taken the next time."""
    if status in HEALING_STATUSES:
        return True
    return status in ABOUT_CONTENT and (code in HEALING_CODES or re.search(HEALING_WORDS, message or "") is not None)
