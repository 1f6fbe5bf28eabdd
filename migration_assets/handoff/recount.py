"""Finds anew what a certificate certifies: from the files, the journal and Intercom. Nothing of them is changed.

Counting writes tables, so it works on a copy of the warehouse that is thrown away.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from migration_assets.definitions import build_resources
from migration_assets.handoff.certificate import Certificate
from migration_assets.handoff.evidence import gather
from migration_assets.handoff.holds import Found
from migration_assets.handoff.spot_book import spot_check_of
from migration_assets.handoff.write import Ended, certify
from migration_assets.intercom.environment import Environment
from migration_assets.intercom.kinds import ORDER
from migration_assets.intercom.present import Present, count_present
from migration_assets.itco.drop import open_drop
from migration_assets.itco.faults import LandingError
from migration_assets.plan.journal_state import import_journal
from migration_assets.workspace.observe import migration_name
from resources.intercom.client import Intercom
from resources.journal import Journal
from resources.journal.resource import JournalStore
from resources.warehouse import Warehouse, fetch_frame, table_exists
from resources.workspace import IntercomWorkspace
from schemas.mapping import load_mapping
from schemas.settings import Settings

NO_WAREHOUSE = "It cannot be counted, for there is no warehouse: run make migrate, which makes it again."
STANDING = """
    SELECT object, count(DISTINCT source_key) AS records FROM plan.journal
    WHERE state = 'confirmed' AND operation IN ('create', 'upsert', 'attach', 'append') GROUP BY object
"""
NEEDED = ("raw.extract", "plan.wanted", "verdict.loads")


def find_out(settings: Settings, certificate: Certificate) -> Found:
    """Return what is found now of what the certificate says.

    Raises:
        dagster.Failure: a run uses the state folder.
        resources.intercom.errors.IntercomError: Intercom cannot be read.
    """
    about = certificate.migration
    seen = spot_check_of(settings.state, about.source_instance, about.workspace.id)
    files, mapping = _files(settings.extract), _sha256(settings.map) if settings.map.is_file() else None
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
                    return Found(files, mapping, {}, None, NO_WAREHOUSE, seen)
                name = migration_name(connection)
            with cast(JournalStore, resources["journal"]).reading(name) as journal:
                known, fresh = _count(settings, warehouse, journal, workspace, certificate)
    finally:
        workspace.teardown_after_execution(None)
    return Found(files, mapping, known, fresh, spot_check=seen)


def _count(
    settings: Settings, warehouse: Warehouse, journal: Journal, workspace: IntercomWorkspace, certificate: Certificate
) -> tuple[Mapping[str, int], Certificate]:
    with warehouse.connect() as connection:
        import_journal(connection, journal)
        known = {row["object"]: row["records"] for row in fetch_frame(connection, STANDING).to_dicts()}
    ticket_type = load_mapping(settings.map).settings.ticket_type
    present = workspace.call(lambda client: _ask(client, warehouse, journal, ticket_type))
    about = certificate.migration
    with warehouse.connect() as connection:
        for counted in present:
            connection.execute(
                "UPDATE verdict.loads SET present = ? WHERE object = ?", [counted.present, counted.object]
            )
        evidence = gather(connection, dry_run=about.dry_run, limited=about.limit is not None, notifications_sent=None)
    calls = certificate.calls.model_dump()
    return known, certify(Ended(about, calls, notifications_sent=certificate.notifications_sent), evidence)


async def _ask(client: Intercom, warehouse: Warehouse, journal: Journal, ticket_type: str) -> list[Present]:
    env = Environment(warehouse, journal, client)
    return [found for name in ORDER for found in await count_present(env, name, ticket_type)]


def _files(extract: Path) -> dict[str, str]:
    """Return the sha256 of the files that would be landed now, by name; none where the extract cannot be read."""
    try:
        parts = open_drop(extract).parts
    except LandingError:
        return {}
    return {part.path.name: _sha256(part.path) for group in parts.values() for part in group}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
