import json

import jsonschema
import pytest

from migration_assets.accounting.certificate import Certificate, certificate_json, library_versions
from migration_assets.handoff.write import Ended, read_certificate, write_handoff
from resources.durable import write_whole

CALLS = {
    "total": 5,
    "writes": 4,
    "by_endpoint": {"POST /tickets": 1, "GET /admins": 1, "POST /contacts": 3},
    "rate_limited": 0,
    "seconds": 1.5,
    "seconds_waited": 0.2,
    "by_status": {"2xx": 5},
}


@pytest.fixture
def ended(migration):
    def make(**changes):
        return Ended(migration(**changes), CALLS, notifications_sent=0)

    return make


@pytest.fixture
def loaded(world):
    """Two customers, of which one is merged, and a ticket with its opening message."""
    world.file("customers", 2)
    world.file("tickets", 1)
    world.file("messages", 1)
    world.carries("customers", 1, "contacts", "c1")
    world.carries("customers", 2, "contacts", "c1", "merged", "same e-mail address")
    world.carries("tickets", 1, "conversations", "T1")
    world.carries("messages", 1, "conversations", "T1")
    for object, key in (("contact", "c1"), ("conversation", "T1")):
        world.plan(object, key)
        world.write(object, key, "create")
        world.journal(object, key, "create")
        world.load(object, 1, created=1)
    world.swept(twice=1, healed=1)
    return world


def test_a_run_of_which_all_is_loaded_is_complete(loaded, ended, tmp_path):
    certificate = write_handoff(loaded.connection, ended(), tmp_path / "out", tmp_path / "rejects")
    assert (certificate.verdict, certificate.reasons) == ("complete", [])
    assert list(certificate.intercom) == ["contacts", "conversations"]
    assert read_certificate(tmp_path / "out") == certificate
    assert "Complete: 3 of 4 rows loaded" in (tmp_path / "out" / "report.html").read_text()


def test_the_certificate_has_the_agreed_shape(loaded, ended, tmp_path):
    write_handoff(loaded.connection, ended(), tmp_path, tmp_path / "rejects")
    content = json.loads((tmp_path / "certificate.json").read_text())
    assert list(content) == [
        "migration",
        "files",
        "source",
        "intercom",
        "sweep",
        "fields",
        "verification",
        "decisions",
        "spot_check",
        "gone",
        "calls",
        "all_runs",
        "notifications_sent",
        "teammate_notifications",
        "verdict",
        "reasons",
    ]
    six = {"rows", "loaded", "merged", "superseded", "skipped", "quarantined", "failed"}
    seven = {"planned", "created", "updated", "adopted", "unchanged", "failed", "present"}
    assert all(set(counts) == six for counts in content["source"].values())
    assert all(set(counts) == seven for counts in content["intercom"].values())
    assert set(content["calls"]) == {"total", "writes", "by_endpoint", "rate_limited", "seconds"}
    assert content["fields"] == {}
    jsonschema.validate(content, Certificate.model_json_schema())


def test_what_teammates_may_notice_is_certified_as_said_and_as_counted(loaded, migration, tmp_path):
    loaded.add(
        "plan.teammate_notice", {"cause": "conversations_created", "number": 4}, {"cause": "closes", "number": 0}
    )
    for told, verdict in ((4, "complete"), (3, "complete"), (None, "complete"), (5, "partial")):
        ended = Ended(migration(), CALLS, notifications_sent=0, teammates_counted=told)
        certificate = write_handoff(loaded.connection, ended, tmp_path, tmp_path)
        assert certificate.teammate_notifications.model_dump() == {"said": 4, "counted": told}
        assert certificate.verdict == verdict
        page = (tmp_path / "report.html").read_text()
        assert "teammates may be notified up to 4 times" in page
        assert (f"{told} notifications to teammates were counted" in page) == (told is not None)
    assert certificate.reasons == [
        "5 notifications were sent to teammates in this run, where at most 4 had been said before it. "
        "`/__embedded/notifications` has the causes."
    ]


def test_a_silent_run_says_nothing_of_teammates(loaded, migration, tmp_path):
    ended = Ended(migration(), CALLS, notifications_sent=0, teammates_counted=0)
    certificate = write_handoff(loaded.connection, ended, tmp_path, tmp_path)
    assert certificate.teammate_notifications.model_dump() == {"said": 0, "counted": 0}
    assert "teammates" not in (tmp_path / "report.html").read_text()


def test_the_same_run_gives_the_same_bytes(loaded, ended, tmp_path):
    first = write_handoff(loaded.connection, ended(), tmp_path / "a", tmp_path)
    turned = Ended(ended().migration, CALLS | {"by_endpoint": dict(reversed(CALLS["by_endpoint"].items()))}, 0)
    write_handoff(loaded.connection, turned, tmp_path / "b", tmp_path)
    for name in ("certificate.json", "certificate.html", "report.html"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert certificate_json(first).endswith("}\n")


def test_a_load_that_left_no_numbers_is_unfinished(loaded, ended, tmp_path):
    loaded.connection.execute("DELETE FROM verdict.loads WHERE object = 'conversation'")
    certificate = write_handoff(loaded.connection, ended(), tmp_path, tmp_path)
    assert certificate.verdict == "failed"
    assert certificate.reasons[0].startswith("The load of conversations did not run to its end.")


def test_a_limited_run_is_partial(loaded, ended, tmp_path):
    loaded.file("tickets", 1, part=2)
    loaded.carries("tickets", 2, "conversations", "T2")
    certificate = write_handoff(loaded.connection, ended(limit=1), tmp_path, tmp_path)
    assert certificate.reasons == [
        "1 row beyond the run's limit was not sent: 1 of tickets. Run make migrate, without LIMIT."
    ]


def test_an_empty_warehouse_is_not_complete(warehouse, ended, tmp_path):
    with warehouse.connect() as connection:
        certificate = write_handoff(connection, ended(), tmp_path, tmp_path)
    assert certificate.verdict == "failed"
    assert (tmp_path / "report.html").is_file()


def test_a_call_log_without_its_numbers_is_refused(loaded, migration, tmp_path):
    with pytest.raises(KeyError, match="rate_limited"):
        write_handoff(
            loaded.connection, Ended(migration(), {"total": 1, "writes": 0, "by_endpoint": {}}, 0), tmp_path, tmp_path
        )


def test_no_certificate_before_the_first_run(tmp_path):
    assert read_certificate(tmp_path) is None


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path):
    path = tmp_path / "certificate.json"
    write_whole(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "new \ud800")
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["certificate.json"]


def test_the_versions_of_the_libraries_are_known():
    assert all(library_versions().values())


def test_what_was_verified_is_in_the_certificate(loaded, ended, tmp_path):
    counts = {"compared": 5, "equal": 3, "explained": 1, "different": 1, "unverifiable": 2}
    compared = [{"object": "part", "field": "text"} | counts, {"object": "contact", "field": "name"} | counts]
    loaded.add("verdict.fields", *compared)
    loaded.add(
        "verdict.explained", {"object": "part", "field": "text", "normalisation": "html_written_anew", "fields": 1}
    )
    loaded.add(
        "verdict.verification",
        {"object": "part", "sample": "5%", "seed": 3, "records": 5, "applied": 100},
        {"object": "contact", "sample": "5%", "seed": 3, "records": 5, "applied": 50},
    )
    certificate = write_handoff(loaded.connection, ended(), tmp_path, tmp_path / "rejects")
    fields = json.loads((tmp_path / "certificate.json").read_text())["fields"]
    assert fields == {"contacts": {"name": counts}, "parts": {"text": counts}}
    assert (certificate.verification.sample, certificate.verification.seed) == ("5%", 3)
    assert certificate.verification.records["parts"].model_dump() == {"records": 5, "standing": 100}
    (explained,) = certificate.verification.explained
    assert (explained.object, explained.fields) == ("parts", 1)
    assert explained.reason.startswith("Intercom writes a message's HTML in its own way.")


def test_an_earlier_verification_says_nothing_of_this_run(loaded, ended, tmp_path):
    difference = {"object": "contact", "source_key": "c1", "field": "name", "expected": "A", "found": "B"}
    loaded.add("verdict.differences", difference | {"intercom_id": "1", "reason": "changed_in_intercom"})
    loaded.add("verdict.verification", {"object": "part", "sample": "all", "seed": 1, "records": 5, "applied": 5})
    certificate = write_handoff(loaded.connection, ended(), tmp_path, tmp_path / "rejects")
    assert (certificate.fields, certificate.verification) == ({}, None)
    assert "What was read back" not in (tmp_path / "report.html").read_text()
