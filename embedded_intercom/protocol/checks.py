"""Reads a request body field by field: type, presence, and which fields nobody asked for."""

from collections.abc import Collection
from typing import Any

from embedded_intercom.protocol.errors import invalid, missing

JsonObject = dict[str, Any]

LATEST = 32503680000
"""Year 3000: a time beyond it was sent in milliseconds."""


class Fields:
    """A request body. Every read names a field; what stays unread was ignored, as Intercom does."""

    def __init__(self, body: JsonObject) -> None:
        self._body = body
        self._read: set[str] = set()

    def given(self, name: str) -> bool:
        """Whether the field is in the body, also as null."""
        self._read.add(name)
        return name in self._body

    def raw(self, name: str) -> Any:  # noqa: ANN401 - not yet checked
        """The field's value as it came; None when it is absent or null."""
        self._read.add(name)
        return self._body.get(name)

    def text(self, name: str, *, required: bool = False, choices: Collection[str] | None = None) -> str | None:
        """A string.

        Raises:
            ApiError: 400 when it is required and absent or blank, no string, or not one of `choices`.
        """
        value = self.raw(name)
        if value is None or (required and value == ""):
            if required:
                raise missing(f"{name} is a required parameter")
            return None
        if not isinstance(value, str):
            raise invalid(f"{name} must be a string")
        if choices is not None and value not in choices:
            raise invalid(f"{name} must be one of: {', '.join(choices)}")
        return value

    def needed(self, name: str, choices: Collection[str] | None = None) -> str:
        """A required string; raises like `text`."""
        return self.text(name, required=True, choices=choices) or ""

    def integer(self, name: str, *, required: bool = False) -> int | None:
        """A whole number; raises ApiError 400 otherwise."""
        value = self.raw(name)
        if value is None:
            if required:
                raise missing(f"{name} is a required parameter")
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise invalid(f"{name} must be an integer")
        return value

    def time(self, name: str) -> int | None:
        """A time in unix seconds; raises ApiError 400 for text, fractions, negatives and milliseconds."""
        value = self.integer(name)
        if value is not None and not 0 <= value < LATEST:
            raise invalid(f"{name} must be a time in unix seconds")
        return value

    def boolean(self, name: str) -> bool | None:
        """True or false; raises ApiError 400 otherwise."""
        value = self.raw(name)
        if value is not None and not isinstance(value, bool):
            raise invalid(f"{name} must be a boolean")
        return value

    def mapping(self, name: str) -> JsonObject:
        """An object, empty when absent; raises ApiError 400 otherwise."""
        value = self.raw(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise invalid(f"{name} must be an object")
        return value

    def items(self, name: str) -> list[Any]:
        """A list, empty when absent; raises ApiError 400 otherwise."""
        value = self.raw(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise invalid(f"{name} must be an array")
        return value

    def unread(self) -> list[str]:
        """Fields that were sent and that the endpoint never looked at."""
        return sorted(set(self._body) - self._read)


def number(text: str) -> int | None:
    """Read an id from a path or body: its number, or None when it is not a decimal id."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
