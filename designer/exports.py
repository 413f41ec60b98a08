"""Exports and the measurement on the test part: asked for, shown while they go on, and said with what was measured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from core.events import Evaluated
from core.messages import Answer, Evaluate, Export, Exported, Failure
from designer.document import Document
from designer.numbers import difference
from designer.words import tr
from designer.work_dialog import WorkDialog

if TYPE_CHECKING:
    from designer.engines import Engines

To = Literal["python", "script", "onnx"]
Say = Callable[..., None]

TITLES: dict[To, str] = {
    "python": tr("Export the model as Python"),
    "script": tr("Export a training script"),
    "onnx": tr("Export to ONNX"),
}


def export(to: To, document: Document, engines: Engines, run: str, window: QWidget, say: Say) -> None:
    """Ask where to, export with the weights of a run where there is one, and say what was measured."""
    folder = document.path.parent if document.path else Path.home()
    if to == "onnx":
        place = str(folder / "model.onnx")
        chosen, _ = QFileDialog.getSaveFileName(window, TITLES[to], place, tr("ONNX files (*.onnx)"))
        chosen = str(Path(chosen).with_suffix(".onnx")) if chosen and not Path(chosen).suffix else chosen
    else:
        chosen = QFileDialog.getExistingDirectory(
            window, tr("{TITLES}: choose a folder", TITLES=TITLES[to]), str(folder)
        )
    if chosen:
        export_to(to, chosen, document, engines, run, window, say)


def export_to(
    to: To, out: str, document: Document, engines: Engines, run: str, window: QWidget, say: Say
) -> WorkDialog:
    """Export to a path that is known."""
    dialog = WorkDialog(TITLES[to], window)

    def done(answer: Answer) -> None:
        if isinstance(answer, Failure):
            say("note" if answer.kind == "cancelled" else "error", answer.message)
        elif isinstance(answer, Exported):
            place = Path(answer.files[0]).parent if answer.files else Path(out).parent
            say(
                "good",
                sentence_of(answer),
                tr("Show folder"),
                lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(place))),
            )

    dialog.begin(engines, Export(document.project, to, out, run), done)
    return dialog


def sentence_of(exported: Exported) -> str:
    """What an export is announced with: the files, and only what was measured."""
    names = ", ".join(Path(each).name for each in exported.files)
    if exported.max_difference is None:
        measured = exported.note or tr("Its numbers were not compared with the app's own model.")
    else:
        measured = tr(
            "Largest difference from the app's own model: {difference}.", difference=difference(exported.max_difference)
        )
        measured += f" {exported.note}" if exported.note else ""
    return tr("Written: {names}. {measured}", names=names, measured=measured)


def may_evaluate(uses: int, window: QWidget) -> bool:
    """Ask before the test part is touched; `uses` says how often this run was measured on it already."""
    box = QMessageBox(window)
    box.setWindowTitle(tr("Evaluate on the test part"))
    box.setText(tr("Measure this run on the test part?"))
    before = {0: tr("It has not been used for this run yet"), 1: tr("It was used once for this run already")}
    used = before.get(uses, tr("It was used {uses} times for this run already", uses=uses))
    box.setInformativeText(
        tr(
            "The test part is for one honest measurement at the end: choosing networks by it makes the "
            "score too good. {used}; each use is recorded in the run.",
            used=used,
        )
    )
    measure = box.addButton(tr("Measure"), QMessageBox.ButtonRole.AcceptRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel)
    box.exec()
    agreed = box.clickedButton() is measure
    box.deleteLater()
    return agreed


def evaluate(document: Document, engines: Engines, run: str, window: QWidget, say: Say) -> WorkDialog:
    """Measure a run on the test part and say the metrics."""
    dialog = WorkDialog(tr("Measuring on the test part"), window)

    def done(answer: Answer) -> None:
        if isinstance(answer, Failure):
            say("note" if answer.kind == "cancelled" else "error", answer.message)
        elif isinstance(answer, Evaluated):
            metrics = " · ".join(
                f"{name.replace('_', ' ')} {value:.4g}" for name, value in sorted(answer.metrics.items())
            )
            note = f" {answer.note}" if answer.note else ""
            say(
                "good",
                tr(
                    "On the test part: {metrics} (use {uses}, recorded in the run).{note}",
                    metrics=metrics,
                    uses=answer.uses,
                    note=note,
                ),
            )

    dialog.begin(engines, Evaluate(document.project, run), done)
    return dialog
