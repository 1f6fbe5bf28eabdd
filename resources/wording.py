"""Numbers, plurals and times as people read them, the same in the terminal, the report and the verdict."""

import re

MINUTE, HOUR, DAY = 60, 3600, 86400


def number(value: float) -> str:
    """Return a count with thousands separators: 12,345."""
    return f"{value:,.0f}"


def counted(value: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun: 1 row, 2 rows; `many` is the plural where it is not `one` + s."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    """Return a span of time in at most two units: 0.4 s, 12 s, 3 min 5 s, 2 h 4 min, 3 d 2 h."""
    if seconds < 1:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    steps = ((DAY, "d", HOUR, "h"), (HOUR, "h", MINUTE, "min"), (MINUTE, "min", 1, "s"))
    for unit, name, smaller, smaller_name in steps:
        if whole >= unit:
            rest = whole % unit // smaller
            return f"{whole // unit} {name}" + (f" {rest} {smaller_name}" if rest else "")
    return f"{whole} s"


def listed(parts: list[str], last: str = "and") -> str:
    """Return the parts as a sentence has them: a, b and c."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def first_sentence(text: str) -> str:
    """Return the first sentence of a text; a point within a name or a number ends none."""
    return re.split(r"(?<=[.!?])\s+(?=[A-Z“])", text, maxsplit=1)[0]


def without_examples(text: str) -> str:
    """Return a text without its remarks in brackets that only give examples."""
    return re.sub(r" \(such as [^)]*\)", "", text)


def cut(text: str, most: int) -> str:
    """Return a text of at most so many characters, cut where a part of the sentence ends, or between two words."""
    if len(text) <= most:
        return text
    begun = text[: most - 2]
    ends = [found.start() for found in re.finditer(r"[,;:] ", begun) if found.start() > most // 3]
    return (begun[: ends[-1]] if ends else begun.rsplit(" ", 1)[0]).rstrip(",;:") + " …"
