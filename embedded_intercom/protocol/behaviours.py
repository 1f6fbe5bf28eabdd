"""Which way of each unknown a workspace takes: told by the command line, the environment, a seed or a control call."""

import re
from collections.abc import Mapping

from embedded_intercom.protocol.unknowns import UNKNOWNS


class BehaviourError(ValueError):
    """A behaviour that there is not, or a way that it does not have; the message says which there are."""


def choose(given: Mapping[str, str]) -> dict[str, str]:
    """Return the way of every unknown; what `given` leaves out takes its default.

    Raises:
        BehaviourError: an unknown name, or a way that it does not have.
    """
    for name, way in given.items():
        if name not in UNKNOWNS:
            raise BehaviourError(f"There is no behaviour {name!r}; there are: {', '.join(UNKNOWNS)}.")
        if way not in UNKNOWNS[name].ways:
            raise BehaviourError(
                f"The behaviour {name} cannot be {way!r}; it can be: {', '.join(UNKNOWNS[name].ways)}."
            )
    return {name: given.get(name, unknown.ways[0]) for name, unknown in UNKNOWNS.items()}


def parse(text: str) -> dict[str, str]:
    """Read `name=way`, blanks or commas between several.

    Raises:
        BehaviourError: a word that is not of that form, or names no behaviour or none of its ways.
    """
    given: dict[str, str] = {}
    for word in filter(None, re.split(r"[\s,]+", text)):
        name, equals, way = word.partition("=")
        if not equals:
            raise BehaviourError(f"A behaviour is written name=way, not {word!r}.")
        given[name] = way
    choose(given)
    return given


def listed(taken: Mapping[str, str]) -> str:
    """Return every behaviour with its ways and what the documentation says, for people; `taken` are marked."""
    lines = []
    for name, unknown in UNKNOWNS.items():
        ways = ", ".join(f"[{way}]" if way == taken[name] else way for way in unknown.ways)
        lines.append(f"{name} = {ways}\n    {unknown.says}\n    {unknown.ways[0]} unless told: {unknown.why}")
    return "\n".join(lines)
