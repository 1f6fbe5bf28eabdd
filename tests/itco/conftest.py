"""Drops of a few files, a mapping, and a real DuckDB file to land them in."""

import duckdb
import pytest

from migration_assets.itco.drop import open_drop
from migration_assets.itco.land import land_object
from resources.warehouse import fetch_frame
from schemas.mapping import Mapping

NEEDED = {
    "tickets.csv": b"ticket_id,subject,status,customer_id,created_at\n",
    "messages.csv": b"message_id,ticket_id,author_id,body,created_at\n",
    "customers.csv": b"customer_id\n",
}
EXTRACT = "source_instance: demo\ntime_zone: Europe/Berlin\nexported_at: 2026-11-02T08:30:00\nexported_by: P. Nowak\n"


@pytest.fixture(scope="session")
def make_mapping():
    def make(**parts):
        return Mapping.model_validate(
            {
                "version": 1,
                "statuses": {},
                "priorities": {},
                "message_kinds": {},
                "author_types": {},
                "settings": {"migration_admin": "a@example.com", "snoozed_until": "2036-01-01T09:00:00Z"},
                **parts,
            }
        )

    return make


@pytest.fixture
def make_drop(tmp_path):
    def make(files, extract=EXTRACT):
        folder = tmp_path / "drop"
        folder.mkdir(exist_ok=True)
        for name, content in {**NEEDED, **files}.items():
            if content is not None:
                (folder / name).write_bytes(content)
        if extract is not None:
            (folder / "extract.yaml").write_text(extract)
        return folder

    return make


@pytest.fixture
def connection(tmp_path):
    with duckdb.connect(tmp_path / "warehouse.duckdb") as opened:
        yield opened


class Landed:
    """What landing one object left in the warehouse."""

    def __init__(self, connection, counts):
        self._connection, self.counts, self.name = connection, counts, counts.object

    @property
    def rows(self):
        return fetch_frame(self._connection, f'FROM raw."{self.name}" ORDER BY _row')

    @property
    def faults(self):
        query = """SELECT line, "row", rule, raw FROM quarantine.faults WHERE object = ? ORDER BY "row" """
        return fetch_frame(self._connection, query, [self.name]).rows()

    @property
    def files(self):
        return fetch_frame(self._connection, "FROM raw.files WHERE object = ? ORDER BY part", [self.name]).to_dicts()

    @property
    def codes(self):
        query = "SELECT code FROM raw.findings WHERE object = ? ORDER BY code"
        return fetch_frame(self._connection, query, [self.name])["code"].to_list()


@pytest.fixture
def land(make_drop, make_mapping, connection):
    """Land files of one object: `land("tags", {"tags.csv": b"..."}, chunk=…, extract=…, headers=…)`."""

    def run(name, drop_files, *, extract=EXTRACT, chunk=1 << 23, **mapping):
        drop = open_drop(make_drop(drop_files, extract))
        return Landed(connection, land_object(connection, drop, make_mapping(**mapping), name, chunk=chunk))

    return run
