"""Whether the tables of a page say what their headings are of."""

import re

HEADING = re.compile(r"<thead\b|</thead>|<th(?=[\s>])[^>]*>")


def unscoped(page):
    """Return the headings of a page's tables that do not say whether they are of a column or of a row."""
    wrong, wanted = [], "row"
    for (tag,) in ((found[0],) for found in HEADING.finditer(page)):
        if tag == "<thead":
            wanted = "col"
        elif tag == "</thead>":
            wanted = "row"
        elif f'scope="{wanted}"' not in tag:
            wrong.append(tag)
    return wrong
