"""One call as it went over the wire: what was asked and what was answered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_ID = re.compile(r"(?<=/)(\d+|[0-9a-f]{24}|job_\w+)(?=/|$)")


@dataclass(frozen=True)
class Exchange:
    """A request and its answer.

    Attributes:
        method: the HTTP method.
        path: the path as it was sent, escapes included.
        query: the query string as it was sent, without the question mark.
        headers: the request's headers, their names in lower case.
        body: the request's body.
        status: the answer's HTTP status.
        answer_headers: the answer's headers, their names in lower case.
        answer: the answer's body.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    status: int = 200
    answer_headers: Mapping[str, str] = field(default_factory=dict)
    answer: bytes = b""

    @property
    def version(self) -> str | None:
        """The API version that the request names."""
        return self.headers.get("intercom-version")

    @property
    def shape(self) -> str:
        """Method and path with ids taken out: what can be printed of a path that no description knows."""
        return f"{self.method} {_ID.sub('{id}', self.path)}"


def exchange_of(response) -> Exchange:
    """Return the exchange that an httpx response stands for; its body must have been read."""
    request = response.request
    path, _, query = request.url.raw_path.decode("ascii").partition("?")
    return Exchange(
        method=request.method,
        path=path,
        query=query,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.content,
        status=response.status_code,
        answer_headers={name.lower(): value for name, value in response.headers.items()},
        answer=response.content,
    )
