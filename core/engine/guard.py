"""What a person's own code may not do while it runs: write files, start processes, open connections, call machine code.

It guards against accidents and carelessness, and says them in words. It is no wall: whoever runs code trusts it.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import threading
import types
from collections.abc import Callable, Iterator
from typing import Any, ParamSpec, TypeVar

from core.engine.fault import Fault

P = ParamSpec("P")
T = TypeVar("T")

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
FILES = {
    "os.remove": "remove", "os.rmdir": "remove", "shutil.rmtree": "remove", "os.rename": "rename",
    "os.mkdir": "make a folder", "os.link": "link", "os.symlink": "link", "os.truncate": "cut off",
    "os.chmod": "change the rights of", "os.chown": "change the owner of", "os.utime": "change the time of",
    "os.setxattr": "change", "os.removexattr": "change", "os.chdir": "work in another folder:",
    "os.fchdir": "work in another folder:", "shutil.copyfile": "copy", "shutil.move": "move",
}  # fmt: skip
OTHER = {
    "subprocess.": "start a process", "os.system": "start a process", "os.exec": "start a process",
    "os.fork": "start a process", "os.posix_spawn": "start a process", "os.spawn": "start a process",
    "os.startfile": "start a process", "pty.spawn": "start a process", "_winapi.CreateProcess": "start a process",
    "os.kill": "end a process", "signal.pthread_kill": "end a thread", "_thread.start_": "start a thread",
    "socket.": "open a connection", "urllib.Request": "open a connection", "webbrowser.open": "open a browser",
    "ctypes.": "call machine code", "builtins.input": "wait for the keyboard", "sys.addaudithook": "listen to Python",
    "winreg.": "change the registry",
}  # fmt: skip

_here = threading.local()
_lock = threading.Lock()
_listens = False
_everywhere: list[str] | None = None


class Forbidden(Fault):
    """What a person's code tried and may not do."""

    def __init__(self, words: str) -> None:
        super().__init__(f"Code of your own tried to {words}, which code in a network may not do: take that line out.")


def offence(event: str, arguments: tuple[Any, ...]) -> str:
    """What an audit event stands for where it is refused, "" where it is allowed."""
    if event == "open":
        path, mode, flags = (*arguments, None, None, None)[:3]
        writes = isinstance(mode, str) and any(letter in mode for letter in "wax+")
        writes = writes or (isinstance(flags, int) and bool(flags & WRITING))
        return f"write a file ({_shown(path)})" if writes and path != os.devnull else ""
    if event in FILES:
        return f"{FILES[event]} {_shown(arguments[0] if arguments else '')}"
    return next((words for start, words in OTHER.items() if event.startswith(start)), "")


def _shown(path: object) -> str:
    text = os.fsdecode(path) if isinstance(path, str | bytes) else f"file {path!r:.20}"
    return " ".join(text.split())[-60:]


def _listen() -> None:
    """Start to hear what Python is about to do; a hook cannot be taken away, so there is one, and it sleeps."""
    global _listens
    with _lock:
        if not _listens:
            _listens = True
            sys.addaudithook(_hook)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    told = _here.offences if getattr(_here, "depth", 0) else _everywhere
    if told is None:
        return
    words = offence(event, arguments)
    if words and not (event.startswith("ctypes.") and _is_importing()):
        told.append(words)
        raise Forbidden(words)


def _is_importing() -> bool:
    """Whether a library is being imported, which may well load machine code of its own."""
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def everywhere() -> list[str]:
    """Guard every thread of this process from now on, and for good; what they try is told in this list."""
    global _everywhere
    _listen()
    _everywhere = []
    return _everywhere


class Guarded:
    """While this is entered, on this thread, what a person's code may not do raises Forbidden; `offences` tells it."""

    def __init__(self) -> None:
        self.offences: list[str] = []

    def __enter__(self) -> Guarded:
        _listen()
        _here.depth = getattr(_here, "depth", 0) + 1
        if _here.depth == 1:
            _here.offences = self.offences
        return self

    def __exit__(self, *_: object) -> None:
        _here.depth -= 1


def around(function: Callable[P, T]) -> Callable[P, T]:
    """The function, guarded."""

    @functools.wraps(function)
    def guarded(*positional: P.args, **named: P.kwargs) -> T:
        with Guarded():
            try:
                return function(*positional, **named)
            except SystemExit as error:
                raise Forbidden("end the program").with_traceback(error.__traceback__) from None

    return guarded


def around_modules(model: types.ModuleType, train: types.ModuleType, seconds: float = 0.0) -> None:
    """Guard what two written files do from now on: building the model, running it, and the objective.

    With `seconds`, a first step that takes longer ends the process with a sentence.
    """
    held: Any = model.Model
    held.__init__ = around(held.__init__)
    held.forward = around(held.forward)
    written: Any = train
    objective = around(written.objective)
    written.objective = watched(objective, seconds) if seconds else objective


# ---- what cannot be refused: time and memory

FIRST_STEPS = 20
SECONDS_OF_A_STEP = 120.0
SHARE_OF_MEMORY = 0.9


def watched(function: Callable[P, T], seconds: float) -> Callable[P, T]:
    """The function, whose first calls end the process where they take longer than this."""
    calls = 0

    @functools.wraps(function)
    def timed(*positional: P.args, **named: P.kwargs) -> T:
        nonlocal calls
        calls += 1
        if calls > FIRST_STEPS:
            return function(*positional, **named)
        timer = threading.Timer(seconds, _end, (seconds,))
        timer.daemon = True
        timer.start()
        try:
            return function(*positional, **named)
        finally:
            timer.cancel()

    return timed


def _end(seconds: float) -> None:
    """The end of a process whose code does not end; its last words are what the window shows."""
    os.write(
        2,
        f"a step with code of your own did not end within {seconds:g} s, look for a loop that has no end\n".encode(),
    )
    os._exit(3)


@contextlib.contextmanager
def limited_memory(more: int | None = None) -> Iterator[None]:
    """On Linux, let this process take no more than so many bytes more, or most of what is free now.

    A driver of a graphics card sets aside far more than it takes, so there it is left alone.
    """
    import torch

    if not sys.platform.startswith("linux") or torch.cuda.is_available():
        yield
        return
    import resource

    import psutil

    before = resource.getrlimit(resource.RLIMIT_DATA)
    room = int(psutil.virtual_memory().available * SHARE_OF_MEMORY) if more is None else more
    limit = psutil.Process().memory_info().data + room
    ceiling = before[1]
    limit = limit if ceiling == resource.RLIM_INFINITY else min(limit, ceiling)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, ceiling))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)
