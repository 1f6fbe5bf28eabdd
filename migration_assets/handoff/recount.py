"""Finds anew what a certificate certifies: from the files, the journal and Intercom. Nothing of them is changed.

Every field is read back as `make verify` does, of the records that were read back for the certificate. Counting and
comparing write tables, so it works on a copy of the warehouse that is thrown away.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import duckdb

from migration_assets.accounting.all_runs import read_history
from migration_assets.accounting.certificate import Certificate
from migration_assets.ground.given_back import FOLDER
from migration_assets.ground.migration_name import migration_name
from migration_assets.handoff.certificate_check import Recounted
from migration_assets.handoff.evidence import gather
from migration_assets.handoff.spot_book import spot_check_of
from migration_assets.handoff.write import Ended, certify
from migration_assets.intercom.destination_counts import count_destination
from migration_assets.itco.drop import open_drop
from migration_assets.itco.faults import LandingError
from migration_assets.plan.journal_state import import_journal
from migration_assets.verified.fields.applied_writes import note_applied_writes
from migration_assets.verified.fields.groups import groups
from migration_assets.verified.fields.scope import VerificationSample, choose
from migration_assets.verified.fields.step import GroupVerification
from migration_assets.writing.environment import Environment
from resources.assembly import build_resources
from resources.intercom.client import Intercom
from resources.journal import Journal
from resources.journal.resource import JournalStore
from resources.migration_run import MigrationRun
from resources.warehouse import Warehouse, fetch_frame, table_exists
from resources.workspace import IntercomWorkspace
from schemas.mapping import MappingError
from schemas.settings import Settings

NO_WAREHOUSE = (
    "It cannot be counted, for the state folder does not hold the run any more: run make migrate, which makes it again."
)
APPLIED = """
    SELECT object, count(DISTINCT source_key) AS records FROM plan.journal
    WHERE state = 'confirmed' AND operation IN ('create', 'upsert', 'attach', 'append') GROUP BY object
"""
NEEDED = ("raw.extract", "plan.wanted", "verdict.loads")


def find_out(settings: Settings, certificate: Certificate) -> Recounted:
    """Return what is found now of what the certificate says.

    Raises:
        dagster.Failure: a run uses the state folder.
        resources.intercom.errors.IntercomError: Intercom cannot be read.
    """
    about = certificate.migration
    seen = spot_check_of(settings.state, about.source_instance, about.workspace.id)
    files = _files(settings.extract) | _corrections(settings.state, certificate)
    mapping = _sha256(settings.map) if settings.map.is_file() else None
    resources = build_resources(settings)
    workspace = cast(IntercomWorkspace, resources["workspace"])
    workspace.setup_for_execution(None)
    try:
        with tempfile.TemporaryDirectory(dir=settings.state, prefix=".certificate-") as folder:
            copy = Path(folder) / "warehouse.duckdb"
            if settings.warehouse_path.exists():
                # Nobody writes to it meanwhile: the state folder's lock is held.
                shutil.copyfile(settings.warehouse_path, copy)
            warehouse = Warehouse(database=str(copy), memory_limit=settings.memory_limit)
            with warehouse.connect() as connection:
                if not all(table_exists(connection, table) for table in NEEDED):
                    return Recounted(files, mapping, {}, None, NO_WAREHOUSE, seen)
                name = migration_name(connection)
            with cast(JournalStore, resources["journal"]).reading(name) as journal:
                known, fresh = _count(resources, warehouse, journal, certificate)
                runs = read_history(journal).runs
    finally:
        workspace.teardown_after_execution(None)
    return Recounted(files, mapping, known, fresh, spot_check=seen, runs=runs)


def _count(
    resources: Mapping[str, Any],
    warehouse: Warehouse,
    journal: Journal,
    certificate: Certificate,
) -> tuple[Mapping[str, int], Certificate]:
    """Count and read back into the copy of the warehouse, and return what the certificate would say now."""
    about, workspace = certificate.migration, cast(IntercomWorkspace, resources["workspace"])
    run = MigrationRun.of(about.run_id, {**resources, "warehouse": warehouse})
    with warehouse.connect() as connection:
        import_journal(connection, journal)
        known = {row["object"]: row["records"] for row in fetch_frame(connection, APPLIED).to_dicts()}
        _choose(connection, certificate)
    workspace.call(lambda client: _read_back(run, client, journal))
    with warehouse.connect() as connection:
        evidence = gather(connection, limited=about.limit is not None, notifications_sent=None)
    calls = certificate.calls.model_dump()
    return known, certify(Ended(about, calls, notifications_sent=certificate.notifications_sent), evidence)


def _choose(connection: duckdb.DuckDBPyConnection, certificate: Certificate) -> None:
    """Choose the records that were read back for the certificate; none where none were."""
    note_applied_writes(connection)
    read_back = certificate.verification
    choose(
        connection,
        VerificationSample.parse(read_back.sample) if read_back else VerificationSample(),
        read_back.seed if read_back else 0,
    )
    if read_back is None:
        connection.execute("DELETE FROM verified.chosen")


async def _read_back(run: MigrationRun, client: Intercom, journal: Journal) -> None:
    accepted = _accepted(run)
    for name in groups():
        await GroupVerification(run, client, journal, name, count=_as_found, accepted=accepted).run()


def _accepted(run: MigrationRun) -> frozenset[str]:
    """Return the fields that the mapping accepts as Intercom shows them; of one that is gone others tell."""
    try:
        return frozenset(run.drop.load_mapping().accepted_answers)
    except MappingError:
        return frozenset()


async def _as_found(run: MigrationRun, env: Environment, name: str, ticket_type: str) -> None:
    """Count what Intercom shows. A load looks further, and may note in the journal what it finds."""
    present = await count_destination(env, name, ticket_type)
    with run.warehouse.connect() as connection:
        for found in present:
            connection.execute("UPDATE verdict.loads SET present = ? WHERE object = ?", [found.present, found.object])


def _files(extract: Path) -> dict[str, str]:
    """Return the sha256 of the files that would be landed now, by name; none where the extract cannot be read."""
    try:
        # Of the source itself, for its files are what is counted again: only its landing knows which they are.
        parts = open_drop(extract).parts
    except LandingError:
        return {}
    return {part.path.name: _sha256(part.path) for group in parts.values() for part in group}


def _corrections(state: Path, certificate: Certificate) -> dict[str, str]:
    """Return the sha256 of the corrections that are certified, as far as they are there."""
    certified = [file.file for file in certificate.files if file.file.startswith(f"{FOLDER}/")]
    return {name: _sha256(state / name) for name in certified if (state / name).is_file()}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
