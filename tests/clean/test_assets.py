"""The assets and their checks, run by Dagster over a real warehouse."""

import dagster as dg
import pytest
import yaml

from migration_assets.clean.assets import ASSETS
from migration_assets.clean.checks import CHECKS
from migration_assets.clean.defs import build
from resources.run import ExtractFolder
from resources.warehouse import Warehouse
from schemas.settings import Settings
from schemas.source import OBJECTS


@pytest.fixture
def run(lab, tmp_path):
    """Materialize clean/<object> with its checks; returns the run's result."""
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(yaml.safe_dump(lab.mapping().model_dump(mode="json", exclude_none=True)), encoding="utf-8")
    resources = {
        "warehouse": Warehouse(database=str(tmp_path / "warehouse.duckdb")),
        "drop": ExtractFolder(extract=str(tmp_path), mapping=str(mapping), rejects=str(tmp_path / "rejects")),
    }

    def materialize(name):
        lab.connection.close()
        selection = dg.AssetSelection.assets(["clean", name])
        return dg.materialize([*ASSETS, *CHECKS], resources=resources, selection=selection, raise_on_error=False)

    return materialize


def evaluations(result):
    return {item.check_name: item for item in result.get_asset_check_evaluations()}


def test_every_object_has_its_asset_and_four_blocking_checks():
    resources = {
        "warehouse": Warehouse(database="unused"),
        "drop": ExtractFolder(extract="unused", mapping="unused", rejects="unused"),
    }
    definitions = dg.Definitions.merge(build(Settings()), dg.Definitions(resources=resources))
    graph = definitions.resolve_asset_graph()
    for name in OBJECTS:
        node = graph.get(dg.AssetKey(["clean", name]))
        assert node.group_name == "clean"
        assert dg.AssetKey(["itco", name]) in node.parent_keys
        assert len(node.check_keys) == 4
    assert dg.AssetKey(["clean", "tickets"]) in graph.get(dg.AssetKey(["clean", "messages"])).parent_keys


def test_a_good_table_passes_with_numbers(lab, run):
    lab.land("tags", [{"tag": "a"}, {"tag": "a"}, {"tag": "b"}])
    result = run("tags")
    assert result.success
    assert all(item.passed for item in evaluations(result).values())
    (event,) = result.get_asset_materialization_events()
    metadata = {key: value.value for key, value in event.materialization.metadata.items()}
    assert metadata["rows_in"] == 3
    assert metadata["rows_out"] == metadata["dagster/row_count"] == 2
    assert metadata["rows_superseded"] == 1


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("Parked", "status: 'Parked' (2 rows, the first is tickets.csv:2)"),
        ("call me at 030 1234567!", "status: 1 value (2 rows, the first is tickets.csv:2)"),
    ],
)
def test_an_unmapped_status_stops_the_run_and_is_named_unless_it_may_be_a_customers_text(lab, run, status, said):
    lab.empty("companies")
    ticket = {"ticket_id": "1", "subject": "s", "status": status, "customer_id": "K", "created_at": "2024-01-01"}
    lab.land("tickets", [ticket, ticket | {"ticket_id": "2"}])
    result = run("tickets")
    assert not result.success
    check = evaluations(result)["every_value_is_mapped"]
    assert not check.passed
    assert said in check.description
    assert "call me" not in check.description
    assert "rejects/unmapped_values.csv" in check.description
    assert {key: value.value for key, value in check.metadata.items()} == {"unmapped_values": 1, "unmapped_rows": 2}


@pytest.mark.parametrize(
    ("bad", "good", "passed", "severity", "success"),
    [(1, 9, True, "WARN", True), (2, 8, False, "WARN", True), (6, 4, False, "ERROR", False)],
)
def test_the_share_in_quarantine_warns_and_stops(lab, run, bad, good, passed, severity, success):
    lab.land("tags", [{"tag": None}] * bad + [{"tag": str(number)} for number in range(good)])
    result = run("tags")
    check = evaluations(result)["quarantine_share_is_acceptable"]
    assert (check.passed, check.severity.value, result.success) == (passed, severity, success)


def test_a_row_that_is_nowhere_stops_the_run(lab, run, monkeypatch):
    lab.land("tags", [{"tag": "a"}, {"tag": "b"}])
    monkeypatch.setattr(
        "migration_assets.clean.objects.judge_relations",
        lambda connection, name: connection.execute("DELETE FROM clean.tags WHERE tag = 'b'"),
    )
    result = run("tags")
    check = evaluations(result)["every_row_is_accounted_for"]
    assert not result.success
    assert not check.passed
    assert check.metadata["nowhere"].value == 1
