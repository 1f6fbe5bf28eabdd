"""Whether a run asks the workspace what Intercom leaves undocumented, and what it does with the answers."""

from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import polars as pl

from migration_assets.objects.probe.ledger import ProbeLedger
from migration_assets.objects.probe.questions import QUESTIONS, unanswered
from migration_assets.objects.probe.run_probe import WouldBeTold, announcement, own_admins, profile_of, run_probe
from migration_assets.writing.failure import step_failure
from migration_assets.writing.records import Stopped
from migration_assets.writing.workspace_answers import TABLE
from migration_assets.writing.workspace_lease import LeaseClaim, refusal
from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError
from resources.intercom.marker import read_marker
from resources.journal import Holder, JournalError
from resources.journal.workspace_profiles import WorkspaceProfile, WorkspaceProfiles
from resources.migration_run import MigrationRun
from resources.warehouse import insert_frame
from resources.wording import counted, listed

BROKEN_TABLE = "observed.broken_promises"
ROWS = {
    "position": pl.Int64,
    **dict.fromkeys(("question", "asks", "answer", "assumed", "does", "seen"), pl.String),
    "differs": pl.Boolean,
    "seconds": pl.Float64,
}
"""The columns of `observed.profile`."""
PATIENCE = 15.0
"""Seconds for which is looked again for what a search does not find at once."""
FAILED = "What was not asked is asked by the next run, or by make probe."

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Asking:
    """Whether a run probes the workspace, and a sentence on it."""

    asks: bool
    sentence: str


def what_is_open(profile: WorkspaceProfile | None) -> str:
    """Say in words what of a profile a later run is to ask again; empty where nothing is, or nothing is known."""
    missing = len(unanswered(profile.answers)) if profile is not None else 0
    broken = len(profile.broken) if profile is not None else 0
    found = [(missing, "question", "has no answer", "have no answers"), (broken, "promise", "is broken", "are broken")]
    said = [f"{counted(number, noun)} {one if number == 1 else many}" for number, noun, one, many in found if number]
    return listed(said)


def decide_asking(*, always: bool, writes: bool, setting: str, known: bool, still_open: str = "") -> Asking:
    """Decide whether a run asks the workspace.

    Args:
        always: it is a run of the job `probe`.
        writes: the run may write to Intercom.
        setting: MIGRATION_PROBE, first_run or never.
        known: the journal has a profile of the workspace.
        still_open: what of that profile is to be asked again (`what_is_open`): a probe came to no end, or found what
            the migration cannot go by, which a person may have mended since. Each run asks once; what
            some probes could not find is asked no more.
    """
    kept = "what an earlier probe saw is used." if known else "every way of Intercom's is reckoned with."
    if not writes:
        return Asking(asks=False, sentence=f"This run writes nothing, so the workspace is not probed: {kept}")
    if always:
        return Asking(asks=True, sentence="The workspace is probed anew.")
    if known and (setting == "never" or not still_open):
        return Asking(asks=False, sentence="The workspace was probed before: what was seen is used.")
    if known:
        return Asking(asks=True, sentence=f"The workspace was probed before, and {still_open}: it is probed again.")
    if setting == "never":
        return Asking(asks=False, sentence="MIGRATION_PROBE is never, so the workspace is not probed: " + kept)
    return Asking(asks=True, sentence="The workspace was never probed.")


@dataclass(frozen=True)
class Probing:
    """What a run knows of the workspace, and what it did for that."""

    profile: WorkspaceProfile | None
    asked: bool
    removed: int


def bring_profile(run: MigrationRun, *, always: bool, writes: bool, tell: Tell) -> Probing:
    """Return what is known of the workspace, having asked it where that is due.

    Raises:
        dagster.Failure: the workspace was to be asked and could not be used, another process is probing it, or nobody
            has confirmed that it is written to.
    """
    with run.warehouse.connect() as connection:
        ((app_id, name),) = connection.execute("SELECT app_id, name FROM observed.workspace").fetchall()
    with run.journal.profiles() as profiles:
        known = profiles.profile(app_id)
        asking = decide_asking(
            always=always,
            writes=writes,
            setting=run.options.probe,
            known=known is not None,
            still_open=what_is_open(known),
        )
        tell(asking.sentence)
        left = len(profiles.left(app_id))
        if not writes or not (asking.asks or left):
            return Probing(known, asked=False, removed=0)
        run.require_confirmation()
        if asking.asks:
            tell(announcement(name))
        try:
            with profiles.alone(app_id, run.run_id):
                if not asking.asks:
                    removed = run.workspace.call(lambda client: _ledger(run, client, profiles, app_id).remove_all())
                    return Probing(known, asked=False, removed=removed)
                made = _probe(run, profiles, app_id, None if always else known)
        except (IntercomError, Stopped, JournalError) as error:
            if always or isinstance(error, JournalError) or getattr(error, "stop", False):
                raise step_failure(error, FAILED) from error
            then = "what an earlier probe saw is used" if known else "every way of Intercom's is reckoned with"
            tell(f"The workspace could not be probed ({error}), so that {then}.")
            return Probing(known, asked=False, removed=0)
        profiles.keep(app_id, made)
        return Probing(made, asked=True, removed=left)


def _ledger(run: MigrationRun, client: Intercom, profiles: WorkspaceProfiles, app_id: str) -> ProbeLedger:
    return ProbeLedger(client, profiles, app_id, settle_seconds=run.workspace.settle_seconds)


def _probe(
    run: MigrationRun, profiles: WorkspaceProfiles, app_id: str, earlier: WorkspaceProfile | None
) -> WorkspaceProfile:
    counting = (run.workspace.notifications_to_contacts, run.workspace.notifications_to_teammates)
    before = [count() or 0 for count in counting]
    migration_admin = run.drop.load_mapping().settings.migration_admin

    async def ask(client: Intercom) -> dict[str, object]:
        claim = LeaseClaim(profiles.name, 0, Holder.this_process(), profiles.shared)
        busy = refusal(await read_marker(client), claim, client.budget.intercom_time())
        if busy is not None:
            raise Stopped(busy)
        admins = await own_admins(client, migration_admin)
        return await run_probe(client, _ledger(run, client, profiles, app_id), admins, patience=PATIENCE)

    readings = run.workspace.call(ask)
    customers, teammates = [(count() or 0) - earlier for count, earlier in zip(counting, before, strict=True)]
    return profile_of(readings, WouldBeTold(customers, teammates), earlier)


def write_profile(connection: duckdb.DuckDBPyConnection, profile: WorkspaceProfile | None, *, stops: bool) -> None:
    """Replace `observed.profile`, a row per question, and `observed.broken_promises`, a row per sentence.

    Args:
        connection: the warehouse.
        profile: what is known of the workspace.
        stops: whether a broken promise stops the run; one that writes nothing goes on.
    """
    answers = profile.answers if profile is not None else {}
    rows = []
    for position, question in enumerate(QUESTIONS):
        found = answers.get(question.name, {})
        answer = found.get("answer")
        rows.append(
            (
                position, question.name, question.asks, answer, question.default, question.does,
                found.get("seen") or question.not_asked or None, answer not in (None, question.default),
                found.get("seconds"),
            )
        )  # fmt: skip
    insert_frame(connection, TABLE, pl.DataFrame(rows, schema=ROWS, orient="row"), create=True)
    broken = [(sentence, stops) for sentence in (profile.broken if profile is not None else [])]
    schema = {"sentence": pl.String, "stops": pl.Boolean}
    insert_frame(connection, BROKEN_TABLE, pl.DataFrame(broken, schema=schema, orient="row"), create=True)
