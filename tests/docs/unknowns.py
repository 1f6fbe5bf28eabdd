"""Writes docs/intercom_unknowns.md from the embedded workspace's list: `python -m tests.docs.unknowns`."""

from embedded_intercom.protocol.unknowns import UNKNOWNS
from schemas.settings import PROJECT

PAGE = PROJECT / "docs" / "intercom_unknowns.md"

HEAD = """# What Intercom does not document

Of each of these Intercom's API description, reference and help center are silent, or say two things. No step of the
migration may depend on one reading. The embedded workspace can be had either way:
`EMBEDDED_BEHAVIOUR="open_wakes_snoozed=no html=wrapped" make migrate`, or `python -m embedded_intercom --behaviour …`;
`--behaviours` lists them. `tests/behaviours` migrates, changes, verifies and takes back under each.

This page is made from `embedded_intercom/protocol/unknowns.py` by `python -m tests.docs.unknowns`. The first way is
the default.
"""


def page():
    """Return the page."""
    sections = [
        f"## {name}\n\n{', '.join(f'`{way}`' for way in unknown.ways)}\n\n"
        f"What is documented: {unknown.says}\n\nWhy `{unknown.ways[0]}` is the default: {unknown.why}\n"
        for name, unknown in UNKNOWNS.items()
    ]
    return "\n".join([HEAD, *sections])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
