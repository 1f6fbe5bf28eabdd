"""Stages know no object by its name: what they ask of one comes from its room, by the registry."""

import ast
import re

from migration_assets.objects.registry import declarations, looked_up
from tests.test_imports import LAYERS, PROJECT

ROOT = PROJECT / "migration_assets"
STAGES = ("accounting", *LAYERS[LAYERS.index("shaping") + 1 :])
"""What stands after the shaping, and the accounts that several of these keep."""
NAMED = {
    ("accounting/outcomes.sql", "attachments"): "rows of the source's file of attachments, and why one was left out",
    ("delta/keys.py", "companies"): "what the key of a source's row stands for, by the columns that its object has",
    ("handoff/explain.py", "attachment"): "a sentence on files that were left out, which no object knows of",
    ("spotcheck/serve.py", "conversation"): "the decision on a pair, with its page, is about a conversation",
    ("verified/fields/expected_attributes.sql", "attributes"): "every object's attributes are compared by their types",
    ("workspace/assets.py", "ticket_types"): "a number that the preflight shows, by its name in the metadata",
}
"""Which stage names which object, and why; no more may be added, and what is gone leaves the list."""


def names():
    """Return what objects, what the source calls them, and operations of their own are called."""
    declared = [*declarations().values(), *(item for item, _ in looked_up())]
    found = {name for item in declared for name in (item.name, item.plural, item.settled_by, *item.extras)}
    kinds = {how.kind for _, how in looked_up()}
    return (found | kinds | {f"{kind}s" for kind in kinds}) - {""}


def said_by(path):
    """Yield the words that a file may name an object by: literals, those within SQL, and tables made for an object."""
    text = path.read_text(encoding="utf-8")
    texts = [re.sub(r"--.*", "", text)]
    if path.suffix == ".py":
        nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
        texts = [node.value for node in nodes if isinstance(node.value, str)]
        yield from texts
    for one in texts:
        yield from re.findall(r"'(\w+)'|\b(?:target|observed|plan)\.(\w+)", one)


def test_stages_name_no_object_by_hand():
    known, found = names(), set()
    assert {"contact", "conversations", "admin", "agent", "priority", "settle"} <= known
    for stage in STAGES:
        for path in sorted((ROOT / stage).rglob("*")):
            if path.suffix in (".py", ".sql"):
                words = {word for said in said_by(path) for word in ([said] if isinstance(said, str) else said)}
                found |= {(path.relative_to(ROOT).as_posix(), word) for word in words & known}
    assert found == set(NAMED)
