"""What hypercare found, as counts, as lists by key, and as a page."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from migration_assets.accounting.certificate import write_whole
from migration_assets.accounting.pages import SHOWN, fill
from migration_assets.ground.lists import write_list
from migration_assets.objects.registry import plurals, rooms
from migration_assets.objects.tables import open_objects
from migration_assets.objects.touch_book import readings
from migration_assets.objects.touch_list import listed_touches, open_kinds
from resources.warehouse import fetch_frame, insert_frame, scalar, table_exists

HERE = Path(__file__).parent
FOLDER, PAGE = "hypercare", "index.html"

LISTS = {
    "deleted_in_intercom": "Deleted, archived or merged in Intercom",
    "edited": "Changed in Intercom, by people, apps or Intercom itself",
    "replied": "Somebody has written",
}

APPLIED = """
SELECT j.object, count(DISTINCT j.source_key) AS loaded
FROM plan.journal j SEMI JOIN plan.wanted w ON w.object = j.object AND w.source_key = j.source_key
WHERE j.intercom_id IS NOT NULL AND j.operation IN ('create', 'upsert', 'attach', 'append')
GROUP BY j.object
"""
CARRIED = """
SELECT o.name, count(*) AS loaded, count(d.itco_id) AS gone
FROM intercom_objects o
JOIN (
    SELECT DISTINCT object, source_key, unnest(string_split(confirmed_fingerprint, '|')[2:]) AS mark
    FROM plan.journal WHERE operation = 'append' AND intercom_id IS NOT NULL
) sent ON sent.object = o.carried_by
JOIN plan.files f ON f.mark = sent.mark AND f.part_key = sent.source_key
LEFT JOIN hypercare.deleted_in_intercom d ON d.object = o.carried_by AND d.itco_id = f.part_key
GROUP BY o.name
"""
"""What has no writes of its own, but comes and goes with what carries it: its fingerprint has the mark of each file."""


STANDS = {"object": pl.String, "loaded": pl.Int64, "present": pl.Int64, "deleted_in_intercom": pl.Int64}


@dataclass(frozen=True)
class Stands:
    """How one object stands: records that were loaded, that Intercom shows, and that are known to be deleted there."""

    object: str
    loaded: int
    present: int
    deleted_in_intercom: int

    @property
    def unexplained(self) -> int:
        """Records that Intercom does not show and that are not known to be deleted there."""
        return self.loaded - self.present - self.deleted_in_intercom


@dataclass(frozen=True)
class HypercareFindings:
    """All that one look found; `waiting` counts conversations whose customer waits for an answer for over a day."""

    stands: list[Stands]
    deleted_in_intercom: int
    edited: int
    replied: int
    waiting: int
    looked_at: datetime


def find(
    connection: duckdb.DuckDBPyConnection, present: dict[str, int], since: datetime | None, now: datetime
) -> HypercareFindings:
    """Write `hypercare.*` from what a look found in Intercom and return it in figures.

    Args:
        connection: the warehouse.
        present: how many records Intercom shows, by object.
        since: the cutover: what is older was there before it. None: everything counts.
        now: the moment of the look.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE in_hypercare AS SELECT ?::BIGINT AS since, ?::BIGINT AS now",
        [int(since.timestamp()) if since else 0, int(now.timestamp())],
    )
    compared = table_exists(connection, "verdict.differences")
    source = (
        "SELECT object, source_key, field, intercom_id FROM verdict.differences d "
        "WHERE reason IN ('changed_in_intercom', 'changed_since', 'answered_since') "
        "AND NOT list_contains($judged, object)"
        if compared
        else "SELECT '' AS object, '' AS source_key, '' AS field, '' AS intercom_id WHERE FALSE"
    )
    judged = {"judged": list(readings(rooms()))} if compared else None
    connection.execute(f"CREATE OR REPLACE TEMP TABLE in_differences AS {source}", judged)
    open_kinds(connection)
    findings = (HERE / "findings.sql").read_text(encoding="utf-8")
    connection.execute(findings.format(edited=listed_touches("edited_since")))
    deleted = dict(
        connection.execute("SELECT object, count(*) FROM hypercare.deleted_in_intercom GROUP BY object").fetchall()
    )
    open_objects(connection)
    loaded = dict(connection.execute(APPLIED).fetchall())
    for name, carried, gone in connection.execute(CARRIED).fetchall():
        loaded[name], deleted[name] = carried, gone
    stands = [
        Stands(name, loaded[name], present[name], deleted.get(name, 0)) for name in plurals() if name in loaded
        and name in present
    ]  # fmt: skip
    frame = pl.DataFrame([asdict(item) for item in stands], schema=STANDS)
    insert_frame(connection, "hypercare.stands", frame, create=True)
    return HypercareFindings(
        stands=stands,
        deleted_in_intercom=scalar(connection, "SELECT count(*) FROM hypercare.deleted_in_intercom"),
        edited=scalar(connection, "SELECT count(DISTINCT row(object, itco_id)) FROM hypercare.edited"),
        replied=scalar(connection, "SELECT count(*) FROM hypercare.replied"),
        waiting=scalar(connection, "SELECT count(*) FROM hypercare.replied WHERE waits"),
        looked_at=now,
    )


def write_watch(
    connection: duckdb.DuckDBPyConnection, folder: Path, found: HypercareFindings, since: datetime | None
) -> None:
    """Write the lists and the page into `folder`."""
    shown = {}
    for name in LISTS:
        write_list(connection, folder / f"{name}.csv", f"FROM hypercare.{name}")
        shown[name] = fetch_frame(connection, f"FROM hypercare.{name} LIMIT {SHOWN}").to_dicts()
    page = fill(
        HERE / "watch.html.jinja",
        {
            "found": found,
            "since": since,
            "rows": shown,
            "lists": LISTS,
            "counts": {name: getattr(found, name) for name in LISTS},
        },
    )
    write_whole(folder / PAGE, page)
