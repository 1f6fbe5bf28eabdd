"""The call log: how many calls were made, which, and how they went. Counts only; nothing of their content."""

import threading
from collections import Counter
from typing import Any, TypedDict


class CallSnapshot(TypedDict):
    """The call log at one moment, as it goes into the certificate."""

    total: int
    writes: int
    by_endpoint: dict[str, int]
    by_status: dict[str, int]
    rate_limited: int
    not_sent: int
    unexpected_shapes: dict[str, int]
    seconds: float
    seconds_waited: float


class CallLog:
    """Counts of the calls that left for Intercom, repeated ones included.

    Attributes:
        total: calls sent.
        writes: those that may change something: POST, PUT and DELETE, without searches.
        by_endpoint: calls sent per method and path template.
        by_status: calls sent per class of answer: 2xx, 3xx, 4xx, 5xx, 429 (not part of 4xx), no_answer.
        rate_limited: answers 429.
        not_sent: attempts for which no connection was made; not part of the total.
        unexpected_shapes: writes that happened but whose answer does not look as documented, per endpoint.
        seconds: time that calls took from being sent to their answer, summed over all of them.
        seconds_waited: time that calls waited for the rate budget, summed over all of them.
    """

    def __init__(self) -> None:
        self.by_endpoint: Counter[str] = Counter()
        self.by_status: Counter[str] = Counter()
        self.unexpected_shapes: Counter[str] = Counter()
        self.writes = 0
        self.not_sent = 0
        self.seconds = 0.0
        self.seconds_waited = 0.0
        self._lock = threading.Lock()

    @property
    def total(self) -> int:
        """Calls sent."""
        return sum(self.by_endpoint.values())

    @property
    def rate_limited(self) -> int:
        """Answers 429."""
        return self.by_status["429"]

    def record(
        self, endpoint: str, *, read: bool, status: int | None, sent: bool, seconds: float, waited: float
    ) -> None:
        """Count one attempt.

        Args:
            endpoint: method and path template.
            read: whether it only reads.
            status: the answer's HTTP status; None when none came.
            sent: whether a connection was made.
            seconds: how long it took, without the wait for the budget.
            waited: how long it waited for the budget.
        """
        with self._lock:
            self.seconds_waited += waited
            if not sent:
                self.not_sent += 1
                return
            self.by_endpoint[endpoint] += 1
            self.by_status[_status_class(status)] += 1
            self.seconds += seconds
            if not read:
                self.writes += 1

    def snapshot(self) -> CallSnapshot:
        """Return the counts as plain data."""
        with self._lock:
            return CallSnapshot(
                total=self.total,
                writes=self.writes,
                by_endpoint=_ordered(self.by_endpoint),
                by_status=_ordered(self.by_status),
                rate_limited=self.rate_limited,
                not_sent=self.not_sent,
                unexpected_shapes=_ordered(self.unexpected_shapes),
                seconds=round(self.seconds, 3),
                seconds_waited=round(self.seconds_waited, 3),
            )


def _status_class(status: int | None) -> str:
    if status is None:
        return "no_answer"
    return "429" if status == 429 else f"{status // 100}xx"


def _ordered(counts: Counter[str]) -> dict[str, Any]:
    return dict(sorted((name, count) for name, count in counts.items() if count))
