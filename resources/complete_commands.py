"""Commands as they are printed for the folders of this run: complete, so that they can be pasted.

The Makefile has folders of its own where none are typed, so that `make migrate` by itself would go to another state
folder than the run that names it. What the run was given that is not a default is repeated, behind each command.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from resources.pasting import assignment
from schemas.settings import PROJECT, Settings

OVER_THE_DROP = frozenset(
    [
        "migrate",
        "delta",
        "cutover",
        "dry-run",
        "resync",
        "rebuild-journal",
        "verify",
        "hypercare",
        "ui",
        "probe",
        "spot-check",
        "verify-certificate",
        "rollback",
    ]
)
"""Commands that read the drop and the mapping as well as the state folder."""
OVER_THE_STATE = frozenset(
    ["status", "failures", "pause", "resume", "stop", "backup", "restore", "wipe", "inbox", "alert-test", "settings"]
)
"""Commands that need only the state folder."""
_VALUE = r"(?:'[^']*'|\"[^\"]*\"|[^\s`\"',;.)<]+)+"
_TARGETS = "|".join(sorted(OVER_THE_DROP | OVER_THE_STATE, key=lambda name: (-len(name), name)))
_COMMAND = re.compile(rf"\bmake ({_TARGETS})(?![\w-])((?: [A-Z]+={_VALUE})*)")


def folders_of(settings: Settings) -> dict[str, str]:
    """Return what must be typed for the folders of these settings, by variable; defaults need not be typed."""
    return folders(extract=settings.extract, map=settings.map, state=settings.state)


def folders(**paths: Path) -> dict[str, str]:
    """Return what must be typed for these paths, by variable; each is named as its setting is."""
    typed = {}
    for name, path in paths.items():
        variable = name.upper()
        if path != Settings.model_fields[name].default:
            shown = path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path
            typed[variable] = assignment(variable, str(shown))
    # A folder whose name no line can hold is left for the person to name.
    return {variable: words for variable, words in typed.items() if words is not None}


def complete(text: str, folders: Mapping[str, str]) -> str:
    """Return a text with the folders behind every command in it, but for those that the command names itself."""
    return _COMMAND.sub(lambda found: _completed(found, folders), text) if folders else text


def _completed(found: re.Match[str], folders: Mapping[str, str]) -> str:
    target, given = found.groups()
    wanted = [
        words
        for variable, words in folders.items()
        if (variable == "STATE" or target in OVER_THE_DROP) and f" {variable}=" not in given
    ]
    return " ".join([found.group(), *wanted])
