"""What stays in Intercom: records of ours that are not taken back, and everything that is not ours."""

from collections.abc import Callable, Mapping, Set

from migration_assets.writing.touch_rules import CLOCKS_DIFFER
from resources.journal import Journal

Covers = Callable[[str, str, str], bool]
"""Whether a record (object, key), which a run made, is to be taken back."""


class RetainedRecords:
    """Tells of something that hangs on a record whether it stays when the record is removed.

    `dry` says that nothing is removed, so that what would go is told from what would stay by the plan.
    """

    def __init__(
        self,
        journal: Journal,
        covers: Covers,
        outside: Set[str],
        goes_with: Mapping[str, str],
        *,
        dry: bool,
        own_admins: frozenset[str] = frozenset(),
        answers: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare.

        Args:
            journal: the journal.
            covers: whether a record is to be taken back.
            outside: the objects of which some records are not in the plan, or stay by it.
            goes_with: of an object, the one whose records take its own with them, by the journal's `parent_key`.
            dry: nothing is removed.
            own_admins: the admins in whose names our writes may be shown; empty where they are not known.
            answers: what a probe has seen the workspace do, by question.
        """
        self._journal = journal
        self._covers = covers
        self._outside = outside
        self._goes_with = goes_with
        self._dry = dry
        self.own_admins, self.answers = own_admins, answers or {}
        self._kept: dict[str, set[str]] = {}

    def keep(self, object_name: str, key: str) -> None:
        """Note that a record stays after all."""
        self._kept.setdefault(object_name, set()).add(key)

    def let_go(self, object_name: str, key: str) -> None:
        """Note that a record is undone, although an earlier attempt seemed to fail."""
        self._kept.get(object_name, set()).discard(key)

    def stood_before_us(self, object_name: str, key: str, created_at: float | None) -> bool:
        """Whether Intercom had a record before we sent anything for it, although the journal takes it for ours."""
        first = self._journal.first_at(object_name, key)
        return created_at is not None and first is not None and created_at < first - CLOCKS_DIFFER

    def any_stays(self, object_name: str) -> bool:
        """Whether any record of ours of that object stays."""
        return object_name in self._outside or bool(self._kept.get(object_name))

    def is_ours(self, object_name: str, intercom_id: str) -> bool:
        """Whether we made or found it."""
        return self._journal.place(object_name, intercom_id) is not None

    def worn(self, object_name: str, on: str, intercom_id: str) -> list[str]:
        """Return Intercom's ids of what we hung on a record and did not take off again; none if the record is not ours.

        Args:
            object_name: what hangs on it.
            on: the record's object.
            intercom_id: the record.
        """
        place = self._journal.place(on, intercom_id)
        return self._journal.worn(object_name, place.source_key) if place else []

    def stands(self, object_name: str, intercom_id: str) -> bool:
        """Whether a record is ours, and was not taken back by us."""
        place = self._journal.place(object_name, intercom_id)
        return place is not None and place.stands

    def was_doubled(self, key: str) -> bool:
        """Whether a message, by `conversation|part`, stood there twice, and the sweep has blanked it."""
        return self._journal.took_back(key)

    def stays(self, object_name: str, intercom_id: str) -> bool:
        """Whether something that Intercom shows stays there. Its searches lag: what we have removed does not."""
        place = self._journal.place(object_name, intercom_id)
        if place is None:
            return True
        if not place.stands:
            return False
        if not self._dry or place.source_key in self._kept.get(object_name, ()):
            return True
        if place.parent_key in self._kept.get(self._goes_with.get(object_name, ""), ()):
            return True
        return not self._covers(object_name, place.source_key, place.run_id)
