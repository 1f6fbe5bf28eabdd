"""How much of a migration is rolled back: all of it, what one run made, one object, one record, or named records."""

from collections.abc import Sequence
from dataclasses import dataclass

from migration_assets.objects.registry import declarations


class ScopeError(ValueError):
    """What a person asked for cannot be rolled back; the message says what can, in a sentence."""


@dataclass(frozen=True)
class Scope:
    """What is to be taken back; everything where nothing is named.

    `run` is a run's id: what that run wrote. `object` is a journal object, `key` one record's key of it. `records`
    are (object, key) of records that are named one by one.
    """

    run: str | None = None
    object: str | None = None
    key: str | None = None
    records: frozenset[tuple[str, str]] | None = None

    @property
    def whole(self) -> bool:
        """Whether it is the whole migration."""
        return self == Scope()

    def covers(self, object_name: str, key: str, run: str) -> bool:
        """Whether a record, which that run made, is to be taken back."""
        if self.records is not None and (object_name, key) not in self.records:
            return False
        return (
            (self.run is None or self.run == run)
            and (self.object is None or self.object == object_name)
            and (self.key is None or self.key == key)
        )

    def words(self) -> str:
        """Say what is rolled back."""
        named = f"{self.object.replace('_', ' ')} {self.key or ''}".strip() if self.object else "the migration"
        return f"{named} as run {self.run} wrote it" if self.run else named


def parse_only(text: str) -> tuple[str, str | None]:
    """Read `object` or `object:key`, as in contacts or conversation:100234.

    Raises:
        ScopeError: there is no such object.
    """
    name, colon, key = text.partition(":")
    name = name.strip().lower().replace(" ", "_")
    # What is part of another object is gone with it.
    singulars = {item.plural: item.name for item in declarations().values() if item.removal is not None}
    found = singulars.get(name, name)
    if found not in singulars.values():
        raise ScopeError(f"{name!r} cannot be rolled back by itself. These can: {', '.join(singulars)}.")
    if colon and not key.strip():
        raise ScopeError(f"{text!r} names no record: say {found}:key.")
    return found, key.strip() or None


def find_run(wanted: str, runs: Sequence[str]) -> str:
    """Return the run whose id is `wanted` or begins with it.

    Raises:
        ScopeError: no run of the journal does, or several do.
    """
    found = [run for run in runs if run == wanted] or [run for run in runs if run.startswith(wanted)]
    if len(found) != 1:
        what = "Several runs begin with" if found else "The journal has no run"
        raise ScopeError(f"{what} {wanted}. Its runs are: {', '.join(runs) or 'none'}.")
    return found[0]
