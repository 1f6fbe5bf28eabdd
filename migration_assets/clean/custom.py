"""Custom fields: which columns carry them, and their values as the one column `custom`.

A select's word becomes Intercom's option here; a word that the mapping does not cover is left out of `custom` and
counted by `coverage`, which stops the run.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from migration_assets.ground.column_name import normalise
from schemas.column_types import CUSTOM_KINDS
from schemas.mapping import Mapping
from schemas.mapping_parts import CustomField, fold
from schemas.source_objects import CUSTOM_FIELD_PREFIX

SINGULAR = {"tickets": "ticket", "customers": "customer", "companies": "company"}
"""The objects that can have custom fields, as the mapping names them."""


@dataclass(frozen=True)
class CustomColumns:
    """The custom columns of one landed table: those to carry over, and those that nobody has decided about.

    `absent` are fields of the mapping that the table has no column for.
    """

    fields: dict[str, CustomField] = field(default_factory=dict)
    undecided: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def kinds(self) -> dict[str, str]:
        """The kind of every column to carry over."""
        return {name: CUSTOM_KINDS[item.type] for name, item in self.fields.items()}


def column_name(text: str) -> str:
    """Return a custom field's column as landed: lower case, with cf_ and underscores."""
    name = normalise(text)
    return name if name.startswith(CUSTOM_FIELD_PREFIX) else CUSTOM_FIELD_PREFIX + name


def custom_columns(object_name: str, landed: Iterable[str], mapping: Mapping) -> CustomColumns:
    """Sort the cf_ columns of a landed table by what the mapping says about them."""
    columns = sorted(name for name in landed if name.startswith(CUSTOM_FIELD_PREFIX))
    singular = SINGULAR.get(object_name)
    mapped = {column_name(item.field): item for item in mapping.custom_fields if item.object == singular}
    ignored = {_ignored(text) for text in mapping.ignored_fields}
    undecided = [
        name for name in columns if name not in mapped and not {(singular, name), (object_name, name)} & ignored
    ]
    return CustomColumns(
        {name: mapped[name] for name in columns if name in mapped},
        tuple(undecided),
        tuple(sorted(set(mapped) - set(columns))),
    )


def _ignored(text: str) -> tuple[str, str]:
    owner, _, column = text.partition(".")
    return owner.strip().lower(), column_name(column)


def options_of(item: CustomField) -> dict[str, str]:
    """Return Intercom's option by the source's folded option."""
    return {fold(theirs): ours for theirs, ours in item.options.items()}


def custom_json(typed: pl.DataFrame, custom: CustomColumns) -> pl.DataFrame:
    """Replace the custom columns by one column `custom`: a JSON object of those that have a value, by name."""
    if not custom.fields:
        return typed.with_columns(pl.lit("{}").alias("custom"))
    converted = typed.with_columns(_with_options(name, item) for name, item in custom.fields.items())
    members = [
        pl.when(pl.col(name).is_not_null()).then(
            pl.struct(name).struct.json_encode().str.strip_prefix("{").str.strip_suffix("}")
        )
        for name in sorted(custom.fields)
    ]
    joined = pl.concat_str(members, separator=",", ignore_nulls=True)
    whole = pl.concat_str(pl.lit("{"), joined, pl.lit("}")).alias("custom")
    return converted.with_columns(whole).drop(custom.fields.keys())


def _with_options(name: str, item: CustomField) -> pl.Expr:
    words = options_of(item)
    if item.type == "select":
        return folded(pl.col(name)).replace_strict(words, default=None, return_dtype=pl.String).alias(name)
    if item.type == "multi_select":
        return options_in(pl.col(name), words).alias(name)
    return pl.col(name)


def folded(text: pl.Expr) -> pl.Expr:
    """Return the texts as `schemas.mapping.fold` folds them, asking it once per distinct text."""

    def fold_all(values: pl.Series) -> pl.Series:
        distinct = values.drop_nulls().unique()
        table = dict(zip(distinct, map(fold, distinct), strict=True))
        return values.replace_strict(table, default=None, return_dtype=pl.String)

    return text.map_batches(fold_all, return_dtype=pl.String, is_elementwise=True)


def options_in(lists: pl.Expr, words: dict[str, str]) -> pl.Expr:
    """Return Intercom's options for the words of every list, sorted; NULL where none of them has one."""

    # Not list.eval: a function of ours, and replace too, would be called once for every list.
    def choose(values: pl.Series) -> pl.Series:
        rows = pl.DataFrame({"word": values}).with_row_index("row")
        pieces = rows.explode("word").drop_nulls("word")
        distinct = pieces["word"].unique()
        options = pl.Series("option", [words.get(fold(word)) for word in distinct], dtype=pl.String)
        known = pl.DataFrame({"word": distinct, "option": options}).drop_nulls("option")
        chosen = pieces.join(known, on="word").unique(["row", "option"]).sort("row", "option")
        lists = chosen.group_by("row", maintain_order=True).agg("option")
        return rows.join(lists, on="row", how="left", maintain_order="left")["option"]

    return lists.map_batches(choose, return_dtype=pl.List(pl.String), is_elementwise=True)
