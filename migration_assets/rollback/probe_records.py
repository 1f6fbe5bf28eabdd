"""What a probe that was killed, or failed, has left in the workspace: a rollback of everything takes it away."""

from migration_assets.objects.probe.ledger import ProbeLedger
from resources.intercom.client import Intercom
from resources.migration_run import RollbackRun
from resources.wording import counted


def left_by_probe(run: RollbackRun, app_id: str) -> int:
    """Return how many records the journal says that a probe has left."""
    with run.journal.profiles() as profiles:
        return len(profiles.left(app_id))


def take_probe_away(run: RollbackRun, app_id: str) -> int:
    """Take away what a probe has left, and return how many records stay.

    Raises:
        JournalError: another process is probing the workspace.
        IntercomError: one could not be taken away; it stays in the journal, and the others are gone.
    """
    with run.journal.profiles() as profiles, profiles.alone(app_id, run.run_id):

        async def take(client: Intercom) -> None:
            settle = run.workspace.settle_seconds
            await ProbeLedger(client, profiles, app_id, settle_seconds=settle).remove_all()

        run.workspace.call(take)
        return len(profiles.left(app_id))


def about_probe(left: int, stays: int, *, dry: bool, whole: bool) -> list[str]:
    """Return the sentence about what a probe had left; none where it had left nothing."""
    if not left:
        return []
    records = counted(left, "record")
    if not whole:
        return [f"A probe has left {records} of its own, which a rollback of everything takes away."]
    if dry:
        return [f"A probe has left {records} of its own: taken away as well."]
    if stays:
        return [
            f"Of the {records} that a probe had left, {stays} may yet come or could not be taken away: "
            "`make rollback` again takes away what is there then."
        ]
    return [f"The {records} that a probe had left {'is' if left == 1 else 'are'} taken away."]
