"""A real server per test module, and what most tests need in it."""

import itertools
import json
from pathlib import Path

import httpx
import pytest

from resources.embedded.process import EmbeddedProcess, Quotas

SEED = {
    "workspace": {"name": "Test", "timezone": "Europe/Berlin"},
    "admins": [{"name": "Ada", "email": "ada@example.com"}, {"name": "Bob", "email": "bob@example.com"}],
    "teams": [{"name": "Support", "admins": ["bob@example.com"]}, {"name": "Billing"}],
}


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

    def wipe(self):
        self.ok("POST", "/__embedded/wipe")


@pytest.fixture(scope="module")
def seed_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("seed") / "seed.json"
    path.write_text(json.dumps(SEED))
    return path


@pytest.fixture(scope="module")
def api(tmp_path_factory, seed_file):
    quotas = Quotas(app=1_000_000, workspace=1_000_000)
    with EmbeddedProcess(tmp_path_factory.mktemp("state"), quotas, seed_file) as process:
        yield Api(process)
