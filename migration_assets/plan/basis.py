"""What a plan was made of, and whether all of that is still so. Pure decisions and their table `plan.basis`."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import duckdb
import polars as pl

from migration_assets.ground.made import Made, made_with_another, outdated
from migration_assets.plan.plan_options import PlanOptions
from resources.warehouse import fetch_frame, insert_frame, table_exists
from resources.wording import listed

WRITES = ("load", "rollback")
"""The kinds of runs in the journal after which a plan is no longer of the present."""
OF_THE_RUN = {"run_id"}
"""The options of a plan that say which run it is for, and not what was chosen."""
ALL_OF_IT = "itco/extract and all that comes after it, up to plan/actions"
THE_PLAN = "plan/actions"
"""With which the plan's other tables are made as well."""
EVERYTHING = {"itco": "itco/extract and the landed files beside it", "clean": "clean/*", "target": "target/*"}
SAID = {"itco": "the landed files were", "clean": "the clean tables were", "target": "the target tables were"}


@dataclass(frozen=True)
class Basis:
    """What a plan is made of: the migration, the drop, mapping and options, and what was written before it.

    `drop` and `mapping` are hashes; `written_by` is the last run that wrote to Intercom or took something back, and
    `wipes` how often the embedded workspace was emptied, None where Intercom is another one.
    """

    migration: str
    drop: str
    mapping: str
    options: str
    written_by: str | None
    wipes: int | None


def options_in_words(options: PlanOptions) -> str:
    """Return the choices of a plan as one text, which is the same for the same choices."""
    chosen = {name: value for name, value in asdict(options).items() if name not in OF_THE_RUN}
    return ", ".join(f"{name}={value}" for name, value in sorted(chosen.items()))


def last_writer(runs: pl.DataFrame, run_id: str) -> str | None:
    """Return the latest run, other than this one, that wrote to Intercom or took something back."""
    others = runs.filter(pl.col("kind").is_in(WRITES) & (pl.col("run_id") != run_id))
    return str(others["run_id"][-1]) if others.height else None


def keep_basis(connection: duckdb.DuckDBPyConnection, run_id: str, basis: Basis) -> None:
    """Note what the plan was made of, and for which run."""
    frame = pl.DataFrame([{"run_id": run_id, **asdict(basis)}], schema=_SCHEMA)
    insert_frame(connection, "plan.basis", frame, create=True)


_SCHEMA: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("run_id", "migration", "drop", "mapping", "options", "written_by"), pl.String),
    "wipes": pl.Int64,
}


def planned_by(connection: duckdb.DuckDBPyConnection) -> tuple[str, Basis] | None:
    """Return which run made the plan, and of what; None where there is none."""
    if not table_exists(connection, "plan.basis"):
        return None
    (row,) = fetch_frame(connection, "FROM plan.basis").to_dicts()
    return str(row.pop("run_id")), Basis(**row)


def stale(planned: Basis | None, now: Basis, made: Sequence[Made]) -> str | None:
    """Say in a sentence why a plan must not be carried out and what to materialize; None where it may."""
    found = None if planned is None else _differs(planned, now, made)
    if planned is not None and found is None:
        return None
    why, what = found or ("there is no plan", ALL_OF_IT)
    return (
        f"Nothing was sent: {why}. Materialize {what}, then this asset again; or start the job migrate "
        "(make migrate), which does all of it in its order."
    )


def _differs(planned: Basis, now: Basis, made: Sequence[Made]) -> tuple[str, str] | None:
    if planned.drop != now.drop:
        return "the extract's files are not those that the plan was made from", ALL_OF_IT
    if planned.migration != now.migration:
        return f"the plan is of the migration {planned.migration}, and this is {now.migration}", ALL_OF_IT
    if planned.mapping != now.mapping or made_with_another(made, now.mapping) is not None:
        return "the mapping or the route was another when the plan was made, or what it stands on", ALL_OF_IT
    if (found := outdated(made)) is not None:
        stage, before = found
        later = [EVERYTHING[name] for name in EVERYTHING if _from(stage, name)]
        said = "the plan was" if stage == "plan" else SAID[stage]
        return f"{said} made before {SAID[before].rsplit(' ', 1)[0]}", listed([*later, THE_PLAN])
    if planned.options != now.options:
        return f"the plan was made with other options ({_other(planned.options, now.options)})", THE_PLAN
    if planned.written_by != now.written_by:
        return f"the plan is older than what the run {now.written_by} wrote to Intercom or took back", THE_PLAN
    if planned.wipes != now.wipes:
        return "the embedded workspace was wiped after the plan was made", THE_PLAN
    return None


def _from(stage: str, name: str) -> bool:
    """Whether a stage is `stage` or comes after it."""
    order = [*EVERYTHING, "plan"]
    return order.index(name) >= order.index(stage)


def _other(planned: str, now: str) -> str:
    return ", ".join(one for one in planned.split(", ") if one not in now.split(", "))
