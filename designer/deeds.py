"""Actions that take more than one line: what they open, ask and do."""

from __future__ import annotations

import dataclasses
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
from designer.preferences import Preferences
from designer.settings_form import TrainingForm, with_training
from designer.toolbar import DEVICE_WORD
from designer.window import Window
from designer.words import tr


def export(window: Window, to: exports.To) -> None:
    """Export with the weights of the shown run."""
    if window.engines is not None:
        exports.export(to, window.document, window.engines, window.training.shown, window, window.say)


def switch_snap(window: Window) -> None:
    """Let dragged nodes land on the grid, or anywhere."""
    window.prefer(dataclasses.replace(window.preferences, snap=not window.preferences.snap))


def export_picture(window: Window) -> None:
    """Ask how a picture of the drawing is to look, and where to."""
    from designer.picture_dialog import PictureDialog

    PictureDialog(window).open()


def copy_picture(window: Window) -> None:
    """Put the drawing on the clipboard as a picture."""
    from designer import picture_dialog

    picture_dialog.copy_picture(window)


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
    parts += [window.toolbar, window.questions]
    if window.centre.start.isVisible():
        parts[0] = window.centre.start
    if (tour := window.findChild(QWidget, "tour")) is not None:
        parts.append(tour)
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
        window.say("note", tr("Every block is used: there is nothing to delete."))
        return
    text = (
        tr("Delete the block {names}", names=names[0])
        if len(names) == 1
        else tr("Delete {count} unused blocks", count=len(names))
    )
    window.document.edit(text, replace(project, graph=without_blocks(project.graph, names)))
    window.say(
        "note",
        tr(
            "{join} went, because nothing used {value}.",
            join=", ".join(names[:6]),
            value="it" if len(names) == 1 else "them",
        ),
    )


def explain_selected(window: Window) -> None:
    """Open the help page of the selected node's layer."""
    if len(window.selected) == 1:
        window.canvas.explain_node(window.selected[0])


def rename(window: Window) -> None:
    """Put the cursor into the name of the selected node, or the text of the selected note or frame."""
    if not window.selected:
        window.canvas.picture.write()
        return
    window.docks.show("Properties")
    window.inspector.focus_name()


def zoom_100(window: Window) -> None:
    """Show the drawing in its own size, around the middle of what is seen."""
    window.canvas.set_zoom(1.0)


def open_training(window: Window) -> None:
    """Open the training settings under their button."""
    form = TrainingForm(window.document)
    form.set_theme(window.theme)
    window.open_form(tr("Training settings"), form, window.toolbar.training)


def open_devices(window: Window) -> None:
    """Choose where the training runs."""
    menu = QMenu(window)
    menu.setAccessibleName(tr("Device"))
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
                tr("Set device"), with_training(window.document.project, "device", name)
            )
        )
        menu.addAction(action)
    window.open_menu(menu, window.toolbar.device)


def open_exports(window: Window) -> None:
    """Choose what to export."""
    menu = QMenu(window)
    menu.setAccessibleName(tr("Export"))
    for name in ("export_python", "export_script", "export_onnx", "export_picture"):
        menu.addAction(window.actions_of[name])
    window.open_menu(menu, window.toolbar.export)


def open_preferences(window: Window) -> None:
    """Open the preferences under the menu."""
    form = Form()
    form.setAccessibleName(tr("Preferences"))

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
    window.open_form(tr("Preferences"), form, window.toolbar.train)


def find_action(window: Window) -> None:
    """Open the search over everything that can be done."""
    open_find_action(window.actions_of, window)


def show_keys(window: Window) -> None:
    """Open the sheet of keys and gestures."""
    from designer.keys_page import open_keys

    open_keys(window.actions_of, window)


def take_tour(window: Window) -> None:
    """Begin the guided tour, or go on where it was left."""
    from designer.tour import take_tour as take

    take(window)


def copy_report(window: Window) -> None:
    """Copy versions, devices and the last error, without anything personal."""
    from core.report import report, report_text

    def done(answer: Answer) -> None:
        said = report(answer if isinstance(answer, Facts) else None)
        QGuiApplication.clipboard().setText(report_text(said))
        window.say(
            "good", tr("The report is on the clipboard: versions, devices and the last error, nothing personal.")
        )

    if window.engines is not None:
        window.engines.ask(About(), done)


def version() -> str:
    """The version that is installed, or that of the source tree."""
    from importlib import metadata

    try:
        return metadata.version("layerloom")
    except metadata.PackageNotFoundError:
        return tr("from source")


def show_about(window: Window) -> None:
    """Say what this is."""
    box = QMessageBox(window)
    box.setWindowTitle(tr("About Layerloom"))
    box.setText(tr("<b>Layerloom</b> {version}", version=version()))
    box.setInformativeText(
        tr(
            "Draw a neural network, see at once whether it fits together, train it, look inside it, take "
            "it away as code. "
            "Apache License 2.0."
        )
    )
    box.open()
