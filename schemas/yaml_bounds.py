"""YAML text as a tree of nodes, within bounds that are held before anything is built from it.

What people write into `mapping.yaml` and `extract.yaml` needs no anchors and no tags. Both are ways of making a short
text into something endless, or into objects of the program's.
"""

from collections.abc import Hashable
from typing import Any

import yaml

DEEPEST = 32
"""Lists and mappings within each other."""
MOST_NODES = 20_000
"""Keys, values and lists in one file."""
LONGEST = 10_000
"""Letters of one key or value."""
LONGEST_LINE = 20_000
"""Letters of one line; read letter by letter, a million takes its time, whatever is in them."""
MOST_LINES = 50_000
"""Lines of one file, for the same reason."""


class RefusedError(yaml.MarkedYAMLError):
    """The text is YAML, and has what is not read."""


class BoundedLoader(yaml.SafeLoader):
    """Reads one document; refuses what is out of bounds where it stands."""

    # A lone = is a text: the meaning that YAML 1.1 gave it cannot be made here.
    yaml_implicit_resolvers = {  # noqa: RUF012 - the library's
        first: found for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items() if first != "="
    }

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = self._nodes = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:  # noqa: ANN401 - the library's
        """Make the next node, after what it would be was looked at."""
        event: Any = self.peek_event()
        self._nodes += 1
        why = _why_not(event, self._depth, self._nodes)
        if why is not None:
            raise RefusedError(problem=why, problem_mark=event.start_mark)
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Hashable:
        """Make the value of a node; a date or number that there is not is told with its line."""
        try:
            made: Hashable = super().construct_object(node, deep=deep)
        except (ValueError, OverflowError):
            # Not in the words of Python's, which repeat the value.
            why = "a date or number cannot be read; put it in quotes if it is a text"
            raise RefusedError(problem=why, problem_mark=node.start_mark) from None
        return made


def _why_not(event: Any, depth: int, nodes: int) -> str | None:  # noqa: ANN401 - events of the library's
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        return "anchors (&) and aliases (*) are not read; write the value out, in quotes if it begins so"
    if event.tag is not None:
        return "tags (!) are not read; leave it out, or put the value in quotes if it begins so"
    if depth >= DEEPEST:
        return f"more than {DEEPEST} lists and mappings within each other are not read"
    if nodes > MOST_NODES:
        return f"more than {MOST_NODES:,} keys and values are not read"
    if isinstance(event, yaml.ScalarEvent) and len(event.value) > LONGEST:
        return f"a key or value of more than {LONGEST:,} letters is not read"
    return None


def compose(text: str) -> tuple[yaml.Node | None, Any]:
    """Return the tree of nodes of a text and what it means.

    The bounds hold any text of a megabyte to a second.

    Raises:
        RefusedError: something in it is out of bounds.
        yaml.YAMLError: it is no YAML.
    """
    for number, line in enumerate(text.splitlines()):
        if len(line) > LONGEST_LINE or number >= MOST_LINES:
            long = f"a line of more than {LONGEST_LINE:,} letters is not read"
            why = long if number < MOST_LINES else f"more than {MOST_LINES:,} lines are not read"
            raise RefusedError(problem=why, problem_mark=yaml.Mark("", 0, number, 0, None, 0))
    loader = BoundedLoader(text)
    try:
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()
