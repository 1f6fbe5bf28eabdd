"""Whether a workspace can be written to at all: asked by ten reads, or eleven, before anything is written.

Intercom has no call that tells a token's permissions or a workspace's plan. So every kind of read that a run needs is
done once, each for as little as it gives, and a refusal is put into words (`complaints.py`). Whether the token may
also write cannot be asked without writing; nor can whether native priority can be written. That is said, not guessed.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from resources.intercom import complaints
from resources.intercom.client import Intercom
from resources.intercom.complaints import IDENTITY, Refused
from resources.intercom.errors import IntercomError
from resources.intercom.http import VERSION
from resources.intercom.outcomes import CallOutcome
from resources.intercom.paging import Page
from resources.wording import listed
from schemas.addresses import hosts_in_words, is_elsewhere, region_of
from schemas.intercom import Admin, Me, Team, TicketState, TicketType
from schemas.source import NOBODY

Result = TypeVar("Result")
CATEGORIES = ("submitted", "in_progress", "waiting_on_customer", "resolved")


@dataclass
class Preflight:
    """What was found.

    Attributes:
        me: whom the token speaks for; None when Intercom did not accept it.
        admins: all teammates.
        teams: all teams.
        ticket_types: all ticket types.
        ticket_states: all ticket states.
        calls_per_window: the quota per 10-second window; None when Intercom did not say.
        problems: what is wrong and what to do, in plain sentences; empty when the workspace can be written to.
        notes: what could not be found out, in plain sentences.
    """

    me: Me | None = None
    admins: list[Admin] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    ticket_types: list[TicketType] = field(default_factory=list)
    ticket_states: list[TicketState] = field(default_factory=list)
    calls_per_window: int | None = None
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    @property
    def app_id(self) -> str | None:
        """The workspace's id, e.g. for the address of its pages."""
        return self.me.app.id_code if self.me and self.me.app else None

    @property
    def workspace(self) -> str | None:
        """The workspace's name."""
        return self.me.app.name if self.me and self.me.app else None

    @property
    def region(self) -> str | None:
        """The workspace's region in lower case: us, eu or au."""
        region = self.me.app.region if self.me and self.me.app else None
        return region.lower() if region else None


async def preflight(
    client: Intercom,
    *,
    expected_region: str | None = None,
    known_apps: Collection[str] = (),
    route: Literal["ticket", "conversation"] = "ticket",
    writes: Sequence[str] = (),
) -> Preflight:
    """Read the workspace and say what is wrong with it; 10 calls by the ticket route, 11 by the other.

    Args:
        client: a session with it.
        expected_region: us, eu or au; None for the one whose host is asked, or any behind another address.
        known_apps: ids of the workspaces that earlier runs wrote to; empty when there was none.
        route: the route that tickets will take; the conversation route also reads conversations.
        writes: what the token must be allowed to write beside tickets, in words.

    Returns:
        Facts and problems. Failures of Intercom are problems, too; nothing is raised for them.
    """
    found, asking = Preflight(), _Asking()
    found.me = await asking(IDENTITY, "tell whom the token belongs to", client.me)
    if found.me is not None:
        _check_identity(found, expected_region or region_of(client.base_url), known_apps, client.base_url)
        _check_version(found, client.answered_version)
        found.ticket_types = await asking("tickets", "list ticket types", client.list_ticket_types) or []
        found.ticket_states = await asking("tickets", "list ticket states", client.list_ticket_states) or []
        found.admins = await asking("admins and teams", "list teammates", client.list_admins) or []
        found.teams = await asking("admins and teams", "list teams", client.list_teams) or []
        for area, what, read in _harmless(client, route):
            await asking(area, what, read)
    found.problems += complaints.sentences(asking.refused, client.base_url)
    _check_contents(found)
    found.notes += _notes(client.base_url, client.answered_version, writes)
    found.calls_per_window = client.budget.calls_per_window
    return found


class _Asking:
    """Makes reads one after the other and keeps which were refused; once nobody answers, no more are made."""

    def __init__(self) -> None:
        self.refused: list[Refused] = []
        self._given_up = False

    async def __call__(self, area: str, what: str, read: Callable[[], Awaitable[Result]]) -> Result | None:
        if self._given_up:
            return None
        try:
            return await read()
        except IntercomError as error:
            self.refused.append(Refused(area, what, error))
            # A 401 after the token was accepted is a permission that lacks (Intercom: token_unauthorized).
            self._given_up = error.outcome is not CallOutcome.REJECTED and (error.status != 401 or area == IDENTITY)
        return None


def _harmless(client: Intercom, route: str) -> list[tuple[str, str, Callable[[], Awaitable[Any]]]]:
    """Return the reads that are made only to see whether they are allowed: (area, in words, read)."""
    nothing = {"field": "id", "operator": "=", "value": "0"}
    stranger = {"field": "external_id", "operator": "=", "value": NOBODY}
    contacts = "contacts and companies"
    reads: list[tuple[str, str, Callable[[], Awaitable[Any]]]] = [
        (contacts, "search contacts", lambda: _first(client.search_contacts(stranger, per_page=1))),
        (contacts, "look up companies", lambda: client.find_company(NOBODY)),
        ("tags", "list tags", client.list_tags),
        ("contact and company attributes", "list data attributes", lambda: client.list_data_attributes("contact")),
        ("tickets", "search tickets", lambda: _first(client.search_tickets(nothing, per_page=1))),
    ]
    if route == "conversation":
        search = client.search_conversations
        reads.append(("conversations", "search conversations", lambda: _first(search(nothing, per_page=1))))
    return reads


async def _first(pages: AsyncIterator[Page[Any]]) -> Page[Any] | None:
    async with aclosing(pages) as open_pages:  # type: ignore[type-var]
        return await anext(open_pages, None)


def _check_identity(found: Preflight, expected: str | None, known_apps: Collection[str], address: str) -> None:
    if found.app_id is None:
        found.problems.append(
            "Intercom did not say which workspace the token belongs to. Use the access token of a private app of the "
            "workspace itself."
        )
        return
    if known_apps and found.app_id not in known_apps:
        found.problems.append(complaints.other_workspace(found.app_id, found.workspace, sorted(known_apps)))
    if expected is not None and found.region not in (None, expected.lower()):
        found.problems.append(complaints.wrong_region(found.region, expected.lower(), address))


def _check_version(found: Preflight, answered: str | None) -> None:
    if answered not in (None, VERSION):
        found.problems.append(complaints.other_version(str(answered)))


def _check_contents(found: Preflight) -> None:
    if found.problems:
        return
    if not found.admins:
        found.problems.append(
            "The workspace has no teammates, so nobody can be shown as an author. Invite at least one in Intercom."
        )
    present = {state.category for state in found.ticket_states if not state.archived}
    missing = [category for category in CATEGORIES if category not in present]
    if missing:
        found.problems.append(
            f"The workspace has no ticket state for {listed(missing)}. Create it in Intercom's settings, Tickets."
        )


def _notes(address: str, answered: str | None, writes: Sequence[str]) -> list[str]:
    notes = [
        f"Intercom does not tell whether the token may write. It needs the permission to write "
        f"{listed(['tickets', *writes])}; the first write of each kind shows whether it has it."
    ]
    if answered is None:
        notes.append(f"Intercom did not say in which API version it answered; {VERSION} was asked for.")
    if is_elsewhere(address):
        notes.append(
            f"Not Intercom itself is asked but {urlsplit(address).hostname} (INTERCOM_BASE_URL), which is sent the "
            f"token and everything else. Intercom's own: {hosts_in_words()}."
        )
    return notes
