"""A room: what is particular to one object, by the stage that asks for it. Stages get rooms from the registry."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from migration_assets.objects.declaration import Declaration
from migration_assets.objects.destination import Destination
from migration_assets.objects.protocol import RoomLoader, WriteNotice
from migration_assets.objects.read_back import ReadBack
from migration_assets.objects.shaping import Shaping
from migration_assets.objects.side_by_side import SideBySide
from migration_assets.objects.sweep import Sweep
from migration_assets.objects.touches import TouchReading
from resources.intercom.client import Intercom
from resources.warehouse import Warehouse
from schemas.mapping_settings import RouteName


@dataclass(frozen=True, slots=True)
class RunChoices:
    """What a run and its mapping say that the rooms must know."""

    route: RouteName
    ticket_type: str


@dataclass(frozen=True, slots=True)
class WaitReason:
    """Why records wait for a person: in words, and the code that the fate of their rows has for it (`RowCode`)."""

    words: str
    row_code: str = "blocked"


@dataclass(frozen=True, slots=True)
class PlanRules:
    """What a plan must know of an object beside its declaration; the defaults fit one that is written by one call.

    Attributes:
        observe: reads what the plan must know of Intercom before its records are first written, into `observed`.
        records: a file of SQL that makes the relation of its records, where no target table has them.
        desired: a file with the SELECT of the writes that its records in `plan.scope` need.
        taken_off: a file with the SELECT of what was put on other records (`put_on`) and is not wanted there any more.
        holds: a file with the SELECT of its records that must wait (object, source_key, rank, reason): the reason of
            the lowest rank counts, and what needs such a record waits too.
        reasons: what the reasons of `holds` mean, by their codes.
        wanted: a file of SQL that is run whenever the journal has news. It makes a view `plan.wanted_<plural>`, like
            `plan.desired` with a column `optional`, that takes the place of the object's desired writes.
        refusal: says in a sentence why the plan must not be carried out; None where it may be.
        notice: counts what teammates may notice of its writes by the route, and adds it to
            `plan.teammate_notice(cause, number)`.
        calls: the calls that a write takes, by route and operation; one by default.
    """

    observe: Callable[[Intercom, Warehouse], Awaitable[None]] | None = None
    records: Path | None = None
    desired: Path | None = None
    taken_off: Path | None = None
    holds: Path | None = None
    reasons: Mapping[str, WaitReason] = field(default_factory=dict)
    wanted: Path | None = None
    refusal: Callable[[duckdb.DuckDBPyConnection], str | None] | None = None
    notice: Callable[[duckdb.DuckDBPyConnection, RouteName], WriteNotice] | None = None
    calls: Mapping[tuple[RouteName, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoadRules:
    """What the load's assets and figures must know of an object beside its declaration.

    Attributes:
        asset: the asset that loads it, which several objects can share; its plural by default.
        after: the load assets that this asset waits for; by default those of what it needs, else the plan's.
        description: the asset's description; a shared asset takes that of its first object.
        told_as: how the figures of what is part of another object are told among those of its asset.
        figures: a file of SQL that writes its row of `verdict.loads`, where its writes do not say what it came to.
    """

    asset: str = ""
    after: tuple[str, ...] = ()
    description: str = ""
    told_as: str = ""
    figures: Path | None = None


@dataclass(frozen=True, slots=True)
class LookUp:
    """How the records of an object that Intercom must have already are matched with what it has.

    Attributes:
        kind: what the source calls one of them.
        by: what it is found by, in words.
        fields: what is kept of what Intercom has, in `observed.<plural>`.
        ids: the table of what was matched: a row per record with its key and `via`, which is fallback where another
            one stands in.
        match: a file of SQL that makes it.
        unmatched: a file with the SELECT of what was not found, for `plan.reconciliation_queue`.
        needed_by: the object whose records wait for it.
    """

    kind: str
    by: str
    fields: tuple[str, ...]
    ids: str
    match: Path
    unmatched: Path
    needed_by: str

    @property
    def key(self) -> str:
        """The column of `ids` with our key."""
        return f"{self.kind}_id"


@dataclass(frozen=True, slots=True)
class Room:
    """One object of Intercom.

    Attributes:
        declaration: what it is, as data.
        loader: makes its loader, which is its undoer too; it remembers what it read from Intercom, so each has its
            own. None for what is written with another object.
        shaping: how its target table is made. None for what has no table of its own, or shares another object's.
        read_back: what a verification must know of it. None for what is not compared by itself.
        plan: what a plan must know of it.
        load: what the load's assets and figures must know of it.
        destination: how Intercom is asked what stands of it.
        sweep: how Intercom is searched for what the journal has otherwise. None for what can be there but once.
        side_by_side: how its records are shown to a person as both sides have them; one room has it.
        look_up: how it is matched. None for what is written.
        touches: how its answers show what somebody but us has done to its records. None where that is not looked for.
        old_numbers: a file with the SELECT of the numbers that people know its records by, and Intercom's ids.
    """

    declaration: Declaration
    loader: Callable[[RunChoices], RoomLoader] | None = None
    shaping: Shaping | None = None
    read_back: ReadBack | None = None
    plan: PlanRules = field(default_factory=PlanRules)
    load: LoadRules = field(default_factory=LoadRules)
    destination: Destination = field(default_factory=Destination)
    sweep: Sweep | None = None
    side_by_side: SideBySide | None = None
    look_up: LookUp | None = None
    touches: TouchReading | None = None
    old_numbers: Path | None = None

    @property
    def name(self) -> str:
        """The object's name in the journal."""
        return self.declaration.name
