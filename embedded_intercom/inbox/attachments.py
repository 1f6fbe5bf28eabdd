"""Attachments on the page: which are the workspace's own, what they are called, how they are handed out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.responses import Response

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Types that a browser may show: pixels only. SVG is not among them, because it may hold script."""

_OWN = re.compile(r"https?://(?:127\.0\.0\.1|localhost)(?::\d+)?/__embedded/attachments/(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Attachment:
    """An attachment as a thread lists it; one that lies elsewhere has its host and no known size."""

    name: str
    content_type: str
    size: int | None
    href: str | None
    host: str | None

    @property
    def thumbnail(self) -> bool:
        """Whether it is shown as a picture: the workspace's own, and of a safe type."""
        return self.host is None and self.content_type in PICTURES


def own_address(url: str, root: str) -> str | None:
    """Return the address below `root` of a file that the workspace keeps, or None for any other address.

    The port in a kept address is that of the server that took the file, which may have had another one since.
    """
    found = _OWN.fullmatch(url)
    return f"{root}/attachments/{found[1]}" if found else None


def shown(documents: Sequence[dict[str, Any]], root: str) -> list[Attachment]:
    """Return a message's attachments as they are listed, the workspace's own with addresses below `root`."""
    found = []
    for document in documents:
        url = str(document.get("url") or "")
        own = own_address(url, root)
        parts = urlsplit(url)
        safe = own or (url if parts.scheme in {"http", "https"} else None)
        found.append(
            Attachment(
                name=str(document.get("name") or "attachment"),
                content_type=str(document.get("content_type") or "application/octet-stream"),
                size=document.get("filesize") if own else None,
                href=safe,
                host=None if own else parts.netloc or "an unknown place",
            )
        )
    return found


def download(name: str, content_type: str, data: bytes) -> Response:
    """Hand out a file: pictures may be looked at, everything else is saved; neither may run anything."""
    kind = content_type.partition(";")[0].strip().lower()
    picture = kind in PICTURES
    headers = {
        "Content-Disposition": f"{'inline' if picture else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(data, headers=headers, media_type=kind if picture else "application/octet-stream")
