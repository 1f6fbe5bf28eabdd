"""Reading a YAML file into a pydantic model so that every fault is named with its line.

What belongs elsewhere: what the files mean (`schemas/mapping.py`, `schemas/extract.py`).
"""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)


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
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise error(f"{path}: there is no such file. {unreadable}") from None
    except OSError as reason:
        raise error(f"{path}: cannot be opened ({reason.strerror}). {unreadable}") from None
    except UnicodeDecodeError as reason:
        raise error(f"{path}: cannot be read as UTF-8 text ({type(reason).__name__}). {unreadable}") from None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.YAMLError as reason:
        mark = getattr(reason, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise error(f"{path}:{line}: not YAML: {getattr(reason, 'problem', reason)}") from None
    except ValueError as reason:  # a date such as 2026-02-31: the YAML reader passes on the calendar's complaint
        raise error(f"{path}: a date or number cannot be read: {reason}") from None
    if not isinstance(data, dict):
        raise error(f"{path}:1: expected keys and values at the top, found {type(data).__name__}")
    duplicates = _duplicate_keys(node, path)
    if duplicates:
        raise error("\n".join(duplicates))
    try:
        return model.model_validate(data)
    except ValidationError as reason:
        raise error("\n".join(_describe(node, path, model, reason))) from None


def _describe(node: yaml.Node | None, path: Path, model: type[BaseModel], error: ValidationError) -> list[str]:
    """Return one line per fault of a validation."""
    top = model.__name__.lower()
    return [
        f"{path}:{_line_of(node, fault['loc'])}: {'.'.join(str(part) for part in fault['loc']) or top}: {fault['msg']}"
        + ("" if fault["type"] in ("missing", "value_error") else f" (found {fault['input']!r})")
        for fault in error.errors(include_url=False)
    ]


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
                faults.append(f"{path}:{line}: {key.value!r} stands already on line {lines[key.value]}; keep one")
            lines[key.value] = line
            faults += _duplicate_keys(value, path)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            faults += _duplicate_keys(value, path)
    return faults
