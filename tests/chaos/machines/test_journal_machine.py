"""Whatever happens to a journal, it says what a dictionary would say, and refuses what it has to refuse."""

import asyncio
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from migration_assets.objects.registry import hanging_on
from resources.journal import (
    Command,
    IllegalTransitionError,
    Journal,
    JournalBusyError,
    JournalFencedError,
    Run,
    RunCommand,
    State,
    Undoes,
    Write,
    lease,
)
from resources.journal.copies import back_up, restore
from resources.journal.database import open_database
from tests.chaos.machines.journal_model import AFTER, Model
from tests.chaos.machines.sizes import sized
from tests.chaos.simulation.late_writer import LateWriter, Life

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(1800)]

CONVERSATIONS = ("t1", "t2")
WRITES = st.one_of(
    st.builds(Write, st.just("contact"), st.sampled_from(("c1", "c2")), st.sampled_from(("create", "update")),
              st.sampled_from(("f1", "f2"))),
    st.builds(Write, st.just("company"), st.just("k1"), st.just("upsert"), st.sampled_from(("f1", "f2"))),
    st.builds(Write, st.just("conversation"), st.sampled_from(CONVERSATIONS),
              st.sampled_from(("create", "update", "settle")), st.just("f1"), st.just("c1")),
    *(st.builds(Write, st.just("part"), st.sampled_from((f"{key}-m1", f"{key}-m2")), st.just("append"),
                st.just("f1"), st.just(key)) for key in CONVERSATIONS),
    st.builds(Write, st.just("conversation_tag"), st.just("t1|vip"), st.just("attach"), st.just("f1"), st.just("t1")),
)  # fmt: skip
RECORDS = st.sampled_from((("contact", "c1"), ("conversation", "t1"), ("conversation", "t2"), ("part", "t1-m1")))
OUTCOMES = st.sampled_from((State.CONFIRMED, State.CONFIRMED, State.REJECTED, State.AMBIGUOUS, State.UNDONE))


class JournalMachine(RuleBasedStateMachine):
    """One journal, the process that writes it, and those that wrote it before and do not know that they may not."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.url = f"sqlite:///{self.folder / 'journal.sqlite3'}"
        self.loop = asyncio.Runner()
        self.model = Model()
        self.backups = []
        self.asleep = []
        self.seen = {}
        self.runs = 0
        self.ids = 0
        self.run_command = RunCommand()

    def call(self, work):
        """Wait for a coroutine."""

        async def waited():
            return await work

        return self.loop.run(waited())

    @initialize()
    def begin(self):
        """A process begins to write."""
        self.life = Life()
        self.runs += 1
        self.journal = Journal(self.url, "m", make_writer=self._writer)
        self.journal.begin_run(Run(f"run-{self.runs}"))
        self.model.abandon()
        self.run_command = RunCommand()

    def _writer(self, *parts):
        self.writer = LateWriter(self.life, lambda _write: None, *parts)
        return self.writer

    # -- writes -------------------------------------------------------------------------------------------

    @rule(write=WRITES)
    def intent(self, write):
        """A write is begun, or refused."""
        if self.model.refuses(write):
            with pytest.raises(IllegalTransitionError):
                self.call(self.journal.intent(write))
        else:
            self.model.begin(self.call(self.journal.intent(write)), write)

    @precondition(lambda self: self.model.rows)
    @rule(data=st.data(), state=OUTCOMES, adopted=st.booleans(), mark=st.sampled_from((None, "a", "b")))
    def outcome(self, data, state, adopted, mark):
        """What became of a write is noted, or refused."""
        number = data.draw(st.sampled_from(sorted(self.model.rows)))
        values = self._values(state, adopted, mark)
        self.journal.outcome(number, state, **values)
        if state in AFTER[self.model.rows[number].state]:
            self.call(self.journal.flush())
            self.model.end(number, state, **values)
        else:
            with pytest.raises(IllegalTransitionError):
                self.call(self.journal.flush())

    def _values(self, state, adopted, mark):
        self.ids += 1
        if state is State.CONFIRMED:
            return {"intercom_id": f"i{self.ids}", "adopted": adopted, "last_written": {"name": mark} if mark else None}
        return {"error_code": f"e{self.ids}"}

    @rule(writes=st.lists(WRITES, min_size=1, max_size=3, unique_by=lambda write: (write.source_key, write.operation)))
    def assume(self, writes):
        """Writes are taken for perhaps sent: all of them, or none where one is known."""
        if any(self.model.refuses(write) for write in writes):
            with pytest.raises(IllegalTransitionError):
                self.call(self.journal.assume(writes))
            return
        before = self.journal.last_write()
        self.call(self.journal.assume(writes))
        for number, write in enumerate(writes, start=before + 1):
            self.model.begin(number, write, state=State.AMBIGUOUS, attempts=1, error_code="assumed")

    @rule(record=RECORDS)
    def undo(self, record):
        """A record is found to be gone."""
        self.call(self.journal.undo(Undoes(*record, hanging_on(record[0])), "gone"))
        self.model.undo(*record, "gone")

    @rule()
    def lack(self):
        """Another journal is found to have written to the workspace."""
        self.call(self.journal.note_recovery())
        self.model.lacks = True

    @rule()
    def complete(self):
        """Intercom was asked for everything."""
        self.call(self.journal.completed())
        self.model.lacks = False

    # -- processes ----------------------------------------------------------------------------------------

    @rule(outcomes=st.lists(st.tuples(st.integers(0, 99), OUTCOMES), max_size=3))
    def die(self, outcomes):
        """The process dies before the outcomes that nobody waited for are written; another one takes over."""
        for at, state in outcomes:
            if self.model.rows:
                numbers = sorted(self.model.rows)
                self.journal.outcome(numbers[at % len(numbers)], state)
        self.life.end()
        self.journal._engine.dispose()
        lease.forget(self.journal._engine, "m", self.journal._fence)
        self.begin()

    @rule()
    def fall_asleep(self):
        """The process is stopped and taken for dead, and another one takes over; it will wake up."""
        lease.forget(self.journal._engine, "m", self.journal._fence)
        self.asleep.append((self.journal, self.life))
        self.begin()

    @precondition(lambda self: self.asleep)
    @rule(data=st.data(), write=WRITES, state=OUTCOMES)
    def wake_up(self, data, write, state):
        """A process that was asleep goes on, and may not."""
        journal, _ = data.draw(st.sampled_from(self.asleep))
        with pytest.raises(JournalFencedError):
            self.call(journal.intent(write))
        if self.model.rows:
            journal.outcome(data.draw(st.sampled_from(sorted(self.model.rows))), state)
            with pytest.raises(JournalFencedError):
                self.call(journal.flush())

    @rule()
    def second(self):
        """A second process wants to write while the first one does."""
        with pytest.raises(JournalBusyError), Journal(self.url, "m") as second:
            second.begin_run(Run("second"))

    @rule(same_run=st.booleans())
    def close_and_open(self, same_run):
        """The process ends in order and writes again, in the same run or another one."""
        self.journal.close()
        kept = self.run_command
        if same_run:
            self.runs -= 1
        self.begin()
        if same_run:
            self.run_command = kept

    @rule(wish=st.sampled_from(Command))
    def ask(self, wish):
        """Somebody at another terminal wants something of the run."""
        with Journal(self.url, "m") as other:
            other.ask(wish, "somebody")
        self.run_command = RunCommand(wish, "somebody")

    # -- copies -------------------------------------------------------------------------------------------

    @rule()
    def copy(self):
        """A backup is made."""
        path = self.folder / f"backup-{len(self.backups)}.sqlite3"
        engine = open_database(self.url)
        assert back_up(engine, path) == len(self.model.rows)
        engine.dispose()
        self.backups.append((path, self.model.copy()))

    @precondition(lambda self: self.backups)
    @rule(data=st.data())
    def bring_back(self, data):
        """A backup is refused under a run, and put in the journal's place without one."""
        path, model = data.draw(st.sampled_from(self.backups))
        aside = self.folder / f"aside-{self.ids}-{self.runs}.sqlite3"
        with pytest.raises(JournalBusyError):
            restore(path, self.url, aside)
        self.journal.close()
        assert restore(path, self.url, aside) == len(model.rows)
        self.model, self.seen = model.copy(), {}
        self.model.lacks = True
        self.begin()

    # -- what always holds --------------------------------------------------------------------------------

    @invariant()
    def it_says_what_the_model_says(self):
        """Every question about writes is answered alike."""
        rows = [row for frame in self.journal.record_states() for row in frame.to_dicts()]
        told = {
            (row["object"], row["source_key"], row["operation"]): (
                row["write_id"], row["state"], row["fingerprint"], row["parent_key"], row["attempts"],
                row["error_code"], row["confirmed_at_write"], row["intercom_id"], row["adopted"],
                row["confirmed_fingerprint"],
            )
            for row in rows
        }  # fmt: skip
        assert told == self.model.present()
        for conversation in CONVERSATIONS:
            assert self.journal.bound_ids("part", conversation) == self.model.bound("part", conversation)
        assert self.journal.last_written("contact", "c1") == self.model.last_written("contact", "c1")
        assert self.journal.lacks() == self.model.lacks
        self._tally(rows)

    def _tally(self, rows):
        tally = self.journal.tally()
        counted = {}
        for (name, state), number in sorted(self.model.tally().items()):
            counted[name] = f"{counted.get(name, '')} {state} {number}".strip()
        assert tally == counted
        now = {name: (tally[name], [row for row in rows if row["object"] == name]) for name in tally}
        for name, (text, content) in now.items():
            before = self.seen.get(name)
            assert before is None or before[0] != text or before[1] == content, "the same tally, another content"
        self.seen = now

    @invariant()
    def nothing_stands_twice(self):
        """Of what would be doubled, at most one write stands; of anything, at most one is under way."""
        for row in self.model.rows.values():
            others = [item for item in self.model.rows.values() if item.key == row.key and item is not row]
            assert row.state not in (State.INTENT, State.AMBIGUOUS) or all(
                item.state not in (State.INTENT, State.AMBIGUOUS) for item in others
            )

    @invariant()
    def it_hears_what_is_wanted(self):
        """The run knows what was asked of it, and a new run nothing of what was asked of another."""
        self.writer.look()
        assert self.journal.run_command == self.run_command

    def teardown(self):
        """Close everything."""
        for journal, life in self.asleep:
            life.end()
            journal._engine.dispose()
        self.journal.close()
        self.loop.close()
        shutil.rmtree(self.folder)


TestJournal = JournalMachine.TestCase
TestJournal.settings = sized(2, 30)
