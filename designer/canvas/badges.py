"""Badges of nodes: a few letters at the lower edge of a card that change while something goes on, as in a training."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple, Protocol

from PySide6.QtCore import QObject, QTimer

from core.events import Ended, Event, Histograms, Note, Started
from designer.words import tr

Tone = Literal["plain", "good", "warning", "error"]
EVERY = 100
"""Milliseconds between two changes on the screen: ten a second are as many as can be read."""

FAINT, STRONG = 1e-7, 1e3
"""Gradient norms beyond which a layer hardly learns, or is about to come apart."""


class Badge(NamedTuple):
    """What stands on a badge: a few letters, and in what tone."""

    text: str
    tone: Tone = "plain"


class Bearer(Protocol):
    """A node that can show a badge."""

    def show_badge(self, badge: Badge | None) -> None: ...


class Badges(QObject):
    """Gathers what nodes are to show, and shows it ten times a second at most; nothing else is painted for it.

    Nodes are named by their path in the whole network (`stage1/conv1`); `items` gives those that are on the canvas.
    """

    def __init__(self, items: Callable[[], Mapping[str, Bearer]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items = items
        self._prefix = ""
        self.held: dict[str, Badge] = {}
        self._changed: set[str] = set()
        self._soon = QTimer(self, singleShot=True, interval=EVERY)
        self._soon.timeout.connect(self._show)

    def put(self, path: str, badge: Badge | None) -> None:
        """Give a node a badge, or take it away."""
        if self.held.get(path) == badge:
            return
        if badge is None:
            del self.held[path]
        else:
            self.held[path] = badge
        self._changed.add(path)
        if not self._soon.isActive():
            self._soon.start()

    def clear(self) -> None:
        """Take all badges away."""
        for path in tuple(self.held):
            self.put(path, None)

    def enter(self, prefix: str) -> None:
        """Another drawing is shown, whose nodes' paths begin like this: its items have no badges yet."""
        self._prefix = prefix
        self.show_again(self._items())

    def show_again(self, node_ids: Iterable[str]) -> None:
        """Give items that are new, or were shown for another use, the badges of their nodes."""
        items = self._items()
        for node_id in node_ids:
            items[node_id].show_badge(self.held.get(self._prefix + node_id))

    def _show(self) -> None:
        changed, self._changed = self._changed, set()
        items = self._items()
        for path in changed:
            item = items.get(path.removeprefix(self._prefix)) if path.startswith(self._prefix) else None
            if item is not None:
                item.show_badge(self.held.get(path))

    def receive(self, event: Event) -> None:
        """What a run says of single nodes: how strongly they are pulled, and what was noticed about them."""
        match event:
            case Started() | Ended():
                self.clear()
            case Histograms():
                strongest: dict[str, float] = {}
                for weight in event.weights:
                    path = weight.name.rpartition(".")[0].replace(".", "/")
                    before = strongest.get(path, 0.0)
                    strongest[path] = max(before, weight.gradient_norm) if before == before else before
                    if weight.gradient_norm != weight.gradient_norm:
                        strongest[path] = math.nan
                for path, norm in strongest.items():
                    self.put(path, gradient(norm))
            case Note() if event.node and event.severity in ("warning", "error"):
                self.put(event.node, Badge(tr("see advice"), "error" if event.severity == "error" else "warning"))
            case _:
                pass


def gradient(norm: float) -> Badge:
    """The norm of a layer's gradient: a warning where it vanishes or grows without bound."""
    if not math.isfinite(norm):
        return Badge(tr("∇ not finite"), "error")
    return Badge(f"∇ {norm:.2g}", "warning" if norm < FAINT or norm > STRONG else "plain")
