"""Reading a YAML file into a pydantic model so that every fault is named with its line.

What belongs elsewhere: what the files mean (`schemas/mapping.py`, `schemas/extract.py`).
"""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from schemas.small_file import NoSmallFileError, read_small
from schemas.suggestions import did_you_mean, names_at
from schemas.yaml_bounds import RefusedError, compose

Model = TypeVar("Model", bound=BaseModel)


MOST_FAULTS = 20
"""Faults that one message lists; how many more there are is said."""
LONGEST_FAULT = 300
"""Letters of one fault."""
LONGEST_WORD = 60
"""Letters of a name or a value in a fault."""


def read_yaml(path: Path, model: type[Model], error: type[ValueError], *, unreadable: str) -> Model:
    """Read `path` and check it against `model`.

    Args:
        path: The file, UTF-8 with or without a byte order mark.
        model: What the file must look like.
        error: The exception to raise; its message has one line per fault, `path:line: field: reason`.
        unreadable: What a person does when the file is not there or cannot be read.

    Raises:
        ValueError: an `error`; the file is missing, is not YAML, says something twice, or does not fit.
    """
    try:
        text = read_small(path, path.parent)
    except NoSmallFileError as reason:
        raise error(f"{path}: {reason} {unreadable}") from None
    try:
        node, data = compose(text)
    except yaml.YAMLError as reason:
        mark = getattr(reason, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        kind = "" if isinstance(reason, RefusedError) else "not YAML: "
        said = " ".join(str(getattr(reason, "problem", None) or reason).split())
        raise error(cut(f"{path}:{line}: {kind}{said}", len(str(path)) + LONGEST_FAULT)) from None
    if not isinstance(data, dict):
        raise error(f"{path}:1: expected keys and values at the top, found {type(data).__name__}")
    duplicates = _duplicate_keys(node, path)
    if duplicates:
        raise error(_listed(duplicates))
    try:
        return model.model_validate(data)
    except ValidationError as reason:
        raise error(_listed(_describe(node, path, model, reason))) from None


def cut(text: str, longest: int) -> str:
    """Return a text, or its beginning where it is too long to be read."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def shown(value: object) -> str:
    """Return a value as a fault shows it: of a list or mapping only that it is one, of a long text the beginning."""
    if isinstance(value, dict | list):
        return "keys and values" if isinstance(value, dict) else "a list"
    # No number of more digits than Python writes.
    return (
        "a very long number" if isinstance(value, int) and value.bit_length() > 256 else cut(repr(value), LONGEST_WORD)
    )


def _listed(faults: list[str]) -> str:
    more = len(faults) - MOST_FAULTS
    return "\n".join([*faults[:MOST_FAULTS], *([f"And {more} more faults like these."] if more > 0 else [])])


def _describe(node: yaml.Node | None, path: Path, model: type[BaseModel], error: ValidationError) -> list[str]:
    """Return one line per fault of a validation."""
    top = model.__name__.lower()
    faults = []
    for fault in error.errors(include_url=False):
        place = ".".join(cut(str(part), LONGEST_WORD) for part in fault["loc"]) or top
        # The value of a key that nobody knows may be anything, a password too.
        quiet = fault["type"] in ("missing", "value_error", "extra_forbidden")
        found = "" if quiet else f" (found {shown(fault['input'])})"
        line = _line_of(node, fault["loc"])
        unknown = fault["type"] == "extra_forbidden"
        said = f"There is no such key.{_meant(model, fault['loc'])}" if unknown else fault["msg"]
        faults.append(f"{path}:{line}: " + cut(f"{place}: {said}", LONGEST_FAULT) + found)
    return faults


def _meant(model: type[BaseModel], location: tuple[int | str, ...]) -> str:
    return did_you_mean(str(location[-1]), names_at(model, location[:-1]))


def _line_of(node: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """Return the 1-based line of the deepest part of `location` that the file has."""
    line = 1
    for part in location:
        child: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(part):
                    line, child = key.start_mark.line + 1, value
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            child = node.value[part]
            line = child.start_mark.line + 1
        if child is None:
            break
        node = child
    return line


def _duplicate_keys(node: yaml.Node | None, path: Path) -> list[str]:
    """Name every key that stands twice in one mapping, which YAML readers resolve in silence."""
    faults: list[str] = []
    if isinstance(node, yaml.MappingNode):
        lines: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in lines:
                faults.append(f"{path}:{line}: {shown(key.value)} stands already on line {lines[key.value]}; keep one")
            lines[key.value] = line
            faults += _duplicate_keys(value, path)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            faults += _duplicate_keys(value, path)
    return faults
