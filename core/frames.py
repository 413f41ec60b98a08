"""How messages and events stand in a stream or a file: a length and its msgpack bytes."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

FRAME = struct.Struct("<I")
LARGEST_FRAME = 1 << 30
ENCODE = msgspec.msgpack.Encoder().encode


def frame(message: Any) -> bytes:
    """One message as its length (4 bytes, little endian) and its msgpack bytes."""
    body = ENCODE(message)
    return FRAME.pack(len(body)) + body


def write_all(descriptor: int, content: bytes) -> None:
    """Write every byte to a raw descriptor."""
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def frames(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """The body of every frame until the stream ends; `read(count)` gives up to count bytes, none at the end.

    A frame cut off at the end (a killed writer) is passed over.
    """
    while len(head := _exactly(read, FRAME.size)) == FRAME.size:
        size = FRAME.unpack(head)[0]
        if size > LARGEST_FRAME:
            return
        body = _exactly(read, size)
        if len(body) < size:
            return
        yield body


def _exactly(read: Callable[[int], bytes], count: int) -> bytes:
    parts: list[bytes] = []
    while count and (part := read(count)):
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def number_of(body: bytes) -> int:
    """The whole number that a message begins with, 0 where there is none; what comes behind it may be broken."""
    sizes = {0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8}
    if len(body) < 2 or body[0] >> 4 != 9:  # a short array
        return 0
    first = body[1]
    return first if first < 0x80 else int.from_bytes(body[2 : 2 + sizes.get(first, 0)], "big")
