"""Keeps what Intercom shows in `observed.shown`, in batches, while it is read; records of others are left out.

A record may be read several times: while its search lags, and once more when it differs. The latest reading counts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from migration_assets.verified.fields import shown
from migration_assets.verified.fields.shown import FieldRow, Labels
from resources.warehouse import Warehouse, insert_frame
from schemas.intercom import Answer, Company, Contact, Conversation, DataAttribute, Tag, Ticket, TicketType

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


@dataclass
class Recorder:
    """Takes Intercom's answers and writes those of our records into the warehouse.

    Attributes:
        warehouse: where they are kept.
        ours: Intercom's ids of the records that are to be compared, by source; one that is not named is kept whole.
        labels: the labels of the ticket type's options.
        read: how many of our records were read, each counted once, by source.
    """

    warehouse: Warehouse
    ours: Mapping[str, frozenset[str]]
    labels: Labels = field(default_factory=dict)
    read: dict[str, set[str]] = field(default_factory=dict)
    _reading: int = 0
    _rows: list[tuple[str, str, int, str, str, str, str | None]] = field(default_factory=list)
    _readings: list[tuple[str, str, int]] = field(default_factory=list)

    def start(self) -> None:
        """Forget what was shown before."""
        with self.warehouse.connect() as connection:
            connection.execute(START)

    def take(self, answers: Iterable[Answer]) -> None:
        """Keep what a page of answers shows of our records."""
        self._reading += 1
        for answer in answers:
            source, owner = source_of(answer)
            if source in self.ours and owner not in self.ours[source]:
                continue
            self.read.setdefault(source, set()).add(owner)
            self._readings.append((source, owner, self._reading))
            rows = rows_of(answer, self.labels)
            self._rows += [(source, owner, self._reading, *row) for row in rows]
        if len(self._rows) >= ROWS:
            self.flush()

    def take_absent(self, source: str, owner: str) -> None:
        """Note that a record of ours is not in Intercom any more, whatever was shown of it before."""
        self._reading += 1
        self.read.setdefault(source, set()).add(owner)
        self._readings.append((source, owner, self._reading))

    def take_links(self, contact_id: str, companies: Iterable[Company]) -> None:
        """Keep all companies of a contact, of which it shows ten itself."""
        self._reading += 1
        self._readings.append(("contact_companies", contact_id, self._reading))
        rows = shown.link_rows(contact_id, companies)
        self._rows += [("contact_companies", contact_id, self._reading, *row) for row in rows]

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


def source_of(answer: Answer) -> tuple[str, str]:
    """Return which kind of answer it is, and the id of the record that it is about."""
    kinds: Sequence[tuple[type[Answer], str]] = (
        (Contact, "contact"), (Company, "company"), (Ticket, "ticket"), (Conversation, "conversation"), (Tag, "tag"),
        (DataAttribute, "attribute"), (TicketType, "ticket_type"),
    )  # fmt: skip
    for kind, source in kinds:
        if isinstance(answer, kind):
            name = answer.name if isinstance(answer, DataAttribute) else None
            return source, str(getattr(answer, "id", None) or name)
    raise TypeError(f"{type(answer).__name__} is nothing that is compared")


def rows_of(answer: Answer, labels: Labels) -> Iterator[FieldRow]:
    """Yield the fields that an answer shows."""
    if isinstance(answer, Ticket):
        yield from shown.ticket_rows(answer, labels)
    elif isinstance(answer, Conversation):
        yield from shown.conversation_rows(answer)
    elif isinstance(answer, Contact):
        yield from shown.contact_rows(answer)
    elif isinstance(answer, Company):
        yield from shown.company_rows(answer)
    elif isinstance(answer, Tag):
        yield from shown.tag_rows(answer)
    elif isinstance(answer, TicketType):
        yield from shown.ticket_type_rows(answer)
    elif isinstance(answer, DataAttribute):
        yield from shown.data_attribute_rows(answer, str(answer.model))
