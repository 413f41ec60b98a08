"""Long work: what is being done, how far it is, and a way to cancel it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QProgressBar, QVBoxLayout, QWidget

from core.messages import Answer, Body, Progress, Request
from designer.words import tr

if TYPE_CHECKING:
    from designer.engines import Engines


class WorkDialog(QDialog):
    """Stays open while an engine works; `done(answer)` is called once, with a Failure where it was cancelled."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(420)
        self._cancel: Callable[[], None] | None = None
        self.words = QLabel(f"{title}…")
        self.words.setWordWrap(True)
        self.words.setAccessibleName(tr("What is being done"))
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("How far it is"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.rejected.connect(self.reject)
        self.cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        self.cancel.setAccessibleName(tr("Cancel"))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        column.addWidget(self.words)
        column.addWidget(self.bar)
        column.addWidget(buttons)

    def begin(self, engines: Engines, request: Request, done: Callable[[Answer], None]) -> None:
        """Ask an engine of its own and open."""

        def ended(answer: Answer) -> None:
            self._cancel = None
            self.accept()
            done(answer)

        self._cancel = engines.work(request, ended, self._show)
        self.show()

    def reject(self) -> None:
        """Cancel the work."""
        cancel, self._cancel = self._cancel, None
        if cancel is not None:
            cancel()
        else:
            super().reject()

    def _show(self, body: Body) -> None:
        if isinstance(body, Progress):
            self.words.setText(body.text)
            if body.share < 0:
                self.bar.setRange(0, 0)
            else:
                self.bar.setRange(0, 1000)
                self.bar.setValue(round(1000 * body.share))
