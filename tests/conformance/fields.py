"""Fields that a description knows, beyond what JSON Schema asks.

Schemas forbid no unknown field, so a misspelt one would pass. A request may hold what its schema declares. An answer
may also hold what one of the description's own examples shows: they are Intercom's real answers and hold more than
the schemas, e.g. a conversation's `ticket`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

Schema = dict[str, Any]
Meets = Callable[[list[Schema], str, str], None]
METHODS = ("get", "put", "post", "delete", "patch")


class Fields:
    """The fields that one description knows."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._shown: dict[int, set[str]] = defaultdict(set)
        for schema, example in self._examples():
            self._walk([schema], example, "", self._learn)

    def undeclared(self, schema: Schema, value: Any, *, answer: bool) -> list[str]:
        """Return the JSON paths of fields that nothing declares; list positions are left out of them."""
        found: dict[str, None] = {}

        def meets(schemas: list[Schema], name: str, path: str) -> None:
            if not (answer and any(name in self._shown[id(schema)] for schema in schemas)):
                found[f"{path}.{name}"] = None

        self._walk([schema], value, "$", meets)
        return list(found)

    def _learn(self, schemas: list[Schema], name: str, path: str) -> None:
        for schema in schemas:
            if "properties" in schema:
                self._shown[id(schema)].add(name)

    def _walk(self, schemas: list[Schema], value: Any, path: str, meets: Meets) -> None:
        """Call `meets` for every field of `value` that none of the schemas declares."""
        schemas = list(self._branches(schemas))
        if isinstance(value, list):
            items = [schema["items"] for schema in schemas if "items" in schema]
            for item in value if items else ():
                self._walk(items, item, f"{path}[]", meets)
        if not isinstance(value, dict) or not any("properties" in schema for schema in schemas):
            return
        declared: dict[str, list[Schema]] = defaultdict(list)
        for schema in schemas:
            for name, inner in schema.get("properties", {}).items():
                declared[name].append(inner)
        anything = any(schema.get("additionalProperties") for schema in schemas)
        for name, inner in value.items():
            if name in declared:
                self._walk(declared[name], inner, f"{path}.{name}", meets)
            elif not anything:
                meets(schemas, name, path)

    def _branches(self, schemas: list[Schema]) -> Iterator[Schema]:
        """Yield the schemas and what they consist of: references followed, every branch of a choice."""
        for given in schemas:
            schema = self.follow(given)
            yield schema
            for word in ("allOf", "anyOf", "oneOf"):
                yield from self._branches(schema.get(word, []))

    def follow(self, schema: Schema) -> Schema:
        """Return what a reference stands for."""
        while "$ref" in schema:
            found: Any = self._document
            for key in schema["$ref"].removeprefix("#/").split("/"):
                found = found[key]
            schema = found
        return schema

    def _examples(self) -> Iterator[tuple[Schema, Any]]:
        """Yield every example of an answer with the schema of that answer."""
        for item in self._document["paths"].values():
            for method in METHODS:
                for answer in item.get(method, {}).get("responses", {}).values():
                    for media in self.follow(answer).get("content", {}).values():
                        for example in media.get("examples", {}).values():
                            if "value" in example:
                                yield media.get("schema", {}), example["value"]
