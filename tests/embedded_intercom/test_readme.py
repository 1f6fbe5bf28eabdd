"""The README names every option, every fault, every call of its own, and every kind of record that has an endpoint."""

import re
from pathlib import Path

import pytest

import embedded_intercom
from embedded_intercom.faults.plan import KINDS
from embedded_intercom.routes import MODULES
from embedded_intercom.settings import ServerSettings

ROOT = Path(embedded_intercom.__file__).parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROUTES = [route for module in MODULES for route in module.routes]


def test_every_option_is_named_with_its_default():
    rows = dict(re.findall(r"^\| `--([a-z-]+)` \| (.+?) \|", README, re.MULTILINE))
    fields = ServerSettings.model_fields
    assert {name.replace("-", "_") for name in rows} == set(fields)
    for name, shown in rows.items():
        default = fields[name.replace("-", "_")].default
        expected = "now" if name == "start-time" else "none" if default in (None, "") else f"`{default}`"
        assert shown == expected, name


def test_every_kind_of_fault_is_named():
    table = README[README.index("| kind |") : README.index("What struck is")]
    named = {
        kind for cell in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE) for kind in re.findall(r"`(\w+)`", cell)
    }
    assert named == set(KINDS)


def test_every_call_of_its_own_is_named():
    own = {(route.method, route.template) for route in ROUTES if route.template.startswith("/__embedded/")}
    named = set()
    for methods, path in re.findall(r"^\| (`[A-Z`, ]+?) (/__embedded/[a-z/{}]+)`", README, re.MULTILINE):
        named |= {(method, path) for method in re.findall(r"[A-Z]+", methods)}
    assert named == own


@pytest.mark.parametrize("first", sorted({route.template.split("/")[1] for route in ROUTES} - {"__embedded", "me"}))
def test_every_kind_of_record_is_said_to_be_covered(first):
    covered = README[README.index("## What is covered") : README.index("Not covered")].casefold()
    assert re.sub("_", " ", first) in covered


def test_every_package_is_in_the_table():
    rows = set(re.findall(r"^\| `([a-z]+)/` \|", README, re.MULTILINE))
    assert rows == {path.parent.name for path in ROOT.glob("*/__init__.py")}
