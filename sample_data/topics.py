"""The library of dialogues: reads texts/<language>.yaml, from which every thread of the sample is put together."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml

_FOLDER = Path(__file__).with_name("texts")


class Topic(NamedTuple):
    """One dialogue: the subject, and the turns as (c, a or n; text)."""

    team: str
    tags: tuple[str, ...]
    modules: tuple[str, ...]
    subject: str
    turns: tuple[tuple[str, str], ...]


class Language(NamedTuple):
    """Everything that is said in one language; `hello` and `bye` are by speaker, c or a."""

    hello: dict[str, list[str]]
    bye: dict[str, list[str]]
    wrote: str
    nudge: list[str]
    holding: list[str]
    topics: tuple[Topic, ...]


@lru_cache
def language(code: str) -> Language:
    """Read the dialogues of one language, e.g. `de`."""
    data = yaml.safe_load((_FOLDER / f"{code}.yaml").read_text(encoding="utf-8"))
    topics = tuple(
        Topic(
            item["team"],
            tuple(item["tags"]),
            tuple(item["modules"]),
            item["subject"],
            tuple((speaker, text) for speaker, text in item["turns"]),
        )
        for item in data["topics"]
    )
    return Language(data["hello"], data["bye"], data["wrote"], data["nudge"], data["holding"], topics)


LANGUAGES = tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))
"""The languages that there are dialogues in."""
