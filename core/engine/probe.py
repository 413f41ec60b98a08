"""A child process that tries a person's code, so that a loop without an end or a crash takes nothing along.

It is started when it is first needed, kept warm, and ended when it was not needed for long, when it has overrun its
time or its memory, or when its code has changed what all code shares.
"""

from __future__ import annotations

import atexit
import contextlib
import math
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from typing import Any

import msgspec
import psutil

from core.client import environment
from core.engine.examine import BATCHES, Fault, Found
from core.engine.sizes import size_at
from core.frames import frame, frames, write_all
from core.layers import Inputs
from core.layers.custom import Python
from core.parameters import parameters
from core.specs import Spec

SECONDS = 5.0
"""How long code may take; twice that where the machine was busy with other things."""
SECONDS_TO_START = 120.0
IDLE_SECONDS = 180.0
MEMORY = 2_000_000_000
LOOK_SECONDS = 0.02
NO_END = "look for a loop that has no end"


class Try(msgspec.Struct, frozen=True):
    """A layer by its values, the inputs that it gets, and how many bytes more it may take (0 for any)."""

    values: dict[str, Any]
    inputs: dict[str, Spec]
    memory: int = 0


class Told(msgspec.Struct, frozen=True):
    """What the child found out; neither for the first word, that it is ready."""

    found: Found | None = None
    fault: Fault | None = None
    is_spoilt: bool = False
    """Whether the process must not be used again."""


class Probe:
    """The child, while there is one; `examined` starts it and ends it as needed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._said: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._reader: threading.Thread | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._used = 0.0

    @property
    def pid(self) -> int:
        """The process, 0 where there is none."""
        return self._process.pid if self._process else 0

    def examined(self, layer: Python, inputs: Inputs, seconds: float = SECONDS, memory: int = MEMORY) -> Found | Fault:
        """What a layer makes of its inputs, or why it cannot, within these bounds."""
        values = {each.name: getattr(layer, each.name) for each in parameters(type(layer))}
        process = self._ready()
        if process is None:
            return Fault("{self} could not be tried, because no process could be started for it: try again.")
        asked = frame(Try(values, dict(inputs), memory))
        try:
            assert process.stdin is not None
            write_all(process.stdin.fileno(), asked)
        except OSError:
            self.close()
            return Fault("{self} could not be tried, because the process for it has ended: try again.")
        told = self._awaited(process, seconds, memory)
        self._used = time.monotonic()
        if isinstance(told, Fault):
            self.close()
            return told
        if told.is_spoilt:
            self.close()
        if told.found is not None:
            return msgspec.structs.replace(told.found, call=layer.call(inputs))
        return told.fault or Fault("{self} could not be tried: try again.")

    def close(self) -> None:
        """End the child, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        if self._reader:
            self._reader.join(5)
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        if self._folder:
            self._folder.cleanup()

    def _ready(self) -> subprocess.Popen[bytes] | None:
        """The child, started where it is not there; None where that fails."""
        process = self._process
        if process is not None and process.poll() is None and time.monotonic() - self._used < IDLE_SECONDS - 10:
            return process
        self.close()
        self._folder = tempfile.TemporaryDirectory(prefix="layerloom-probe-", ignore_cleanup_errors=True)
        try:
            process = self._process = subprocess.Popen(
                [sys.executable, "-P", "-B", "-m", "core.engine.probing"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=self._folder.name,
                env=environment(),
            )
        except OSError:
            return None
        self._said = queue.SimpleQueue()
        self._reader = threading.Thread(target=_listen, args=(process, self._said), name="probe", daemon=True)
        self._reader.start()
        self._used = time.monotonic()
        with contextlib.suppress(queue.Empty):
            if self._said.get(timeout=SECONDS_TO_START) is not None:
                return process
        self.close()
        return None

    def _awaited(self, process: subprocess.Popen[bytes], seconds: float, memory: int) -> Told | Fault:
        """The child's answer, or why it was ended."""
        began = time.monotonic()
        try:
            watched = psutil.Process(process.pid)
            taken, spent = watched.memory_info().rss, sum(watched.cpu_times()[:2])
            while True:
                with contextlib.suppress(queue.Empty):
                    return self._read(process, self._said.get(timeout=LOOK_SECONDS))
                if watched.memory_info().rss - taken > memory:
                    return Fault(too_much(memory))
                elapsed = time.monotonic() - began
                if elapsed > 2 * seconds or (elapsed > seconds and _is_at_fault(watched, spent + seconds / 2)):
                    return Fault(f"{{self}} did not end within {seconds:g} s: {NO_END}.")
        except psutil.NoSuchProcess:
            return self._read(process, None)

    def _read(self, process: subprocess.Popen[bytes], body: bytes | None) -> Told | Fault:
        if body is not None:
            try:
                return msgspec.msgpack.decode(body, type=Told)
            except msgspec.MsgspecError as error:
                return Fault(
                    "{self} disturbed the process that tried it: look for what it does to others.", why=str(error)
                )
        code = process.wait()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return Fault(
            f"{{self}} ended the process that tried it ({how}): look for os._exit, or for a library that crashes."
        )


def too_much(memory: int) -> str:
    """The sentence for code that takes more memory than it may."""
    return (
        f"{{self}} took more than {memory / 1e9:g} GB of memory: make its tensors smaller, or look for a list that "
        "grows without end."
    )


def _is_at_fault(watched: psutil.Process, seconds: float) -> bool:
    """Whether a process that takes long has computed all the time, or waits; else other programs hold it up."""
    return watched.status() == psutil.STATUS_SLEEPING or sum(watched.cpu_times()[:2]) > seconds


def _listen(process: subprocess.Popen[bytes], said: queue.SimpleQueue[bytes | None]) -> None:
    assert process.stdout is not None
    descriptor = process.stdout.fileno()
    with contextlib.suppress(OSError):
        for body in frames(lambda count: os.read(descriptor, min(count, 1 << 20))):
            said.put(body)
    said.put(None)


_probe = Probe()
atexit.register(_probe.close)


_overran: dict[Python, tuple[int, Fault]] = {}
"""What took too long, with how many numbers it was given: it is not waited for again at every edit before it."""


def examined(layer: Python, inputs: Inputs) -> Found | Fault:
    """What a person's own layer makes of its inputs, found out in the child."""
    given = sum(math.prod(size_at(size, BATCHES[0]) for size in spec.shape) for spec in inputs.values())
    least, fault = _overran.get(layer, (given + 1, None))
    if fault is not None and given >= least:
        return fault
    found = _probe.examined(layer, inputs)
    if isinstance(found, Fault) and NO_END in found.message:
        _overran[layer] = given, found
    return found


def close() -> None:
    """End the child, if there is one."""
    _probe.close()
