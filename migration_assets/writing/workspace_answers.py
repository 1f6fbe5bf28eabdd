"""What the workspace was seen to do, as the steps of a run read it: `observed.profile`, a row per question.

Without a profile, and of what could not be seen, nothing is known, and every way is reckoned with.
"""

from collections.abc import Mapping

import duckdb

from resources.warehouse import table_exists

TABLE = "observed.profile"
LAG_MARGIN = 2.0
"""A search that took so long once may take this many times as long."""


def known_answers(connection: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
    """Return the answers by question, of those that are known."""
    if not table_exists(connection, TABLE):
        return {}
    query = f"SELECT question, answer FROM {TABLE} WHERE answer IS NOT NULL"
    return dict(connection.execute(query).fetchall())


def search_lag(connection: duckdb.DuckDBPyConnection) -> float:
    """Return the seconds for which a search may miss what was just made, by what was seen; 0.0 where nothing was."""
    if not table_exists(connection, TABLE):
        return 0.0
    ((seconds,),) = connection.execute(f"SELECT max(seconds) FROM {TABLE}").fetchall()
    return LAG_MARGIN * float(seconds or 0.0)


def answered(answer: str | None, seen: str | None) -> str:
    """Return an answer as people read it, with what was seen where no word says it."""
    if answer is None:
        return f"not known: {seen}" if seen else "not known"
    return f"another one: {seen}" if answer == "other" else answer
