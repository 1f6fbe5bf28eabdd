"""Which refusals are tried again by the next run, and that the plan's frames and the list for people agree on it."""

import polars as pl
import pytest

from migration_assets.plan.journal_state import HEALS
from resources.journal.failures import BY_ITSELF, Failure
from resources.journal.healing import heals

CASES = [
    (401, "unauthorized", "Access Token Invalid", True),
    (402, "payment_required", "", True),
    (403, "forbidden", "Forbidden request", True),
    (403, "api_plan_restricted", "Active subscription needed.", True),
    (404, "not_found", "User Not Found", True),
    (404, "tag_not_found", "Tag not found", True),
    (409, "conflict", "A contact matching those details already exists with id=1", True),
    (400, "parameter_invalid", "Custom attribute 'Plan' does not exist", True),
    (422, "parameter_invalid", "Extra attributes provided that are not found on ticket type: X", True),
    (400, "parameter_invalid", "Missing required ticket attributes", True),
    (400, "parameter_invalid", "Custom attribute 'Plan' must be one of its options", True),
    (400, "ticket_state_id_invalid", "", True),
    (422, "field_not_found", None, True),
    (400, "parameter_invalid", "Email is invalid", False),
    (400, "parameter_invalid", "Custom attribute 'Plan' is too long (maximum is 255 characters)", False),
    (422, "parameter_invalid", None, False),
    (413, "http_413", "", False),
    (None, "unsendable", "It cannot be put into words for Intercom", False),
    (None, None, None, False),
]


@pytest.mark.parametrize(("status", "code", "message", "again"), CASES)
def test_what_intercom_lacked_heals_and_content_does_not(status, code, message, again):
    assert heals(status, code, message) is again


def test_the_plan_decides_the_same_in_bulk():
    schema = {"http_status": pl.Int64, "error_code": pl.String, "error_message": pl.String}
    frame = pl.DataFrame([case[:3] for case in CASES], schema=schema, orient="row")
    for state, counts in (("rejected", True), ("confirmed", False), ("undone", False)):
        found = frame.with_columns(pl.lit(state).alias("state")).select(HEALS)["heals"].fill_null(False).to_list()
        assert found == [counts and again for *_, again in CASES]


@pytest.mark.parametrize(("status", "code", "message", "again"), [case for case in CASES if case[0]])
def test_the_list_for_people_says_what_is_sent_again_by_itself(status, code, message, again):
    failure = Failure("contact", "c1", None, "create", status, code, message or "", None, 1, 0.0)
    assert (BY_ITSELF in failure.what_to_do) is again
