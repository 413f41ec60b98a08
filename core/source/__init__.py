"""A checked project as Python: model.py and train.py as an engineer would have written them.

Nothing enters the text but identifiers made by `names` and checked literals; names of nodes and sentences stand in
comments alone, one line each.
"""

from __future__ import annotations

from core.messages import Checked, Source
from core.project import Project
from core.source.blocks import laid_out
from core.source.cases import Cases
from core.source.model import model_lines
from core.source.names import attribute_names
from core.source.paths import module_paths
from core.source.script import script_lines

__all__ = ["attribute_names", "module_names", "write"]


def module_names(
    project: Project, checked: Checked, cases: Cases | None = None, held_alone: bool = False
) -> dict[str, str]:
    """The place of each node's module in the model by the path of the node: `stage1/0/conv1` is `stage1.0.conv1`.

    With `held_alone` those that the model does not hold are left out.
    """
    return module_paths(laid_out(project, checked, cases), held_alone)


def write(
    project: Project,
    checked: Checked,
    cases: Cases | None = None,
    *,
    threads: int = 0,
    channels_last: bool = False,
    weights: str = "",
) -> Source:
    """The source of a project, not yet formatted; an unfinished graph is written too, and nothing is raised.

    `cases` say what is known of the blocks that it uses (see `core.engine.forms`). `threads` and
    `channels_last` are what a run has chosen by timing; `weights` names a file of weights beside
    model.py, and its docstring then shows how to load it.
    """
    laid = laid_out(project, checked, cases)
    model = model_lines(laid, weights)
    script = script_lines(laid.flow, threads, channels_last)
    files = {
        name: "\n".join(line.text for line in lines) + "\n"
        for name, lines in (("model.py", model), ("train.py", script))
    }
    nodes, of_script = ({at: line.nodes for at, line in enumerate(each, 1) if line.nodes} for each in (model, script))
    return Source(files, nodes, of_script)
