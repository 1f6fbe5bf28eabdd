"""The verdict: complete, partial or failed, and why, judged from the evidence alone.

failed: the numbers contradict each other, a load stopped early, or a contact was notified. partial: everything
adds up, but something is still to be done by a person or by a next run. complete: neither.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from migration_assets.accounting.certificate import VerdictWord
from migration_assets.accounting.codes import RowCode
from migration_assets.handoff import (
    explain,
    explain_answers,
    explain_deleted_in_source,
    explain_sweep,
    explain_verified,
)
from migration_assets.handoff.evidence import Counts, Evidence, Row
from migration_assets.objects.registry import declarations, looked_up
from schemas.doubt_kind import DoubtState

FILE_LEFT_OUT = "file left out: "
"""How the reason of an attachment reads whose file cannot be used; in a list of such it is left away."""

NOTHING_TO_CORRECT = frozenset({"ticket_quarantined"})
"""The rules of rows that follow others."""


@dataclass(frozen=True)
class Verdict:
    """The word and its reasons, the most important first."""

    verdict: VerdictWord
    reasons: list[str]


def decide_verdict(evidence: Evidence) -> Verdict:
    """Return the verdict on a run; every reason is a sentence that says how many and where to look."""
    doubts = evidence.open_doubts()
    stops = [one.sentence() for one in doubts if one.state is DoubtState.STOPS]
    broken = [*_contacts_were_notified(evidence), *stops, *_contradictions(evidence)]
    doubtful = [one.sentence() for one in doubts if one.state is not DoubtState.STOPS]
    # What is not there comes before what is there and may be wrong.
    still_open = [*_not_sent(evidence), *_not_usable(evidence), *_not_equal(evidence), *doubtful]
    word: VerdictWord = "failed" if broken else "partial" if still_open else "complete"
    return Verdict(word, broken + still_open)


def _how_it_goes_on(evidence: Evidence) -> str:
    """Say what lets a run go on that did not end: the same command does only where nothing is in the way."""
    if any(one.state is DoubtState.STOPS for one in evidence.doubts):
        return explain.ONCE_DECIDED
    if any(row["state"] == "rejected" for row in evidence.failures):
        return explain.ONCE_PUT_RIGHT
    return explain.AGAIN


def _contacts_were_notified(evidence: Evidence) -> Iterator[str]:
    if evidence.notifications_sent:
        yield explain.notified(evidence.notifications_sent)


def _contradictions(evidence: Evidence) -> Iterator[str]:
    if not any(counts.rows for counts in evidence.source.values()):
        yield explain.nothing_came_in()
    for name in evidence.unfinished:
        yield explain.unfinished(name, _how_it_goes_on(evidence))
    unaccounted = evidence.unaccounted()
    for name, counts in evidence.source.items():
        if counts.accounted != counts.rows or name in unaccounted:
            yield explain.does_not_add_up(name, counts, unaccounted.get(name, 0))
    for name, load in evidence.intercom.items():
        if load.accounted != load.planned:
            yield explain.load_does_not_add_up(name, load)
        elif load.present != load.planned - load.failed:
            yield explain.not_present(name, load, _how_it_goes_on(evidence))
    for name, failing in evidence.failing().items():
        yield explain.failing(name, failing, evidence.intercom[name].planned, evidence.failed_share)


def _not_sent(evidence: Evidence) -> Iterator[str]:
    yield from _failed(evidence)
    if ambiguous := sum(row["records"] for row in evidence.failures if row["state"] == "ambiguous"):
        yield explain.ambiguous(ambiguous)
    if customers := evidence.waiting_for(RowCode.CUSTOMER):
        yield explain.customer_quarantined(customers)
    if blocked := evidence.waiting_for(RowCode.BLOCKED):
        yield explain.blocked(blocked)
    elif evidence.held:
        yield explain.held(sum(row["records"] for row in evidence.held))
    yield from _queued(evidence)
    if limited := evidence.waiting_for(RowCode.BEYOND_LIMIT):
        yield explain.beyond_limit(limited)
    if undone := evidence.waiting_for(RowCode.UNDONE):
        yield explain.undone(undone)
    yield from _swept(evidence)
    teammates = evidence.teammates
    if teammates.counted is not None and teammates.counted > teammates.said:
        yield explain.teammates_notified(teammates.said, teammates.counted)


def _queued(evidence: Evidence) -> Iterator[str]:
    """Whom Intercom lacks, and whom one in Intercom contradicts."""
    sought = {how.kind for _, how in looked_up()}
    if lacking := Counter(row["kind"] for row in evidence.queue if row["kind"] in sought):
        yield explain.queue(lacking)
    if undecided := Counter(row["kind"] for row in evidence.queue if row["kind"] not in sought):
        yield explain.undecided(undecided)


def _swept(evidence: Evidence) -> Iterator[str]:
    sweep = evidence.sweep
    if sweep is None:
        yield explain_sweep.not_swept(_how_it_goes_on(evidence))
        return
    for kind, number in (("missing", sweep.missing), ("orphaned", sweep.orphaned), ("twice", sweep.left)):
        if number:
            yield explain_sweep.STRAYS[kind](number)


def _failed(evidence: Evidence) -> Iterator[str]:
    unsent = evidence.unsent()
    if unsent:
        yield explain.unsent(unsent, _how_it_goes_on(evidence))
    failed = {name: counts.failed for name, counts in evidence.source.items() if counts.failed}
    refused = {name: rows - unsent.get(name, 0) for name, rows in failed.items() if rows > unsent.get(name, 0)}
    if refused:
        yield explain.failed(refused)
    if writes := _failed_without_rows(evidence, failed):
        yield explain.failed_writes(writes)
    if evidence.deleted_in_intercom:
        yield explain.deleted_in_intercom({row["object"]: row["rows"] for row in evidence.deleted_in_intercom})


def _failed_without_rows(evidence: Evidence, failed_rows: Counts) -> Counts:
    """Failed records that show in no number of source rows, since no source row stands for them."""
    rowless = {name for name, item in declarations().items() if item.rowless}
    return {
        name: counts.failed
        for name, counts in evidence.intercom.items()
        if counts.failed and (name in rowless or not failed_rows)
    }


def _not_usable(evidence: Evidence) -> Iterator[str]:
    if short := [row["stated_rows"] - row["counted"] for row in evidence.files if row["short"]]:
        yield explain.short(len(short), sum(short))
    if quarantined := {name: counts.quarantined for name, counts in evidence.source.items() if counts.quarantined}:
        follow = sum(row["rows"] for row in evidence.faults("row") if row["rule"] in NOTHING_TO_CORRECT)
        yield explain.quarantined(quarantined, follow)
    dropped: Counts = {}
    for row in evidence.faults("value"):
        dropped[row["object"]] = dropped.get(row["object"], 0) + row["rows"]
    if dropped:
        yield explain.dropped(dropped)
    if left_out := _files_left_out(evidence):
        yield explain.files_left_out(left_out)
    if evidence.unmapped:
        yield explain.unmapped(evidence.unmapped)
    yield from _extras_refused(evidence)
    yield from _other_in_source(evidence)


def _extras_refused(evidence: Evidence) -> Iterator[str]:
    refused = [row for row in evidence.failures if row["state"] == "rejected"]
    for name, item in declarations().items():
        for operation, words in item.extras.items():
            if records := sum(
                row["records"] for row in refused if (row["object"], row.get("operation")) == (name, operation)
            ):
                yield explain.extra_refused(item, words, records)


def _other_in_source(evidence: Evidence) -> Iterator[str]:
    """What the source has changed or given up since it was loaded, and Intercom keeps."""
    if evidence.changed:
        yield explain.changed(_by_object(evidence.changed))
    if kept := _edits_kept(evidence):
        yield explain.edits_kept(kept)
    if explain_deleted_in_source.open_rows(evidence.deleted_in_source):
        yield explain_deleted_in_source.sentence(evidence.deleted_in_source)


def _edits_kept(evidence: Evidence) -> Counts:
    """Records by object of which a field was left as somebody had edited it."""
    kept = {(row["object"], row["key"]) for row in evidence.edits if row["became"] == "kept"}
    return dict(Counter(name for name, _ in kept))


def _by_object(rows: list[Row]) -> Counts:
    found: Counts = {}
    for row in rows:
        found[row["object"]] = found.get(row["object"], 0) + row["records"]
    return found


def _not_equal(evidence: Evidence) -> Iterator[str]:
    if different := evidence.verified_as("different"):
        yield explain_verified.different(different)
    if answers := evidence.open_answers():
        yield explain_answers.answered_otherwise(answers)
    if unverifiable := evidence.verified_as("unverifiable"):
        yield explain_verified.unverifiable(unverifiable)


def _files_left_out(evidence: Evidence) -> Counts:
    """Attachments by what keeps their file back; what was left out on purpose is not among them."""
    return {
        row["reason"].removeprefix(FILE_LEFT_OUT): row["rows"]
        for row in evidence.fates
        if row["fate"] == "skipped" and row["code"] == RowCode.FILE_LEFT_OUT
    }
