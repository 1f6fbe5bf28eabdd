"""Who can start a run cannot send the token elsewhere, write to a real workspace or take anything back."""

import sqlite3
from contextlib import closing

import dagster as dg
import pytest

from embedded_intercom.process import EmbeddedProcess
from migration_assets.graph import build_definitions
from migration_assets.rollback.step import require_own_plan
from resources.confirmation import FILE, confirmation_code
from resources.warehouse import Warehouse
from schemas.settings import PROJECT, Settings
from tests.security.conftest import recording

TOKEN = "tok:of-the-real-workspace"


@pytest.fixture
def settings(tmp_path, recorder):
    """The operator's: a real workspace, which here is a server that writes down what it is asked."""
    return Settings(state=tmp_path / "state", intercom_access_token=TOKEN, intercom_base_url=recorder.url)


def run(settings, job, assets=None, **resources):
    definitions = build_definitions(settings)
    config = {"resources": {name: {"config": given} for name, given in resources.items()}, "loggers": {"stages": {}}}
    with dg.DagsterInstance.ephemeral() as instance:
        result = definitions.resolve_job_def(job).execute_in_process(
            instance=instance, run_config=config, raise_on_error=False, asset_selection=assets
        )
        events = " ".join(str(event.message) + str(event.event_specific_data) for event in result.all_events)
    return result.success, events


@pytest.mark.parametrize(
    ("resource", "config"),
    [
        ("workspace", {"base_url": "{evil}"}),
        ("workspace", {"base_url": "{evil}", "state": "/tmp"}),  # noqa: S108 - never made
        ("workspace", {"launcher": {"config": {"state": "/tmp"}}}),  # noqa: S108
        ("workspace", {"named": "Somebody else's"}),
        ("workspace", {"expected_region": "eu"}),
        ("journal", {"path": "/tmp/other.sqlite3"}),  # noqa: S108
        ("warehouse", {"database": "/tmp/other.duckdb"}),  # noqa: S108
        ("notifier", {"state": "/tmp"}),  # noqa: S108
        ("drop", {"extract": "x", "mapping": "y", "rejects": "/tmp"}),  # noqa: S108
        ("run", {"workspace": {"base_url": "{evil}"}}),
    ],
)
def test_what_decides_where_the_token_goes_is_no_run_configuration(settings, recorder, resource, config):
    with recording() as evil:
        named = {key: value.format(evil=evil.url) if isinstance(value, str) else value for key, value in config.items()}
        code = {"code": confirmation_code(settings.state)}
        with pytest.raises(dg.DagsterInvalidConfigError, match="unexpected config entr"):
            run(settings, "probe", confirmation=code, **{resource: named})
        assert (evil.seen, recorder.seen) == ([], [])


@pytest.mark.parametrize("given", [{}, {"confirmation": {"code": "AAAAAAAAAAAAAAAA"}}, {"confirmation": {"code": ""}}])
@pytest.mark.parametrize("job", ["probe", "rollback"])
def test_a_run_that_nobody_has_confirmed_sends_nothing_to_a_real_workspace(settings, recorder, given, job):
    if job == "rollback":
        given = {**given, "rollback": {"confirm": "Acme Support"}}
    ok, events = run(settings, job, **given)
    assert not ok
    assert "nobody has confirmed it: nothing was sent" in events
    assert str(settings.state / FILE) in events
    assert confirmation_code(settings.state) not in events
    assert recorder.seen == []


@pytest.fixture
def workspace(tmp_path):
    """A real workspace to the migration, empty, and what is in it."""
    with EmbeddedProcess(tmp_path / "server", seed=PROJECT / "sample_data" / "workspace_seed.json") as intercom:
        yield intercom


def records(folder):
    with closing(sqlite3.connect(f"file:{folder}/workspace.sqlite3?mode=ro", uri=True)) as file:
        names = ("contacts", "companies", "tags", "threads", "ticket_types", "data_attributes", "notes")
        return {name: file.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}


def writers(job):
    graph = build_definitions(Settings()).resolve_job_def(job).asset_layer.asset_graph
    return sorted(
        (key for key in graph.executable_asset_keys if graph.get(key).pools),
        key=str,
    )


def test_no_step_alone_writes_to_a_real_workspace_that_nobody_has_confirmed(tmp_path, workspace):
    settings = Settings(
        state=tmp_path / "state",
        intercom_access_token=workspace.token,
        intercom_base_url=workspace.url,
        intercom_workspace="Nordlicht Commerce",
    )
    before = records(tmp_path / "server")
    looked, events = run(settings, "verify", [dg.AssetKey(["workspace", "preflight"])])
    assert looked, events
    alone = [(job, key) for job in ("migrate", "probe", "rollback") for key in writers(job)]
    assert len(alone) > 5
    for job, key in alone:
        ok, events = run(settings, job, [key])
        assert not ok, key
        if key.path == ["workspace", "profile"]:
            assert "nobody has confirmed it: nothing was sent" in events
    assert records(tmp_path / "server") == before


@pytest.mark.parametrize("step", ["undone", "report"])
def test_a_rollback_goes_by_its_own_plan_alone(tmp_path, step):
    settings = Settings(state=tmp_path / "state")
    given = {"rollback": {"confirm": "certainly not", "only": "tag"}}
    ok, events = run(settings, "rollback", [dg.AssetKey(["rollback", step])], **given)
    assert not ok
    assert "planned by no step of this run" in events
    with Warehouse(database=str(settings.warehouse_path)).connect() as connection:
        connection.execute("CREATE TABLE rollback.about AS SELECT 'r1' AS run_id")
        require_own_plan(connection, "r1")
        with pytest.raises(dg.Failure, match="Start the whole job rollback"):
            require_own_plan(connection, "r2")


def test_a_confirmed_run_asks_the_operators_workspace_with_its_token(settings, recorder):
    run(settings, "probe", confirmation={"code": confirmation_code(settings.state)})
    assert recorder.seen
    assert {headers.get("authorization") or headers.get("Authorization") for _, _, headers in recorder.seen} == {
        f"Bearer {TOKEN}"
    }


def test_the_code_is_the_owners_to_read_and_stays(settings):
    code = confirmation_code(settings.state)
    assert confirmation_code(settings.state) == code
    assert (settings.state / FILE).stat().st_mode & 0o077 == 0
    assert len(set(code)) > 5


@pytest.mark.parametrize("field", ["extract", "mapping"])
def test_an_environment_variable_that_a_run_names_is_not_told(settings, recorder, monkeypatch, field):
    """Dagster reads a text of the configuration from the environment where it is asked to."""
    monkeypatch.setenv("INTERCOM_ACCESS_TOKEN", TOKEN)
    given = {"extract": str(settings.extract), "mapping": str(settings.map), field: {"env": "INTERCOM_ACCESS_TOKEN"}}
    code = {"code": confirmation_code(settings.state)}
    ok, events = run(settings, "probe", drop=given, confirmation=code)
    assert not ok and "names an environment variable" in events
    assert TOKEN not in events
    assert recorder.seen == []
