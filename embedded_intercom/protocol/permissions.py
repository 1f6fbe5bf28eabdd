"""What the workspace's plan and the token's scopes leave out; a seed file names it (`plan_lacks`, `token_lacks`).

An area is the first segment of a path, with what belongs to it: contacts, companies, conversations, tickets,
attributes, tags, people, articles. A plan lacks areas; a token lacks `read_<area>` or `write_<area>`. Intercom's own
scope names are longer, and only a few of them are in its API description.
"""

from collections.abc import Collection

from embedded_intercom.protocol.errors import ApiError

AREAS = {
    "contacts": "contacts",
    "companies": "companies",
    "conversations": "conversations",
    "tickets": "tickets",
    "ticket_types": "tickets",
    "ticket_states": "tickets",
    "jobs": "tickets",
    "data_attributes": "attributes",
    "tags": "tags",
    "notes": "contacts",
    "admins": "people",
    "teams": "people",
    "articles": "articles",
    "help_center": "articles",
}
_READING_POSTS = ("/search", "/list")


def refusal(method: str, template: str, plan_lacks: Collection[str], token_lacks: Collection[str]) -> ApiError | None:
    """Return the refusal of an endpoint that plan or token do not include, None where both do."""
    area = AREAS.get(template.strip("/").split("/")[0])
    if area is None:
        return None
    if area in plan_lacks:
        return ApiError(403, "api_plan_restricted", "Active subscription needed.")
    reads = method == "GET" or template.endswith(_READING_POSTS)
    if f"{'read' if reads else 'write'}_{area}" in token_lacks:
        return ApiError(403, "forbidden", "Forbidden request")
    return None


def checked(given: Collection[str], known: Collection[str], name: str) -> frozenset[str]:
    """Return what a seed lists under `name`.

    Raises:
        ValueError: it lists something that there is not.
    """
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ValueError(f"The seed's {name} names {', '.join(unknown)}; there are: {', '.join(sorted(known))}.")
    return frozenset(given)


PLAN_WORDS = frozenset(AREAS.values())
TOKEN_WORDS = frozenset(f"{way}_{area}" for way in ("read", "write") for area in PLAN_WORDS) | {
    "delete_conversations_and_metrics"
}
