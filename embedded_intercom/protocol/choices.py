"""Switches for what the sources leave open: each has a default, and a seed file may turn it (`"choices"`).

The default is the harder case for a client wherever there is one. `decisions.py` says what else was decided.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Switch(NamedTuple):
    """The ways a question can be answered, the default first, and what the sources say."""

    ways: tuple[str, ...]
    why: str


SWITCHES = {
    "same_email": Switch(
        ("refuse", "allow"),
        "Two users with one e-mail address and different external ids: Intercom's bulk text refuses, workspaces with "
        "such pairs are reported.",
    ),
    "lead_external_id": Switch(("refuse", "ignore"), "An external_id that is sent for a lead: both are reported."),
    "default_role": Switch(("user", "lead"), "A contact without role: the official example, and one third party."),
    "find_company": Switch(
        ("company", "list"),
        "GET /companies?company_id=: the text says a single company, schema and example are a list.",
    ),
    "reply_to_closed": Switch(
        ("open", "comment"), "The part type of a contact's reply to a closed conversation: official example, text."
    ),
    "page_sizes": Switch(("small", "large"), "Default page sizes: contacts 10 or 50, companies 15 or 20."),
    "ticket_list_values": Switch(
        ("id", "label"), "What a ticket's list attribute reads back as; it is written as the item's id."
    ),
    "ticket_dates": Switch(
        ("all", "strict"), "Whether a ticket search compares created_at with <= and >= too: one place each."
    ),
    "request_id": Switch(("uuid", "token"), "The form of request ids: the description's, and the one seen in life."),
}


def choose(given: Mapping[str, str]) -> dict[str, str]:
    """Return the way of every switch.

    Raises:
        ValueError: an unknown switch, or a way that it does not have.
    """
    for name, way in given.items():
        if name not in SWITCHES:
            raise ValueError(f"The seed's choices name {name!r}; there are: {', '.join(SWITCHES)}.")
        if way not in SWITCHES[name].ways:
            raise ValueError(f"The seed's choice {name} is {way!r}; it can be: {', '.join(SWITCHES[name].ways)}.")
    return {name: given.get(name, switch.ways[0]) for name, switch in SWITCHES.items()}
