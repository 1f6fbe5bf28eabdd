"""Which columns name a record of another object, or of their own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceReference:
    """A column whose ids are keys of other objects; of any of `parents` where there are several."""

    column: str
    parents: tuple[str, ...]


def _to(column: str, *parents: str) -> SourceReference:
    return SourceReference(column, parents)


REFERENCES: dict[str, tuple[SourceReference, ...]] = {
    "customers": (_to("company_id", "companies"),),
    "teams": (_to("parent_team_id", "teams"),),
    "team_members": (_to("team_id", "teams"), _to("agent_id", "agents")),
    "tickets": (
        _to("customer_id", "customers"),
        _to("company_id", "companies"),
        _to("agent_id", "agents"),
        _to("team_id", "teams"),
        _to("merged_into_ticket_id", "tickets"),
    ),
    "messages": (_to("ticket_id", "tickets"), _to("author_id", "customers", "agents")),
    "attachments": (_to("ticket_id", "tickets"), _to("message_id", "messages")),
    "articles": (_to("author_agent_id", "agents"),),
}
"""The references of every object that has some."""
