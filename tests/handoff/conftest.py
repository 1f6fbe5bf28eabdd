"""A warehouse as the other stages leave it behind, built row by row."""

import json

import polars as pl
import pytest

from migration_assets.accounting.inputs import tables
from migration_assets.accounting.sweep_tables import FIGURES
from migration_assets.ground.quarantine import prepare
from resources.warehouse import Warehouse, insert_frame


class World:
    """The tables that the handoff reads, and short ways to fill them."""

    def __init__(self, connection):
        self.connection = connection
        prepare(connection)
        for table, columns in tables().items():
            names = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({names})")

    def add(self, table, *rows):
        insert_frame(self.connection, table, pl.DataFrame(list(rows), infer_schema_length=None))

    def file(self, object, records, **more):
        row = {"object": object, "file": f"{object}.csv", "part": 1, "bytes": records * 90, "sha256": "ab" * 32}
        row |= {"encoding": "utf-8", "encoding_evidence": "valid throughout", "delimiter": ",", "landed": records}
        row |= {"delimiter_evidence": "the header has it", "records": records, "quarantined": 0}
        self.add("raw.files", row | more)

    def carries(self, object, row, target_object, target_key, disposition="load", reason=None, skipped_by=None):
        record = {"object": object, "row": row, "key": f"{object}-{row}", "target_object": target_object}
        self.add(
            "target.lineage",
            record | {"target_key": target_key, "disposition": disposition, "reason": reason, "skipped_by": skipped_by},
        )

    def part(self, key, conversation):
        self.add("target.parts", {"source_key": key, "conversation_key": conversation})

    def plan(self, object, key, action="create", reason=None, calls=1):
        row = {"object": object, "source_key": key, "action": action, "reason": reason, "calls": calls}
        self.add("plan.actions", row)

    def write(self, object, key, operation, verdict="send", fingerprint="f", parent=None, reason=None):
        row = {"object": object, "source_key": key, "operation": operation, "verdict": verdict}
        inside = object in ("part", "conversation_tag")
        row |= {"record_object": "conversation" if inside else object, "record_key": parent if inside else key}
        self.add("plan.writes", row | {"fingerprint": fingerprint, "parent_key": parent, "reason": reason})

    def journal(self, object, key, operation, state="confirmed", fingerprint="f", code=None, message=None, remark=None):
        row = {"object": object, "source_key": key, "operation": operation, "state": state}
        row |= {"fingerprint": fingerprint, "error_code": code, "error_message": message}
        row |= {"remark": json.dumps(remark) if remark else None}
        self.add("plan.journal", row)

    def fault(self, object, row, rule, severity="row", stage="clean", **more):
        record = {"object": object, "row": row, "line": row + 1, "file": f"{object}.csv", "key": f"{object}-{row}"}
        self.add("quarantine.faults", record | {"stage": stage, "rule": rule, "severity": severity} | more)

    def load(self, object, planned, *, created=0, updated=0, adopted=0, unchanged=0, failed=0, blocked=0, present=None):
        row = {"object": object, "planned": planned, "created": created, "updated": updated, "adopted": adopted}
        there = planned - failed if present is None else present
        self.add(
            "verdict.loads", row | {"unchanged": unchanged, "failed": failed, "blocked": blocked, "present": there}
        )

    def swept(self, **counts):
        self.add("verdict.sweep", dict.fromkeys(FIGURES, 0) | counts)

    def fates(self):
        """Return {(object, row): (fate, reason)}."""
        rows = self.connection.execute('SELECT object, "row", fate, reason FROM verdict.source_rows').fetchall()
        return {(object, row): (fate, reason) for object, row, fate, reason in rows}


@pytest.fixture
def warehouse(tmp_path):
    return Warehouse(database=str(tmp_path / "warehouse.duckdb"))


@pytest.fixture
def world(warehouse):
    with warehouse.connect() as connection:
        yield World(connection)


@pytest.fixture
def migration():
    """Return what a certificate says of its migration, with changes."""

    def make(**changes):
        from migration_assets.accounting.certificate import Migration

        facts = {
            "source_instance": "acme",
            "workspace": {"id": "w1", "name": "Acme", "region": "us"},
            "target": "embedded",
            "route": "ticket",
            "run_id": "0f6b7d1c",
            "started_at": "2026-11-20T08:00:00Z",
            "ended_at": "2026-11-20T08:12:30Z",
            "extract_sha256": "ab" * 32,
            "mapping_sha256": "cd" * 32,
            "code_version": "0.1.0",
            "libraries": {"polars": "2.1.0", "duckdb": "2.0.0"},
        }
        return Migration.model_validate_json(json.dumps(facts | changes))

    return make
