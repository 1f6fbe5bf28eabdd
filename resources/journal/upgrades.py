"""Bringing the tables of an older journal forward, one version at a time, each in the transaction of the whole."""

import re
from collections.abc import Callable, Mapping

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Float,
    Integer,
    String,
    bindparam,
    column,
    insert,
    or_,
    select,
    table,
    update,
)

from resources.journal.codes import EditOutcome, WriteCode
from resources.journal.lease import require_idle
from resources.journal.tables import (
    VERSION,
    identity,
    journal_schema,
    new_name,
    probe_record,
    progress,
    run_commands,
    workspace_profile,
)


def _to_2(operations: Operations, connection: Connection) -> None:
    """The lease tells who holds it and whether they live; how far a load is."""
    for added in (Column("host", String), Column("pid", Integer), Column("run_id", String), Column("beat_at", Float)):
        operations.add_column("lease", added)
    progress.create(connection)


def _to_3(operations: Operations, connection: Connection) -> None:
    """The journal has a name of its own; a write keeps how it left the record's fields."""
    identity.create(connection)
    connection.execute(insert(identity).values(journal=new_name()))
    operations.add_column("write", Column("left_as", JSON(none_as_null=True)))


def _to_4(operations: Operations, _connection: Connection) -> None:
    """A run tells when its drop was exported, and the cutover since when the source was frozen."""
    for name in ("exported_at", "frozen_at"):
        operations.add_column("runs", Column(name, Float))


def _to_5(operations: Operations, connection: Connection) -> None:
    """Commands and hashes have the words of the glossary; what a write's code says beside it is no text to be read."""
    operations.execute("DROP TABLE IF EXISTS orders")
    run_commands.create(connection)
    operations.execute('ALTER TABLE "write" RENAME COLUMN left_as TO last_written')
    operations.add_column("write", Column("remark", JSON(none_as_null=True)))
    _split_remarks(connection)


_CODED = table("write", column("id"), column("error_code"), column("error_message"), column("remark", JSON()))
_DECLINED = "declined "
"""Until version 4 this stood before the code of why a write was not sent after all."""


def _split_remarks(connection: Connection) -> None:
    """Bring the remarks that version 4 had as texts into the column of their own."""
    texts = or_(_CODED.c.error_code == WriteCode.EDITS.value, _CODED.c.error_code.startswith(_DECLINED))
    rows = connection.execute(select(_CODED.c.id, _CODED.c.error_code, _CODED.c.error_message).where(texts)).all()
    changed = [{"of": row.id, **_remark_of(row.error_code, row.error_message)} for row in rows]
    if changed:
        values = {
            name: bindparam(name, type_=_CODED.c[name].type) for name in ("error_code", "error_message", "remark")
        }
        connection.execute(update(_CODED).where(_CODED.c.id == bindparam("of")).values(values), changed)


def _remark_of(code: str, message: str | None) -> dict[str, object]:
    """Return code, message and remark of a write of version 4.

    Its message had a line for each field, `kept name`; of those beyond its length a last line said `kept …`.
    """
    if code.startswith(_DECLINED):
        said = {WriteCode.DECLINED.value: code.removeprefix(_DECLINED)}
        return {"error_code": WriteCode.DECLINED.value, "error_message": message, "remark": said}
    names: dict[str, list[str]] = {}
    for became, name in _LINE.findall(message or ""):
        names.setdefault(became, []).append(name)
    return {"error_code": code, "error_message": None, "remark": names}


_BECAME = "|".join(EditOutcome)
_LINE = re.compile(rf"^({_BECAME}) (.*?)(?=\n(?:{_BECAME}) |\Z)", re.MULTILINE | re.DOTALL)


def _to_6(_operations: Operations, connection: Connection) -> None:
    """The journal keeps what the workspaces were seen to do, and what a probe has left there."""
    workspace_profile.create(connection)
    probe_record.create(connection)


def _to_7(operations: Operations, _connection: Connection) -> None:
    """A run keeps its job, its calls, how long it took and its verdict: the certificate has the sums of all runs."""
    added = (Column("job", String), Column("calls", Integer), Column("call_writes", Integer), Column("seconds", Float))
    for one in (*added, Column("verdict", String)):
        operations.add_column("runs", one)


UPGRADES: Mapping[int, Callable[[Operations, Connection], None]] = {
    1: _to_2,
    2: _to_3,
    3: _to_4,
    4: _to_5,
    5: _to_6,
    6: _to_7,
}
"""What brings the tables of a version to the next one."""


def upgrade(connection: Connection) -> None:
    """Bring the tables to `VERSION`; the connection must hold the write lock.

    The version is read here, because another process may have done it meanwhile.

    Raises:
        resources.journal.JournalBusyError: a run is writing.
    """
    found = connection.execute(select(journal_schema.c.version)).scalar_one()
    if found > 1:  # before, the lease did not tell whether its holder lives
        require_idle(connection)
    operations = Operations(MigrationContext.configure(connection))
    for version in range(found, VERSION):
        UPGRADES[version](operations, connection)
    connection.execute(update(journal_schema).values(version=VERSION))
