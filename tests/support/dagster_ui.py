"""Dagster's UI as its page uses it: the same webserver and the same GraphQL; runs are carried out in this process."""

import os
import sys
from contextlib import contextmanager

from dagster import DagsterInstance, __version__
from dagster._core.execution.api import execute_run
from dagster._core.launcher.sync_in_memory_run_launcher import SyncInMemoryRunLauncher
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import InProcessWorkspaceLoadTarget
from dagster._utils.hosted_user_process import recon_job_from_origin
from dagster_webserver.app import create_app_from_workspace_process_context
from starlette.testclient import TestClient

from migration_assets.ground.run_events import name_of
from tests.support.cli import OURS

LOCATION, REPOSITORY, ALL_ASSETS = "itco_to_intercom", "__repository__", "__ASSET_JOB"
MODULE = "migration_assets.definitions"
INSTANCE = """
telemetry: {enabled: false}
run_coordinator: {module: dagster._core.run_coordinator, class: DefaultRunCoordinator}
compute_logs: {module: dagster._core.storage.noop_compute_log_manager, class: NoOpComputeLogManager}
run_launcher: {module: tests.support.dagster_ui, class: KeepingLauncher}
"""
"""Nothing is queued for a daemon, and no process follows what is printed."""


class KeepingLauncher(SyncInMemoryRunLauncher):
    """Keeps what the webserver launches: its own thread has an event loop, and a load needs one of its own."""

    def launch_run(self, context):
        self.kept = context

    def carry_out(self):
        execute_run(recon_job_from_origin(self.kept.job_code_origin), self.kept.dagster_run, self._instance)


ASSETS = """
query { assetNodes {
    assetKey { path } isMaterializable jobNames
    assetChecksOrError { ... on AssetChecks { checks { name jobNames canExecuteIndividually } } }
} }
"""
DEFAULTS = """
query ($selector: PipelineSelector!) {
    runConfigSchemaOrError(selector: $selector, mode: "default") { ... on RunConfigSchema { rootDefaultYaml } }
}
"""
LAUNCH = """
mutation ($params: ExecutionParams!) { launchPipelineExecution(executionParams: $params) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on RunConfigValidationInvalid { errors { message } }
    ... on PythonError { message }
} }
"""
RUN = """
query ($id: ID!, $after: String) { runOrError(runId: $id) { ... on Run {
    status
    tags { key value }
    eventConnection(afterCursor: $after) { cursor hasMore events {
        __typename
        ... on StepEvent { stepKey }
        ... on ExecutionStepFailureEvent { error { ...said } failureMetadata { description } }
        ... on RunFailureEvent { error { ...said } }
        ... on MaterializationEvent { assetKey { path } }
        ... on AssetCheckEvaluationEvent { evaluation { checkName success severity description assetKey { path } } }
    } }
} } }
fragment said on PythonError { message className causes { message className } }
"""


class UiRun:
    """A run as the UI shows it."""

    def __init__(self, run_id, shown):
        self.id, self.status = run_id, shown["status"]
        self.tags = {tag["key"]: tag["value"] for tag in shown["tags"]}
        events = shown["eventConnection"]["events"]
        kinds = lambda kind: [event for event in events if event["__typename"] == kind]  # noqa: E731
        self.materialized = ["/".join(event["assetKey"]["path"]) for event in kinds("MaterializationEvent")]
        self.skipped = [name_of(event["stepKey"]) for event in kinds("ExecutionStepSkippedEvent")]
        found = [event["evaluation"] for event in kinds("AssetCheckEvaluationEvent")]
        self.failed_checks = {one["checkName"]: one["description"] for one in found if not one["success"]}
        self.errors = {name_of(event["stepKey"]): _errors(event) for event in kinds("ExecutionStepFailureEvent")}
        for event in kinds("RunFailureEvent"):
            if event["error"] and not self.errors:
                self.errors["run"] = _errors(event)

    @property
    def words(self):
        """What the run says of its failures."""
        return [text for errors in self.errors.values() for _, text in errors]


def _errors(event):
    """Return the class and words of each error of an event, the last cause at the end."""
    error = event["error"] or {"message": "", "className": None, "causes": []}
    said = (event.get("failureMetadata") or {}).get("description")
    return [(one["className"], said or one["message"].strip()) for one in (error, *error["causes"])]


class DagsterUi:
    """The UI over a state folder; what it does is what a click in it sends."""

    def __init__(self, client, instance):
        self.client, self.instance = client, instance
        nodes = self.ask(ASSETS)["assetNodes"]
        self.assets = {"/".join(node["assetKey"]["path"]): node for node in nodes}

    def ask(self, query, **variables):
        answer = self.client.post("/graphql", json={"query": query, "variables": variables}).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def jobs(self):
        return sorted({job for node in self.assets.values() for job in node["jobNames"]} - {ALL_ASSETS})

    def launch(self, job, config=None):
        """Open the job's launchpad and press Launch Run, after changing its configuration to `config` if given."""
        selector = _selector(job)
        chosen = config or self.ask(DEFAULTS, selector=selector)["runConfigSchemaOrError"]["rootDefaultYaml"]
        return self._run(selector, chosen)

    def materialize(self, *names, config="{}"):
        """Select assets in the graph and press Materialize selected."""
        checks = [
            {"assetKey": self.assets[name]["assetKey"], "name": check["name"]}
            for name in names
            for check in self.assets[name]["assetChecksOrError"].get("checks", ())
            if check["canExecuteIndividually"] == "CAN_EXECUTE" and ALL_ASSETS in check["jobNames"]
        ]
        chosen = {"assetSelection": [self.assets[name]["assetKey"] for name in names], "assetCheckSelection": checks}
        return self._run(_selector(ALL_ASSETS) | chosen, config)

    def materialize_all(self):
        """Press Materialize all, which leaves out what cannot be materialized."""
        return self.materialize(*(name for name, node in self.assets.items() if node["isMaterializable"]))

    def _run(self, selector, config):
        params = {"selector": selector, "runConfigData": config, "mode": "default", "executionMetadata": {"tags": []}}
        launched = self.ask(LAUNCH, params=params)["launchPipelineExecution"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        self.instance.run_launcher.carry_out()
        return self._shown(launched["run"]["runId"])

    def _shown(self, run_id):
        """Return the run with all of its events, which the UI asks for a page at a time."""
        shown = self.ask(RUN, id=run_id)["runOrError"]
        page = shown["eventConnection"]
        while page["hasMore"]:
            page = self.ask(RUN, id=run_id, after=page["cursor"])["runOrError"]["eventConnection"]
            shown["eventConnection"]["events"] += page["events"]
        return UiRun(run_id, shown)


def _selector(job):
    return {"repositoryLocationName": LOCATION, "repositoryName": REPOSITORY, "pipelineName": job}


@contextmanager
def dagster_ui(state, **environment):
    """Serve the UI over a state folder; keyword arguments are the environment that it is started with."""
    home = state / "dagster"
    home.mkdir(parents=True, mode=0o700)
    (home / "dagster.yaml").write_text(INSTANCE)
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith(OURS)]:
        del os.environ[name]
    os.environ |= {"MIGRATION_STATE": str(state), "DAGSTER_HOME": str(home)} | environment
    mask = os.umask(0o077)
    sys.modules.pop(MODULE, None)  # it reads the environment when it is loaded
    origin = LoadableTargetOrigin(executable_path=sys.executable, module_name=MODULE)
    target = InProcessWorkspaceLoadTarget(InProcessCodeLocationOrigin(origin, location_name=LOCATION))
    try:
        with (
            DagsterInstance.get() as instance,
            WorkspaceProcessContext(instance, version=__version__, workspace_load_target=target) as context,
            TestClient(create_app_from_workspace_process_context(context)) as client,
        ):
            yield DagsterUi(client, instance)
    finally:
        sys.modules.pop(MODULE, None)
        os.umask(mask)
        os.environ.clear()
        os.environ |= before
