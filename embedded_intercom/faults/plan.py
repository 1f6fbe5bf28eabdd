"""What the embedded workspace does wrong on purpose: the rules, and the ways of writing them down.

A plan is a seed and rules. It is written as JSON (`{"seed": 7, "rules": [{"kind": "before", "share": 0.01}]}`), as
the path of a file that holds such JSON, or in short: `before=0.01 slow=0.01,seconds=0.5 outage,nth=500,seconds=2
after=0.05,calls="POST /tickets"`. How a rule strikes is in `stage.py`.
"""

import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

RECORDS = ("contacts", "companies", "conversations", "tickets")


class FaultPlanError(ValueError):
    """A plan that cannot be used; the message has a sentence per fault."""


@dataclass(frozen=True)
class FaultKind:
    """What a kind of fault does, the statuses it may answer, and what else a rule of it may say."""

    meaning: str
    statuses: tuple[int, ...] = ()
    seconds: float | None = None
    """The default of `seconds`; None where the kind knows none."""
    in_a_row: int | None = None
    """The default of `in_a_row`; None where the kind knows none."""
    records: bool = False


KINDS: dict[str, FaultKind] = {
    "before": FaultKind("An error instead of the effect.", (500, 502, 503, 504)),
    "after": FaultKind("The effect, but an error as its answer: an ambiguous write.", (500, 502, 503, 504)),
    "reset": FaultKind("The effect, then half of its answer, then the connection is cut."),
    "reset_before": FaultKind("The connection is cut instead of the effect."),
    "never": FaultKind("The effect, but no answer: the connection stays open until the client gives up."),
    "late": FaultKind("The effect only `seconds` after the call came in, and no answer before.", seconds=5.0),
    "slow": FaultKind("The effect at once, its answer `seconds` later.", seconds=1.0),
    "limited": FaultKind(
        "429 without effect for this and the next calls, `in_a_row` in all; at the latest after `seconds`, which "
        "the answers name as the end of the window, they are over.",
        seconds=10.0,
        in_a_row=5,
    ),
    "outage": FaultKind("For `seconds` every call gets an error, without effect.", (500, 502, 503, 504), 10.0),
    "outage_cut": FaultKind("For `seconds` every call's connection is cut, without effect.", seconds=10.0),
    "revoked": FaultKind("From here on every call is refused with 401 token_revoked, until the plan is cleared."),
    "malformed": FaultKind("The effect, then 200 with JSON that ends in the middle."),
    "html": FaultKind("A page in HTML, 200, instead of the effect: a captive portal in between."),
    "shortened": FaultKind("The effect with half of the name, title or text that was sent; the answer shows it so."),
    "edited": FaultKind("A colleague changes a record that was written earlier.", records=True),
    "deleted": FaultKind("A colleague deletes a record that was written earlier.", records=True),
}
"""Every kind of fault; `seconds`, `in_a_row` and `records` are for those that name them."""


class FaultRule(BaseModel):
    """One kind of fault: which calls it may strike, how often, and its details."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    calls: str = Field(
        default="all", description='all, reads, writes, or an endpoint such as "POST /tickets/{id}/reply"'
    )
    share: float | None = Field(default=None, ge=0, le=1, description="this share of the calls, 0 to 1")
    nth: int | None = Field(default=None, ge=1, description="only the n-th of the calls")
    from_call: int | None = Field(default=None, ge=1, description="every one of the calls from the n-th on")
    times: int | None = Field(default=None, ge=1, description="at most so often")
    seconds: float | None = Field(default=None, gt=0, le=3600)
    status: int | None = None
    in_a_row: int | None = Field(default=None, ge=1)
    records: tuple[str, ...] | None = Field(default=None, description="of these kinds only; any if not given")

    @field_validator("kind")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in KINDS:
            raise ValueError(f"there is no kind {value!r}; the kinds are {', '.join(KINDS)}")
        return value

    @field_validator("calls")
    @classmethod
    def _calls(cls, value: str) -> str:
        method, _, path = value.partition(" ")
        if value not in ("all", "reads", "writes") and not (method.isupper() and path.startswith("/")):
            raise ValueError(f"{value!r} is neither all, reads, writes nor an endpoint such as 'POST /tickets'")
        return value

    @field_validator("records", mode="before")
    @classmethod
    def _records(cls, value: object) -> object:
        given = value.split("+") if isinstance(value, str) else value
        if isinstance(given, list | tuple):
            for name in given:
                if name not in RECORDS:
                    raise ValueError(f"there are no records {name!r}; there are {', '.join(RECORDS)}")
        return given

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if sum(given is not None for given in (self.share, self.nth, self.from_call)) != 1:
            raise ValueError("say how often by exactly one of share, nth and from_call")
        kind = KINDS[self.kind]
        if self.status is not None and self.status not in kind.statuses:
            allowed = f"one of {', '.join(map(str, kind.statuses))}" if kind.statuses else "none"
            raise ValueError(f"status {self.status} is not for {self.kind!r}, which takes {allowed}")
        known = {"seconds": kind.seconds is not None, "in_a_row": kind.in_a_row is not None, "records": kind.records}
        for name, takes in known.items():
            if getattr(self, name) is not None and not takes:
                raise ValueError(f"{name} means nothing for {self.kind!r}")
        return self

    @property
    def lasts(self) -> float:
        """The rule's seconds, or its kind's."""
        return self.seconds or KINDS[self.kind].seconds or 0.0

    @property
    def row(self) -> int:
        """The rule's calls in a row, or its kind's."""
        return self.in_a_row or KINDS[self.kind].in_a_row or 1


class FaultPlan(BaseModel):
    """All that goes wrong on purpose; the same seed, rules and calls give the same faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: int = 1
    rules: tuple[FaultRule, ...] = ()

    def as_text(self) -> str:
        """Return the plan as JSON without what it leaves open; `parse_faults` reads it back."""
        return self.model_dump_json(exclude_none=True)


def parse_faults(text: str, seed: int = 1) -> FaultPlan:
    """Read a plan from JSON, a JSON file's path, or the short form.

    Args:
        text: any of the three.
        seed: the seed of a plan that names none.

    Raises:
        FaultPlanError: it is none of these, or says something that cannot be.
    """
    text = text.strip()
    path = Path(text).expanduser()
    if text.endswith(".json") and not text.startswith("{"):
        try:
            text = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as reason:
            raise FaultPlanError(f"The fault plan {path} cannot be read ({type(reason).__name__}).") from None
    return make_plan(_json(text) if text.startswith("{") else {"rules": [_rule(word) for word in _words(text)]}, seed)


def make_plan(data: dict[str, Any], seed: int = 1) -> FaultPlan:
    """Check a plan that is parsed already.

    Raises:
        FaultPlanError: it says something that cannot be.
    """
    try:
        return FaultPlan.model_validate({"seed": seed, **data})
    except ValidationError as error:
        raise FaultPlanError(" ".join(map(_sentence, error.errors(include_url=False)))) from None


def _json(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError as reason:
        raise FaultPlanError(f"The fault plan is not JSON: {reason}.") from None
    if not isinstance(data, dict):
        raise FaultPlanError("The fault plan must be a JSON object with seed and rules.")
    return data


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as reason:
        raise FaultPlanError(f"The fault plan cannot be read: {reason}.") from None


def _rule(word: str) -> dict[str, Any]:
    """Read `kind=share,name=value,...`; the share may be left out where nth or from_call is given."""
    first, *others = word.split(",")
    kind, given, share = first.partition("=")
    rule: dict[str, Any] = {"kind": kind, **({"share": share} if given else {})}
    for other in others:
        name, given, value = other.partition("=")
        if not given or not name:
            raise FaultPlanError(f"In {word!r}, {other!r} is not of the form name=value.")
        rule[name] = value
    return rule


def _sentence(fault: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    place = [part for part in fault["loc"] if part != "rules"]
    rule = f"Rule {place.pop(0) + 1}" if place and isinstance(place[0], int) else "The fault plan"
    if fault["type"] == "extra_forbidden":
        return f"{rule} says {place[-1]!r}, and there is nothing of that name."
    field = f", {'.'.join(map(str, place))}" if place else ""
    reason = fault["msg"].removeprefix("Value error, ")
    found = "" if fault["type"] in ("value_error", "missing") else f" (found {fault['input']!r})"
    return f"{rule}{field}: {reason[0].lower()}{reason[1:]}{found}."
