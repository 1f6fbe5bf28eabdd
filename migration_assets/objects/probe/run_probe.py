"""One probe from its beginning to its end: what is left over removed, asked, and removed again whatever happens."""

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migration_assets.objects.probe.canary_rows import NAME, TYPE_NAME, new_token
from migration_assets.objects.probe.ledger import ProbeLedger
from migration_assets.objects.probe.people_steps import PEOPLE_STEPS
from migration_assets.objects.probe.prober import NotSeenError, Prober
from migration_assets.objects.probe.questions import INTERRUPTED, answers, with_earlier
from migration_assets.objects.probe.ticket_steps import AUTOMATION, LOST, TICKET_STEPS
from migration_assets.writing.records import Stopped, UnsendableError
from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError
from resources.journal.workspace_profiles import WorkspaceProfile
from resources.wording import counted, listed
from schemas.mapping_parts import fold

TIMES, TIMES_KEPT = "created_at", "kept"
MOVED = {"minute": "cuts them to the minute", "two_years": "shows old ones as newer than they are"}
"""What a workspace does that does not keep times, in words."""


MAKES = {"contact": 7, "company": 2, "tag": 2, "ticket": 1}
"""How many records of a kind a probe makes at most."""


def announcement(workspace: str) -> str:
    """Return, in two sentences, what a probe makes in a workspace and what becomes of it."""
    return (
        f"To see what Intercom's documentation leaves open, the migration now makes up to {listed(_made())} of its own "
        f"in the workspace {workspace}, named {NAME!r}, writes messages into the ticket, as its customer too, closes, "
        f"opens and snoozes it, and tells nobody. It removes them at the end; the ticket type {TYPE_NAME!r} and the "
        "companies Intercom can only archive."
    )


def _made() -> list[str]:
    return [counted(number, kind, "companies" if kind == "company" else None) for kind, number in MAKES.items()]


@dataclass(frozen=True)
class OwnAdmins:
    """Who writes, and whom the token speaks for."""

    writer: str
    token: str


async def own_admins(client: Intercom, migration_admin: str) -> OwnAdmins:
    """Return who writes: the admin with the address that the mapping names, or else the one that the token is of."""
    me = await client.me()
    named = (one for one in await client.list_admins() if fold(one.email or "") == fold(migration_admin))
    writer = next(named, None)
    return OwnAdmins(writer.id if writer is not None else me.id, me.id)


async def run_probe(client: Intercom, ledger: ProbeLedger, admins: OwnAdmins, *, patience: float) -> dict[str, Any]:
    """Remove what an earlier probe has left, ask everything, remove what was made, and return what was read.

    Raises:
        Stopped: the ticket could not be made, so that hardly anything was seen.
        IntercomError: Intercom cannot be used, or something could not be removed; it is removed by the next probe.
    """
    await ledger.remove_all()
    try:
        with tempfile.TemporaryDirectory(prefix="probe-") as folder:
            probe = Prober(
                client,
                ledger,
                new_token(),
                admins.writer,
                admins.token,
                await client.list_ticket_states(),
                Path(folder),
                patience,
            )
            failure = await _ask(probe)
    finally:
        await ledger.remove_all()
    probe.readings[INTERRUPTED] = failure is not None
    if probe.ticket is None:
        raise Stopped(f"The workspace cannot be probed: {failure or 'the ticket was not made'}.")
    return probe.readings


async def _ask(probe: Prober) -> Exception | None:
    """Make every step; return why the first failed that did. What a step did not come to is not answered."""
    first: Exception | None = None
    for step in (*PEOPLE_STEPS, *TICKET_STEPS):
        try:
            await step(probe)
        except IntercomError as error:
            if error.stop:
                raise
            first = first or error
        except (NotSeenError, UnsendableError, Stopped) as error:
            first = first or error
        probe.ledger.beat()
    return first


@dataclass(frozen=True)
class WouldBeTold:
    """How many notifications a probe would have sent; 0 where the workspace does not count them."""

    customers: int = 0
    teammates: int = 0


def profile_of(
    readings: Mapping[str, Any], told: WouldBeTold, earlier: WorkspaceProfile | None = None
) -> WorkspaceProfile:
    """Return the profile: the answers, and the promises that are broken.

    Where the workspace is asked once more for what is missing, an `earlier` answer stands where none is found now.
    """
    found = answers(readings)
    kept = with_earlier(found, earlier.answers) if earlier is not None else found
    return WorkspaceProfile(time.time(), kept, broken_promises(found, readings, told))


def broken_promises(
    found: Mapping[str, Mapping[str, Any]], readings: Mapping[str, Any], told: WouldBeTold
) -> list[str]:
    """Return a sentence for each promise of the migration that does not hold in the workspace."""
    broken = []
    times = found[TIMES]
    if times["answer"] not in (None, TIMES_KEPT):
        way = MOVED.get(str(times["answer"]), "changes them")
        broken.append(
            f"Intercom does not keep the times of tickets and messages, but {way} ({times['seen']}): customers would "
            "see wrong dates in all of their tickets."
        )
    if readings.get(AUTOMATION):
        broken.append(
            "An automation of the workspace has written into the probe's ticket: pause Workflows, Series, Fin and CSAT "
            "in Intercom."
        )
    if readings.get(LOST):
        broken.append(f"Intercom does not show {counted(readings[LOST], 'text')} of the probe with all of its words.")
    for number, whom in ((told.customers, "customers"), (told.teammates, "teammates")):
        if number:
            broken.append(f"Intercom would have sent {counted(number, 'notification')} to {whom}.")
    return broken
