"""The graph: what it is, pinned in graph.txt, and what every asset, check and field of it must have."""

import itertools
import re
import warnings
from collections import defaultdict
from pathlib import Path

import dagster as dg
import pytest

from migration_assets.graph import build_definitions
from migration_assets.jobs import FIELDS, JOBS
from migration_assets.objects import registry
from migration_assets.objects.declaration import Declaration
from migration_assets.objects.fields import FieldList
from migration_assets.objects.room import Room
from resources.assembly import build_resources
from schemas.settings import Settings

PINNED = Path(__file__).with_name("graph.txt")


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return Settings(state=tmp_path_factory.mktemp("definitions"))


@pytest.fixture(scope="module")
def definitions(settings):
    return build_definitions(settings)


@pytest.fixture(scope="module")
def graph(definitions):
    return definitions.resolve_asset_graph()


@pytest.fixture(scope="module")
def specs(graph):
    return {key.to_user_string(): graph.get(key) for key in graph.get_all_asset_keys()}


def describe(definitions, graph):
    """Return the graph as text, a fact per line, so that a change of it is a line in a diff."""
    lines = ["assets and what each reads"]
    for key in sorted(graph.get_all_asset_keys(), key=lambda key: key.to_user_string()):
        node = graph.get(key)
        pools = ", ".join(sorted(node.pools or ()))
        lines += [f"  {key.to_user_string()}  group {node.group_name}{f', pool {pools}' if pools else ''}"]
        lines += [f"    <- {parent}" for parent in sorted(parent.to_user_string() for parent in node.parent_keys)]
    lines.append("checks")
    for key in sorted(graph.asset_check_keys, key=lambda key: (key.asset_key.to_user_string(), key.name)):
        node = graph.get(key)
        lines.append(f"  {key.asset_key.to_user_string()}  {key.name}{'  blocking' if node.blocking else ''}")
    lines.append("jobs and what each leaves out")
    every = {key.to_user_string() for key in graph.get_all_asset_keys()}
    for name in sorted(job.name for job in definitions.resolve_all_job_defs() if not job.name.startswith("__")):
        chosen = {key.to_user_string() for key in job_keys(definitions, name)}
        lines += [f"  {name}", *(f"    - {key}" for key in sorted(every - chosen))]
    lines.append("schedules and sensors")
    repository = definitions.get_repository_def()
    lines += [f"  {item.name}" for item in [*repository.schedule_defs, *repository.sensor_defs]] or ["  none"]
    return "\n".join(lines) + "\n"


def job_keys(definitions, name):
    return definitions.resolve_job_def(name).asset_layer.selected_asset_keys


def ancestors(graph, key):
    """Return every asset that stands before `key`."""
    found, waiting = set(), [dg.AssetKey(key.split("/"))]
    while waiting:
        parents = graph.get(waiting.pop()).parent_keys - found
        found |= parents
        waiting += parents
    return {parent.to_user_string() for parent in found}


def test_the_graph_is_the_pinned_one(definitions, graph):
    """After a wanted change: python -m tests.test_definitions writes graph.txt anew."""
    assert describe(definitions, graph).splitlines() == PINNED.read_text().splitlines()


def test_definitions_load_without_a_warning(settings):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dg.Definitions.validate_loadable(build_definitions(settings))


def test_no_dependency_is_a_phantom(graph):
    assert {key for key in graph.get_all_asset_keys() if not graph.get(key).is_materializable} == set()
    assert set(graph.get_all_asset_keys()) == graph.materializable_asset_keys


def test_no_check_is_on_a_phantom(graph):
    targets = {key.asset_key for key in graph.asset_check_keys}
    assert targets <= graph.materializable_asset_keys
    read = {parent for key in graph.asset_check_keys for parent in graph.get(key).parent_entity_keys}
    assert {key for key in read if isinstance(key, dg.AssetKey)} <= graph.materializable_asset_keys


def test_every_asset_says_first_what_a_row_is(specs):
    firsts = {name: re.split(r"(?<=[.:])\s", (node.description or "").strip())[0] for name, node in specs.items()}
    assert {name: first for name, first in firsts.items() if not re.match(r"One row\b.*[.:]$", first, re.S)} == {}


def test_every_asset_has_its_group_kinds_and_owners(specs):
    for name, node in specs.items():
        assert node.group_name == name.split("/")[0], name
        assert len(name.split("/")) == 2, name
        assert 1 <= len(node.kinds) <= 3, name
        assert node.owners, name


def test_assets_whose_rules_decide_values_say_which_version_of_them(specs):
    """Without it, what older rules made would look as good as new in the UI."""
    decided = {name for name in specs if name.split("/")[0] in ("clean", "target", "plan")}
    assert {name for name, node in specs.items() if node.code_version} == decided


def test_every_stage_is_loaded_from_its_folder(specs):
    """A folder with assets and without a `defs.py` would be missing from the graph without a word."""
    folder = Path(build_definitions.__code__.co_filename).parent
    with_assets = {path.parent.relative_to(folder).parts[0] for path in folder.rglob("assets.py")}
    assert with_assets and with_assets <= {path.parent.name for path in folder.glob("*/defs.py")}
    stages = {name.split("/")[0].replace("target", "shaping") for name in specs}
    assert stages == with_assets


def test_the_registry_is_read_when_the_definitions_are_built(settings, specs, monkeypatch):
    label = Declaration("label", "labels", "One row per label.", FieldList(()))
    monkeypatch.setattr(registry, "ROOMS", (*registry.ROOMS, Room(label, loader=lambda _chosen: None)))
    built = build_definitions(settings).resolve_asset_graph()
    assert {key.to_user_string() for key in built.get_all_asset_keys()} - set(specs) == {"intercom/labels"}
    assert dg.AssetKey(["intercom", "labels"]) in built.get(dg.AssetKey(["handoff", "report"])).parent_keys
    assert dg.AssetKey(["intercom", "labels"]) in built.get(dg.AssetKey(["verified", "sweep"])).parent_keys


def test_every_check_has_a_description(graph):
    assert [key for key in graph.asset_check_keys if not (graph.get(key).description or "").strip()] == []


def test_every_stage_has_a_blocking_check(graph):
    blocking = defaultdict(set)
    for key in graph.asset_check_keys:
        if graph.get(key).blocking:
            blocking[key.asset_key.path[0]].add(key.name)
    assert set(blocking) == {"itco", "clean", "target", "workspace", "plan", "intercom", "handoff", "rollback"}


ORDER = ["contacts", "companies", "contact_companies", ("admins", "teams"), "ticket_type", "conversations"]


def test_the_load_order_is_in_the_graph_itself(graph):
    steps = [(step,) if isinstance(step, str) else step for step in ORDER]
    for earlier, later in itertools.pairwise(steps):
        for after in later:
            before = {f"intercom/{name}" for name in earlier}
            assert before <= ancestors(graph, f"intercom/{after}"), (earlier, after)


def test_nothing_is_written_before_every_row_is_accounted_for_and_planned(graph, specs):
    """A blocking check stops what stands after its asset only: so all that is checked must stand before the writes."""
    checked = {name for name in specs if name.split("/")[0] in ("itco", "clean", "target", "workspace", "plan")}
    for name in specs:
        if name.startswith("intercom/"):
            assert checked - {"plan/reconciliation_queue", OVERVIEW} <= ancestors(graph, name), name


AFTER_THE_REPORT = {"handoff/handover", "hypercare/watch"}
OVERVIEW = "plan/overview"
"""What a dry run alone makes."""


def test_the_report_comes_after_everything(graph, specs):
    there = {name for name in specs if not name.startswith("rollback/")} - {OVERVIEW}
    assert there - AFTER_THE_REPORT - {"handoff/report"} - ancestors(graph, "handoff/report") <= {
        "plan/reconciliation_queue"
    }


def test_a_dry_run_leaves_out_the_writes_and_ends_with_an_overview(definitions, specs, graph):
    chosen = {key.to_user_string() for key in job_keys(definitions, "dry_run")}
    written = {name for name in specs if name.startswith(("intercom/", "verified/"))}
    back = {name for name in specs if name.startswith("rollback/")}
    assert OVERVIEW in chosen
    assert set(specs) - chosen - back == written | AFTER_THE_REPORT | {"handoff/report"}
    read_back = {key.to_user_string() for key in FIELDS.resolve(graph)}
    loaded = set(specs) - AFTER_THE_REPORT - back - read_back - {OVERVIEW}
    assert {key.to_user_string() for key in job_keys(definitions, "migrate")} == loaded
    assert {key.to_user_string() for key in job_keys(definitions, "rollback")} == back


def test_a_verification_is_the_graph_without_the_writes(definitions, specs):
    chosen = {key.to_user_string() for key in job_keys(definitions, "verify")}
    left_out = {name for name in specs if name.startswith(("intercom/", "rollback/"))}
    assert set(specs) - chosen == left_out | AFTER_THE_REPORT | {OVERVIEW}


def job_checks(graph, name):
    (job,) = (job for job in JOBS if job.name == name)
    return {key.name for key in job.selection.resolve_checks(graph)}


def test_a_delta_is_a_migration_and_only_the_cutover_needs_a_freeze(definitions, graph):
    assert job_keys(definitions, "delta") == job_keys(definitions, "migrate")
    assert job_checks(graph, "delta") == job_checks(graph, "migrate")
    # The cutover also verifies everything.
    more = {"nothing_changed_after_the_freeze", "the_lists_are_whole", "fields_equal"}
    assert job_checks(graph, "cutover") - job_checks(graph, "migrate") == more
    assert job_checks(graph, "migrate") - job_checks(graph, "cutover") == set()


def test_hypercare_reads_only(definitions):
    names = {key.path[0] for key in job_keys(definitions, "hypercare")}
    assert names <= {"hypercare", "verified"}
    assert dg.AssetKey(["verified", "sweep"]) not in job_keys(definitions, "hypercare"), "it may take copies back"


def test_every_job_has_a_description(definitions):
    for job in definitions.resolve_all_job_defs():
        assert job.description or job.name.startswith("__"), job.name


def test_every_field_of_a_resource_says_what_it_means(settings):
    resources = build_resources(settings)
    for name, resource in {**resources, "launcher": resources["workspace"].launcher}.items():
        for field, info in type(resource).model_fields.items():
            assert (info.description or "").strip(), f"{name}.{field}"


def test_every_setting_says_what_it_means():
    for name, info in Settings.model_fields.items():
        assert (info.description or "").strip(), name


def test_no_secret_is_part_of_the_configuration(tmp_path):
    settings = Settings(
        state=tmp_path,
        intercom_access_token="tok:secret-1",
        intercom_base_url="http://127.0.0.1:1",
        journal_url="postgresql://me:secret-2@127.0.0.1/journal",
        alert_urls="json://127.0.0.1:9/secret-3",
    )
    resources = build_resources(settings)
    assert "secret-2" in resources["journal"].url and "secret-3" in resources["notifier"].addresses[0]
    definitions = build_definitions(settings, resources)
    # What the launchpad shows as defaults, and what Dagster stores with a run.
    schema = repr(
        [
            str(item.config_schema.default_value)
            for item in definitions.get_repository_def().get_top_level_resources().values()
        ]
    )
    shown = "".join(resource.model_dump_json() for resource in resources.values()) + schema
    assert str(settings.extract) in schema, "what a run may choose is there"
    assert str(tmp_path) not in schema, "what only the operator decides is not"
    assert not [secret for secret in ("secret-1", "secret-2", "secret-3") if secret in shown]


if __name__ == "__main__":
    built = build_definitions(Settings())
    PINNED.write_text(describe(built, built.resolve_asset_graph()))
