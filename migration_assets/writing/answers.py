"""What Intercom answers to writes, held against what was sent: what differs is told at once, and too much of it stops.

An answer is compared by the declared fields of the object (`objects/answered.py`), and whether a difference says the
same in other words is judged by the normalisations of verification (`objects/explaining.py`): neither is known here.
Names of fields and keys are told, never a value.

A load stops for a field once more than SHARE of the records that carry it are shown otherwise. Until ENOUGH records
have carried it, the share is of ENOUGH: one odd value is no quarter, and a handful of odd values is no reason to send
more. Where the plan has fewer records of the object than ENOUGH, it is of all of them, and of these at least ALIKE must
be shown otherwise: a pilot of ten tickets that are all shown otherwise stops at the third. An answer counts once it is
judged, for what a normalisation explains is no finding; only the writes under way wait for that.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from resources.journal import AnswerOutcome
from resources.wording import counted, number

ENOUGH = 20
"""The share is of so many records at least, or of all that the plan has of the object."""
ALIKE = 3
"""Records that must be shown otherwise at the least, however few there are."""
SHARE = 0.25
"""When Intercom shows a field otherwise with more than this share of records, it is Intercom's way with the field and
not an odd value here and there: every further record would have to be looked at again."""
EXAMPLES = 3

AnsweredFields = Mapping[str, tuple[str | None, str | None]]
"""What was sent and what the answer shows, as text, of each declared field that was sent and that the answer shows; by
the name under which verification compares it."""
OpenAnswers = Mapping[tuple[str, str], Collection[str]]
"""The fields, by object and source key, that the last answer about them showed otherwise than they were sent."""


class AnsweredOtherwise(NamedTuple):
    """A field that an answer does not show literally as it was sent."""

    object: str
    field: str
    expected: str | None
    found: str | None


JudgeAnswers = Callable[[Sequence[AnsweredOtherwise]], Sequence[bool]]
"""Says of each whether nothing explains it."""


@dataclass
class AnswerTally:
    """How a field of an object was answered: records that carried it, those that differed, and some of their keys."""

    carried: int = 0
    otherwise: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class SeenAnswer:
    """Of a record's fields, those that the answer shows otherwise, and those that it shows as sent again."""

    otherwise: tuple[str, ...] = ()
    as_sent: tuple[str, ...] = ()

    @property
    def remark(self) -> dict[str, list[str]]:
        """What the journal keeps of it: names of fields by `AnswerOutcome`."""
        became = {AnswerOutcome.OTHERWISE: self.otherwise, AnswerOutcome.AS_SENT: self.as_sent}
        return {outcome.value: sorted(names) for outcome, names in became.items() if names}


NOTHING_SEEN = SeenAnswer()


def takes_otherwise(tally: AnswerTally, planned: int = ENOUGH) -> bool:
    """Whether a field is shown otherwise with so many records that going on is pointless.

    Args:
        tally: how the field was answered so far.
        planned: how many records of the object there are to be in all.
    """
    of = max(tally.carried, min(ENOUGH, planned))
    return tally.otherwise >= ALIKE and tally.otherwise > of * SHARE


def is_accepted(accepted: Collection[str], object_name: str, field_name: str) -> bool:
    """Whether the mapping's `accepted_answers` accept a field as Intercom shows it."""
    return f"{object_name}.{field_name}" in accepted


def finding(object_name: str, field_name: str, key: str) -> str:
    """Return the line that tells of the first record with which a field is shown otherwise."""
    return (
        f"Intercom takes {object_name}.{field_name} and shows it otherwise, {object_name} {key}: the run goes on, and "
        "the report counts how many there are."
    )


def why_stopped(object_name: str, field_name: str, tally: AnswerTally) -> str:
    """Return why a load stops, and what a person can do."""
    name = f"{object_name}.{field_name}"
    return (
        f"Intercom takes the writes and does something else: of {counted(tally.carried, 'record')} that were written "
        f"with {name}, its answers show {number(tally.otherwise)} otherwise than they were sent, such as "
        f"{', '.join(tally.examples)}. Nothing more was sent; what was under way until the answers were judged is "
        "counted with the others. Look at these in Intercom. If what it shows is right, "
        f"add {name} to accepted_answers in mapping.yaml and run again; if it is not, make rollback takes back what "
        "was sent."
    )


def as_they_stand(differing: Sequence[AnsweredOtherwise]) -> Sequence[bool]:
    """Explain nothing."""
    return [True] * len(differing)


class AnswerBook:
    """The book of a load's answers.

    Args:
        judge: says what of the fields that are not literally as sent nothing explains; called in a thread.
        before: what stands in the journal as answered otherwise.
        settled: of that what a verification has found to be right since, by object, key and field: it counts no more.
        stood: how many records that carry a field the journal knew to stand, by object and field. Their answers count
            with those to come: a run that goes on where one was stopped is not to send as many again before it stops.
        planned: how many records of each object the plan has.
        accepted: the fields, as object.field, that a person accepts as Intercom shows them: they are only counted.
        tell: told of the first record of each field.
    """

    def __init__(
        self,
        judge: JudgeAnswers = as_they_stand,
        *,
        before: OpenAnswers | None = None,
        settled: Iterable[tuple[str, str, str]] = (),
        stood: Mapping[tuple[str, str], int] | None = None,
        planned: Mapping[str, int] | None = None,
        accepted: Collection[str] = frozenset(),
        tell: Callable[[str], None] = lambda _line: None,
    ) -> None:
        self.tallies: dict[tuple[str, str], AnswerTally] = {}
        self.stops_for: tuple[str, str] | None = None
        """The object and the field for which nothing more is to be sent."""
        self._judge, self._tell = judge, tell
        self._before: OpenAnswers = before or {}
        self._stood, self._planned = stood or {}, planned or {}
        self._counted_no_more = set(settled)
        """What of `before` is settled, or was answered again."""
        said = ((name, key, one) for (name, key), fields in self._before.items() for one in fields)
        self._open = Counter((name, one) for name, key, one in said if (name, key, one) not in self._counted_no_more)
        self._accepted = accepted
        self._pending: list[tuple[AnsweredOtherwise, asyncio.Future[bool]]] = []
        self._judging: asyncio.Task[None] | None = None

    async def see(self, object_name: str, key: str, answered: AnsweredFields) -> SeenAnswer:
        """Compare an answer with what was sent, count it, and tell of what was not seen before."""
        pairs = [AnsweredOtherwise(object_name, name, *pair) for name, pair in answered.items()]
        differing = [pair for pair in pairs if pair.expected != pair.found]
        wrong = await self._unexplained(differing) if differing else set()
        for name in answered:
            self._count(object_name, name, key, otherwise=name in wrong)
        before = self._before.get((object_name, key), ())
        self._count_anew(object_name, key, [name for name in before if name in answered])
        return SeenAnswer(tuple(wrong), tuple(name for name in before if name in answered and name not in wrong))

    def why_stop(self, object_name: str, names: Iterable[str]) -> str | None:
        """Why nothing more is to be sent, of the fields that were just shown otherwise; None where it may go on.

        The first such field is kept in `stops_for`.
        """
        planned = self._planned.get(object_name, ENOUGH)
        for name in names:
            if is_accepted(self._accepted, object_name, name):
                continue
            tally = self._with_earlier(object_name, name)
            if takes_otherwise(tally, planned):
                self.stops_for = self.stops_for or (object_name, name)
                return why_stopped(object_name, name, tally)
        return None

    def _with_earlier(self, object_name: str, name: str) -> AnswerTally:
        """Return how a field was answered, earlier runs included."""
        now, place = self.tallies[object_name, name], (object_name, name)
        return AnswerTally(now.carried + self._stood.get(place, 0), now.otherwise + self._open[place], now.examples)

    def _count_anew(self, object_name: str, key: str, names: Iterable[str]) -> None:
        """Count what an earlier run was answered about a record no longer, where it was answered again."""
        again = {(object_name, key, name) for name in names} - self._counted_no_more
        self._counted_no_more |= again
        self._open.subtract((object_name, name) for _, _, name in again)

    async def _unexplained(self, differing: Sequence[AnsweredOtherwise]) -> set[str]:
        """Judge the few that differ together with those of other records that wait at the same time."""
        loop = asyncio.get_running_loop()
        mine = [(one, loop.create_future()) for one in differing]
        self._pending += mine
        if self._judging is None or self._judging.done():
            self._judging = loop.create_task(self._judge_pending())
        return {one.field for one, answer in mine if await answer}

    async def _judge_pending(self) -> None:
        while self._pending:
            batch, self._pending = self._pending, []
            try:
                verdicts = await asyncio.to_thread(self._judge, [one for one, _ in batch])
            except Exception as error:
                for _, answer in batch:
                    if not answer.done():
                        answer.set_exception(error)
                continue
            for (_, answer), verdict in zip(batch, verdicts, strict=True):
                if not answer.done():
                    answer.set_result(bool(verdict))

    def _count(self, object_name: str, name: str, key: str, *, otherwise: bool) -> None:
        tally = self.tallies.setdefault((object_name, name), AnswerTally())
        tally.carried += 1
        if not otherwise:
            return
        tally.otherwise += 1
        if len(tally.examples) < EXAMPLES:
            tally.examples.append(key)
        if tally.otherwise == 1 and not is_accepted(self._accepted, object_name, name):
            self._tell(finding(object_name, name, key))
