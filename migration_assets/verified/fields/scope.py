"""Which records are read back: all, a share or a number of them by chance, or only what differed the last time."""

from pathlib import Path

import duckdb

from migration_assets.objects.registry import compared_objects
from migration_assets.verified.fields.groups import drawn_objects, drawn_with, groups
from resources.warehouse import fetch_frame, scalar, table_exists
from schemas.verification_sample import VerificationSample

_HERE = Path(__file__).parent
_NONE = "SELECT NULL::VARCHAR AS object, NULL::VARCHAR AS source_key, NULL::VARCHAR AS why WHERE FALSE\n"
_VERIFICATION = """
CREATE OR REPLACE TABLE verdict.verification AS
SELECT k.object, $sample::VARCHAR AS sample, $seed::BIGINT AS seed, count(c.source_key) AS records, count(*) AS applied
FROM verified.applied_writes k LEFT JOIN verified.chosen c ON c.object = k.object AND c.source_key = k.source_key
GROUP BY k.object
"""


class NothingVerifiedError(RuntimeError):
    """Only differences are to be looked at again, and there was no verification yet."""


def choose(connection: duckdb.DuckDBPyConnection, sample: VerificationSample, seed: int) -> None:
    """Write `verified.chosen` and `verified.ugly`; `verified.applied_writes` must be there."""
    applied = dict(
        connection.execute("SELECT object, count(*) FROM verified.applied_writes GROUP BY object").fetchall()
    )
    connection.execute("CREATE OR REPLACE TEMP TABLE chosen_sample (object VARCHAR, records BIGINT)")
    for name in drawn_objects():
        connection.execute("INSERT INTO chosen_sample VALUES (?, ?)", [name, sample.of(applied.get(name, 0))])
    connection.execute("CREATE OR REPLACE TEMP TABLE chosen_with (object VARCHAR, drawn VARCHAR)")
    for name, drawn in drawn_with().items():
        connection.execute("INSERT INTO chosen_with VALUES (?, ?)", [name, drawn])
    connection.execute("SET VARIABLE seed = ?", [str(seed)])
    files = [item.always for _, item in compared_objects().values() if item.always is not None]
    always = "UNION ALL BY NAME\n".join((_NONE, *(f"({file.read_text(encoding='utf-8')})" for file in files)))
    connection.execute((_HERE / "scope.sql").read_text(encoding="utf-8").format(always=always))
    connection.execute(_VERIFICATION, {"sample": str(sample), "seed": seed})


def require_verified(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many fields differed the last time.

    Raises:
        NothingVerifiedError: nothing was verified yet.
    """
    if not table_exists(connection, "verdict.differences") or not table_exists(connection, "verified.chosen"):
        raise NothingVerifiedError("Nothing was verified yet, so that no differences are known: run make verify first.")
    return scalar(connection, "SELECT count(*) FROM verdict.differences")


def chosen_counts(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """Return by object how many records are compared, and how many stand."""
    query = """
        SELECT k.object, count(c.source_key) AS chosen, count(*) AS applied
        FROM verified.applied_writes k
        LEFT JOIN verified.chosen c ON c.object = k.object AND c.source_key = k.source_key
        GROUP BY k.object
    """
    found = {row["object"]: (row["chosen"], row["applied"]) for row in fetch_frame(connection, query).to_dicts()}
    return {name: found[name] for names in groups().values() for name in names if name in found}
