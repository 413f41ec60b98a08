"""A drawing as a picture: SVG and PDF of shapes and letters, PNG of pixels; painted in steps, so that nothing waits."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from core import graph as graphs
from core.graph import Graph
from core.messages import Checked
from core.parameters import parameter
from core.picture import box_of, holds
from designer.canvas.drawing import Drawing
from designer.canvas.link_layer import path_of
from designer.canvas.look import FAULTY, FLOATS, UNKNOWN, WHOLES, Look
from designer.canvas.metrics import DETAIL_FROM
from designer.late import np
from designer.theme import DARK, LIGHT, Theme
from designer.words import tr

if TYPE_CHECKING:
    from PySide6.QtSvg import QSvgGenerator

Format = Literal["SVG", "PDF", "PNG"]
ENDINGS: dict[Format, str] = {"SVG": ".svg", "PDF": ".pdf", "PNG": ".png"}
AT_ONCE = 40
"""So many nodes or links are painted between two looks at the clock."""

MOST_PIXELS, LONGEST_SIDE = 100_000_000, 30_000
"""Of a PNG; Qt paints no side longer than 32,767 pixels."""

LONGEST_PAGE = 14_400.0
"""The longest side of a page in points that PDF allows."""

AS_SHOWN, ON_PAPER, DARK_ONE = tr("as shown"), tr("light, for print"), tr("dark")
POINTS = 0.75
"""Points of a page for each pixel at 100 %."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PictureSettings:
    """How a drawing becomes a picture."""

    format: str = parameter(
        tr("SVG"), tr("SVG and PDF stay sharp at every size; PNG is pixels."), choices=(tr("SVG"), tr("PDF"), tr("PNG"))
    )
    colours: str = parameter(AS_SHOWN, tr("Light colours are for paper."), choices=(AS_SHOWN, ON_PAPER, DARK_ONE))
    scale: float = parameter(
        2.0, tr("Pixels of the picture for each pixel at 100 %."), low=0.1, high=8, when=("format", (tr("PNG"),))
    )
    margin: int = parameter(32, tr("Room around the drawing, in pixels at 100 %."), low=0, high=1000)
    background: bool = parameter(True, tr("Whether the ground is painted; without, what lies below shows through."))
    shapes: bool = parameter(True, tr("Whether the shapes of what flows stand on the links."))

    def theme(self, shown: Theme) -> Theme:
        """The colours of the picture where this theme is shown."""
        return {ON_PAPER: LIGHT, DARK_ONE: DARK}.get(self.colours, shown)


def part_of(graph: Graph, ids: Collection[str]) -> Graph:
    """The graph of these nodes alone, the links between them, and the frames and notes that lie among them."""
    if not ids:
        return graph
    links = (link for link in graph.links if link.source in ids and link.target in ids)
    nodes = {each: node for each, node in graph.nodes.items() if each in ids}
    left, right = min(node.x for node in nodes.values()), max(node.x for node in nodes.values()) + 160
    top, bottom = min(node.y for node in nodes.values()), max(node.y for node in nodes.values()) + 120
    area = (left - 60, top - 80, right - left + 120, bottom - top + 160)
    seen = {name: each for name, each in graph.annotations.items() if holds(area, box_of(each))}
    return graphs.with_links(replace(graph, nodes=nodes, annotations=seen), links)


class Picture:
    """A picture at work: `steps` paints it bit by bit and tells how far it is; `content` holds it at the end."""

    def __init__(self, graph: Graph, checked: Checked, theme: Theme, settings: PictureSettings, title: str) -> None:
        self._settings, self._theme, self._title = settings, theme, title
        self._drawing = Drawing(Look(theme))
        self._drawing.follow(graph)
        self._drawing.report(checked)
        margin = float(settings.margin)
        self._area = _covered(self._drawing).adjusted(-margin, -margin, margin, margin)
        self.content = b""
        self.image = QImage()
        self.scale = self._fitting_scale()
        """What a PNG could have of the scale that was asked for."""

    def _fitting_scale(self) -> float:
        width, height, scale = self._area.width(), self._area.height(), self._settings.scale
        if self._settings.format != "PNG":
            return 1.0
        return min(scale, LONGEST_SIDE / max(width, height), (MOST_PIXELS / (width * height)) ** 0.5)

    def steps(self) -> Iterator[float]:
        """Paint; after each bit its share of the whole."""
        held = QByteArray()
        buffer = QBuffer(held)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        finish: Callable[[], object]
        device, finish = self._device(buffer)
        painter = QPainter(device)
        try:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            width = device.width() if self._settings.format == "PDF" else self._area.width() * self.scale
            painter.scale(width / self._area.width(), width / self._area.width())
            painter.translate(-self._area.topLeft())
            yield from self._paint(painter)
        finally:
            painter.end()
        # A large PNG takes seconds to be packed, which needs no Qt but the picture itself.
        packing = threading.Thread(target=finish, name="picture")
        packing.start()
        while packing.is_alive():
            packing.join(0.005)
            yield 0.99
        self.content = bytes(held.data())
        yield 1.0

    def _device(self, buffer: QBuffer) -> tuple[QSvgGenerator | QPdfWriter | QImage, Callable[[], object]]:
        """What is painted on, and what is to be done at the end."""
        width, height = self._area.width(), self._area.height()
        if self._settings.format == "SVG":
            from PySide6.QtSvg import QSvgGenerator

            svg = QSvgGenerator()
            svg.setOutputDevice(buffer)
            svg.setResolution(96)
            svg.setSize(QSize(round(width), round(height)))
            svg.setViewBox(QRectF(0, 0, width, height))
            svg.setTitle(self._title)
            svg.setDescription(tr("A neural network, drawn with Layerloom"))
            return svg, buffer.close
        if self._settings.format == "PDF":
            pdf = QPdfWriter(buffer)
            points = min(POINTS, LONGEST_PAGE / max(width, height))
            size = QSizeF(width * points, height * points)
            pdf.setPageSize(QPageSize(size, QPageSize.Unit.Point, self._title, QPageSize.SizeMatchPolicy.ExactMatch))
            pdf.setPageMargins(pdf.pageLayout().margins() * 0)
            pdf.setResolution(1200)
            pdf.setTitle(self._title)
            pdf.setCreator("Layerloom")
            return pdf, buffer.close
        kind = QImage.Format.Format_ARGB32_Premultiplied
        image = QImage(max(1, round(width * self.scale)), max(1, round(height * self.scale)), kind)
        image.fill(Qt.GlobalColor.transparent)
        image.setText(tr("Title"), self._title)
        image.setText(tr("Software"), tr("Layerloom"))

        def finish() -> None:
            self.image = image
            image.save(buffer, "PNG")  # pyright: ignore[reportCallIssue, reportArgumentType]
            buffer.close()

        return image, finish

    def _paint(self, painter: QPainter) -> Iterator[float]:
        drawing, paints = self._drawing, self._drawing.look.paints
        if self._settings.background:
            painter.fillRect(self._area, paints.canvas)
        option = QStyleOptionGraphicsItem()
        items = sorted(drawing.sketch.items.values(), key=lambda each: each.zValue())
        whole = 1 + len(items) + len(drawing.links) + 4 * len(drawing.items_by_id)
        done = 0
        for item in items:
            painter.save()
            painter.translate(item.pos())
            item.paint(painter, option, None)
            painter.restore()
        drawing.ties.paint(painter, option)
        kinds = drawing.links.column("kind")[:, 0]
        pens = {**dict(enumerate(paints.link_pens)), WHOLES: paints.whole, FAULTY: paints.faulty}
        for kind in (UNKNOWN, WHOLES, FLOATS, FAULTY):
            for slot in np.nonzero(kinds == kind)[0].tolist():
                painter.strokePath(path_of(drawing.links.cubics(drawing.links.keys[slot])), pens[kind])
                done += 1
                if done % AT_ONCE == 0:
                    yield done / whole
        if self._settings.shapes and self.scale >= DETAIL_FROM:
            yield from self._labels(painter)
        for number, node_id in enumerate(sorted(drawing.items_by_id, key=graphs.natural), 1):
            item = drawing.items_by_id[node_id]
            painter.save()
            painter.translate(item.pos())
            item.paint_picture(painter)
            painter.restore()
            if number % AT_ONCE == 0:
                yield (done + 4 * number) / whole

    def _labels(self, painter: QPainter) -> Iterator[float]:
        """The shapes on the links, in tiles, so that no step takes long."""
        drawing, tile = self._drawing, 1500.0
        across, down = int(self._area.width() // tile) + 1, int(self._area.height() // tile) + 1
        for number in range(across * down):
            corner = self._area.topLeft() + QPointF(number % across * tile, number // across * tile)
            box = QRectF(corner, QSizeF(tile, tile)).intersected(self._area)
            starts = drawing.links.column("ends")
            inside = (starts[:, 0] >= box.left()) & (starts[:, 0] < box.right())
            inside &= (starts[:, 1] >= box.top()) & (starts[:, 1] < box.bottom())
            if inside.any():
                drawing.layer.draw_labels(painter, np.nonzero(inside)[0], box)
                yield 0.2


def _covered(drawing: Drawing) -> QRectF:
    """What is drawn, with the loops of links that lead back, and room for ports and shadows."""
    area = drawing.bounds().adjusted(-16, -8, 16, 12)
    boxes = drawing.links.column("box")
    if not len(boxes):
        return area
    (left, top), (right, bottom) = boxes[:, :2].min(axis=0).tolist(), boxes[:, 2:].max(axis=0).tolist()
    return area.united(QRectF(QPointF(left, top), QPointF(right, bottom)))


def painted(picture: Picture) -> Picture:
    """A picture painted at once."""
    for _ in picture.steps():
        pass
    return picture
