"""Exchanges against the description: what is wrong with each, in words that hold nothing of its content."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl

from jsonschema.exceptions import ValidationError, best_match
from openapi_core.datatypes import RequestParameters
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue
from werkzeug.datastructures import Headers, ImmutableMultiDict

from tests.conformance.description import Description
from tests.conformance.exchange import Exchange

Side = Literal["request", "answer"]
_TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}


@dataclass(frozen=True)
class Violation:
    """One kind of disagreement with the description.

    Attributes:
        version: the version that the call names.
        endpoint: method and path template.
        side: whether the request or the answer is wrong.
        where: the JSON path, or the part of the call.
        what: what is wrong, in the description's words.
    """

    version: str
    endpoint: str
    side: Side
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.version} {self.endpoint}: {self.side} {self.where}: {self.what}"


@dataclass
class _Asked:
    """A request as openapi-core reads it."""

    host_url: str
    path: str
    method: str
    body: bytes | None
    content_type: str
    parameters: RequestParameters


@dataclass
class _Answered:
    """An answer as openapi-core reads it."""

    status_code: int
    content_type: str
    headers: Mapping[str, Any]
    data: bytes | None


class Checker:
    """Checks exchanges against the description of the version that each names."""

    def __init__(self, descriptions: Mapping[str, Description]) -> None:
        self.descriptions = descriptions

    def endpoint(self, exchange: Exchange) -> str:
        """Return method and path template of an exchange, for counting."""
        description = self.descriptions.get(exchange.version or "")
        found = description.endpoint(exchange.method, exchange.path) if description else None
        return " ".join(found) if found else exchange.shape

    def check(self, exchange: Exchange, *, requests: bool = True) -> list[Violation]:
        """Return what is wrong with an exchange; with its answer only, unless `requests`."""
        version = str(exchange.version)
        description = self.descriptions.get(version)
        if description is None:
            return [Violation(version, exchange.shape, "request", "Intercom-Version", "names no version described")]
        found = description.endpoint(exchange.method, exchange.path)
        if found is None:
            return [Violation(version, exchange.shape, "request", "path", "is not described")]
        endpoint = " ".join(found)
        asked = _asked(exchange, description)
        violations = [
            Violation(version, endpoint, "answer", where, what)
            for where, what in _answer_faults(exchange, description, found, asked)
        ]
        if requests:
            violations += [
                Violation(version, endpoint, "request", where, what)
                for where, what in _request_faults(exchange, description, found, asked)
            ]
        return violations


def _asked(exchange: Exchange, description: Description) -> _Asked:
    return _Asked(
        host_url=description.host,
        path=exchange.path,
        method=exchange.method.lower(),
        body=exchange.body or None,
        content_type=exchange.headers.get("content-type", ""),
        parameters=RequestParameters(
            query=ImmutableMultiDict(parse_qsl(exchange.query, keep_blank_values=True)),
            header=Headers(dict(exchange.headers)),
        ),
    )


def _request_faults(
    exchange: Exchange, description: Description, found: tuple[str, str], asked: _Asked
) -> Iterator[tuple[str, str]]:
    for error in description.api.iter_request_errors(asked):
        yield from _told(error)
    known = description.query_names(*found)
    for name, _ in parse_qsl(exchange.query, keep_blank_values=True):
        if name not in known:
            yield f"query {name}", "is not declared"
    if exchange.body:
        schema = description.body_schema(*found)
        if schema is None:
            yield "body", "is not declared"
        else:
            yield from _undeclared(description, schema, exchange.body, answer=False)


def _answer_faults(
    exchange: Exchange, description: Description, found: tuple[str, str], asked: _Asked
) -> Iterator[tuple[str, str]]:
    answered = _Answered(
        exchange.status, exchange.answer_headers.get("content-type", ""), exchange.answer_headers, exchange.answer
    )
    for error in description.api.iter_response_errors(asked, answered):
        yield from ((f"{exchange.status} {where}", what) for where, what in _told(error))
    schema = description.answer_schema(*found, exchange.status)
    if schema is not None:
        for where, what in _undeclared(description, schema, exchange.answer, answer=True):
            yield f"{exchange.status} {where}", what


def _undeclared(
    description: Description, schema: dict[str, Any], content: bytes, *, answer: bool
) -> Iterator[tuple[str, str]]:
    try:
        value = json.loads(content)
    except ValueError:
        return  # openapi-core has said so
    for path in description.fields.undeclared(schema, value, answer=answer):
        yield path, "is not declared"


def _told(error: Exception) -> Iterator[tuple[str, str]]:
    """Yield where and what for one of openapi-core's errors; their own texts quote the content."""
    root: BaseException = error
    while root.__cause__ is not None:
        root = root.__cause__
    name = getattr(error, "name", "")
    if not isinstance(root, InvalidSchemaValue):
        yield name or "whole", type(root).__name__
        return
    for fault in root.schema_errors:
        if isinstance(fault, ValidationError):
            where, what = _fault(fault)
            yield f"{name} {where}".strip(), what


def _fault(fault: ValidationError) -> tuple[str, str]:
    nearest = best_match([fault]) or fault
    where = "$" + "".join("[]" if isinstance(step, int) else f".{step}" for step in nearest.absolute_path)
    expected, keyword = nearest.validator_value, str(nearest.validator)
    if keyword == "required":
        absent = [name for name in expected if name not in nearest.instance]
        return where, f"lacks {', '.join(absent)}"
    if keyword == "type":
        return where, f"is {_type(nearest.instance)}, not {expected}"
    if keyword in ("oneOf", "anyOf"):
        return where, f"matches no branch of {keyword}, or too many"
    return where, f"breaks {keyword} {json.dumps(expected)[:120]}"


def _type(value: Any) -> str:
    return "null" if value is None else _TYPES.get(type(value), type(value).__name__)
