"""Whether every landed row of an object is in exactly one place: clean, superseded or quarantined."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from migration_assets.clean.sql import quoted
from resources.warehouse import fetch_frame, scalar

_ACCOUNT = Path(__file__).with_name("account.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Account:
    """Rows of one object. All of `landed` is accounted for when `nowhere`, `twice` and `strangers` are 0."""

    landed: int
    clean: int
    superseded: int
    quarantined: int
    nowhere: int
    twice: int
    strangers: int

    @property
    def balanced(self) -> bool:
        """Whether every landed row is in exactly one place and nothing else is in any."""
        return not (self.nowhere or self.twice or self.strangers)


def account_for(connection: duckdb.DuckDBPyConnection, object_name: str) -> Account:
    """Count where the object's landed rows are."""
    row = fetch_frame(connection, _ACCOUNT.format(object=quoted(object_name)), [object_name]).row(0, named=True)
    return Account(**{name: int(value or 0) for name, value in row.items()})


def quarantined_share(connection: duckdb.DuckDBPyConnection, object_name: str) -> tuple[int, int]:
    """Return how many rows were quarantined, while landing or cleaning, and how many the files have."""
    held = scalar(
        connection,
        "SELECT count(DISTINCT row) FROM quarantine.faults WHERE object = ? AND severity = 'row'",
        [object_name],
    )
    return held, scalar(connection, "SELECT sum(records) FROM raw.files WHERE object = ?", [object_name])
