"""The marker: who writes to a workspace, kept in the workspace itself, so that machines with other journals see it.

It is a company without contacts, which Intercom's lists do not show; its name holds everything, so that a person who
comes across it can read it. Times are by Intercom's clock. Intercom has no way to write only if nobody else has
written, so the marker is read again after a pause: of two that come at once, the one that wrote last has it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from tenacity import retry, retry_if_exception, stop_after_attempt, wait_random_exponential

from resources.intercom.client import Intercom
from resources.intercom.errors import IntercomError
from resources.journal import Holder
from schemas.source import MARKER_COMPANY_ID, MARKER_WORDS

_FORM = re.compile(
    rf"{MARKER_WORDS}: journal (?P<journal>\S+), (?P<writes>\d+) writes, process (?P<pid>\d+) on (?P<host>.+), "
    r"(?P<what>writing since|not writing since) (?P<since>\S+), seen (?P<seen>\S+)"
)
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Marker:
    """Who wrote to the workspace last, and whether they still do.

    Attributes:
        journal: the name of their journal.
        writes: the number of the latest write in it, as of `seen`.
        holder: the process.
        writing: whether the run was going on.
        since: since when it was, or was not; unix seconds.
        seen: when the marker was written; unix seconds.
    """

    journal: str
    writes: int
    holder: Holder
    writing: bool
    since: int
    seen: int

    def text(self) -> str:
        """Return the marker in words."""
        what = "writing since" if self.writing else "not writing since"
        return (
            f"{MARKER_WORDS}: journal {self.journal}, {self.writes} writes, {self.holder}, "
            f"{what} {_shown(self.since)}, seen {_shown(self.seen)}"
        )


UNREADABLE = Marker("unknown", 0, Holder("nobody known", 0), writing=False, since=0, seen=0)
"""A marker that somebody has changed: another journal may have written."""


def parse(text: str) -> Marker:
    """Return the marker that `text` holds, or UNREADABLE."""
    found = _FORM.fullmatch(text)
    if found is None:
        return UNREADABLE
    try:
        since, seen = _read(found["since"]), _read(found["seen"])
    except ValueError:
        return UNREADABLE
    holder = Holder(found["host"], int(found["pid"]))
    return Marker(found["journal"], int(found["writes"]), holder, found["what"] == "writing since", since, seen)


async def read_marker(client: Intercom) -> Marker | None:
    """Return the workspace's marker, None where nobody has ever set one."""
    company = await client.find_company(MARKER_COMPANY_ID)
    return parse(company.name or "") if company is not None else None


def _may_be_there(error: BaseException) -> bool:
    return isinstance(error, IntercomError) and error.may_have_happened and not error.stop


# Unlike the writes of a load it says all that there is to say, so that sending it twice does no harm.
@retry(
    retry=retry_if_exception(_may_be_there),
    stop=stop_after_attempt(5),
    wait=wait_random_exponential(max=10),
    reraise=True,
)
async def write_marker(client: Intercom, marker: Marker) -> None:
    """Set the workspace's marker; sent again when the answer is lost.

    Raises:
        IntercomError: it is refused, or no answer came five times.
    """
    await client.upsert_company({"company_id": MARKER_COMPANY_ID, "name": marker.text()})


async def remove_marker(client: Intercom) -> None:
    """Delete the workspace's marker, as the last thing of a migration that has been taken back."""
    company = await client.find_company(MARKER_COMPANY_ID)
    if company is not None:
        await client.delete_company(company.id)


def _shown(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime(_TIME)


def _read(text: str) -> int:
    return int(datetime.strptime(text, _TIME).replace(tzinfo=UTC).timestamp())
