"""A call as the bytes of its request. Nothing is sent here: what fails here has certainly not reached Intercom."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import httpx

from resources.intercom.endpoints import Endpoint
from resources.intercom.uploads import FilesBody, Upload

PREVIEW = "Preview"
"""The version for the one call that only Preview has: writing a conversation's priority."""


def request_for(
    client: httpx.AsyncClient,
    endpoint: Endpoint,
    *,
    ids: Mapping[str, str],
    body: Mapping[str, Any] | None,
    params: Mapping[str, str | int] | None,
    preview: bool,
    files: Sequence[Upload],
) -> httpx.Request:
    """Put a call into bytes; its arguments are those of `HttpClient.call`.

    Raises:
        ValueError, TypeError: its body is no JSON, or no text.
    """
    path = endpoint.path.format_map({name: quote(value, safe="") for name, value in ids.items()})
    headers = {"Intercom-Version": PREVIEW} if preview else {}
    content: dict[str, Any] = {"json": body}
    if files:
        stream = FilesBody(body or {}, files)
        headers |= {"Content-Type": "application/json", "Content-Length": str(stream.length)}
        content = {"content": stream}
    return client.build_request(endpoint.method, path, params=params, headers=headers, **content)
