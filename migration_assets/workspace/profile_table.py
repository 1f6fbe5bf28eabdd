"""What the workspace was seen to do, as a table on the terminal: what differs from the assumed answer is bold."""

import duckdb
from rich.table import Table
from rich.text import Text

from migration_assets.writing.workspace_answers import answered
from resources.warehouse import fetch_frame

HEADINGS = ("question", "answer", "assumed", "what the migration does")


def profile_table(connection: duckdb.DuckDBPyConnection) -> Table:
    """Return the table of `observed.profile`."""
    table = Table(title="What Intercom leaves undocumented, as this workspace does it")
    for heading in HEADINGS:
        table.add_column(heading, overflow="fold")
    for row in fetch_frame(connection, "SELECT * FROM observed.profile ORDER BY position").to_dicts():
        style = "bold" if row["differs"] else ""
        cells = (
            f"{row['question']}: {row['asks']}",
            answered(row["answer"], row["seen"]),
            row["assumed"],
            row["does"],
        )
        table.add_row(*(Text(cell, style=style) for cell in cells))
    return table
