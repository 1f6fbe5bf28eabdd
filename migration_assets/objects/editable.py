"""An object whose records people edit: read before one is changed, and taken back only where nobody has touched it."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from migration_assets.objects.answered import answered
from migration_assets.objects.declaration import UndoAction
from migration_assets.objects.paged import PagedObject
from migration_assets.objects.undoer import BEFORE_US, NOTHING_LEFT, ReadUndoer, Row, Undoing, changed_at, found
from migration_assets.writing.conflicts import decide, field_hashes, nested, with_emptied
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Sent
from migration_assets.writing.touch_rules import Refusal, Restoring, before_of, left_of, restoring, touched_record


class EditableObject(PagedObject, ReadUndoer):
    """What a load and a rollback must know of it: its subclass says how a record is read, changed and deleted."""

    @abstractmethod
    async def get(self, intercom_id: str) -> Any:  # noqa: ANN401 - any answer
        """Read a record."""

    @abstractmethod
    async def change(self, there: Any, body: Mapping[str, Any]) -> Any:  # noqa: ANN401 - what `get` gives
        """Write fields to a record that stands; return what it shows then."""

    @abstractmethod
    async def delete(self, there: Any) -> None:  # noqa: ANN401 - what `get` gives
        """Delete a record."""

    @abstractmethod
    async def hung_on(self, there: Any) -> Refusal | None:  # noqa: ANN401 - what `get` gives
        """Say why a record of ours must stay, unedited as it is: for what hangs on it."""

    def wanted(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a record is to hold, by flat field."""
        return self.declaration.fields.wanted(row)

    def held(self, there: Any) -> dict[str, Any]:  # noqa: ANN401 - what `get` gives
        """Return what a record holds, by flat field."""
        return self.declaration.fields.shown(there)

    async def prepare(self, env: Environment) -> None:
        """Keep what each record is sent with."""
        self._env, self._client = env, env.client

    def made(self, row: Mapping[str, Any], there: Any) -> Sent:  # noqa: ANN401 - what `get` gives
        """Return what has come of creating a record."""
        left = field_hashes(self.wanted(row), self.held(there))
        return Sent(there.id, last_written=left, answered=answered(self.declaration.fields, row, there))

    async def bring(self, row: Mapping[str, Any], there: Any, left: Mapping[str, str], *, adopted: bool) -> Sent:  # noqa: ANN401
        """Write to a record that stands what is to be changed of it; nothing is sent if nothing is."""
        fields = self.declaration.fields
        wanted = with_emptied(self.wanted(row), left, fields.emptied_by_null())
        by_itself = fields.edit_rules.by_itself
        decision = decide(self.held(there), wanted, left, self._env.policy, adopted=adopted, by_itself=by_itself)
        shown = await self.change(there, nested(decision.changes)) if decision.changes else there
        written = field_hashes(decision.changes, self.held(shown))
        return Sent(
            there.id,
            adopted=adopted,
            before_image=nested(decision.before),
            last_written=written if adopted else written | field_hashes(decision.settled, {}),
            remark=decision.remark,
            answered=answered(fields, row, shown, among=decision.changes),
        )

    async def look(self, row: Row) -> Undoing:
        """Read the record, and where it is to be deleted, what hangs on it."""
        there = await found(self.get(row["intercom_id"]))
        if there is None:
            return NOTHING_LEFT
        if row["action"] == UndoAction.RESTORE:
            return self.restore(there, row)
        refusal = self._touched(there, row) or await self.hung_on(there)
        return Undoing(refusal=refusal) if refusal else Undoing(lambda: self.delete(there))

    def restore(self, there: Any, row: Row) -> Undoing:  # noqa: ANN401 - what `get` gives
        """Give a record that stood before us its fields back."""
        made = self._restoring(there, row)
        send = (lambda: self.change(there, nested(made.changes))) if made.changes else None
        return Undoing(send, made.refusal)

    async def stands(self, row: Row) -> bool:
        """Whether it is still there, or a field that was to be restored is not as it was."""
        there = await found(self.get(row["intercom_id"]))
        if there is None or row["action"] != UndoAction.RESTORE:
            return there is not None
        return bool(self._restoring(there, row).changes)

    def _restoring(self, there: Any, row: Row) -> Restoring:  # noqa: ANN401 - what `get` gives
        before = before_of(row["before_images"])
        before.pop("archived", None)  # That is none of its fields.
        return restoring(self.held(there), before, left_of(row), self.declaration.fields.edit_rules)

    def _touched(self, there: Any, row: Row) -> Refusal | None:  # noqa: ANN401 - what `get` gives
        if self._retained.stood_before_us(self.object, row["source_key"], there.created_at):
            return BEFORE_US
        return touched_record(self.held(there), left_of(row), changed_at(there), self.declaration.fields.edit_rules)
