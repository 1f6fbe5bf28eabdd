"""The sentences of the reconciliation, for a reader who knows their helpdesk and nothing of this program."""

from collections.abc import Iterable, Mapping, Sequence

from migration_assets.accounting.nouns import noun
from migration_assets.accounting.reconciliation.phases import PhaseLine
from migration_assets.ground import markdown
from resources.wording import listed, number

TITLES: Mapping[str, str] = {
    "landing": "Your files, read",
    "cleaning": "Checked and typed",
    "shaping": "Shaped for Intercom",
    "plan": "Planned",
    "loading": "Written to Intercom",
    "verification": "Compared with Intercom, field by field",
    "whole": "In all",
}
"""What each phase is called."""

MEANINGS: Mapping[str, str] = {
    "landing": "Every row of the files is taken over as text, as it stands.",
    "cleaning": "Each row is checked against the rules, and dates, numbers and addresses are read. Of several versions "
    "of one record the newest goes on.",
    "shaping": "Rows become what Intercom holds: customers become contacts, tickets become conversations. Who is there "
    "twice becomes one.",
    "plan": "What should be in Intercom is compared with what the journal says is there already.",
    "loading": "Intercom itself was asked afterwards what is there.",
    "verification": "Every field was read back from Intercom and compared with what it should be.",
    "whole": "From your files to Intercom, each row once.",
}

CAME: Mapping[str, str] = {
    "landing": "in your files",
    "cleaning": "read",
    "shaping": "checked",
    "plan": "wanted",
    "loading": "planned",
    "verification": "(fields) compared",
    "whole": "in your files",
}
WENT: Mapping[str, str] = {
    "landing": "read",
    "cleaning": "go on",
    "shaping": "go into Intercom",
    "plan": "to be there",
    "loading": "in Intercom",
    "verification": "as they should be",
    "whole": "in Intercom",
}
LEFT: Mapping[str, str] = {
    "landing": "left out",
    "cleaning": "left out",
    "shaping": "left out or merged",
    "plan": "not now",
    "loading": "missing",
    "verification": "different",
    "whole": "left out or merged",
}
REASONS = 3
"""Reasons that a sentence names; the page lists all."""


def sentence(line: PhaseLine) -> str:
    """Say what became of an object in a phase: 412 tickets in your files; 5 left out because …; 407 read."""
    parts = [f"{number(line.came)} {noun(line.object)} {CAME[line.phase]}"]
    if line.left or line.reasons:
        parts.append(f"{number(line.left)} {LEFT[line.phase]}: {because(line.reasons)}")
    if not line.adds_up:
        parts.append("these numbers do not add up")
    return "; ".join([*parts, f"{number(line.went)} {WENT[line.phase]}"]) + "."


def because(reasons: Sequence[tuple[str, int]]) -> str:
    """Return the reasons in one phrase, the most frequent first."""
    if not reasons:
        return "no reason was stated"
    named = [f"{number(rows)} {words}" for words, rows in reasons[:REASONS]]
    further = sum(rows for _, rows in reasons[REASONS:])
    return listed([*named, *([f"{number(further)} for further reasons"] if further else [])])


def table(lines: Iterable[PhaseLine]) -> markdown.Markdown:
    """Return a phase's lines as a Markdown table, for the metadata of its last asset: counts and reasons only."""
    rows = list(lines)
    if not rows:
        return markdown.inert("nothing yet")
    phase = rows[0].phase
    head = ["", CAME[phase], WENT[phase], LEFT[phase], "why"]
    cells = [
        [
            noun(line.object),
            number(line.came),
            number(line.went),
            number(line.left),
            because(line.reasons) if line.left or line.reasons else "",
        ]
        for line in rows
    ]
    return markdown.table(head, cells, left=(0, 4))
