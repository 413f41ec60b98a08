"""The dock of predictions: validation samples, worst first, with what the network says to each."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core.events import Epoch, Event, Started
from core.events import Predictions as Said
from designer.plots.header import Figure, Header, tabular
from designer.plots.refresh import Refresh
from designer.plots.samples import CAPTION, PICTURE, WRONG, Samples, is_picture
from designer.plots.ticks import figure, percent
from designer.theme import DARK, Theme
from designer.words import tr

TILE = 56
"""The least side of a tile; tiles grow until they fill the row."""
GAP = 6
EMPTY = tr("Train to see which validation samples the network gets most wrong.")


class Tile(QStyledItemDelegate):
    """Paints one picture with its caption; a wrong one has an outline and a question mark."""

    def __init__(self) -> None:
        super().__init__()
        self.theme = DARK
        self.side = TILE

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All tiles have one size, with room for the gap between them."""
        return QSize(self.side + GAP, self.side + GAP)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the picture as large as fits, the caption below it on the tile."""
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        tile = rect.adjusted(0, 0, -GAP, -GAP)
        wrong = bool(index.data(WRONG))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor("#0a0b0e" if self.theme.is_dark else "#20242c"))
        edge = self.theme.bad if wrong else self.theme.line
        painter.setPen(QPen(QColor(edge), 1.6 if wrong else 1))
        painter.drawRoundedRect(tile.adjusted(1, 1, -1, -1), 3, 3)
        picture = index.data(PICTURE)
        if picture is not None and not picture.isNull():
            room = tile.adjusted(4, 4, -4, -16)
            size = picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(room.x() + (room.width() - size.width()) // 2, room.y(), size.width(), size.height())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, picture.width() > place.width())
            painter.drawPixmap(place, picture)
        # on the tile's own dark ground in both themes: light words, measured above 4.5:1
        painter.setPen(QColor("#ff8b82" if wrong else "#6fcf97"))
        font = tabular(painter.font(), 10, bold=wrong)
        painter.setFont(font)
        below = QRect(tile.x() + 3, tile.bottom() - 15, tile.width() - 7, 13)
        text = painter.fontMetrics().elidedText(index.data(CAPTION), Qt.TextElideMode.ElideMiddle, below.width())
        painter.drawText(below, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self.theme.accent), 2))
            painter.drawRoundedRect(tile, 4, 4)
        painter.restore()


class Tiles(QListView):
    """The pictures in rows that fill the width."""

    def __init__(self, delegate: Tile) -> None:
        super().__init__()
        self._tile = delegate
        delegate.setParent(self)
        self.setItemDelegate(delegate)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumSize(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let as many tiles as fit share the width."""
        room = self.maximumViewportSize().width() - 1
        columns = max(1, room // (TILE + GAP))
        side = max(24, room // columns)
        self._tile.side = side - GAP
        self.setGridSize(QSize(side, side))
        super().resizeEvent(event)


class Predictions(QWidget):
    """Validation samples, worst first: pictures as tiles, tables as rows, numbers with their error."""

    about = tr(
        "The validation samples that the network gets most wrong come first: look at them before you trust a metric."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Predictions on validation samples"))
        self.model = Samples()
        self._said: Said | None = None
        self._metrics: dict[str, float] = {}
        self._run = ""
        self._refresh = Refresh(self, self._show, interval=100)
        self.header = Header(tr("Predictions"), self.about)
        self.accuracy = Figure(tr("accuracy"), "100.0 %")
        self.error = Figure(tr("mean error"), "0.0e-00")
        self.header.add(self.accuracy, 2)
        self.header.add(self.error, 1)
        self.tiles = self._make_tiles()
        self.table = self._make_table()
        self._empty = QLabel(EMPTY)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setMinimumSize(0, 0)
        self._pages = QStackedWidget()
        for page in (self._empty, self.tiles, self.table):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self._pages, 1)
        self.set_theme(DARK)
        self._show()

    def _make_tiles(self) -> QListView:
        self._delegate = Tile()
        tiles = Tiles(self._delegate)
        tiles.setAccessibleName(tr("Pictures, worst first"))
        tiles.setModel(self.model)
        return tiles

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setAccessibleName(tr("Rows, worst first"))
        table.setModel(self.model)
        table.setShowGrid(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().setDefaultSectionSize(24)
        table.verticalHeader().setMinimumWidth(60)  # Qt counts the padding of the style sheet once and paints it twice
        table.horizontalHeader().setMinimumSectionSize(26)
        table.horizontalHeader().setHighlightSections(False)
        table.setTabKeyNavigation(False)
        table.setFont(tabular(table.font(), 12))
        table.setMinimumSize(0, 0)
        return table

    def receive(self, event: Event) -> None:
        """Take in an event of a run."""
        match event:
            case Started():
                if self._run and event.run != self._run:
                    self._said, self._metrics = None, {}
                self._run = event.run
            case Said():
                self._said = event
            case Epoch():
                self._metrics = event.metrics
            case _:
                return
        self._refresh.news()

    def clear(self) -> None:
        """Forget the run."""
        self._said, self._metrics, self._run = None, {}, ""
        self._show()

    def follow(self, node_ids: tuple[str, ...]) -> None:
        """Predictions are those of the whole network, whatever is selected."""

    def _show(self) -> None:
        said = self._said
        self._show_figure(said)
        if said is None or not said.rows:
            self._pages.setCurrentWidget(self._empty)
            return
        before = self.model.columnCount()
        self.model.show(said)
        self._pages.setCurrentWidget(self.tiles if is_picture(said.shape) else self.table)
        if before != self.model.columnCount():
            self.table.resizeColumnsToContents()

    def _show_figure(self, said: Said | None) -> None:
        accuracy = said.accuracy if said else None
        mae = self._metrics.get("validation_mae") if said else None
        if accuracy is not None:
            self.accuracy.say(percent(accuracy))
        if mae is not None:
            self.error.say(figure(mae))
        self.header.want(self.accuracy, accuracy is not None)
        self.header.want(self.error, mae is not None)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.header.set_theme(theme)
        self.accuracy.set_colours(theme.dim, theme.text)
        self.error.set_colours(theme.dim, theme.text)
        self._delegate.theme = theme
        self.model.set_theme(theme)
        self._empty.setStyleSheet(f"color: {theme.dim}; padding: 0 16px; font-size: 12px;")
        self.setStyleSheet(f"Predictions {{ background: {theme.panel}; }}")
        self.tiles.setStyleSheet(
            f"QListView {{ background: {theme.panel}; border: 0; padding: 2px 2px 0 12px; }}"
            " QListView::item { padding: 0; }"
        )
        self.table.setStyleSheet(
            f"QTableView {{ background: {theme.panel}; border: 0; color: {theme.text}; font-size: 12px; }}"
            f" QTableView::item:selected {{ background: {theme.hover}; color: {theme.text}; }}"
            f" QHeaderView, QHeaderView::section, QTableCornerButton::section {{ background: {theme.panel};"
            f" color: {theme.dim}; border: 0; padding: 2px 8px; font-size: 12px; }}"
            f" QHeaderView::section:horizontal {{ border-bottom: 1px solid {theme.line}; }}"
        )
