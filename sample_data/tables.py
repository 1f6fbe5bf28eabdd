"""The sample as tables in memory, small enough to be changed record by record before it is written."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sample_data.clean import attachment_path, people_rows, small_rows
from sample_data.files import attachment
from sample_data.layout import COLUMNS
from sample_data.threads import FIRST_TICKET, thread
from schemas.source import OBJECTS

Row = dict[str, str]


@dataclass
class SampleTables:
    """Rows by object and key (several columns joined with |), and the attachments' files by path.

    `copies` are older versions of records: (file, object, row).
    """

    rows: dict[str, dict[str, Row]]
    files: dict[str, bytes]
    copies: list[tuple[str, str, Row]] = field(default_factory=list)

    def put(self, name: str, row: Row) -> None:
        """Add a record; a column that is not given is empty."""
        whole = {column: row.get(column, "") for column in COLUMNS[name]}
        self.rows[name][key_of(name, whole)] = whole

    def thread(self, ticket_id: str) -> list[Row]:
        """Return the messages of a ticket, in order."""
        return [row for row in self.rows["messages"].values() if row["ticket_id"] == ticket_id]


def key_of(name: str, row: Row) -> str:
    """Return a record's key as the faults name it."""
    return "|".join(row[column] for column in OBJECTS[name].key)


def clean_sample(seed: int, tickets: int) -> SampleTables:
    """Build the sample without any mess."""
    built = [thread(seed, index, tickets) for index in range(tickets)]
    rows: dict[str, Iterable[list[str]]] = {
        **people_rows(seed, tickets),
        **small_rows(),
        "tickets": [item.ticket for item in built],
        "messages": [row for item in built for row in item.messages],
        "attachments": [row for item in built for row in item.attachments],
    }
    tables = {name: [dict(zip(COLUMNS[name], row, strict=True)) for row in rows[name]] for name in OBJECTS}
    files = {}
    for row in tables["attachments"]:
        content = attachment(row["file_name"], int(row["attachment_id"]) - FIRST_TICKET)
        files[attachment_path(list(row.values()))] = content
        row["size_bytes"] = str(len(content))
    keyed = {name: {key_of(name, row): row for row in table} for name, table in tables.items()}
    return SampleTables(keyed, files)
