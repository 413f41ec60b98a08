"""Without a mouse, without eyes: every widget has a name, and every action and dialog is in the keyboard's reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QMenu,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.graph import Graph, Link, Node
from core.messages import Checked, NodeReport, Problem
from core.project import Project
from core.specs import Spec
from designer import deeds
from designer.action import Action, plain
from designer.actions import ACTIONS
from designer.app import make_window
from designer.canvas import accessible
from designer.document import Document
from designer.help_page import LayerHelp
from designer.keys_page import KeysPage
from designer.popup import Popup
from designer.tour import Tour
from designer.window import Window

PROJECT = Project(
    Graph(
        {"image": Node("Noise"), "relu1": Node("ReLU", {}, 220), "relu2": Node("ReLU", {}, 440)},
        (Link("image", "output", "relu1", "input"),),
    )
)
MADE_BY_QT = ("QScrollBar", "QMenu", "QToolBarExtension", "QRubberBand", "QSizeGrip", "QTabBar", "QTipLabel")
HELD_BY_QT = ("QComboBox", "_CalmCombo", "QComboBoxListView", "QComboBoxPrivateContainer", "QTabBar", "QHeaderView")


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = make_window(Document())
    qtbot.addWidget(made, before_close_func=lambda each: each.document.undo_stack.setClean())
    made.resize(1400, 900)
    made.show()
    return made


@pytest.fixture
def drawn(window: Window) -> Window:
    window.document.new(PROJECT)
    fault = Problem("error", "relu2", "input", "relu2 needs an input.")
    known = {"relu1": NodeReport("ReLU", {"output": Spec(("N", 4))})}
    window.document.take(Checked(window.document.revision, (fault,), known))
    window.canvas.select(("relu1",))
    return window


def ours(top: QWidget) -> list[QWidget]:
    """All widgets but the inner parts that Qt makes for itself."""
    found = []
    for each in (top, *top.findChildren(QWidget)):
        kind, holder = each.metaObject().className(), each.parentWidget()
        of_qt = each.objectName().startswith("qt_") or kind in MADE_BY_QT or kind.startswith("QComboBoxPrivate")
        within = holder is not None and (
            holder.metaObject().className() in HELD_BY_QT
            or isinstance(holder, QLineEdit | QAbstractSpinBox)
            or holder.objectName().startswith("qt_")
        )
        viewport = isinstance(holder, QAbstractItemView) and holder.viewport() is each
        if not (of_qt or within or viewport):
            found.append(each)
    return found


def nameless(top: QWidget) -> list[str]:
    return [
        f"{each.metaObject().className()} in {each.parentWidget()}" for each in ours(top) if not each.accessibleName()
    ]


def find(window: Window) -> QWidget:
    deeds.find_action(window)
    return next(each for each in QApplication.topLevelWidgets() if isinstance(each, Popup) and each.isVisible())


def preferences(window: Window) -> QWidget:
    deeds.open_preferences(window)
    return next(each for each in QApplication.topLevelWidgets() if isinstance(each, Popup) and each.isVisible())


def training(window: Window) -> QWidget:
    deeds.open_training(window)
    return next(each for each in QApplication.topLevelWidgets() if isinstance(each, Popup) and each.isVisible())


def child(kind: type[QWidget], action_id: str) -> Callable[[Window], QWidget]:
    def open_it(window: Window) -> QWidget:
        window.actions_of[action_id].trigger()
        found = window.findChild(kind)
        assert isinstance(found, kind)
        return found

    return open_it


OPENED: dict[str, Callable[[Window], QWidget]] = {
    "find action": find,
    "preferences": preferences,
    "training settings": training,
    "keys": child(KeysPage, "keys"),
    "layer help": child(LayerHelp, "layer_help"),
    "tour": child(Tour, "tour"),
}
"""Everything that opens over the window without an engine."""


def test_that_every_widget_of_the_window_has_a_name(drawn: Window, qtbot: QtBot):
    for key in drawn.docks.by_key:
        drawn.docks.show(key)
    drawn.centre.show_start()
    qtbot.waitUntil(lambda: bool(drawn.centre.start.cards))
    drawn.say("note", "Something is said.", "Do it", lambda: None)
    assert nameless(drawn) == []


def test_that_every_widget_that_opens_has_a_name(drawn: Window):
    for open_it in OPENED.values():
        opened = open_it(drawn)
        assert nameless(opened) == []
        opened.close()


def test_that_every_action_has_words_and_is_reached_by_keys_a_menu_or_the_search(window: Window):
    in_menus = {action.objectName() for menu in window.actions_of._menus.values() for action in menu.actions()}
    found = {each.id for each in window.actions_of.everything()}
    out_of_reach = []
    for each in ACTIONS:
        if isinstance(each, Action):
            assert plain(each.text)
            assert window.actions_of[each.id].toolTip()
            if each.id not in in_menus and each.id not in found and not window.actions_of.keys_of(each.id):
                out_of_reach.append(each.id)
    assert out_of_reach == []


def test_that_every_menu_has_a_name_and_every_entry_of_the_menu_bar_a_letter(window: Window):
    for action in window.menuBar().actions():
        assert "&" in action.text(), action.text()
    for menu in window.findChildren(QMenu):
        entries = [each for each in menu.actions() if isinstance(each, QAction) and not each.isSeparator()]
        assert not entries or menu.accessibleName(), [each.text() for each in entries]
        assert all(each.text() for each in entries)


def reached_by_tab(top: QWidget, start: QWidget, most: int = 200) -> set[QWidget]:
    """What Tab leads to, from a widget on."""
    start.setFocus(Qt.FocusReason.TabFocusReason)
    seen: set[QWidget] = set()
    for _ in range(most):
        held = top.window().focusWidget()
        if held is None or (held is start and len(seen) > 1):
            break
        seen.add(held)
        QTest.keyClick(held, Qt.Key.Key_Tab)
    return seen


def controls(top: QWidget) -> set[QWidget]:
    """What a hand could use: buttons, lines, choices, lists."""
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QAbstractSpinBox)
    found = {each for each in ours(top) if isinstance(each, kinds) and each.isVisible() and each.isEnabled()}
    found = {each for each in found if not isinstance(each, QHeaderView)}
    proxied = {each.focusProxy() for each in found} - {None}
    return {each for each in found if each not in proxied} | {each for each in proxied if each is not None}


def test_that_every_control_of_what_opens_is_reached_with_tab(drawn: Window, qtbot: QtBot):
    for name, open_it in OPENED.items():
        if name in ("find action", "tour"):  # one line with a list that follows it; two buttons of the window's own
            continue
        opened = open_it(drawn)
        qtbot.waitUntil(opened.isVisible)
        first = next(each for each in ours(opened) if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isEnabled())
        missed = controls(opened) - reached_by_tab(opened, first)
        said = {f"{name}: {type(each).__name__} {each.accessibleName()}" for each in missed}
        opened.close()
        assert said == set()


def test_that_every_dialog_closes_with_escape(drawn: Window, qtbot: QtBot):
    for name, open_it in OPENED.items():
        if name != "tour":
            opened = open_it(drawn)
            qtbot.waitUntil(opened.isVisible)
            QTest.keyClick(opened.focusWidget() or opened, Qt.Key.Key_Escape)
            qtbot.waitUntil(lambda opened=opened: not _is_open(opened))


def _is_open(widget: QWidget) -> bool:
    try:
        return widget.isVisible()
    except RuntimeError:  # it was deleted when it closed
        return False


def test_that_the_parts_of_the_window_are_walked_with_f6(drawn: Window):
    for key in drawn.docks.by_key:
        drawn.docks.by_key[key].show()
    drawn.canvas.setFocus()
    seen = set()
    for _ in range(16):
        drawn.actions_of["next_part"].trigger()
        held = drawn.focusWidget()
        seen |= {key for key, dock in drawn.docks.by_key.items() if held and dock.isAncestorOf(held)}
        seen |= {"toolbar"} if held and drawn.toolbar.isAncestorOf(held) else set()
        seen |= {"canvas"} if held is drawn.canvas else set()
    assert seen >= {"Properties", "toolbar", "canvas"}


# ---- what a screen reader gets of the canvas


@pytest.fixture
def spoken(drawn: Window) -> Iterator[QAccessibleInterface]:
    QAccessible.setActive(True)
    yield QAccessible.queryAccessibleInterface(drawn.canvas)
    QAccessible.setActive(False)


def names(canvas: QAccessibleInterface) -> list[str]:
    children = [canvas.child(place) for place in range(canvas.childCount())]
    return [each.text(QAccessible.Text.Name) for each in children if each is not None]


def test_that_the_canvas_is_a_list_of_named_nodes(spoken: QAccessibleInterface):
    assert spoken.role() == QAccessible.Role.List
    assert names(spoken)[:3] == ["image, Noise", "relu1, ReLU", "relu2, ReLU"]
    first = spoken.child(1)
    assert first.role() == QAccessible.Role.ListItem
    assert first.text(QAccessible.Text.Description) == "relu1, ReLU, from image, gives N × 4 float32"
    assert "error: relu2 needs an input." in spoken.child(2).text(QAccessible.Text.Description)


def test_that_nodes_have_a_place_on_the_screen_and_are_found_there(drawn: Window, spoken: QAccessibleInterface):
    node = spoken.child(0)
    item = drawn.canvas.drawing.items_by_id["image"]
    middle = drawn.canvas.viewport().mapToGlobal(drawn.canvas.to_view(item.rect().center()).toPoint())
    assert node.rect().contains(middle)
    found = spoken.childAt(middle.x(), middle.y())
    assert found.text(QAccessible.Text.Name) == "image, Noise"
    assert spoken.indexOfChild(found) == 0


def test_that_selection_is_told(drawn: Window, spoken: QAccessibleInterface):
    drawn.canvas.setFocus()
    drawn.canvas.select(("relu2",))
    assert spoken.child(2).state().selected
    assert spoken.child(2).state().focused
    assert not spoken.child(1).state().selected


def test_that_nodes_come_and_go_with_the_document(drawn: Window, spoken: QAccessibleInterface):
    gone = spoken.child(1)
    drawn.canvas.delete_selected()
    assert "relu1, ReLU" not in names(spoken)
    drawn.document.undo_stack.undo()
    assert names(spoken)[:3] == ["image, Noise", "relu1, ReLU", "relu2, ReLU"]
    drawn.document.new(Project())
    assert not [each for each in names(spoken) if "ReLU" in each]
    del gone


def test_that_a_step_and_its_way_back_are_announced(drawn: Window, spoken: QAccessibleInterface):
    interface = accessible._held[id(drawn.canvas)]
    drawn.canvas.delete_selected()
    assert interface.announcement(0, 1) == "Delete relu1"
    drawn.document.undo_stack.undo()
    assert interface.announcement(1, 0) == "Taken back: Delete relu1"


def test_that_what_floats_over_the_drawing_is_told_too(drawn: Window, spoken: QAccessibleInterface):
    drawn.canvas.open_quick_add()
    assert any("add" in name.lower() or "layer" in name.lower() for name in names(spoken)[3:])


def test_that_the_window_leads_to_the_canvas_and_its_nodes(drawn: Window, spoken: QAccessibleInterface):
    seen: list[str] = []

    def walk(interface: QAccessibleInterface, depth: int) -> None:
        for place in range(interface.childCount() if depth < 8 else 0):
            held = interface.child(place)
            if held is not None:
                seen.append(held.text(QAccessible.Text.Name))
                walk(held, depth + 1)

    walk(QAccessible.queryAccessibleInterface(drawn.centre), 0)
    assert {"Canvas", "image, Noise", "relu1, ReLU"} <= set(seen)
