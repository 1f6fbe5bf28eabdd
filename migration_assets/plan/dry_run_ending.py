"""What the terminal shows at the end of a dry run: what a load would do, and where it stands in full.

Nothing of a customer's text is shown but the keys of the first records.
"""

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from migration_assets.accounting.nouns import noun
from migration_assets.plan.overview import HTML, PlanOverview
from resources.wording import counted, duration, number


def show_overview(overview: PlanOverview, folder: Path | str, console: Console) -> None:
    """Print the overview; `folder` is how the state folder is named to the person."""
    if not console.is_terminal:
        # A log has no width; the tables are not to be folded to 80 columns.
        console.width = max(console.width, 140)
    console.print(by_object(overview))
    if any(plan.first for plan in overview.objects.values()):
        console.print(first_records(overview))
    for sentence in sentences(overview):
        console.print(Text(sentence), soft_wrap=True)
    console.print(Text(f"{Path(folder) / HTML} shows all of it. Nothing was written to Intercom."), soft_wrap=True)


def by_object(overview: PlanOverview) -> Table:
    """Return a row per object, a column per action."""
    table = _grid("Intercom")
    for heading in (*overview.columns, "calls"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, plan in overview.objects.items():
        counts = [getattr(plan, action) for action in (*overview.columns, "calls")]
        table.add_row(noun(name), *(Text(number(count), style="" if count else "dim") for count in counts))
    return table


def first_records(overview: PlanOverview) -> Table:
    """Return the first records of each action."""
    table = _grid("first records", "key", "action", "why")
    for name, plan in overview.objects.items():
        for place, record in enumerate(plan.first):
            table.add_row(
                noun(name) if place == 0 else "",
                Text(record.source_key),
                record.action.value,
                Text(record.reason or ""),
            )
    return table


def sentences(overview: PlanOverview) -> list[str]:
    """Return how much would be sent and how long it takes, and what would not be."""
    said = ["Nothing would be sent."] if overview.nothing_to_do else [_pace(overview)]
    if overview.quarantined:
        rows = counted(overview.quarantined, "row of the extract is", "rows of the extract are")
        said.append(f"{rows} in quarantine and would not be loaded: the folder rejects says why.")
    return said


def _pace(overview: PlanOverview) -> str:
    time = overview.time
    return (
        f"{counted(overview.calls, 'call')} would be made: {duration(time.seconds_granted)} at the rate that the "
        f"workspace grants, {duration(time.seconds_documented)} at the documented one."
    )


def _grid(*headings: str) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="dim", collapse_padding=True)
    for heading in headings:
        table.add_column(heading)
    return table
