"""The UI of `make ui` is no open door: not for other pages in the same browser, nor for who has not its address."""

import json
import re
import signal
import time
from urllib.parse import quote

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from migration_assets.ui.entrance import root_of
from tests.security.conftest import recording
from tests.support.browser import CHROMIUM, PATIENCE, WHY_NOT, browser
from tests.support.cli import Cli

pytestmark = pytest.mark.slow
WHERE = '{repositoryName: "__repository__", repositoryLocationName: "itco_to_intercom", scheduleName: "delta_window"}'
START = f"mutation {{ startSchedule(scheduleSelector: {WHERE}) {{ __typename }} }}"
STOP = "mutation { stopRunningSchedule(id: %s) { __typename } }"
STATE = f"{{ scheduleOrError(scheduleSelector: {WHERE}) {{ ... on Schedule {{ scheduleState {{ id status }} }} }} }}"


class Ui:
    """The UI as a process, and its user, who has opened the printed address."""

    def __init__(self, process):
        self.process = process
        words = iter(process.stdout)
        self.invitation = next(filter(None, (re.search(r"http://\S+", line) for line in words)))[0]
        self.origin, _, token = self.invitation.partition("/?token=")
        self.address = self.origin + root_of(token)
        self.user = httpx.Client(base_url=self.address, trust_env=False, timeout=PATIENCE)
        assert self.user.get(self.invitation).status_code == 200

    @property
    def cookie(self):
        return "; ".join(map("=".join, self.user.cookies.items()))

    def ask(self, query, **headers):
        return self.user.post("/graphql", json={"query": query}, headers=headers)

    def schedule(self):
        return self.ask(STATE).json()["data"]["scheduleOrError"]["scheduleState"]


@pytest.fixture(scope="module")
def ui(tmp_path_factory):
    process = Cli(tmp_path_factory.mktemp("ui") / "state").start("ui", "--port", "0")
    try:
        yield Ui(process)
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=2 * PATIENCE)
        assert process.returncode == 0, (out, err)


def test_who_has_the_address_uses_it_as_ever(ui):
    assert "<!DOCTYPE html>" in ui.user.get("/runs").text
    assert ui.schedule()["status"] == "STOPPED"
    ui.ask(START).raise_for_status()
    state = ui.schedule()
    assert state["status"] == "RUNNING"
    end = time.monotonic() + PATIENCE
    # Dagster's daemon, at its own look, may write down once more what it read before.
    while ui.schedule()["status"] != "STOPPED":
        assert time.monotonic() < end
        ui.ask(STOP % json.dumps(state["id"])).raise_for_status()
        time.sleep(0.5)
    with connect(
        ui.address.replace("http", "ws") + "/graphql",
        origin=ui.origin,
        additional_headers={"Cookie": ui.cookie},
        subprotocols=["graphql-ws"],
        proxy=None,
    ) as socket:
        socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(socket.recv(30))["type"] == "connection_ack"


@pytest.mark.parametrize("knows_the_path", [False, True])
def test_who_has_not_the_address_gets_nothing(ui, knows_the_path):
    base = ui.address if knows_the_path else ui.origin
    with httpx.Client(base_url=base, trust_env=False, timeout=PATIENCE) as stranger:
        for path in ("/", "/runs", "/server_info", "/graphql", "/static/x", "/report_asset_check/a", "/?token=wrong"):
            for method in ("GET", "POST"):
                answer = stranger.request(method, path, headers={"Content-Type": "application/json"})
                assert (answer.status_code, "make ui" in answer.text) == (401, True), (method, path)
        with pytest.raises(InvalidStatus):
            connect(base.replace("http", "ws") + "/graphql", origin=ui.origin, proxy=None)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://127.0.0.1:9"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
    ],
)
def test_what_another_page_would_send_is_refused_although_the_cookie_comes_along(ui, headers):
    assert ui.ask(START, **headers).status_code in (400, 403)
    assert ui.schedule()["status"] == "STOPPED"


def test_nothing_is_changed_by_a_get_nor_by_what_a_form_can_send(ui):
    assert ui.user.get("/graphql", params={"query": START}).status_code == 405
    assert ui.user.get("/graphql/", params={"query": START}).status_code == 405
    assert ui.user.post("/graphql", data={"query": START}).status_code == 415
    assert ui.user.post("/graphql", content=json.dumps({"query": START})).status_code == 415
    assert ui.user.post("/graphql", files={"operations": (None, json.dumps({"query": START}))}).status_code == 415
    assert ui.user.get("/graphql", headers={"Accept": "text/html"}).status_code == 200, (
        "the page on which a person writes queries"
    )
    assert ui.schedule()["status"] == "STOPPED"


def hostile(ui, address):
    """Return a page that tries everything which a page can to start a schedule at an address."""
    query, body = quote(START), json.dumps({"query": START})
    return f"""<!doctype html><title>Kittens</title>
<img src="{address}/graphql?query={query}"><iframe name="f" src="{address}/graphql?query={query}"></iframe>
<form id="form" method="post" enctype="text/plain" action="{address}/graphql" target="f">
<input name='{{"query": "{START.replace('"', "&quot;")}", "x": "' value='"}}'></form>
<script>
const tried = [];
async function attempt(name, work) {{
  try {{ tried.push([name, await work()]); }} catch (error) {{ tried.push([name, "refused"]); }}
}}
async function read(path, options) {{
  const answer = await fetch("{address}" + path, {{credentials: "include", ...options}});
  return answer.type === "opaque" ? "opaque" : answer.status + await answer.text();
}}
const body = {json.dumps(body)};
window.done = (async () => {{
  const headers = {{"Content-Type": "application/json"}};
  await attempt("json", () => read("/graphql", {{method: "POST", headers, body}}));
  await attempt("plain", () => read("/graphql", {{method: "POST", mode: "no-cors", body}}));
  await attempt("get", () => read("/graphql?query={query}"));
  await attempt("get blind", () => read("/graphql?query={query}", {{mode: "no-cors"}}));
  await attempt("page", () => read("/"));
  await attempt("socket", () => new Promise((done, failed) => {{
    const socket = new WebSocket("{address.replace("http", "ws")}/graphql", "graphql-ws");
    socket.onopen = () => done("open"); socket.onerror = failed;
  }}));
  document.getElementById("form").submit();
  await new Promise(done => setTimeout(done, 1500));
  return tried;
}})();
</script>""".encode()


@pytest.mark.skipif(CHROMIUM is None, reason=WHY_NOT)
@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "evil.example"])
def test_a_hostile_page_in_the_browser_of_who_uses_the_ui_can_do_nothing(ui, name):
    """The browser knows the UI's cookie; the page stands on another port, and under another name."""
    port, path = ui.origin.rpartition(":")[2], ui.address.removeprefix(ui.origin)
    # The foreign name is pointed at this machine, as DNS rebinding does.
    with browser("--host-resolver-rules=MAP evil.example 127.0.0.1") as tab, recording(kind="text/html") as server:
        tab.open(ui.invitation)
        arrived(tab, ui.address)
        assert tab.run(f"fetch('{path}/server_info').then(answer => answer.status)") == 200
        # It is even told the secret path.
        for target in (ui.address, f"http://localhost:{port}{path}", f"http://evil.example:{port}{path}"):
            server.page = hostile(ui, target)
            tab.open(f"http://{name}:{server.port}/")
            tried = dict(tab.run("window.done"))
            assert tried.keys() == {"json", "plain", "get", "get blind", "page", "socket"}
            read = {what: said for what, said in tried.items() if said not in ("refused", "opaque")}
            assert read == {}, "nothing of an answer may be read, and no socket opened"
            assert ui.schedule()["status"] == "STOPPED"
        tab.open(f"http://evil.example:{port}{path}/")
        assert "does not answer under that name" in tab.run("document.body.innerText")


def arrived(tab, address):
    """Wait until the tab is at an address or below it, with something to read."""
    end = time.monotonic() + PATIENCE
    while not tab.run("location.href").startswith(address) or not tab.run("document.body.innerText"):
        assert time.monotonic() < end, tab.run("location.href")
        time.sleep(0.2)


@pytest.mark.skipif(CHROMIUM is None, reason=WHY_NOT)
def test_another_port_of_the_same_name_gets_no_cookie(ui):
    """A browser sends a name's cookies to all of its ports, and a page of another port may ask that port anything."""
    with browser() as tab, recording(page=b"<title>Kittens</title>", kind="text/html") as server:
        tab.open(ui.invitation)
        arrived(tab, ui.address)
        tab.open(f"{server.url}/land")
        for path in ("/", "/runs", "/graphql", "/dagster", "/dagster-0/x"):
            assert tab.run(f"fetch('{path}', {{credentials: 'include'}}).then(answer => answer.status)") == 200
    assert len(server.seen) >= 6
    assert [headers["Cookie"] for _, _, headers in server.seen if "Cookie" in headers] == []


@pytest.mark.skipif(CHROMIUM is None, reason=WHY_NOT)
def test_the_ui_works_in_a_browser(ui):
    with browser() as tab:
        tab.open(ui.origin)
        assert "make ui" in tab.run("document.body.innerText")
        tab.open(ui.invitation)
        arrived(tab, ui.address)
        assert "token=" not in tab.run("location.href")
        # As an alert links to it: without the path, which the browser that was let in knows.
        tab.open(f"{ui.origin}/jobs")
        arrived(tab, f"{ui.address}/jobs")
        end = time.monotonic() + PATIENCE
        while "hypercare" not in (text := tab.run("document.body.innerText")) and time.monotonic() < end:
            time.sleep(0.5)
        assert "hypercare" in text and "rollback" in text


def test_a_port_that_is_taken_is_a_sentence(ui, tmp_path):
    finished = Cli(tmp_path / "state")("ui", "--port", ui.origin.rpartition(":")[2])
    assert (finished.code, finished.out) == (1, "")
    assert finished.err.startswith("Port ") and finished.err.count("\n") == 1
