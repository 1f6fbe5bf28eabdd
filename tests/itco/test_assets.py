"""The stage as Dagster runs it: what it reports, and that a short or unreadable file stops what follows."""

import dagster as dg
import pytest

from migration_assets.itco.assets import ASSETS
from migration_assets.itco.checks import CHECKS
from resources.run import ExtractFolder
from resources.warehouse import Warehouse
from schemas.source import OBJECTS

MAPPING = """version: 1
statuses: {}
priorities: {}
message_kinds: {}
author_types: {}
settings: {migration_admin: a@example.com, snoozed_until: 2036-01-01T09:00:00Z}
"""
EXTRACT = """source_instance: demo
time_zone: UTC
exported_at: 2026-11-02
exported_by: P. Nowak
row_counts: {tags.csv: 2, tickets.csv: 0, messages.csv: 0, customers.csv: 0}
"""


@dg.asset(deps=[["itco", "tags"]])
def behind() -> None:
    """Stands for everything that is built on the landed files."""


@pytest.fixture
def materialize(make_drop, tmp_path):
    def run(tags):
        folder = make_drop({"tags.csv": tags}, EXTRACT)
        (tmp_path / "mapping.yaml").write_text(MAPPING)
        return dg.materialize(
            [*ASSETS, *CHECKS, behind],
            resources={
                "warehouse": Warehouse(database=str(tmp_path / "warehouse.duckdb")),
                "drop": ExtractFolder(
                    extract=str(folder), mapping=str(tmp_path / "mapping.yaml"), rejects=str(tmp_path / "rejects")
                ),
            },
            raise_on_error=False,
        )

    return run


def materialized(result):
    return {event.asset_key for event in result.get_asset_materialization_events()}


def test_every_object_has_an_asset_with_the_same_numbers_and_four_blocking_checks(materialize):
    result = materialize(b"tag,description\na,1\nsecret word\nb,2\n")
    assert result.success
    numbers = {"dagster/row_count", "rows_in_file", "rows_quarantined", "files", "findings", "bytes"}
    for event in result.get_asset_materialization_events():
        metadata = event.materialization.metadata
        if event.asset_key.path[0] == "itco" and event.asset_key.path[1] != "extract":
            assert numbers <= set(metadata)
            assert "secret" not in str(metadata)
    evaluations = result.get_asset_check_evaluations()
    assert len(evaluations) == 4 * len(OBJECTS) + 1
    assert all(evaluation.passed for evaluation in evaluations)
    assert all(spec.blocking for checks in CHECKS for spec in checks.check_specs)


def test_a_short_file_stops_what_follows(materialize):
    result = materialize(b"tag,description\na,1\n")
    assert not result.success
    failed = [item for item in result.get_asset_check_evaluations() if not item.passed]
    assert [(item.asset_key.path[-1], item.check_name) for item in failed] == [("tags", "count_agrees_with_itco")]
    assert "states 2 records, the file has 1" in failed[0].description
    assert dg.AssetKey("behind") not in materialized(result)


def test_an_unreadable_file_fails_its_asset_and_no_other(materialize):
    result = materialize(b"tag,Tag\na,1\n")
    assert not result.success
    assert dg.AssetKey(["itco", "tags"]) not in materialized(result)
    assert dg.AssetKey(["itco", "tickets"]) in materialized(result)
    failure = next(event for event in result.all_node_events if event.is_step_failure)
    assert "tags.csv:1: the headers 'tag', 'Tag'" in failure.step_failure_data.user_failure_data.description
