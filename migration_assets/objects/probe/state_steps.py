"""The steps that ask what opens, closes and wakes the probe's ticket."""

import time

from migration_assets.objects.conversation.routes.fields import update_bodies
from migration_assets.objects.conversation.routes.shared import SILENT
from migration_assets.objects.conversation.routes.state import SHORT_SNOOZE
from migration_assets.objects.probe.canary_rows import WORDS, part_row
from migration_assets.objects.probe.prober import Prober, assigned, needed, require
from migration_assets.writing.conflicts import FieldDecisions
from schemas.intercom import Ticket

MONTH = 30 * 86_400


async def ask_resolved(probe: Prober) -> None:
    """Resolve the ticket without saying that it is closed."""
    require((await probe.settle(is_open=True)).open)
    body = {"ticket_state_id": probe.state_of("resolved"), "admin_id": int(probe.admin_id), **SILENT}
    probe.readings["state_moves_open"] = not (await probe.client.update_ticket(probe.there.id, body)).open


async def ask_waking(probe: Prober) -> None:
    """Snooze the ticket, write a note in it and open it; close it, and let a teammate write in it."""
    await probe.settle(is_open=True)
    until = int(time.time()) + MONTH
    require((await probe.settle(is_open=True, snoozed_until=until)).snoozed_until)
    await probe.append(part_row("note", "admin", probe.admin_id, f"<p>{WORDS}</p>", int(time.time()) - 2_000))
    woke = not (await probe.read()).snoozed_until
    require((await probe.settle(is_open=True, snoozed_until=until)).snoozed_until)
    probe.readings["open_wakes_snoozed"] = not (await probe.settle(is_open=True)).snoozed_until
    closed = await probe.closed()
    note_author(probe, closed)
    await probe.append(part_row("comment", "admin", probe.admin_id, f"<p>{WORDS}</p>", int(time.time()) - 1_900))
    probe.readings["reply_wakes"] = [woke, bool((await probe.read()).open)]


async def ask_snooze_end(probe: Prober) -> None:
    """Snooze the ticket for a few seconds, and read it once they are over."""
    await probe.settle(is_open=True)
    until = int(probe.client.budget.intercom_time()) + SHORT_SNOOZE
    before = await probe.settle(is_open=True, snoozed_until=until)
    require(before.snoozed_until)
    await probe.until(lambda: is_awake(probe))
    after = await probe.read()
    require(not after.snoozed_until)
    known = {part.id for part in before.parts}
    events = [part.author.type if part.author else "nobody" for part in after.parts if part.id not in known]
    probe.readings["snooze_end_event"] = events[0] if events else "none"


async def is_awake(probe: Prober) -> bool:
    """Whether the ticket is snoozed no more."""
    return not (await probe.read()).snoozed_until


def note_author(probe: Prober, closed: Ticket) -> None:
    """Note in whose name closing the ticket is shown.

    Where the migration's own admin is the one that the token is of, only a bot is told from them.
    """
    authors = [part.author for part in closed.parts if part.part_type == "close" and part.author is not None]
    kind = authors[-1].type if authors else None
    if kind is None or (kind == "admin" and probe.admin_id == probe.token_admin_id):
        return
    names = {probe.admin_id: "named", probe.token_admin_id: "token"}
    probe.readings["change_author"] = names.get(authors[-1].id or "", kind) if kind == "admin" else kind


async def ask_reopening(probe: Prober) -> None:
    """Close the ticket and assign it; close it again and let its contact write."""
    await probe.closed()
    for body in update_bodies(FieldDecisions(changes={"assignee": assigned(probe.admin_id)}), probe.admin_id):
        probe.readings["assigning_opens"] = bool((await probe.client.update_ticket(probe.there.id, body)).open)
    await probe.closed()
    asker = needed(probe.asker).id
    await probe.append(part_row("comment", "contact", asker, f"<p>{WORDS}</p>", int(time.time()) - 1_000))
    probe.readings["contact_reply_reopens"] = bool((await probe.read()).open)


STATE_STEPS = (ask_resolved, ask_waking, ask_snooze_end, ask_reopening)
