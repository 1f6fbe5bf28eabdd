"""What people are told about a run that has ended: which checks failed, with their numbers, and which hold again.

Only counts, names of checks and steps, and sentences of this program's own are told: never what a customer wrote.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from migration_assets.ground.run_events import CheckResult, RunEvents, StepFault
from resources.notifier import Failing, Kind
from resources.redaction import mask, mask_addresses
from resources.wording import counted, number
from schemas.source import SOURCE

SHOWN = 20
"""Checks or steps of one kind that a message lists; what is beyond is counted."""
LONGEST = 600
"""Characters of one sentence; the rest is on the run's page."""

Status = Literal["success", "failure", "cancelled"]
ENDED: Mapping[Status, str] = {
    "success": "ended",
    "failure": "failed",
    "cancelled": "was cancelled",
}


@dataclass(frozen=True)
class EndedRun:
    """A run that has ended: its job, how, what happened in it, and what was said of it while it went on."""

    run_id: str
    job: str
    status: Status
    events: RunEvents
    at: float
    """When it ended, in unix seconds."""
    was_stuck: bool = False


@dataclass(frozen=True)
class Told:
    """What is to be told, if anything, and what fails now."""

    title: str = ""
    body: str = ""
    kind: Kind = "info"
    failing: dict[str, Failing] = field(default_factory=dict)

    @property
    def is_something(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.title)


def tell_of(run: EndedRun, failing: Mapping[str, Failing], where: Sequence[str]) -> Told:
    """Decide what a run's end is worth telling.

    A run that did not succeed is always told, one that did if a check failed, or if what failed before holds again.

    Args:
        run: the run.
        failing: what failed the last time it was tried.
        where: lines that say where to look; they end the message.
    """
    events = run.events
    checks = [check for check in events.checks if not check.passed]
    now = [check.name for check in checks] + [fault.step for fault in events.faults]
    # A run may be told of late: what failed after it is not well because of it.
    older = {name for name, known in failing.items() if known.at <= run.at}
    again = sorted(name for name in older if name not in now and _is_well(name, run))
    left = {name: known for name, known in failing.items() if name not in again}
    left |= {name: _still(failing.get(name), run) for name in now}
    if run.status == "success" and not checks and not again and not run.was_stuck:
        return Told(failing=left)
    stopping, warnings = ([check for check in checks if check.stops is wanted] for wanted in (True, False))
    sections = [
        *_section("Failed checks", [_check(check, failing) for check in stopping]),
        *_section("Failed steps", [_fault(fault, failing) for fault in events.faults]),
        *_section("Warnings", [_check(check, failing) for check in warnings]),
        *_section("Well again", [f"{name}: {_again(name, run)}" for name in again]),
    ]
    if run.was_stuck:
        sections.insert(0, "It was said to be stuck; it has ended.")
    return Told(
        title=f"{SOURCE} to Intercom: {_title(run, stopping, warnings, again)}",
        body="\n\n".join([*sections, "\n".join(where)]),
        kind="failure" if run.status == "failure" or stopping else "warning" if checks else "success",
        failing=left,
    )


def _still(known: Failing | None, run: EndedRun) -> Failing:
    if known is None:
        return Failing(since=run.run_id, at=run.at)
    return Failing(since=known.since, at=max(known.at, run.at))


def _passed(run: EndedRun) -> set[str]:
    return {check.name for check in run.events.checks if check.passed}


def _is_well(name: str, run: EndedRun) -> bool:
    """Whether what failed before is known to have gone well in this run; what was not tried is not."""
    return name in _passed(run) or name in run.events.done or (name == "run" and run.status == "success")


def _title(
    run: EndedRun, stopping: Sequence[CheckResult], warnings: Sequence[CheckResult], again: Sequence[str]
) -> str:
    if run.events.was_stopped:
        return f"{run.job} was stopped by a person"
    counts = [counted(len(stopping), "failed check")] if stopping else []
    counts += [counted(len(warnings), "warning")] if warnings else []
    counts += [f"{number(len(again))} well again"] if again else []
    return f"{run.job} {ENDED[run.status]}" + (f": {', '.join(counts)}" if counts else "")


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        beyond = [f"- and {number(len(lines) - SHOWN)} more"] if len(lines) > SHOWN else []
        yield "\n".join([f"{title}:", *(f"- {line}" for line in lines[:SHOWN]), *beyond])


def _check(check: CheckResult, failing: Mapping[str, Failing]) -> str:
    still = " (still)" if check.name in failing else ""
    numbers = ", ".join(f"{name} {value:,}" for name, value in check.numbers.items())
    return f"{check.name}{still}: {_clean(check.words)}" + (f"\n  {numbers}" if numbers else "")


def _fault(fault: StepFault, failing: Mapping[str, Failing]) -> str:
    still = " (still)" if fault.step in failing else ""
    # An exception that nobody foresaw may repeat a value that it stumbled over.
    words = _clean(fault.words) if fault.error is None else f"{fault.error}; its words are on the run's page"
    return f"{fault.step}{still}: {words}"


def _again(name: str, run: EndedRun) -> str:
    return "the check holds again" if name in _passed(run) else "it went through again"


def _clean(words: str) -> str:
    told = mask_addresses(mask(" ".join(words.split())))
    return told if len(told) <= LONGEST else f"{told[:LONGEST].rstrip()} …"
