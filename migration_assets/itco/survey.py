"""One pass over a file's bytes: its size and hash, and what they tell about its encoding.

What belongs elsewhere: deciding on an encoding (`encoding.py`) and reading text.
"""

import codecs
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from migration_assets.itco.decode import BLOCK

_NOT_CP1252 = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])
_LOWER = np.zeros(256, dtype=bool)
_LOWER[ord("a") : ord("z") + 1] = True
_WESTERN = np.zeros(256, dtype=bool)
_WESTERN[0xDF:] = True
_WESTERN[0xF7] = False
# In Windows-1252 these are capitals and signs that do not stand between two small letters; in MacRoman and DOS code
# pages they are small letters and the apostrophe. Left out: apostrophe, dashes, ellipsis, multiplication sign.
_FOREIGN = np.zeros(256, dtype=bool)
_FOREIGN[0x80:0xA0] = True
_FOREIGN[0xC0:0xDF] = True
_FOREIGN[[0x85, 0x92, 0x96, 0x97, 0xD7]] = False


@dataclass
class Survey:
    """What one pass over a file found; `size` and all counts are of bytes."""

    size: int = 0
    sha256: str = ""
    head: bytes = b""
    high: int = 0
    invalid_utf8: int = 0
    valid_utf8: int = 0
    nul: int = 0
    nul_even: int = 0
    undefined_cp1252: int = 0
    foreign_letters: int = 0
    western_letters: int = 0
    high_runs: int = 0
    high_lines: list[int] = field(default_factory=list)


def survey(path: Path, block: int = BLOCK) -> Survey:
    """Read the whole file once, in blocks.

    Args:
        path: The file.
        block: How many bytes to read at a time; an even number, so that NUL bytes keep their parity.
    """
    result = Survey()
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    line = 1
    with path.open("rb") as file:
        while data := file.read(block):
            digest.update(data)
            result.head = result.head or data
            result.size += len(data)
            values = np.frombuffer(data, dtype=np.uint8)
            high = values >= 0x80
            _count_utf8(result, decoder.decode(data), int(high.sum()))
            if b"\0" in data:
                zeros = values == 0
                result.nul += int(zeros.sum())
                result.nul_even += int(zeros[0::2].sum())
            if result.invalid_utf8 and high.any():  # only then is the question open
                _count_letters(result, data, values, high, line)
            line += data.count(b"\n")
    _count_utf8(result, decoder.decode(b"", final=True), 0)
    result.sha256 = digest.hexdigest()
    return result


def _count_utf8(result: Survey, text: str, high: int) -> None:
    """Count bytes of whole multi-byte characters, and bytes that are part of none."""
    result.high += high
    if text.isascii():
        return
    good = text.encode("utf-8", "ignore")  # leaves out the escapes, one for each bad byte
    result.invalid_utf8 += len(text) - len(good.decode())
    result.valid_utf8 += len(good) - len(good.decode("ascii", "ignore"))


def _count_letters(
    result: Survey, data: bytes, values: npt.NDArray[np.uint8], high: npt.NDArray[np.bool_], line: int
) -> None:
    """Count what tells Western 8-bit encodings apart: which high bytes stand between small letters."""
    result.undefined_cp1252 += sum(data.count(byte) for byte in _NOT_CP1252)
    between = _LOWER[values[:-2]] & _LOWER[values[2:]]
    middle = values[1:-1]
    result.foreign_letters += int((between & _FOREIGN[middle]).sum())
    result.western_letters += int((between & _WESTERN[middle]).sum())
    result.high_runs += int((high[:-1] & high[1:]).sum())
    room = 5 - len(result.high_lines)
    if room > 0:
        places = np.flatnonzero(high)[: room * 20].tolist()
        lines = dict.fromkeys(line + data.count(b"\n", 0, place) for place in places)
        result.high_lines += [number for number in lines if number not in result.high_lines][:room]
