"""A check that has stopped the run of a plan stops a load of that plan as well."""

import pytest

from migration_assets.ground.run_events import CheckResult
from migration_assets.intercom.present_plan import stopped_by


@pytest.mark.parametrize(
    ("check", "stops"),
    [
        (CheckResult("plan/actions: the_drop_is_not_older", False, True, "It is older."), True),
        (CheckResult("target/lineage: doubts_are_settled", False, True, "1 doubt."), True),
        (CheckResult("workspace/profile: promises", False, True, "It tells."), True),
        (CheckResult("plan/actions: the_drop_is_not_older", True, True, "Fine."), False),
        (CheckResult("clean/tickets: noticed", False, False, "A warning."), False),
        (CheckResult("handoff/report: nothing_needs_a_person", False, True, "failed"), False),
    ],
)
def test_only_what_stops_a_run_before_its_load_counts(check, stops):
    said = stopped_by([check])
    assert (said is not None) is stops
    if stops:
        assert said.startswith("Nothing was sent: ")
        assert check.words in said
