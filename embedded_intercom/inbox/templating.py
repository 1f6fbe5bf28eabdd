"""The templates: Jinja2 with everything escaped, and the few filters that the pages need."""

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from embedded_intercom.inbox import attachments, body_display, people_views, values
from embedded_intercom.inbox.access import STYLE
from embedded_intercom.inbox.filters import STATES
from embedded_intercom.inbox.wording import counted, number

HERE = Path(__file__).parent
CSS = (HERE / "inbox.css").read_text(encoding="utf-8")


def address(path: str, **query: Any) -> str:  # noqa: ANN401 - anything with a text form
    """Return an address on the page; what is None is left out of its query."""
    given = {name: value for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": number,
        "iso": values.iso,
        "day": values.day,
        "minute": values.minute,
        "second": values.second,
        "size": values.size,
        "first_words": values.first_words,
        "name_of": people_views.name_of,
        "unjson": json.loads,
        "display": body_display.display,
        "attachments": attachments.shown,
    }
    environment.globals |= {
        # The style's hash is in its address, so that a browser never shows a page with an older style.
        "style": address(STYLE, v=hashlib.sha256(CSS.encode()).hexdigest()[:12]),
        "address": address,
        "counted": counted,
        "states": STATES,
    }
    return environment


_ENVIRONMENT = _environment()


def fill(template: str, **given: Any) -> str:  # noqa: ANN401 - whatever the template shows
    """Return a page."""
    return _ENVIRONMENT.get_template(f"{template}.html.jinja").render(**given)
