"""The palette: every layer by family, searched by a few letters, dragged or entered into the drawing."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QByteArray, QMimeData, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QDrag, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from core.layers import CATALOGUE, FAMILIES, Layer
from designer.fuzzy import best
from designer.icons import icon, paint
from designer.theme import DARK, Theme, family_colour

MIME = "application/x-layerloom-layer"
NAME = Qt.ItemDataRole.UserRole


def sentence(layer: type[Layer]) -> str:
    """The first sentence of a layer's help."""
    text = " ".join((layer.__doc__ or "").split())
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]


def mime_of(layer: str) -> QMimeData:
    """What a drag of a layer carries."""
    data = QMimeData()
    data.setData(MIME, QByteArray(layer.encode("utf-8")))
    return data


class _Tree(QTreeWidget):
    """The families and their layers; Enter or a double click wants one, a drag carries one."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = DARK
        self.setHeaderHidden(True)
        self.header().setAccessibleName("Layers")
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setIconSize(QSize(14, 14))
        self.setExpandsOnDoubleClick(False)
        self.setDragEnabled(True)
        self.setUniformRowHeights(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Layers")
        self.itemDoubleClicked.connect(lambda item: self._want(item))
        self.itemClicked.connect(self._fold)

    def startDrag(self, supported: Qt.DropAction) -> None:
        """Carry the layer's name, with a small picture of its header under the pointer."""
        item = self.currentItem()
        name = item.data(0, NAME) if item else None
        if not name:
            return
        drag = QDrag(self)
        drag.setMimeData(mime_of(name))
        drag.setPixmap(self._picture(name))
        drag.setHotSpot(QPoint(16, 13))
        drag.exec(Qt.DropAction.CopyAction)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter puts the chosen layer into the drawing."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._want(self.currentItem())
        else:
            super().keyPressEvent(event)

    def _want(self, item: QTreeWidgetItem | None) -> None:
        name = item.data(0, NAME) if item else None
        if name:
            self.wanted.emit(name)

    def _fold(self, item: QTreeWidgetItem) -> None:
        if not item.data(0, NAME):
            item.setExpanded(not item.isExpanded())

    def _picture(self, name: str) -> QPixmap:
        scale = self.devicePixelRatioF()
        made = QPixmap(int(152 * scale), int(26 * scale))
        made.setDevicePixelRatio(scale)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(family_colour(CATALOGUE[name].family)))
        painter.drawRoundedRect(QRectF(0, 0, 152, 26), 8, 8)
        paint(painter, f"family-{CATALOGUE[name].family}", "#ffffff", QRectF(9, 6, 14, 14))
        painter.setPen(QColor("#ffffff"))
        painter.drawText(QRectF(30, 0, 118, 26), Qt.AlignmentFlag.AlignVCenter, name)
        painter.end()
        return made


class Palette(QWidget):
    """Search line and tree; `wanted(name)` asks for a layer in the middle of the drawing."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Palette")
        self.setObjectName("palette")
        self.setMinimumWidth(190)
        self._theme: Theme = DARK
        self.search = QLineEdit()
        self.search.setPlaceholderText(f"Search {len(CATALOGUE)} layers…")
        self.search.setAccessibleName("Search layers")
        self.search.setToolTip("Type a few letters of a layer, or of what it is for; Enter adds the first one.")
        self.search.setClearButtonEnabled(True)
        self.tree = _Tree()
        self.tree.setWhatsThis("Every layer there is: drag one onto the canvas, or press Enter on it.")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 4, 4)
        column.setSpacing(6)
        column.addWidget(self.search)
        column.addWidget(self.tree)
        self.search.textChanged.connect(self._show)
        self.search.returnPressed.connect(self._want_first)
        self.tree.wanted.connect(self.wanted)
        self._show("")

    def set_theme(self, theme: Theme) -> None:
        """Tint the icons."""
        self._theme = self.tree.theme = theme
        self._show(self.search.text())

    def _show(self, query: str) -> None:
        self.tree.clear()
        if query.strip():
            found = best(query, CATALOGUE.values(), lambda each: (each.__name__, *each.synonyms, FAMILIES[each.family]))
            self._add_layers(self.tree.invisibleRootItem(), found)
            if not found:
                self._add_heading(f"No layer fits “{query.strip()[:20]}”")
            first = self.tree.topLevelItem(0)
            if first is not None:
                self.tree.setCurrentItem(first)
            return
        for family, title in FAMILIES.items():
            layers = [each for each in CATALOGUE.values() if each.family == family]
            if layers:
                heading = self._add_heading(title.upper())
                self._add_layers(heading, layers)
                heading.setExpanded(True)

    def _add_heading(self, text: str) -> QTreeWidgetItem:
        heading = QTreeWidgetItem(self.tree, [text])
        font = heading.font(0)
        font.setPixelSize(11)
        font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, 1)
        heading.setFont(0, font)
        heading.setForeground(0, QColor(self._theme.dim))
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
        heading.setToolTip(0, "Click to fold or unfold")
        return heading

    def _add_layers(self, parent: QTreeWidgetItem, layers: Iterable[type[Layer]]) -> None:
        for each in layers:
            item = QTreeWidgetItem(parent, [each.__name__])
            item.setIcon(0, icon(f"family-{each.family}", family_tint(each.family, self._theme)))
            item.setData(0, NAME, each.__name__)
            item.setToolTip(0, sentence(each))

    def _want_first(self) -> None:
        item = self.tree.currentItem()
        if item is not None and item.data(0, NAME):
            self.wanted.emit(item.data(0, NAME))


def family_tint(family: str, theme: Theme) -> str:
    """A family's colour as a small icon on a panel: lighter on dark surfaces, so that it is seen."""
    colour = QColor(family_colour(family))
    return colour.lighter(150).name() if theme.is_dark else colour.name()
