"""Actions that take more than one line: what they open, ask and do."""

from __future__ import annotations

import dataclasses
import html
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from core.block_edits import unused, without_blocks
from core.messages import About, Answer, Facts
from core.parameters import parameter_of
from core.training import Training
from designer import exports
from designer.find_action import open_find_action
from designer.form import Form
from designer.help_page import HelpPage
from designer.preferences import Preferences
from designer.settings_form import TrainingForm, with_training
from designer.toolbar import DEVICE_WORD
from designer.window import Window

GESTURES = (
    ("Add a layer", "Tab, Shift+A, or a double click on the empty canvas"),
    ("Edit a node", "Double click on it"),
    ("Enter a block", "Double click on it; Escape with nothing selected, or the bar above the canvas, leaves it"),
    ("Pan", "Drag with the middle button, or hold Space and drag"),
    ("Zoom", "Wheel, or two fingers"),
    ("Connect", "Drag from a port to another; let go over the empty canvas to choose a layer that fits"),
    ("Insert into a link", "Drop a layer or a node on it; hold Alt to let it be"),
    ("Walk along links", "Arrow keys; Ctrl and an arrow key moves the node"),
)


def export(window: Window, to: exports.To) -> None:
    """Export with the weights of the shown run."""
    if window.engines is not None:
        exports.export(to, window.document, window.engines, window.training.shown, window, window.say)


def evaluate(window: Window) -> None:
    """Ask, then measure the shown run on the test part."""
    from core import runs

    if window.engines is None:
        return
    folder = window.training.shown
    try:
        uses = len(runs.read_record(Path(folder)).get("evaluations", []))
    except runs.RunFault as error:
        window.say("error", str(error))
        return
    if exports.may_evaluate(uses, window):
        exports.evaluate(window.document, window.engines, folder, window, window.say)


def delete_and_reconnect(window: Window) -> None:
    """Take the selected nodes away and join what they stood between, as one edit."""
    window.canvas.delete_selected(reconnect=True)


def step_part(window: Window, by: int) -> None:
    """Move the focus to the next part of the window: canvas, palette, form, the docks that are seen, toolbar."""
    docks = [dock for key, dock in window.docks.by_key.items() if key not in ("Layers", "Properties")]
    shown = [dock for dock in docks if dock.isVisible() and not dock.visibleRegion().isEmpty()]
    parts: list[QWidget] = [window.canvas, window.palette_of_layers, window.docks.by_key["Properties"], *shown]
    parts.append(window.toolbar)
    held = window.focusWidget()
    place = next((i for i, part in enumerate(parts) if held is part or (held and part.isAncestorOf(held))), 0)
    for step in range(1, len(parts) + 1):
        if _take_focus(parts[(place + by * step) % len(parts)]):
            return


def _take_focus(part: QWidget) -> bool:
    for each in (part, *part.findChildren(QWidget)):
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisible() and each.isEnabled():
            each.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
    return False


def delete_unused_blocks(window: Window) -> None:
    """Take the blocks away that nothing uses, as one edit."""
    project = window.document.project
    names = unused(project.graph)
    if not names:
        window.say("note", "Every block is used: there is nothing to delete.")
        return
    text = f"Delete the block {names[0]}" if len(names) == 1 else f"Delete {len(names)} unused blocks"
    window.document.edit(text, replace(project, graph=without_blocks(project.graph, names)))
    window.say("note", f"{', '.join(names[:6])} went, because nothing used {'it' if len(names) == 1 else 'them'}.")


def explain_selected(window: Window) -> None:
    """Open the help page of the selected node's layer."""
    if len(window.selected) == 1:
        window.canvas.explain_node(window.selected[0])


def rename(window: Window) -> None:
    """Put the cursor into the name of the selected node."""
    window.docks.show("Properties")
    window.inspector.focus_name()


def zoom_100(window: Window) -> None:
    """Show the drawing in its own size, around the middle of what is seen."""
    window.canvas.set_zoom(1.0)


def open_training(window: Window) -> None:
    """Open the training settings under their button."""
    form = TrainingForm(window.document)
    form.set_theme(window.theme)
    window.open_form("Training settings", form, window.toolbar.training)


def open_devices(window: Window) -> None:
    """Choose where the training runs."""
    menu = QMenu(window)
    menu.setAccessibleName("Device")
    declared = parameter_of(Training, "device")
    held = window.document.project.training.get("device", "auto")
    for name in declared.choices if declared else ():
        action = QAction(DEVICE_WORD.get(name, name), menu)
        action.setCheckable(True)
        action.setChecked(name == held)
        action.setEnabled(
            name in ("auto", "cpu") or not window.devices or any(each.startswith(name) for each in window.devices)
        )
        action.triggered.connect(
            lambda _=False, name=name: window.document.edit(
                "Set device", with_training(window.document.project, "device", name)
            )
        )
        menu.addAction(action)
    window.open_menu(menu, window.toolbar.device)


def open_exports(window: Window) -> None:
    """Choose what to export."""
    menu = QMenu(window)
    menu.setAccessibleName("Export")
    for name in ("export_python", "export_script", "export_onnx"):
        menu.addAction(window.actions_of[name])
    window.open_menu(menu, window.toolbar.export)


def open_preferences(window: Window) -> None:
    """Open the preferences under the menu."""
    form = Form()
    form.setAccessibleName("Preferences")

    def show() -> None:
        form.show_values(Preferences, [dataclasses.asdict(window.preferences)])
        form.set_theme(window.theme)

    def change(name: str, value: Any) -> None:
        window.prefer(dataclasses.replace(window.preferences, **{name: value}))
        show()

    def reset(name: str) -> None:
        declared = parameter_of(Preferences, name)
        if declared is not None:
            change(name, declared.default)

    form.changed.connect(change)
    form.reset.connect(reset)
    show()
    window.open_form("Preferences", form, window.toolbar.train)


def find_action(window: Window) -> None:
    """Open the search over everything that can be done."""
    open_find_action(window.actions_of, window)


def show_keys(window: Window) -> None:
    """Open the sheet of keys and gestures."""
    rows: list[str] = []
    for action_id in window.actions_of:
        keys = window.actions_of.keys_of(action_id)
        if keys:
            name = window.actions_of[action_id].text().replace("&", "").rstrip("…")
            rows.append(_row(name, keys))
    gestures = [_row(name, keys) for name, keys in GESTURES]
    page = f"<h2>Keys</h2><table width='100%' cellpadding='4'>{''.join(rows)}</table>"
    page += f"<h2>On the canvas</h2><table width='100%' cellpadding='4'>{''.join(gestures)}</table>"
    HelpPage("Keys", page, window).show()


def _row(name: str, keys: str) -> str:
    return f"<tr><td width='55%'>{html.escape(name)}</td><td><b>{html.escape(keys)}</b></td></tr>"


def copy_report(window: Window) -> None:
    """Copy versions, devices and the last error, without anything personal."""
    from core.report import report, report_text

    def done(answer: Answer) -> None:
        said = report(answer if isinstance(answer, Facts) else None)
        QGuiApplication.clipboard().setText(report_text(said))
        window.say("good", "The report is on the clipboard: versions, devices and the last error, nothing personal.")

    if window.engines is not None:
        window.engines.ask(About(), done)


def version() -> str:
    """The version that is installed, or that of the source tree."""
    from importlib import metadata

    try:
        return metadata.version("layerloom")
    except metadata.PackageNotFoundError:
        return "from source"


def show_about(window: Window) -> None:
    """Say what this is."""
    box = QMessageBox(window)
    box.setWindowTitle("About Layerloom")
    box.setText(f"<b>Layerloom</b> {version()}")
    box.setInformativeText(
        "Draw a neural network, see at once whether it fits together, train it, look inside it, take it away as code. "
        "Apache License 2.0."
    )
    box.open()
