"""The certificate: the run's numbers and verdict in one JSON file, for machines and for the archive.

The models below are its schema. Equal numbers give equal bytes, so diff compares two of them.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from pydantic import Field

from migration_assets.accounting.all_runs import AllRuns
from migration_assets.accounting.sections import (
    CertifiedFile,
    Decision,
    DeletedInSource,
    Section,
    SpotCheck,
    Verification,
)
from migration_assets.objects.registry import plurals
from resources.durable import write_whole
from schemas.mapping_settings import RouteName
from schemas.source import SOURCE

FATES = ("loaded", "merged", "superseded", "skipped", "quarantined", "failed")
"""What can become of a source row; the six add up to the rows in the files."""

LIBRARIES = ("dagster", "duckdb", "polars", "pydantic", "SQLAlchemy", "httpx", "nh3", "phonenumbers")

VerdictWord = Literal["complete", "partial", "failed"]


class CertifiedWorkspace(Section):
    """The Intercom workspace that was written to."""

    id: str
    name: str
    region: str


class Migration(Section):
    """Which migration this was: from what, to what, when, by which version."""

    source_instance: str = Field(description=f"The {SOURCE} instance, from extract.yaml.")
    workspace: CertifiedWorkspace
    target: Literal["embedded", "intercom"]
    route: RouteName
    run_id: str
    started_at: datetime = Field(description="With time zone.")
    ended_at: datetime = Field(description="With time zone.")
    extract_sha256: str = Field(description="Over all files' names and hashes.")
    mapping_sha256: str
    code_version: str
    libraries: dict[str, str] = Field(description="Versions of the libraries that shape the data.")
    dry_run: bool = Field(
        default=False, description="True in certificates of old: a dry run writes none any more, for it proves nothing."
    )
    limit: int | None = Field(default=None, description="At most this many tickets; null: all.")


class SourceCounts(Section):
    """The rows of one source object and what became of them."""

    rows: int = 0
    loaded: int = 0
    merged: int = 0
    superseded: int = 0
    skipped: int = 0
    quarantined: int = 0
    failed: int = 0

    @property
    def accounted(self) -> int:
        """The sum of the six fates."""
        return sum(getattr(self, fate) for fate in FATES)


class IntercomCounts(Section):
    """The records of one Intercom object: planned, done, and counted there afterwards."""

    planned: int = 0
    created: int = 0
    updated: int = 0
    adopted: int = 0
    unchanged: int = 0
    failed: int = 0
    present: int = 0

    @property
    def accounted(self) -> int:
        """The sum of what was done, which must be `planned`."""
        return self.created + self.updated + self.adopted + self.unchanged + self.failed


class SweepCounts(Section):
    """What Intercom said when it was asked, after the load, for everything of this migration."""

    missing: int = Field(default=0, description="Loaded, and not there any more, without anybody knowing why.")
    orphaned: int = Field(default=0, description="Of this migration, and unknown to the journal.")
    twice: int = Field(default=0, description="There beside one that the journal knows; healed and left add up to it.")
    healed: int = Field(default=0, description="Copies that nobody had touched, deleted or, as parts, redacted.")
    left: int = Field(default=0, description="Copies that are left for a person.")
    foreign_parts: int = Field(default=0, description="Messages that others wrote in migrated conversations since.")
    foreign_edits: int = Field(default=0, description="Events that others caused there since.")
    not_shown: int = Field(default=0, description="Parts beyond the newest 500, which Intercom does not show.")


class Calls(Section):
    """The calls to Intercom's API."""

    total: int = 0
    writes: int = 0
    by_endpoint: dict[str, int] = Field(default_factory=dict)
    rate_limited: int = Field(default=0, description="Answers 429.")
    seconds: float = Field(default=0.0, description="From being sent to the answer, summed over all calls.")


class TeammateNotifications(Section):
    """What teammates may have noticed of the run: what was said before the first write, and what was counted."""

    said: int = Field(default=0, description="The most that the plan's writes could come to; 0 on the ticket route.")
    counted: int | None = Field(default=None, description="In this run; null where the workspace does not tell.")


class FieldCounts(Section):
    """One field of one Intercom object, read back and compared; `compared` is the sum of the next three."""

    compared: int = 0
    equal: int = 0
    explained: int = Field(default=0, description="Differing in a way that a stated normalisation explains.")
    different: int = 0
    unverifiable: int = Field(default=0, description="Not given by Intercom, so neither equal nor different.")


class Certificate(Section):
    """The whole of certificate.json."""

    migration: Migration
    files: list[CertifiedFile] = Field(default_factory=list, description="The extract's files, as they were landed.")
    source: dict[str, SourceCounts]
    intercom: dict[str, IntercomCounts]
    sweep: SweepCounts | None = Field(default=None, description="null: the run came to no sweep, or wrote nothing.")
    fields: dict[str, dict[str, FieldCounts]] = Field(
        default_factory=dict, description="By Intercom object and field; empty where the run verified nothing."
    )
    verification: Verification | None = None
    decisions: list[Decision] = Field(default_factory=list, description="What people decided about this migration.")
    spot_check: SpotCheck | None = Field(default=None, description="null: nobody has compared by eye yet.")
    gone: list[DeletedInSource] = Field(
        default_factory=list, description=f"What {SOURCE} has no more, of what was loaded."
    )
    calls: Calls = Field(description="Of this run; `all_runs` has those of every run.")
    all_runs: AllRuns | None = Field(
        default=None, description="null: the run came to no plan, or the program was of a version that did not keep it."
    )
    notifications_sent: int | None = Field(description="To contacts; null where the workspace does not tell.")
    teammate_notifications: TeammateNotifications = Field(default_factory=TeammateNotifications)
    verdict: VerdictWord
    reasons: list[str]


def library_versions() -> dict[str, str]:
    """Return the installed versions of the libraries that shape the data."""
    return {name: version(name) for name in LIBRARIES}


def code_version() -> str:
    """Return the version of this program."""
    return version("itco-to-intercom")


def in_load_order(objects: Iterable[str]) -> list[str]:
    """Return the journal's object names in the order in which they are loaded; new ones last, by name."""
    known = list(plurals())
    return sorted(objects, key=lambda name: (known.index(name) if name in known else len(known), name))


def certificate_json(certificate: Certificate) -> str:
    """Return the certificate as JSON text, the same text for the same numbers."""
    content = certificate.model_dump(mode="json")
    for free in (content["migration"]["libraries"], content["calls"]["by_endpoint"]):
        ordered = sorted(free.items())
        free.clear()
        free.update(ordered)
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def write_certificate(path: Path, certificate: Certificate) -> None:
    """Write the certificate to `path`; a reader sees the old file or the new one, never a part."""
    write_whole(path, certificate_json(certificate))
