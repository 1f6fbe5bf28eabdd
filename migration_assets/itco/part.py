"""Opening one file: encoding, delimiter and header are decided before any row is read."""

import contextlib
import csv
import io
import itertools
from dataclasses import dataclass

import polars as pl

from migration_assets.itco.decode import utf8_blocks
from migration_assets.itco.dialect import HEAD, Dialect, DialectError, find_header_below, sniff_dialect
from migration_assets.itco.drop import FilePart
from migration_assets.itco.encoding import Encoding, UnknownEncodingError, decide_encoding
from migration_assets.itco.faults import RefusedFileError
from migration_assets.itco.headers import HeaderCell, HeaderError, match_header
from migration_assets.itco.survey import Survey, survey
from schemas.mapping import Mapping
from schemas.mapping_parts import FileHint
from schemas.source import OBJECTS

_SAMPLE = 1000
"""How many records of a file are looked at to guess what a header means."""


@dataclass(frozen=True)
class OpenPart:
    """A file that can be read, and how."""

    part: FilePart
    state: tuple[int, int]
    survey: Survey
    encoding: Encoding
    dialect: Dialect
    header: list[HeaderCell]

    @property
    def columns(self) -> list[str]:
        """The columns that the file is landed in, in its own order."""
        return [cell.column for cell in self.header if cell.column is not None]

    @property
    def columns_at(self) -> dict[str, str]:
        """Where each column stands in what `RowReader` reads of the file: place -> column."""
        return {f"c{number}": cell.column for number, cell in enumerate(self.header) if cell.column is not None}

    def unchanged(self) -> bool:
        """Whether the file is still the one that was surveyed."""
        return file_state(self.part) == self.state


def file_state(part: FilePart) -> tuple[int, int]:
    """Return a file's size and time of change, to notice that it is written to while it is read."""
    found = part.path.stat()
    return found.st_size, found.st_mtime_ns


def open_part(part: FilePart, mapping: Mapping) -> OpenPart:
    """Decide how to read a file.

    Raises:
        RefusedFileError: it cannot be read safely; with file, line, reason and what to do.
    """
    hint = mapping.files.get(part.name, FileHint())
    given = mapping.headers.get(part.object, {})
    item = OBJECTS[part.object]
    try:
        state = file_state(part)
        found = survey(part.path)
        encoding = decide_encoding(part.name, found, hint.encoding)
        head, complete = _head(part, encoding)
        dialect = sniff_dialect(head, item, given, complete=complete, hint=hint.delimiter)
        header = match_header(dialect.header, item, given, lambda: values_below(head, dialect))
    except OSError as error:
        raise RefusedFileError(part.name, f"cannot be opened ({error.strerror})") from None
    except UnknownEncodingError as error:
        raise RefusedFileError(part.name, str(error)) from None
    except (LookupError, UnicodeError) as error:
        reason = f"cannot be read as {encoding.name} ({type(error).__name__}). Name its encoding in mapping.yaml"
        raise RefusedFileError(part.name, reason) from None
    except DialectError as error:
        raise RefusedFileError(part.name, str(error), error.line) from None
    except HeaderError as error:
        below = find_header_below(head, item, given)
        under = below is not None and below > dialect.header_line
        title = f". Line {below} looks like the header: delete the lines above it" if under else ""
        raise RefusedFileError(part.name, str(error) + title, dialect.header_line) from None
    return OpenPart(part, state, found, encoding, dialect, header)


def values_below(head: bytes, dialect: Dialect) -> list[pl.Series]:
    """Return what stands below each cell of the header in a file's head, as far as it can be read at once."""
    width = len(dialect.header)
    body = head[dialect.body :].replace(b"\r\n", b"\n")
    rows = csv.reader(io.StringIO(body.decode("utf-8", "replace"), newline=""), delimiter=dialect.layout.delimiter)
    sample: list[list[str]] = []
    with contextlib.suppress(csv.Error):  # a damaged record ends what can be looked at; landing reports it
        sample += [row for row in itertools.islice(rows, _SAMPLE) if len(row) == width]
    return [pl.Series([row[number] or None for row in sample], dtype=pl.String) for number in range(width)]


def _head(part: FilePart, encoding: Encoding) -> tuple[bytes, bool]:
    head = b""
    for block in utf8_blocks(part.path, encoding.name, block=HEAD):
        head += block
        if len(head) >= HEAD:
            return head[:HEAD], False
    return head, True
