"""The report: one HTML page from the certificate and the evidence, which opens without a network.

The page is the template report.html.jinja, filled as `pages.py` says.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from migration_assets.accounting.certificate import FATES, Certificate, SourceCounts
from migration_assets.accounting.pages import fill
from migration_assets.handoff import charts, explain, explain_deleted_in_source, explain_sweep
from migration_assets.handoff.evidence import Evidence, Row
from migration_assets.handoff.long_lists import write_lists
from migration_assets.objects.touches import WORDS
from migration_assets.writing.workspace_answers import answered
from resources.complete_commands import complete
from resources.durable import write_whole
from resources.wording import counted, number

TEMPLATE = Path(__file__).with_name("report.html.jinja")


def write_report(
    path: Path, certificate: Certificate, evidence: Evidence, rejects: Path, folders: Mapping[str, str] | None = None
) -> None:
    """Write the report to `path`, and what it has no room for; `rejects` is linked to where a file is there.

    `folders` are what the commands in it repeat of the run's folders (`complete_commands.folders_of`).
    """
    write_lists(path.parent, evidence)
    write_whole(path, render(certificate, evidence, reject_links(rejects, path.parent), folders))


def reject_links(rejects: Path, folder: Path) -> dict[str, str]:
    """Return by object the relative address of its file of quarantined rows, where there is one."""
    files = sorted(rejects.glob("*.csv")) if rejects.is_dir() else []
    return {file.stem: quote(Path(os.path.relpath(file, folder)).as_posix()) for file in files}


def render(
    certificate: Certificate, evidence: Evidence, rejects: dict[str, str], folders: Mapping[str, str] | None = None
) -> str:
    """Return the page."""
    given = {
        "c": certificate,
        "e": evidence,
        "rejects": rejects,
        "complete": lambda text: complete(text, folders or {}),
        "fates": FATES,
        "total": total(certificate),
        "seconds": (certificate.migration.ended_at - certificate.migration.started_at).total_seconds(),
        "fate_bars": {name: fate_bar(name, counts) for name, counts in certificate.source.items() if counts.rows},
        "load_bars": load_bars(certificate),
        "call_bars": call_bars(certificate),
        "month_chart": charts.columns(evidence.months),
        "most_tickets": max((row["tickets"] for row in evidence.months), default=0),
        "by_fate": lambda fate: [row for row in evidence.fates if row["fate"] == fate],
        "needs": needs(evidence),
        "strays_left": strays_left(evidence),
        "stray": explain_sweep.stray,
        "answered": answered,
        "deleted_fate": explain_deleted_in_source.FATES.__getitem__,
    }
    words = {code.value: words for code, words in WORDS.items()}
    return fill(TEMPLATE, given | {"explain": explain, "touch_words": words})


def total(certificate: Certificate) -> SourceCounts:
    """Return the sums over all source objects."""
    sums = {name: sum(getattr(counts, name) for counts in certificate.source.values()) for name in ("rows", *FATES)}
    return SourceCounts(**sums)


def fate_bar(name: str, counts: SourceCounts) -> Markup:
    """Return the bar of what became of an object's rows; rows without a fate leave the track bare."""
    parts = [charts.Segment(fate, fate, getattr(counts, fate)) for fate in FATES]
    return charts.stacked_bar(parts, counts.rows, f"{explain.noun(name)}, {counted(counts.rows, 'row')}")


def load_bars(certificate: Certificate) -> list[tuple[str, Markup]]:
    """Return per Intercom object the bar of present records against planned ones."""
    bars = []
    for name, counts in certificate.intercom.items():
        missing = max(0, counts.planned - counts.failed - counts.present)
        parts = [
            charts.Segment("loaded", "present", counts.present),
            charts.Segment("failed", "failed", counts.failed),
            charts.Segment("skipped", "not there", missing),
        ]
        label = f"{explain.noun(name)}, {number(counts.planned)} planned"
        bars.append((name, charts.stacked_bar(parts, max(counts.planned, counts.present), label)))
    return bars


def call_bars(certificate: Certificate) -> list[tuple[str, int, Markup]]:
    """Return per endpoint the calls and their bar, the most called first."""
    ordered = sorted(certificate.calls.by_endpoint.items(), key=lambda item: (-item[1], item[0]))
    most = ordered[0][1] if ordered else 0
    return [
        (name, calls, charts.stacked_bar([charts.Segment("merged", "calls", calls)], most, name))
        for name, calls in ordered
    ]


def needs(evidence: Evidence) -> Sequence[Sequence[Any]]:
    """Return the lists that need a person, to tell whether there is anything at all."""
    lists: tuple[Sequence[Any], ...] = (
        evidence.open_doubts(),
        evidence.queue,
        evidence.unmapped,
        evidence.held,
        evidence.failures,
        evidence.failed_rows,
        evidence.changed,
        strays_left(evidence),
        evidence.edits,
        evidence.open_answers(),
        evidence.merged,
        explain_deleted_in_source.open_rows(evidence.deleted_in_source),
    )
    return [rows for rows in lists if rows]


def strays_left(evidence: Evidence) -> list[Row]:
    """Return what the sweep found and did not put right."""
    return [row for row in evidence.strays if row["outcome"] != "healed"]
