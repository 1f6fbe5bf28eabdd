"""Where Intercom's service differs from Intercom's description: read from a file and laid over the description.

A difference does not silence the check: it says what the service does instead, and that is what is checked.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field

FILE = Path(__file__).with_name("known_differences.yaml")


class Change(BaseModel):
    """One place of the description that is written otherwise.

    Attributes:
        at: the keys that lead to the place, from the top; "*" is every key that the rest fits, "+" adds to a list.
        to: what stands there instead.
        only: the version whose description is changed; None for every one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: list[str | int]
    to: Any
    only: str | None = None

    def apply(self, document: dict[str, Any]) -> None:
        """Change the document.

        Raises:
            LookupError: the place does not exist.
        """
        *way, last = self.at
        places = list(_places(document, way))
        if not places:
            raise LookupError(f"nothing is at {self.at}")
        for place in places:
            if last == "+":
                place.append(self.to)
            else:
                place[last] = self.to


def _places(place: Any, way: list[str | int]) -> Iterator[Any]:
    """Yield all that `way` leads to; a "*" leaves out what the next step does not fit."""
    if not way:
        yield place
    elif way[0] != "*":
        yield from _places(place[way[0]], way[1:])
    else:
        for inner in place.values():
            if len(way) == 1 or way[1] == "*" or way[1] in inner:
                yield from _places(inner, way[1:])


class Difference(BaseModel):
    """One difference.

    Attributes:
        name: a short name, unique.
        description: what the description says.
        service: what the service does.
        source: where that is known from.
        seen: the endpoint, "METHOD /path/{template}", whose traffic shows it; None when no call of ours does.
        changes: the description as it would have to be.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    description: str
    service: str
    source: str
    seen: str | None = None
    changes: list[Change] = Field(default_factory=list)

    def apply(self, document: dict[str, Any]) -> None:
        """Change the description of one version."""
        version = document["info"]["version"]
        for change in self.changes:
            if change.only in (None, version):
                change.apply(document)


class Differences(BaseModel):
    """All of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    differences: list[Difference]

    @classmethod
    def read(cls, file: Path = FILE) -> Self:
        """Read the file."""
        content: Mapping[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        return cls.model_validate(content)

    def without(self, name: str) -> Sequence[Difference]:
        """Return all but one."""
        return [difference for difference in self.differences if difference.name != name]
