"""Arranging in a process of its own: fast-sugiyama can hang or abort, which must never be the window's end.

`python -P -m core.arranging` reads `Boxes` from stdin and writes their corners to stdout.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import msgspec
from msgspec.structs import replace

from core.layered import quick_order
from core.wrapping import Boxes, arranged

SECONDS = 8.0
"""So long the quick layout may take; then our own is asked, which always ends."""

Corners = list[tuple[float, float]]


class Arrangement:
    """One arrangement at work; `run` waits for it, `cancel` ends it from another thread."""

    def __init__(self, boxes: Boxes, seconds: float = SECONDS) -> None:
        self._boxes = boxes
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_cancelled = False

    def run(self) -> Corners | None:
        """The upper left corner of each box, None where it was cancelled or no process could do it."""
        corners = self._ask(self._boxes, self._seconds)
        if corners is None and self._boxes.is_quick:
            corners = self._ask(replace(self._boxes, is_quick=False), None)
        return corners

    def cancel(self) -> None:
        """End the process; `run` then gives None."""
        with self._lock:
            self._is_cancelled = True
            if self._process is not None:
                self._process.kill()

    def _ask(self, boxes: Boxes, seconds: float | None) -> Corners | None:
        from core.client import environment  # the process itself does without it, and starts sooner

        with self._lock:
            if self._is_cancelled:
                return None
            process = self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "core.arranging"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(),
                process_group=0 if os.name == "posix" else None,
            )
        try:
            said, _ = process.communicate(msgspec.msgpack.encode(boxes), seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return None
        if process.returncode:
            return None
        corners = msgspec.msgpack.decode(said, type=Corners)
        return corners if len(corners) == len(boxes.heights) else None


def main() -> None:
    """Arrange what stdin holds and say it on stdout."""
    boxes = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Boxes)
    sys.stdout.buffer.write(msgspec.msgpack.encode(arranged(boxes, quick_order)))


if __name__ == "__main__":
    main()
