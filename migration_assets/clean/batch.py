"""One batch of landed rows: tidied, checked against the contract, typed; its faults apart.

Nothing here knows the database. A batch gives the same result whatever its size, because everything that needs
the rest of the column is in the profile.
"""

from collections import Counter
from dataclasses import dataclass

import polars as pl

from migration_assets.clean.custom import CustomColumns, custom_json
from migration_assets.clean.doubtful import FOUND_LENGTH, texts_lost, words_told
from migration_assets.clean.nothing import LISTS, take_out
from migration_assets.clean.parsed import Parsed
from migration_assets.clean.reading import Reader
from migration_assets.clean.rules import rules_frame
from migration_assets.clean.sql import PLACE
from migration_assets.clean.texts import repaired
from migration_assets.clean.tidy import tidy
from migration_assets.ground.decoding import decode_columns
from schemas.contracts import contract_with, typed_contract, violations
from schemas.doubt_codes import DoubtCode
from schemas.source_objects import SourceObject

_CELL_FAULTS = {"index": pl.Int64, "column": pl.String, "rule": pl.String, "lost": pl.Boolean}


@dataclass(frozen=True)
class TypedBatch:
    """The typed rows that may go on, the faults, and counts of what is worth knowing: (column, code) -> rows.

    `overlaps` has the local times that were twice: column, row, and the two instants.
    `doubts` has a line per cell that a person must see, with the columns of `accounting.doubts` but for the step.
    """

    rows: pl.DataFrame
    faults: pl.DataFrame
    notes: dict[tuple[str, str], int]
    overlaps: pl.DataFrame
    doubts: pl.DataFrame


@dataclass(frozen=True)
class ReadingPlan:
    """How the batches of one object are read."""

    item: SourceObject
    reader: Reader
    custom: CustomColumns
    mojibake: frozenset[str] = frozenset()
    """The columns whose broken letters are repaired."""

    @property
    def kinds(self) -> dict[str, str]:
        """The kind of every column that is read, custom fields among them."""
        return {column.name: column.kind for column in self.item.columns} | self.custom.kinds

    @property
    def texts(self) -> tuple[list[str], list[str]]:
        """The columns that people read: those with a line, and those with a whole message."""
        lines = [name for name, kind in self.kinds.items() if kind in ("text", "list")]
        return lines, [name for name, kind in self.kinds.items() if kind == "html"]


def clean_batch(raw: pl.DataFrame, plan: ReadingPlan) -> TypedBatch:
    """Validate and type the rows of `raw` (place columns, then every column of `plan.kinds` as text)."""
    kinds = plan.kinds
    whole = raw.select(*PLACE, *(tidy(name, kind) for name, kind in kinds.items()))
    whole, decoded = _decoded(whole, plan)
    whole, mended = repaired(whole, plan.mojibake)
    tidied, gone, doubtful = take_out(whole, kinds, plan.item.required_columns, plan.reader.empty)
    schema = contract_with(plan.item.name, {name: field.type for name, field in plan.custom.fields.items()})
    broken = violations(schema, tidied.select(kinds.keys()))
    sound = _without(tidied, broken)
    read = {name: plan.reader.read(name, kind, sound[name], sound["_file"]) for name, kind in kinds.items()}
    cells = pl.concat([broken.with_columns(pl.lit(value=True).alias("lost")), *_unread(read)])
    faults = _faults(cells, raw, tidied, plan.item)
    held = faults.filter(pl.col("severity") == "row")["row"]
    typed = sound.select(PLACE).with_columns(parsed.values.alias(name) for name, parsed in read.items())
    kept = typed.filter(~pl.col("_row").is_in(held.implode()))
    violated = violations(typed_contract(plan.item.name), kept.select(plan.item.by_name.keys()))
    if not violated.is_empty():
        columns = ", ".join(sorted(violated["column"].unique()))
        raise RuntimeError(f"{plan.item.name}: rows with an empty required column were kept: {columns}")
    notes = Counter(gone)
    notes.update({(name, code): rows for name, parsed in read.items() for code, rows in parsed.notes.items()})
    notes.update({(name, "decoded"): rows for name, rows in decoded.items()})
    notes.update({(name, "mojibake_repaired"): rows for name, rows in mended.items()})
    for name in LISTS & read.keys():
        lost = read[name].emptied
        if lost is not None and lost.any():
            doubtful[(name, DoubtCode.WORD_TAKEN_AWAY)] = lost
    doubts = pl.concat([words_told(whole, raw, doubtful, plan.item), texts_lost(faults, kinds)])
    overlaps = _overlaps(read, sound["_row"], plan.item)
    return TypedBatch(custom_json(kept, plan.custom), faults, dict(notes), overlaps, doubts)


def _decoded(tidied: pl.DataFrame, plan: ReadingPlan) -> tuple[pl.DataFrame, dict[str, int]]:
    """Decode what people read, and tidy what that has changed: an encoded blank is a blank."""
    decoded, counts = decode_columns(tidied, *plan.texts)
    for name in counts:
        changed = decoded[name].ne_missing(tidied[name])
        again = pl.when(changed).then(tidy(name, plan.kinds[name])).otherwise(pl.col(name))
        decoded = decoded.with_columns(again.alias(name))
    return decoded, counts


def _overlaps(read: dict[str, Parsed], rows: pl.Series, item: SourceObject) -> pl.DataFrame:
    found = [
        pl.DataFrame({"row": rows, "earlier": parsed.values, "later": parsed.later})
        .filter(pl.col("later").is_not_null())
        .select(pl.lit(item.name).alias("object"), pl.lit(name).alias("column"), "row", "earlier", "later")
        for name, parsed in read.items()
        if name in item.by_name and parsed.later is not None
    ]
    return pl.concat(found) if found else pl.DataFrame()


def _without(tidied: pl.DataFrame, broken: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with every broken cell emptied, so that no cell breaks two rules."""
    groups = broken.group_by("column").agg("index").iter_rows()
    index = pl.int_range(pl.len(), dtype=pl.Int64)
    return tidied.with_columns(
        pl.when(~index.is_in(pl.lit(pl.Series(rows, dtype=pl.Int64)).implode())).then(pl.col(name)).alias(name)
        for name, rows in groups
    )


def _unread(read: dict[str, Parsed]) -> list[pl.DataFrame]:
    return [
        pl.DataFrame({"rule": parsed.rules, "lost": parsed.values.is_null()})
        .with_row_index("index")
        .filter(pl.col("rule").is_not_null())
        .select(pl.col("index").cast(pl.Int64), pl.lit(name).alias("column"), "rule", "lost")
        .cast(_CELL_FAULTS)  # type: ignore[arg-type]
        for name, parsed in read.items()
    ]


def _faults(cells: pl.DataFrame, raw: pl.DataFrame, tidied: pl.DataFrame, item: SourceObject) -> pl.DataFrame:
    """Return the faults as `quarantine.faults` wants them; a lost value that a row needs holds the row back."""
    found = [
        pl.when(pl.col("column") == name).then(pl.col(f"_raw_{name}").str.slice(0, FOUND_LENGTH))
        for name in cells["column"].unique().to_list()
    ]
    # Only the rows with a fault are joined; those of a batch without one are none.
    rows = pl.concat(
        [
            tidied.select(*PLACE, pl.concat_str(item.key, separator="|", ignore_nulls=True).alias("key")),
            raw.select(pl.col(name).alias(f"_raw_{name}") for name in raw.columns if name not in PLACE),
        ],
        how="horizontal",
    ).with_row_index("index")
    rows = rows.with_columns(pl.col("index").cast(pl.Int64))
    needed = pl.col("column").is_in(list(item.required_columns)) & pl.col("lost")
    joined = cells.join(rows, on="index", how="left").join(rules_frame(), on="rule", how="left")
    return joined.select(
        pl.lit(item.name).alias("object"),
        pl.when(pl.col("key") != "").then(pl.col("key")).alias("key"),
        pl.col("_file").alias("file"),
        pl.col("_line").alias("line"),
        pl.col("_row").alias("row"),
        pl.lit("clean").alias("stage"),
        "rule",
        "column",
        pl.when(needed).then(pl.lit("row")).otherwise(pl.lit("value")).alias("severity"),
        (pl.coalesce(found) if found else pl.lit(None, pl.String)).alias("found"),
        "expected",
        "action",
    ).sort("row", "column")
