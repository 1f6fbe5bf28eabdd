"""Paths that people name: made absolute once, and put into a SQLAlchemy URL without a letter of theirs being read."""

from pathlib import Path
from urllib.parse import quote, unquote


def absolute(path: Path) -> Path:
    """Return a path without links, made absolute against the working directory, which is make's own.

    Raises:
        ValueError: it names the home of a user that there is not, or links lead in a circle.
    """
    try:
        return path.expanduser().resolve()
    except (RuntimeError, OSError):
        raise ValueError("this path leads nowhere: no such user, or links that lead in a circle") from None


def leads_out(path: Path, folder: Path) -> bool:
    """Whether a path, wherever links on its way lead, is outside a folder; a circle of links leads nowhere."""
    try:
        return not path.resolve().is_relative_to(folder.resolve())
    except (RuntimeError, OSError):
        return True


def without_url_letters(path: Path) -> Path:
    """Return a path that may stand in a URL as it is: Dagster puts its home's into those of its databases.

    Raises:
        ValueError: it holds what a URL reads otherwise.
    """
    written = path.as_posix()
    if "?" in written or unquote(written) != written:
        raise ValueError("this path must hold no question mark and no percent sign before two digits, for Dagster")
    return path


def sqlite_url(path: Path | str) -> str:
    """Return the SQLAlchemy URL of a SQLite file; a question mark or a percent sign in the path means itself."""
    return f"sqlite:///{quote(str(path))}"
