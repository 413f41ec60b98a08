"""When an action can be done: questions to a window, for the table of actions."""

from __future__ import annotations

from collections.abc import Callable

from designer.action import needs
from designer.window import Window
from designer.words import tr


@needs(tr("Select a node first."))
def has_selection(window: Window) -> bool:
    """Whether a node is selected."""
    return bool(window.selected)


def are_all(field: str) -> Callable[[Window], bool]:
    """Whether all selected nodes are switched so: "muted", "collapsed", "tight"."""

    def condition(window: Window) -> bool:
        nodes = window.scope.project.graph.nodes
        return bool(window.selected) and all(each in nodes and getattr(nodes[each], field) for each in window.selected)

    return condition


@needs(tr("Select a node, a note or a frame first."))
def has_anything(window: Window) -> bool:
    """Whether a node, a note or a frame is selected."""
    return bool(window.selected or window.canvas.annotations)


@needs(tr("Select a note or a frame first."))
def has_annotation(window: Window) -> bool:
    """Whether a note or a frame is selected."""
    return bool(window.canvas.annotations)


@needs(tr("There is no note and no frame in this drawing yet."))
def has_annotations(window: Window) -> bool:
    """Whether there is a note or a frame here."""
    return bool(window.scope.project.graph.annotations)


@needs(tr("Select one node, note or frame first."))
def has_one_to_name(window: Window) -> bool:
    """Whether exactly one thing with a name or a text is selected."""
    return len(window.selected) + len(window.canvas.annotations) == 1


@needs(tr("Select two nodes or more first."))
def has_several(window: Window) -> bool:
    """Whether more than one node is selected."""
    return len(window.selected) > 1


@needs(tr("Select three nodes or more first."))
def has_three(window: Window) -> bool:
    """Whether at least three nodes are selected: with fewer there is one gap at most."""
    return len(window.selected) > 2


@needs(tr("There is no layer in this drawing yet."))
def has_nodes(window: Window) -> bool:
    """Whether anything is drawn here."""
    return bool(window.scope.project.graph.nodes)


@needs(tr("Select one node that uses a block first."))
def has_use(window: Window) -> bool:
    """Whether the one selected node uses a block."""
    return bool(window.canvas.blocks.chosen_use)


@needs(tr("No block is entered: the whole network is shown."))
def is_inside(window: Window) -> bool:
    """Whether a block is shown."""
    return bool(window.scope.steps)


@needs(tr("The engine is still starting."))
def has_engines(window: Window) -> bool:
    """Whether the engines are there; they come right after the first paint."""
    return window.engines is not None


@needs(lambda w: _missing_for_export(w))
def can_export(window: Window) -> bool:
    """Whether there is a model without an error; a loss is not needed to take it away."""
    report = window.document.report
    return has_engines(window) and report is not None and bool(report.outputs) and not report.model_errors


@needs(tr("No training is running."))
def is_active(window: Window) -> bool:
    """Whether a run is under way."""
    return window.training.state != "idle"


@needs(tr("Train first, or open a run that has ended."))
def shows_run(window: Window) -> bool:
    """Whether the docks show a run that has ended."""
    return bool(window.training.shown) and has_engines(window) and not is_active(window)


def _missing_for_export(window: Window) -> str:
    report = window.document.report
    if not has_engines(window) or report is None:
        return tr("The engine is still checking the network.")
    if not report.outputs:
        return tr("There is no model to take away yet: add an Output, or a loss on what the network computes.")
    return tr("The model has an error: see Problems (F8).")


@needs(tr("Select exactly one node first."))
def has_one_selected(window: Window) -> bool:
    """Whether exactly one node is selected."""
    return len(window.selected) == 1


@needs(tr("Nothing was done yet that could be taken back."))
def can_undo(window: Window) -> bool:
    """Whether there is a step to take back."""
    return window.document.undo_stack.canUndo()


@needs(tr("Nothing was taken back that could be done again."))
def can_redo(window: Window) -> bool:
    """Whether there is a step to do again."""
    return window.document.undo_stack.canRedo()


@needs(tr("No code in this project waits for your trust."))
def waits_for_trust(window: Window) -> bool:
    """Whether there is code that is not run until it is trusted."""
    return bool(window.trusted.waiting)


@needs(tr("Select a node that uses a block, or enter one, first."))
def means_block(window: Window) -> bool:
    """Whether a use of a block is selected, or a block is shown."""
    return has_use(window) or is_inside(window)


@needs(tr("This project has no blocks."))
def has_blocks(window: Window) -> bool:
    """Whether the project has blocks."""
    return bool(window.document.project.graph.blocks)


@needs(lambda w: w.training.obstacle)
def can_train(window: Window) -> bool:
    """Whether nothing stands in the way of training."""
    return not window.training.obstacle


@needs(tr("No training is running."))
def can_pause(window: Window) -> bool:
    """Whether a run can be paused or go on."""
    return window.training.state in ("running", "paused")


@needs(tr("No training is running, or it stops already."))
def can_stop(window: Window) -> bool:
    """Whether a run can be stopped."""
    return is_active(window) and window.training.state != "stopping"
