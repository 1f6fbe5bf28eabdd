"""The warehouse: one DuckDB file with everything that can be rebuilt from the extract, the map and the journal.

It is opened for as long as a step needs it and never held across a load, so that a person can open it while a
load runs. DuckDB lets one process write; another one that has the file open is waited for, then named.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import polars as pl
from pydantic import Field, PrivateAttr
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_fixed, wait_random

from resources.dry_run import KNOWN_KEYS, WarehouseCopy, is_dry
from resources.missing_table import MissingTableError, sentence
from schemas.source import source_macros

THREADS = 2
"""Threads that DuckDB may use: a run shares its machine with the load and with whoever looks at it."""

CLOSED = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
}
"""What an engine can do besides reading and writing its tables, and never does here: customers' values pass through it,
and none of them, should it ever come to stand in a statement, may load a program, or read a variable of this one."""

SCHEMAS = ("raw", "clean", "quarantine", "map", "target", "plan", "observed", "verified", "verdict", "rollback")


def _is_lock(error: BaseException) -> bool:
    return isinstance(error, duckdb.IOException) and "set lock" in str(error)


ABOUT_VALUES = (duckdb.DataError, duckdb.IntegrityError, duckdb.InvalidInputException)
"""DuckDB's errors whose words repeat the value that they are about, which may be a customer's."""


def _start(
    settings: Mapping[str, Any], files: Sequence[str] = (), folders: Sequence[str] = ()
) -> duckdb.DuckDBPyConnection:
    """Start an engine whose SQL reaches these files and folders and nothing else on the disk or the network.

    No statement can change that afterwards.
    """
    engine = duckdb.connect(config={**settings, **CLOSED})
    try:
        # DuckDB takes the lists only once it has started, and only before its door is closed.
        engine.execute(f"SET allowed_paths = [{', '.join(map(_literal, files))}]")
        engine.execute(f"SET allowed_directories = [{', '.join(map(_literal, folders))}]")
        engine.execute("SET enable_external_access = false")
        engine.execute("SET lock_configuration = true")
    except BaseException:
        engine.close()
        raise
    return engine


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def without_values(error: duckdb.Error) -> duckdb.Error:
    """Return an error of the same kind that says where it happened and not with which value."""
    said = str(error)
    kind, _, rest = said.partition(":")
    column = re.search(r"from source column \w+", rest)
    statement = re.search(r"^LINE \d+:.*", rest, re.MULTILINE | re.DOTALL)
    parts = [f"{kind}: DuckDB's words are left out, because they repeat the value"]
    parts += [f" ({column.group()})" if column else "", f"\n{statement.group()}" if statement else ""]
    return type(error)("".join(parts)).with_traceback(error.__traceback__)


def _why_and_what_to_do(words: str, file: str) -> str:
    if "set lock" in words:
        held = re.search(r"held in (.+) \(PID (\d+)\)", words)
        holder = f"process {held[2]} ({Path(held[1]).name})" if held else "another program"
        return (
            f"The warehouse {file} is open in {holder}. Close it there, or wait until that has ended, then run again; "
            "to look at the tables meanwhile, open a copy of the file."
        )
    if re.search("corrupt|checksum|not a valid|deserializ", words, re.IGNORECASE):
        return (
            f"The warehouse is damaged: {words}. Delete {file} and {file}.wal, then run again: all of it is made "
            "anew from the extract, the mapping and the journal."
        )
    return f"The warehouse cannot be written or read: {words}. Make room on its disk, then run again."


def missing_table(words: str) -> str | None:
    """Return the table that DuckDB's words say is missing, as schema.table; None where they say something else."""
    found = re.search(r"Table with name (\S+) does not exist", words)
    if found is None:
        return None
    qualified = re.search(rf'(\w+)\."?{re.escape(found[1])}\b', words.partition("LINE ")[2])
    return f"{qualified[1]}.{found[1]}" if qualified else found[1]


class WarehouseError(dg.Failure):
    """The file itself cannot be used; the message says why and what to do."""

    def __init__(self, words: str, file: str) -> None:
        super().__init__(_why_and_what_to_do(words, file), allow_retries=False)

    def __str__(self) -> str:
        return str(self.description)


class Warehouse(dg.ConfigurableResource):
    """The DuckDB file and how to open it. Nothing else in the project opens it.

    It is not dagster_duckdb's `DuckDBResource`, of which nothing would be left but two fields: its `get_connection`
    keeps the file locked after an exception, waits for another process's lock up to 100 s without saying whose it is,
    and starts an engine for every step.
    """

    database: str = Field(description="The DuckDB file.")
    connection_config: dict[str, Any] = Field(default={}, description="Further DuckDB settings, by name.")
    memory_limit: str = Field(default="1GB", description="Memory that DuckDB may use before it spills to disk.")
    lock_wait_seconds: float = Field(default=30.0, description="How long to wait for another process to close it.")

    # At most one engine with no file attached: starting one costs ten times what attaching a file does.
    _idle: list[duckdb.DuckDBPyConnection] = PrivateAttr(default_factory=list)

    # Where the run is a dry run, what it works on instead.
    _copy: WarehouseCopy | None = PrivateAttr(default=None)

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Let a dry run work on a copy: what the last load has proved stays as it is."""
        if is_dry(context):
            steps = context.run.step_keys_to_execute if context.run else None
            self._copy = WarehouseCopy(Path(self.database), repeated=bool(steps))

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:  # noqa: ARG002
        """Close the engine that the run's steps have shared."""
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the warehouse, with its schemas and the source's names made; it is closed whatever happens.

        Raises:
            WarehouseError: another process still has it open after `lock_wait_seconds`, the disk is full or fails, or
                the file is damaged.
            MissingTableError: a table that is read was never made; says which asset makes it.
            duckdb.Error: whatever is raised inside; of `ABOUT_VALUES` the words that repeat a value are left out.
        """
        Path(self._file).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        engine = self._idle.pop() if self._idle else self._start()
        try:
            self._attach(engine)
            with engine.cursor() as connection:
                connection.execute("USE warehouse")
                for schema in SCHEMAS:
                    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
                connection.execute(source_macros())
                yield connection
            engine.execute("DETACH warehouse")
        except ABOUT_VALUES as error:
            engine.close()
            raise without_values(error) from None
        except duckdb.CatalogException as error:
            engine.close()
            if (table := missing_table(str(error))) is None:
                raise
            raise MissingTableError(sentence(table)) from None
        except BaseException as error:
            engine.close()  # whatever it was left with goes with it, the lock on the file too
            if isinstance(error, duckdb.Error) and self._file in str(error):
                raise WarehouseError(" ".join(str(error).split()), self._file) from None
            raise
        if self._idle:
            engine.close()  # two were open at once
        else:
            self._idle.append(engine)

    @property
    def _file(self) -> str:
        """The file where it really is, which is what DuckDB compares with what it may open."""
        return str((self._copy.file if self._copy else Path(self.database)).resolve())

    def _start(self) -> duckdb.DuckDBPyConnection:
        # Its log is beside the file, and for a moment as it is taken over or replayed.
        files = [self._file, *(f"{self._file}.wal{stage}" for stage in ("", ".checkpoint", ".recovery"))]
        own = {"memory_limit": self.memory_limit, "threads": str(THREADS), "temp_directory": f"{self._file}.tmp"}
        return _start({**own, **self.connection_config}, files, [str(Path(self._file).with_name(KNOWN_KEYS))])

    def _attach(self, engine: duckdb.DuckDBPyConnection) -> None:
        waiting = Retrying(
            retry=retry_if_exception(_is_lock),
            stop=stop_after_delay(self.lock_wait_seconds),
            wait=wait_fixed(0.25) + wait_random(0, 0.1),
            reraise=True,
        )
        waiting(engine.execute, f"ATTACH {_literal(self._file)} AS warehouse")


@contextmanager
def second_connection(connection: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a further connection to the same file, for a read that goes on while the first one writes."""
    ((name,),) = connection.execute("SELECT current_database()").fetchall()
    with connection.cursor() as second:
        second.execute(f'USE "{name}"')  # a new cursor begins in the engine's own, empty database
        yield second


@contextmanager
def scratch() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an empty database in memory, for a question that macros answer and no table."""
    with _start({}) as connection:
        yield connection


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Make all of what is inside stand at once or not at all; DuckDB syncs the file once instead of per statement."""
    connection.execute("BEGIN")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def insert_frame(
    connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame, *, create: bool = False
) -> None:
    """Append `frame` to `table` by column name; with `create`, make the table from the frame first."""
    connection.register("_frame", frame.to_arrow())
    try:
        if create:
            kind = "TEMP TABLE" if table.startswith("temp.") else "TABLE"
            connection.execute(f"CREATE OR REPLACE {kind} {table} AS SELECT * FROM _frame")
        else:
            connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM _frame")
    finally:
        connection.unregister("_frame")


def fetch_frame(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: list[object] | None = None
) -> pl.DataFrame:
    """Return a query's whole result as a polars frame."""
    # By way of an Arrow table: a polars frame made straight from a relation keeps DuckDB alive past its end.
    return pl.DataFrame(connection.sql(query, params=parameters).to_arrow_table())


def table_exists(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether `schema.table` is there."""
    schema, _, name = table.partition(".")
    found = scalar(
        connection,
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
        [schema, name],
    )
    return found > 0


def scalar(connection: duckdb.DuckDBPyConnection, query: str, parameters: list[object] | None = None) -> int:
    """Return the single integer that `query` yields; 0 for NULL."""
    # fetchall, not fetchone: DuckDB 2.0 refuses the next statement while a result is unfinished.
    rows = connection.execute(query, parameters or []).fetchall()
    return int(rows[0][0] or 0) if rows else 0
