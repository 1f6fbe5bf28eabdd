"""What a client of a workspace that runs on this machine asks it beside the API: within a bound, and nobody else."""

from urllib.parse import urlsplit

import httpx

LARGEST_ANSWER = 4 * 1024 * 1024
"""Bytes: such answers are counts. After a server has ended, something else may listen where it did."""


def ask(url: str, token: str, method: str, path: str, *, content: str | None = None, timeout: float = 30.0) -> bytes:
    """Make a call to the server at `url` and return its answer.

    Raises:
        httpx.HTTPError: no good answer came; also of another machine than this one, which is not asked at all, and an
            answer that is packed or larger than any such answer is.
    """
    if urlsplit(url).hostname not in ("127.0.0.1", "::1", "localhost"):
        raise httpx.UnsupportedProtocol("not an address of this machine")
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity", "Content-Type": "application/json"}
    with (
        httpx.Client(headers=headers, timeout=timeout, trust_env=False, follow_redirects=False) as http,
        http.stream(method, f"{url}{path}", content=content) as answer,
    ):
        answer.raise_for_status()
        body = bytearray()
        for piece in answer.iter_raw():
            body += piece
            if len(body) > LARGEST_ANSWER:
                raise httpx.DecodingError("an answer larger than any of the workspace's", request=answer.request)
    return bytes(body)
