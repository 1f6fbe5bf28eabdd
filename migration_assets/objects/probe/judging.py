"""From what was read back to an answer: pure functions, each from one reading to a way of a question, or to none.

A reading is a plain value that a step of the probe has noted under the question's name. What fits none of a question's
ways is `other`; what was never read has no answer at all, and the migration goes by what it sees, as without a profile.
"""

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SEEN_LENGTH = 200
"""Characters of what was seen that are kept; all of it is about the probe's own records."""

Judge = Callable[[Any], str | None]


@dataclass(frozen=True)
class WrittenAndShown:
    """What was sent, and what Intercom shows in its place."""

    sent: Any
    shown: Any


def by_value(ways: Mapping[Any, str]) -> Judge:
    """Return what tells the way by the reading itself."""

    def judge(reading: Any) -> str | None:  # noqa: ANN401 - any reading
        return next((way for value, way in ways.items() if type(value) is type(reading) and value == reading), None)

    return judge


def refusing(refused: str, taken: str) -> Judge:
    """Return what tells a call that was refused from one that was taken."""
    return by_value({True: refused, False: taken})


def by_authors(authors: Sequence[str]) -> str | None:
    """Return who has written the events of a creation: none, bot or admin."""
    if not authors:
        return "none"
    return authors[0] if set(authors) in ({"bot"}, {"admin"}) else None


def of_event_times(times: Mapping[str, Any]) -> str | None:
    """Return whether events of a creation have its time, or the time at which it was made; `at` lists theirs."""
    if all(at in (times["created_at"], times["shown"]) for at in times["at"]):
        return "created_at"
    return "now" if all(abs(at - times["now"]) < times["margin"] for at in times["at"]) else None


def of_blank_space(texts: Sequence[WrittenAndShown]) -> str | None:
    """Return whether names and titles are shown with the blank space that they were sent with."""
    if all(text.shown == text.sent for text in texts):
        return "kept"
    return "trimmed" if all(text.shown == " ".join(text.sent.split()) for text in texts) else None


def of_phone(number: WrittenAndShown) -> str | None:
    """Return whether a phone number keeps its form."""
    digits = "+" + "".join(filter(str.isdigit, number.sent))
    return {number.sent: "kept", digits: "digits"}.get(number.shown)


def of_times(times: Sequence[WrittenAndShown]) -> str | None:
    """Return what becomes of the times that a ticket and its messages are given."""
    if all(time.shown == time.sent for time in times):
        return "kept"
    if all(time.shown == time.sent - time.sent % 60 for time in times):
        return "minute"
    return "two_years" if all(time.shown > time.sent for time in times) else None


def of_html(text: WrittenAndShown) -> str | None:
    """Return how a message's HTML is shown: each change of the probe's own text tells one way."""
    shown = text.shown or ""
    if shown == text.sent:
        return "kept"
    if "target=" in shown or "class=" in shown:
        return "wrapped"
    if "&#" in shown:
        return "entities"
    return "bare" if "title=" not in shown else None


def of_opening(text: WrittenAndShown) -> str | None:
    """Return whether a ticket's opening text is its description."""
    if not text.shown:
        return "empty"
    return "description" if text.sent in text.shown else None


def of_inbox_title(title: WrittenAndShown) -> str | None:
    """Return how a conversation shows the title of the ticket that it is; `sent` is what the ticket shows."""
    sent, shown = title.sent or "", title.shown or ""
    if shown == sent:
        return "whole"
    if shown == " ".join(sent.split()):
        return "trimmed"
    if html.unescape(shown) == sent:
        return "escaped"
    beginning = shown.rstrip(".… ")
    return "shortened" if beginning and sent.startswith(beginning) and len(beginning) < len(sent) else None


def of_list_value(value: Mapping[str, Any]) -> str | None:
    """Return whether a list attribute shows its option's id or label."""
    return {value["id"]: "id", value["label"]: "label"}.get(value["shown"])


def of_date(value: WrittenAndShown) -> str | None:
    """Return in which form a moment is shown that is an attribute."""
    if value.shown == value.sent:
        return "unix"
    try:
        at = datetime.fromisoformat(str(value.shown))
    except ValueError:
        return None
    return "iso" if at.timestamp() == value.sent else None


def of_size(size: WrittenAndShown) -> str | None:
    """Return whether the size of a file is shown."""
    return {size.sent: "bytes", 0: "zero", None: "absent"}.get(size.shown)


def of_request_id(given: str | None) -> str | None:
    """Return what Intercom's ids of requests look like."""
    if given is None:
        return None
    if len(given) == 36 and given.count("-") == 4:
        return "uuid"
    return "token" if len(given) == 20 and given.isalnum() else None


def of_lag(seconds: float | None) -> str | None:
    """Return whether a search finds at once what was made; None stands for a time longer than was waited."""
    return "at_once" if seconds == 0.0 else "later"


def of_waking(woke: Sequence[bool]) -> str | None:
    """Return what a teammate's words wake: (a snoozed ticket, a closed one)."""
    snoozed, closed = woke
    return {(True, False): "snoozed", (False, False): "nothing", (True, True): "closed_too"}.get((snoozed, closed))
