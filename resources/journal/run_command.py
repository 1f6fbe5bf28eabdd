"""What somebody at another terminal wants of the run that is going on: pause, go on, or stop."""

import time
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, insert, select

from resources.journal.tables import orders

ORDER = select(orders.c.wish, orders.c.asked_by).where(orders.c.migration == bindparam("migration"))


class Wish(StrEnum):
    """What is wanted of a run."""

    GO = "go"
    PAUSE = "pause"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Order:
    """A wish, and whose it is."""

    wish: Wish = Wish.GO
    asked_by: str = ""


def order_of(connection: Connection, migration: str) -> Order:
    """Return what is wanted of the migration's run; going on, where nobody said anything."""
    row = connection.execute(ORDER, {"migration": migration}).first()
    return Order(Wish(row.wish), row.asked_by) if row is not None else Order()


def place(connection: Connection, migration: str, order: Order) -> None:
    """Put an order in place of the one before."""
    forget(connection, migration)
    values = {"migration": migration, "wish": order.wish.value, "asked_at": time.time(), "asked_by": order.asked_by}
    connection.execute(insert(orders).values(**values))


def forget(connection: Connection, migration: str) -> None:
    """Take the order back: it was meant for a run that has ended."""
    connection.execute(delete(orders).where(orders.c.migration == migration))
