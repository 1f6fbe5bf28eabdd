"""What somebody may have meant who wrote a name that nothing has."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel


def did_you_mean(word: str, known: Iterable[str], prefix: str = "") -> str:
    """Return ` Did you mean x?` for the known name that is most like a word; nothing where none is like it.

    Args:
        word: what was written.
        known: the names that there are.
        prefix: what all of them begin with, which makes none of them more like another.
    """
    ends = {name.removeprefix(prefix).casefold(): name for name in known}
    close = get_close_matches(word.removeprefix(prefix).casefold(), ends, n=1, cutoff=0.7)
    return f" Did you mean {ends[close[0]]}?" if close else ""


def names_at(model: type[BaseModel], location: Sequence[int | str]) -> list[str]:
    """Return the keys that a model takes at a place inside it; none where it takes any, or has no such place."""
    whole = model.model_json_schema()
    here = list(_alternatives(whole, whole))
    for part in location:
        here = [found for one in here for found in _inside(one, str(part), whole)]
    return [name for one in here for name in one.get("properties", {})]


def _inside(one: dict[str, Any], part: str, whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    inside = one.get("properties", {}).get(part, one.get("items", one.get("additionalProperties")))
    if isinstance(inside, dict):
        yield from _alternatives(inside, whole)


def _alternatives(one: dict[str, Any], whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what a part of a JSON schema may be, references and choices followed."""
    if "$ref" in one:
        yield from _alternatives(whole["$defs"][one["$ref"].rpartition("/")[2]], whole)
    for choice in one.get("anyOf", one.get("oneOf", ())):
        yield from _alternatives(choice, whole)
    yield one
