"""Intercom's official description of its API, found, read and asked.

The environment variable INTERCOM_OPENAPI names the folder that holds it; without it, `shared/openapi` beside the
project. The description itself is not valid OpenAPI in places (a path parameter that is not declared), so
openapi-core is told not to check it as a whole; every schema that is used is compiled all the same.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from openapi_core import Config, OpenAPI
from openapi_core.templating.paths.datatypes import PathOperationServer
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.templating.paths.finders import APICallPathFinder

from tests.conformance.differences import Difference
from tests.conformance.fields import Fields

PROJECT = Path(__file__).resolve().parents[2]
FILES = {"2.16": "intercom-2.16.json", "Preview": "intercom-preview.json"}
"""Which file describes which version."""
ABSENT = "Intercom's description is not there: INTERCOM_OPENAPI names the folder, else it is ../shared/openapi"


def folder() -> Path | None:
    """Return the folder that holds the description of every version, or None."""
    named = os.environ.get("INTERCOM_OPENAPI")
    found = Path(named) if named else PROJECT.parent / "shared" / "openapi"
    return found if all((found / name).is_file() for name in FILES.values()) else None


class _OnceEach(APICallPathFinder):
    """openapi-core's finder, which goes through all paths: a call is looked for once, not once per question."""

    _last: ClassVar[tuple[Any, ...]] = ()

    def find(self, method: str, name: str) -> PathOperationServer:
        """Return what a method and URL stand for."""
        asked = (self.spec, method, name)
        if not self._last or self._last[0] is not self.spec or self._last[1:3] != asked[1:]:
            _OnceEach._last = (*asked, super().find(method, name))
        found: PathOperationServer = self._last[3]
        return found


class Description:
    """One version's description, with known differences laid over it.

    Attributes:
        name: the file's name.
        sha256: the file's hash, as it was published.
        version: the API version that it describes.
        api: the description as openapi-core uses it.
        fields: the fields that it knows.
    """

    def __init__(self, file: Path, differences: Sequence[Difference] = ()) -> None:
        content = file.read_bytes()
        self.name = file.name
        self.sha256 = hashlib.sha256(content).hexdigest()
        self._document: dict[str, Any] = json.loads(content)
        self.version: str = self._document["info"]["version"]
        for difference in differences:
            difference.apply(self._document)
        self.host: str = self._document["servers"][0]["url"]
        self.api = OpenAPI.from_dict(self._document, config=Config(spec_validator_cls=None, path_finder_cls=_OnceEach))
        self.fields = Fields(self._document)
        self._paths = _OnceEach(self.api.spec)

    def endpoint(self, method: str, path: str) -> tuple[str, str] | None:
        """Return (method, path template) of a call; None when it is not described."""
        try:
            found = self._paths.find(method.lower(), self.host + path)
        except PathError:
            return None
        return method, found.path.parts[1]

    def operation(self, method: str, template: str) -> dict[str, Any]:
        """Return what is written about an endpoint."""
        found: dict[str, Any] = self._document["paths"][template][method.lower()]
        return found

    def query_names(self, method: str, template: str) -> set[str]:
        """Return the query parameters that an endpoint declares."""
        shared = self._document["paths"][template].get("parameters", [])
        given = [*shared, *self.operation(method, template).get("parameters", [])]
        return {named["name"] for named in map(self.fields.follow, given) if named["in"] == "query"}

    def body_schema(self, method: str, template: str) -> dict[str, Any] | None:
        """Return the schema of an endpoint's JSON body; None when it declares no body."""
        asked = self.operation(method, template).get("requestBody")
        return None if asked is None else _json_schema(self.fields.follow(asked))

    def answer_schema(self, method: str, template: str, status: int) -> dict[str, Any] | None:
        """Return the schema of an endpoint's JSON answer; None when it declares none for the status."""
        answers = self.operation(method, template)["responses"]
        answer = answers.get(str(status), answers.get("default"))
        return None if answer is None else _json_schema(self.fields.follow(answer))


def _json_schema(holder: dict[str, Any]) -> dict[str, Any] | None:
    schema: dict[str, Any] | None = holder.get("content", {}).get("application/json", {}).get("schema")
    return schema


def read_descriptions(where: Path, differences: Sequence[Difference] = ()) -> dict[str, Description]:
    """Return the description of every version."""
    return {version: Description(where / name, differences) for version, name in FILES.items()}
