"""What Intercom says about a call that failed, made fit for the journal and the report: no secret, no customer text.

Intercom may repeat in its sentence what it was sent. The record is known beside the sentence, so the value itself is
not needed there, and without it one cause is one sentence however many customers it hits.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from resources.redaction import MASK, mask, mask_addresses

SHORTEST = 4
"""A shorter value is left in place: it tells nothing of a person, and would be found inside other words."""
LONG = 24
"""Of a value that is longer, Intercom may repeat the beginning alone: this many letters of it are looked for."""
LONGEST = 4_000
"""Letters of a sentence that are kept. Intercom's have some hundred; who answers in its place may send megabytes."""
CUT_INTO = 1_000
"""Letters before such an end that are left out too: a secret may have been cut there, and would not be found."""
PLAIN = frozenset({"role", "type", "message_type", "field", "operator", "model", "data_type", "category"})
"""Fields of a body that hold a word of Intercom's own."""


def anonymous(message: str, sent: Mapping[str, Any] | None, token: str = "") -> str:
    """Return Intercom's `message` without the token, e-mail addresses, telephone numbers, and values it was sent.

    Args:
        message: the sentence.
        sent: the body of the call, if its values are a customer's; each is replaced by [its field's name].
        token: the session's access token.
    """
    if len(message) > LONGEST:
        return f"{anonymous(message[:LONGEST], sent, token)[:-CUT_INTO]}…"
    if not message:
        return ""
    text = mask(message.replace(token, MASK) if token else message)
    # The longest first: a name may be part of a text.
    values = sorted(_values(sent or {}), key=lambda item: -len(item[1]))
    for name, value in values:
        text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", f"[{name}]", text, flags=re.IGNORECASE)
    for name, value in values:
        text = _without_beginning(text, value, name) if len(value) > LONG else text
    return mask_addresses(text)


def _in_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _without_beginning(text: str, value: str, name: str) -> str:
    at = text.find(value[:LONG])
    if at < 0:
        return text
    repeated = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text[at:], value, strict=False)))
    return f"{text[:at]}[{name}]{text[at + repeated :]}"


def _values(content: Mapping[str, Any], name: str = "") -> Iterator[tuple[str, str]]:
    for key, value in content.items():
        if key in PLAIN or key == "id" or key.endswith("_id"):
            continue
        yield from _inside(value, str(key) or name)


def _inside(value: object, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        yield from _values(value, name)
    elif isinstance(value, str):
        if len(value.strip()) >= SHORTEST:
            # As it is, and as it stands in a document that is repeated whole.
            yield from ((name, form) for form in {value.strip(), json.dumps(value)[1:-1], _in_json(value)})
    elif isinstance(value, Sequence):
        for item in value:
            yield from _inside(item, name)
