"""Counts what docs/structure_figures.md says of the present state: `python -m tests.docs.structure` writes it anew."""

import ast
import re
from statistics import median

from tests.test_imports import PROJECT

PAGE = PROJECT / "docs" / "structure_figures.md"
CORE, EMBEDDED = ("migration_assets", "resources", "schemas"), ("embedded_intercom",)


def files(packages):
    return [path for name in packages for path in (PROJECT / name).rglob("*") if path.suffix in (".py", ".sql")]


def spread(numbers):
    """Return the median, the value at nine tenths of the sorted list, and the greatest."""
    ranked = sorted(numbers)
    return f"{median(ranked):.0f}, {ranked[int(len(ranked) * 0.9)]}, {ranked[-1]}"


def functions(paths):
    """Return the lines of every function, nested ones for themselves too."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in paths if path.suffix == ".py"]
    return [node.end_lineno - node.lineno + 1 for tree in trees for node in ast.walk(tree) if isinstance(node, kinds)]


def lengths(paths):
    return [len(path.read_text(encoding="utf-8").splitlines()) for path in paths]


def counted():
    """Return what the page says of the present state, by the pattern of what stands before and after it there."""
    core, embedded = files(CORE), files(EMBEDDED)
    lines, per_function = sum(lengths(core)), functions(core)
    python = sum(path.suffix == ".py" for path in core)
    last = r"(^\| {} \| .* \| )[^|]+( \|$)"
    _, without = before()
    return {
        last.format("lines of the core"): f"{lines:,}",
        last.format(r"files of the core \(of them `.py`\)"): f"{len(core)} ({python})",
        last.format("lines per file: median, p90, most"): spread(lengths(core)),
        last.format("functions"): f"{len(per_function):,}",
        last.format("lines per function: median, p90, most"): spread(per_function),
        r"(files then,\n)[\d,]+ in \d+( now\))": f"{sum(lengths(embedded)):,} in {len(embedded)}",
        r"(Without it the core grew by )[\d,]+(\s+lines)": f"{lines - without:,}",
    }


def before():
    """Return the lines of the core before, with the embedded workspace and without it, as the page has them."""
    found = re.search(r"^\| lines of the core \| ([\d,]+) \| ([\d,]+) \|", PAGE.read_text(encoding="utf-8"), re.M)
    return [int(number.replace(",", "")) for number in found.groups()]


def written(page, values):
    """Return the page with the values in it, each of which must have its place."""
    for pattern, value in values.items():
        page, times = re.subn(pattern, rf"\g<1>{value}\g<2>", page, flags=re.M)
        if times != 1:
            raise ValueError(f"{pattern} stands {times} times on {PAGE.name}")
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), counted()), encoding="utf-8")
