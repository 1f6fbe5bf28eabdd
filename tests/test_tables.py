"""Every table of every page says of which column or row its headings are, so that it can be read aloud."""

import pytest

from schemas.settings import PROJECT
from tests.support.tables import unscoped

TEMPLATES = sorted(
    path for folder in ("migration_assets", "embedded_intercom") for path in (PROJECT / folder).rglob("*.jinja")
)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_heading_says_what_it_is_of(template):
    # The tags of a table stand in the templates as they are: no filter and no module makes any.
    page = template.read_text(encoding="utf-8")
    assert unscoped(page) == []
    assert page.count("<table") <= page.count("<th ") + page.count("scope=")


def test_no_module_makes_headings():
    made = [
        path.name
        for folder in ("migration_assets", "embedded_intercom", "resources", "schemas")
        for path in (PROJECT / folder).rglob("*.py")
        if "<th>" in path.read_text(encoding="utf-8")
    ]
    assert made == []


def test_a_heading_that_does_not_say_is_found():
    assert unscoped('<thead><th scope="col">a</th><th>b</th></thead><th scope="col">c</th>') == [
        "<th>",
        '<th scope="col">',
    ]
