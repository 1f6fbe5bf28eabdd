"""`extract.yaml`: what the person who exported a drop states about it.

Read with `load_extract(path)`, which raises `ExtractError` naming file, line, field, what was found and what
was expected.
"""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, StrictInt, field_validator

from schemas.source import SOURCE
from schemas.yaml_file import read_yaml

EXTRACT_FILE = "extract.yaml"
"""The file's name in a drop."""
ATTACHMENTS = "attachments"
"""The name of the folder of files in a drop."""
READABLE = (".csv", ".tsv")
"""How the names of the files end that are read."""

EARLIEST, LATEST = 1990, 2200
"""Years in which an export may have been made; beyond them, times cannot be brought from one zone to another."""

_MISNAMED = re.compile(r"[^.]*extract[^.]*(\.ya?ml|\.txt|\.json)*", re.IGNORECASE)
_SHA256 = re.compile(r"[0-9a-f]{64}")


class ExtractError(ValueError):
    """The drop's `extract.yaml` cannot be used; the message lists every fault with its line."""


class Extract(BaseModel):
    """The whole of `extract.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source_instance: str = Field(
        min_length=1, description=f"Which {SOURCE} the files come from; ids are unique within one."
    )
    time_zone: str = Field(description="The time zone of times without one, e.g. Europe/Berlin.")
    exported_at: datetime = Field(description="When the export was started.")
    exported_by: str = Field(min_length=1, description="Who exported it, to ask when something is odd.")
    row_counts: dict[str, StrictInt] = Field(
        default_factory=dict, description=f"Per file: the number of records that {SOURCE}'s own screen showed."
    )
    sha256: dict[str, str] = Field(default_factory=dict, description="Per file: its SHA-256, in hex.")

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is not an IANA time zone such as Europe/Berlin or UTC")
        return value

    @field_validator("row_counts")
    @classmethod
    def _counts(cls, value: dict[str, int]) -> dict[str, int]:
        negative = [name for name, count in value.items() if count < 0]
        if negative:
            raise ValueError(f"a count cannot be negative: {', '.join(negative)}")
        return value

    @field_validator("sha256")
    @classmethod
    def _hashes(cls, value: dict[str, str]) -> dict[str, str]:
        wrong = [name for name, digest in value.items() if not _SHA256.fullmatch(digest.lower())]
        if wrong:
            raise ValueError(f"a SHA-256 has 64 hexadecimal digits: {', '.join(wrong)}")
        return {name: digest.lower() for name, digest in value.items()}

    @field_validator("exported_at")
    @classmethod
    def _in_range(cls, value: datetime) -> datetime:
        if not EARLIEST <= value.year <= LATEST:
            raise ValueError(f"a time of an export is from the years {EARLIEST} to {LATEST}")
        return value

    @property
    def exported_at_utc(self) -> datetime:
        """The time of the export in UTC without a zone, as DuckDB's TIMESTAMP holds it."""
        moment = self.exported_at
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(self.time_zone))
        return moment.astimezone(UTC).replace(tzinfo=None)


def load_extract(folder: Path) -> Extract:
    """Read and check the `extract.yaml` of a drop.

    Raises:
        ExtractError: the file is missing, is not YAML, or does not fit; every fault with its line.
    """
    return read_yaml(folder / EXTRACT_FILE, Extract, ExtractError, unreadable=_what_to_do(folder))


def misnamed(folder: Path) -> list[str]:
    """Return the files that were probably meant to be `extract.yaml`: other case or ending, or a second one."""
    stem = EXTRACT_FILE.partition(".")[0]
    names = sorted(path.name for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    return [name for name in names if name != EXTRACT_FILE and _MISNAMED.fullmatch(name) and stem in name.lower()]


def _what_to_do(folder: Path) -> str:
    found = misnamed(folder)
    if found:
        return f"The folder has {' and '.join(found)}: name it {EXTRACT_FILE}."
    lines = ", ".join(f"{name}: …" for name, field in Extract.model_fields.items() if field.is_required())
    return f"Every drop needs one; it is a text in UTF-8 with a line for each of {lines}."
