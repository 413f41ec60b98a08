"""Who is to blame for an exception in a written network: the node whose line raised it, and what was raised, in words.

A person's own code stands in model.py beside our own, so a traceback alone says whose line it was.
"""

from __future__ import annotations

import ast
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType

from core.blocks import node_of
from core.engine.fault import Fault
from core.engine.guard import Forbidden
from core.layers.own_code import reading
from core.project import Project
from core.trust import codes

LONGEST, LONGEST_LINE = 200, 60
MODEL = "model.py"


OPERATIONS = (ast.Call, ast.BinOp, ast.Subscript)
Lines = Mapping[int, tuple[str, ...]]


def blamed(error: BaseException, project: Project, folder: Path, lines: Lines, step: str) -> str:
    """Why something ended, to follow "because", without a full stop; `step` is what torch refuses: "its first step"."""
    node, line = _node(error, project, folder, lines)
    words = " ".join(str(error).split())[:LONGEST].rstrip(".")
    if isinstance(error, Forbidden):
        return words.replace("Code of your own", f"the code of {node}" if node else "code of your own", 1)
    if not line:
        return f"torch refused {step}{f' at {node}' if node else ''}: {words or type(error).__name__}"
    name = type(error).__name__
    raised = f"{name}: {words}" if words and words != name else name
    return f"the code of {node or 'a Python node'} raised {raised}, in the line {line}"


def fault(error: BaseException, project: Project, folder: Path, lines: Lines) -> Fault:
    """The same where a run had not begun."""
    details = "".join(traceback.format_exception(error))
    return Fault(f"The run did not begin, because {blamed(error, project, folder, lines, 'its first step')}.", details)


def is_of_model(error: BaseException, folder: Path) -> bool:
    """Whether an exception was raised by what model.py calls, and not by the loop around it."""
    return any(Path(frame.f_code.co_filename) == folder / MODEL for frame, _ in traceback.walk_tb(error.__traceback__))


def _node(error: BaseException, project: Project, folder: Path, lines: Lines) -> tuple[str, str]:
    """The node that an exception came from, and the line of a person's own code where it was that, else ""."""
    own = {reading(code).name for code in codes(project).values()}
    node = written_by = line = ""
    for trace in _traces(error.__traceback__):
        code = trace.tb_frame.f_code
        if Path(code.co_filename) != folder / MODEL:
            continue
        nodes = [key for key in lines.get(trace.tb_lineno, ()) if not _is_output(key, project)]
        found = nodes[-1 - min(_depth(trace, folder), len(nodes) - 1)] if nodes else ""
        if code.co_qualname.partition(".")[0] in own:
            written_by, line = written_by or found, _text(folder, trace.tb_lineno) or line
        elif found:
            node = found
    block, _, inner = (node or written_by).rpartition(":")
    return f"{inner} in {block}" if block else inner, line


def _traces(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _is_output(key: str, project: Project) -> bool:
    node = node_of(key, project.graph)
    return node is not None and node.layer == "Output"


def _depth(trace: TracebackType, folder: Path) -> int:
    """How many operations of its statement stand around the one that was running: each is a node's further out."""
    first, last, left, right = [*trace.tb_frame.f_code.co_positions()][trace.tb_lasti // 2]
    if first is None or last is None or left is None or right is None:
        return 0
    try:
        tree = ast.parse((folder / MODEL).read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return 0
    around = [
        each
        for each in ast.walk(tree)
        if isinstance(each, OPERATIONS)
        and (each.lineno, each.col_offset) <= (first, left)
        and (last, right) <= (each.end_lineno or 0, each.end_col_offset or 0)
    ]
    return max(0, len(around) - 1)


def _text(folder: Path, number: int) -> str:
    try:
        text = (folder / MODEL).read_text(encoding="utf-8").split("\n")[number - 1].strip()
    except (OSError, IndexError):
        return "…"
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1] + "…"
