"""What teammates may notice of a run, said before its first write: counted from the plan, by cause.

Contacts notice nothing on either route. On the ticket route teammates do not either. On the conversation route three
kinds of writes have no flag that would silence them (Intercom's changelogs, versions 2.13 and 2.15): opening a
conversation, a contact's reply to it, and its conversion to a ticket.
"""

from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from resources.wording import counted, listed
from schemas.mapping_settings import RouteName

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class TeammateNotice:
    """How often teammates may be told something, by cause; the most that the run can come to.

    It comes to less where a write fails, or where a write of an earlier run turns out to have been executed then.
    """

    conversations_created: int = 0
    contact_replies: int = 0
    closes: int = 0
    assignments: int = 0
    conversions: int = 0

    @property
    def total(self) -> int:
        """All causes together."""
        return sum(asdict(self).values())

    def figures(self) -> dict[str, int]:
        """Return the numbers as metadata, with the same keys on every run."""
        return {
            "teammate_notifications": self.total,
            **{f"teammate_{cause}": number for cause, number in asdict(self).items()},
        }

    def line(self) -> str | None:
        """Return the sentence for the terminal; None when there is nothing to be noticed."""
        if not self.total:
            return None
        causes = (
            (self.conversations_created, "conversation opened", "conversations opened"),
            (self.contact_replies, "reply of a contact", "replies of contacts"),
            (self.closes, "conversation closed", "conversations closed"),
            (self.assignments, "assignment", "assignments"),
            (self.conversions, "conversion to a ticket", "conversions to tickets"),
        )
        parts = [counted(number, one, many) for number, one, many in causes if number]
        return (
            f"Teammates may be notified by Intercom up to {counted(self.total, 'time')} while this run writes: "
            f"{listed(parts)}. The conversation route cannot silence these; the ticket route can. "
            "No call of it is documented to tell a customer, and none promises not to: try it with a ticket of your "
            "own first."
        )


def teammate_notice(route: RouteName, *, created: int, contact_replies: int, conversions: int) -> TeammateNotice:
    """Return what teammates may notice of so many planned writes.

    Args:
        route: on the ticket route every write is silent.
        created: conversations to be opened.
        contact_replies: replies of contacts to conversations that are no tickets yet; afterwards they are silent.
        conversions: conversations to be converted.
    """
    if route == "ticket":
        return TeammateNotice()
    # State and assignment are set through the ticket after the conversion, silently: never a close or an assignment.
    return TeammateNotice(
        conversations_created=created, contact_replies=contact_replies, conversions=conversions, closes=0, assignments=0
    )


def write_notice(connection: duckdb.DuckDBPyConnection, route: RouteName) -> TeammateNotice:
    """Count the plan's writes, add the notice to `plan.teammate_notice`, and return it."""
    row = connection.execute((_HERE / "notice.sql").read_text()).fetchall()[0]
    notice = teammate_notice(route, created=row[0], contact_replies=row[1], conversions=row[2])
    connection.executemany("INSERT INTO plan.teammate_notice VALUES (?, ?)", list(asdict(notice).items()))
    return notice
