"""The workspace that is written to is the one that a person has named, or one that was written to before."""

import pytest

from migration_assets.workspace.named import Opened, judge_name

ACME = Opened("abc123", "Acme", "eu")


@pytest.mark.parametrize(
    ("named", "known", "writes", "ok", "sentence"),
    [
        (
            None,
            (),
            True,
            False,
            "Nothing was written to the workspace 'Acme' (abc123, eu) yet. To write to it",
        ),
        (None, (), False, True, "name it: INTERCOM_WORKSPACE=Acme"),
        (None, ("abc123",), True, True, "Earlier runs wrote to the workspace 'Acme'"),
        ("Acme", (), True, True, "names the workspace 'Acme'"),
        ("acme", (), True, False, "but INTERCOM_WORKSPACE says 'acme'"),
        ("Acme [TEST]", ("abc123",), True, False, "but INTERCOM_WORKSPACE says 'Acme [TEST]'"),
        ("Other", (), False, False, "Use the token of that workspace"),
    ],
)
def test_a_workspace_is_judged_by_its_name(named, known, writes, ok, sentence):
    judged = judge_name(ACME, named, known, writes=writes)
    assert (judged.ok, sentence in judged.sentence) == (ok, True), judged


def test_a_workspace_without_a_region_is_shown_so():
    assert str(Opened("a", "Acme", None)) == "'Acme' (a, region unknown)"
