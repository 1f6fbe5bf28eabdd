"""What is said about a workspace that cannot be written to: sentences that name the cause and what to do about it."""

from dataclasses import dataclass

from resources.intercom.errors import IntercomError
from resources.intercom.http import VERSION
from resources.intercom.outcomes import NOT_INTERCOM, CallOutcome
from resources.wording import listed
from schemas.addresses import hosts_in_words, region_of
from schemas.source import SOURCE

APP = "the app that the token belongs to (Intercom's Developer Hub, your app, Authentication)"


@dataclass(frozen=True)
class Refused:
    """A read that Intercom refused.

    Attributes:
        area: what one permission covers, e.g. tickets.
        what: the read in words, e.g. "list ticket types".
        error: how it ended.
    """

    area: str
    what: str
    error: IntercomError


def sentences(refused: list[Refused], address: str) -> list[str]:
    """Return a sentence per cause; reads that the same permission or plan covers are told together."""
    together: dict[tuple[str, str | None, int | None], list[Refused]] = {}
    for read in refused:
        together.setdefault((read.area, read.error.code, read.error.status), []).append(read)
    return [_sentence(reads, address) for reads in together.values()]


def _sentence(reads: list[Refused], address: str) -> str:
    error, area, what = reads[0].error, reads[0].area, listed([read.what for read in reads])
    request = f" Intercom's request id is {error.request_id}." if error.request_id else ""
    if area == IDENTITY and error.status == 401:
        return token_refused(error, address) + request
    if error.code == "api_plan_restricted":
        return plan_lacks(area, what) + request
    if error.code == "intercom_version_invalid":
        return (
            f"Intercom does not {what} in API version {VERSION} ({error.code}). This program needs that version; if "
            f"Intercom has retired it, a newer program is needed.{request}"
        )
    if error.status in (401, 403):
        return (
            f"The access token lacks the permission to {what} ({error.code}). Give {APP} the permission to read "
            f"{area}, then run again.{request}"
        )
    if error.outcome is CallOutcome.REJECTED and error.status != 404:
        return f"Intercom refused to {what} ({error.code}, HTTP {error.status}).{request}"
    return unreachable(error, what, address) + request


IDENTITY = "the workspace itself"
"""The area of the first read, which every token may do."""


def token_refused(error: IntercomError, address: str) -> str:
    """The token is not accepted at all."""
    region = region_of(address)
    asked = f"{address}, which is region {region}" if region else address
    return (
        f"Intercom does not accept the access token ({error.code}). It is wrong or revoked, or belongs to another "
        f"region: asked was {asked}; {hosts_in_words()}. Check INTERCOM_ACCESS_TOKEN and INTERCOM_REGION."
    )


def plan_lacks(area: str, what: str) -> str:
    """The workspace's plan does not include what the migration needs."""
    need = f" Every {SOURCE} ticket becomes an Intercom ticket, so nothing can be loaded without them." * (
        area == "tickets"
    )
    return (
        f"The workspace's plan does not let anybody {what} (api_plan_restricted): {area} are not part of it, or the "
        f"subscription has ended.{need} Change the plan in Intercom, or ask Intercom's support."
    )


def unreachable(error: IntercomError, what: str, address: str) -> str:
    """Nothing that speaks Intercom's API answers."""
    if error.code == "certificate":
        return (
            f"The certificate of the server at {address} is not trusted, so nothing was sent. Behind a gateway with "
            "its own authority, name its file in SSL_CERT_FILE."
        )
    if error.code == "not_connected":
        return (
            f"No connection to {address} could be made. Check the network, the proxy settings (HTTPS_PROXY) and the "
            "address (INTERCOM_REGION or INTERCOM_BASE_URL)."
        )
    status = error.status
    if status is not None and (300 <= status < 400 or status in (404, 407) or error.code in NOT_INTERCOM):
        return (
            f"What answers at {address} is not Intercom's API ({error.code}): a sign-in page, a proxy, or another "
            f"address than the API's. Intercom's are: {hosts_in_words()}."
        )
    return f"Intercom did not {what} ({error.code}). It may be down; run again later."


def wrong_region(region: str | None, expected: str, address: str) -> str:
    """The workspace is in another region than the one that was named."""
    return (
        f"The workspace is in region {region}, but region {expected} was named and {address} was asked. "
        f"Set INTERCOM_REGION={region}, or the token of a workspace in {expected}; {hosts_in_words()}."
    )


def other_workspace(app: str, name: str | None, known: list[str]) -> str:
    """The token opens another workspace than the one that was written to before."""
    return (
        f"The token opens workspace {app} ({name}), but earlier runs loaded this {SOURCE} instance "
        f"into {listed(known)}. Set the token of {listed(known)}, or name another state folder (STATE=) if "
        f"{app} is meant."
    )


def other_version(version: str) -> str:
    """Intercom answered in another API version than the one that was asked for."""
    return (
        f"Intercom answered in API version {version}, though {VERSION} was asked for: something between here and "
        "Intercom changes or drops the header Intercom-Version. Take it out of the way, or let the header through."
    )
