"""What a journal should be: a dictionary of writes, and the rules of which may be changed how."""

from collections import Counter
from dataclasses import dataclass, field, replace

from resources.journal import State

OPEN = (State.INTENT, State.AMBIGUOUS)
STANDS = (*OPEN, State.CONFIRMED)
ONCE = {"contact": "create", "conversation": "create", "part": "append"}
"""What would be doubled by being sent twice."""
AFTER = {
    State.INTENT: {State.CONFIRMED, State.REJECTED, State.AMBIGUOUS, State.UNDONE},
    State.AMBIGUOUS: {State.CONFIRMED, State.REJECTED, State.UNDONE},
    State.CONFIRMED: {State.UNDONE},
    State.REJECTED: set(),
    State.UNDONE: set(),
}
"""Which state may follow which."""


@dataclass(frozen=True)
class Row:
    """One write."""

    object: str
    source_key: str
    operation: str
    fingerprint: str
    parent_key: str | None
    attempts: int
    state: State = State.INTENT
    intercom_id: str | None = None
    adopted: bool = False
    last_written: dict | None = None
    error_code: str | None = None

    @property
    def key(self):
        """What it writes."""
        return self.object, self.source_key, self.operation


@dataclass
class Model:
    """All writes by number, and what else a journal knows."""

    rows: dict[int, Row] = field(default_factory=dict)
    lacks: bool = False

    def copy(self):
        """Return one of its own, as a backup is."""
        return Model(dict(self.rows), self.lacks)

    def refuses(self, write):
        """Whether the write may not be begun: it is under way, or stands already and would be doubled."""
        once = ONCE.get(write.object) == write.operation
        mine = (write.object, write.source_key, write.operation)
        return any(row.key == mine and row.state in (STANDS if once else OPEN) for row in self.rows.values())

    def begin(self, number, write, **more):
        """Take in a write under its number."""
        attempts = 1 + sum(row.key == (write.object, write.source_key, write.operation) for row in self.rows.values())
        assert number > max(self.rows, default=0), "numbers only grow"
        given = (write.object, write.source_key, write.operation, write.fingerprint, write.parent_key)
        self.rows[number] = replace(Row(*given, attempts), **more)

    def end(self, number, state, **values):
        """Take in what became of a write; what was known of it stays known."""
        row = self.rows[number]
        adopted = row.adopted or values.pop("adopted", False)
        code = values.pop("error_code", None)
        known = {name: value for name, value in values.items() if value is not None}
        self.rows[number] = replace(row, state=state, adopted=adopted, error_code=code, **known)

    def undo(self, object_name, source_key, code):
        """Take back what stands of a record, and of a conversation all that hangs on it."""
        for number, row in self.rows.items():
            hangs = object_name == "conversation" and row.object in ("part", "conversation_tag")
            mine = (row.object, row.source_key) == (object_name, source_key)
            if row.state is State.CONFIRMED and (mine or (hangs and row.parent_key == source_key)):
                self.rows[number] = replace(row, state=State.UNDONE, error_code=code)

    def abandon(self):
        """Take in that the process has ended that was about what is under way."""
        for number, row in self.rows.items():
            if row.state is State.INTENT:
                self.rows[number] = replace(row, state=State.AMBIGUOUS, error_code="process_died")

    # -- what it should say -------------------------------------------------------------------------------

    def present(self):
        """Return the rows of `Journal.present` as far as the model knows them."""
        keys = {row.key for row in self.rows.values()}
        return {key: self._present(key) for key in keys}

    def _present(self, key):
        mine = {number: row for number, row in self.rows.items() if row.key == key}
        latest = max(mine)
        confirmed = max((number for number, row in mine.items() if row.state is State.CONFIRMED), default=None)
        stands = mine.get(confirmed)
        return (
            latest, mine[latest].state, mine[latest].fingerprint, mine[latest].parent_key, mine[latest].attempts,
            mine[latest].error_code, confirmed, stands.intercom_id if stands else None,
            stands.adopted if stands else False, stands.fingerprint if stands else None,
        )  # fmt: skip

    def tally(self):
        """Return how many writes are in which state, by object."""
        return Counter((row.object, row.state.value) for row in self.rows.values())

    def bound(self, object_name, parent_key):
        """Return the Intercom ids of what stands under a parent."""
        return {
            row.intercom_id for row in self.rows.values()
            if (row.object, row.parent_key) == (object_name, parent_key) and row.state is State.CONFIRMED
            and row.intercom_id
        }  # fmt: skip

    def last_written(self, object_name, source_key):
        """Return how our writes left a record."""
        marks = [
            row.last_written for _, row in sorted(self.rows.items())
            if (row.object, row.source_key) == (object_name, source_key) and row.state is State.CONFIRMED
            and row.last_written is not None
        ]  # fmt: skip
        return marks[-1] if marks else {}
