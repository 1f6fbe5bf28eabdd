"""A workspace is called what somebody in Intercom likes: a line with its name can be pasted, or is not shown."""

import shlex
import subprocess

import pytest

from migration_assets.launch_rollback import how_to_confirm
from migration_assets.rollback.step import require_confirmed
from migration_assets.workspace.named import Opened, judge_name
from schemas.settings import PROJECT

PRINTABLE = (
    "Acme",
    "Acme Support [TEST]",
    "$(touch ran)",
    "`touch ran`",
    'a" ; touch ran ; "',
    "it's; touch ran; '",
    "a\\",
    "!!",
    "~root",
    "-x",
    "größer",
)
UNPRINTABLE = ("a\ntouch ran\n", "a\rtouch ran", "\x1b]0;title\x07", "a\u202eb", "a\x00b", " a", "a\u2028b", "")


def sentences(name):
    """Return every sentence that tells a person to type the name, and the variable that it is typed into."""
    with pytest.raises(Exception, match="This would delete from") as refused:
        require_confirmed("something else", name)
    yield "CONFIRM", str(refused.value.description)
    yield "CONFIRM", how_to_confirm(name)
    yield "INTERCOM_WORKSPACE", judge_name(Opened("abc123", name, "eu"), None, (), writes=True).sentence


@pytest.mark.parametrize("name", PRINTABLE)
def test_a_line_for_pasting_gives_the_shell_exactly_the_name(name, tmp_path):
    for variable, sentence in sentences(name):
        pasted = f"{variable}={sentence.partition(f'{variable}=')[2]}"
        script = f'{pasted}\nprintf %s "${variable}"'
        done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True)
        assert (done.stdout, done.stderr) == (name, "")
        assert not list(tmp_path.iterdir()), "something in the name was executed"
        assert shlex.split(pasted) == [f"{variable}={name}"]


@pytest.mark.parametrize("name", [name for name in UNPRINTABLE if name])
def test_a_name_that_a_terminal_would_act_on_is_shown_escaped_and_in_no_line(name):
    for variable, sentence in sentences(name):
        assert sentence.isprintable()
        assert f"{variable}=" not in sentence
        assert f"The name {name!r} holds characters that no line for pasting can" in sentence


def test_nothing_else_shows_such_a_line():
    for folder in ("migration_assets", "resources", "schemas"):
        for file in (PROJECT / folder).rglob("*.py"):
            text = file.read_text(encoding="utf-8")
            assert "CONFIRM={" not in text, file
            assert 'CONFIRM="{' not in text, file
            assert "WORKSPACE={" not in text, file
            assert 'WORKSPACE="{' not in text, file
