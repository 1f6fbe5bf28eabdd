"""Keeps secrets and customers' addresses out of logs: log records without tokens, and libraries told to be quiet."""

import logging
import re
from collections.abc import Callable

MASK = "[masked]"

BEARER = re.compile(r"(?i)\bbearer[ :=]+[A-Za-z0-9._~+/=-]{8,}")
TOKEN_SHAPE = re.compile(r"\bdG9r[A-Za-z0-9+/_:-]{4,}=*")
"""Intercom's access tokens are base64 of text that begins with `tok`."""

_WORD = r"[^\s@<>\"'`()\[\],;:=]"
_LABEL = r"[^\s@<>\"'`()\[\],;:=/.]"
_HOST = r"[^\s@<>\"'`()\[\],;:=/]"
# Begun only where a word begins, and bounded after the sign: otherwise a long word takes the square of its length.
ADDRESS = re.compile(rf"(?<!{_WORD})(?:{_WORD}++@|{_WORD}+%40){_HOST}{{1,255}}\.{_LABEL}{{2,}}")
"""What looks like an e-mail address, inside other text."""
PHONE = re.compile(r"(?<![\w+])\+\d(?:[ ()./-]{0,2}\d){6,14}(?!\w)")
"""What looks like an international telephone number."""

TALKATIVE = (
    *("httpx", "httpcore", "httpx_aiohttp", "aiohttp", "aiohttp.client", "aiohttp.access", "asyncio"),
    *("apprise", "urllib3", "requests_oauthlib", "oauthlib"),
)
"""Loggers that write whole addresses (a contact's external id may be an e-mail address, an alert's may be a secret)
below WARNING."""


class MaskingFactory:
    """Makes log records in which the secrets it was given, `Bearer …` and what looks like Intercom's token are masked.

    It stands where logging keeps its record factory, through which every record of every logger is made: a filter on
    a logger does not see the records of its children, and handlers come and go.
    """

    def __init__(self, make: Callable[..., logging.LogRecord]) -> None:
        self._make = make
        self._secrets: set[str] = set()

    def add(self, secret: str) -> None:
        """Mask `secret` from now on; an empty one is refused, because it is everywhere."""
        if not secret:
            raise ValueError("an empty secret cannot be masked")
        self._secrets.add(secret)

    def mask(self, text: str) -> str:
        """Return `text` without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return without_token_shapes(text)

    def __call__(self, *args: object, **kwargs: object) -> logging.LogRecord:
        """Make a record that is masked; nothing is held back."""
        record = self._make(*args, **kwargs)
        try:
            message, fits = record.getMessage(), True
        except (TypeError, ValueError):
            # logging would write such a record to stderr with its arguments unmasked.
            message, fits = f"{record.msg} {record.args}", False
        masked = self.mask(message)
        if masked != message or not fits:
            record.msg, record.args = masked, None
        if record.exc_info and record.exc_info[0] is not None:
            # Formatted here once: the formatter takes exc_text as it is when there is one.
            record.exc_text = self.mask(record.exc_text or logging.Formatter().formatException(record.exc_info))
        if record.stack_info:
            record.stack_info = self.mask(record.stack_info)
        return record

    def __repr__(self) -> str:
        """Say how many secrets are masked, never which."""
        return f"<MaskingFactory, {len(self._secrets)} secrets>"


def install(secret: str) -> None:
    """Mask `secret` in everything that is logged from now on, and quieten the HTTP libraries.

    Args:
        secret: the access token.

    Raises:
        ValueError: the secret is empty.
    """
    present = logging.getLogRecordFactory()
    factory = present if isinstance(present, MaskingFactory) else MaskingFactory(present)
    factory.add(secret)
    logging.setLogRecordFactory(factory)
    quieten()


def mask(text: str) -> str:
    """Return `text` without the installed secrets and whatever looks like a token."""
    factory = logging.getLogRecordFactory()
    return factory.mask(text) if isinstance(factory, MaskingFactory) else without_token_shapes(text)


def without_token_shapes(text: str) -> str:
    """Return `text` without whatever looks like a token."""
    return TOKEN_SHAPE.sub(MASK, BEARER.sub(f"Bearer {MASK}", text))


def mask_addresses(text: str) -> str:
    """Return `text` with every e-mail address and international telephone number in it replaced."""
    return PHONE.sub("[telephone number]", ADDRESS.sub("[e-mail address]", text))


def quieten() -> None:
    """Let the libraries that write addresses into their logs write warnings only."""
    for name in TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
