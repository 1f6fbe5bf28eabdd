"""The sentences: every count that a person reads at the end is put into words here, and nowhere else.

The verdict's reasons are shown as they are by the report, the terminal and the checks. Each sentence says what,
how many, and where to look or what to do.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from migration_assets.accounting.certificate import IntercomCounts, SourceCounts
from migration_assets.accounting.codes import RecordAction
from migration_assets.accounting.nouns import noun
from migration_assets.ground.named_values import Unmapped, named_values
from migration_assets.objects.declaration import Declaration
from migration_assets.objects.registry import declarations
from resources.wording import counted, listed, number
from schemas.run_options import make
from schemas.source import SOURCE

ACTIONS: dict[str, str] = {
    RecordAction.CREATE: "create",
    RecordAction.UPDATE: "update",
    RecordAction.APPEND: "append further messages",
    RecordAction.ADOPT: "adopt what is there already",
    RecordAction.UNCHANGED: "leave unchanged",
    RecordAction.UNWANTED: "leave alone: no longer in the extract",
    RecordAction.BLOCKED: "hold back",
    RecordAction.FAILED: "do not send again: rejected before, or deleted in Intercom",
}
"""The plan's actions, in words."""

FAULT = "That is a fault of this program: keep the state folder, and tell whoever looks after it."
AGAIN = "Run the same command again: it goes on where it stopped."
ONCE_DECIDED = "It goes on once the doubts that stopped the run are settled."
ONCE_PUT_RIGHT = f"Put right first what was refused, then run {make('migrate', 'retry_failed')}."
NEEDS = "“What needs a person” in the report"
REJECTS = "Correct them in place, in the files of the folder rejects, then run make migrate."


def breakdown(counts: Mapping[str, int]) -> str:
    """Return counts by object, the largest first: 12 of messages and 3 of tickets."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return listed([f"{number(value)} of {noun(name)}" for name, value in ordered if value])


def were(value: int) -> str:
    """Return was or were."""
    return "was" if value == 1 else "were"


def unfinished(name: str, then: str) -> str:
    """A load step that did not run to its end."""
    return f"The load of {noun(name)} did not run to its end. {then}"


def nothing_came_in() -> str:
    """An extract without a single row."""
    return "No row came in: no file of the extract was landed. Look at the first failed step in the browser (make ui)."


def does_not_add_up(name: str, counts: SourceCounts, unaccounted: int) -> str:
    """Source rows with no fate, or with two."""
    return (
        f"The numbers of {noun(name)} do not add up: {counted(counts.rows, 'row')} in the files, "
        f"{number(counts.accounted)} accounted for, {number(unaccounted)} with no fate or more than one. "
        f"{FAULT}"
    )


def load_does_not_add_up(name: str, counts: IntercomCounts) -> str:
    """A load step whose outcomes are not what was planned."""
    return (
        f"The load of {noun(name)} does not add up: {number(counts.planned)} planned, but created, updated, "
        f"adopted, unchanged and failed make {number(counts.accounted)}. {FAULT}"
    )


def not_present(name: str, counts: IntercomCounts, then: str) -> str:
    """Intercom holds another number of records than it should."""
    expected = counts.planned - counts.failed
    return (
        f"Intercom holds {number(counts.present)} {noun(name)} of this migration where {number(expected)} should be "
        f"({number(counts.planned)} planned, {number(counts.failed)} failed). {then}"
    )


def notified(value: int) -> str:
    """Contacts were notified, which must never happen."""
    return (
        f"{counted(value, 'notification')} {were(value)} sent to contacts; there must be none. "
        "Load nothing further before the cause is known."
    )


def teammates_notified(said: int, told: int) -> str:
    """Teammates were told more than was said before the run."""
    return (
        f"{counted(told, 'notification')} {were(told)} sent to teammates in this run, where at most {number(said)} had "
        "been said before it. `/__embedded/notifications` has the causes."
    )


def beyond_limit(counts: Mapping[str, int]) -> str:
    """The run was limited, on purpose."""
    rows = sum(counts.values())
    return (
        f"{counted(rows, 'row')} beyond the run's limit {were(rows)} not sent: {breakdown(counts)}. "
        f"Run {make('migrate')}, without LIMIT."
    )


def undone(counts: Mapping[str, int]) -> str:
    """Records that the migration took back."""
    rows = sum(counts.values())
    return f"{counted(rows, 'row')} {were(rows)} taken back out of Intercom: {breakdown(counts)}."


def failed(counts: Mapping[str, int]) -> str:
    """Source rows that did not reach Intercom."""
    rows = sum(counts.values())
    return f"{counted(rows, 'row')} failed: {breakdown(counts)}. What was said is under {NEEDS}."


def failing(name: str, failed: int, planned: int, share: float) -> str:
    """More records of an object failed than a run may lose and still be called partial."""
    return (
        f"{number(failed)} of {number(planned)} {noun(name)} failed ({failed / planned:.1%}), more than the "
        f"{share:.1%} of settings.failed_share in mapping.yaml. What was said is under {NEEDS}."
    )


def deleted_in_intercom(counts: Mapping[str, int]) -> str:
    """Records that were loaded and that somebody has deleted in Intercom since."""
    records = sum(counts.values())
    return (
        f"{counted(records, 'record')} that {were(records)} loaded {'is' if records == 1 else 'are'} in Intercom no "
        f"more: {breakdown(counts)}. Somebody deleted, archived or merged them there, so they are not written again. "
        f"To have them back, run {make('migrate', 'restore_deleted')}."
    )


def customer_quarantined(counts: Mapping[str, int]) -> str:
    """Tickets whose customer's row could not be used: they are not loaded under a placeholder."""
    rows = sum(counts.values())
    waiting = counted(rows, "row waits", "rows wait")
    return f"{waiting} for customers who are in quarantine: {breakdown(counts)}. {REJECTS}"


def unsent(counts: Mapping[str, int], then: str) -> str:
    """Source rows whose turn did not come before the run ended."""
    rows = sum(counts.values())
    return f"{counted(rows, 'row')} {were(rows)} not sent before the run ended: {breakdown(counts)}. {then}"


def failed_writes(counts: Mapping[str, int]) -> str:
    """Records without rows of their own (attributes, links) that failed."""
    records = sum(counts.values())
    return f"{counted(records, 'further record')} failed: {breakdown(counts)}. What was said is under {NEEDS}."


def ambiguous(records: int) -> str:
    """Writes without a certain answer."""
    return (
        f"{counted(records, 'write is', 'writes are')} ambiguous: Intercom gave no certain answer. "
        "The next run looks them up before it sends anything again."
    )


def blocked(counts: Mapping[str, int]) -> str:
    """Rows that wait for an agent or a team, or for a word on who is who."""
    rows = sum(counts.values())
    return (
        f"{counted(rows, 'row waits', 'rows wait')} for agents or teams who are not in Intercom, "
        f"or for a word on whether somebody there is the same: {breakdown(counts)}. "
        "Add them there or decide in mapping.yaml, and run again; nothing is lost meanwhile."
    )


def held(records: int) -> str:
    """Records of which a part waits, although every row is in Intercom."""
    return f"{counted(records, 'record')} could not be updated and {were(records)} held: see {NEEDS}."


def queue(counts: Mapping[str, int]) -> str:
    """Whom Intercom lacks, by what the source calls one of them."""
    has = "has" if sum(counts.values()) == 1 else "have"
    return f"{_each(counts)} {has} no counterpart in Intercom: see the reconciliation queue under {NEEDS}."


def undecided(counts: Mapping[str, int]) -> str:
    """Records that one in Intercom contradicts, by object."""
    waits = "waits" if sum(counts.values()) == 1 else "wait"
    return (
        f"{_each(counts)} {waits} for a person to say, under same_record in mapping.yaml, whether the one that stands "
        f"in Intercom is the same: see the reconciliation queue under {NEEDS}."
    )


def _each(counts: Mapping[str, int]) -> str:
    plurals = {item.name: item.plural for item in declarations().values()}
    return listed([counted(value, kind, plurals.get(kind)) for kind, value in sorted(counts.items())])


def quarantined(counts: Mapping[str, int], follow: int = 0) -> str:
    """Rows held back because they broke a rule; of `follow` of them nothing is to be corrected."""
    rows = sum(counts.values())
    said = f"{counted(rows, 'row')} {were(rows)} quarantined: {breakdown(counts)}."
    nothing = "they belong to tickets that are held back and follow them"
    if follow >= rows:
        return f"{said} Nothing is to be corrected in them: {nothing}."
    if follow:
        return f"{said} {REJECTS} In {number(follow)} of them nothing is to be corrected: {nothing}."
    return f"{said} {REJECTS}"


def short(files: int, missing: int) -> str:
    """Files with fewer records than the source's own screen showed."""
    return (
        f"{counted(files, 'file is', 'files are')} short of what extract.yaml states, by {counted(missing, 'record')} "
        "in all: see “What came in” in the report, and export again."
    )


def dropped(counts: Mapping[str, int]) -> str:
    """Optional values that were left out of rows that went on."""
    values = sum(counts.values())
    return (
        f"{counted(values, 'value')} could not be used and {were(values)} left out of rows that went on without: "
        f"{breakdown(counts)}. Correct them in place, or empty their cells, in the files -values.csv of the folder "
        "rejects, then run make migrate."
    )


def files_left_out(counts: Mapping[str, int]) -> str:
    """Attachments whose file is missing or cannot be used."""
    files = sum(counts.values())
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    causes = listed([f"{cause} ({number(value)})" for cause, value in ordered])
    return (
        f"{counted(files, 'attachment')} {were(files)} left out: {causes}. Their messages say so, and "
        "lists/attachments_left_out.csv names them. Put right what is in the folder attachments and run again."
    )


def unmapped(rows: Iterable[Mapping[str, Any]]) -> str:
    """Values that the mapping does not cover."""
    values = [Unmapped(*(row[name] for name in ("column", "value", "rows", "file", "line"))) for row in rows]
    return f"The mapping does not cover {named_values(values)}: see {NEEDS}."


def changed(counts: Mapping[str, int]) -> str:
    """Messages that changed at the source after they were written."""
    records = sum(counts.values())
    return (
        f"{counted(records, 'record')} {were(records)} changed in {SOURCE} after being written, and cannot "
        f"be changed in Intercom: {breakdown(counts)}. See {NEEDS}."
    )


EDITS = {
    "kept": "changed in Intercom since, kept",
    "overwritten": "changed in Intercom since, overwritten",
    "taken_over": "stood in Intercom before the migration, overwritten",
}
"""What became of values in Intercom that were not the migration's."""


def edits_kept(counts: Mapping[str, int]) -> str:
    """Records of which somebody has edited fields in Intercom that the source changed as well."""
    records = sum(counts.values())
    return (
        f"{counted(records, 'record')} {were(records)} changed in Intercom since and changed in {SOURCE} as well; "
        f"the edits were kept: {breakdown(counts)}. {NEEDS} names the fields; "
        f"settings.edited_in_intercom: overwrite in mapping.yaml writes {SOURCE}'s values over them."
    )


def extra_refused(item: Declaration, words: str, records: int) -> str:
    """Records that are whole but for something that they can do without, in the declaration's words."""
    return words.format(records=counted(records, item.name.replace("_", " ")), needs=NEEDS)


def verdict_line(verdict: str, loaded: int, rows: int) -> str:
    """The verdict in one sentence."""
    share = f"{number(loaded)} of {counted(rows, 'row')} loaded"
    return {
        "complete": f"Complete: {share}; every other row was merged, superseded or skipped by a stated rule.",
        "partial": f"Partial: {share}. Everything adds up; the reasons say what is still open.",
        "failed": f"Failed: {share}. Do not rely on the result before the reasons are settled.",
    }[verdict]
