"""What an update and a painting of the docks cost on the window's thread, in processor milliseconds."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from table import Row

from core.events import Histogram, Losses, Prediction, Started
from core.events import Histograms as Sampled
from core.events import Predictions as Said

REPEATS = 15
CURVES = 10
LENGTHS = (1_000, 100_000, 1_000_000)
FRAME = 33
"""Losses in one frame of events: a fast network makes a thousand steps a second, told 30 times a second."""


def measure() -> list[Row]:
    """Updates of curves, histograms and predictions, each with its painting."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    return [*_curves(application), *_histograms(), *_predictions()]


def _cost(act: Callable[[], object]) -> float:
    """The median processor time of an act, in milliseconds."""
    act()
    spent = []
    for _ in range(REPEATS):
        begin = time.thread_time()
        act()
        spent.append(1000 * (time.thread_time() - begin))
    return statistics.median(spent)


def _paint(widget: QWidget, picture: QImage) -> None:
    QWidget.render(widget, picture)  # a graphics view has a render of another kind


def _curves(application: QApplication) -> list[Row]:
    import pyqtgraph as pg

    from designer.plots.curves import Curves
    from designer.plots.series import Series

    rng = np.random.default_rng(0)
    rows: list[Row] = []
    for length in LENGTHS:
        values = np.exp(rng.normal(size=length)).astype(np.float32)
        series = [Series() for _ in range(CURVES)]
        for each in series:
            each.put(0, values)
        plot = pg.PlotWidget()
        plot.resize(1000, 500)
        items = [plot.plotItem.plot(*each.outline(), pen=pg.mkPen("#6aa7ff", width=1)) for each in series]  # type: ignore[union-attr]
        plot.show()
        application.processEvents()
        picture = QImage(1000, 500, QImage.Format.Format_RGB32)
        place = [length]

        def update(series=series, items=items, plot=plot, picture=picture, place=place, values=values) -> None:
            for each, item in zip(series, items, strict=True):
                each.put(place[0], values[:FRAME])
                item.setData(*each.outline())
            place[0] += FRAME
            _paint(plot, picture)

        rows.append(
            Row(
                "plots",
                f"{CURVES} curves of {length:,} points, 1000 × 500",
                _cost(update),
                "ms",
                "<= 16.7" * (length == LENGTHS[-1]),
            )
        )
        plot.close()
    rows += [_dock(Curves(), length, application) for length in LENGTHS]
    rows.append(
        Row(
            "plots",
            "the dock of curves, a million points over a thousand",
            rows[-1].figure / rows[-3].figure,
            "times",
            "<= 3",
        )
    )
    return rows


def _dock(dock, length: int, application: QApplication) -> Row:
    rng = np.random.default_rng(1)
    dock.receive(Started("run", "cpu", 1, False, 10, length // 10, (1, 1, 1), 0, 1))
    values = np.exp(rng.normal(size=length) * 0.2 - np.linspace(0, 4, length)).astype("<f4")
    dock.receive(Losses(0, values[: -FRAME * (REPEATS + 2)].tobytes()))
    dock.resize(480, 290)
    dock.show()
    application.processEvents()
    picture = QImage(480, 290, QImage.Format.Format_RGB32)
    place = [length - FRAME * (REPEATS + 2)]

    def update() -> None:
        dock.receive(Losses(place[0], values[place[0] : place[0] + FRAME].tobytes()))
        place[0] += FRAME
        dock._refresh.now()
        _paint(dock, picture)

    row = Row("plots", f"the dock of curves at {length:,} steps", _cost(update), "ms", note="event to pixels")
    dock.close()
    return row


def _histograms() -> list[Row]:
    from designer.plots.histograms import Histograms

    rng = np.random.default_rng(2)
    rows = []
    for view in ("ridges", "map"):
        dock = Histograms()
        dock.resize(420, 290)
        dock.show()
        dock.view.choose(view)
        picture = QImage(420, 290, QImage.Format.Format_RGB32)
        step = [0]
        spent: list[float] = []

        def update(dock=dock, picture=picture, step=step, spent=spent) -> None:
            weights = []
            for number in range(20):
                counts, edges = np.histogram(rng.normal(0, 1 + step[0] / 400, 2000), 64)
                weights.append(
                    Histogram(
                        f"layer{number}.weight", float(edges[0]), float(edges[-1]), counts.astype("<u4").tobytes()
                    )
                )
            event = Sampled(step[0], 0.0, tuple(weights))
            step[0] += 1
            begin = time.thread_time()
            dock.receive(event)
            dock._refresh.now()
            _paint(dock, picture)
            spent.append(1000 * (time.thread_time() - begin))

        for _ in range(200):
            update()
        rows.append(
            Row(
                "plots",
                f"histograms of 20 weights as {view}, 200 moments",
                statistics.median(spent[-REPEATS:]),
                "ms",
                "<= 8",
            )
        )
        dock.close()
    return rows


def _predictions() -> list[Row]:
    from designer.plots.predictions import Predictions

    rng = np.random.default_rng(3)
    pixels = rng.random((256, 28 * 28)).astype("<f4")
    classes = tuple("0123456789")
    rows = tuple(
        Prediction(n, 1.0, (float(n % 10),), tuple(rng.dirichlet(np.ones(10))), pixels[n].tobytes()) for n in range(256)
    )
    said = Said(1, "image", (1, 28, 28), rows, 0.9, classes)
    dock = Predictions()
    dock.resize(345, 290)
    dock.show()
    picture = QImage(345, 290, QImage.Format.Format_RGB32)

    def update() -> None:
        dock.receive(said)
        dock._refresh.now()
        _paint(dock, picture)

    row = Row("plots", "256 predictions of 28 × 28", _cost(update), "ms", "<= 16.7")
    dock.close()
    return [row]
