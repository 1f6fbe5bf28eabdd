"""`make verify` over the loaded sample: every field of every object, and one that somebody has changed by hand.

It comes last of the tests that share this run, because it changes what is in Intercom.
"""

import dagster as dg
import httpx
import pytest

from embedded_intercom.process import EmbeddedProcess, Quotas
from tests.support.cli import Cli, query
from tests.test_end_to_end import INTERCOM

pytestmark = pytest.mark.slow
FILES_OF_PARTS = 58
"""Messages of the sample that have files."""


@pytest.fixture(scope="module")
def rows(end_to_end):
    """A function that reads the run's warehouse."""
    return lambda sql: query(end_to_end.state, sql)


def rename(state, contact_id, name):
    """Give a contact another name in Intercom, as a teammate does."""
    with EmbeddedProcess(state / "embedded", quotas=Quotas(1000, 1000)) as process:
        headers = {"Authorization": f"Bearer {process.token}", "Intercom-Version": "2.16"}
        url = f"{process.url}/contacts/{contact_id}"
        httpx.put(url, json={"name": name}, headers=headers, trust_env=False).raise_for_status()


@pytest.fixture(scope="module")
def changed_by_hand(end_to_end, rows):
    """What somebody has changed in Intercom since: (key of the contact, its own name, its id in Intercom)."""
    assert end_to_end.finished.code == 0
    key, contact_id, name = next(
        (row["source_key"], row["intercom_id"], row["name"])
        for row in rows(
            "SELECT c.source_key, c.name, j.intercom_id FROM target.contacts c JOIN plan.journal j "
            "ON j.object = 'contact' AND j.source_key = c.source_key AND j.operation = 'create' ORDER BY 1 LIMIT 1"
        )
    )
    rename(end_to_end.state, contact_id, "By hand")
    return key, name, contact_id


@pytest.fixture(scope="module")
def verified(end_to_end, changed_by_hand):
    assert changed_by_hand
    return end_to_end.cli("verify")


def test_a_verification_compares_every_field_of_every_object(verified):
    assert verified.code == 1, "somebody has changed a field: whoever runs it by cron is told"
    assert verified.certificate["calls"]["writes"] == 0
    assert verified.certificate["sweep"]["twice"] == 0
    assert {name: counts["present"] for name, counts in verified.certificate["intercom"].items()} == INTERCOM
    fields = verified.certificate["fields"]
    assert {name: found["present"]["equal"] for name, found in fields.items()} == INTERCOM
    for name, found in fields.items():
        for field, counts in found.items():
            # Of the messages only those with files have any to be compared.
            expected = FILES_OF_PARTS if (name, field) == ("parts", "files") else INTERCOM[name]
            assert counts["compared"] == expected, (name, field)
            assert counts["equal"] + counts["explained"] + counts["different"] == counts["compared"], (name, field)
            assert counts["unverifiable"] == 0
    asked = verified.certificate["verification"]
    assert asked["sample"] == "all"
    assert {name: (of["records"], of["standing"]) for name, of in asked["records"].items()} == {
        name: (number, number) for name, number in INTERCOM.items()
    }


def test_all_is_equal_but_for_what_is_explained_and_what_was_changed_by_hand(verified, changed_by_hand, rows):
    key, name, _ = changed_by_hand
    assert rows("SELECT object, source_key, field, expected, found FROM verdict.differences") == [
        {"object": "contact", "source_key": key, "field": "name", "expected": name, "found": "By hand"}
    ]
    explained = verified.certificate["verification"]["explained"]
    assert {(item["object"], item["field"]): item["normalisation"] for item in explained} == {
        ("attributes", "data_type"): "data_type",
        ("companies", "attribute.Seats"): "number_written_otherwise",
        ("conversations", "attribute.Order value"): "number_written_otherwise",
        ("conversations", "opening"): "text_shown_as_html",
        ("parts", "text"): "html_written_anew",
    }
    (reason,) = [said for said in verified.certificate["reasons"] if "not as it should be" in said]
    assert reason.startswith("1 field read back from Intercom is not as it should be: 1 of contacts.")


def test_a_difference_is_listed_with_both_values_and_told_to_nobody_else(end_to_end, verified, changed_by_hand):
    key, name, _ = changed_by_hand
    listed = (end_to_end.state / "differences.csv").read_text(encoding="utf-8-sig")
    assert f'"contact","{key}","name","{name}","By hand"' in listed
    assert (end_to_end.state / "differences.csv").stat().st_mode & 0o077 == 0
    assert "By hand" in (end_to_end.state / "report.html").read_text(encoding="utf-8")
    assert "By hand" not in verified.said
    with dg.DagsterInstance.from_config(str(end_to_end.state / "dagster")) as instance:
        run_id = verified.certificate["migration"]["run_id"]
        checks = instance.get_records_for_run(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION).records
    evaluated = [check.event_log_entry.dagster_event.asset_check_evaluation_data for check in checks]
    fields_equal = {check.asset_key.path[1]: check.passed for check in evaluated if check.check_name == "fields_equal"}
    assert fields_equal == {
        "attributes": True, "contacts": False, "companies": True, "tags": True, "conversations": True
    }  # fmt: skip
    assert all("By hand" not in str(check) for check in evaluated)


def test_the_fields_of_a_certificate_are_read_again_to_say_whether_it_holds(end_to_end, verified, changed_by_hand):
    assert verified.code == 1
    _, name, contact_id = changed_by_hand
    rename(end_to_end.state, contact_id, name)
    finished = Cli(end_to_end.state)("verify-certificate")
    assert finished.code == 1
    said = " ".join(finished.out.split())
    assert (
        "fields does not hold 1 field was different when they were compared. Read again, name of contacts is not as "
        "certified: make verify lists what differs, with both values." in said
    )
