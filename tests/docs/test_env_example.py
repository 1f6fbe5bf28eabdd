"""`.env.example` names every setting, with its meaning and its default; the settings themselves say what it must be."""

import re
import shlex

from schemas.settings import PROJECT, Settings, settings_table

FILE = PROJECT / ".env.example"


def in_a_line(meaning):
    """Return what a setting means in a sentence, and what holds where it is unset."""
    first, *others = re.split(r"(?<=\.) (?=[A-Z0-9])", meaning)
    return " ".join([first, *(other for other in others if other.startswith("Unset: "))])


def lines():
    """Return a comment and an assignment that is commented out, for each setting in turn."""
    # Neither this machine's environment nor a file is read for the defaults.
    for variable, value, meaning in settings_table(Settings.model_construct()):
        shown = value.removeprefix(f"{PROJECT}/")
        yield f"# {in_a_line(meaning)}"
        yield f"# {variable}={shlex.quote(shown) if shown else ''}"


def test_it_has_every_setting_with_its_meaning_and_its_default():
    written = FILE.read_text(encoding="utf-8").splitlines()
    heading = written.index("")
    assert [line for line in written[heading:] if line] == list(lines())


def test_it_sets_nothing_as_it_stands():
    """Whoever copies it has the defaults until they change a line; a secret cannot be in it."""
    assert [line for line in FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("# ")] == []


def test_it_says_which_of_them_make_sets_itself():
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    exported = re.findall(r"^export (\w+) *:= \$\(value (\w+)\)", makefile, re.M)
    assert exported
    heading = FILE.read_text(encoding="utf-8").split("\n\n")[0]
    assert {(name, variable) for name, variable in re.findall(r"(MIGRATION_\w+) \((\w+)=", heading)} == set(exported)
