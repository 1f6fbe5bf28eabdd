"""Whether a certificate still holds: one sentence per section, for each way in which it may not."""

import pytest

from migration_assets.accounting.all_runs import AllRuns, CertifiedRun, totals
from migration_assets.accounting.certificate import Calls, Certificate, FieldCounts, IntercomCounts, SourceCounts
from migration_assets.accounting.sections import CertifiedFile, SpotCheck
from migration_assets.handoff.certificate_check import Recounted, compare


@pytest.fixture
def certificate(migration):
    return Certificate(
        migration=migration(),
        files=[CertifiedFile(file="tickets.csv", object="tickets", rows=3, sha256="aa")],
        source={"tickets": SourceCounts(rows=3, loaded=2, skipped=1)},
        intercom={"conversations": IntercomCounts(planned=2, created=2, present=2)},
        fields={"conversations": {"title": FieldCounts(compared=2, equal=2)}},
        calls=Calls(),
        notifications_sent=0,
        verdict="complete",
        reasons=[],
    )


@pytest.fixture
def found(certificate):
    def make(**changes):
        given = {
            "files": {"tickets.csv": "aa"},
            "mapping": certificate.migration.mapping_sha256,
            "journal": {"conversation": 2},
            "fresh": certificate,
        }
        return Recounted(**(given | changes))

    return make


def failing(certificate, found):
    return {finding.section: finding.sentence for finding in compare(certificate, found) if not finding.holds}


def test_what_is_as_it_was_holds_in_every_section(certificate, found):
    findings = compare(certificate, found())
    assert all(finding.holds for finding in findings)
    assert [finding.sentence for finding in findings] == [
        "It is of a load.",
        "1 file is as certified.",
        "The mapping is the one that was used.",
        "3 rows have the fate that is certified, each one fate.",
        "The journal knows every record that is certified.",
        "The certificate says nothing of single runs, so none is certified.",
        "Intercom has every record that is certified.",
        "2 fields read again and compared: as certified, none different.",
        "What people checked by eye is as certified.",
    ]


def test_a_certificate_that_certifies_nothing_does_not_hold(certificate, found):
    """Though all that it says, which is nothing, is so: of a dry run of old, and of a load that wrote nothing."""
    dry = certificate.model_copy(update={"migration": certificate.migration.model_copy(update={"dry_run": True})})
    assert "wrote nothing, so it certifies nothing" in failing(dry, found())["proof"]
    nothing = certificate.model_copy(update={"intercom": {"conversations": IntercomCounts()}})
    assert "certifies nothing" in failing(nothing, found(fresh=nothing, journal={}))["proof"]
    empty = certificate.model_copy(update={"intercom": {}, "source": {}, "files": []})
    assert {"proof", "extract", "rows"} <= set(failing(empty, found(fresh=empty, files={})))


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"tickets.csv": "bb"}, "Changed since: tickets.csv."),
        ({}, "Not there any more: tickets.csv."),
        ({"tickets.csv": "aa", "tags.csv": "cc"}, "Came after it: tags.csv."),
    ],
)
def test_files_that_differ_are_named(certificate, found, files, sentence):
    assert failing(certificate, found(files=files)) == {"extract": sentence}


def test_a_mapping_that_changed_or_is_gone_is_said(certificate, found):
    assert failing(certificate, found(mapping="other")) == {"mapping": "The mapping has changed since."}
    assert failing(certificate, found(mapping=None)) == {"mapping": "The mapping is not there any more."}


def test_other_fates_are_said(certificate, found):
    fresh = certificate.model_copy(update={"source": {"tickets": SourceCounts(rows=3, loaded=3)}})
    assert failing(certificate, found(fresh=fresh)) == {"rows": "The fates of tickets are others now."}


def test_a_certificate_that_does_not_add_up_does_not_hold(certificate, found):
    forged = certificate.model_copy(update={"source": {"tickets": SourceCounts(rows=4, loaded=2)}})
    assert failing(forged, found(fresh=forged)) == {"rows": "The certificate itself does not add up: tickets."}


def test_a_journal_that_lacks_records_is_said(certificate, found):
    sentence = "The journal knows 1 conversations, where 2 are certified."
    assert failing(certificate, found(journal={"conversation": 1})) == {"journal": sentence}


def test_runs_that_the_journal_knows_otherwise_and_sums_that_are_none_are_said(certificate, found):
    at = certificate.migration.started_at
    run = CertifiedRun(run_id="r1", job="migrate", started_at=at, created=5, calls=9, writes=7, seconds=1.0)
    idle = CertifiedRun(run_id="r2", job="cutover", started_at=at)
    known = AllRuns(total=totals([run, idle]), runs=[run, idle], objects={})
    whole = certificate.model_copy(update={"all_runs": known})
    assert failing(whole, found(fresh=whole, runs=[run])) == {}
    sentence = "The journal does not know what these runs are certified to have done: r1."
    assert failing(whole, found(fresh=whole)) == {"runs": sentence}
    more = run.model_copy(update={"created": 6})
    assert failing(whole, found(fresh=whole, runs=[more])) == {"runs": sentence}
    wrong = known.model_copy(update={"total": known.total.model_copy(update={"created": 50})})
    forged = certificate.model_copy(update={"all_runs": wrong})
    assert failing(forged, found(fresh=forged, runs=[run])) == {
        "runs": "The certificate itself does not add up: its totals are not the sums of its runs."
    }


def test_what_is_gone_from_intercom_is_counted(certificate, found):
    fewer = {"conversations": IntercomCounts(planned=2, created=2, present=1)}
    fresh = certificate.model_copy(update={"intercom": fewer})
    sentence = "Intercom has 1 conversations of this migration, where 2 are certified."
    assert failing(certificate, found(fresh=fresh)) == {"intercom": sentence}


def test_without_a_warehouse_rows_and_intercom_do_not_hold(certificate, found):
    why = "It cannot be counted."
    assert failing(certificate, found(fresh=None, why_not=why)) == {"rows": why, "intercom": why, "fields": why}


def test_fields_that_were_different_do_not_hold(certificate, found):
    fields = {"conversations": {"title": FieldCounts(compared=2, equal=1, different=1)}}
    wrong = certificate.model_copy(update={"fields": fields})
    assert failing(wrong, found(fresh=wrong)) == {"fields": "1 field was different when they were compared."}


def test_fields_that_are_others_now_are_named(certificate, found):
    now = {"conversations": {"title": FieldCounts(compared=2, equal=1, different=1)}}
    assert failing(certificate, found(fresh=certificate.model_copy(update={"fields": now}))) == {
        "fields": "Read again, title of conversations is not as certified: make verify lists what differs, "
        "with both values."
    }


def test_without_any_compared_field_none_is_certified_and_none_is_missed(certificate, found):
    (fields,) = (
        finding
        for finding in compare(certificate.model_copy(update={"fields": {}}), found())
        if finding.section == "fields"
    )
    assert (fields.holds, fields.sentence) == (True, "No field was compared, so none is certified.")


def test_another_spot_check_than_the_certified_one_does_not_hold(certificate, found):
    seen = SpotCheck(sampled=2, checked=1, ok=1, not_ok=0, by=["Ann"])
    assert set(failing(certificate, found(spot_check=seen))) == {"spot check"}
