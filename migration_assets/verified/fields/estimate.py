"""How many calls a verification takes, by object, before it begins. Pure arithmetic."""

import math
from collections.abc import Mapping

from resources.intercom.paging import LARGEST_PAGE

Chosen = Mapping[str, tuple[int, int]]
"""By object: the records that are compared, and all that stand."""


def pages(records: int) -> int:
    """Return how many pages a list of so many records comes in; an empty one takes a call as well."""
    return max(1, math.ceil(records / LARGEST_PAGE))


def in_pages(records: int, listed: int) -> bool:
    """Whether to read `records` from a list of `listed`, page by page, rather than one by one."""
    return pages(listed) <= records


def calls_of(chosen: Chosen) -> dict[str, int]:
    """Return the calls by asset, if nobody else has records in the workspace; with strangers' there are more pages.

    Counting reads contacts twice, for their own sake and for their companies, and asks for each company that has no
    contact. Tickets come in pages with their parts, and once more as the conversations that they are.
    """

    def standing(name: str) -> int:
        return chosen.get(name, (0, 0))[1]

    conversations = chosen.get("conversation", (0, 0))[0]
    return {
        "attributes": 4,
        "contacts": 2 * pages(standing("contact")),
        "companies": pages(standing("company")) + 1,
        "tags": 1,
        "conversations": 1 + pages(standing("conversation")) + min(conversations, pages(standing("conversation"))),
    }


def calls_again(differing: int, objects: Mapping[str, int]) -> dict[str, int]:
    """Return the calls that looking again at records takes, by object: two per conversation, one per person."""
    per = {"conversations": 2, "contacts": 1, "companies": 1}
    return {name: per.get(name, 1) * records for name, records in objects.items()} if differing else {}
