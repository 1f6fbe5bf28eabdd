"""A real server per test module, and what most tests need in it."""

import itertools
import json
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from embedded_intercom.api.pipeline import take_effect
from embedded_intercom.api.routing import Call, Router
from embedded_intercom.api.workspace import Options, open_workspace
from embedded_intercom.process import EmbeddedProcess, Quotas
from embedded_intercom.protocol.errors import ApiError
from embedded_intercom.routes import MODULES

SEED = {
    "workspace": {"name": "Test", "timezone": "Europe/Berlin"},
    "admins": [{"name": "Ada", "email": "ada@example.com"}, {"name": "Bob", "email": "bob@example.com"}],
    "teams": [{"name": "Support", "admins": ["bob@example.com"]}, {"name": "Billing"}],
}

KNOWN_BY = ("--known-by", "Helpdesk number,Helpdesk id")


class Api:
    """A client of the server, and records made with it."""

    def __init__(self, process: EmbeddedProcess) -> None:
        self.process = process
        self.http = httpx.Client(base_url=process.url, headers=self.headers(), trust_env=False, timeout=20)
        self.numbers = itertools.count(1)

    def headers(self, version="2.16"):
        return {"Authorization": f"Bearer {self.process.token}", "Intercom-Version": version}

    def ask(self, method, path, body=None, *, version="2.16", **options):
        return self.http.request(method, path, json=body, headers={"Intercom-Version": version}, **options)

    def ok(self, method, path, body=None, **options):
        answer = self.ask(method, path, body, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, status, code, method, path, body=None, **options):
        answer = self.ask(method, path, body, **options)
        error = answer.json()
        assert (answer.status_code, error["errors"][0]["code"]) == (status, code), answer.text
        assert error["type"] == "error.list"
        return error["errors"][0]["message"]

    @property
    def admin(self):
        return self.ok("GET", "/admins")["admins"][0]["id"]

    def contact(self, **fields):
        key = f"c{next(self.numbers)}"
        return self.ok("POST", "/contacts", {"role": "user", "external_id": key, **fields})

    def ticket_type(self, category="Customer"):
        return self.ok("POST", "/ticket_types", {"name": f"Type {next(self.numbers)}", "category": category})

    def attribute(self, kind, name, data_type="string", **fields):
        body = {"name": name, "description": "", "data_type": data_type, **fields}
        return self.ok("POST", f"/ticket_types/{kind['id']}/attributes", body)

    def ticket(self, kind, contact, **fields):
        body = {"ticket_type_id": kind["id"], "contacts": [{"id": contact["id"]}], "skip_notifications": True}
        return self.ok("POST", "/tickets", {**body, **fields})

    def conversation(self, contact, body="Hello", **fields):
        sender = {"type": "user", "id": contact["id"]}
        return self.ok("POST", "/conversations", {"from": sender, "body": body, **fields})["conversation_id"]

    def notifications(self):
        return self.ok("GET", "/__embedded/notifications")

    def advance(self, seconds):
        self.ok("POST", "/__embedded/clock", {"advance": seconds})

    def wipe(self):
        self.ok("POST", "/__embedded/wipe")


@pytest.fixture(scope="session")
def api_class():
    return Api


@pytest.fixture(scope="module")
def seed_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("seed") / "seed.json"
    path.write_text(json.dumps(SEED))
    return path


@pytest.fixture(scope="module")
def api(tmp_path_factory, seed_file):
    quotas = Quotas(app=1_000_000, workspace=1_000_000)
    with EmbeddedProcess(tmp_path_factory.mktemp("state"), quotas, seed_file, options=KNOWN_BY) as process:
        yield Api(process)


@pytest.fixture
def started(tmp_path):
    """Start workspaces with a seed and command-line options of their own; they end with the test."""
    with ExitStack() as stack:

        def start(*options, state="state", **seed):
            path = tmp_path / "own-seed.json"
            path.write_text(json.dumps({**SEED, **seed}))
            quotas = Quotas(app=1_000_000, workspace=1_000_000)
            return Api(stack.enter_context(EmbeddedProcess(tmp_path / state, quotas, path, options=options)))

        yield start


@pytest.fixture
def local(tmp_path):
    """Make calls on a workspace in this process, where a test needs what no request can set; answers their bodies."""
    workspace = open_workspace(Options(state=tmp_path), "token")
    router = Router(MODULES)

    def call(method, path, body=None, version="2.16"):
        content = json.dumps(body).encode() if body is not None else b""
        made = Call(method, path, {}, {"intercom-version": version}, content, "id", workspace)
        try:
            answer = take_effect(made, router).body
        except ApiError as error:
            answer = error.body("id")
        return json.loads(answer) if isinstance(answer, str) else answer

    yield call
    workspace.store.close()


class Faulty:
    """The server with a plan, and what is there whatever the plan does."""

    def __init__(self, api):
        self.api = api
        self.numbers = api.numbers

    def use(self, *rules, seed=1):
        self.api.ok("POST", "/__embedded/faults", {"seed": seed, "rules": rules})

    def clear(self):
        return self.api.ok("DELETE", "/__embedded/faults")

    def report(self):
        return self.api.ok("GET", "/__embedded/faults")

    def count(self, table):
        return self.api.ok("GET", "/__embedded/state")["counts"][table]

    def tag(self, **options):
        """Create a tag; return its answer, or the exception, and whether it is there."""
        before = self.count("tags")
        try:
            answer = self.api.ask("POST", "/tags", {"name": f"tag {next(self.numbers)}"}, **options)
        except httpx.HTTPError as error:
            answer = error
        return answer, self.count("tags") > before


@pytest.fixture
def faulty(api):
    """The server with a plan of faults, which is cleared afterwards."""
    made = Faulty(api)
    yield made
    made.clear()
    api.http.close()
    api.http = httpx.Client(base_url=api.process.url, headers=api.headers(), trust_env=False, timeout=20)
