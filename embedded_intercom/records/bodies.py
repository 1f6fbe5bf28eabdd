"""Message bodies and attachments: what Intercom makes of the text and files that are sent to it."""

import base64
import binascii
import html
import mimetypes
import re
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import nh3

from embedded_intercom.protocol.errors import invalid
from embedded_intercom.state.store import Store

MAX_ATTACHMENTS = 10
MAX_FILE_BYTES = 100 * 1024 * 1024

_BLOCKS = "p|div|ul|ol|h[1-6]|blockquote|pre|table|figure|hr"
_WRAPPED = re.compile(rf"^\s*<(?:{_BLOCKS})[\s>/].*(?:</(?:{_BLOCKS})>|<hr\s*/?>)\s*$", re.IGNORECASE | re.DOTALL)
_DOCUMENT = re.compile(r"^\s*<html[^>]*>\s*(?:<head>.*?</head>\s*)?<body[^>]*>(.*)</body>\s*</html>\s*$", re.I | re.S)
_TAGS = {
    *("a", "b", "blockquote", "br", "code", "del", "div", "em", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr"),
    *("i", "img", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot"),
    *("th", "thead", "tr", "u", "ul"),
}
_ATTRIBUTES = {
    "a": {"href", "title", "target"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}


def paragraph(text: str) -> str:
    """Plain text as Intercom shows it: escaped, in a paragraph, line ends as breaks; '' stays ''."""
    if not text:
        return ""
    escaped = html.escape(text, quote=False).replace("\r\n", "\n")
    return f"<p>{escaped.replace(chr(10), '<br>')}</p>"


def rich(body: str) -> str:
    """A reply's body: HTML when the whole of it is wrapped in block elements, plain text otherwise."""
    inner = _DOCUMENT.match(body)
    text = inner.group(1) if inner else body
    if not _WRAPPED.match(text):
        return paragraph(text)
    return nh3.clean(text.strip(), tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None)


_BREAKS = re.compile(rf"<br\s*/?>|</(?:{_BLOCKS}|li|tr)>", re.IGNORECASE)


def plain(body: str) -> str:
    """HTML as text: breaks and the ends of blocks become line ends, everything else of the markup goes."""
    return html.unescape(nh3.clean(_BREAKS.sub("\n", body), tags=set())).strip()


def attachments(store: Store, urls: list[Any], files: list[Any], base_url: str) -> list[dict[str, Any]]:
    """Keep the attachments of one message; files win over URLs.

    Raises:
        ApiError: 400 for more than ten, a URL that is none, data that is not base64, or a file over the limit.
    """
    if len(urls) > MAX_ATTACHMENTS or len(files) > MAX_ATTACHMENTS:
        raise invalid(f"A maximum of {MAX_ATTACHMENTS} attachments is allowed")
    if files:
        return [_keep_file(store, file, base_url) for file in files]
    return [_link(url) for url in urls]


def _link(url: object) -> dict[str, Any]:
    if not isinstance(url, str) or urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc:
        raise invalid("attachment_urls must be an array of http(s) URLs")
    name = PurePosixPath(urlsplit(url).path).name or "attachment"
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return {"type": "upload", "name": name, "url": url, "content_type": kind, "filesize": 0}


def _keep_file(store: Store, file: object, base_url: str) -> dict[str, Any]:
    keys = ("name", "content_type", "data")
    if not isinstance(file, dict) or not all(isinstance(file.get(key), str) and file[key] for key in keys):
        raise invalid("attachment_files needs content_type, data and name, all strings")
    try:
        data = base64.b64decode(file["data"], validate=True)
    except binascii.Error:
        raise invalid("attachment_files data must be base64") from None
    if len(data) > MAX_FILE_BYTES:
        raise invalid("attachment_files data is too large")
    key = store.next_id("attachment")
    store.insert("attachments", id=key, name=file["name"], content_type=file["content_type"], data=data)
    url = f"{base_url}/__embedded/attachments/{key}"
    return {
        "type": "upload",
        "name": file["name"],
        "url": url,
        "content_type": file["content_type"],
        "filesize": len(data),
    }
