"""When an action can be done: questions to a window, for the table of actions."""

from __future__ import annotations

from designer.window import Window


def has_selection(window: Window) -> bool:
    """Whether a node is selected."""
    return bool(window.selected)


def has_nodes(window: Window) -> bool:
    """Whether anything is drawn here."""
    return bool(window.scope.project.graph.nodes)


def has_use(window: Window) -> bool:
    """Whether the one selected node uses a block."""
    return bool(window.canvas.blocks.chosen_use)


def is_inside(window: Window) -> bool:
    """Whether a block is shown."""
    return bool(window.scope.steps)


def has_engines(window: Window) -> bool:
    """Whether the engines are there; they come right after the first paint."""
    return window.engines is not None


def can_export(window: Window) -> bool:
    """Whether there is a model without an error; a loss is not needed to take it away."""
    report = window.document.report
    return has_engines(window) and report is not None and bool(report.outputs) and not report.model_errors


def is_active(window: Window) -> bool:
    """Whether a run is under way."""
    return window.training.state != "idle"


def shows_run(window: Window) -> bool:
    """Whether the docks show a run that has ended."""
    return bool(window.training.shown) and has_engines(window) and not is_active(window)
