"""Which reader a column's kind has. What each reader does is in `timestamps`, `numbers`, `words`, `addresses`."""

from dataclasses import dataclass, field

import polars as pl

from migration_assets.clean.addresses import read_email_lists, read_emails, read_phones
from migration_assets.clean.list_cells import read_lists
from migration_assets.clean.nothing import EmptyWords, without_words
from migration_assets.clean.numbers import read_integers, read_numbers
from migration_assets.clean.parsed import Parsed, unruled
from migration_assets.clean.profile import Profile, per_row
from migration_assets.clean.timestamps import Clock, one_day_after, read_timestamps, to_seconds
from migration_assets.clean.words import boolean_words, read_booleans, read_domains


@dataclass(frozen=True)
class Reader:
    """Reads tidied cells that have a shape of their kind; knows the object's profile and the mapping's words."""

    profile: Profile
    region: str = ""
    words: dict[str, bool] = field(default_factory=lambda: boolean_words({}))
    comma_lists: frozenset[str] = frozenset()
    stated_lists: frozenset[str] = frozenset()
    empty: EmptyWords = field(default_factory=EmptyWords)

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
                return self._read_list(column, text, files)
            case "email" | "email_list" | "phone":
                return self._read_address(column, kind, text)
            case "domain":
                return read_domains(text)
            case _:
                return unruled(text)

    def _read_times(self, column: str, kind: str, text: pl.Series, files: pl.Series) -> Parsed:
        order = per_row(files, column, self.profile.orders)
        clock = Clock(self.profile.zone, one_day_after(self.profile.exported_at), days=kind == "date")
        parsed = read_timestamps(text, order, clock)
        return to_seconds(parsed) if kind == "date" else parsed

    def _read_list(self, column: str, text: pl.Series, files: pl.Series) -> Parsed:
        marks = per_row(files, column, self.profile.separators)
        commas, stated = column in self.comma_lists, column in self.stated_lists
        parsed = read_lists(text, commas=commas, marks=marks, stated=stated)
        values, hit = without_words(parsed.values, self.empty.of(column, "list"))
        return Parsed(values, parsed.rules, {"no_value": rows} if (rows := int(hit.sum())) else {}, emptied=hit)

    def _read_address(self, column: str, kind: str, text: pl.Series) -> Parsed:
        if kind == "phone":
            return read_phones(text, self.region)
        return read_emails(text) if kind == "email" else read_email_lists(text, self.empty.of(column, kind))
