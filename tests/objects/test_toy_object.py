"""A new simple object is a folder and a line of the registry: it is then landed, shaped, planned, loaded, verified,
certified and rolled back as every other object is, through the real definitions and over real HTTP."""

import json
from pathlib import Path

import dagster as dg
import pytest

from migration_assets.graph import build_definitions
from migration_assets.objects import registry
from resources.assembly import build_resources
from resources.run import RollbackOptions
from schemas.settings import Settings
from tests.objects.toy import ROOM

pytestmark = [pytest.mark.slow]

FOLDER = Path(__file__).with_name("toy")
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@pytest.fixture
def settings(tmp_path, small_extract, monkeypatch):
    """A small extract, and the registry with the toy in it."""
    monkeypatch.setattr(registry, "ROOMS", (*registry.ROOMS, ROOM))
    return Settings(state=tmp_path / "state", extract=small_extract)


def run(settings, job, rollback=None):
    """Run a job of the real definitions, built with what the registry holds now."""
    definitions = build_definitions(settings, build_resources(settings, rollback=rollback))
    with dg.DagsterInstance.ephemeral() as instance:
        result = definitions.resolve_job_def(job).execute_in_process(
            instance=instance, run_config=QUIET, raise_on_error=False
        )
    failed = [check.description for check in result.get_asset_check_evaluations() if not check.passed]
    assert result.success, failed
    return result


def certificate(settings):
    return json.loads((settings.state / "certificate.json").read_text())


def test_a_toy_object_goes_the_whole_way(settings):
    result = run(settings, "migrate")
    loaded = result.asset_materializations_for_node("intercom__toys")[0].metadata
    toys = loaded["planned"].value
    assert toys == loaded["created"].value == loaded["present"].value > 3
    told = certificate(settings)
    assert told["intercom"]["toys"]["created"] == toys
    assert told["source"]["articles"]["loaded"] == told["source"]["articles"]["rows"] >= toys

    again = run(settings, "migrate").asset_materializations_for_node("intercom__toys")[0].metadata
    assert (again["unchanged"].value, again["writes"].value) == (toys, 0)

    run(settings, "verify")
    fields = certificate(settings)["fields"]["toys"]
    assert {name: counts["equal"] for name, counts in fields.items()} == {"name": toys, "present": toys}

    run(settings, "rollback", RollbackOptions(confirm="yes"))
    told = json.loads((settings.state / "rollback.json").read_text())
    assert told["objects"]["toys"]["deleted"] == toys
    assert (told["verdict"], told["remaining"]["records"]) == ("complete", 0)


def test_a_simple_object_is_few_files(capsys):
    """Its folder, the line of the registry, and its columns: at most five files of the core."""
    own = sorted(path.name for path in FOLDER.iterdir() if path.is_file())
    touched = [*own, "objects/registry.py", "schemas/itco.py"]
    with capsys.disabled():
        print(f"\na new simple object touches {len(touched)} files of the core: {', '.join(touched)}")
    assert len(touched) <= 5
