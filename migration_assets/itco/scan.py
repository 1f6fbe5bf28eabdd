"""The records of a file, window by window, each with its line and the rule that holds it back, if any.

A misplaced quote makes it uncertain where the record ends. Then its first physical line is held back and
reading goes on at the next line; what is read up to the line with the misplaced quote is marked doubtful.
What belongs elsewhere: finding the structure (`structure.py`) and the values (`rows.py`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from migration_assets.itco.structure import CR, LF, Bytes, Flags, Ints, Layout, Structure, split

CHUNK = 1 << 23
"""How many bytes are looked at together."""
MAX_RECORD = 1 << 26
"""The longest record in bytes; a quote that is not closed by then is taken as misplaced."""
MAX_STRAY = 1000
"""How many misplaced quotes a file may have before none of it is trusted."""
_AFTER_FAULT = 1 << 16

GOOD, BLANK, STRAY, CUT, SHORT, LONG, NUL, ENCODING, HEADER, TOTALS = range(10)
RULES = (
    "",
    "blank",
    "stray_quote",
    "cut_off",
    "ragged_short",
    "ragged_long",
    "nul_byte",
    "bad_encoding",
    "repeated_header",
    "totals_row",
)
"""The name of each rule by its number. Good records have no rule; blank lines are not records."""


class UnreadableError(ValueError):
    """The structure cannot be trusted from `line` on, because of `reason`."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass
class RecordBatch:
    """Records that follow each other, one element per record; `rule` is an index into `RULES`."""

    data: Bytes
    start: Ints
    end: Ints
    stop: Ints
    fields: Ints
    content: Ints
    line: Ints
    rule: Bytes
    doubtful: Flags
    lone_cr: int = 0
    open_end: bool = False

    def text(self, index: int) -> bytes:
        """Return the bytes of one record without its line end."""
        return self.data[self.start[index] : self.end[index]].tobytes()


class _Feed:
    """The bytes of the stream that are not used yet."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._data = b""
        self._at = 0
        self._ended = False
        self.offset = 0

    def window(self, size: int) -> tuple[Bytes, bool]:
        """Return up to `size` bytes, and whether the stream ends with them."""
        while len(self._data) - self._at < size and not self._ended:
            block = next(self._blocks, None)
            if block is None:
                self._ended = True
            else:
                self._data, self._at = self._data[self._at :] + block, 0
        whole = np.frombuffer(self._data, dtype=np.uint8)
        return whole[self._at : self._at + size], self._ended and self._at + size >= len(whole)

    def advance(self, count: int) -> None:
        self._at += count
        self.offset += count


def scan(
    blocks: Iterable[bytes], layout: Layout, fields: int | None, *, line: int = 1, chunk: int = CHUNK
) -> Iterator[RecordBatch]:
    """Yield every record of a stream that starts at the start of a record.

    Args:
        blocks: UTF-8 bytes, in blocks of any size.
        layout: The delimiter and what ends a record.
        fields: How many fields a record must have; None accepts any number.
        line: The 1-based physical line on which the stream starts.
        chunk: How many bytes to look at together.

    Raises:
        UnreadableError: too many misplaced quotes, or a line of more than `MAX_RECORD` bytes.
    """
    feed = _Feed(blocks)
    size, stray_count, doubt = chunk, 0, 0
    while True:
        window, final = feed.window(size)
        if not len(window):
            return
        found = split(window, layout, final=final)
        open_end = final and len(found.stop) > 0 and int(found.stop[-1]) == len(window)
        if len(found.stop):
            yield _batch(window, found, fields, line, feed.offset, doubt, open_end)
            line += int(found.lines[-1])
        too_long = found.consumed == 0 and size >= MAX_RECORD
        unclosed = found.unterminated and found.stray is None and (final or too_long)
        if found.stray is None and not unclosed:
            if too_long:
                raise UnreadableError(line, f"a line of more than {MAX_RECORD} bytes")
            size = size * 2 if found.consumed == 0 else min(size * 4, max(chunk, 1))
            feed.advance(found.consumed)
            continue
        length = _first_line(window[found.consumed :], layout, final)
        if length is None and size < MAX_RECORD:
            feed.advance(found.consumed)
            size = max(size, 1) * 2
            continue
        if length is None:
            raise UnreadableError(line, f"a line of more than {MAX_RECORD} bytes")
        stray_count += 1
        if stray_count > MAX_STRAY:
            raise UnreadableError(line, f"more than {MAX_STRAY} misplaced quotes up to here")
        doubtful = feed.offset + found.consumed < doubt
        rule = CUT if final and unclosed else STRAY
        yield _held_back(window[found.consumed : found.consumed + length], line, rule, doubtful)
        doubt = max(doubt, feed.offset + _doubt_ends(window, found, layout))
        line += 1
        feed.advance(found.consumed + length)
        size = min(_AFTER_FAULT, max(chunk, 1))


def _first_line(window: Bytes, layout: Layout, final: bool) -> int | None:
    """Return the length of the first physical line with its end, or None when the window does not hold it all."""
    ends = np.flatnonzero((window == LF) | (window == CR) if layout.cr_ends else window == LF)[:1].tolist()
    if not ends:
        return len(window) if final else None
    at = ends[0]
    if window[at] == CR:
        if at + 1 == len(window):
            return at + 1 if final else None
        at += int(window[at + 1] == LF)
    return at + 1


def _doubt_ends(window: Bytes, found: Structure, layout: Layout) -> int:
    """Return where the line with the misplaced quote ends; a quote that is never closed makes all doubtful."""
    if found.stray is None:
        return len(window)
    length = _first_line(window[found.stray :], layout, final=True)
    return len(window) if length is None else found.stray + length


def _held_back(record: Bytes, line: int, rule: int, doubtful: bool) -> RecordBatch:
    one = np.zeros(1, dtype=np.int64)
    length = len(record)
    while length and record[length - 1] in (LF, CR):
        length -= 1
    return RecordBatch(
        data=record,
        start=one,
        end=one + length,
        stop=one + len(record),
        fields=one,
        content=one,
        line=one + line,
        rule=np.array([rule], dtype=np.uint8),
        doubtful=np.array([doubtful]),
    )


def _batch(
    window: Bytes, found: Structure, fields: int | None, line: int, offset: int, doubt: int, open_end: bool
) -> RecordBatch:
    rule = np.zeros(len(found.stop), dtype=np.uint8)
    if fields is not None:
        rule[found.fields < fields] = SHORT
        rule[found.fields > fields] = LONG
        if open_end and rule[-1] == SHORT:
            rule[-1] = CUT
    rule[_not_utf8(window, found)] = ENCODING
    rule[found.nul] = NUL
    rule[found.blank] = BLANK
    lines = np.concatenate([np.zeros(1, dtype=np.int64), found.lines[:-1]]) + line
    return RecordBatch(
        data=window,
        start=found.start,
        end=found.end,
        stop=found.stop,
        fields=found.fields,
        content=found.content,
        line=lines,
        rule=rule,
        doubtful=found.start + offset < doubt,
        lone_cr=found.lone_cr,
        open_end=open_end,
    )


def _not_utf8(window: Bytes, found: Structure) -> list[int]:
    """Return the records that hold bytes which are not UTF-8."""
    bad: list[int] = []
    start, last = 0, int(found.end[-1])
    slice_ = last - start
    while start < last:
        # A whole window is decoded at once as long as it is good, and in small slices after a bad byte.
        record = int(np.searchsorted(found.start, start, side="right")) - 1
        upto = int(np.searchsorted(found.start, start + slice_, side="left"))
        upto = max(upto, record + 1)
        try:
            window[start : found.end[upto - 1]].tobytes().decode()
        except UnicodeDecodeError as error:
            record = int(np.searchsorted(found.start, start + error.start, side="right")) - 1
            bad.append(record)
            upto, slice_ = record + 1, _AFTER_FAULT
        start = int(found.start[upto]) if upto < len(found.start) else last
    return bad
