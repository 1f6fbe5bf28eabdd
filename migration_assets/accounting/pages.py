"""Making a page: a template with the style sheet in it, which opens without a network and can do nothing.

There is no script, and the page's own content security policy forbids loading anything. Every value is escaped.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel

from migration_assets.accounting.nouns import noun
from resources.durable import write_whole
from resources.wording import counted, duration, number
from schemas.source import MARKER_WORDS, SOURCE

HERE = Path(__file__).parent
Shown = TypeVar("Shown", bound=BaseModel)
SHOWN = 100
"""Rows of a list that a page shows; what is beyond is counted and named."""


def fill(template: Path, given: Mapping[str, Any]) -> str:
    """Return the page of a template, which may extend those beside this module."""
    environment, css, css_hash = _prepared(template.parent)
    return environment.get_template(template.name).render(given, css=css, css_hash=css_hash)


def write_page(path: Path, page: str, shown: BaseModel) -> None:
    """Write a page, and beside it what it shows as JSON, the page first: whoever finds the JSON has both."""
    write_whole(path, page)
    content = json.dumps(shown.model_dump(mode="json"), indent=2, ensure_ascii=False)
    write_whole(path.with_suffix(".json"), content + "\n")


def read_shown(path: Path, kind: type[Shown]) -> Shown | None:
    """Return what the page that was written last shows, or None where there is none."""
    kept = path.with_suffix(".json")
    return kind.model_validate_json(kept.read_text(encoding="utf-8")) if kept.exists() else None


@lru_cache
def _prepared(folder: Path) -> tuple[Environment, str, str]:
    environment = Environment(
        loader=FileSystemLoader([folder, HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": number,
        "duration": duration,
        "noun": noun,
        "moment": moment,
        "size": size,
    }
    environment.globals |= {"counted": counted, "shown": SHOWN, "source_label": SOURCE, "marker_words": MARKER_WORDS}
    css = (HERE / "report.css").read_text(encoding="utf-8")
    return environment, css, base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()


def moment(value: datetime) -> str:
    """Return a time in UTC: 20 November 2026, 09:13 UTC; one without a zone is in UTC already."""
    there = value.astimezone(UTC) if value.tzinfo else value
    return f"{there.day} {there:%B %Y, %H:%M} UTC"


def size(value: int | None) -> str:
    """Return bytes as people read them: 12 B, 4.2 kB, 3.1 MB."""
    amount = float(value or 0)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"
