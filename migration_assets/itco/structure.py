"""The structure of one window of CSV bytes: where records start and end, and whether every quote stands right.

Pure numpy over UTF-8 bytes, in which quotes, delimiters and line ends are single bytes that never occur inside
a character. What belongs elsewhere: reading windows and going on after a fault (`scan.py`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

QUOTE, LF, CR = 34, 10, 13
_QUOTE, _DELIMITER, _LF, _CR, _NUL = 1, 2, 3, 4, 5


@dataclass(frozen=True)
class Layout:
    """How the records of a file are separated.

    With `cr_ends`, a carriage return alone ends a record (old Mac files). Otherwise only a line feed does,
    carriage returns before it belong to the line end, and one that stands alone is part of the value.
    """

    delimiter: str
    cr_ends: bool = False


@dataclass(frozen=True)
class Structure:
    """The whole records at the start of a window, one element per record.

    `start` and `end` bound the record without its line end, `stop` is where the line end's last byte stands.
    `content` is the number of bytes of its values once quotes are resolved. `lines` is the number of physical
    lines up to and with the record's end. `consumed` is where the first record starts that is not in here;
    `stray` is the position of a misplaced quote in that record, or None; `unterminated` tells that the window
    ends inside quotes.
    """

    start: Ints
    end: Ints
    stop: Ints
    fields: Ints
    content: Ints
    lines: Ints
    nul: Flags
    blank: Flags
    consumed: int
    stray: int | None
    unterminated: bool
    lone_cr: int


@dataclass(frozen=True)
class _Specials:
    """The bytes of a window that mean something, and one more at its end that means nothing."""

    position: Ints
    kind: Bytes
    outside: Flags
    line_end: Flags


def split(window: Bytes, layout: Layout, *, final: bool) -> Structure:
    """Find the whole records of `window`, which starts at the start of a record.

    Args:
        window: UTF-8 bytes, not empty.
        layout: The delimiter and what ends a record.
        final: Whether the file ends with the window; a last record then needs no line end.
    """
    specials = _find(window, layout, final)
    quotes = specials.position[specials.kind == _QUOTE]
    stray = _misplaced(window, quotes, layout)
    ends = specials.line_end & specials.outside
    if stray is not None:
        ends &= specials.position < stray
    at = np.flatnonzero(ends)
    stop = specials.position[at]
    consumed = int(stop[-1]) + 1 if len(stop) else 0
    unterminated = bool(len(quotes) & 1)
    if final and stray is None and not unterminated and consumed < len(window):
        at = np.append(at, len(specials.position) - 1)  # a last record without a line end
        stop, consumed = np.append(stop, len(window)), len(window)
    return _measure(window, specials, at, stop, consumed, stray, unterminated, layout)


def _find(window: Bytes, layout: Layout, final: bool) -> _Specials:
    """Find quotes, delimiters, line ends and NUL bytes, and which of them stand outside quotes."""
    table = bytearray(256)
    table[QUOTE], table[LF], table[CR], table[0] = _QUOTE, _LF, _CR, _NUL
    table[ord(layout.delimiter)] = _DELIMITER
    # bytes.translate and a search in booleans are several times faster than their numpy counterparts on bytes.
    kinds = np.frombuffer(window.tobytes().translate(table), dtype=np.uint8)
    position = np.flatnonzero(kinds.astype(bool))
    kind = np.append(kinds[position], np.uint8(0))
    position = np.append(position, len(window))
    quote = kind == _QUOTE
    outside = ((np.cumsum(quote) - quote) & 1) == 0
    return _Specials(position, kind, outside, _line_ends(window, position, kind, layout, final))


def _line_ends(window: Bytes, position: Ints, kind: Bytes, layout: Layout, final: bool) -> Flags:
    """Return which special bytes end a physical line, inside or outside quotes."""
    if not layout.cr_ends:
        return kind == _LF
    last = len(window) - 1
    carriage = kind == _CR
    # CR LF is one line end, at the LF; a CR at the window's end waits for the byte that follows it.
    paired = carriage & (position < last) & (window[np.minimum(position + 1, last)] == LF)
    waiting = carriage & (position == last) & (not final)
    return (kind == _LF) | (carriage & ~paired & ~waiting)


def _misplaced(window: Bytes, quotes: Ints, layout: Layout) -> int | None:
    """Return the position of the first misplaced quote, or None.

    An opening quote stands at the start of a field or right after a closing one (the pair is an escaped quote);
    a closing quote stands before a delimiter, a line end, the end of the file, or another quote.
    """
    opening, closing = quotes[0::2], quotes[1::2]
    before = np.zeros(256, dtype=bool)
    before[[ord(layout.delimiter), LF]] = True
    before[CR] = layout.cr_ends
    good = (opening == 0) | before[window[opening - 1]]
    good[1:] |= opening[1:] == closing[: max(len(opening) - 1, 0)] + 1
    candidates = opening[~good][:1].tolist()

    after = np.zeros(256, dtype=bool)
    after[[ord(layout.delimiter), LF, QUOTE]] = True
    after[CR] = layout.cr_ends
    last = len(window) - 1
    good = after[window[np.minimum(closing + 1, last)]] | (closing == last)
    doubtful = closing[~good]
    candidates += doubtful[~_only_cr_before_lf(window, doubtful + 1)][:1].tolist()
    return min(candidates) if candidates else None


def _only_cr_before_lf(window: Bytes, position: Ints) -> Flags:
    """Return where only carriage returns lie between `position` and a line feed or the window's end."""
    last = len(window) - 1
    ahead = position.copy()
    moving = np.flatnonzero(window[ahead] == CR)
    while len(moving):
        moving = moving[ahead[moving] < last]
        ahead[moving] += 1
        moving = moving[window[ahead[moving]] == CR]
    return (window[position] == CR) & ((window[ahead] == LF) | (ahead == last) & (window[ahead] == CR))


def _trim(window: Bytes, start: Ints, stop: Ints) -> Ints:
    """Return the ends of the records without the carriage returns that stand before their line feed."""
    end = stop.copy()
    left = np.flatnonzero(end > start)
    while len(left):
        left = left[window[end[left] - 1] == CR]
        end[left] -= 1
        left = left[end[left] > start[left]]
    return end


def _measure(
    window: Bytes,
    specials: _Specials,
    at: Ints,
    stop: Ints,
    consumed: int,
    stray: int | None,
    unterminated: bool,
    layout: Layout,
) -> Structure:
    """Count fields, lines and bytes of each record; `at` indexes the special byte with which it ends."""
    kind, outside, position = specials.kind, specials.outside, specials.position
    start = np.concatenate([np.zeros(1, dtype=np.int64), stop[:-1] + 1]) if len(stop) else stop
    end = _trim(window, start, stop)
    delimiters = _per_record((kind == _DELIMITER) & outside, at)
    quote = kind == _QUOTE
    # A closing quote and the opening one right behind it are one quote character of the value.
    pair = np.zeros(len(kind), dtype=bool)
    pair[1:] = quote[1:] & quote[:-1] & outside[1:] & (position[1:] == position[:-1] + 1)
    carriages = 0
    if not layout.cr_ends:
        carriages = int(_per_record((kind == _CR) & outside, at).sum() - (stop - end).sum())
    return Structure(
        start=start,
        end=end,
        stop=stop,
        fields=delimiters + 1,
        content=end - start - delimiters - _per_record(quote, at) + _per_record(pair, at),
        lines=np.cumsum(specials.line_end, dtype=np.int64)[at],
        nul=_per_record(kind == _NUL, at) > 0,
        blank=end - start == delimiters,
        consumed=consumed,
        stray=stray,
        unterminated=unterminated,
        lone_cr=carriages,
    )


def _per_record(flags: Flags, at: Ints) -> Ints:
    """Return how many special bytes with the flag each record has."""
    total = np.cumsum(flags, dtype=np.int64)[at]
    total[1:] -= total[:-1].copy()
    return total
