"""What this process may run: fingerprints that the window or the command line has sent, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from core.engine.fault import Fault
from core.layers import Call
from core.layers.custom import DEFAULT
from core.layers.own_code import reading
from core.messages import Problem
from core.project import Project
from core.trust import fingerprint, places_of

_trusted: set[str] = {fingerprint(DEFAULT)}
_calls: set[tuple[tuple[str, ...], str]] = {(reading(DEFAULT).imports, reading(DEFAULT).text)}


def trust(hashes: Iterable[str]) -> None:
    """Let code of these fingerprints run in this process from now on."""
    _trusted.update(hashes)


def is_trusted(code: str) -> bool:
    """Whether code may be run in this process."""
    return fingerprint(code) in _trusted


def allow(call: Call) -> None:
    """Let the imports and the text of a call run here; whoever says so has found its whole code trusted."""
    _calls.add((call.imports, call.code))


def is_allowed(call: Call) -> bool:
    """Whether the text of a call may be run here; a layer of the catalogue brings none."""
    return not call.code or (call.imports, call.code) in _calls


def problem(node_id: str, code: str) -> Problem:
    """What is said at a node whose code is not run before it is trusted."""
    found = reading(code)
    lines = "1 line" if found.lines == 1 else f"{found.lines} lines"
    what = found.name or "not yet sound"
    message = (
        f"{node_id} brings code of its own ({what}, {lines}), which is not run until you trust it: read it in "
        "its form, then choose Trust (on the command line: --trust)."
    )
    return Problem("error", node_id, "", message)


def problems(project: Project) -> tuple[Problem, ...]:
    """What is said of a project whose code must not be run here, a problem for each node."""
    return tuple(
        msgspec.structs.replace(problem(node_id, code), block=block)
        for (block, node_id), code in places_of(project).items()
        if fingerprint(code) not in _trusted
    )


def require(project: Project, place: str = "") -> None:
    """Raise Fault where a project would run code that is not trusted; `place` is the run folder that it came from."""
    told = problems(project)
    if not told:
        return
    first, others = told[0], len(told) - 1
    more = f" (and {others} more)" if others else ""
    if place:
        raise Fault(
            f"The run in {place} brings code of its own at {first.node}{more}, which is not run until you trust "
            f"it: open {place}/project.loom, read the code and choose Trust (on the command line: --trust with that "
            "file as the project).",
            problems=told,
        )
    raise Fault(f"{first.message.rstrip('.')}{more}.", problems=told)
