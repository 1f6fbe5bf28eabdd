"""The label of the source stands in the source's own rooms and in one module; everything else takes it from there."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from migration_assets.objects.attribute.carriers import OWN_ATTRIBUTES
from migration_assets.plan import guards
from resources.warehouse import Warehouse
from schemas.source import MARKER_COMPANY_ID, MARKER_WORDS, NOBODY, OBJECTS, SOURCE, SOURCE_ID, source_macros

PROJECT = Path(__file__).resolve().parents[1]
ROOMS = ("migration_assets", "resources", "schemas")
KINDS = {".py", ".sql", ".jinja", ".css", ".md", ".yaml"}
FILES = [path for room in ROOMS for path in sorted((PROJECT / room).rglob("*")) if path.suffix in KINDS]
ALLOWED = ("migration_assets/itco/", "schemas/itco.py", "schemas/source.py")
"""Where the label may stand: its landing, its files and columns, and the one module that everybody takes it from."""
SEEN_NAMES = {
    "migration_assets/handoff/handover.py",  # the columns and the name of files that people already work with
    "migration_assets/hypercare/findings.sql",
    "migration_assets/hypercare/watch.py",
    "migration_assets/objects/touch_list.py",
    "migration_assets/rollback/rollback_report.py",
}
"""Files in which `itco_id` is a heading of a file for people, and so stays."""


def places(holds):
    named = {path.relative_to(PROJECT).as_posix(): path.read_text(encoding="utf-8") for path in FILES}
    return {place for place, text in named.items() if holds(text) and not place.startswith(ALLOWED)}


def test_the_label_stands_in_the_source_alone():
    assert len(FILES) > 300
    assert any(SOURCE in path.read_text(encoding="utf-8") for path in FILES)
    assert places(lambda text: SOURCE in text) == set()


def test_no_name_of_the_model_is_made_from_the_label():
    assert places(lambda text: "itco_" in text.replace("itco_assets", "").replace("itco_checks", "")) == SEEN_NAMES


def test_generated_keys_are_made_in_one_place():
    assert places(lambda text: "itco-" in text.replace("itco-to-intercom", "").replace("itco-migration", "")) == set()
    assert places(lambda text: "'itco:" in text) == set()


def test_the_list_of_the_source_is_chosen_in_one_place():
    assert places(lambda text: "schemas.itco" in text or "ITCO_OBJECTS" in text) == set()
    chosen = [path.relative_to(PROJECT).as_posix() for path in FILES if "schemas.itco" in path.read_text("utf-8")]
    assert chosen == ["schemas/source.py"]


def test_an_object_of_the_source_is_said_in_its_list_alone():
    assert all(item.meaning.startswith("One row per ") for item in OBJECTS.values())
    assert {parent for item in OBJECTS.values() for parent in item.parents} < set(OBJECTS)
    assert not places(lambda text: any(item.meaning in text for item in OBJECTS.values()))


def test_a_sentence_carries_whatever_the_source_is_called(monkeypatch):
    frozen, exported = datetime(2026, 11, 28, 20, tzinfo=UTC), datetime(2026, 11, 28, 19, tzinfo=UTC)
    assert f"Export {SOURCE} once more" in guards.not_frozen(frozen, exported, {})
    monkeypatch.setattr(guards, "SOURCE", "Otherdesk")
    said = guards.not_frozen(frozen, exported, {})
    assert "Export Otherdesk once more" in said
    assert SOURCE not in said


@pytest.fixture
def connection(tmp_path):
    with Warehouse(database=str(tmp_path / "warehouse.duckdb")).connect() as opened:
        yield opened


def names(connection):
    return connection.execute("""
        SELECT source_label(), own_attribute('id'), stand_in_key('deleted', '7'), stand_in_key('email', NULL),
            namespaced('7')
    """).fetchone()


def test_every_connection_has_the_names_of_the_source(connection):
    assert names(connection) == ("ITCO", "ITCO id", "itco-deleted:7", None, "itco:7")


def test_sql_carries_whatever_the_source_is_called(connection):
    connection.execute(source_macros("O'desk"))
    assert names(connection) == ("O'desk", "O'desk id", "o'desk-deleted:7", None, "o'desk:7")


def test_names_that_are_in_intercom_already_stay():
    assert (SOURCE, SOURCE_ID, NOBODY) == ("ITCO", "ITCO id", "itco-preflight")
    assert (MARKER_COMPANY_ID, MARKER_WORDS) == ("itco-migration-marker", "ITCO migration, do not change or delete")
    assert [one.name for one in OWN_ATTRIBUTES] == [
        "ITCO id", "ITCO merged ids", "ITCO placeholder", "ITCO company id", "ITCO merged company ids", "ITCO id",
        "ITCO number", "ITCO URL", "ITCO closed at", "Priority", "ITCO channel",
    ]  # fmt: skip
