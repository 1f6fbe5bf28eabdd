"""A new simple object is a folder and a line of the registry: it is then landed, shaped, planned, loaded, verified,
certified and rolled back as every other object is, through the real definitions and over real HTTP."""

import json
import re
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
PROJECT = Path(__file__).resolve().parents[2]
CORE = ("migration_assets", "resources", "schemas")
NAMED_IN = {
    "industry": {
        "migration_assets/objects/company/declaration.py": "its line in the list of fields",
        "migration_assets/objects/company/shape.sql": "its value",
        "schemas/itco.py": "the source's column, which has the same name",
        "schemas/intercom.py": "the model of Intercom's answer",
    },
    "signed_up_at": {
        "migration_assets/objects/contact/declaration.py": "its line in the list of fields",
        "migration_assets/objects/contact/shape.sql": "its value, from a column of another name",
        "schemas/intercom.py": "the model of Intercom's answer",
    },
}
"""The files of the core that name a company's and a contact's field, and why each does.

A new field is in the first two; in the others where source or answer had not known it.
"""
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def place(path):
    return path.relative_to(PROJECT).as_posix()


def core():
    """Return the modules and the SQL of the core."""
    return [path for folder in CORE for path in (PROJECT / folder).rglob("*") if path.suffix in (".py", ".sql")]


@pytest.fixture
def settings(tmp_path, small_extract, monkeypatch):
    """A small extract, and the registry with the toy in it."""
    monkeypatch.setattr(registry, "ROOMS", (*registry.ROOMS, ROOM))
    return Settings(state=tmp_path / "state", extract=small_extract)


def run(settings, job, rollback=None):
    """Run a job of the real definitions, built with what the registry holds now."""
    definitions = build_definitions(settings, build_resources(settings, rollback=rollback, confirmed=True))
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
    assert (told["verdict"], told["remaining"]["records"], told["marker"]) == ("complete", 0, "removed")


def test_a_simple_object_is_few_files(capsys):
    """The files of its folder, as they lie there, and the registry with its line: at most five.

    Not counted is what the toy does without. Its source object is there already, so no column is new in
    `schemas/itco.py`. Its endpoints and the model of their answer stand in its own folder; a real object that has them
    in `resources/intercom` and `schemas/intercom.py` touches these as well.
    """
    own = sorted(place(path) for path in FOLDER.rglob("*") if path.is_file() and path.suffix != ".pyc")
    touched = [*own, place(Path(registry.__file__))]
    with capsys.disabled():
        print(f"\na new simple object touches {len(touched)} files: {', '.join(touched)}")
        print("not counted: the source's columns (its object is there), endpoints and answer (in its own folder)")
    assert {path.name for path in FOLDER.glob("*.sql")} == {"shape.sql", "lineage.sql"}
    assert 3 < len(touched) <= 5


@pytest.mark.parametrize("field", NAMED_IN)
def test_a_field_is_named_in_few_files(field, capsys):
    """The list can only shrink: whatever names a field beside these would have to be changed with it."""
    named = {place(path) for path in core() if re.search(rf"\b{field}\b", path.read_text(encoding="utf-8"))}
    with capsys.disabled():
        print(f"\n{len(named)} files of the core name {field}: {', '.join(sorted(named))}")
    assert named == set(NAMED_IN[field])
