"""`make audit`: what it finds makes it fail, and what it could not ask is said."""

import json
import sys

import pytest

from tests.security.audit import NOT_ASKED, Advice, ask_for_advice, look_at_code, main, read_advice

FOUND = {
    "dependencies": [
        {"name": "a", "version": "1", "vulns": []},
        {
            "name": "b",
            "version": "2",
            "vulns": [{"id": "X-1", "fix_versions": ["3"]}, {"id": "Y", "fix_versions": []}],
        },
        {"name": "c", "skip_reason": "not known"},
    ]
}


@pytest.mark.slow
def test_nothing_is_found_in_the_code():
    assert look_at_code() == 0


def test_a_weakness_in_the_code_is_found(tmp_path, capfd):
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "weak.py").write_text(
        "import subprocess\nsubprocess.run(input(), shell=True)\neval(input())\n"
    )
    assert look_at_code(tmp_path, ["package"]) == 1
    assert "B602" in capfd.readouterr().out


def program(tmp_path, out, err="", code=1):
    """Return a program that says what pip-audit would."""
    (tmp_path / "said.py").write_text(
        f"import sys\nsys.stdout.write({out!r})\nsys.stderr.write({err!r})\nraise SystemExit({code})\n"
    )
    return (sys.executable, str(tmp_path / "said.py"))


def test_known_advisories_are_named(tmp_path):
    advice = ask_for_advice(program(tmp_path, json.dumps(FOUND)))
    assert advice == Advice(True, ("b 2: X-1, mended in 3.", "b 2: Y, mended in none."))
    assert ask_for_advice(program(tmp_path, '{"dependencies": []}', code=0)) == Advice(True, ())


def test_without_a_network_it_is_said_that_nothing_was_asked(tmp_path):
    advice = ask_for_advice(program(tmp_path, "", "ERROR:x\nCould not connect"))
    assert advice == Advice(False, (NOT_ASKED.format("Could not connect"),))
    assert ask_for_advice((str(tmp_path / "nothing"),)).asked is False
    assert read_advice("[]", "").sentences == (NOT_ASKED.format("it said nothing"),)


@pytest.mark.parametrize(
    ("code", "advice", "ends"),
    [
        (0, Advice(True, ()), 0),
        (0, Advice(False, ("not asked",)), 0),
        (0, Advice(True, ("b 2",)), 1),
        (1, Advice(False, ("not asked",)), 1),
        (1, Advice(True, ()), 1),
    ],
)
def test_what_was_found_decides_and_what_was_not_asked_does_not(code, advice, ends, capsys):
    assert main(lambda: code, lambda: advice) == ends
    assert all(sentence in capsys.readouterr().out for sentence in advice.sentences)
