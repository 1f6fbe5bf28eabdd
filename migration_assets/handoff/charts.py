"""The report's charts, as SVG without text, script or reference; the words stand beside them in the page.

Shapes stretch with the page (`preserveAspectRatio="none"`), so they stay readable on a phone and in print. Colours
come from the page's style sheet by class.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

RECT = Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>')
CHART = Markup('<svg class="{}" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>')
WIDTH = 1000
LEAST = 6.0
"""The least width of a part that is not zero, in thousandths: a single failed row must be seen."""


@dataclass(frozen=True)
class Segment:
    """One part of a bar: its style class, its name and its count."""

    style: str
    name: str
    value: int


def widths(values: Sequence[int], whole: float, total: int) -> list[float]:
    """Share `whole` among `values` of `total`; every non-zero one has `LEAST`, taken from the largest."""
    if total <= 0:
        return [0.0] * len(values)
    shares = [max(LEAST, value / total * whole) if value else 0.0 for value in values]
    excess = sum(shares) - sum(values) / total * whole
    if excess > 0:
        largest = shares.index(max(shares))
        shares[largest] = max(LEAST, shares[largest] - excess)
    return shares


def stacked_bar(segments: Sequence[Segment], total: int | None = None, label: str = "") -> Markup:
    """Return one horizontal bar; `total` is the count that fills its whole width (unset: the segments' sum)."""
    whole = total if total is not None else sum(part.value for part in segments)
    spoken = label + ": " + ", ".join(f"{part.name} {part.value:,}" for part in segments if part.value)
    shapes = [RECT.format("track", 0, 0, WIDTH, 20, label)]
    left = 0.0
    for part, width in zip(segments, widths([part.value for part in segments], WIDTH, whole), strict=True):
        if width:
            shapes.append(RECT.format(part.style, left, 0, width, 20, f"{part.name}: {part.value:,}"))
        left += width
    return CHART.format("bar", WIDTH, 20, spoken, Markup("").join(shapes))


def columns(months: Sequence[Mapping[str, Any]], height: int = 120) -> Markup:
    """Return one column per month: the tickets of the extract, with the loaded ones in front."""
    most = max((month["tickets"] for month in months), default=0)
    if not most:
        return Markup("")
    step = WIDTH / len(months)
    gap = min(4.0, step * 0.2)
    shapes = []
    for place, month in enumerate(months):
        title = f"{month['month']}: {month['loaded']:,} of {month['tickets']:,} tickets loaded"
        for style, value in (("open", month["tickets"]), ("loaded", month["loaded"])):
            tall = value / most * height
            shapes.append(RECT.format(style, place * step + gap / 2, height - tall, step - gap, tall, title))
    spoken = f"Tickets by month of creation, {months[0]['month']} to {months[-1]['month']}, at most {most:,} a month"
    return CHART.format("months", WIDTH, height, spoken, Markup("").join(shapes))
