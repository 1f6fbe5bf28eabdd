"""Request bodies with files in them: base64 inside JSON, made while it is sent, so that no file is ever held whole.

`attachment_files` is the only way in which Intercom takes the bytes of a file. What belongs elsewhere: which files
are sent, and whether they are still what was planned.
"""

import asyncio
import base64
import json
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import httpx

PIECE = 3 * 256 * 1024
"""Bytes of a file that are encoded at once; a multiple of three, so that the pieces' base64 joins up."""


@dataclass(frozen=True)
class Upload:
    """A file to be sent. `size` is in bytes, and the body is announced with it."""

    path: Path
    name: str
    content_type: str
    size: int


class FilesBody(httpx.AsyncByteStream):
    """A JSON object with `attachment_files`; may be sent several times, and reads the files anew each time."""

    def __init__(self, body: Mapping[str, Any], files: Sequence[Upload]) -> None:
        """Prepare the body; nothing is read before it is sent."""
        # A word that no text can have: the encoded files are put there while it is sent.
        here = uuid.uuid4().hex
        entries = [{"content_type": file.content_type, "name": file.name, "data": here} for file in files]
        text = json.dumps({**body, "attachment_files": entries}, ensure_ascii=False, separators=(",", ":"))
        self._texts = [piece.encode() for piece in text.split(here)]
        self._files = files

    @property
    def length(self) -> int:
        """The bytes of the whole body."""
        return sum(map(len, self._texts)) + sum(4 * -(-file.size // 3) for file in self._files)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the body in pieces."""
        yield self._texts[0]
        for file, text in zip(self._files, self._texts[1:], strict=True):
            async for piece in _encoded(file):
                yield piece
            yield text


async def _encoded(file: Upload) -> AsyncIterator[bytes]:
    """Yield a file as base64.

    Raises:
        OSError: it cannot be read, or has not the size that was announced; the request is then broken off.
    """
    source: BinaryIO = await asyncio.to_thread(file.path.open, "rb")
    with source:
        read = 0
        while piece := await asyncio.to_thread(source.read, PIECE):
            read += len(piece)
            yield base64.b64encode(piece)
    if read != file.size:
        raise OSError("A file changed its size while it was sent.")
