"""Keeps what Intercom shows in `observed.shown`, in batches, while it is read; records of others are left out.

A record may be read several times: while its search lags, and once more when it differs. The latest reading counts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from migration_assets.objects.read_back import AnswerSource
from migration_assets.objects.registry import read_backs
from migration_assets.objects.shown import FieldRow, Show
from resources.warehouse import Warehouse, insert_frame
from schemas.intercom import Answer

ROWS = 50_000
"""Rows that are held in memory at the most, beside one page of Intercom's."""

SHOWN = {
    "source": pl.String,
    "owner": pl.String,
    "reading": pl.Int64,
    "object": pl.String,
    "intercom_id": pl.String,
    "field": pl.String,
    "value": pl.String,
}
"""`source` and `owner` say which answer it was read from, `reading` which of several."""

START = """
CREATE OR REPLACE TABLE observed.shown (source VARCHAR, owner VARCHAR, reading BIGINT, object VARCHAR,
    intercom_id VARCHAR, field VARCHAR, value VARCHAR);
CREATE OR REPLACE TABLE observed.readings (source VARCHAR, owner VARCHAR, reading BIGINT)
"""


@dataclass(frozen=True)
class AnswersKnown:
    """The kinds of answers that show anything of ours, by their models, and how."""

    sources: Mapping[type[Answer], AnswerSource]
    shows: Mapping[type[Answer], tuple[Show, ...]]

    @classmethod
    def of_registry(cls) -> "AnswersKnown":
        """Return what the rooms know of answers."""
        sources: dict[type[Answer], AnswerSource] = {}
        shows: dict[type[Answer], tuple[Show, ...]] = {}
        for read_back in read_backs().values():
            sources |= {source.model: source for source in read_back.sources}
            for model, show in read_back.shows.items():
                shows[model] = (*shows.get(model, ()), show)
        return cls(sources, shows)

    def source_of(self, answer: Answer) -> AnswerSource:
        """Return which kind of answer it is."""
        found = self.sources.get(type(answer))
        if found is None:
            raise TypeError(f"{type(answer).__name__} is nothing that is compared")
        return found

    def rows_of(self, answer: Answer, learnt: object) -> Iterator[FieldRow]:
        """Yield the fields that an answer shows."""
        for show in self.shows.get(type(answer), ()):
            yield from show(answer, learnt)


@dataclass
class Recorder:
    """Takes Intercom's answers and writes those of our records into the warehouse.

    Attributes:
        warehouse: where they are kept.
        ours: Intercom's ids of the records that are to be compared, by source; one that is not named is kept whole.
        learnt: what the answers cannot be understood without, by source.
        read: how many of our records were read, each counted once, by source.
        judge: shown every page of answers as well, to tell what others have done to the records since.
    """

    warehouse: Warehouse
    ours: Mapping[str, frozenset[str]]
    learnt: dict[str, Any] = field(default_factory=dict)
    read: dict[str, set[str]] = field(default_factory=dict)
    judge: Callable[[Sequence[Answer]], None] = lambda _answers: None
    _reading: int = 0
    _rows: list[tuple[str, str, int, str, str, str, str | None]] = field(default_factory=list)
    _readings: list[tuple[str, str, int]] = field(default_factory=list)
    _known: AnswersKnown = field(default_factory=AnswersKnown.of_registry)

    def start(self) -> None:
        """Forget what was shown before."""
        with self.warehouse.connect() as connection:
            connection.execute(START)

    def take(self, answers: Sequence[Answer]) -> None:
        """Keep what a page of answers shows of our records."""
        self._reading += 1
        self.judge(answers)
        for answer in answers:
            known = self._known.source_of(answer)
            source, owner = known.name, known.key(answer)
            if source in self.ours and owner not in self.ours[source]:
                continue
            self.read.setdefault(source, set()).add(owner)
            self._readings.append((source, owner, self._reading))
            rows = self._known.rows_of(answer, self.learnt.get(source))
            self._rows += [(source, owner, self._reading, *row) for row in rows]
        if len(self._rows) >= ROWS:
            self.flush()

    def take_absent(self, source: str, owner: str) -> None:
        """Note that a record of ours is not in Intercom any more, whatever was shown of it before."""
        self._reading += 1
        self.read.setdefault(source, set()).add(owner)
        self._readings.append((source, owner, self._reading))

    def take_rows(self, source: str, owner: str, rows: Iterable[FieldRow]) -> None:
        """Keep all rows of what an answer of ours does not show in full."""
        self._reading += 1
        self._readings.append((source, owner, self._reading))
        self._rows += [(source, owner, self._reading, *row) for row in rows]

    def unread(self, source: str) -> list[str]:
        """Return Intercom's ids of our records of a source that no answer has shown."""
        return sorted(self.ours.get(source, frozenset()) - self.read.get(source, set()))

    def flush(self) -> None:
        """Put what is held into the warehouse."""
        if not self._readings:
            return
        shown = pl.DataFrame(self._rows, schema=SHOWN, orient="row")
        names = ("source", "owner", "reading")
        readings = pl.DataFrame(self._readings, schema={name: SHOWN[name] for name in names}, orient="row")
        self._rows, self._readings = [], []
        with self.warehouse.connect() as connection:
            insert_frame(connection, "observed.shown", shown)
            insert_frame(connection, "observed.readings", readings)
