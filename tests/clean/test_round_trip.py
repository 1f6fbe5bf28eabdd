"""From the customer's file to rejects/<object>.csv and, corrected, back again: through the real landing."""

import pytest
import yaml

from migration_assets.clean.objects import clean_object
from migration_assets.clean.reconcile import account_for
from migration_assets.clean.rejects import write_rejects
from migration_assets.itco.drop import open_drop
from migration_assets.itco.extract import land_extract
from migration_assets.itco.land import land_object
from resources.warehouse import Warehouse, fetch_frame

SUBJECT = '=HYPERLINK("x");\n+1 \'a\', "b"'


@pytest.fixture
def drop(tmp_path):
    folder = tmp_path / "extract"
    folder.mkdir()
    stated = {
        "source_instance": "x",
        "time_zone": "Europe/Berlin",
        "exported_at": "2024-12-31T00:00:00Z",
        "exported_by": "p",
        "row_counts": {},
    }
    (folder / "extract.yaml").write_text(yaml.safe_dump(stated), encoding="utf-8")
    quoted = '"' + SUBJECT.replace('"', '""') + '"'
    tickets = (
        "Ticket ID,Subject,Status,Customer ID,Created At,Updated At,cf_x\r\n"
        f"007,{quoted},Open,@K1,yesterday,2024-02-01,-5\r\n"
        "008,fine,Open,@K1,2024-01-01,2024-02-01,1\r\n"
    )
    (folder / "tickets.csv").write_bytes(tickets.encode())
    (folder / "messages.csv").write_bytes(
        b"message_id,ticket_id,author_id,body,created_at\r\n1,007,1,Hi,2024-01-01\r\n"
    )
    (folder / "customers.csv").write_bytes(b"customer_id,name\r\n@K1,Ann\r\n")
    return folder


def process(lab, drop, tmp_path, connection):
    mapping = lab.mapping(ignored_fields=["ticket.cf_x"])
    opened = open_drop(drop)
    land_extract(connection, opened, mapping)
    for name in ("companies", "tickets"):
        land_object(connection, opened, mapping, name)
        clean_object(connection, name, mapping)
        write_rejects(connection, name, tmp_path / "rejects")
    return fetch_frame(connection, "FROM clean.tickets ORDER BY ticket_id").to_dicts()


def test_a_corrected_row_is_what_it_was_but_for_the_correction(lab, drop, tmp_path):
    with Warehouse(database=str(tmp_path / "w.duckdb")).connect() as connection:
        assert [row["ticket_id"] for row in process(lab, drop, tmp_path, connection)] == ["008"]
        rejected = (tmp_path / "rejects" / "tickets.csv").read_bytes().decode("utf-8-sig")
        assert "\"'=HYPERLINK" in rejected
        assert '"\'@K1"' in rejected
        assert '"\'-5"' in rejected
        corrected = rejected.replace("yesterday", "2024-01-05")
        (drop / "tickets-corrected.csv").write_bytes(corrected.encode("utf-8-sig"))
        first, second = process(lab, drop, tmp_path, connection)
        assert (first["ticket_id"], first["subject"], first["customer_id"]) == ("007", SUBJECT, "@K1")
        assert first["created_at"].isoformat() == "2024-01-04T23:00:00"
        assert second["ticket_id"] == "008"
        account = account_for(connection, "tickets")
        assert account.balanced
        assert (account.landed, account.clean, account.quarantined) == (3, 2, 1)
