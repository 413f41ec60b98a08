"""The window in a language in which every text stands in brackets; what stands in none is printed, a line each.

Run as a process of its own: a language is chosen before there is an application.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import MagicMock

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

from core.datasets.dataset import DATASETS
from core.examples import ARCHITECTURES, EXAMPLES
from core.graph import Annotation, Graph, Link, Node
from core.layers import CATALOGUE, FAMILIES
from core.layers.block import BlockUse
from core.messages import Checked, NodeReport, Problem
from core.parameters import Parameter, parameters
from core.project import Project
from core.specs import Spec
from core.training import Split, Training
from core.weights import BlockWeights, Weights
from designer import bindings
from designer.action import Action
from designer.actions import ACTIONS
from designer.app import make_application, make_window
from designer.canvas.picture import PictureSettings
from designer.document import Document
from designer.preferences import Preferences

TAG, WORD = re.compile(r"<[^>]*>"), re.compile(r"[^\W\d_]\w+")
ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
QT = {"Nach", "links", "rechts", "scrollen", "Schließen", "Speichern"}
"""Qt's own German, on the buttons that it makes."""
OTHERS = (Training, BlockUse, Split, Weights, *Weights.__subclasses__(), BlockWeights, Preferences, PictureSettings)
UNITS = {"KiB", "MiB", "GiB", "ms", "MAC", "Adam"}
"""Units, and names that the field writes alike in every language."""
MADE_BY_QT = ("qt_",)


def outside(text: str) -> str:
    """What of a text stands in no brackets."""
    depth, left = 0, []
    for letter in text:
        depth += (letter == "⟦") - (letter == "⟧")
        left.append(letter if depth <= 0 and letter not in "⟦⟧" else " ")
    return "".join(left)


def plain(text: str) -> str:
    return " ".join(text.split())


class Core:
    """What core says: sentences that may stand as they are, and names."""

    def __init__(self) -> None:
        self.names: set[str] = {*UNITS, *QT}
        self.sentences: set[str] = set()
        for title in FAMILIES.values():
            self.take_names(title)
        for kind in (*CATALOGUE.values(), *DATASETS.values(), *OTHERS):
            self.names |= {kind.__name__, *map(str, getattr(kind, "aliases", ()))}
            self._say(kind.__doc__ or "")
            self.take_names(str(getattr(kind, "title", "")))
            for each in parameters(kind):
                self._take(each)
        for example in (*EXAMPLES, *ARCHITECTURES):
            self.sentences |= {example.title, example.about}

    def _take(self, declared: Parameter) -> None:
        self.names.add(declared.name)
        self.names |= {str(each) for each in declared.choices or ()}
        self._say(declared.help)

    def _say(self, text: str) -> None:
        """Sentences as they stand, also without their ends."""
        self.sentences |= {each.strip(" .") for each in re.split(r"(?<=[.:])\s", plain(text)) if " " in each}

    def take_names(self, text: str) -> None:
        """Words that may stand as they are."""
        self.names |= set(WORD.findall(text))

    def take_project(self, project: Project) -> None:
        """The names of a person's."""
        graph = project.graph
        self.names |= {*graph.nodes, *graph.blocks, *(name for block in graph.blocks.values() for name in block.nodes)}
        self.sentences |= {each.text for each in project.graph.annotations.values()}

    def left_of(self, text: str) -> list[str]:
        """The words of a text that neither brackets nor core account for."""
        rest = plain(outside(TAG.sub(" ", text).replace("\u200b", "")))
        for sentence in self.ordered if WORD.search(rest) else ():
            rest = rest.replace(sentence, " ")
        return [word for word in WORD.findall(rest) if word.lower() not in self.lower]

    def freeze(self) -> None:
        """Make ready for many texts."""
        self.ordered = sorted(filter(None, self.sentences), key=len, reverse=True)
        self.lower = {name.lower() for name in self.names}


def cells(model: QAbstractItemModel, parent: QModelIndex, most: int = 60) -> Iterator[str]:
    for row in range(min(most, model.rowCount(parent))):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)):
            index = model.index(row, column, parent)
            yield from (said for role in ROLES if isinstance(said := model.data(index, role), str))
        yield from cells(model, model.index(row, 0, parent), most)


def texts_of(each: QObject) -> Iterator[str]:
    """Everything that a widget or an action says."""
    if isinstance(each, QAction):
        yield from (each.text(), each.toolTip(), each.statusTip(), each.whatsThis())
        return
    if not isinstance(each, QWidget):
        return
    yield from (each.accessibleName(), each.accessibleDescription(), each.toolTip(), each.whatsThis())
    yield each.windowTitle()
    if isinstance(each, QLabel | QAbstractButton):
        yield each.text()
    if isinstance(each, QLineEdit | QPlainTextEdit):
        yield each.placeholderText()
    if isinstance(each, QMenu):
        yield each.title()
    if isinstance(each, QComboBox):
        yield from (each.itemText(at) for at in range(each.count()))
    if isinstance(each, QTabBar):
        yield from (each.tabText(at) for at in range(each.count()))
    if isinstance(each, QAbstractItemView) and each.model() is not None:
        yield from cells(each.model(), QModelIndex())
        headers = (Qt.Orientation.Horizontal,)
        count = 0 if isinstance(each.model(), QAbstractListModel) else each.model().columnCount(QModelIndex())
        yield from (str(each.model().headerData(at, way) or "") for way in headers for at in range(count))


def of_pyqtgraph(each: QObject) -> bool:
    """Whether something was made by pyqtgraph: the window never opens the menus of its plots."""
    return type(each).__module__.startswith("pyqtgraph")


class Walk:
    """Everything that is there is asked, after each thing that is opened."""

    def __init__(self, window: Any) -> None:
        self._window = window
        self.core, self.faults, self.asked = Core(), {}, 0

    def look(self, place: str) -> None:
        self.core.take_project(self._window.document.project)
        self.core.freeze()
        for _ in range(3):
            QApplication.processEvents()
        tops = [top for top in QApplication.topLevelWidgets() if type(top) not in (QMenu, QWidget)]  # those have owners
        seen: set[int] = set()
        for top in tops:
            for each in (top, *top.findChildren(QObject)):
                if (
                    of_pyqtgraph(top)
                    or of_pyqtgraph(each.parent() or each)
                    or each.objectName().startswith(MADE_BY_QT)
                    or id(each) in seen
                ):
                    continue
                seen.add(id(each))
                for text in texts_of(each):
                    self.asked += bool(text)
                    if text and (words := self.core.left_of(text)):
                        self.faults.setdefault(text, f"{place}: {each.metaObject().className()}: {text!r} {words}")


def look_and_close(walk: Walk, place: str) -> None:
    """Ask a dialog that waits for an answer, and close it."""
    over = QApplication.activeModalWidget()
    if over is not None:
        walk.look(place)
        over.close()


GRAPH = Graph(
    {"image": Node("Noise"), "relu1": Node("ReLU", {}, 220), "linear1": Node("Linear", {"out_features": 5}, 440)},
    (Link("image", "output", "relu1", "input"),),
    annotations={"note1": Annotation("note", 0, 300, 200, 80, "zzz")},
)


def main() -> int:
    """Open everything and print what is said outside of brackets."""
    make_application(["layerloom"])
    window: Any = make_window(Document())
    window.resize(1600, 1000)
    window.show()
    walk = Walk(window)
    native = QKeySequence.SequenceFormat.NativeText
    keys = [key for each in ACTIONS if isinstance(each, Action) for key in each.keys]
    for key in (*keys, *sorted(bindings.CANVAS_OWNS)):
        walk.core.take_names(f"{key} {QKeySequence(key).toString(native)}")
    while not window.centre.start.cards:
        QTest.qWait(50)
    walk.look("start page")
    window.document.new(Project(GRAPH))
    fault = Problem("error", "linear1", "input", "linear1 needs an input.")
    walk.core.sentences |= {fault.message, "model.py", "train.py", "A block of this project"}
    report = Checked(window.document.revision, (fault,), {"relu1": NodeReport("ReLU", {"output": Spec(("N", 4))})})
    window.document.take(report)
    for chosen in ((), ("linear1",), ("relu1", "linear1"), ("image",)):
        window.canvas.select(chosen)
        walk.look(f"form of {chosen}")
    window.canvas.select(("linear1",))
    for key in window.docks.by_key:
        window.docks.show(key)
        walk.look(f"dock {key}")
    for menu in window.findChildren(QMenu):
        menu.aboutToShow.emit()
        walk.look(f"menu {menu.title()}")
    opened: dict[str, Callable[[], object]] = {
        name: window.actions_of[name].trigger
        for name in ("find_action", "preferences", "training_settings", "keys", "layer_help", "tour")
    }
    for name, open_it in opened.items():
        open_it()
        walk.look(name)
        over = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if over is not None:
            over.close()
    window.document.new(Project(GRAPH))
    window.docks.load(window.document, MagicMock())  # nothing is asked of an engine
    window.docks.name_tabs()
    for key in window.docks.by_key:
        window.docks.show(key)
        walk.look(f"whole dock {key}")
    for action_id in ("data_set", "export_picture"):
        looking = QTimer(interval=100)
        looking.timeout.connect(lambda place=action_id: look_and_close(walk, place))
        looking.start()
        window.actions_of[action_id].trigger()
        QTest.qWait(300)
        looking.stop()
    canvas = window.canvas
    canvas.open_quick_add()
    walk.look("quick add")
    canvas.picture.add_note()
    walk.look("note")
    canvas.picture.drop()
    canvas.select(("relu1", "linear1"))
    canvas.blocks.group()
    walk.look("block")
    window.document.undo_stack.undo()
    walk.look("undone")
    box = QMessageBox(QMessageBox.Icon.NoIcon, "", "", QMessageBox.StandardButton.Save)
    print("Qt says", box.button(QMessageBox.StandardButton.Save).text())
    box.deleteLater()
    print("asked", walk.asked)
    for said in walk.faults.values():
        print(said)
    window.document.undo_stack.setClean()
    window.close()
    os._exit(0)


if __name__ == "__main__":
    main()
