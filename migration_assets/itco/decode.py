"""A file's bytes as a stream of UTF-8 blocks, whatever its encoding.

Bytes that are no text in the file's encoding come out as bytes that are not UTF-8 either, so that the scanner
finds the record they are in and quarantines it; nothing is replaced or dropped here.
"""

import codecs
from collections.abc import Iterator
from pathlib import Path

BLOCK = 1 << 22
"""How many bytes of the file are read at a time."""

UTF8_BOM = "\ufeff".encode()
_CUT = b"\xff"
"""Stands for a character of which the file holds only the first bytes; it is in no UTF-8 text."""


def is_text_encoding(name: str) -> bool:
    """Whether Python knows `name` as an encoding of text."""
    try:
        "".encode(name)
        b"".decode(name)
    except (LookupError, ValueError):
        return False
    return True


def utf8_blocks(path: Path, encoding: str, *, skip: int = 0, block: int = BLOCK) -> Iterator[bytes]:
    """Yield the file's text as UTF-8 without its byte order mark.

    Args:
        path: The file.
        encoding: The Python name of its encoding.
        skip: How many bytes of the UTF-8 text to leave out at the start.
        block: How many bytes of the file to read at a time.
    """
    first = True
    for text in _recoded(path, encoding, block):
        data = text
        if first and data:
            data = data.removeprefix(UTF8_BOM)
            first = False
        if skip:
            skip, data = max(skip - len(data), 0), data[skip:]
        if data:
            yield data


def _recoded(path: Path, encoding: str, block: int) -> Iterator[bytes]:
    codec = codecs.lookup(encoding).name
    with path.open("rb") as file:
        if codec in ("utf-8", "utf-8-sig", "ascii"):
            yield from _blocks_of(file.read, max(block, len(UTF8_BOM)))
            return
        # A lone surrogate is no text: UTF-16 decoders pass it on only when told to, the others use it as an escape.
        errors = "surrogatepass" if codec.startswith(("utf-16", "utf-32")) else "surrogateescape"
        decoder = codecs.getincrementaldecoder(encoding)(errors)
        for data in _blocks_of(file.read, block):
            yield decoder.decode(data).encode("utf-8", "surrogatepass")
        if decoder.getstate()[0]:
            yield _CUT


def _blocks_of(read: "codecs._Readable", size: int) -> Iterator[bytes]:  # type: ignore[name-defined]
    while data := read(size):
        yield data
