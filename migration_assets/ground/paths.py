"""How paths are shown to a person."""

from pathlib import Path


def relative(path: Path) -> str:
    """Return `path` as a person would type it from the current folder."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
