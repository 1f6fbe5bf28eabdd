"""What an Intercom object is, as data: its names, its fields, what it depends on, how it is written and taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from migration_assets.objects.fields import FieldList


class UndoAction(StrEnum):
    """What a rollback does with a record, in `rollback.plan`."""

    DELETE = "delete"
    ARCHIVE = "archive"
    RESTORE = "restore"
    DETACH = "detach"
    RIDE = "ride"
    """Intercom does it with the record that it hangs on."""
    KEEP = "keep"
    """It cannot be undone."""
    UNKNOWN = "unknown"
    """It may stand or not."""


Removal = Literal[UndoAction.DELETE, UndoAction.ARCHIVE, UndoAction.DETACH]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A row of the target table that needs a record of another object in Intercom.

    Attributes:
        object: the object that is needed.
        column: the column that holds the needed record's key.
        where: SQL over the target table as `t`: which rows need it; all by default.
        essential: whether the whole record waits for what it needs; else only the write that needs it does.
    """

    object: str
    column: str
    where: str = "TRUE"
    essential: bool = True


@dataclass(frozen=True, slots=True)
class Declaration:
    """One object of Intercom.

    Attributes:
        name: its name in the journal, in the singular.
        plural: its name in the certificate, in asset keys, and of its target table.
        meaning: what a row of the target table is, in a sentence; the asset's description begins with it.
        fields: its fields.
        noun: what a person calls several of them.
        sources: the source's objects whose rows become it.
        keyed_by: the source's object whose keys its records have: one whose row is not delivered any more is deleted
            in source.
        table: its target table, where that is not named like the plural.
        relation: the relation of its records, with its schema, where the plan makes them and no target table has them.
        where: SQL over the target table as `t`: which of its rows are this object; all by default.
        part_of: the object whose records it is written, read and taken back with; None: it has records of its own.
        parent: the column that holds the key of the record that it hangs on: of `part_of`, or of what it needs.
        limited_by: the column in whose order its records are sent; a run's limit takes so many of the first. None: by
            their keys, and a limit takes what others need.
        carried_by: the object whose writes carry it, where it has none of its own.
        key_begins: how the keys of its rows begin, where other objects share the target table.
        references: the records of other objects that it needs in Intercom.
        operation: how it is made: create, upsert (finds by itself what stands there), attach, append; or
            look_up: it must be in Intercom already.
        extras: the operations that it can do without, each with what is said of the `records` that were refused it.
        settled_by: the operation that comes last, and again after whatever else is sent.
        changeable: whether a later change is written to what stands, which is read first: somebody may have edited it.
        immutable: what is said where a change cannot be written to what stands.
        removal: how a rollback takes back what was made; None where that goes with `part_of`.
        rowless: whether the migration makes records of it for which no row of the source stands.
        drawn: whether a sample of it is drawn for verification; everything else comes in one list, or with another.
    """

    name: str
    plural: str
    meaning: str
    fields: FieldList
    noun: str = ""
    sources: tuple[str, ...] = ()
    keyed_by: str = ""
    table: str = ""
    relation: str = ""
    where: str = "TRUE"
    part_of: str | None = None
    parent: str | None = None
    limited_by: str | None = None
    carried_by: str | None = None
    key_begins: tuple[str, ...] = ("",)
    references: tuple[Requirement, ...] = ()
    operation: Literal["create", "upsert", "attach", "append", "look_up"] = "create"
    extras: Mapping[str, str] = field(default_factory=dict)
    settled_by: str = ""
    changeable: bool = False
    immutable: str = ""
    removal: Removal | None = UndoAction.DELETE
    rowless: bool = False
    drawn: bool = False

    @property
    def target(self) -> str:
        """The target table, with its schema."""
        return f"target.{self.table or self.plural}"

    @property
    def records(self) -> str:
        """The relation with a row per record, which is its target table unless the plan makes it."""
        return self.relation or self.target

    @property
    def record_object(self) -> str:
        """The object whose records it is written with: its own, unless it is part of another one."""
        return self.part_of or self.name

    @property
    def record_column(self) -> str:
        """The column with the key of the record that it is written with."""
        return self.parent if self.part_of and self.parent else "source_key"

    @property
    def parent_object(self) -> str | None:
        """The object that it hangs on."""
        needed = (found.object for found in self.references if found.column == self.parent)
        return self.part_of or (next(needed, None) if self.parent else None)

    @property
    def has_rows(self) -> bool:
        """Whether rows of a target table stand for its records; else they are told of with what they are part of."""
        return bool(self.fields.fields)

    @property
    def goes_with(self) -> str | None:
        """The object whose records take its own with them when Intercom removes them."""
        return self.parent_object if self.removal in (None, UndoAction.DETACH) else None

    @property
    def people_say(self) -> str:
        """What a person calls several of them."""
        return self.noun or self.plural.replace("_", " ")
