"""Sections of the certificate beside the counts: the files, what people decided, and what they saw with their eyes."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.source import SOURCE


class Section(BaseModel):
    """A part of the certificate: nothing in it that is not described here."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CertifiedFile(Section):
    """A file of the extract as it was landed."""

    file: str
    object: str
    rows: int
    sha256: str


DecisionKind = Literal[
    "setting", "option", "mapped", "left behind", "skipped by rule", "left out", "corrected", "fallback", "accepted"
]


class Decision(Section):
    """Something that a person decided, in mapping.yaml, the files of rejects or when starting the run."""

    kind: DecisionKind
    what: str = Field(description=f"What was decided about: a setting's name, a rule, a value of {SOURCE}'s.")
    value: str = Field(description="What was decided.")
    rows: int | None = Field(default=None, description="Rows or records that it touched; null where none are counted.")


class DeletedInSource(Section):
    """Records of an object that were loaded and are no longer in the extract, and what became of them in Intercom."""

    object: str
    fate: str = Field(description="reported: they stay; deleted, kept, refused …: by settings.gone (delete).")
    records: int


class Remark(Section):
    """What somebody remarked about a conversation that they compared by eye."""

    ticket: str = Field(description=f"{SOURCE}'s number of the ticket, or its id.")
    ok: bool
    remark: str
    by: str
    at: datetime = Field(description="With time zone.")


class SpotCheck(Section):
    """Conversations that people compared with their own eyes, source and Intercom side by side."""

    sampled: int
    checked: int
    ok: int
    not_ok: int
    by: list[str] = Field(description="Who checked, by name.")
    last: datetime | None = Field(default=None, description="When the last one was checked, with time zone.")
    remarks: list[Remark] = Field(default_factory=list, description="Every one that is not ok, or has a remark.")


class Explained(Section):
    """How often a normalisation explains the differences of a field."""

    object: str
    field: str
    normalisation: str
    reason: str = Field(description="Why Intercom shows the value otherwise.")
    fields: int


class Compared(Section):
    """How many records of an object were read back, of how many that stand."""

    records: int
    standing: int


class Verification(Section):
    """What was read back; null where the run verified nothing."""

    sample: str = Field(description="all, a share or a number of contacts, companies and conversations each.")
    seed: int = Field(description="The seed of the sample.")
    records: dict[str, Compared]
    explained: list[Explained]
