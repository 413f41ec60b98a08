"""A monkey at the real window: random real events from one seed, each of them written down."""

from __future__ import annotations

import gc
import os
import random
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import psutil
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QObject,
    QPoint,
    QPointF,
    Qt,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QKeySequence, QWheelEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget
from pytestqt.exceptions import capture_exceptions
from shiboken6 import isValid

from core.examples import example_project
from designer.action import Action
from designer.actions import ACTIONS
from designer.canvas.drawing import Drawing
from designer.window import Window

LOG = os.environ.get("LAYERLOOM_MONKEY_LOG", "")
"""A file that gets every act as it is done: where the whole process ends, nothing else can tell."""

EXAMPLES = ("digits", "xor", "resnet18", "vae")
ACTS = 300
LAST_TOLD = 12
STUCK_MS = 60
SILENT = ("This plugin does not support",)
"""Said by the platform without a screen."""

BUTTONS = (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton)
MODIFIERS = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
NONE = Qt.KeyboardModifier.NoModifier
KEYS = [
    *(Qt.Key(number) for number in range(Qt.Key.Key_A.value, Qt.Key.Key_Z.value + 1)),
    *(Qt.Key(number) for number in range(Qt.Key.Key_0.value, Qt.Key.Key_9.value + 1)),
    *([Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Delete] * 3),
    *([Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down] * 3),
    Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Backspace, Qt.Key.Key_F2, Qt.Key.Key_F6, Qt.Key.Key_F8, Qt.Key.Key_F1,
    Qt.Key.Key_Minus, Qt.Key.Key_Period,
]  # fmt: skip
SHORTCUTS = [
    QKeySequence(key)[0]  # type: ignore[index]
    for each in ACTIONS
    if isinstance(each, Action) and each.id != "quit"
    for key in each.keys
]


class Fault(AssertionError):
    """What the monkey broke, with the seed that breaks it again and what it did last."""


class KeepOpen(QObject):
    """Keeps the window open whatever the monkey presses."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Pass everything on but the wish to close."""
        if event.type() == QEvent.Type.Close:
            event.ignore()
            return True
        return False


class Monkey:
    """One window and one seed at a time; a menu or dialog that waits for an answer is closed by a timer."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.acts: list[str] = []
        self.warnings: list[str] = []
        self.dice = random.Random(0)
        self._held: tuple[QWindow, Qt.MouseButton, Qt.KeyboardModifier, QPoint] | None = None
        self._keep_open = KeepOpen()
        window.installEventFilter(self._keep_open)
        self._waiting = QTimer(interval=STUCK_MS)
        self._waiting.timeout.connect(self._close_what_waits)

    def stop(self) -> None:
        """Let the window be closed again."""
        self.window.removeEventFilter(self._keep_open)

    def play(self, seed: int, acts: int = ACTS) -> None:
        """Do that many acts on an example; raises Fault with the seed where anything goes wrong."""
        self.dice = random.Random(seed)
        self.acts, self.warnings = [], []
        self._note(f"seed {seed}")
        with capture_exceptions() as faults, self._heard():
            self.begin()
            for _ in range(acts):
                try:
                    self._act()
                    QApplication.processEvents()
                except Exception as error:
                    raise self._fault(seed, "".join(traceback.format_exception(error))) from error
                if faults:
                    raise self._fault(seed, "".join(traceback.format_exception(*faults[0])))
                if self.warnings:
                    raise self._fault(seed, self.warnings[0])
            self.come_back()
            if faults:
                raise self._fault(seed, "".join(traceback.format_exception(*faults[0])))
        self._compare(seed)

    def begin(self) -> None:
        """Open an example, with nothing done to it and nothing open over it."""
        self.come_back()
        self.window.document.new(example_project(self.dice.choice(EXAMPLES)))
        self.window.canvas.setFocus()
        self.window.canvas.frame_all()
        QApplication.processEvents()

    def come_back(self) -> None:
        """Close what is open over the window and let go of every button."""
        for _ in range(20):
            over = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if over is None:
                break
            _dismiss(over)
            QApplication.processEvents()
        handle = self.window.windowHandle()
        for button in BUTTONS:
            QTest.mouseRelease(handle, button, NONE, QPoint(700, 400))
        self.window.canvas.cancel_gesture()
        for each in QApplication.topLevelWidgets():
            if isinstance(each, QDialog) and each.isVisible():
                each.close()
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def memory(self) -> float:
        """What the process holds in MB, with an example open and nothing to take back."""
        self.dice = random.Random(0)
        self.begin()
        self.window.document.new(example_project(EXAMPLES[0]))
        for _ in range(5):
            QApplication.processEvents()
        gc.collect()
        return psutil.Process().memory_info().rss / 1e6

    # ---- acts

    def _act(self) -> None:
        act = self.dice.choices(
            (self._key, self._shortcut, self._type, self._click, self._double, self._drag, self._wheel, self._undo,
             self._resize, self._theme, self._dock),
            (20, 14, 3, 22, 5, 22, 8, 8, 2, 1, 1),
        )[0]  # fmt: skip
        if self.dice.random() < 0.25 and (over := QApplication.activePopupWidget()) is not None:
            self._note(f"close {over.metaObject().className()}")
            _dismiss(over)
        act()

    def _send(self, send: Callable[..., object], *words: object) -> None:
        """Send an event; what runs a loop of its own inside is dismissed after a moment."""
        if words and isinstance(words[0], QObject) and not isValid(words[0]):
            return  # what was pressed has closed its own window
        self._waiting.start()
        send(*words)
        self._waiting.stop()

    def _press(self, key: Qt.Key | str, keys: Qt.KeyboardModifier) -> None:
        """Press and let go, one after the other: a window that the press has closed takes no second event.

        Alt alone closes a menu, and QTest would go on with the window that is gone: it is pressed by itself.
        """
        if keys & Qt.KeyboardModifier.AltModifier and (over := QApplication.activePopupWidget()) is not None:
            self._send(QTest.keyPress, over.windowHandle(), Qt.Key.Key_Alt, NONE)
            _dismiss(over)
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # or QTest would do so in the middle
        handle = self._focused()
        self._send(QTest.keyPress, handle, key, keys)
        self._send(QTest.keyRelease, handle, key, keys)

    def _note(self, words: str) -> None:
        self.acts.append(words)
        if LOG:
            with Path(LOG).open("a", encoding="utf-8") as log:
                log.write(f"{words}\n")

    def _target(self) -> QWidget:
        return QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.window

    def _place(self, target: QWidget) -> QPoint:
        """Anywhere in the target; in the window mostly on the drawing, and there often at a node or a port."""
        dice, window = self.dice, self.window
        if target is not window or dice.random() < 0.25:
            return QPoint(dice.randrange(max(1, target.width())), dice.randrange(max(1, target.height())))
        view = window.canvas.viewport()
        items = list(window.canvas.drawing.items_by_id.values())
        at = QPoint(dice.randrange(max(1, view.width())), dice.randrange(max(1, view.height())))
        if items and dice.random() < 0.75:
            item = dice.choice(items)
            slots = item.card.slots
            if slots and dice.random() < 0.5:
                spot = item.port_place(dice.choice(slots))
            else:
                area = item.rect()
                spot = QPointF(area.left() + dice.random() * area.width(), area.top() + dice.random() * area.height())
            at = window.canvas.to_view(spot).toPoint()
        at = view.mapTo(window, at)
        return QPoint(min(max(at.x(), 0), window.width() - 1), min(max(at.y(), 0), window.height() - 1))

    def _modifiers(self, share: float) -> Qt.KeyboardModifier:
        return self.dice.choice(MODIFIERS) if self.dice.random() < share else NONE

    def _key(self) -> None:
        key, keys = self.dice.choice(KEYS), self._modifiers(0.15)
        if keys == MODIFIERS[1] and key == Qt.Key.Key_Q:
            return
        self._note(f"key {key.name} {keys}")
        self._press(key, keys)

    def _shortcut(self) -> None:
        press = self.dice.choice(SHORTCUTS)
        self._note(f"shortcut {QKeySequence(press).toString()}")
        self._press(press.key(), press.keyboardModifiers())

    def _type(self) -> None:
        text = self.dice.choice(("conv", "relu", "linear", "12", "1e-3", "?", "(3, 3)", "a b"))
        self._note(f"type {text!r}")
        for letter in text:
            self._press(letter, NONE)

    def _focused(self):
        over = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        widget = (over or QApplication.focusWidget() or self.window).window()
        return widget.windowHandle() if widget.isVisible() and widget.windowHandle() else self.window.windowHandle()

    def _click(self) -> None:
        target = self._target()
        at, keys = self._place(target), self._modifiers(0.2)
        button = self.dice.choices(BUTTONS, (8, 3, 1))[0]
        self._note(f"click {button.name} {keys} {at.toTuple()} on {target.metaObject().className()}")
        handle = target.windowHandle()
        for send in (QTest.mousePress, QTest.mouseRelease):
            self._send(QTest.mouseMove, handle, at)
            self._send(send, handle, button, keys, at)

    def _double(self) -> None:
        target = self._target()
        at = self._place(target)
        self._note(f"double click {at.toTuple()} on {target.metaObject().className()}")
        handle = target.windowHandle()
        self._send(QTest.mouseMove, handle, at)
        for send in (QTest.mousePress, QTest.mouseRelease, QTest.mousePress, QTest.mouseRelease):
            self._send(send, handle, BUTTONS[0], NONE, at)

    def _drag(self) -> None:
        target = self._target()
        handle, keys = target.windowHandle(), self._modifiers(0.3)
        button = self.dice.choices(BUTTONS, (8, 2, 2))[0]
        path = [self._place(target) for _ in range(self.dice.randrange(2, 4))]
        is_cut_short = self.dice.random() < 0.15
        self._held = (handle, button, keys, path[-1])
        self._note(f"drag {button.name} {keys} {[each.toTuple() for each in path]} cut={is_cut_short}")
        self._send(QTest.mouseMove, handle, path[0])
        self._send(QTest.mousePress, handle, button, keys, path[0])
        for start, stop in pairwise(path):
            for step in range(1, 4):
                self._send(QTest.mouseMove, handle, start + (stop - start) * step / 3)
                QApplication.processEvents()
        if is_cut_short:
            key = self.dice.choice((Qt.Key.Key_Escape, Qt.Key.Key_Delete, Qt.Key.Key_Z))
            self._press(key, NONE)
        self._send(QTest.mouseRelease, handle, button, keys, path[-1])
        self._held = None

    def _wheel(self) -> None:
        target = self.window
        at = self._place(target)
        by = self.dice.choice((-240, -120, 120, 240))
        keys = self._modifiers(0.3)
        self._note(f"wheel {by} {keys} {at.toTuple()}")
        widget = target.childAt(at) or target
        place = QPointF(widget.mapFrom(target, at))
        event = QWheelEvent(
            place,
            QPointF(target.mapToGlobal(at)),
            QPoint(),
            QPoint(0, by),
            Qt.MouseButton.NoButton,
            keys,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QCoreApplication.sendEvent(widget, event)

    def _undo(self) -> None:
        name, times = self.dice.choice(("undo", "redo")), self.dice.randrange(1, 5)
        self._note(f"{name} {times}")
        for _ in range(times):
            self._send(self.window.actions_of[name].trigger)

    def _resize(self) -> None:
        width, height = self.dice.randrange(1000, 1900), self.dice.randrange(600, 1200)
        self._note(f"resize {width} {height}")
        self.window.resize(width, height)

    def _theme(self) -> None:
        name = self.dice.choice(("theme_dark", "theme_light", "theme_system"))
        self._note(name)
        self._send(self.window.actions_of[name].trigger)

    def _dock(self) -> None:
        name = self.dice.choice(("dock_outline", "dock_history", "dock_layers", "dock_properties", "reset_layout"))
        self._note(name)
        self._send(self.window.actions_of[name].trigger)

    # ---- watching

    def _close_what_waits(self) -> None:
        """A menu, a dialog or drag and drop that runs a loop of its own holds the monkey up: end it."""
        over = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if over is not None:
            _dismiss(over)
        elif self._held is not None and isValid(self._held[0]):
            handle, button, keys, at = self._held
            QTest.mouseMove(handle, at)
            QTest.mouseRelease(handle, button, keys, at)

    @contextmanager
    def _heard(self) -> Iterator[None]:
        def hear(kind: QtMsgType, context: object, text: str) -> None:
            if kind != QtMsgType.QtDebugMsg and not text.startswith(SILENT):
                self.warnings.append(f"Qt said: {text}")

        before = qInstallMessageHandler(hear)
        try:
            yield
        finally:
            qInstallMessageHandler(before)

    def _compare(self, seed: int) -> None:
        """What the canvas shows is what a fresh one would show, and every link has both ends."""
        canvas, graph = self.window.canvas, self.window.scope.project.graph
        fresh = Drawing(canvas.look)
        fresh.is_block = canvas.drawing.is_block
        fresh.follow(graph)
        if self.window.scope.report is not None:
            fresh.report(self.window.scope.report)
        loose = [link for link in graph.links if link.source not in graph.nodes or link.target not in graph.nodes]
        if loose:
            raise self._fault(seed, f"links without an end: {loose}")
        shown, wanted = canvas.drawing.state(), fresh.state()
        differs = [key for key in wanted if shown[key] != wanted[key]]
        fresh.clear()
        if differs:
            raise self._fault(seed, f"the canvas shows other {differs} than the document has")

    def _fault(self, seed: int, what: str) -> Fault:
        last = "\n  ".join(self.acts[-LAST_TOLD:])
        return Fault(f"LAYERLOOM_MONKEY={seed} breaks it again, at act {len(self.acts)}:\n  {last}\n{what}")


def _dismiss(over: QWidget) -> None:
    if not isValid(over):
        return
    if isinstance(over, QDialog):
        over.reject()
    elif isinstance(over, QMenu):
        over.close()
    else:
        QTest.keyClick(over, Qt.Key.Key_Escape)
        if over.isVisible():
            over.close()
