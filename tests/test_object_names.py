"""Stages know no object by its name: what they ask of one comes from its room, by the registry."""

import ast
import re

from migration_assets.objects.registry import declarations, looked_up
from tests.test_imports import LAYERS, PROJECT

ROOT = PROJECT / "migration_assets"
STAGES = ("writing", "accounting", "undoing", *LAYERS[LAYERS.index("shaping") :])
"""What stands from the shaping on, and what several of these share: how records are written, counted and taken back."""
NAMED = {
    ("accounting/inputs.py", "part"): "the number of a file of the drop, among the columns that are read",
    ("accounting/outcomes.sql", "attachments"): "rows of the source's file of attachments, and why one was left out",
    ("handoff/certificate.html.jinja", "conversation"): "the spot check, which shows conversations",
    ("handoff/explain.py", "attachment"): "a sentence on files that were left out, which no object knows of",
    (
        "handoff/handover.html.jinja",
        "conversation",
    ): "how many old numbers are listed, which are those of conversations",
    (
        "handoff/report.html.jinja",
        "part",
    ): "what the sweep could not see: Intercom shows the newest parts of a thread only",
    ("hypercare/checks.py", "conversation"): "a count of conversations in which somebody waits for an answer",
    ("shaping/mapping_tables.py", "agents"): "a word of mapping.yaml, and the table map.agents of what stands under it",
    ("shaping/mapping_tables.py", "attachments"): "a setting of mapping.yaml",
    ("shaping/mapping_tables.py", "priority"): "a column of map.priorities, which mapping.yaml gives",
    ("shaping/mapping_tables.py", "teams"): "a word of mapping.yaml, and the table map.teams of what stands under it",
    ("shaping/selection.sql", "companies"): "whether a row of the source is left out is decided before any room",
    ("spotcheck/serve.py", "conversation"): "the decision on a pair, with its page, is about a conversation",
    ("verified/fields/expected_attributes.sql", "attributes"): "every object's attributes are compared by their types",
    ("writing/conflicts.py", "ticket_attributes"): "the name of a nested field in Intercom's answers",
    ("writing/text.py", "agent"): "what is written above a message whose author is unknown",
    **{
        ("writing/touch_rules.py", word): "why a record is left as it is: by what still hangs on it, a code each"
        for word in ("companies", "contacts", "conversations", "tags")
    },
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
    """Yield the words that a file may name an object by: literals, those within SQL, and tables made for an object.

    A literal of small words is a list of names; any other is a sentence, which may say whatever a person should read.
    """
    text = path.read_text(encoding="utf-8")
    texts = [re.sub(r"--.*", "", text)]
    if path.suffix == ".jinja":
        # A filter is told by `attribute` which field of the rows it should look at.
        texts = [re.sub(r"\battribute=", "", code) for code in re.findall(r"\{[{%].*?[%}]\}", text, re.S)]
        yield from (quoted.split() for code in texts for quoted in re.findall(r"'((?:\w+ )*\w+)'", code))
        yield from (re.findall(r"\.(\w+)", code) for code in texts)
    if path.suffix == ".py":
        nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
        texts = [node.value for node in nodes if isinstance(node.value, str)]
        yield from texts
        yield from (one.split() for one in texts if re.fullmatch(r"(?:[a-z_]+ )+[a-z_]+", one))
    for one in texts:
        yield from re.findall(r"'(\w+)'|\b(?:target|observed|plan)\.(\w+)", one)


def test_stages_name_no_object_by_hand():
    known, found = names(), set()
    assert {"contact", "conversations", "admin", "agent", "priority", "settle"} <= known
    for stage in STAGES:
        for path in sorted((ROOT / stage).rglob("*")):
            if path.suffix in (".py", ".sql", ".jinja"):
                words = {word for said in said_by(path) for word in ([said] if isinstance(said, str) else said)}
                found |= {(path.relative_to(ROOT).as_posix(), word) for word in words & known}
    assert found == set(NAMED)
