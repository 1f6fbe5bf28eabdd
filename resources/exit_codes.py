"""How the commands end, as one table: the exit codes of `itco-migration`, and when each is given."""

from enum import IntEnum

from schemas.source import SOURCE


class ExitCode(IntEnum):
    """The codes. `make` has codes of its own: whatever a command ends with, make ends with 0 or with 2."""

    DONE = 0
    FAILED = 1
    COULD_NOT_START = 2
    PARTIAL = 3
    STOPPED = 130


MEANINGS = {
    ExitCode.DONE: "It was done. A run ended `complete`; or `partial`, which its table and its report say.",
    ExitCode.FAILED: "A run ended `failed`; `verify` found anything that differs; a command could not do its work.",
    ExitCode.COULD_NOT_START: f"Nothing was begun: a setting, the mapping, the folder of {SOURCE}'s files or what was "
    "typed is wrong, or another run is going on.",
    ExitCode.PARTIAL: "A run ended `partial`, and `STRICT=1` is set (`MIGRATION_STRICT`, for cron and CI).",
    ExitCode.STOPPED: "Somebody stopped it; nothing is lost, and the same command goes on.",
}


def of_run(verdict: str, *, success: bool, stopped: bool, differs: bool = False, strict: bool = False) -> ExitCode:
    """Return the code of a run.

    Args:
        verdict: that of its certificate.
        success: whether all its steps and blocking checks went well.
        stopped: whether a person stopped it.
        differs: whether a verification found anything that is not as it should be.
        strict: whether a partial run has a code of its own.
    """
    if not success and stopped:
        return ExitCode.STOPPED
    if verdict == "failed" or not success or differs:
        return ExitCode.FAILED
    return ExitCode.PARTIAL if strict and verdict == "partial" else ExitCode.DONE
