"""What a list is narrowed down to: read from the address, and written as SQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

from embedded_intercom.inbox.reading import Value, marks

STATES = ("open", "snoozed", "closed")


@dataclass(frozen=True)
class Filters:
    """The conversations that are wanted; None (or nothing) leaves that side open, 0 is 'unassigned'."""

    state: str | None = None
    ticket_state: int | None = None
    assignee: int | None = None
    team: int | None = None
    tag: int | None = None
    company: str | None = None
    contacts: tuple[str, ...] | None = None
    ids: tuple[int, ...] | None = None
    words: tuple[str, ...] = ()

    def without_state(self) -> "Filters":
        """The same for every state."""
        return replace(self, state=None)

    @property
    def narrow(self) -> bool:
        """Whether anything is left out."""
        return self != Filters()

    def query(self) -> dict[str, Any]:
        """The filters as an address has them; what is found by searching is not among them."""
        names = ("state", "ticket_state", "assignee", "team", "tag")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


def read(query: QueryParams) -> Filters:
    """Read the filters of the list from its address.

    Raises:
        HTTPException: 400 for a state that does not exist, or an id that is no number.
    """
    state = query.get("state") or None
    if state is not None and state not in STATES:
        raise HTTPException(400, "The address asks for a state that does not exist.")
    return Filters(
        state=state,
        ticket_state=_number(query.get("ticket_state")),
        assignee=_number(query.get("assignee")),
        team=_number(query.get("team")),
        tag=_number(query.get("tag")),
    )


def _number(text: str | None) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise HTTPException(400, "The address asks for an id that is no number.")
    return int(text)


def conditions(filters: Filters) -> tuple[str, list[Value]]:
    """Return the filters as a condition on `threads`, and its values; the tag is left to the query.

    All columns are in the index `threads_inbox`, except contact and company, which have their own.
    """
    wanted: list[tuple[str, list[Value]]] = []
    columns = {
        "state": filters.state,
        "ticket_state_id": filters.ticket_state,
        "admin_assignee_id": filters.assignee,
        "team_assignee_id": filters.team,
        "company_id": filters.company,
    }
    wanted += [(f"threads.{name}=?", [value]) for name, value in columns.items() if value is not None]
    if filters.contacts is not None:
        wanted.append((f"threads.contact_id IN ({marks(filters.contacts)})", list(filters.contacts)))
    if filters.ids is not None:
        wanted.append((f"threads.id IN ({marks(filters.ids)})", list(filters.ids)))
    wanted += [("threads.title GLOB ?", [holding(word)]) for word in filters.words]
    where = " AND ".join(text for text, _ in wanted) or "1"
    return where, [value for _, values in wanted for value in values]


def words(text: str) -> tuple[str, ...]:
    """Return the words that are looked for in titles."""
    return tuple(text.split())


def holding(word: str) -> str:
    """Return the GLOB pattern of texts that hold a word, in upper or lower case.

    LIKE knows the cases of A to Z only.
    """
    return f"*{''.join(_either_case(letter) for letter in word)}*"


def _either_case(letter: str) -> str:
    if letter in "*?[":
        return f"[{letter}]"
    forms: Iterable[str] = {letter, letter.lower(), letter.upper()}
    single: Sequence[str] = sorted(form for form in forms if len(form) == 1)
    return letter if len(single) == 1 else f"[{''.join(single)}]"
