"""Which reader a column's kind has. What each reader does is in `timestamps`, `numbers`, `words`, `addresses`."""

from dataclasses import dataclass, field

import polars as pl

from migration_assets.clean.addresses import read_email_lists, read_emails, read_phones
from migration_assets.clean.numbers import read_integers, read_numbers
from migration_assets.clean.parsed import Parsed, unruled
from migration_assets.clean.profile import Profile, per_row
from migration_assets.clean.timestamps import Clock, one_day_after, read_timestamps, to_seconds
from migration_assets.clean.words import boolean_words, read_booleans, read_domains, read_lists


@dataclass(frozen=True)
class Reader:
    """Reads tidied cells that have a shape of their kind; knows the object's profile and the mapping's words."""

    profile: Profile
    region: str = ""
    words: dict[str, bool] = field(default_factory=lambda: boolean_words({}))
    comma_lists: frozenset[str] = frozenset()

    def read(self, column: str, kind: str, text: pl.Series, files: pl.Series) -> Parsed:
        """Return the typed column; `files` says per row which file it came from."""
        match kind:
            case "timestamp" | "date":
                return self._read_times(column, kind, text, files)
            case "integer":
                return read_integers(text, per_row(files, column, self.profile.marks))
            case "number":
                return read_numbers(text, per_row(files, column, self.profile.marks))
            case "boolean":
                return read_booleans(text, self.words)
            case "list":
                return read_lists(text, commas=column in self.comma_lists)
            case "email" | "email_list" | "phone":
                return self._read_address(kind, text)
            case "domain":
                return read_domains(text)
            case _:
                return unruled(text)

    def _read_times(self, column: str, kind: str, text: pl.Series, files: pl.Series) -> Parsed:
        order = per_row(files, column, self.profile.orders)
        clock = Clock(self.profile.zone, one_day_after(self.profile.exported_at), days=kind == "date")
        parsed = read_timestamps(text, order, clock)
        return to_seconds(parsed) if kind == "date" else parsed

    def _read_address(self, kind: str, text: pl.Series) -> Parsed:
        if kind == "phone":
            return read_phones(text, self.region)
        return read_emails(text) if kind == "email" else read_email_lists(text)
