"""A contact of ours that was merged into another one in Intercom: that one takes its place in the journal."""

from sqlalchemy import Connection, and_, insert, or_, select, update

from resources.journal.records import State
from resources.journal.tables import write

FOLLOWED = "followed_merge"
"""The code of what was undone because a contact was merged, and of the one that took its place."""


def follow_merge(
    connection: Connection, *, migration: str, run_id: str, source_key: str, into_id: str, fingerprint: str | None,
    at: float,
) -> None:  # fmt: skip
    """Put the contact `into_id`, as adopted, in the place of the one that stands for `source_key`."""
    own = and_(write.c.object == "contact", write.c.source_key == source_key)
    links = and_(write.c.object == "contact_company", write.c.parent_key == source_key)
    stands = (write.c.migration == migration, write.c.state == State.CONFIRMED.value)
    latest = select(write.c.fingerprint).where(*stands, own).order_by(write.c.id.desc()).limit(1)
    known = connection.execute(latest).scalar_one()
    connection.execute(
        update(write)
        .where(*stands, or_(own, links))
        .values(state=State.UNDONE.value, error_code=FOLLOWED, outcome_at=at)
    )
    values = {"object": "contact", "source_key": source_key, "operation": "create", "state": State.CONFIRMED.value}
    values |= {"migration": migration, "run_id": run_id, "fingerprint": fingerprint or known, "intercom_id": into_id}
    times = {"attempts": 1, "intent_at": at, "outcome_at": at}
    connection.execute(insert(write).values(adopted=True, error_code=FOLLOWED, **values, **times))
