"""What only a person begins is no part of Materialize all."""

import dagster as dg
import pytest

from migration_assets.ground.asked_for import is_asked_for

PLAN, WATCH, LOAD = dg.AssetKey(["rollback", "plan"]), dg.AssetKey(["hypercare", "watch"]), dg.AssetKey(["itco", "x"])


@pytest.mark.parametrize(
    ("job", "selection", "asked"),
    [
        ("rollback", None, True),
        ("rollback", {PLAN}, True),
        ("__ASSET_JOB", {PLAN}, True),
        ("__ASSET_JOB", {PLAN, LOAD}, False),
        ("__ASSET_JOB", {PLAN, WATCH}, False),
        ("__ASSET_JOB", None, False),
        ("__ASSET_JOB", set(), False),
    ],
)
def test_it_is_asked_for_by_its_job_or_by_itself(job, selection, asked):
    assert is_asked_for("rollback", job, ("rollback",), selection) is asked
