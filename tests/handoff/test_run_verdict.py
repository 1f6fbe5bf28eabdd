import pytest

from migration_assets.accounting.certificate import IntercomCounts, SourceCounts, SweepCounts
from migration_assets.accounting.doubts import Weighed
from migration_assets.handoff.evidence import Evidence
from migration_assets.handoff.run_verdict import decide_verdict
from schemas.doubt_codes import DoubtCode
from schemas.doubt_kind import DoubtState, Limit


def evidence(**changes):
    """A run of which nothing is left to do, with changes."""
    facts = {
        "source": {
            "customers": SourceCounts(rows=10, loaded=7, merged=1, superseded=1, skipped=1),
            "tickets": SourceCounts(rows=4, loaded=4),
        },
        "intercom": {"contact": IntercomCounts(planned=7, created=5, updated=1, adopted=1, present=7)},
        "sweep": SweepCounts(twice=2, healed=2, foreign_parts=5, foreign_edits=3),
    }
    return Evidence(**(facts | changes))


def waiting(wait, rows=3):
    return [{"wait": wait, "object": "tickets", "rows": rows}]


def rows(**counts):
    return {"tickets": SourceCounts(rows=sum(counts.values()), **counts)}


def test_merged_superseded_and_skipped_by_the_mapping_is_complete():
    verdict = decide_verdict(evidence())
    assert (verdict.verdict, verdict.reasons) == ("complete", [])


FAILED = {
    "nothing came in": ({"source": {"tickets": SourceCounts()}}, "No row came in"),
    "a row is missing": (
        {"source": {"tickets": SourceCounts(rows=1200, loaded=1197)}},
        "The numbers of tickets do not add up: 1,200 rows in the files, 1,197 accounted for",
    ),
    "a row too many": (
        {"fates": [{"object": "tickets", "fate": "unaccounted", "reason": "", "rows": 1}]},
        "The numbers of tickets do not add up: 4 rows in the files, 4 accounted for, 1 with no fate",
    ),
    "a load stopped": ({"unfinished": ["conversation"]}, "The load of conversations did not run to its end."),
    "a load that does not add up": (
        {"intercom": {"contact": IntercomCounts(planned=10, created=9, present=10)}},
        "The load of contacts does not add up: 10 planned",
    ),
    "a record is missing in Intercom": (
        {"intercom": {"contact": IntercomCounts(planned=10, created=9, failed=1, present=8)}},
        "Intercom holds 8 contacts of this migration where 9 should be (10 planned, 1 failed).",
    ),
    "a record is twice in Intercom": (
        {"intercom": {"part": IntercomCounts(planned=10, created=10, present=11)}},
        "Intercom holds 11 messages of this migration where 10 should be",
    ),
    "a contact was notified": ({"notifications_sent": 1}, "1 notification was sent to contacts; there must be none."),
}


@pytest.mark.parametrize("case", FAILED)
def test_what_makes_a_run_failed(case):
    changes, sentence = FAILED[case]
    verdict = decide_verdict(evidence(**changes))
    assert verdict.verdict == "failed"
    assert verdict.reasons[0].startswith(sentence)


STOPS = Weighed("messages", "", DoubtCode.KEY_REUSED, 9, 10, DoubtState.STOPS, Limit(), ())
REFUSED = {"object": "tag", "operation": "create", "state": "rejected", "records": 1}


@pytest.mark.parametrize(
    ("changes", "then"),
    [
        ({}, "Run the same command again: it goes on where it stopped."),
        ({"doubts": [STOPS]}, "It goes on once the doubts that stopped the run are settled."),
        ({"failures": [REFUSED]}, "Put right first what was refused, then run make migrate RETRY=failed."),
    ],
)
def test_how_a_run_goes_on_depends_on_what_is_in_the_way(changes, then):
    verdict = decide_verdict(evidence(unfinished=["tag"], sweep=None, **changes))
    reasons = verdict.reasons
    assert verdict.verdict == "failed"
    assert ("bear the key of a record" in reasons[0]) == ("doubts" in changes), "what stopped it comes first"
    assert sum(one.endswith(then) for one in reasons) == 2, reasons


def test_whom_intercom_lacks_and_whom_somebody_there_contradicts_are_told_apart():
    queue = [{"kind": "agent"}, {"kind": "company"}, {"kind": "company"}]
    said = decide_verdict(evidence(queue=queue)).reasons
    assert said[0].startswith("1 agent has no counterpart in Intercom")
    assert said[1].startswith("2 companies wait for a person to say, under same_record")


PARTIAL = {
    "failed rows": ({"source": rows(loaded=1, failed=12)}, "12 rows failed: 12 of tickets."),
    "failed links": (
        {"intercom": {"contact_company": IntercomCounts(planned=20, created=19, failed=1, present=19)}},
        "1 further record failed: 1 of links of contacts to companies.",
    ),
    "no sweep": ({"sweep": None}, "Intercom was not asked, at the end, for what is missing or there twice."),
    "a duplicate that stands": ({"sweep": SweepCounts(twice=3, healed=1, left=2)}, "2 records are in Intercom twice"),
    "an orphan": ({"sweep": SweepCounts(orphaned=1)}, "1 record of this migration is in Intercom without the journal"),
    "something missing": ({"sweep": SweepCounts(missing=1)}, "1 record that was loaded is not in Intercom"),
    "a field that differs": (
        {"fields": [{"object": "contact", "field": "name", "different": 2, "unverifiable": 0}]},
        "2 fields read back from Intercom are not as they should be: 2 of contacts.",
    ),
    "a field that Intercom does not give": (
        {"fields": [{"object": "part", "field": "text", "different": 0, "unverifiable": 1}]},
        "1 field could not be verified: 1 of messages.",
    ),
    "an ambiguous write": (
        {"failures": [{"object": "part", "state": "ambiguous", "records": 2}]},
        "2 writes are ambiguous",
    ),
    "a priority that Intercom refused": (
        {"failures": [{"object": "conversation", "operation": "priority", "state": "rejected", "records": 60}]},
        "Intercom did not take its own priority for 60 conversations; ITCO's priority is in the ticket attribute",
    ),
    "blocked": (
        {"waiting": waiting("blocked")},
        "3 rows wait for agents or teams who are not in Intercom",
    ),
    "held updates": (
        {"held": [{"object": "conversation", "records": 1}]},
        "1 record could not be updated",
    ),
    "the queue": (
        {"queue": [{"kind": "agent"}, {"kind": "agent"}, {"kind": "team"}]},
        "2 agents and 1 team have no counterpart in Intercom",
    ),
    "beyond the limit": ({"waiting": waiting("beyond_limit", 1)}, "1 row beyond the run's limit was not sent"),
    "undone": ({"waiting": waiting("undone")}, "3 rows were taken back out of Intercom"),
    "quarantined": ({"source": rows(loaded=1, quarantined=1)}, "1 row was quarantined: 1 of tickets."),
    "quarantined with their tickets alone": (
        {
            "source": rows(loaded=1, quarantined=2),
            "quarantine": [{"object": "messages", "severity": "row", "rule": "ticket_quarantined", "rows": 2}],
        },
        "2 rows were quarantined: 2 of tickets. Nothing is to be corrected in them",
    ),
    "quarantined, some with their tickets": (
        {
            "source": rows(loaded=1, quarantined=3),
            "quarantine": [
                {"object": "tickets", "severity": "row", "rule": "bad_timestamp", "rows": 1},
                {"object": "tickets", "severity": "row", "rule": "ticket_quarantined", "rows": 2},
            ],
        },
        "3 rows were quarantined: 3 of tickets. Correct them in place, in the files of the folder rejects, then run "
        "make migrate. In 2 of them nothing is to be corrected",
    ),
    "a short file": (
        {
            "files": [
                {"stated_rows": 9, "counted": 6, "short": True},
                {"stated_rows": 2, "counted": 3, "short": False},
                {"stated_rows": None, "counted": 1, "short": False},
            ]
        },
        "1 file is short of what extract.yaml states, by 3 records in all",
    ),
    "dropped values": (
        {"quarantine": [{"object": "customers", "severity": "value", "rows": 2}]},
        "2 values could not be used",
    ),
    "files left out": (
        {
            "fates": [
                {
                    "object": "attachments",
                    "fate": "skipped",
                    "reason": "file left out: missing from the export",
                    "code": "file_left_out",
                    "rows": 4,
                },
                {
                    "object": "attachments",
                    "fate": "skipped",
                    "reason": "file left out: larger than 20 MB",
                    "code": "file_left_out",
                    "rows": 1,
                },
                {"object": "attachments", "fate": "skipped", "reason": "empty", "code": None, "rows": 7},
            ]
        },
        "5 attachments were left out: missing from the export (4) and larger than 20 MB (1).",
    ),
    "unmapped": (
        {
            "unmapped": [
                {"column": "status", "value": "Parked", "rows": 5, "file": "tickets.csv", "line": 3},
                {"column": "cf_plan", "value": "Gold", "rows": 2, "file": "tickets.csv", "line": 9},
            ]
        },
        "The mapping does not cover cf_plan: 1 value (2 rows, the first is tickets.csv:9); "
        "status: 'Parked' (5 rows, the first is tickets.csv:3): see",
    ),
    "changed": ({"changed": [{"object": "part", "records": 6}]}, "6 records were changed in ITCO after being written"),
    "deleted_in_source": (
        {
            "deleted_in_source": [
                {"object": "part", "fate": "deleted", "why": "", "records": 2},
                {"object": "conversation", "fate": "refused", "why": "changed since: title", "records": 1},
            ]
        },
        "3 records were loaded and would not be any more, having been deleted, held back or left out in this extract: "
        "2 of messages and 1 of conversations. By settings.gone: 2 deleted and 1 refused (1: changed since: title).",
    ),
}


@pytest.mark.parametrize("case", PARTIAL)
def test_what_makes_a_run_partial(case):
    changes, sentence = PARTIAL[case]
    verdict = decide_verdict(evidence(**changes))
    assert verdict.verdict == "partial"
    assert len(verdict.reasons) == 1
    assert verdict.reasons[0].startswith(sentence)


def test_a_workspace_that_does_not_tell_of_notifications_is_not_blamed():
    assert decide_verdict(evidence(notifications_sent=None)).verdict == "complete"


def test_failed_records_are_told_once():
    loads = {"conversation": IntercomCounts(planned=25, created=24, failed=1, present=24)}
    told = decide_verdict(evidence(source=rows(loaded=24, failed=1), intercom=loads)).reasons
    assert told == ["1 row failed: 1 of tickets. What was said is under “What needs a person” in the report."]


@pytest.mark.parametrize(
    ("failed", "given", "verdict"),
    [
        (5, {}, "partial"),
        (6, {}, "failed"),
        (6, {"failed_share": 0.06}, "partial"),
        (1, {"failed_share": 0.0}, "failed"),
        (9, {"deleted_in_intercom": [{"object": "contact", "rows": 4}]}, "partial"),
    ],
)
def test_a_run_in_which_more_than_a_share_failed_is_failed(failed, given, verdict):
    """What people have deleted in Intercom is not written again, and no failure of the run."""
    loads = {"contact": IntercomCounts(planned=100, created=100 - failed, failed=failed, present=100 - failed)}
    told = decide_verdict(evidence(source=rows(loaded=100 - failed, failed=failed), intercom=loads, **given))
    assert told.verdict == verdict
    said = f"{failed} of 100 contacts failed ({failed}.0%), more than the "
    assert told.reasons[0].startswith(said) is (verdict == "failed")


def test_what_broke_comes_before_what_is_open():
    verdict = decide_verdict(
        evidence(notifications_sent=2, source=rows(loaded=1, quarantined=1), unfinished=["contact"])
    )
    assert verdict.verdict == "failed"
    assert [reason.split()[0] for reason in verdict.reasons] == ["2", "The", "1"]


@pytest.mark.parametrize("case", [*FAILED, *PARTIAL])
def test_every_reason_is_a_sentence(case):
    for reason in decide_verdict(evidence(**(FAILED | PARTIAL)[case][0])).reasons:
        assert reason[0].isupper() or reason[0].isdigit()
        assert reason.endswith(".")
        assert "  " not in reason


def test_rows_whose_turn_did_not_come_are_not_said_to_be_refused():
    facts = {
        "source": rows(loaded=1, failed=5),
        "failed_rows": [
            {"object": "tickets", "reason": "in other words", "code": "not_sent", "rows": 3},
            {"object": "tickets", "reason": "rejected by Intercom: parameter_invalid", "code": None, "rows": 2},
        ],
    }
    reasons = decide_verdict(evidence(**facts)).reasons
    assert any("3 rows were not sent before the run ended" in reason for reason in reasons)
    assert any(reason.startswith("2 rows failed: 2 of tickets.") for reason in reasons)
