"""When Python looks for cycles: not in the middle of work that makes thousands of small values and no cycle."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def no_collection() -> Iterator[None]:
    """Without looking for cycles, which would walk all that the engine holds: 20 ms in a check, 0.15 s in a layout."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
