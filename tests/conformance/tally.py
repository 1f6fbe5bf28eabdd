"""What a session has checked, and the summary that tells it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import ClassVar

import pytest

from tests.conformance.checker import Checker, Violation
from tests.conformance.description import Description
from tests.conformance.exchange import Exchange

USUAL = "2.16"
"""The version that is not named in the summary."""


class Tally:
    """Counts of checked exchanges.

    Attributes:
        requests: requests checked, per endpoint.
        answers: answers checked, per endpoint and status.
        violations: how often each kind of violation was met.
        kept: per endpoint, the exchanges themselves, and whether their requests were checked, too.
    """

    KEY: ClassVar = pytest.StashKey["Tally"]()

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.answers: dict[str, Counter[int]] = defaultdict(Counter)
        self.violations: Counter[Violation] = Counter()
        self.descriptions: Mapping[str, Description] = {}
        self.kept: dict[str, list[tuple[Exchange, bool]]] = defaultdict(list)

    def check(self, checker: Checker, exchanges: Iterable[Exchange], *, requests: bool = True) -> Counter[Violation]:
        """Check exchanges, count them, and return the violations among them."""
        self.descriptions = checker.descriptions
        found: Counter[Violation] = Counter()
        for exchange in exchanges:
            endpoint = checker.endpoint(exchange)
            if exchange.version != USUAL:
                endpoint += f" in {exchange.version}"
            found.update(checker.check(exchange, requests=requests))
            self.requests[endpoint] += requests
            self.answers[endpoint][exchange.status] += 1
            self.kept[endpoint].append((exchange, requests))
        self.violations.update(found)
        return found

    def lines(self) -> list[str]:
        """Return the summary: a line per endpoint, and what it comes to."""
        by_path = sorted(self.answers.items(), key=lambda pair: pair[0].split(" ", 1)[::-1])
        lines = [f"{'requests':>10} {'answers':>8}  endpoint (answers by status)"] if by_path else []
        for endpoint, statuses in by_path:
            counts = ", ".join(f"{status}: {count:,}" for status, count in sorted(statuses.items()))
            lines.append(f"{self.requests[endpoint]:>10,} {sum(statuses.values()):>8,}  {endpoint} ({counts})")
        lines.append("")
        for one in self.descriptions.values():
            lines.append(f"description  {one.name}, version {one.version}, sha256 {one.sha256[:12]}")
        if self.descriptions:
            asked, answered = sum(self.requests.values()), sum(sum(each.values()) for each in self.answers.values())
            lines.append(f"checked      {asked:,} requests and {answered:,} answers at {len(by_path)} endpoints")
            lines.append(f"violations   {sum(self.violations.values()):,}")
        return lines


def told(violations: Mapping[Violation, int], most: int = 40) -> str:
    """Return violations as lines, the most frequent first."""
    ordered = sorted(violations.items(), key=lambda pair: (-pair[1], str(pair[0])))
    lines = [f"{count:>6,} x {violation}" for violation, count in ordered[:most]]
    if len(ordered) > most:
        lines.append(f"       and {len(ordered) - most} more kinds")
    return "\n".join(["", *lines])
