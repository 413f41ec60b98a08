"""What an empty canvas says: what can be done first."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget


class StartPage(QWidget):
    """Words and three buttons in the middle of an empty canvas; drops go through to the canvas."""

    example_wanted = Signal()
    file_wanted = Signal()
    layer_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Start")
        title = QLabel("An empty network")
        title.setStyleSheet("font-size: 18px; font-weight: 600;")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title.setAccessibleName("An empty network")
        words = QLabel(
            "Drop a layer from the left, press Tab to search, open an example,\nor drop a data file (.csv, .npz) here."
        )
        words.setProperty("role", "dim")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.setAccessibleName("What can be done first")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for text, role, signal in (
            ("Open the digits example", "primary", self.example_wanted),
            ("Add a layer", "", self.layer_wanted),
            ("Open a file…", "", self.file_wanted),
        ):
            button = QPushButton(text)
            button.setProperty("role", role)
            button.setAccessibleName(text)
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addWidget(title)
        column.addWidget(words)
        column.addLayout(row)

    def place(self) -> None:
        """Stand in the middle."""
        size = self.sizeHint()
        parent = self.parentWidget()
        if parent is None:
            return
        self.setGeometry(
            (parent.width() - size.width()) // 2, (parent.height() - size.height()) // 2, size.width(), size.height()
        )
