"""The table `doubt.rows`: each row that a doubt is about, with the step that found it; and what they come to.

A step writes its own with `record`, after `clear`; `weigh` says of them which stop the run, which keep it partial, and
which a person has accepted. What belongs elsewhere: the kinds of doubt and their limits (`schemas.doubts`).
"""

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import duckdb

from migration_assets.ground import lists
from resources.warehouse import table_exists
from resources.wording import listed, number
from schemas.doubt_codes import DoubtCode
from schemas.doubt_kind import NONE_AT_ALL, Doubt, DoubtState, Limit
from schemas.doubts import DOUBTS
from schemas.mapping import Mapping
from schemas.mapping_parts import Accepted, DoubtLimit

TABLE = "doubt.rows"
LIST = "doubts.csv"
"""The file in the folder of rejected rows that names every row of every doubt, for a person to go through."""

COLUMNS = {
    "step": "VARCHAR",
    "object": "VARCHAR",
    "code": "VARCHAR",
    "column": "VARCHAR",
    "key": "VARCHAR",
    "file": "VARCHAR",
    "line": "BIGINT",
    "found": "VARCHAR",
    "rows": "BIGINT",
}
"""The table's columns. `step` is the asset that found it, as "clean/customers"; `object` the source's; `found` what a
person must see to decide; `rows` how many rows of the source the line stands for, 1 but for whole columns and files."""

OF = "SELECT sum(records) FROM raw.files f WHERE f.object = d.object"
"""SQL of the rows that the files of a doubt's object have."""

ORDER = (DoubtState.STOPS, DoubtState.OPEN, DoubtState.ACCEPTED)
"""What a person must know first."""

CHECK = "doubts_are_settled"
CHECK_DESCRIPTION = (
    "Nothing found here could mean a wrong person, a lost text or a missing row, or a person accepted it."
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """One doubt about one column of one object: how often, of how many rows, and what that means for the run."""

    object: str
    column: str
    code: DoubtCode
    rows: int
    of: int
    state: DoubtState
    limit: Limit | None
    places: Sequence[str]
    found: Sequence[str] = ()
    """What was found, in words, of the doubts that tell it themselves."""

    @property
    def kind(self) -> Doubt:
        """What is known of the kind of doubt."""
        return DOUBTS[self.code]

    @property
    def where(self) -> str:
        """The object, with the column where there is one: what `of` names in the mapping."""
        return f"{self.object}.{self.column}" if self.column else self.object

    @property
    def finding(self) -> str:
        """What was found, as a sentence."""
        if self.kind.tells and self.found:
            return " ".join(self.found)
        places = f" (such as {listed(list(self.places), 'or')})" if self.places else ""
        of = f" of {number(self.of)}" if self.of else ""
        return f"{number(self.rows)}{of} {self.object} {self.kind.says}{places}."

    @property
    def remedy(self) -> str:
        """What a person does about it: the lines of the mapping that settle it, where each finding names its own."""
        return " ".join(self.found) if self.kind.by_line and self.found else self.kind.do

    def sentence(self) -> str:
        """Return the finding and what to do about it, for the terminal, the report and the check."""
        said = self.finding
        more = f"That is more than {self.limit} that may be" if self.limit != NONE_AT_ALL else "There may be none"
        stop = f" {more}, so nothing was written."
        if self.kind.by_line:
            return f"{said}{stop} {self.remedy}"
        settled = (
            " If it is right so, write into mapping.yaml "
            f"`accepted: [{{doubt: {self.code}, of: {self.where}, because: WHY}}]`."
        )
        if self.kind.tells:
            stop, settled = " Nothing was written.", ""  # the finding is one thing, and what to do names the line
        return said + (stop if self.state is DoubtState.STOPS else "") + f" {self.kind.do}" + settled


def _limit(limits: AnyMapping[DoubtCode, DoubtLimit], code: DoubtCode) -> Limit | None:
    """Return above how much a doubt stops a run: as the mapping says, else as is usual; None where it never does."""
    own = limits.get(code)
    return Limit(own.share, own.rows) if own else DOUBTS[code].limit


def clear(connection: duckdb.DuckDBPyConnection, step: str) -> None:
    """Delete what an earlier run of the step found."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS doubt")
    columns = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
    connection.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} ({columns})")
    connection.execute(f"DELETE FROM {TABLE} WHERE step = ?", [step])


def record(
    connection: duckdb.DuckDBPyConnection,
    step: str,
    object_name: str,
    code: DoubtCode,
    query: str,
    parameters: Sequence[object] = (),
) -> None:
    """Append what a query finds.

    Args:
        connection: the warehouse, in which the step's earlier findings have been cleared.
        step: the asset that found it, as "clean/customers".
        object_name: the source's object whose rows these are.
        code: the kind of doubt.
        query: a SELECT with the columns `column`, `key`, `file`, `line`, `found` by name, and `rows` where a line
            stands for more than one row. What it lacks is empty.
        parameters: what is bound in the query.
    """
    there = {name for name, *_ in connection.execute(f"DESCRIBE {query}", list(parameters)).fetchall()}
    given = {"step": "?", "object": "?", "code": "?"} | {
        name: f'"{name}"' if name in there else ("1" if name == "rows" else "NULL") for name in list(COLUMNS)[3:]
    }
    connection.execute(
        f"INSERT INTO {TABLE} SELECT {', '.join(given.values())} FROM ({query})",
        [step, object_name, code.value, *parameters],
    )


def weigh(connection: duckdb.DuckDBPyConnection, mapping: Mapping | None, step: str | None = None) -> list[Weighed]:
    """Return what the doubts of a step, or of all steps, come to: those that stop first, then the most rows.

    Args:
        connection: the warehouse.
        mapping: the mapping, with what a person has accepted and the limits that they set; without it nothing is.
        step: the asset whose doubts are wanted; all where it is None.
    """
    if not table_exists(connection, TABLE):
        return []
    of_object = OF if table_exists(connection, "raw.files") else "0"
    found = connection.execute(
        f"""
        SELECT object, coalesce("column", ''), code, sum(rows)::BIGINT,
            coalesce(({of_object}), 0)::BIGINT,
            list_slice(list_sort(list(DISTINCT file || coalesce(':' || line, '')) FILTER (file IS NOT NULL)), 1, 3),
            list_slice(list_sort(list(DISTINCT found) FILTER (found IS NOT NULL)), 1, 5)
        FROM {TABLE} d WHERE step = coalesce(?, step) GROUP BY ALL
        """,
        [step],
    ).fetchall()
    accepted, limits = (mapping.accepted, mapping.limits) if mapping else ([], {})
    weighed = []
    for name, column, word, rows, of, places, sentences in found:
        code = DoubtCode(word)
        limit = _limit(limits, code)
        state = decide(accepted, limit, name, column, code, rows=rows, of=of)
        of = max(of, rows) if of else 0
        told = sentences if DOUBTS[code].tells or DOUBTS[code].by_line else ()  # else it is a customer's text
        weighed.append(Weighed(name, column, code, rows, of, state, limit, places or (), told or ()))
    return sorted(weighed, key=lambda one: (ORDER.index(one.state), -one.rows, one.object, one.code, one.column))


def decide(
    accepted: Sequence[Accepted], limit: Limit | None, object_name: str, column: str, code: str, *, rows: int, of: int
) -> DoubtState:
    """Say what a doubt about `rows` of an object's `of` rows means for the run."""
    for one in () if DOUBTS[DoubtCode(code)].by_line else accepted:
        meant = one.of in (None, object_name, f"{object_name}.{column}")
        if one.doubt == code and meant and (one.up_to is None or rows <= one.up_to):
            return DoubtState.ACCEPTED
    return DoubtState.STOPS if limit is not None and limit.exceeded(rows, of) else DoubtState.OPEN


def write_list(connection: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Write doubts.csv, one line per row that a doubt is about, and return their number; with none it is removed."""
    if not table_exists(connection, TABLE):
        return 0
    columns = 'code, object, "column", key, file, line, found, rows'
    query = f"SELECT {columns} FROM {TABLE} ORDER BY code, object, file, line"
    return lists.write_list(connection, folder / LIST, query)


def check_result(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, step: str, rejects: Path
) -> dg.AssetCheckResult:
    """Answer the check of a step: an error where a doubt stops the run, a warning where one is open."""
    weighed = weigh(connection, mapping, step)
    write_list(connection, rejects)
    pending = [one for one in weighed if one.state is not DoubtState.ACCEPTED]
    stops = any(one.state is DoubtState.STOPS for one in pending)
    return dg.AssetCheckResult(
        passed=not pending,
        severity=dg.AssetCheckSeverity.ERROR if stops else dg.AssetCheckSeverity.WARN,
        description="\n".join(one.sentence() for one in pending) or "No doubt is open.",
        metadata={state.value: sum(one.rows for one in weighed if one.state is state) for state in DoubtState},
    )
