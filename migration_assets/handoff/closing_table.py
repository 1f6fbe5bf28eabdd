"""What the terminal shows at the end of a run: one table, the verdict with its reasons, and where to look next.

Nothing of a customer's text is shown, only names of objects, counts and the verdict's own sentences.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from migration_assets.accounting.certificate import FATES
from migration_assets.objects.registry import becomes
from resources.complete_commands import complete
from resources.terminal import stderr_console
from resources.wording import counted, number
from schemas.source import SOURCE

REASONS_SHOWN = 12

COMPARED = ("compared", "equal", "explained", "different", "unverifiable")
LOADS = ("planned", "failed", "present")
COLOURS = {"complete": "green", "partial": "yellow", "failed": "red"}


def summary_table(
    certificate: Mapping[str, Any], folder: Path | str = ".migration", folders: Mapping[str, str] | None = None
) -> RenderableType:
    """Return what the run came to: one table, the verdict with its reasons, and where to look next.

    Args:
        certificate: the content of certificate.json.
        folder: where the certificate and the report are.
        folders: what commands must repeat of the run's folders (`complete_commands.folders_of`).
    """
    typed = folders or {}
    return Group(
        Padding(_Table(certificate), (1, 0), expand=False),
        *([Padding(_fields(certificate["fields"]), (0, 0, 1, 0), expand=False)] if certificate.get("fields") else []),
        _verdict(certificate),
        *_reasons([complete(reason, typed) for reason in certificate["reasons"]]),
        Padding(_where_next(Path(folder), certificate, typed), (1, 0, 0, 0), expand=False),
    )


def closing(
    certificate: Mapping[str, Any],
    folder: Path | str = ".migration",
    console: Console | None = None,
    folders: Mapping[str, str] | None = None,
) -> None:
    """Print `summary_table` to the terminal's stderr."""
    console = console or stderr_console()
    if not console.is_terminal:
        # A log has no width; the table is not to be folded to 80 columns.
        console.width = max(console.width, 140)
    console.print(summary_table(certificate, folder, folders))


class _Table:
    """The table, which fits itself to the terminal: beside each other where there is room, else one below."""

    def __init__(self, certificate: Mapping[str, Any]) -> None:
        self.source, self.intercom = certificate["source"], certificate["intercom"]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        wide = self._table(beside=True)
        if Measurement.get(console, options.update(width=1000), wide).maximum <= options.max_width:
            yield wide
            return
        yield self._table(beside=False)
        yield ""
        yield self._loads()

    def _table(self, *, beside: bool) -> Table:
        table = _grid(SOURCE, "rows", *FATES, *(("Intercom", *LOADS) if beside else ()))
        left, beside_it = dict(self.intercom), becomes()
        for name, counts in self.source.items():
            loaded = left.pop(beside_it.get(name, ""), None)
            if counts["rows"] or (loaded and beside):
                right = _loaded(beside_it.get(name, ""), loaded) if beside else []
                table.add_row(_words(name), *_numbers(counts, ("rows", *FATES)), *right)
        for name, loaded in left.items() if beside else ():
            table.add_row("", *[""] * (1 + len(FATES)), *_loaded(name, loaded))
        return table

    def _loads(self) -> Table:
        table = _grid("Intercom", *LOADS)
        for name, loaded in self.intercom.items():
            table.add_row(*_loaded(name, loaded))
        return table


def _fields(fields: Mapping[str, Mapping[str, Mapping[str, int]]]) -> Table:
    """Return what was read back and compared, a row per field."""
    table = _grid("Intercom", "field", *COMPARED)
    table.columns[1].justify = "left"
    for name, found in fields.items():
        for place, (field, counts) in enumerate(found.items()):
            table.add_row(_words(name if place == 0 else ""), Text(field), *_numbers(counts, COMPARED))
    return table


def _grid(*headings: str) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="dim", collapse_padding=True)
    for heading in headings:
        table.add_column(heading, justify="left" if heading in (SOURCE, "Intercom") else "right", no_wrap=True)
    return table


def _words(name: str) -> Text:
    return Text(name.replace("_", " "))


def _numbers(counts: Mapping[str, int], names: tuple[str, ...]) -> list[Text]:
    styles = {"failed": "bold red", "different": "bold red", "quarantined": "yellow", "unverifiable": "yellow"}
    return [Text(number(counts[name]), style=styles.get(name, "") if counts[name] else "dim") for name in names]


def _loaded(name: str, counts: Mapping[str, int] | None) -> list[Text]:
    if not counts:
        return [Text("")] * 4
    return [_words(name), *_numbers(counts, LOADS)]


def _verdict(certificate: Mapping[str, Any]) -> Text:
    word = certificate["verdict"]
    calls = certificate["calls"]
    told = certificate["notifications_sent"]
    line = Text(word, style=f"bold {COLOURS[word]}")
    line.append(f"  {counted(calls['total'], 'call')}, {number(calls['writes'])} writes", style="default not bold")
    silent = "notifications are not told" if told is None else f"{counted(told, 'notification')} to contacts"
    line.append(f", {silent}", style="default not bold")
    teammates = certificate.get("teammate_notifications", {}).get("counted")
    if teammates:
        line.append(f", {number(teammates)} to teammates", style="default not bold")
    return line


def _reasons(reasons: list[str]) -> list[RenderableType]:
    shown: list[RenderableType] = [
        Padding(Text(f"- {reason}"), (0, 0, 0, 2), expand=False) for reason in reasons[:REASONS_SHOWN]
    ]
    if len(reasons) > REASONS_SHOWN:
        shown.append(
            Padding(Text(f"- and {len(reasons) - REASONS_SHOWN} more: see the report"), (0, 0, 0, 2), expand=False)
        )
    return shown


def _where_next(folder: Path, certificate: Mapping[str, Any], typed: Mapping[str, str]) -> Table:
    """Return the files to look at: of a run that ended early not all of them are there, or of this run."""
    table = Table(box=None, padding=(0, 1), pad_edge=False, show_header=False)
    quarantined = sum(counts["quarantined"] for counts in certificate["source"].values())
    found = [counts for fields in certificate.get("fields", {}).values() for counts in fields.values()]
    different = sum(counts["different"] for counts in found)
    places = [
        ("report.html", True, "the whole story, for people"),
        ("reconciliation.html", bool(certificate["source"]), "what became of the rows, phase by phase"),
        ("certificate.html", True, "the proof, to be signed; certificate.json is the same for machines"),
        ("rejects", quarantined, f"{counted(quarantined, 'quarantined row')}, with what to do"),
        ("differences.csv", different, f"{counted(different, 'field')} to look at, both values"),
    ]
    for name, is_of_this_run, what in places:
        if is_of_this_run and (folder / name).exists():
            table.add_row(Text(str(folder / name), style="bold"), Text(what))
    table.add_row(Text(complete("make ui", typed), style="bold"), Text("every step and check, in the browser"))
    return table
