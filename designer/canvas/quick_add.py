"""Quick add: a search over every layer at the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

from core.layers import CATALOGUE
from designer.canvas.pick_list import PickList, Row
from designer.entries import TITLES
from designer.layer_search import Declared, found
from designer.starter import at_hand
from designer.theme import Theme
from designer.words import tr

WIDTH = 300
ASKING = tr("Add a layer: its name or what it does")


class QuickAdd(PickList):
    """The layers that fit, as rows; F1 wants help on one, and who types the name of one that does not fit reads why."""

    help_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(tr("Quick add"), ASKING, theme, parent, width=WIDTH)
        self._refused: Mapping[str, str] = {}
        self._declared: Declared = CATALOGUE.get

    def offer(
        self,
        at: QPoint,
        names: Iterable[str],
        fixed: Iterable[str] = (),
        declared: Declared = CATALOGUE.get,
        refused: Mapping[str, str] | None = None,
        asking: str = "",
    ) -> None:
        """Open over a point of the parent; `fixed` is the project's set, `refused` says why entries are not offered."""
        offered, first = tuple(names), at_hand(fixed)
        self._refused, self._declared = refused or {}, declared
        self.query.setPlaceholderText(asking or ASKING)
        self.open(at - QPoint(24, 20), lambda text: [self._row(name) for name in found(text, offered, first, declared)])

    def _row(self, name: str) -> Row:
        declared = self._declared(name)
        family = declared.family if declared is not None else ""
        said = " ".join(((declared.__doc__ if declared else "") or "").split()).partition(". ")[0]
        return Row(name, TITLES.get(family, ""), family, name, hint=said)

    def note_on(self, row: Row | None) -> str:
        """Why what was typed is not offered, where it names an entry that does not fit here."""
        typed = self.query.text().strip()
        meant = found(typed, list(self._refused), (), self._declared)[:1] if typed and self._refused else []
        offered = [self.rows.item(place).text() for place in range(self.rows.count())]
        if meant and found(typed, [*offered, *meant], (), self._declared)[:1] == meant:
            return self._refused[meant[0]]
        return "" if row is not None else tr("Nothing that fits here is called {typed}.", typed=typed[:40])

    def steer(self, key: Qt.Key, back: bool) -> bool:
        """F1 asks for help on the current entry."""
        if key != Qt.Key.Key_F1:
            return super().steer(key, back)
        if self.current is not None:
            name = self.current
            self.close_up()
            self.help_wanted.emit(name)
        return True
