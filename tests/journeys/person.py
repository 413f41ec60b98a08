"""A person at the real window: a mouse and a keyboard whose events go in where the system's go in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTreeWidget, QTreeWidgetItem, QTreeWidgetItemIterator, QWidget

from designer.window import Window

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
STEP_MILLISECONDS = 4
STEPS = 6


def wait_until(true: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Let the application run until something is true; fails with the words after that time."""
    waiting = QEventLoop()
    looking = QTimer(interval=10)
    looking.timeout.connect(lambda: waiting.quit() if true() else None)
    giving_up = QTimer(singleShot=True, interval=int(seconds * 1000))
    giving_up.timeout.connect(waiting.quit)
    looking.start()
    giving_up.start()
    waiting.exec()
    looking.stop()
    giving_up.stop()
    assert true(), f"waited {seconds} s in vain until {what}"


class Person:
    """Uses one window by its window handle, as the system does: every event finds its own way to a widget."""

    def __init__(self, window: Window) -> None:
        self.window = window

    # ---- where things are

    def on(self, widget: QWidget, at: QPoint | None = None) -> QPoint:
        """A place in a widget (its middle without one), as a place in the window."""
        return widget.mapTo(self.window, at if at is not None else widget.rect().center())

    def scene(self, at: QPointF) -> QPoint:
        """A place of the drawing, as a place in the window."""
        canvas = self.window.canvas
        return canvas.viewport().mapTo(self.window, canvas.to_view(at).toPoint())

    def port(self, node_id: str, name: str, is_output: bool = False) -> QPoint:
        """A port, as a place in the window."""
        return self.scene(self.window.canvas.drawing.port_place(node_id, name, is_output))

    def header(self, node_id: str) -> QPoint:
        """The middle of a node's header, as a place in the window."""
        return self.scene(self.window.canvas.drawing.items_by_id[node_id].pos() + QPointF(76, 13))

    def layer(self, name: str) -> QPoint:
        """A layer in the palette, as a place in the window."""
        tree = self.window.palette_of_layers.findChild(QTreeWidget)
        assert isinstance(tree, QTreeWidget)
        item = next(item for item in _items(tree) if item.text(0) == name and item.parent() is not None)
        tree.scrollToItem(item)
        QApplication.processEvents()
        return self.on(tree.viewport(), tree.visualItemRect(item).center())

    # ---- what hands do

    def click(self, at: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
        """Press and let go in one place; a click brings a window to the front, which is a window manager's doing."""
        self.come_to_front()
        handle = self.window.windowHandle()
        QTest.mouseMove(handle, at)
        QTest.mouseClick(handle, LEFT, keys, at)
        QApplication.processEvents()

    def double_click(self, at: QPoint) -> None:
        """Click twice in one place."""
        self.click(at)
        QTest.mouseDClick(self.window.windowHandle(), LEFT, NONE, at)
        QApplication.processEvents()

    def come_to_front(self) -> None:
        """Make the window the active one again after a dialog, as a window manager does."""
        if QApplication.activeModalWidget() is None and not self.window.isActiveWindow():
            self.window.activateWindow()
            wait_until(self.window.isActiveWindow, "the window is in front", 10)

    def drag(
        self, start: QPoint, stop: QPoint, keys: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT
    ) -> None:
        """Press, move in steps and let go; keys are held at the press and when it is let go."""
        steps = (start + (stop - start) * step / STEPS for step in range(1, STEPS + 1))
        self.stroke([start, *steps, stop, stop], keys, button)

    def stroke(self, places: list[QPoint], keys: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT) -> None:
        """Press, move along a path and let go; the steps come from a timer: drag and drop waits inside a move."""
        handle = self.window.windowHandle()
        start, *path = places
        stop = places[-1]
        waiting = QEventLoop()

        def step() -> None:
            # The next step is ordered first: a move that begins drag and drop returns only when that has ended.
            if path:
                QTimer.singleShot(STEP_MILLISECONDS, step)
                QTest.mouseMove(handle, path.pop(0))
            else:
                QTimer.singleShot(STEP_MILLISECONDS, waiting.quit)
                QTest.mouseRelease(handle, button, keys, stop)

        QTest.mouseMove(handle, start)
        QTest.mousePress(handle, button, keys, start)
        QTimer.singleShot(STEP_MILLISECONDS, step)
        waiting.exec()
        QApplication.processEvents()

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
        """Press one key, wherever the focus is."""
        self.come_to_front()
        QTest.keyClick(_focused_window(self.window), key, keys)
        QApplication.processEvents()

    def write(self, text: str) -> None:
        """Type text, wherever the focus is."""
        focused = QApplication.focusWidget()
        assert focused is not None, "nothing has the focus"
        QTest.keyClicks(focused, text)
        QApplication.processEvents()

    def when_asked(self, answer: Callable[[QWidget], None]) -> Callable[[], bool]:
        """Answer the next dialog when it opens; the function that comes back says whether it has been answered."""
        done: list[bool] = []
        looking = QTimer(self.window, interval=20)

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is not None:
                looking.stop()
                answer(dialog)
                done.append(True)

        looking.timeout.connect(look)
        looking.start()
        return lambda: bool(done)


def _focused_window(window: Window):
    return (QApplication.focusWidget() or window).window().windowHandle()


def _items(tree: QTreeWidget) -> list[QTreeWidgetItem]:
    found: list[QTreeWidgetItem] = []
    every = QTreeWidgetItemIterator(tree)
    while every.value() is not None:
        found.append(every.value())
        every += 1
    return found
