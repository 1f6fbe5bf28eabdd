"""The files that go with a part: checked against the plan right before they are sent, and not too many at a time.

The folder is the customer's and anybody may have changed it since: what is not what was planned is not sent.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from migration_assets.writing.records import UnsendableError
from resources.intercom.uploads import Upload

UNDER_WAY = 32_000_000
"""Bytes of files that are sent at the same time: more would only make each of them slower."""


class Files:
    """The files of one drop, as the load sends them.

    Args:
        drop: the folder of the drop.
        under_way: the most bytes of files that are sent at the same time; a larger file goes alone.
    """

    def __init__(self, drop: Path, under_way: int = UNDER_WAY) -> None:
        self._drop = drop.resolve()
        self._most = under_way
        self._free = under_way
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def of(self, part: Mapping[str, Any]) -> AsyncIterator[list[Upload]]:
        """Give the files of a part once it is their turn, each found to be what was planned.

        Raises:
            UnsendableError: a file is gone, is not what was planned, or lies outside the drop.
        """
        planned: Sequence[Mapping[str, Any]] = part.get("files") or ()
        if not planned:
            yield []
            return
        size = min(sum(file["size"] for file in planned), self._most)
        async with self._changed:
            await self._changed.wait_for(lambda: self._free >= size)
            self._free -= size
        try:
            yield [await asyncio.to_thread(self._checked, file) for file in planned]
        finally:
            async with self._changed:
                self._free += size
                self._changed.notify_all()

    def _checked(self, file: Mapping[str, Any]) -> Upload:
        which = f"The file of the attachment {file['attachment_key']}"
        path = (self._drop / file["path"]).resolve()
        if not path.is_relative_to(self._drop):
            raise UnsendableError(f"{which} lies outside the extract.")
        try:
            with path.open("rb") as source:
                found = hashlib.file_digest(source, "sha256").hexdigest()
        except OSError as error:
            raise UnsendableError(f"{which} cannot be read any more ({type(error).__name__}).") from None
        if found != file["sha256"]:
            raise UnsendableError(f"{which} was changed after the plan was made. Run again.")
        return Upload(path, file["name"], file["content_type"], file["size"])
