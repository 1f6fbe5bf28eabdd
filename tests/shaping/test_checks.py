import shutil

import dagster as dg
import pytest

from migration_assets.objects.registry import target_tables
from migration_assets.shaping.assets import assets
from migration_assets.shaping.checks import by_table, checks
from migration_assets.shaping.contracts import broken_rules
from resources.run import ExtractFolder, MigrationOptions
from resources.warehouse import Warehouse
from tests.support.clean_tables import (
    AGENT,
    SEMANTIC,
    agent_message,
    at,
    customer,
    mapping,
    message,
    ticket,
    write_clean,
)

MAPPING_FILE = "version: 1\nsettings: {migration_admin: a@b.org, snoozed_until: 2036-01-01T09:00:00Z}\n"


def given(folder):
    """Make a small warehouse with clean tables, and return it and the stage's resources."""
    warehouse = Warehouse(database=str(folder / "w.duckdb"))
    with warehouse.connect() as connection:
        write_clean(
            connection, customers=[customer("C1")], agents=[AGENT], tickets=[ticket("T1"), ticket("T2", "C404")],
            messages=[message("M1"), agent_message("M2", created_at=at("2024-05-01T11:00:00"))],
        )  # fmt: skip
    words = "".join(f"{name}: {dict(values)!r}\n" for name, values in SEMANTIC.items())
    (folder / "mapping.yaml").write_text(MAPPING_FILE + words)
    drop = ExtractFolder(extract=str(folder), mapping=str(folder / "mapping.yaml"), rejects=str(folder))
    return warehouse, {"warehouse": warehouse, "drop": drop, "options": MigrationOptions()}


@pytest.fixture(scope="module")
def shaped_once(tmp_path_factory):
    """A folder whose warehouse the stage has shaped, for the tests to copy and spoil."""
    folder = tmp_path_factory.mktemp("shaped")
    _, resources = given(folder)
    assert dg.materialize(assets(), resources=resources).success
    return folder


@pytest.fixture
def graph(shaped_once, tmp_path):
    """A shaped warehouse and the stage's resources, to be spoiled at will."""
    folder = shutil.copytree(shaped_once, tmp_path / "copy")
    warehouse = Warehouse(database=str(folder / "w.duckdb"))
    drop = ExtractFolder(extract=str(folder), mapping=str(folder / "mapping.yaml"), rejects=str(folder))
    return warehouse, {"warehouse": warehouse, "drop": drop, "options": MigrationOptions()}


def test_the_stage_runs_as_a_graph_and_every_check_is_green(tmp_path):
    _, resources = given(tmp_path)
    result = dg.materialize([*assets(), *checks()], resources=resources)
    evaluations = result.get_asset_check_evaluations()
    assert len(evaluations) == sum(len(found) + 1 for found in by_table().values())  # and whether doubts are settled
    assert all(spec.blocking for check in checks() for spec in check.check_specs)
    # T2 names a customer whom no row describes.
    assert {(one.asset_key.path[-1], one.check_name) for one in evaluations if not one.passed} == {
        ("contacts", "doubts_are_settled")
    }
    numbers = result.asset_materializations_for_node("target__contacts")[0].metadata
    assert numbers["dagster/row_count"].value == 2
    assert numbers["placeholders"].value == 1
    keys = {"dagster/row_count", "rows_in", "rows_out", "rows_merged", "rows_skipped", "placeholders"}
    for asset in assets():
        assert keys <= set(result.asset_materializations_for_node("__".join(asset.key.path))[0].metadata)


def test_a_wrong_row_is_named_by_column_and_rule_but_never_by_its_value(shaped):
    shaped.run(customers=[customer("C1")], tickets=[ticket("T1")])
    assert all(broken_rules(shaped.connection, table) == {} for table in target_tables())
    shaped.connection.execute("UPDATE target.conversations SET state = 'private words', created_at = 1714557600000")
    broken = broken_rules(shaped.connection, "conversations")
    assert {rule.partition(":")[0] for rule in broken} == {"state", "created_at"}
    assert "private words" not in str(broken)


def test_an_unmapped_status_breaks_the_contract_instead_of_being_guessed(shaped):
    shaped.run(customers=[customer("C1")], tickets=[ticket("T1", status="waiting for godot")])
    assert set(broken_rules(shaped.connection, "conversations")) == {
        "state: not_nullable",
        "ticket_state: not_nullable",
    }


def answer(table, name, connection):
    (check,) = [check for check in by_table()[table] if check.name == name]
    return check.answer(connection)


@pytest.mark.parametrize(
    ("table", "check", "damage"),
    [
        ("conversations", "every_part_has_a_conversation", "UPDATE target.parts SET conversation_key = 'T9'"),
        ("conversations", "every_part_has_a_conversation", "DELETE FROM target.parts"),
        ("admins", "every_author_exists", "UPDATE target.parts SET author_key = 'nobody'"),
        ("admins", "every_author_exists", "DELETE FROM target.contacts WHERE placeholder"),
        ("contacts", "keys_are_unique", "INSERT INTO target.contacts FROM target.contacts LIMIT 1"),
        ("contacts", "keys_are_unique", "UPDATE target.contacts SET email = 'a@example.com'"),
        (
            "parts",
            "parts_are_in_order",
            "INSERT INTO target.parts BY NAME SELECT * REPLACE (created_at - 1 AS created_at, seq + 1 AS seq) "
            "FROM target.parts LIMIT 1",
        ),
        ("admins", "matches_contract", "UPDATE target.admins SET source_key = NULL"),
    ],
)
def test_a_check_turns_red_when_its_sentence_is_not_true(graph, table, check, damage):
    warehouse, _ = graph
    with warehouse.connect() as connection:
        assert answer(table, check, connection).passed
        connection.execute(damage)
        assert not answer(table, check, connection).passed


def test_a_row_without_a_fate_and_a_fate_without_a_target_are_seen(graph):
    warehouse, _ = graph
    with warehouse.connect() as connection:
        assert answer("lineage", "every_row_has_a_fate", connection).passed
        for damage, name in (
            ("DELETE FROM target.parts", "lost_parts"),
            ("DELETE FROM target.lineage WHERE object = 'messages'", "without_one_fate_messages"),
        ):
            connection.execute(damage)
            assert answer("lineage", "every_row_has_a_fate", connection).metadata[name].value > 0


def test_a_red_check_stops_what_comes_after_it_and_can_be_run_alone(graph):
    warehouse, resources = graph
    with warehouse.connect() as connection:
        connection.execute("DELETE FROM target.contacts WHERE placeholder")

    @dg.asset(deps=[dg.AssetKey(["target", "admins"])])
    def behind() -> None: ...

    key = dg.AssetCheckKey(dg.AssetKey(["target", "admins"]), "every_author_exists")
    selection = dg.AssetSelection.checks(key) | dg.AssetSelection.assets(behind)
    result = dg.materialize(
        [*assets(), *checks(), behind], resources=resources, selection=selection, raise_on_error=False
    )
    (evaluation,) = result.get_asset_check_evaluations()
    assert (evaluation.check_name, evaluation.passed) == ("every_author_exists", False)
    assert not result.success


def test_the_mapping_decides_not_the_code(shaped):
    shaped.run(mapping(statuses={"open": {"state": "closed", "ticket_state": "Done"}}), customers=[customer("C1")],
               tickets=[ticket("T1")])  # fmt: skip
    assert shaped.by_key("conversations")["T1"]["ticket_state"] == "Done"


def test_a_note_by_a_contact_breaks_the_contract(shaped):
    first = agent_message("M1")
    shaped.run(customers=[customer("C1")], agents=[AGENT], tickets=[ticket("T1")], messages=[first])
    shaped.connection.execute("UPDATE target.parts SET author_kind = 'contact', kind = 'note'")
    assert len(broken_rules(shaped.connection, "parts")) == 1
