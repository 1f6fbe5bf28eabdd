"""How the embedded workspace is started for a run: what of the settings reaches it, and what is refused before."""

import dagster as dg
import httpx
import pytest

from embedded_intercom.process import EmbeddedProcess
from resources.assembly import build_resources
from resources.embedded_launcher import EmbeddedLauncher, fault_plan, launcher_of, stand_in_id
from resources.intercom.http import USER_AGENT
from resources.workspace import IntercomWorkspace, RunFigures
from schemas.settings import PROJECT, Settings
from tests.support.cli import Cli

SEED = PROJECT / "sample_data" / "workspace_seed.json"


def test_the_settings_reach_the_server(tmp_path, monkeypatch):
    monkeypatch.setenv("EMBEDDED_FAULTS", "before=1,status=503,calls=writes slow=0.5,seconds=0.01")
    monkeypatch.setenv("EMBEDDED_FAULT_SEED", "4")
    monkeypatch.setenv("EMBEDDED_SEARCH_LAG", "3600")
    monkeypatch.delenv("INTERCOM_ACCESS_TOKEN", raising=False)
    workspace = build_resources(Settings(state=tmp_path / "state"))["workspace"]
    workspace.setup_for_execution(None)
    try:
        with EmbeddedProcess(tmp_path / "state" / "embedded") as process:
            headers = {"Authorization": f"Bearer {process.token}", "Intercom-Version": "2.16"}
            with httpx.Client(base_url=process.url, headers=headers, trust_env=False) as http:
                report = http.get("/__embedded/faults").json()
                http.delete("/__embedded/faults").raise_for_status()
                made = http.post("/contacts", json={"role": "user", "external_id": "1"}).json()
                query = {"query": {"field": "id", "operator": "=", "value": made["id"]}}
                found = http.post("/contacts/search", json=query).json()
    finally:
        workspace.teardown_after_execution(None)
    assert (report["seed"], [rule["kind"] for rule in report["rules"]]) == (4, ["before", "slow"])
    assert found["data"] == [], "the search lags"


def test_what_others_tell_people_is_not_counted_as_the_migrations(tmp_path):
    workspace = build_resources(Settings(state=tmp_path / "state"))["workspace"]
    workspace.setup_for_execution(None)
    try:
        with EmbeddedProcess(tmp_path / "state" / "embedded") as process:
            headers = {"Authorization": f"Bearer {process.token}", "Intercom-Version": "2.16"}
            with httpx.Client(base_url=process.url, headers=headers, trust_env=False) as http:
                _tell(http)
                assert workspace.notifications_to_contacts() == 0, "a teammate's call"
                assert process.notifications("contact") > 0
                http.headers["User-Agent"] = USER_AGENT
                _tell(http)
                assert workspace.notifications_to_contacts() > 0, "a call of the migration"
    finally:
        workspace.teardown_after_execution(None)


def _tell(http):
    """Let an admin answer a conversation aloud."""
    person = http.post("/contacts", json={"role": "user", "external_id": http.headers["User-Agent"]}).json()
    opened = {"from": {"type": "user", "id": person["id"]}, "body": "Hello"}
    message = http.post("/conversations", json=opened).json()
    admin = http.get("/me").json()["id"]
    reply = {"type": "admin", "message_type": "comment", "admin_id": admin, "body": "Hello"}
    http.post(f"/conversations/{message['conversation_id']}/reply", json=reply).raise_for_status()


def test_a_bad_plan_in_the_settings_is_said_before_anything_starts(monkeypatch):
    monkeypatch.setenv("EMBEDDED_FAULTS", "before=7")
    with pytest.raises(ValueError, match="Rule 1, share: input should be less than or equal to 1"):
        fault_plan(Settings())
    with pytest.raises(dg.Failure, match="EMBEDDED_FAULTS: Rule 1, share"):
        launcher_of(Settings())


def test_a_run_with_a_bad_plan_is_refused_in_a_sentence(tmp_path):
    finished = Cli(tmp_path / "state", EMBEDDED_FAULTS="befor=0.1")("migrate")
    assert (finished.code, finished.out) == (2, "")
    assert finished.err.startswith("EMBEDDED_FAULTS: Rule 1, kind: there is no kind 'befor'; the kinds are before")
    assert "Traceback" not in finished.err
    assert not (tmp_path / "state" / "embedded").exists()


def test_the_stand_in_has_the_id_that_its_seed_gives_it(tmp_path):
    (tmp_path / "seed.json").write_text('{"workspace": {"id_code": "mine"}}')
    assert stand_in_id(tmp_path / "seed.json") == "mine"


def test_what_a_failed_run_did_is_known_to_what_ends_it(tmp_path):
    """Dagster makes a workspace of its own; the figures are handed on as they are."""

    @dg.asset
    def writes(workspace: IntercomWorkspace) -> None:
        with httpx.Client(base_url=workspace._url, trust_env=False) as http:
            http.headers = {"Authorization": f"Bearer {workspace._token}", "User-Agent": USER_AGENT}
            contact = http.post("/contacts", json={"role": "user", "external_id": "1"}).json()["id"]
            body = {"from": {"type": "user", "id": contact}, "body": "Hello"}
            http.post("/conversations", json=body).raise_for_status()
        workspace.calls.record("POST /contacts", read=False, status=200, sent=True, seconds=0.1, waited=0.0)
        raise ZeroDivisionError

    launcher = EmbeddedLauncher(state=str(tmp_path / "embedded"), seed=str(SEED))
    given = IntercomWorkspace(state=str(tmp_path), launcher=launcher)
    definitions = dg.Definitions([writes], resources={"workspace": given}, jobs=[dg.define_asset_job("all")])
    result = definitions.resolve_job_def("all").execute_in_process(raise_on_error=False)
    assert not result.success
    assert given.figures.begun
    assert given.calls.snapshot()["by_endpoint"] == {"POST /contacts": 1}
    assert (given.notifications_to_contacts(), given.notifications_to_teammates()) == (0, 1)
    # The next run begins anew, and what teammates were told before is none of its own.
    given.setup_for_execution(None)
    assert given.calls.total == 0
    given.teardown_after_execution(None)
    assert (given.notifications_to_contacts(), given.notifications_to_teammates()) == (0, 0)


def test_two_workspaces_have_figures_of_their_own(tmp_path):
    launcher = EmbeddedLauncher(state=str(tmp_path), seed=str(SEED))
    one, other = (IntercomWorkspace(state=str(tmp_path), launcher=launcher) for _ in range(2))
    assert isinstance(one.figures, RunFigures)
    assert one.figures is not other.figures
    assert not one.figures.begun
