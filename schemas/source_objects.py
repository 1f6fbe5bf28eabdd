"""What an object of the source is: a file, its columns, and what each column holds.

A column's `kind` decides how its text is tidied, checked and typed (`schemas/column_types.py`). Which objects there are
is the source's own (`schemas/itco.py`).
"""

from dataclasses import dataclass, field

CUSTOM_FIELD_PREFIX = "cf_"
"""Columns with this prefix are custom fields; which of them a file carries differs from customer to customer."""


@dataclass(frozen=True)
class Column:
    """One column of a file of the source.

    `kind` is one of id, text, choice, email, email_list, phone, timestamp, integer, boolean, domain, html,
    list, url. A `required` column must be in the header, and a row without a value in it is quarantined. An `expected`
    column must be in the header, too, but a row may do without a value.
    """

    name: str
    kind: str
    description: str
    required: bool = False
    expected: bool = False


@dataclass(frozen=True)
class SourceObject:
    """One object of the source: the file that carries it, its columns and its key (one column or several).

    `meaning` says what a row of it is. `needed` objects must be in every extract; a missing other file is a stated gap.
    `parents` are the objects that must be clean before its relations can be judged. `versioned` tells that `updated_at`
    says which of two rows with the same key is the newer. Of the columns `one_of`, the header must have at least one.
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    needed: bool = False
    parents: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @property
    def versioned(self) -> bool:
        """Whether the object has an `updated_at` that ranks rows with the same key."""
        return "updated_at" in self.by_name

    @property
    def required_columns(self) -> tuple[str, ...]:
        """The names of the columns that the header must have, and every row a value in."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def header_columns(self) -> tuple[str, ...]:
        """The names of the columns that the header must have."""
        return tuple(column.name for column in self.columns if column.required or column.expected)
