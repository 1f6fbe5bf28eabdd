"""A record of ours that was merged into another one in Intercom: that one takes its place in the journal."""

from sqlalchemy import Connection, and_, insert, or_, select, update

from resources.journal.codes import WriteCode
from resources.journal.records import State, Undoes
from resources.journal.tables import write


def follow_merge(
    connection: Connection, *, migration: str, run_id: str, merged: Undoes, into_id: str, fingerprint: str | None,
    at: float,
) -> None:  # fmt: skip
    """Put the record `into_id`, as adopted, in the place of the merged one; what hangs on that is undone with it."""
    own = and_(write.c.object == merged.object, write.c.source_key == merged.source_key)
    hanging = and_(write.c.object.in_(merged.hanging), write.c.parent_key == merged.source_key)
    stands = (write.c.migration == migration, write.c.state == State.CONFIRMED.value)
    latest = select(write.c.fingerprint).where(*stands, own).order_by(write.c.id.desc()).limit(1)
    known = connection.execute(latest).scalar_one()
    connection.execute(
        update(write)
        .where(*stands, or_(own, hanging))
        .values(state=State.UNDONE.value, error_code=WriteCode.FOLLOWED_MERGE.value, outcome_at=at)
    )
    values = {"object": merged.object, "source_key": merged.source_key, "operation": "create"}
    values |= {"state": State.CONFIRMED.value}
    values |= {"migration": migration, "run_id": run_id, "fingerprint": fingerprint or known, "intercom_id": into_id}
    times = {"attempts": 1, "intent_at": at, "outcome_at": at}
    connection.execute(insert(write).values(adopted=True, error_code=WriteCode.FOLLOWED_MERGE.value, **values, **times))
