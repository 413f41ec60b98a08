"""The engine's process: reads requests from stdin, answers on the real stdout, loads torch only when it listens."""

from __future__ import annotations

import contextlib
import gc
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

from core.client import YIELDING
from core.engine import trust
from core.engine.collection import no_collection
from core.engine.control import Controls
from core.engine.fault import Cancelled, Fault
from core.frames import frame, frames, number_of, write_all
from core.messages import (
    ASKED,
    About,
    Asked,
    Body,
    Check,
    Control,
    Describe,
    Described,
    Evaluate,
    Export,
    Facts,
    Failure,
    Nothing,
    Predict,
    Ready,
    Request,
    Said,
    Sketch,
    Train,
    Trust,
    Try,
    Warm,
    Watch,
    Write,
)

Send = Callable[[Any], None]

SECONDS_TO_END = 4.0
NICENESS = 10


class Line:
    """The way out: one frame at a time, from whichever thread."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def say(self, asked: int, body: Body, last: bool = False) -> None:
        """Send one message; when the other side is gone there is nothing left to do."""
        content = frame(Said(asked, body, last))
        with self._lock:
            try:
                write_all(self._descriptor, content)
            except OSError:
                os._exit(0)


def main() -> None:
    """Serve requests one after the other until stdin ends."""
    line = Line(_own_stdout())
    if YIELDING in sys.argv:
        _step_back()
    import faulthandler

    faulthandler.enable()
    controls = Controls()
    waiting: queue.SimpleQueue[Asked | None] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(waiting, controls, line), name="reader", daemon=True).start()
    line.say(0, Ready(os.getpid()))
    pending: list[Asked | None] = []
    is_frozen = False
    while True:
        if not pending:
            pending.append(waiting.get())
        with contextlib.suppress(queue.Empty):
            while True:
                pending.append(waiting.get_nowait())
        asked = pending.pop(0)
        if asked is None:
            os._exit(0)  # the window is gone; torch's own teardown takes long and has nothing to save
        if isinstance(asked.body, Check) and any(later and isinstance(later.body, Check) for later in pending):
            line.say(asked.id, Nothing(), last=True)  # a newer check waits: the last one wins
            continue
        _answer(asked, line, controls)
        if not is_frozen and "torch" in sys.modules:
            is_frozen = True
            gc.freeze()  # torch's own objects live on: a full collection would walk them all, for 0.15 s each time


def _step_back() -> None:
    """Let a window that wants a core have it at once: training then takes what is left, which is nearly all."""
    if os.name == "posix":
        os.nice(NICENESS)
    else:
        import psutil

        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)  # type: ignore[attr-defined]


def _own_stdout() -> int:
    """Keep the real stdout for frames; whatever prints goes to stderr and cannot break the stream."""
    descriptor = os.dup(1)
    os.dup2(2, 1)
    if os.name == "nt":
        import msvcrt

        for stream in (0, descriptor):
            msvcrt.setmode(stream, os.O_BINARY)  # type: ignore[attr-defined]
    return descriptor


def _listen(waiting: queue.SimpleQueue[Asked | None], controls: Controls, line: Line) -> None:
    for body in frames(lambda count: os.read(0, min(count, 1 << 20))):
        try:
            asked = ASKED.decode(body)
        except (ValueError, RecursionError) as error:
            _refuse(body, error, line)
            continue
        if isinstance(asked.body, Trust):
            trust.trust(asked.body.hashes)
        elif isinstance(asked.body, Control | Watch):
            controls.steer(asked.body)
        else:
            controls.is_awaited = True
            waiting.put(asked)
    # The window is gone: a run stops after its step and keeps its weights, but nothing outlives this by long.
    waiting.put(None)
    controls.steer(Control("cancel"))
    time.sleep(SECONDS_TO_END)
    os._exit(0)


def _refuse(body: bytes, error: Exception, line: Line) -> None:
    """Say that a request cannot be read; where not even its number can be, nobody could be told, and this ends."""
    number = number_of(body)
    said = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
    sentence = f"The engine got a request that it cannot read ({said})"
    if number:
        line.say(number, Failure(f"{sentence}; your project is unchanged.", kind="crash"), last=True)
        return
    sys.stderr.write(f"{sentence} and that has no number to answer to\n")
    sys.stderr.flush()
    os._exit(1)


def _answer(asked: Asked, line: Line, controls: Controls) -> None:
    def send(body: Body) -> None:
        line.say(asked.id, body)

    try:
        answer = ANSWERS[type(asked.body)](asked.body, send, controls)
    except Cancelled:
        answer = Failure("Cancelled.", kind="cancelled")
    except Fault as fault:
        answer = Failure(fault.message, fault.details, problems=fault.problems)
    except MemoryError:
        answer = Failure(
            "There was not enough memory for this; close other programs, or make the batch or the network smaller.",
            traceback.format_exc(),
        )
    except Exception as error:
        traceback.print_exc()
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        sentence = f"Something went wrong inside the engine ({said}); your project is unchanged."
        answer = Failure(sentence, traceback.format_exc(), "crash")
    finally:
        controls.reset()
    line.say(asked.id, answer, last=True)


# Torch is loaded by the first request that needs it, so that the engine listens at once.


def _load_torch() -> None:
    """Load torch without looking for cycles meanwhile, which would take a seventh of the time."""
    if "torch" not in sys.modules:
        with no_collection():
            import torch  # noqa: F401


def _check(body: Check, send: Send, controls: Controls) -> Body:
    _load_torch()
    from core.engine.check import check

    return check(body.project, body.revision, send)


def _describe(body: Describe, send: Send, controls: Controls) -> Body:
    from core.engine.data import describe

    return Described(describe(body.data))


def _write(body: Write, send: Send, controls: Controls) -> Body:
    _load_torch()
    from core.engine.check import check
    from core.engine.compile import written

    return written(body.project, check(body.project, 0))


def _warm(body: Warm, send: Send, controls: Controls) -> Body:
    _load_torch()
    from core.engine.fit import get_ready, warm

    if body.project is None:
        warm()
        return Nothing()
    controls.is_awaited = False  # until now it was this request that came
    return get_ready(body.project, lambda: controls.is_awaited) or Nothing()


def _train(body: Train, send: Send, controls: Controls) -> Body:
    _load_torch()
    from core.engine import guard
    from core.engine.fit import fit
    from core.trust import codes

    with guard.limited_memory() if codes(body.project) else contextlib.nullcontext():
        return fit(body, send, controls)


def _evaluate(body: Evaluate, send: Send, controls: Controls) -> Body:
    from core.engine.predict import evaluate

    return evaluate(body, send)


def _predict(body: Predict, send: Send, controls: Controls) -> Body:
    from core.engine.predict import predict

    return predict(body)


def _try(body: Try, send: Send, controls: Controls) -> Body:
    from core.engine.predict import attempt

    return attempt(body)


def _export(body: Export, send: Send, controls: Controls) -> Body:
    from core.engine.export import export

    return export(body, send, controls)


def _sketch(body: Sketch, send: Send, controls: Controls) -> Body:
    from core.engine.sketch import sketch

    return sketch(body)


def _about(body: About, send: Send, controls: Controls) -> Body:
    import torch

    devices = ["cpu"]
    if torch.cuda.is_available():
        devices += [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        devices.append("mps")
    return Facts({"torch": str(torch.__version__), "python": sys.version.split()[0]}, tuple(devices))


ANSWERS: dict[type[Request], Callable[[Any, Send, Controls], Body]] = {
    Check: _check,
    Describe: _describe,
    Write: _write,
    Warm: _warm,
    Train: _train,
    Evaluate: _evaluate,
    Predict: _predict,
    Try: _try,
    Export: _export,
    Sketch: _sketch,
    About: _about,
}


if __name__ == "__main__":
    main()
