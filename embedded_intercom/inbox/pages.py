"""The pages: each reads the state at one instant and fills its template."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from embedded_intercom.inbox import attachments, filters, finding, listing, pagination, people_views
from embedded_intercom.inbox import thread as threads
from embedded_intercom.inbox.filters import Filters
from embedded_intercom.inbox.reading import StateReader, reading
from embedded_intercom.inbox.templating import address, fill

Work = Callable[[StateReader, Request], Response]


class Pages:
    """The handlers; Starlette runs them in threads, so that no API call waits for a page."""

    def __init__(self, file: Path, known_by: tuple[str, ...] = ()) -> None:
        """Read from the state file of a running workspace; `known_by`: attributes that people know a ticket by."""
        self._file, self._known_by = file, known_by

    def handler(self, work: Work) -> Callable[[Request], Response]:
        """Return a handler that gives `work` a view of the state."""

        def handle(request: Request) -> Response:
            with reading(self._file, self._known_by) as reader:
                return work(reader, request)

        return handle

    def error(self, request: Request, status: int, heading: str, text: str) -> Response:
        """Return a page that says what is wrong, with the way back."""
        with reading(self._file, self._known_by) as reader:
            return page(reader, request, "error", status, heading=heading, text=text)


def root(request: Request) -> str:
    """Return the path at and below which this workspace's pages are."""
    return str(request.app.state.root)


def page(reader: StateReader, request: Request, template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401
    """Fill a template, with what stands on every page."""
    about = json.loads(reader.scalar("SELECT value FROM meta WHERE key='workspace'"))
    frame = {
        "root": root(request),
        "workspace": about["name"],
        "notifications": reader.scalar("SELECT count(*) FROM notifications"),
        "q": request.query_params.get("q", ""),
        "place": request.url.path,
        "known_by": reader.known_by,
    }
    return HTMLResponse(fill(template, **{**frame, **values}), status)


def conversations(reader: StateReader, request: Request) -> Response:
    """The list of conversations, narrowed down by the filters in the address."""
    wanted = filters.read(request.query_params)
    found = listing.listing(reader, wanted, pagination.asked(request.query_params, len(listing.KEY)))
    return page(
        reader,
        request,
        "list",
        wanted=wanted,
        found=found,
        counts=listing.counts(reader, wanted),
        choices=_choices(reader),
        here=lambda **more: address(root(request), **{**wanted.query(), **more}),
    )


def _key(request: Request) -> int:
    """Return the number in the address; 404 for one that no record can have."""
    key = int(request.path_params["key"])
    if key >= 2**63:
        raise HTTPException(404)
    return key


def _choices(reader: StateReader) -> dict[str, list[Any]]:
    return {
        "ticket_state": reader.all("SELECT id, internal_label AS name FROM ticket_states ORDER BY id"),
        "assignee": reader.all("SELECT id, name FROM admins ORDER BY name COLLATE NOCASE"),
        "team": reader.all("SELECT id, name FROM teams ORDER BY name COLLATE NOCASE"),
        "tag": reader.all("SELECT id, name FROM tags ORDER BY folded"),
    }


def thread(reader: StateReader, request: Request) -> Response:
    """One conversation or ticket."""
    place = pagination.asked(request.query_params, 2)
    found = threads.thread(reader, _key(request), place)
    if found is None:
        raise HTTPException(404)
    return page(reader, request, "thread", thread=found, paged=place is not None, others_shown=threads.OTHERS)


def contacts(reader: StateReader, request: Request) -> Response:
    """The list of contacts, or those of one company."""
    key = request.query_params.get("company") or None
    firm = people_views.company(reader, key) if key else None
    if key and firm is None:
        raise HTTPException(404)
    found = people_views.contacts(reader, pagination.asked(request.query_params, 1), key)
    total = firm.row["user_count"] if firm else reader.scalar("SELECT count(*) FROM contacts")
    return page(
        reader,
        request,
        "contacts",
        found=found,
        company=firm,
        total=total,
        here=lambda **more: address(request.url.path, company=key, **more),
    )


def contact(reader: StateReader, request: Request) -> Response:
    """One contact with its conversations."""
    found = people_views.person(reader, request.path_params["key"])
    if found is None:
        raise HTTPException(404)
    wanted = Filters(contacts=(found.row["id"],))
    return page(reader, request, "contact", contact=found, **_conversations_of(reader, request, wanted))


def companies(reader: StateReader, request: Request) -> Response:
    """The list of companies."""
    found = people_views.companies(reader, pagination.asked(request.query_params, 1))
    total = reader.scalar("SELECT count(*) FROM companies")
    return page(
        reader,
        request,
        "companies",
        found=found,
        total=total,
        here=lambda **more: address(request.url.path, **more),
    )


def company(reader: StateReader, request: Request) -> Response:
    """One company with its contacts and conversations."""
    found = people_views.company(reader, request.path_params["key"])
    if found is None:
        raise HTTPException(404)
    some = people_views.contacts(reader, None, found.row["id"], per_page=12)
    wanted = Filters(company=found.row["id"])
    return page(reader, request, "company", company=found, some=some, **_conversations_of(reader, request, wanted))


def _conversations_of(reader: StateReader, request: Request, wanted: Filters) -> dict[str, Any]:
    found = listing.listing(reader, wanted, pagination.asked(request.query_params, len(listing.KEY)))
    whole = found.page.older is None and found.page.newer is None
    return {
        "found": found,
        "total": len(found.lines) if whole else listing.total(reader, wanted),
        "here": lambda **more: address(request.url.path, **more),
    }


def search(reader: StateReader, request: Request) -> Response:
    """What the search box finds; a number that people know leads straight to its thread."""
    text = finding.tidy(request.query_params.get("q", ""))
    if not text:
        return RedirectResponse(root(request), 303)
    exact = finding.tickets(reader, text)
    if len(exact) == 1:
        return RedirectResponse(f"{root(request)}/conversations/{exact[0]}", 303)
    result = finding.find(reader, text)
    wanted = Filters(ids=tuple(exact)) if exact else result.conversations
    values = _conversations_of(reader, request, wanted)
    values["here"] = lambda **more: address(request.url.path, q=text, **more)
    return page(reader, request, "search", text=text, result=result, **values)


def notifications(reader: StateReader, request: Request) -> Response:
    """Every kind of notification that Intercom would have sent, and how many."""
    rows = reader.all(
        "SELECT audience, cause, basis, client, count(*) AS count, max(thread_id) AS thread_id FROM notifications "
        "GROUP BY audience, cause, basis, client ORDER BY audience, count DESC, cause"
    )
    audiences = {row["audience"]: 0 for row in rows}
    for row in rows:
        audiences[row["audience"]] += row["count"]
    return page(reader, request, "notifications", rows=rows, audiences=audiences)


def attachment(reader: StateReader, request: Request) -> Response:
    """The bytes of a file that the workspace keeps."""
    row = reader.one("SELECT * FROM attachments WHERE id=?", _key(request))
    if row is None:
        raise HTTPException(404)
    return attachments.download(row["name"], row["content_type"], row["data"])
