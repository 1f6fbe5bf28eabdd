"""What a workspace makes of the times, texts and values that are sent to it, under each of its behaviours."""

import html
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import nh3

from embedded_intercom.api.routing import Call
from embedded_intercom.protocol.checks import JsonObject
from embedded_intercom.protocol.default_attributes import DEFAULT_TITLE

YEAR = 365 * 86_400
TITLE_LENGTH = 12
"""Characters of a title that a conversation shows where it is cut off: few, so that tests meet it."""

_BARE: Mapping[str, set[str]] = {"*": set(), "a": {"href"}, "img": {"src"}}


def kept_time(call: Call, given: int | None) -> int:
    """Return the time a message or thread gets that was sent with `given`; None is now."""
    if given is None:
        return call.now
    way = call.behaves("created_at")
    if way == "minute":
        return given - given % 60
    return max(given, call.now - 2 * YEAR) if way == "two_years" else given


def kept_text(call: Call, text: str | None) -> str | None:
    """Return a name or title as it is kept: with its blank space, or without what is around and double."""
    return " ".join(text.split()) if text and call.behaves("blank_space") == "trimmed" else text


def kept_title(call: Call, attributes: JsonObject) -> JsonObject:
    """Return a ticket's attributes with its title as it is kept."""
    title = attributes.get(DEFAULT_TITLE)
    return {**attributes, DEFAULT_TITLE: kept_text(call, title)} if isinstance(title, str) else attributes


def inbox_title(call: Call, title: str | None) -> str | None:
    """Return a conversation's title as it is read back: whole, without needless blanks, cut off, or escaped."""
    return _TITLES[call.behaves("inbox_title")](title) if title else title


def _shortened(title: str) -> str:
    return title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1].rstrip()}…"


_TITLES: Mapping[str, Callable[[str], str]] = {
    "whole": lambda title: title,
    "trimmed": lambda title: " ".join(title.split()),
    "shortened": _shortened,
    "escaped": html.escape,
}


def kept_phone(call: Call, phone: str | None) -> str | None:
    """Return a phone number as it is kept: as sent, or its digits and a leading plus alone."""
    return re.sub(r"(?!^\+)\D", "", phone) if phone and call.behaves("phone") == "digits" else phone


def kept_html(call: Call, body: str | None) -> str | None:
    """Return a message's HTML as it is kept."""
    return _HTML[call.behaves("html")](body) if body else body


def _bare(body: str) -> str:
    return nh3.clean(body, attributes=dict(_BARE), link_rel=None)


def _wrapped(body: str) -> str:
    linked = re.sub(r"<a ", '<a rel="nofollow noopener noreferrer" target="_blank" ', body)
    classed = re.sub(r"<p>", '<p class="no-margin">', linked)
    return re.sub(r"(<img [^>]*>)", r'<div class="intercom-container">\1</div>', classed)


def _entities(body: str) -> str:
    return re.sub(r"[^\x00-\x7f]", lambda found: f"&#{ord(found[0])};", body).replace("'", "&#39;")


_HTML: Mapping[str, Callable[[str], str]] = {
    "kept": lambda body: body,
    "bare": _bare,
    "wrapped": _wrapped,
    "entities": _entities,
}


def shown_files(call: Call, files: list[JsonObject]) -> list[JsonObject]:
    """Return attachments with their size, with 0, or without any."""
    way = call.behaves("filesize")
    if way == "bytes":
        return files
    shown = [{name: value for name, value in file.items() if name != "filesize"} for file in files]
    return [file | {"filesize": 0} for file in shown] if way == "zero" else shown


def shown_values(call: Call, values: JsonObject, entries: Mapping[str, JsonObject]) -> JsonObject:
    """Return a ticket's attributes as they are read back; `entries` are those of its type, by name."""
    if call.behaves("ticket_list_values") == "label":
        values = {name: _label(entries.get(name), value) for name, value in values.items()}
    if call.behaves("ticket_dates_shown") == "iso":
        values = {name: _iso(entries.get(name), value) for name, value in values.items()}
    way = call.behaves("empty_value")
    if way == "absent":
        return {name: value for name, value in values.items() if value is not None}
    if way == "empty":
        return {
            **dict.fromkeys(entries, ""),
            **{name: "" if value is None else value for name, value in values.items()},
        }
    return values


def _label(entry: JsonObject | None, value: Any) -> Any:  # noqa: ANN401 - any attribute's value
    if entry is None or entry["data_type"] != "list":
        return value
    return {option["id"]: option["label"] for option in entry["input_options"]["list_options"]}.get(value, value)


def _iso(entry: JsonObject | None, value: Any) -> Any:  # noqa: ANN401 - any attribute's value
    if entry is None or entry["data_type"] != "datetime" or not isinstance(value, int):
        return value
    return datetime.fromtimestamp(value, UTC).isoformat().replace("+00:00", "Z")


def shown_change(call: Call, updated_at: int) -> int:
    """Return when a record says it was last changed: when it was, or ever later by itself."""
    return call.now if call.behaves("updated_at") == "moves" else updated_at
