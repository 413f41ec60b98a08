"""Every step of the document by name: what is shown is marked, and a click or Enter goes to another one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QVBoxLayout, QWidget

from designer.document import Document
from designer.theme import DARK, Theme
from designer.words import tr

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
ROLE = Qt.ItemDataRole
HERE, BESIDE = "●", "\u2003"


class Steps(QAbstractListModel):
    """Row 0 is the beginning; row n is what step n led to."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.theme: Theme = DARK

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """One row more than there are steps."""
        return 0 if parent.isValid() else self._document.undo_stack.count() + 1

    def name(self, row: int) -> str:
        """What a person would call this state."""
        if row:
            return self._document.undo_stack.text(row - 1)
        path = self._document.path
        return tr("Opened {name}", name=path.name) if path else tr("The beginning")

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> Any:
        """A row as words, marks and colour."""
        row, here = index.row(), self._document.undo_stack.index()
        match role:
            case ROLE.DisplayRole:
                return f"{HERE if row == here else BESIDE} {self.name(row)}"
            case ROLE.ToolTipRole:
                return self.name(row)
            case ROLE.AccessibleTextRole:
                return self.name(row) + (tr(", shown now") if row == here else tr(", taken back") if row > here else "")
            case ROLE.FontRole if row == here:
                font = QFont()
                font.setBold(True)
                return font
            case ROLE.ForegroundRole if row > here:
                return QColor(self.theme.dim)
            case _:
                return None

    def begin_anew(self) -> None:
        """Other steps are there, or another one is shown."""
        self.beginResetModel()
        self.endResetModel()


class HistoryList(QWidget):
    """The list; it follows undo and redo, and costs nothing while it is not seen."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.setAccessibleName(tr("History"))
        self._document = document
        self.steps = Steps(document)
        self.list = QListView()
        self.list.setModel(self.steps)
        self.list.setAccessibleName(tr("Steps that were done"))
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusProxy(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 4, 4)
        column.addWidget(self.list)
        self._settled = QTimer(self, singleShot=True, interval=0)
        self._settled.timeout.connect(self.follow)
        document.undo_stack.indexChanged.connect(lambda _: self._follow_later())
        document.path_changed.connect(lambda _: self._follow_later())
        self.list.clicked.connect(lambda index: self.go_to(index.row()))
        self.list.activated.connect(lambda index: self.go_to(index.row()))
        self.follow()

    def go_to(self, row: int) -> None:
        """Show the document as it was after that many steps."""
        self._document.undo_stack.setIndex(row)

    def follow(self) -> None:
        """Show the steps as they are, with the present one in view."""
        self.steps.begin_anew()
        index = self.steps.index(self._document.undo_stack.index(), 0)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)

    def _follow_later(self) -> None:
        """Many steps in one go are followed once; what is not seen is not made."""
        if self.isVisible():
            self._settled.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up."""
        super().showEvent(event)
        self.follow()

    def set_theme(self, theme: Theme) -> None:
        """Show the steps in a theme."""
        self.steps.theme = theme
        self.steps.begin_anew()
        self.follow()

    def sizeHint(self) -> QSize:
        """As wide as a palette."""
        return QSize(220, 240)
