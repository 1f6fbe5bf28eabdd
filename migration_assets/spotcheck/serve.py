"""What `make spot-check` does: reads a sample from both sides, then serves the page until Ctrl-C."""

import socket
import sys
from datetime import UTC, datetime

import dagster as dg
import uvicorn
from pydantic import ValidationError

from migration_assets.handoff.spot_book import SpotBook, write_book
from migration_assets.spotcheck.app import SpotCheckPages, create_app, new_token
from migration_assets.spotcheck.read import NothingToCheckError, read_both
from resources.intercom.errors import IntercomError
from resources.wording import counted
from schemas.settings import Settings, wrong_settings


def serve(settings: Settings) -> int:
    """Read, say where the page is, and serve it; 0, or 1 with a sentence when there is nothing to check."""
    try:
        book, pairs = read_both(settings)
    except ValidationError as error:
        print(wrong_settings(error), file=sys.stderr)
        return 1
    except (NothingToCheckError, IntercomError, dg.Failure) as error:
        print(error.description if isinstance(error, dg.Failure) else error, file=sys.stderr)
        return 1
    write_book(settings.state, book)
    token = new_token()
    pages = SpotCheckPages(settings.state, book, pairs, datetime.now(UTC), token)
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/?token={token}"
        print(f"{_so_far(book)} The spot check: {address}", flush=True)
        print("Ctrl-C ends it; what was ticked is kept, and the next time it goes on from there.", flush=True)
        config = uvicorn.Config(create_app(pages), log_level="warning", access_log=False, lifespan="off")
        try:
            uvicorn.Server(config).run(sockets=[listener])
        except KeyboardInterrupt:
            return 0
    return 0


def _so_far(book: SpotBook) -> str:
    summary = book.summary()
    return f"{counted(summary.sampled, 'conversation')}, {summary.checked} of them checked."
