"""The list of the palette: headings and layers, dragged, entered, explained and starred."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractItemModel,
    QByteArray,
    QEvent,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QContextMenuEvent, QDrag, QKeyEvent, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from core.layers import CATALOGUE
from designer.icons import paint
from designer.layer_search import Declared
from designer.theme import DARK, Theme, family_colour
from designer.words import tr

MIME = "application/x-layerloom-layer"
NAME = Qt.ItemDataRole.UserRole
FIND = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
LEFT, STAR_WIDTH = 34, 22
"""Pixels before a name and behind it."""


def mime_of(layer: str) -> QMimeData:
    """What a drag of a layer carries."""
    data = QMimeData()
    data.setData(MIME, QByteArray(layer.encode("utf-8")))
    return data


class _Rows(QStyledItemDelegate):
    """A row with a star at its end: full on favourites, an outline under the pointer."""

    def __init__(self, tree: Tree) -> None:
        super().__init__(tree)
        self._tree = tree

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Shorten the name where the star needs its room."""
        super().initStyleOption(option, index)
        if index.data(NAME):
            room = self._tree.viewport().width() - LEFT - (STAR_WIDTH if self._has_star(option, index) else 0)
            option.text = option.fontMetrics.elidedText(option.text, Qt.TextElideMode.ElideRight, room)  # type: ignore[attr-defined]

    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """A name that was typed is asked for; the list shows it once the block is called so."""
        if isinstance(editor, QLineEdit) and editor.text() != index.data(NAME):
            self._tree.renamed.emit(index.data(NAME), editor.text())

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        """A line for the name of a block."""
        line = QLineEdit(parent)
        line.setAccessibleName(tr("Name of the block"))
        return line

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if not self._has_star(option, index):
            return
        is_favourite = index.data(NAME) in self._tree.favourites
        rect: QRect = option.rect  # type: ignore[attr-defined]
        place = QRectF(self._tree.viewport().width() - STAR_WIDTH + 2, rect.center().y() - 6.5, 14, 14)
        theme = self._tree.theme
        paint(painter, "star-full" if is_favourite else "star", theme.warn if is_favourite else theme.dim, place)

    def _has_star(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> bool:
        name = index.data(NAME)
        marked = QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus
        is_marked = bool(option.state & marked)  # type: ignore[attr-defined]
        return name in self._tree.favourites or (is_marked and self._tree.knows(name))


class Tree(QTreeWidget):
    """Headings and layers; Enter or a double click wants one, a drag carries one, F1 explains one, * stars one."""

    wanted = Signal(str)
    help_wanted = Signal(str)
    starred = Signal(str)
    menu_wanted = Signal(str, QPoint)
    folded = Signal(str, bool)
    renamed = Signal(str, str)
    block_wanted = Signal(str, str)
    """What a key asks for, and the block: "enter", "delete"."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = DARK
        self.favourites: frozenset[str] = frozenset()
        self.declared: Declared = CATALOGUE.get
        self.is_block: Callable[[str], bool] = lambda _: False
        self.setEditTriggers(QTreeWidget.EditTrigger.NoEditTriggers)
        self.setHeaderHidden(True)
        self.header().setAccessibleName(tr("Layers"))
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setIconSize(QSize(14, 14))
        self.setExpandsOnDoubleClick(False)
        self.setDragEnabled(True)
        self.setMouseTracking(True)
        self.setUniformRowHeights(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Layers"))
        self.setItemDelegate(_Rows(self))
        self.itemDoubleClicked.connect(lambda item: self._want(item))
        self.itemClicked.connect(self._fold)

    def startDrag(self, supported: Qt.DropAction) -> None:
        """Carry the layer's name, with a small picture of its header under the pointer."""
        name = self.current_name()
        if not self.knows(name):
            return
        drag = QDrag(self)
        drag.setMimeData(mime_of(name))
        drag.setPixmap(self._picture(name))
        drag.setHotSpot(QPoint(16, 13))
        drag.exec(Qt.DropAction.CopyAction)

    def knows(self, name: object) -> bool:
        """Whether a name can be put into the drawing."""
        return isinstance(name, str) and bool(name) and self.declared(name) is not None

    def current_name(self) -> str:
        """The chosen layer, "" on a heading."""
        item = self.currentItem()
        return (item.data(0, NAME) or "") if item else ""

    def begin_renaming(self, name: str) -> None:
        """Put the cursor into the name of a block in the list."""
        item = self.currentItem()
        if item is None or item.data(0, NAME) != name:
            item = next(iter(each for each in self._rows_of(name)), None)
        if item is not None and self.is_block(name):
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.setCurrentItem(item)
            self.editItem(item)

    def _rows_of(self, name: str) -> list[QTreeWidgetItem]:
        return [item for item in self.findItems(name, FIND, 0) if item.data(0, NAME) == name]

    def event(self, event: QEvent) -> bool:
        """The keys of the list are its own while it has the focus; elsewhere in the window they mean other things."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._owns(event):
            event.accept()
            return True
        return super().event(event)

    def _owns(self, event: QKeyEvent) -> bool:
        name = self.current_name()
        if event.key() == Qt.Key.Key_F1:
            return bool(name)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self.is_block(name) and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return event.key() in (Qt.Key.Key_F2, Qt.Key.Key_Delete) and bool(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter puts the chosen layer into the drawing, F1 explains it, * makes it a favourite.

        On a block Ctrl+Enter shows what is inside, F2 renames it, and Delete takes it away.
        """
        name = self.current_name()
        if self.state() == QTreeWidget.State.EditingState:  # what the line of a name does not take
            event.ignore()
            return
        with_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if with_control and self.is_block(name):
                self.block_wanted.emit("enter", name)
            else:
                self._want(self.currentItem())
        elif event.key() == Qt.Key.Key_F2 and name:
            self.begin_renaming(name)
        elif event.key() == Qt.Key.Key_Delete and name:
            self.block_wanted.emit("delete", name)
        elif event.key() == Qt.Key.Key_F1 and name:
            self.help_wanted.emit(name)
        elif event.key() == Qt.Key.Key_Asterisk:
            if name:
                self.starred.emit(name)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the star is no beginning of a drag."""
        item = self.itemAt(event.position().toPoint())
        name = item.data(0, NAME) if item else None
        is_on_star = event.position().x() >= self.viewport().width() - STAR_WIDTH
        if self.knows(name) and is_on_star and event.button() == Qt.MouseButton.LeftButton:
            self.starred.emit(name)
            event.accept()
            return
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with an entry, at the pointer or, by key, beside the chosen one."""
        item = self.currentItem() if event.reason() == QContextMenuEvent.Reason.Keyboard else self.itemAt(event.pos())
        at = self.visualItemRect(item).bottomLeft() + QPoint(24, 0) if item and item is self.currentItem() else None
        is_by_key = event.reason() == QContextMenuEvent.Reason.Keyboard and at is not None
        place = self.viewport().mapToGlobal(at) if is_by_key and at is not None else event.globalPos()
        self.menu_wanted.emit((item.data(0, NAME) or "") if item else "", place)

    def _want(self, item: QTreeWidgetItem | None) -> None:
        name = item.data(0, NAME) if item else None
        if self.knows(name):
            self.wanted.emit(name)

    def _fold(self, item: QTreeWidgetItem) -> None:
        if not item.data(0, NAME) and item.childCount():
            item.setExpanded(not item.isExpanded())
            self.folded.emit(item.text(0), not item.isExpanded())

    def _picture(self, name: str) -> QPixmap:
        scale = self.devicePixelRatioF()
        made = QPixmap(int(152 * scale), int(26 * scale))
        made.setDevicePixelRatio(scale)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        declared = self.declared(name)
        family = declared.family if declared is not None else ""
        painter.setBrush(QColor(family_colour(family)))
        painter.drawRoundedRect(QRectF(0, 0, 152, 26), 8, 8)
        paint(painter, f"family-{family or 'block'}", "#ffffff", QRectF(9, 6, 14, 14))
        painter.setPen(QColor("#ffffff"))
        painter.drawText(QRectF(30, 0, 118, 26), Qt.AlignmentFlag.AlignVCenter, name)
        painter.end()
        return made


def family_tint(family: str, theme: Theme) -> str:
    """A family's colour as a small icon on a panel: lighter on dark surfaces, so that it is seen."""
    colour = QColor(family_colour(family))
    return colour.lighter(190 if family == "block" else 150).name() if theme.is_dark else colour.name()
