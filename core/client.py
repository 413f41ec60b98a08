"""The other end of an engine: starts the child process, sends requests, hands out what it says.

Free of Qt and torch: window, command line and tests use the same. One reader thread for each engine; a pipe that
ends means that the engine is gone, which is noticed at once.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import itertools
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from core.frames import frame, frames, write_all
from core.messages import ASKED, SAID, Asked, Body, Control, Failure, Progress, Request, Trust, Watch

OnMessage = Callable[[int, Body, bool], None]
OnExit = Callable[[str], None]
SECONDS_TO_END = 10.0
YIELDING = "--yielding"
"""The word that tells an engine to let other programs go first."""

__all__ = ["ASKED", "Engine", "Refusal", "environment"]


class Refusal(Exception):
    """An engine's Failure as an exception, for callers that wait."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


def environment() -> dict[str, str]:
    """What the child process is started with.

    GOMP_SPINCOUNT must stand before torch is loaded: without it libgomp spins at its barriers and the throughput
    collapses as soon as another process wants a core.
    """
    root = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    spin = {"GOMP_SPINCOUNT": os.environ.get("GOMP_SPINCOUNT", "20000")}
    return {**os.environ, **spin, "PYTHONPATH": path, "PYTHONFAULTHANDLER": "1", "PYTHONUTF8": "1"}


class Engine:
    """One child process. `on_message(id, body, last)` and `on_exit(sentence)` are called on the reader thread.

    With `is_yielding` it leaves the processor to the window whenever that wants it.
    """

    def __init__(self, on_message: OnMessage, on_exit: OnExit, is_yielding: bool = False) -> None:
        self._is_yielding = is_yielding
        self._on_message = on_message
        self._on_exit = on_exit
        self._process: subprocess.Popen[bytes] | None = None
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._numbers = itertools.count(1)
        self._closing = False
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._stderr = bytearray()
        self._unread = ""
        self._threads: list[threading.Thread] = []

    @property
    def pid(self) -> int:
        """The process id, 0 before the start."""
        return self._process.pid if self._process else 0

    @property
    def is_alive(self) -> bool:
        """Whether the process is there and has not been closed."""
        return self._process is not None and self._process.poll() is None and not self._closing

    def start(self) -> None:
        """Start the process, in an empty folder of its own so that nothing beside a person's files is imported."""
        self._folder = tempfile.TemporaryDirectory(prefix="layerloom-engine-", ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "core.engine", *([YIELDING] if self._is_yielding else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self._folder.name,
            env=environment(),
            # Ctrl+C in a terminal reaches the command line alone, which then stops the engine in order.
            # A group, not a session: between sessions Linux shares the processor evenly and knows no politeness.
            process_group=0 if os.name == "posix" else None,
        )
        for target in (self._listen, self._collect, self._write):
            thread = threading.Thread(target=target, name=f"engine-{target.__name__}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def number(self) -> int:
        """A fresh number for a request."""
        return next(self._numbers)

    def ask(self, number: int, body: Request) -> None:
        """Send a request under a fresh number; what belongs to it arrives at on_message. Works before `start` too."""
        self._outbox.put(frame(Asked(number, body)))

    def tell(self, body: Control | Watch | Trust) -> None:
        """Steer the request that is at work, or say what may be run from here on; there is no reply."""
        self._outbox.put(frame(Asked(0, body)))

    def close(self, seconds: float = 5.0) -> None:
        """End the process: in order first, by force after that time. Safe to call twice and when it is gone."""
        self._closing = True
        process = self._process
        if process is None:
            return
        self._outbox.put(None)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(seconds)
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()
        if self._folder:
            self._folder.cleanup()

    def _write(self) -> None:
        """Write what is in the outbox; a thread of its own, so that a busy engine never makes the window wait."""
        process = self._process
        assert process is not None
        assert process.stdin is not None
        with contextlib.suppress(OSError, ValueError):  # a dead engine is said by on_exit
            while (content := self._outbox.get()) is not None:
                write_all(process.stdin.fileno(), content)
        with contextlib.suppress(OSError):
            process.stdin.close()

    def _listen(self) -> None:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        descriptor = process.stdout.fileno()
        for body in frames(lambda count: os.read(descriptor, min(count, 1 << 20))):
            try:
                said = SAID.decode(body)
            except (ValueError, RecursionError) as error:
                why = " ".join(str(error).split())[:200]
                self._unread = f"The engine said what cannot be read ({why}) and was ended; the project is unchanged."
                process.kill()
                break
            self._on_message(said.id, said.body, said.last)
        try:
            code = process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:  # it lives, and what it says has no end
            self._unread = "The engine said what cannot be read and was ended; the project is unchanged."
            process.kill()
            code = process.wait()
        self._outbox.put(None)
        if not self._closing:
            self._on_exit(self._unread or self._epitaph(code))

    def _collect(self) -> None:
        process = self._process
        assert process is not None
        assert process.stderr is not None
        descriptor = process.stderr.fileno()
        while part := os.read(descriptor, 65536):
            self._stderr += part
            del self._stderr[:-20_000]

    @property
    def errors(self) -> str:
        """The end of what the process wrote to its error stream."""
        return self._stderr.decode("utf-8", "replace")

    def _epitaph(self, code: int) -> str:
        """Why the engine is gone, in one sentence."""
        self._threads[1].join(1.0)
        if code < 0:
            name = signal.Signals(-code).name if -code in {int(each) for each in signal.Signals} else f"signal {-code}"
            hint = " (often: out of memory)" if name == "SIGKILL" else ""
            return f"The engine was ended by {name}{hint}; the project is unchanged."
        last = next((line for line in reversed(self.errors.splitlines()) if line.strip()), "")
        said = f": {last[:200]}" if last else ""
        return f"The engine ended with code {code}{said}; the project is unchanged."


class Waiting:
    """An engine for callers that wait for each answer: the command line, tests and scripts.

    `trusted` are the fingerprints of the code that it may run (see `core.trust`).
    """

    def __init__(self, trusted: Iterable[str] = ()) -> None:
        self._answers: dict[int, concurrent.futures.Future[Body]] = {}
        self._listeners: dict[int, Callable[[Body], None]] = {}
        self._lock = threading.Lock()
        self._gone = ""
        self.engine = Engine(self._take, self._died)
        self.engine.tell(Trust(tuple(sorted(trusted))))
        self.engine.start()

    def __enter__(self) -> Waiting:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.close()

    def ask(self, body: Request, listen: Callable[[Body], None] | None = None) -> Body:
        """The last answer to a request; `listen` gets what comes before it. Raises Refusal."""
        return self.begin(body, listen).result()

    def begin(self, body: Request, listen: Callable[[Body], None] | None = None) -> concurrent.futures.Future[Body]:
        """Send a request; the future holds the last answer, or raises Refusal."""
        future: concurrent.futures.Future[Body] = concurrent.futures.Future()
        asked = self.engine.number()
        with self._lock:
            self._answers[asked] = future
            if listen:
                self._listeners[asked] = listen
        self.engine.ask(asked, body)
        if self._gone:
            self._died(self._gone)
        return future

    def _take(self, asked: int, body: Body, last: bool) -> None:
        with self._lock:
            listener = self._listeners.get(asked)
            future = self._answers.pop(asked, None) if last else None
            if last:
                self._listeners.pop(asked, None)
        if listener and not isinstance(body, Failure):
            listener(body)
        if future is None:
            return
        if isinstance(body, Failure):
            future.set_exception(Refusal(body))
        else:
            future.set_result(body)

    def _died(self, sentence: str) -> None:
        self._gone = sentence
        with self._lock:
            waiting, self._answers = list(self._answers.values()), {}
        for future in waiting:
            future.set_exception(Refusal(Failure(sentence, self.engine.errors, "crash")))


def progress_text(body: Body) -> str:
    """One line for a Progress message."""
    if not isinstance(body, Progress):
        return ""
    return body.text if body.share < 0 else f"{body.text} {body.share:.0%}"
