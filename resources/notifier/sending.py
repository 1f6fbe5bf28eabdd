"""Sending one message to one address, through apprise, which knows how each service wants it."""

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote

import apprise

from resources.notifier.book import Kind
from resources.redaction import mask, quieten
from schemas.source import SOURCE

CALL_SECONDS = 15
"""Seconds after which an address that does not answer is given up for this time."""
SECRET_LENGTH = 4
"""Pieces of an address that are shorter are no secrets, and would be found in every sentence."""


@dataclass(frozen=True)
class Delivery:
    """What became of a message at one address; `fault` is None where it arrived."""

    address: str
    service: str
    fault: str | None


def send_to_all(addresses: Sequence[str], title: str, body: str, kind: Kind = "info") -> list[Delivery]:
    """Send a message to every address, at the same time, and return what became of it, in their order."""
    if not addresses:
        return []
    quieten()
    with ThreadPoolExecutor(max_workers=min(8, len(addresses))) as pool:
        return list(pool.map(lambda address: _send(address, title, body, kind), addresses))


def _send(address: str, title: str, body: str, kind: Kind) -> Delivery:
    # Text as it stands: a service that wants HTML or Markdown is given it escaped. And to the address that was named:
    # whoever answers there does not send it elsewhere, unless the address itself says redirect=yes.
    asset = apprise.AppriseAsset(app_id=f"{SOURCE} to Intercom", async_mode=False, http_redirects=False)
    sender = apprise.Apprise(asset=asset)
    sender.add(address)
    service = str(sender[0].service_name) if len(sender) else "unknown service"
    result = sender.notify(
        body,
        title,
        notify_type=apprise.NotifyType(kind),
        body_format=apprise.NotifyFormat.TEXT,
        timeout=CALL_SECONDS,
    )
    if result:
        return Delivery(address, service, None)
    said = [entry.message for entry in result.logs()]
    return Delivery(address, service, without(said[-1], address) if said else "it did not answer in time")


def without(sentence: str, address: str) -> str:
    """Return a sentence in which nothing of an address is left but its scheme."""
    _, _, rest = unquote(address).partition("://")
    pieces = {*_passwords(address), *(piece for piece in re.split(r"[^\w-]+", rest) if len(piece) >= SECRET_LENGTH)}
    for piece in sorted(pieces, key=len, reverse=True):
        sentence = sentence.replace(piece, "…")
    return mask(" ".join(sentence.split()))


def _passwords(address: str) -> Iterator[str]:
    """Yield what stands before an address's @ and behind its ?, as it is written and as it is meant, however short."""
    before, at, _ = address.partition("://")[2].rpartition("@")
    values = [value for _, value in parse_qsl(address.partition("?")[2])]
    for secret in (*(before.split(":", 1) if at else ()), *values):
        yield from (piece for piece in (secret, unquote(secret), quote(secret, safe="")) if len(piece) > 1)
