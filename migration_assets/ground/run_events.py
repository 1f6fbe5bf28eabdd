"""What a run's events say of its checks and its steps, as plain values: for the terminal and for alerts."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import dagster as dg

READ = {
    dg.DagsterEventType.ASSET_CHECK_EVALUATION,
    dg.DagsterEventType.STEP_FAILURE,
    dg.DagsterEventType.STEP_SUCCESS,
    dg.DagsterEventType.ENGINE_EVENT,
    dg.DagsterEventType.RUN_FAILURE,
}
"""The types of events that are looked at."""


class FaultCode(StrEnum):
    """What a step's `dagster.Failure` says of itself in its metadata, beside its sentence for people."""

    STOPPED = "stopped"
    """A person stopped it."""

    @property
    def metadata(self) -> dict[str, str]:
        """The metadata of a `dagster.Failure` with this code."""
        return {_CODE: self.value}


_CODE = "code"


@dataclass(frozen=True)
class CheckResult:
    """How an asset check went. `numbers` are those of its metadata; nothing else of it is kept."""

    name: str
    passed: bool
    stops: bool
    """Whether it is of severity ERROR, rather than WARN."""
    words: str
    numbers: dict[str, float] = field(default_factory=dict)
    place: int = field(default=0, compare=False)
    """Among the events of the run."""


@dataclass(frozen=True)
class StepFault:
    """A step that failed, or the run itself, and why."""

    step: str
    words: str
    error: str | None = None
    """The class of an exception that nobody foresaw; None where the words are this program's (`dagster.Failure`)."""
    code: str | None = None
    """The `FaultCode` of a `dagster.Failure`, where it has one."""
    place: int = field(default=0, compare=False)
    """Among the events of the run."""


@dataclass(frozen=True)
class RunEvents:
    """The checks and faults of a run, in their order, and the steps that went well."""

    checks: tuple[CheckResult, ...] = ()
    faults: tuple[StepFault, ...] = ()
    done: frozenset[str] = frozenset()

    def sentences(self) -> list[str]:
        """Return a sentence per failed check of severity ERROR and per fault, in the order in which they happened."""
        failed = [
            (check.place, f"{check.name}: {check.words}") for check in self.checks if not check.passed and check.stops
        ]
        failed += [(fault.place, f"{fault.step}: {fault.words}") for fault in self.faults]
        return [words for _, words in sorted(failed, key=lambda one: one[0])]

    @property
    def was_stopped(self) -> bool:
        """Whether a person stopped the run, rather than a fault."""
        return any(fault.code == FaultCode.STOPPED for fault in self.faults)


def read_events(events: Iterable[dg.DagsterEvent]) -> RunEvents:
    """Read a run's events. Where no step failed, the run's own failure is the fault."""
    given = list(events)
    checks = tuple(_checks(given))
    faults = tuple(_faults(given))
    if not faults and all(check.passed or not check.stops for check in checks):
        faults = tuple(_before_the_first_step(given))
    done = frozenset(name_of(event.step_key) for event in given if event.event_type == dg.DagsterEventType.STEP_SUCCESS)
    return RunEvents(checks, faults, done)


def name_of(step_key: str | None) -> str:
    """Return a step's name as the asset's key."""
    return (step_key or "run").replace("__", "/")


def _checks(events: list[dg.DagsterEvent]) -> Iterator[CheckResult]:
    for place, event in enumerate(events):
        if event.event_type != dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            continue
        check = event.asset_check_evaluation_data
        numbers = {name: value.value for name, value in check.metadata.items() if isinstance(value, _NUMERIC)}
        yield CheckResult(
            name=f"{check.asset_key.to_user_string()}: {check.check_name}",
            passed=check.passed,
            stops=check.severity == dg.AssetCheckSeverity.ERROR,
            words=check.description or "failed",
            numbers={name: value for name, value in numbers.items() if value is not None},
            place=place,
        )


_OWN_FAILURE = re.compile(r"^[\w.]+\.Failure: ")
"""What Python writes before the sentence of a `dagster.Failure` that a resource has raised."""
_NUMERIC = (dg.IntMetadataValue, dg.FloatMetadataValue)


def _faults(events: list[dg.DagsterEvent]) -> Iterator[StepFault]:
    for place, event in enumerate(events):
        if event.event_type != dg.DagsterEventType.STEP_FAILURE:
            continue
        data = event.step_failure_data
        if data.error is not None and data.error.cls_name == "DagsterAssetCheckFailedError":
            continue  # the check has spoken for itself
        step, own = name_of(event.step_key), data.user_failure_data
        if own is None or not own.description:
            yield replace(_fault(step, data.error), place=place)
            continue
        code = own.metadata.get(_CODE)
        yield StepFault(step, own.description, code=str(code.value) if code is not None else None, place=place)


def _before_the_first_step(events: list[dg.DagsterEvent]) -> list[StepFault]:
    """Return why the run failed when none of its steps did: something that all of them need could not be had."""
    return [
        _fault("run", error)
        for event in events
        if (error := getattr(event.event_specific_data, "error", None)) is not None
    ][:1]


def _fault(step: str, error: Any) -> StepFault:  # noqa: ANN401 - Dagster's serializable error
    """Return the exception that began it, by the last line of its words, without its traceback."""
    while error is not None and error.cause is not None:
        error = error.cause
    if error is None:
        return StepFault(step, "failed")
    words = _OWN_FAILURE.sub("", error.message.strip().splitlines()[-1])
    return StepFault(step, words, None if error.cls_name == "Failure" else error.cls_name)
