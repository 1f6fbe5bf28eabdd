"""What a run is about: the drop and its mapping, and the choices a person makes when starting it."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Literal

import dagster as dg
from pydantic import Field, PrivateAttr

from resources import dry_run
from schemas.hours import Hours, parse_hours
from schemas.mapping import Mapping, load_mapping
from schemas.run_options import make, meaning
from schemas.source import SOURCE
from schemas.verification_sample import VerificationSample

NO_FREEZE = (
    f"The cutover needs to know since when nobody works in {SOURCE} any more. Stop work there, then export, "
    f"then run {make('cutover', 'freeze', '2026-11-28T20:00:00+01:00')}, with that time."
)


def moment(text: str) -> datetime:
    """Read a time with its zone, such as 2026-11-28T20:00:00+01:00 or 2026-11-28T19:00Z.

    Raises:
        ValueError: it is no such time, or names no zone; the message says so.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ValueError(f"a time with its zone is expected, such as 2026-11-28T20:00:00+01:00, not {text!r}")
    return found


class ExtractFolder(dg.ConfigurableResource):
    """One drop (a folder of source files) and the mapping that goes with it."""

    extract: str = Field(description=f"The folder with {SOURCE}'s CSV files and extract.yaml.")
    mapping: str = Field(description="The mapping file, mapping.yaml.")
    rejects: dg.ResourceDependency[str] = Field(
        exclude=True,
        description="The folder that receives rejects/<object>.csv. It is in the state folder, which is not chosen for "
        "a run.",
    )

    _dry: bool = PrivateAttr(default=False)

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Let a dry run write what it comes to into a folder of its own."""
        self._dry = dry_run.is_dry(context)

    @property
    def path(self) -> Path:
        """The drop's folder."""
        return Path(self.extract)

    @property
    def rejects_path(self) -> Path:
        """The folder for quarantined rows, in the customer's own columns."""
        return Path(self.rejects)

    @property
    def state(self) -> Path:
        """The folder of what a run comes to: the state folder, in which that for quarantined rows lies.

        That of a dry run is a folder in it.
        """
        state = self.rejects_path.parent
        return state / dry_run.FOLDER if self._dry else state

    def made_with(self, route: str | None = None) -> str:
        """Return what tables are made with: the hash of the mapping as it is now and, where it counts, the route."""
        mapping = hashlib.sha256(Path(self.mapping).read_bytes()).hexdigest()
        return mapping if route is None else f"{mapping}/{route}"

    def load_mapping(self) -> Mapping:
        """Read and check the mapping; raises `schemas.mapping.MappingError`."""
        return load_mapping(Path(self.mapping))


class Confirmation(dg.ConfigurableResource):
    """That a person at this machine means the run; needed from the UI where it writes to a real workspace."""

    code: str = Field(
        default="",
        description="Needed to write to a real workspace, and to roll back: the code that stands in the state folder's "
        "file `confirmation`. What is started with make, by a schedule or by a sensor has it.",
    )


class MigrationOptions(dg.ConfigurableResource):
    """What the person who starts a run may choose; shown with these descriptions in the launchpad."""

    limit: int | None = Field(default=None, gt=0, description=meaning("limit"))
    route: Literal["from_mapping", "ticket", "conversation"] = Field(
        default="from_mapping", description=meaning("route")
    )
    retry_failed: bool = Field(default=False, description=meaning("retry_failed"))
    restore_deleted: bool = Field(default=False, description=meaning("restore_deleted"))
    accept_vanished: bool = Field(default=False, description=meaning("accept_vanished"))
    accept_older: bool = Field(default=False, description=meaning("accept_older"))
    freeze: str | None = Field(default=None, description=meaning("freeze"))
    complete_journal: bool = Field(default=False, description=meaning("complete_journal"))
    resync: bool = Field(default=False, description=meaning("resync"))
    verify_only: Literal["everything", "differences"] = Field(default="everything", description=meaning("verify_only"))
    verify_sample: str = Field(
        default="all",
        description="How many contacts, companies and conversations are verified: all, a share such as 5%, or a number "
        "of each. The ugly ones are always among them.",
    )
    verify_seed: int = Field(default=1, description="The seed of the sample: the same seed draws the same records.")
    probe: Literal["first_run", "never"] = Field(
        default="first_run",
        description="Whether a first load asks the workspace what Intercom leaves undocumented, by records of its own.",
    )
    off_peak: str | None = Field(default=None, description="The hours for large loads, 20:00-06:00; unset: any time.")
    time_zone: str = Field(default="UTC", description="The time zone of these hours.")
    large_load: int = Field(default=50_000, description="A load of more records than this is a large one.")
    hypercare_days: int = Field(default=14, description="For how many days after the cutover it is looked at.")

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:  # noqa: ARG002 - Dagster's signature
        """Refuse a sample that is none before anything is done: the launchpad takes any text.

        Raises:
            dagster.Failure: says what is expected.
        """
        try:
            VerificationSample.parse(self.verify_sample)
        except ValueError as error:
            raise dg.Failure(
                f"The option verify_sample cannot be used: {error}. Correct it in the launchpad and run again.",
                allow_retries=False,
            ) from None

    @property
    def hours(self) -> Hours | None:
        """The hours in which large loads may write; None where they may at any time."""
        return parse_hours(self.off_peak, self.time_zone) if self.off_peak else None

    @property
    def frozen_at(self) -> datetime | None:
        """When the source was frozen; None where nobody said.

        Raises:
            ValueError: what was said is no time with a zone; the message says what is expected.
        """
        return None if self.freeze is None else moment(self.freeze)

    def applied_to(self, mapping: Mapping) -> Mapping:
        """Return the mapping with this run's route in place of its own, if one was chosen."""
        if self.route == "from_mapping":
            return mapping
        settings = mapping.settings.model_copy(update={"route": self.route})
        return mapping.model_copy(update={"settings": settings})


class RollbackOptions(dg.ConfigurableResource):
    """What the person who rolls a migration back may choose; shown with these descriptions in the launchpad."""

    confirm: str = Field(
        default="",
        description="Unset: only show what would be deleted, restored, archived and refused. To do it: the exact name "
        "of the Intercom workspace; `yes` for the embedded one.",
    )
    run: str | None = Field(default=None, description="Roll back only what this run wrote: its id, or how it begins.")
    only: str | None = Field(
        default=None, description="Roll back only this object, or this record of it: contacts, conversation:100234."
    )
