"""Whether a list that comes in pages still moves on, so that one that never ends is refused and not read for ever."""

from collections.abc import Iterable

from resources.intercom.endpoints import Endpoint
from resources.intercom.errors import IntercomError
from resources.intercom.outcomes import CallOutcome

LARGEST_PAGE = 150
"""The most records that Intercom gives in one page."""
MOST_PAGES = 100_000
"""Pages of one list: 15 million records, far more than a helpdesk has."""
MOST_EMPTY = 10
"""Pages in a row without a record that are borne with."""
CODE = "list_without_end"


class ListWithoutEndError(IntercomError):
    """A list repeats itself, or goes on past its end; its text is ours and holds nothing of a customer's."""

    def __init__(self, endpoint: Endpoint, why: str) -> None:
        super().__init__(
            CallOutcome.STOP,
            200,
            CODE,
            f"The pages of a list from Intercom do not end as they should: {why}. Whatever answers in Intercom's place "
            "cannot be read.",
            None,
            endpoint.name,
        )

    def __str__(self) -> str:
        """Say which list, and why it was refused."""
        return f"{self.endpoint}: {self.message}"


class ListEnd:
    """What the pages of one list have told so far."""

    def __init__(self, endpoint: Endpoint, *, cursors_stay: bool = False) -> None:
        """Begin a list; with `cursors_stay`, all its pages are asked for by one and the same cursor."""
        self._endpoint = endpoint
        self._cursors: set[str] | None = None if cursors_stay else set()
        self._ids: set[str] = set()
        self._pages = self._records = self._empty = 0

    def seen(self, ids: Iterable[str], following: str | None, total: int | None = None) -> None:
        """Take note of a page.

        Args:
            ids: of the records in it.
            following: what the next page is asked for by; None on the last one.
            total: how many records the list has, where the page says it.

        Raises:
            ListWithoutEndError: there is a next page, and it would not bring anything that the list can have.
        """
        page = list(ids)
        self._pages += 1
        self._records += len(page)
        self._empty = 0 if page else self._empty + 1
        if following is None:
            return
        why = self._why_not(page, following, total)
        if why is not None:
            raise ListWithoutEndError(self._endpoint, why)
        if self._cursors is not None:
            self._cursors.add(following)
        self._ids = set(page)

    def _why_not(self, page: list[str], following: str, total: int | None) -> str | None:
        if self._cursors is not None and following in self._cursors:
            return "a cursor came twice"
        if page and self._ids >= set(page):
            return "a page repeats the one before"
        # A page more than the total is borne with: records are made and deleted while a list is read.
        if total is not None and self._records > total + LARGEST_PAGE:
            return f"of {total} records {self._records} have come, and there is a next page"
        if self._empty > MOST_EMPTY:
            return f"{self._empty} pages in a row are empty"
        if self._pages >= MOST_PAGES:
            return f"there are more than {MOST_PAGES} pages"
        return None
