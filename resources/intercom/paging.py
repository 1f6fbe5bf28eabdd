"""Lists and searches that come in pages: asked for one by one, as they are needed."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from resources.intercom.endpoints import Endpoint
from resources.intercom.http import Connection, unreadable
from resources.intercom.list_end import LARGEST_PAGE, ListEnd, ListWithoutEndError
from schemas.intercom import Answer

Model = TypeVar("Model", bound=Answer)


@dataclass(frozen=True)
class Page(Generic[Model]):
    """One page of a list or a search: iterate it, or take `items`."""

    items: list[Model] = field(default_factory=list)
    total: int | None = None
    next: str | None = None
    """The cursor of the next page; None on the last one."""

    def __iter__(self) -> Iterator[Model]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def next_cursor(answer: Mapping[str, Any]) -> str | None:
    """Return the cursor of the page after this one; None when there is none.

    A next page that is named by an address is never asked for there: the token goes to one host.
    """
    pages = answer.get("pages")
    following = pages.get("next") if isinstance(pages, Mapping) else None
    cursor = following.get("starting_after") if isinstance(following, Mapping) else None
    return str(cursor) if cursor else None


def items_of(model: type[Model], endpoint: Endpoint, answer: Mapping[str, Any], key: str) -> list[Model]:
    """Return the records that a list's answer holds under `key`.

    Raises:
        IntercomError: one of them lacks what every record has.
    """
    try:
        return TypeAdapter(list[model]).validate_python(answer[key])  # type: ignore[valid-type]
    except ValidationError:
        pass
    raise unreadable(endpoint)


async def search_pages(
    connection: Connection, model: type[Model], endpoint: Endpoint, key: str, query: Mapping[str, Any], per_page: int
) -> AsyncIterator[Page[Model]]:
    """Yield the pages of a search; its cursor travels in the body (in the query Intercom ignores it)."""
    pagination: dict[str, Any] = {"per_page": min(per_page, LARGEST_PAGE)}
    end = ListEnd(endpoint)
    while True:
        answer = await connection.call(endpoint, body={"query": dict(query), "pagination": pagination})
        page = _page(model, endpoint, answer, key, end)
        yield page
        if page.next is None:
            return
        pagination = {**pagination, "starting_after": page.next}


async def list_pages(
    connection: Connection, model: type[Model], endpoint: Endpoint, key: str, per_page: int
) -> AsyncIterator[Page[Model]]:
    """Yield the pages of a list; its cursor travels in the query."""
    params: dict[str, str | int] = {"per_page": min(per_page, LARGEST_PAGE)}
    end = ListEnd(endpoint)
    while True:
        page = _page(model, endpoint, await connection.call(endpoint, params=params), key, end)
        yield page
        if page.next is None:
            return
        params["starting_after"] = page.next


async def numbered_pages(
    connection: Connection, model: type[Model], endpoint: Endpoint, ids: Mapping[str, str]
) -> AsyncIterator[Page[Model]]:
    """Yield the pages of a list that has no cursors: they are asked for by their number, all but the first.

    Intercom's description answers with `pages`, but declares no parameter by which one of them is asked for.
    """
    number = 1
    end = ListEnd(endpoint)
    while True:
        answer = await connection.call(endpoint, ids=ids, params={"page": number} if number > 1 else {})
        page = Page(items_of(model, endpoint, answer, "data"), total_of(answer))
        pages = answer.get("pages")
        number += 1
        more = isinstance(pages, Mapping) and bool(pages.get("next"))
        end.seen(_ids(page), str(number) if more else None, page.total)
        yield page
        if not more:
            return


def total_of(answer: Mapping[str, Any]) -> int | None:
    """Return how many records a list has, where its page says it."""
    total = answer.get("total_count")
    return total if isinstance(total, int) else None


def _page(model: type[Model], endpoint: Endpoint, answer: Mapping[str, Any], key: str, end: ListEnd) -> Page[Model]:
    page = Page(items_of(model, endpoint, answer, key), total_of(answer), next_cursor(answer))
    pages = answer.get("pages")
    if page.next is None and isinstance(pages, Mapping) and isinstance(pages.get("next"), str) and pages["next"]:
        # Taken for the last page, the list would be cut off without a word.
        raise ListWithoutEndError(endpoint, "the next page is named by an address instead of a cursor")
    end.seen(_ids(page), page.next, page.total)
    return page


def _ids(page: Page[Model]) -> list[str]:
    return [str(getattr(item, "id", position)) for position, item in enumerate(page)]
