"""Who a call is, and chance that depends on nothing else: the same call is struck whatever came before it.

A call is its method, path, query and body, and how often the very same came before. Ids that Intercom gave out
differ from one run to the next when calls overlap, so that a call which names one would be another call each time.
Each such id therefore stands for the call that created its record, and cursors are left out: the pages of a list are
repetitions of one call.
"""

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from embedded_intercom.api.routing import ApiAnswer, Call

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24}|\d{6,}")
"""What an id looks like inside a body: a UUID, 24 hexadecimal digits, or a long number."""
_CURSORS = ("starting_after", "scroll_param")
_CURSOR = re.compile(r'"starting_after":\s*"[^"]*"')
_CREATES_NOTHING = ("reply", "parts", "search", "archive", "unarchive")


@dataclass(frozen=True)
class Identity:
    """A call: what it says, and the how-manieth of its like it is, from 1 on."""

    words: str
    occurrence: int


def draw(seed: int, *about: object) -> float:
    """Return a number from 0 to 1 (exclusive) that depends on the arguments only."""
    text = "\x1f".join(map(str, (seed, *about)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest()) / 2**56


@dataclass(frozen=True)
class Chance:
    """What one rule throws for one call."""

    seed: int
    rule: str
    who: Identity

    def throw(self, *about: object) -> float:
        """Return a number from 0 to 1 (exclusive); another one for each thing that it is about."""
        return draw(self.seed, self.rule, self.who.words, self.who.occurrence, *about)


class Identities:
    """Recognises calls."""

    def __init__(self) -> None:
        self._creators: dict[str, str] = {}
        self._seen: Counter[str] = Counter()

    def of(self, call: Call) -> Identity:
        """Return who this call is; every asking counts as one occurrence."""
        path = "/".join(self._creators.get(segment, segment) for segment in call.path.split("/"))
        query = "&".join(f"{name}={value}" for name, value in sorted(call.query.items()) if name not in _CURSORS)
        body = _CURSOR.sub("", call.content.decode("utf-8", "replace"))
        body = _ID.sub(lambda found: self.creator(found.group()), body)
        whole = "\n".join((call.method, path, query, body))
        words = hashlib.blake2b(whole.encode(), digest_size=8).hexdigest()
        self._seen[words] += 1
        return Identity(words, self._seen[words])

    def creator(self, key: str) -> str:
        """Return the call that created the record with this id, or the id itself."""
        return self._creators.get(key, key)

    def learn(self, who: Identity, call: Call, answer: ApiAnswer) -> None:
        """Keep which ids the answer to a creation gives out."""
        if call.method != "POST" or answer.status != 200 or call.path.rpartition("/")[2] in _CREATES_NOTHING:
            return
        document = json.loads(answer.body) if isinstance(answer.body, str) else answer.body
        for number, key in enumerate(_given_out(document)):
            # A record that was there before keeps its creator: POST also updates and attaches.
            self._creators.setdefault(key, f"{who.words}.{who.occurrence}.{number}")


def _given_out(document: dict[str, Any]) -> list[str]:
    keys = [document.get(name) for name in ("id", "conversation_id")]
    options = document.get("input_options")
    if isinstance(options, dict):
        keys += [option["id"] for option in options.get("list_options", ())]
    return [str(key) for key in keys if key is not None]
