"""Intercom's own SDK over a workspace, and ways around what it gets wrong (facts 12.5)."""

import httpx
import pytest
from intercom import Intercom
from intercom.core.api_error import ApiError

from tests.conformance.exchange import exchange_of


def make_sdk(url, token, keep=None):
    """Return the SDK over a workspace; `keep` is called with the exchange of every answer."""

    def hook(answer):
        answer.read()
        if keep is not None:
            keep(exchange_of(answer))

    # The SDK names no version; Intercom would then use the one chosen for the app.
    headers = {"Intercom-Version": "2.16"}
    http = httpx.Client(timeout=30, trust_env=False, event_hooks={"response": [hook]})
    return Intercom(token=token, base_url=url, headers=headers, httpx_client=http)


def refused(status, call, *arguments, **named):
    """Make a call that is refused and return the SDK's error, which is typed only where 2.14 declares the status."""
    with pytest.raises(ApiError) as raised:
        call(*arguments, **named)
    assert raised.value.status_code == status
    return raised.value


def searched(search, query, per_page=2):
    """Yield all that a search finds. The SDK's own pager asks for the first page again and again."""
    pagination = {"per_page": per_page}
    while True:
        page = search(query=query, pagination=pagination)
        yield from page.items
        if not page.has_next:
            return
        pagination = {"per_page": per_page, "starting_after": page.response.pages.next.starting_after}


def also(**fields):
    """Return the option by which a call sends fields that its signature lacks."""
    return {"additional_body_parameters": fields}


def make_contact(sdk, number, **fields):
    """Create a user."""
    return sdk.contacts.create(request={"role": "user", "external_id": f"sdk-{number}", **fields})
