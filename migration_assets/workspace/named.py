"""Whether the workspace that the token opens is the one that is meant: a token of another one opens just as well."""

from collections.abc import Collection
from dataclasses import dataclass

from resources.pasting import assignment, shown, unpasteable

SETTING = "INTERCOM_WORKSPACE"


@dataclass(frozen=True)
class Opened:
    """The workspace that the token opens."""

    app_id: str
    name: str
    region: str | None

    def __str__(self) -> str:
        return f"{shown(self.name)} ({self.app_id}, {self.region or 'region unknown'})"


@dataclass(frozen=True)
class Judgement:
    """Whether it may be written to, and the sentence that says why, or what to do."""

    ok: bool
    sentence: str


def judge_name(opened: Opened, named: str | None, known: Collection[str], *, writes: bool) -> Judgement:
    """Say whether a run may go on in a real workspace.

    Args:
        opened: the workspace that the token opens.
        named: the name that a person gave; None for none.
        known: ids of the workspaces that earlier runs wrote to.
        writes: whether the run is to write; one that only plans needs no name.
    """
    if named is not None and named != opened.name:
        return Judgement(
            ok=False,
            sentence=f"The token opens the workspace {opened}, but {SETTING} says {named!r}. Use the token of that "
            "workspace, or give the exact name of this one.",
        )
    if named is not None:
        return Judgement(ok=True, sentence=f"{SETTING} names the workspace {opened}.")
    if opened.app_id in known:
        return Judgement(ok=True, sentence=f"Earlier runs wrote to the workspace {opened}.")
    line = assignment(SETTING, opened.name)
    how = unpasteable(SETTING, opened.name) if line is None else f"To write to it, name it: {line}"
    return Judgement(ok=not writes, sentence=f"Nothing was written to the workspace {opened} yet. {how}")
