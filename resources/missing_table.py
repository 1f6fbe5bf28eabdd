"""What is said where a step reads a table that was never made: which asset makes it."""

import dagster as dg

MADE_BY = {
    "raw": "itco/{table}",
    "clean": "clean/{table}",
    "quarantine": "clean/{table}",
    "target": "target/{table}",
    "plan": "plan/actions",
    "verdict": "plan/actions",
    "observed": "workspace/preflight",
    "verified": "verified/scope",
    "rollback": "rollback/plan",
}
"""The asset that makes a table, by the schema it is in; of the plan's and the verdict's tables it is the last."""
LANDED_BESIDE = {"files", "findings"}
"""Tables of the schema raw that come with every landed file."""


class MissingTableError(dg.Failure):
    """A table that the step reads is not there; the message says what to materialize."""

    def __init__(self, words: str) -> None:
        super().__init__(words, allow_retries=False)

    def __str__(self) -> str:
        return str(self.description)


def sentence(table: str) -> str:
    """Return the sentence on a table that was never made."""
    schema, _, name = table.rpartition(".")
    asset = "itco/extract" if schema == "raw" and name in LANDED_BESIDE else MADE_BY.get(schema, "").format(table=name)
    first = f"Materialize {asset} and what stands before it" if asset else "Materialize what stands before it"
    return (
        f"This step reads the table {table}, which was not made yet: nothing was done. {first}, or start the job "
        "migrate (make migrate), which makes all of it in its order."
    )
