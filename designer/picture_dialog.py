"""Exporting and copying the drawing as a picture: what it is to look like, and how far it is."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout

from core.messages import Checked
from core.parameters import parameter_of, read
from designer.canvas.picture import ENDINGS, Picture, PictureSettings, painted, part_of
from designer.form import Form
from designer.window import Window
from designer.words import tr

SLICE = 0.012
"""Seconds that are painted at a time: less than a frame."""


class PictureDialog(QDialog):
    """Asks how the picture is to look, paints it between events, and writes it or puts it on the clipboard."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.setWindowTitle(tr("Export the drawing as a picture"))
        self.setAccessibleName(tr("Export the drawing as a picture"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(420)
        self.settings = PictureSettings()
        self._steps: Iterator[float] | None = None
        self._done: Callable[[], None] | None = None
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._go_on)
        self.form = Form()
        self.form.setAccessibleName(tr("Picture"))
        self.form.set_theme(window.theme)
        self.form.changed.connect(self._change)
        self.form.reset.connect(self._reset)
        part = len(window.selected)
        words = (
            tr("The selected node is drawn.")
            if part == 1
            else tr("The {part} selected nodes are drawn.", part=part)
            if part
            else tr("The whole drawing that is shown is drawn.")
        )
        self.words = QLabel(words)
        self.words.setAccessibleName(tr("What is drawn"))
        self.words.setWordWrap(True)
        self.words.setProperty("role", "dim")
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("How far the picture is"))
        self.bar.hide()
        self.save = QPushButton(tr("Save…"))
        self.save.setProperty("role", "primary")
        self.save.setDefault(True)
        self.copy = QPushButton(tr("Copy"))
        self.close_button = QPushButton(tr("Close"))
        row = QHBoxLayout()
        row.addWidget(self.bar, 1)
        row.addStretch()
        for button, run in ((self.close_button, self.reject), (self.copy, self._copy), (self.save, self._save)):
            button.setAccessibleName(button.text().rstrip("…"))
            button.clicked.connect(run)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(10)
        column.addWidget(self.words)
        column.addWidget(self.form)
        column.addLayout(row)
        self._show()
        self.save.setFocus()

    # ---- settings

    def _show(self) -> None:
        self.form.show_values(PictureSettings, [dataclasses.asdict(self.settings)])

    def _change(self, name: str, value: Any) -> None:
        self.settings = read(PictureSettings, {**dataclasses.asdict(self.settings), name: value})[0]
        self._show()

    def _reset(self, name: str) -> None:
        declared = parameter_of(PictureSettings, name)
        if declared is not None:
            self._change(name, declared.default)

    # ---- painting

    def _save(self) -> None:
        ending = ENDINGS[self.settings.format]  # pyright: ignore[reportArgumentType]
        path = self._window.document.path
        place = (path.parent if path else Path.home()) / f"{path.stem if path else 'network'}{ending}"
        kinds = tr("{format} pictures (*{ending})", format=self.settings.format, ending=ending)
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Save the picture"), str(place), kinds)
        if chosen:
            self.save_to(Path(chosen) if Path(chosen).suffix else Path(chosen).with_suffix(ending))

    def save_to(self, path: Path) -> None:
        """Paint the picture and write it, whole or not at all."""
        picture = made(self._window, self.settings)

        def done() -> None:
            try:
                write(path, picture.content)
            except OSError as error:
                self._window.say(
                    "error",
                    tr("The picture could not be written to {path}: {strerror}.", path=path, strerror=error.strerror),
                )
                return
            smaller = self.settings.format == "PNG" and picture.scale < self.settings.scale
            words = tr(
                " at {scale:.2f} of its size, since a picture has at most 100 million pixels", scale=picture.scale
            )
            self._window.say(
                "good",
                tr("Written: {name}{value}.", name=path.name, value=words if smaller else ""),
                tr("Show folder"),
                lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent))),
            )
            self.accept()

        self._begin(picture, done)

    def _copy(self) -> None:
        picture = made(self._window, dataclasses.replace(self.settings, format="PNG"))

        def done() -> None:
            put_on_clipboard(self._window, self.settings, picture)
            self.accept()

        self._begin(picture, done)

    def _begin(self, picture: Picture, done: Callable[[], None]) -> None:
        self._steps, self._done = picture.steps(), done
        for each in (self.save, self.copy, self.form):
            each.setEnabled(False)
        self.close_button.setText(tr("Cancel"))
        self.bar.setValue(0)
        self.bar.show()
        self._turn.start()

    def _go_on(self) -> None:
        until = time.perf_counter() + SLICE
        while self._steps is not None and time.perf_counter() < until:
            share = next(self._steps, None)
            if share is None:
                done, self._done = self._done, None
                self._end()
                if done is not None:
                    done()
                return
            self.bar.setValue(round(share * 1000))

    def _end(self) -> None:
        self._turn.stop()
        self._steps = None
        self.bar.hide()
        self.close_button.setText(tr("Close"))
        for each in (self.save, self.copy, self.form):
            each.setEnabled(True)

    def reject(self) -> None:
        """Cancel the picture that is being painted, or close."""
        if self._steps is not None:
            self._steps.close()  # type: ignore[attr-defined]
            self._end()
        else:
            super().reject()


def made(window: Window, settings: PictureSettings) -> Picture:
    """The picture of what is selected, or of the whole drawing that is shown, not painted yet."""
    graph = part_of(window.scope.project.graph, window.selected)
    path = window.document.path
    title = path.stem if path else tr("Network")
    if window.scope.block:
        title += f": {window.scope.block}"
    checked = window.canvas.drawing.checked or Checked(revision=0)
    return Picture(graph, checked, settings.theme(window.theme), settings, title)


def put_on_clipboard(window: Window, settings: PictureSettings, picture: Picture) -> None:
    """Offer a painted PNG to other programs, and the same as SVG to those that take it."""
    data = QMimeData()
    data.setImageData(picture.image)
    svg = painted(made(window, dataclasses.replace(settings, format="SVG")))
    data.setData("image/svg+xml", svg.content)
    QGuiApplication.clipboard().setMimeData(data)
    window.say("note", tr("The picture is on the clipboard, as pixels and as SVG."))


def copy_picture(window: Window) -> None:
    """Put a picture of the selected nodes, or of the whole drawing, on the clipboard."""
    settings = PictureSettings(format="PNG")
    put_on_clipboard(window, settings, painted(made(window, settings)))


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
