"""A checked project as Python: model.py and train.py as an engineer would have written them.

Nothing enters the text but identifiers made by `names` and checked literals; names of nodes and sentences stand in
comments alone, one line each.
"""

from __future__ import annotations

from core.messages import Checked, Source
from core.project import Project
from core.source.flow import flow
from core.source.model import model_lines
from core.source.names import attribute_names
from core.source.script import script_lines

__all__ = ["attribute_names", "write"]


def write(
    project: Project, checked: Checked, *, threads: int = 0, channels_last: bool = False, weights: str = ""
) -> Source:
    """The source of a project, not yet formatted; an unfinished graph is written too, and nothing is raised.

    `threads` and `channels_last` are what a run has chosen by timing; `weights` names a file of weights beside
    model.py, and its docstring then shows how to load it.
    """
    laid = flow(project, checked)
    model = model_lines(laid, weights)
    script = script_lines(laid, threads, channels_last)
    files = {
        name: "\n".join(line.text for line in lines) + "\n"
        for name, lines in (("model.py", model), ("train.py", script))
    }
    return Source(files, {number: line.node for number, line in enumerate(model, 1) if line.node})
