"""The page of the spot check as an ASGI application: a list, a page per conversation, and the tick that is kept."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from migration_assets.accounting.pages import moment
from migration_assets.handoff.spot_book import Mark, SpotBook, write_book
from migration_assets.handoff.write import issue, read_certificate
from migration_assets.spotcheck.sides import Pair, shown
from resources.local_pages import Door, Guard, brings_form_token, form_token, secret_path
from resources.wording import counted

NAME = "spot-check"
"""What the pages' path begins with."""
HERE = Path(__file__).parent
CSS = (HERE.parent / "accounting" / "report.css").read_text(encoding="utf-8") + (HERE / "page.css").read_text("utf-8")
LONGEST_REMARK, LONGEST_NAME, LONGEST_FORM = 2_000, 100, 20_000


class SpotCheckPages:
    """The sample, both sides of each conversation, and the book that what a person says goes into."""

    def __init__(self, folder: Path, book: SpotBook, pairs: Mapping[str, Pair], read_at: datetime, token: str) -> None:
        self._folder, self._book, self._pairs = folder, book, pairs
        self.token, self.root = token, secret_path(token, NAME)
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {"moment": moment, "shown": shown}
        style = f"{self.root}/page.css?v={hashlib.sha256(CSS.encode()).hexdigest()[:12]}"
        self._templates.globals |= {
            "root": self.root,
            "style": style,
            "counted": counted,
            "book": book,
            "read_at": read_at,
        }
        self._templates.globals |= {"form_token": form_token(token)}

    def overview(self, request: Request) -> Response:  # noqa: ARG002 - Starlette's signature
        """List the sample, with what was said of each so far."""
        return self._page("overview", summary=self._book.summary())

    def pair(self, request: Request) -> Response:
        """Show one conversation, both sides."""
        return self._pair(request.path_params["key"])

    async def save(self, request: Request) -> Response:
        """Keep what a person says of one conversation, at once, and go on to the next that nobody has looked at."""
        key = request.path_params["key"]
        self._require(key)
        body = await request.body()
        given = {name: values[0].strip() for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
        if not brings_form_token(given.get("form_token", ""), self.token):
            raise HTTPException(403, "This form is not of this page: open the page anew.")
        name, remark = given.get("by", "")[:LONGEST_NAME], given.get("remark", "")[:LONGEST_REMARK]
        ok = "ok" in given
        fault = None if name else "Say who you are: the certificate names who checked."
        if not ok and not remark:
            fault = fault or "Say in the remark what is not as it should be, or tick the box."
        if fault:
            return self._pair(key, fault=fault, given={"by": name, "remark": remark, "ok": ok}, status=422)
        self._book.marks[key] = Mark(ok=ok, remark=remark, by=name, at=datetime.now(UTC))
        write_book(self._folder, self._book)
        certify(self._folder)
        following = self._next(key)
        return RedirectResponse(f"{self.root}/{quote(following)}" if following else self.root, 303)

    def _pair(
        self, key: str, fault: str | None = None, given: Mapping[str, Any] | None = None, status: int = 200
    ) -> Response:
        self._require(key)
        keys = [item.key for item in self._book.sample]
        place = keys.index(key)
        mark = self._book.marks.get(key)
        filled = given or {
            "by": mark.by if mark else self._last_name(),
            "remark": mark.remark if mark else "",
            "ok": mark.ok if mark else False,
        }
        return self._page(
            "pair",
            status,
            item=self._book.sample[place],
            pair=self._pairs[key],
            place=place + 1,
            before=keys[place - 1] if place else None,
            after=keys[place + 1] if place + 1 < len(keys) else None,
            mark=mark,
            given=filled,
            fault=fault,
        )

    def _require(self, key: str) -> None:
        if key not in self._pairs:
            raise HTTPException(404)

    def _last_name(self) -> str:
        last = max(self._book.marks.values(), key=lambda mark: mark.at, default=None)
        return last.by if last else ""

    def _next(self, key: str) -> str | None:
        keys = [item.key for item in self._book.sample]
        place = keys.index(key)
        left = [other for other in keys[place + 1 :] + keys[:place] if other not in self._book.marks]
        return left[0] if left else None

    def _page(self, template: str, status: int = 200, **given: Any) -> Response:  # noqa: ANN401 - what it shows
        return HTMLResponse(self._templates.get_template(f"{template}.html.jinja").render(given), status)


def certify(folder: Path) -> None:
    """Bring the certificate up to what the book says now, where there is one."""
    certificate = read_certificate(folder)
    if certificate is not None:
        issue(folder, certificate)


def create_app(pages: SpotCheckPages) -> ASGIApp:
    """Return the application, whose pages are below a path that nobody can guess."""
    routes = [
        Route(f"{pages.root}/page.css", lambda _request: Response(CSS, media_type="text/css")),
        Route(pages.root, pages.overview),
        Route(f"{pages.root}/{{key:path}}", pages.pair, methods=["GET"]),
        Route(f"{pages.root}/{{key:path}}", pages.save, methods=["POST"]),
    ]
    door = Door(pages.token, _entrance, NAME, longest_body=LONGEST_FORM)
    return Guard(Starlette(routes=routes), door)


def _entrance() -> Response:
    return HTMLResponse(
        "<!doctype html><title>Spot check</title><p>Open the address that make spot-check printed.", 401
    )


def new_token() -> str:
    """Return a token for the address; it is good for as long as the page is served."""
    return secrets.token_urlsafe(24)
