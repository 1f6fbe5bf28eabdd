"""Which column of ours a header means that no rule knows: told by its words and by what stands below it.

Pure: a column's values as text in, a guess with its reason out. A guess is only ever offered to a person.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from migration_assets.ground.column_name import normalise
from schemas.source import HEADER_WORDS, OBJECTS, SOURCE
from schemas.source_objects import Column, SourceObject

_LIKELY = 0.85
"""How much of 2 a guess must come to, the half of it by content and the half by words."""

_FITS = 0.5
"""How well content must fit a column, 0 to 1, where the header says nothing."""
_SOMEBODYS = 0.4
"""From how like another column's name a header is not one that says nothing."""

_REFERS = {"author_id": ("customers", "agents"), "merged_into_ticket_id": ("tickets",), "parent_team_id": ("teams",)}
_REFERS |= {"author_agent_id": ("agents",)}
_KEYS = {item.key[0]: name for name, item in OBJECTS.items() if len(item.key) == 1}

_EMAIL = r"^\s*<?[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+>?\s*$"
_TIME = r"^\s*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|1\d{9}(\d{3})?\s*$)"
_NUMBER = r"^\s*[-+]?\d[\d.,' ]*\s*$"
_PHONE = r"^\s*[+(]?\d[-\d ()/.]{5,}\s*$"
_HTML = r"(?i)<(p|br|div|span|html|table|a|b|ul)\b[^>]*>"


@dataclass(frozen=True)
class Looks:
    """What the values of a column look like; shares are of the filled ones, `joins` by whose keys they are."""

    filled: int
    distinct: int
    rows: int
    length: float
    spaced: float
    html: float
    email: float
    time: float
    number: float
    phone: float
    joins: Mapping[str, float]

    @property
    def is_text(self) -> bool:
        """Whether the values are words rather than an address, a time or a number."""
        return max(self.email, self.time, self.number, self.phone) < 0.5


@dataclass(frozen=True)
class Guess:
    """The column that a header most likely means, and why, as a clause."""

    column: str
    why: str
    weight: float


Fit = tuple[float, str]
_NO: Fit = (0.0, "")


def profile(values: pl.Series, joins: Mapping[str, float] | None = None) -> Looks:
    """Look at the values of a column."""
    filled = values.drop_nulls().cast(pl.String)
    filled = filled.filter(filled.str.contains(r"\S"))
    count = len(filled)

    def share(pattern: str) -> float:
        return float(filled.str.contains(pattern).mean() or 0.0) if count else 0.0  # type: ignore[arg-type]

    length = float(filled.str.len_chars().mean() or 0.0) if count else 0.0  # type: ignore[arg-type]
    time = share(_TIME)
    return Looks(
        filled=count,
        distinct=filled.n_unique(),
        rows=len(values),
        length=length,
        spaced=share(r"\S\s+\S"),
        html=share(_HTML),
        email=share(_EMAIL),
        time=time,
        number=share(_NUMBER),
        phone=share(_PHONE) if time < 0.5 else 0.0,
        joins=joins or {},
    )


def guess(header: str, found: Looks, free: Iterable[Column], item: SourceObject) -> Guess | None:
    """Return the likeliest of the `free` columns for a header, or None where nothing speaks for one.

    What the content speaks against is never offered, however alike the names are.
    """
    best: Guess | None = None
    for column in free:
        weight, why = fits(column, found, item)
        named = _likeness(header, column.name)
        total = weight + named
        if not weight or total < _LIKELY or (best is not None and total <= best.weight):
            continue
        reason = why or f"the name is like {column.name}"
        best = Guess(column.name, reason, total)
    return best


def by_content(header: str, found: Looks, free: Iterable[Column], item: SourceObject) -> str | None:
    """Return which of the `free` columns values fit best whose header is like none; None where they fit none well.

    One id looks like another: of a header that is like another column's the content says too little.
    """
    meant = list(free)
    others = max(_likeness(header, column.name) for column in item.columns if column not in meant)
    fitting = [(fits(one, found, item)[0], one) for one in meant if (one.name,) == item.key or others < _SOMEBODYS]
    weight, column = max(fitting, key=lambda one: one[0], default=(0.0, None))
    return column.name if column and found.filled and weight >= _FITS else None


def fits(column: Column, found: Looks, item: SourceObject) -> Fit:
    """Say how well values fit a column, 0 to 1, and why; 0 where they speak against it."""
    if not found.filled:
        return 0.3, ""
    if column.kind == "id":
        return _as_id(column, found, item)
    fit = _BY_KIND.get(column.kind)
    return fit(found) if fit else _NO


def _as_id(column: Column, found: Looks, item: SourceObject) -> Fit:
    if found.spaced > 0.05 or found.length > 40 or max(found.email, found.time) > 0.5:
        return _NO
    if item.key == (column.name,):
        whole = found.distinct == found.filled == found.rows
        return (0.8, f"each of its {found.filled:,} values stands once") if whole else _NO
    targets = _REFERS.get(column.name) or ((_KEYS[column.name],) if column.name in _KEYS else ())
    known = {name: found.joins[name] for name in targets if name in found.joins}
    if not known:
        return 0.5, ""
    share = sum(known.values())
    if share < 0.5:
        return _NO
    return min(share, 1.0), f"{min(share, 1.0):.0%} of its values are ids of {' or '.join(known)}"


def _as_long_text(found: Looks) -> Fit:
    if not found.is_text:
        return _NO
    weight = min(1.0, max(found.html, found.length / 60 if found.spaced > 0.3 else 0.0))
    return weight, f"its values are texts of {found.length:,.0f} characters on average"


def _as_choice(found: Looks) -> Fit:
    few = found.distinct <= max(2, min(20, found.filled // 2))
    if not few or found.length > 30 or not found.is_text:
        return _NO
    return 0.6, f"it has {found.distinct} different values"


def _as_text(found: Looks) -> Fit:
    return (0.45, "") if found.is_text and found.length < 200 and found.html < 0.2 else _NO


def _when(share: Callable[[Looks], float], why: str, weight: float = 1.0) -> Callable[[Looks], Fit]:
    return lambda found: (weight, why) if share(found) >= 0.8 else _NO


_BY_KIND: dict[str, Callable[[Looks], Fit]] = {
    "html": _as_long_text,
    "choice": _as_choice,
    "text": _as_text,
    "list": lambda found: (0.45, "") if found.is_text and found.length < 200 else _NO,
    "email": _when(lambda found: found.email, "its values are e-mail addresses"),
    "email_list": _when(lambda found: found.email, "its values are e-mail addresses", 0.7),
    "timestamp": _when(lambda found: found.time, "its values are times"),
    "phone": _when(lambda found: found.phone, "its values are like phone numbers", 0.7),
    "integer": _when(lambda found: found.number, "its values are numbers", 0.6),
    "boolean": lambda found: (0.6, "") if found.distinct <= 3 and found.length <= 6 else _NO,
    "domain": lambda found: (0.5, "") if found.is_text and found.spaced < 0.1 else _NO,
    "url": lambda found: (0.5, "") if found.is_text and found.spaced < 0.1 else _NO,
}


def _likeness(header: str, column: str) -> float:
    """Return how alike a header and a column's name are, 0 to 1: by their letters, or by a word of another program."""
    name = normalise(header)
    letters = difflib.SequenceMatcher(None, name.replace("_", ""), column.replace("_", "")).ratio()
    meant = {*HEADER_WORDS.get(column, "").split(), *column.split("_")} - {"id", "at", SOURCE.lower()}
    meant |= {"id"} if column == "message_id" else set()
    known = [word for word in name.split("_") if word in meant]
    return max(letters if letters >= 0.5 else 0.0, 0.9 * len(known) / max(name.count("_") + 1, 1))
