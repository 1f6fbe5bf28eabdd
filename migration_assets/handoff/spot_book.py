"""What people have checked with their own eyes: STATE/spot-check.json, replaced whole at every tick."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from migration_assets.accounting.sections import Remark, SpotCheck
from resources.durable import write_whole
from schemas.source import SOURCE

BOOK = "spot-check.json"


class Mark(BaseModel):
    """What somebody said of one conversation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ok: bool
    remark: str = ""
    by: str
    at: datetime


class Sampled(BaseModel):
    """One conversation of the sample, and why it is in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(description="The conversation's key in the target.")
    ticket: str = Field(description=f"The ticket's number in {SOURCE}, or its id.")
    why: str


class SpotBook(BaseModel):
    """A sample and what was said of it. It belongs to one source and one workspace, and to no other."""

    model_config = ConfigDict(extra="forbid")

    source_instance: str
    workspace: str
    seed: int
    sample: list[Sampled]
    marks: dict[str, Mark] = Field(default_factory=dict, description="By the conversation's key.")

    def summary(self) -> SpotCheck:
        """Return what the certificate says of it."""
        checked = [(item, self.marks[item.key]) for item in self.sample if item.key in self.marks]
        return SpotCheck(
            sampled=len(self.sample),
            checked=len(checked),
            ok=sum(mark.ok for _, mark in checked),
            not_ok=sum(not mark.ok for _, mark in checked),
            by=sorted({mark.by for _, mark in checked}),
            last=max((mark.at for _, mark in checked), default=None),
            remarks=list(_remarks(checked)),
        )


def _remarks(checked: Iterable[tuple[Sampled, Mark]]) -> Iterable[Remark]:
    for item, mark in checked:
        if mark.remark or not mark.ok:
            yield Remark(ticket=item.ticket, ok=mark.ok, remark=mark.remark, by=mark.by, at=mark.at)


def read_book(folder: Path) -> SpotBook | None:
    """Return the book in a state folder, or None where nobody has begun.

    Raises:
        pydantic.ValidationError: the file is there, but is no spot check of this version.
    """
    path = folder / BOOK
    return SpotBook.model_validate_json(path.read_text(encoding="utf-8")) if path.is_file() else None


def write_book(folder: Path, book: SpotBook) -> None:
    """Keep the book, durably."""
    write_whole(folder / BOOK, book.model_dump_json(indent=2) + "\n")


def spot_check_of(folder: Path, source_instance: str, workspace: str) -> SpotCheck | None:
    """Return the summary of the spot check of a migration, or None where there is none of it."""
    book = read_book(folder)
    if book is None or (book.source_instance, book.workspace) != (source_instance, workspace):
        return None
    return book.summary()
