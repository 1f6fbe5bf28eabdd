"""How the commands end: one table, in the code and in the README, and which run gets which code."""

import re
from pathlib import Path

import pytest

from migration_assets.launch import differs
from resources.exit_codes import MEANINGS, ExitCode, of_run
from tests.support.certificates import certificate

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_readme_has_the_table():
    rows = dict(re.findall(r"^\| (\d+) \| (.+) \|$", README, re.M))
    assert rows == {str(code.value): words for code, words in MEANINGS.items()}
    assert set(MEANINGS) == set(ExitCode)


@pytest.mark.parametrize(
    ("verdict", "given", "code"),
    [
        ("complete", {}, 0),
        ("complete", {"strict": True}, 0),
        ("partial", {}, 0),
        ("partial", {"strict": True}, 3),
        ("failed", {}, 1),
        ("failed", {"strict": True}, 1),
        ("complete", {"success": False}, 1),
        ("complete", {"differs": True}, 1),
        ("partial", {"differs": True, "strict": True}, 1),
        ("failed", {"success": False, "stopped": True}, 130),
        ("partial", {"success": False, "stopped": True, "strict": True}, 130),
        ("complete", {"stopped": True}, 0),
    ],
)
def test_every_end_has_its_code(verdict, given, code):
    assert of_run(verdict, **{"success": True, "stopped": False} | given) == code


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        ({}, False),
        ({"different": 1}, True),
        ({"missing": 1}, True),
        ({"orphaned": 1}, True),
        ({"left": 1}, True),
        ({"healed": 1}, False),
    ],
)
def test_anything_that_differs_is_a_verification_that_failed(found, wrong):
    assert differs(certificate(**found)) is wrong
