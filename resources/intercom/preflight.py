"""Whether a workspace can be written to at all: read before anything is written."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError
from resources.intercom.http import VERSION
from resources.intercom.outcomes import Outcome
from schemas.intercom import Admin, Me, Team, TicketState, TicketType

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
        problems: what is wrong, in plain sentences; empty when the workspace can be written to.
    """

    me: Me | None = None
    admins: list[Admin] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    ticket_types: list[TicketType] = field(default_factory=list)
    ticket_states: list[TicketState] = field(default_factory=list)
    calls_per_window: int | None = None
    problems: list[str] = field(default_factory=list)

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
    client: Intercom, *, expected_region: str | None = None, expected_app: str | None = None
) -> Preflight:
    """Read the workspace and say what is wrong with it.

    Args:
        client: a session with it.
        expected_region: us, eu or au; None when it does not matter.
        expected_app: the workspace id that earlier runs wrote to; None when there was none.

    Returns:
        Facts and problems. Failures of Intercom are problems, too; nothing is raised for them.
    """
    found = Preflight()
    found.me = await _read(found, client.me, "tell whom the token belongs to")
    if found.me is None:
        return found
    _check_identity(found, expected_region, expected_app)
    if client.answered_version not in (None, VERSION):
        found.problems.append(f"Intercom answered in version {client.answered_version}, not in {VERSION}.")
    found.ticket_types = await _read(found, client.list_ticket_types, "list ticket types") or []
    found.ticket_states = await _read(found, client.list_ticket_states, "list ticket states") or []
    found.admins = await _read(found, client.list_admins, "list teammates") or []
    found.teams = await _read(found, client.list_teams, "list teams") or []
    _check_contents(found)
    found.calls_per_window = client.budget.calls_per_window
    return found


async def _read(found: Preflight, read: Callable[[], Awaitable[Result]], what: str) -> Result | None:
    try:
        return await read()
    except IntercomError as error:
        found.problems.append(_sentence(error, what))
    return None


def _sentence(error: IntercomError, what: str) -> str:
    request = f" Intercom's request id is {error.request_id}." if error.request_id else ""
    if error.status == 401:
        return (
            f"Intercom does not accept the access token ({error.code}). It may be wrong, revoked, or belong to "
            f"another region.{request}"
        )
    if error.code == "api_plan_restricted":
        return f"The workspace's plan does not let us {what}.{request}"
    if error.status == 403:
        return f"The access token lacks the permission to {what} ({error.code}).{request}"
    if error.code == "intercom_version_invalid":
        return f"Intercom does not accept API version {VERSION}.{request}"
    if error.code == "certificate":
        return "The certificate of the server at this address is not trusted; nothing was sent."
    if error.code == "not_json" or error.outcome is Outcome.STOP:
        return f"What answers at this address is not Intercom's API ({error.code})."
    if error.code == "not_connected":
        return "No connection to Intercom could be made."
    return f"Intercom did not {what} ({error.code}).{request}"


def _check_identity(found: Preflight, expected_region: str | None, expected_app: str | None) -> None:
    if found.app_id is None:
        found.problems.append("Intercom did not say which workspace the token belongs to.")
        return
    if expected_app is not None and found.app_id != expected_app:
        found.problems.append(
            f"The token opens workspace {found.app_id} ({found.workspace}), but earlier runs wrote to {expected_app}."
        )
    if expected_region is not None and found.region not in (None, expected_region.lower()):
        found.problems.append(f"The workspace is in region {found.region}, not in {expected_region}.")


def _check_contents(found: Preflight) -> None:
    if found.problems:
        return
    if not found.admins:
        found.problems.append("The workspace has no teammates, so nobody can be shown as an author.")
    present = {state.category for state in found.ticket_states if not state.archived}
    missing = [category for category in CATEGORIES if category not in present]
    if missing:
        found.problems.append(f"The workspace has no ticket state for {', '.join(missing)}.")
