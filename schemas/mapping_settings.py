"""The settings of `mapping.yaml`: how this customer wants the migration done."""

from datetime import UTC, datetime
from typing import Literal

from pydantic import Field, model_validator

from schemas.mapping_parts import Strict
from schemas.source import PREFIX, SOURCE

RouteName = Literal["ticket", "conversation"]
"""The ways a ticket gets into Intercom."""


class MigrationSettings(Strict):
    """How this customer wants the migration done."""

    route: RouteName = Field(
        default="ticket",
        description="ticket: a Customer ticket from the start, wholly silent. conversation: a conversation, converted.",
    )
    unmatched: Literal["hold", "stop", "fallback"] = Field(
        default="hold",
        description="What happens to tickets whose agent or team is not in Intercom: wait, stop everything, or "
        "use `fallback_admin` with the original author written into the message.",
    )
    migration_admin: str = Field(
        description="E-mail of the Intercom admin under whose name the migration writes its own notes and changes "
        "tickets. Give the migration an admin of its own, in whose name nobody works in the Inbox: what a person does "
        "in that name right after a write, and what leaves every field as it was, cannot be told from the migration's.",
    )
    fallback_admin: str | None = Field(default=None, description="E-mail of the admin who stands in, for `fallback`.")
    multi_select: Literal["booleans", "text"] = Field(
        default="booleans",
        description="Intercom has no multi-select: one boolean per option, or one text joined by '; '.",
    )
    ticket_type: str = Field(
        default=f"{SOURCE} ticket", description="The name of the Customer ticket type to create or use."
    )
    snoozed_until: datetime = Field(description="When snoozed conversations wake up; must lie in the future.")
    native_priority: bool = Field(
        default=True, description="Also set Intercom's own priority, by the Preview version of the API."
    )
    edited_in_intercom: Literal["keep", "overwrite"] = Field(
        default="keep",
        description=f"What happens where {SOURCE} has a new value for a field that was changed in Intercom "
        f"since it was loaded: keep leaves theirs, overwrite writes {SOURCE}'s. Either way the report names the "
        "records and fields, and what is overwritten is kept in the journal.",
    )
    adopted: Literal["fill_empty", "overwrite"] = Field(
        default="fill_empty",
        description="What happens to contacts and companies that Intercom had before the migration: only their empty "
        f"fields are filled, or all that {SOURCE} has is written over theirs, which the journal keeps.",
    )
    same_email: Literal["separate", "merge"] = Field(
        default="separate",
        description="What becomes of customers who have one e-mail address and whose names, phones or external ids "
        "contradict each other, until a person has decided under `same_email`. Either way they are listed.",
    )
    id_prefix: str = Field(
        default=f"{PREFIX}-",
        pattern=r"^\S+$",
        description=f"Stands before the {SOURCE} id of a customer without an external id of their own, so that a bare "
        "number never meets that of another system.",
    )
    vanished_share: float = Field(
        default=0.01,
        ge=0,
        le=1,
        description="The share of loaded customers, companies, tickets or messages, 0 to 1, that may be missing from a "
        "later drop. With more, the run stops before anything is written: an export that was cut off is likelier.",
    )
    failed_share: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="The share of the records of any object, 0 to 1, that may fail before a run's verdict is failed.",
    )
    gone: Literal["report", "delete"] = Field(
        default="report",
        description="What happens to loaded customers, companies and tickets that a later drop does not have any more: "
        "report names them, delete deletes them in Intercom. Even then what stood there before the migration, what "
        "was touched since and what others depend on stays. Single messages are only ever reported.",
    )
    attachments: Literal["upload", "name_only"] = Field(
        default="upload",
        description="upload: the files of the folder attachments go into Intercom with their messages. name_only: "
        "they stay in the extract, and each message names its own.",
    )
    attachment_limit_mb: int = Field(
        default=20,
        ge=1,
        le=100,
        description="The largest file that is loaded, and the most that goes with one call, in MB (1,000,000 bytes). "
        "Intercom documents no limit of its API; its limits are 20 MB for e-mail and 100 MB for the Messenger.",
    )

    @model_validator(mode="after")
    def _consistent(self) -> "MigrationSettings":
        if self.unmatched == "fallback" and not self.fallback_admin:
            raise ValueError("unmatched: fallback needs fallback_admin")
        if self.snoozed_until.tzinfo is None:
            raise ValueError("snoozed_until needs a time zone, e.g. 2036-01-01T09:00:00Z")
        return self

    @property
    def attachment_limit(self) -> int:
        """The largest file, and the most that goes with one call, in bytes."""
        return self.attachment_limit_mb * 1_000_000

    @property
    def snoozed_until_epoch(self) -> int:
        """The wake-up time in unix seconds."""
        return int(self.snoozed_until.astimezone(UTC).timestamp())
