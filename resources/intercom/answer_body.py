"""The bytes of an answer, taken in pieces and never more than a bound: whoever answers may send without end.

httpx would take an answer whole, and unpack each piece of it whole: a few kilobytes of gzip, or of gzip in gzip, are
gigabytes of memory.
"""

import zlib

import httpx

LARGEST_ANSWER = 64 * 1024 * 1024
"""Bytes of an answer once it is unpacked, and of what arrives for it.

Intercom's largest documented answers, a search's page of 150 records or a conversation with 500 messages, have a few
megabytes. It is no setting: what needs more is not an answer of Intercom's API.
"""
MOST_VALUES = 4_000_000
"""Values in an answer: read as JSON, a list of empty lists takes twenty times the memory of its text."""
ENCODING = "gzip"
"""What is asked for, and the only encoding that is unpacked."""
_GZIP = zlib.MAX_WBITS | 16


class AnswerTooLargeError(Exception):
    """An answer is larger than `LARGEST_ANSWER`; the rest of it was not taken."""


class AnswerEncodingError(Exception):
    """An answer is packed in a way that was not asked for, or its packing is broken."""


async def read_answer(response: httpx.Response) -> bytes:
    """Return an answer's body, unpacked.

    Raises:
        AnswerTooLargeError: it is too large.
        AnswerEncodingError: it cannot be unpacked.
        Exception: the connection broke, as the transport says it.
    """
    body = response.content if response.is_stream_consumed else await _streamed(response)
    if len(body) > LARGEST_ANSWER or _values(body) > MOST_VALUES:
        raise AnswerTooLargeError
    return body


async def _streamed(response: httpx.Response) -> bytes:
    packed = [name.strip().lower() for name in response.headers.get("content-encoding", "").split(",")]
    packed = [name for name in packed if name not in ("", "identity")]
    if packed not in ([], [ENCODING]):
        raise AnswerEncodingError
    unpack = zlib.decompressobj(_GZIP) if packed else None
    taken, arrived = bytearray(), 0
    async for piece in response.aiter_raw():
        arrived += len(piece)
        if arrived > LARGEST_ANSWER:
            raise AnswerTooLargeError
        if unpack is not None and unpack.eof:
            continue  # What follows the packed answer belongs to nothing.
        try:
            # One byte more than there is room for, which is then seen to be too many.
            taken += piece if unpack is None else unpack.decompress(piece, LARGEST_ANSWER - len(taken) + 1)
        except zlib.error:
            raise AnswerEncodingError from None
        if len(taken) > LARGEST_ANSWER:
            raise AnswerTooLargeError
    if unpack is not None and not unpack.eof:
        raise AnswerEncodingError
    return bytes(taken)


def _values(body: bytes) -> int:
    """Return how many values there are at the most in a JSON text; commas in its strings count as well."""
    return sum(map(body.count, (b",", b"[", b"{"))) if len(body) > MOST_VALUES else 0
