"""What a person may choose for a run, in one list: make's variables, the command line, the launchpad and the messages.

`make help` runs this file before anything is set up, so it stands on Python alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LOADS = ("migrate", "delta", "cutover")
"""The commands that load."""
PLANS = (*LOADS, "dry-run")
"""Those that plan a load, one of which only says what it would do."""


@dataclass(frozen=True)
class RunOption:
    """One choice: the option's name in a run's configuration, and how it is typed.

    As `make COMMAND VARIABLE=word`, or `itco-migration COMMAND --variable word`. An option without a variable is a
    command of its own, which its `commands` has. `word` is what is typed, or says in capitals of what kind it is.
    """

    field: str
    variable: str
    word: str
    meaning: str
    commands: tuple[str, ...]

    @property
    def flag(self) -> str:
        """How the command line names it."""
        return f"--{self.variable.lower()}"

    @property
    def environment(self) -> str:
        """The variable of the environment by which make hands it on."""
        return f"MIGRATION_{self.variable}"

    @property
    def fixed(self) -> bool:
        """Whether the word itself is typed."""
        return self.word.islower() and "|" not in self.word


ROUTES = ("ticket", "conversation")
RUN_OPTIONS: tuple[RunOption, ...] = (
    RunOption(
        "limit",
        "LIMIT",
        "NUMBER",
        "Load at most this many tickets, oldest first, with the contacts they need: a pilot load. Unset: all.",
        PLANS,
    ),
    RunOption(
        "route",
        "ROUTE",
        "|".join(ROUTES),
        "Which API route tickets take; overrides settings.route of the mapping.",
        PLANS,
    ),
    RunOption(
        "retry_failed",
        "RETRY",
        "failed",
        "Send again what Intercom rejected before, even if it has not changed.",
        PLANS,
    ),
    RunOption(
        "restore_deleted",
        "RESTORE",
        "deleted",
        "Write again what was loaded and has been deleted in Intercom since.",
        PLANS,
    ),
    RunOption(
        "accept_vanished",
        "ACCEPT",
        "vanished",
        "Load the drop although more of what was loaded is missing from it than settings.vanished_share allows.",
        PLANS,
    ),
    RunOption(
        "accept_older",
        "ACCEPT",
        "older",
        "Load the drop although it was exported before the one that was loaded last.",
        PLANS,
    ),
    RunOption(
        "freeze",
        "FREEZE",
        "TIME",
        "Since when nobody works in the source any more, which the cutover must be told: a time with its zone, such as "
        "2026-11-28T20:00:00+01:00.",
        ("cutover",),
    ),
    RunOption(
        "verify_only",
        "ONLY",
        "differences",
        "Verify everything, or look again at what differed the last time.",
        ("verify",),
    ),
    RunOption("resync", "", "", "Send again what differed from the target when it was last verified.", ("resync",)),
    RunOption(
        "complete_journal",
        "",
        "",
        "The journal was lost or is older than what is in Intercom: ask Intercom for every ticket and message before "
        "it is sent.",
        ("rebuild-journal",),
    ),
)
"""Every choice, in the order in which they are shown."""

BY_FIELD = {option.field: option for option in RUN_OPTIONS}
ONE_BY_ONE = {option.commands[0]: option for option in RUN_OPTIONS if not option.variable}
"""The options that are a command of their own, by that command: what `migrate` does, with the option."""


def meaning(field: str) -> str:
    """Return what an option means, as the launchpad, the command line and `make help` say it."""
    return BY_FIELD[field].meaning


def make(command: str, field: str | None = None, word: str | None = None) -> str:
    """Return the complete command that a message names: `make migrate RETRY=failed`.

    Raises:
        ValueError: the command does not know the option, or the option wants a word of its own.
    """
    if field is None:
        return f"make {command}"
    option = BY_FIELD[field]
    if command not in option.commands or not option.variable:
        raise ValueError(f"{command} does not know the option {field}")
    if word is None and not option.fixed:
        raise ValueError(f"the option {field} wants a word: {option.word}")
    return f"make {command} {option.variable}={word or option.word}"


def by_variable(command: str | None = None) -> dict[str, list[RunOption]]:
    """Return the options by make's variable, those of a command alone where one is named."""
    found: dict[str, list[RunOption]] = {}
    for option in RUN_OPTIONS:
        if option.variable and (command is None or command in option.commands):
            found.setdefault(option.variable, []).append(option)
    return found


def _help(width: int = 120) -> Iterator[str]:
    """Say for `make help` what each variable is for."""
    for variable, options in by_variable().items():
        for option in options:
            typed = f"{variable}={option.word.lower()}"
            words = f"{option.meaning} ({', '.join(option.commands)})".split()
            yield from _folded(f"{typed:<27}", words, width)


def _folded(begin: str, words: Sequence[str], width: int) -> Iterator[str]:
    line = begin
    for word in words:
        if len(line) + len(word) > width:
            yield line.rstrip()
            line = " " * len(begin)
        line += f"{word} "
    yield line.rstrip()


if __name__ == "__main__":
    print("\n".join(_help()))
