"""The palette: three sets, favourites and recent layers, the project's own set, and keys for everything."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from core.graph import Graph, Node, fresh_id, with_nodes
from core.layers import CATALOGUE
from core.project import Project
from designer import palette_menu, starter
from designer.canvas.quick_add import QuickAdd
from designer.document import Document
from designer.palette import Palette
from designer.theme import DARK, LIGHT

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def document(qapp) -> Document:
    return Document()


@pytest.fixture
def palette(qtbot: QtBot, document: Document) -> Palette:
    return opened(qtbot, document)


def opened(qtbot: QtBot, document: Document) -> Palette:
    made = Palette(document)
    qtbot.addWidget(made)
    made.resize(240, 700)
    made.show()
    return made


def sections(palette: Palette) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for place in range(palette.tree.topLevelItemCount()):
        heading = palette.tree.topLevelItem(place)
        assert heading is not None
        rows = [heading.child(row) for row in range(heading.childCount())]
        found[heading.text(0)] = [each.text(0) for each in rows if each is not None]
    return found


def item(palette: Palette, name: str) -> QTreeWidgetItem:
    headings = [palette.tree.topLevelItem(place) for place in range(palette.tree.topLevelItemCount())]
    rows = [heading.child(row) for heading in headings if heading for row in range(heading.childCount())]
    return next(row for row in [*rows, *headings] if row is not None and row.text(0) == name)


def press(qtbot: QtBot, palette: Palette, name: str) -> None:
    """Click one part of the switch."""
    button = next(each for each in palette.switch.buttons() if each.text() == name)
    qtbot.mouseClick(button, LEFT)


def actions(menu: QMenu) -> dict[str, object]:
    found = {}
    for action in menu.actions():
        inner = action.menu()
        found.update(actions(inner) if isinstance(inner, QMenu) else {action.text().partition("\t")[0]: action})
    return found


def add(document: Document, layer: str) -> None:
    graph = document.project.graph
    graph = with_nodes(graph, {fresh_id(graph.nodes, layer): Node(layer)})
    document.edit(f"Add {layer}", Project(graph, palette=document.project.palette))


def test_that_it_opens_on_a_starter_set_of_about_twenty(palette: Palette):
    names = [name for names in sections(palette).values() for name in names]
    assert 18 <= len(names) <= 24
    assert sorted(names) == sorted(starter.STARTER)
    assert {"Input", "Target", "Linear", "Conv2d", "ReLU", "CrossEntropyLoss", "Output"} <= set(names)
    assert set(starter.STARTER) <= set(CATALOGUE)


def test_that_every_layer_is_one_click_away_and_the_choice_is_remembered(
    qtbot: QtBot, palette: Palette, document: Document
):
    press(qtbot, palette, "All")
    names = [name for names in sections(palette).values() for name in names]
    assert sorted(names) == sorted(CATALOGUE)
    assert opened(qtbot, document).shown_set == "all"
    press(qtbot, palette, "Starter")
    assert opened(qtbot, document).shown_set == "starter"


def test_that_a_star_makes_a_favourite_that_comes_first_and_is_kept(qtbot: QtBot, palette: Palette, document: Document):
    rect = palette.tree.visualItemRect(item(palette, "Conv2d"))
    wanted: list[str] = []
    palette.wanted.connect(wanted.append)
    qtbot.mouseClick(
        palette.tree.viewport(), LEFT, NONE, QPoint(palette.tree.viewport().width() - 8, rect.center().y())
    )
    assert next(iter(sections(palette).items())) == ("FAVOURITES", ["Conv2d"])
    palette.tree.setCurrentItem(item(palette, "LSTM"))
    qtbot.keyClick(palette.tree, Qt.Key.Key_Asterisk)
    assert sections(opened(qtbot, document))["FAVOURITES"] == ["Conv2d", "LSTM"]
    assert palette.tree.current_name() == "LSTM"
    qtbot.keyClick(palette.tree, Qt.Key.Key_Asterisk)
    assert sections(palette)["FAVOURITES"] == ["Conv2d"]
    assert wanted == []


def test_that_what_was_used_last_comes_first_however_it_was_added(qtbot: QtBot, palette: Palette, document: Document):
    for layer in ("GELU", "Unfold", "GELU", "Roll"):
        add(document, layer)
    qtbot.waitUntil(lambda: bool(starter.recent_layers()), timeout=5000)
    QApplication.sendEvent(palette, QEvent(QEvent.Type.Leave))
    assert sections(palette)["RECENT"] == ["Roll", "GELU", "Unfold"]
    assert sections(opened(qtbot, document))["RECENT"] == ["Roll", "GELU", "Unfold"]


def test_that_what_was_used_is_kept_when_the_window_closes_at_once(palette: Palette, document: Document):
    add(document, "Roll")
    palette.hide()
    assert starter.recent_layers() == ("Roll",)


def test_that_few_recent_layers_are_kept(qapp):
    starter.remember_layers(list(CATALOGUE)[:20])
    assert len(starter.recent_layers()) == starter.MOST_RECENT


def test_that_opening_a_project_uses_nothing(qtbot: QtBot, palette: Palette, document: Document):
    document.new(Project(Graph({"a": Node("Roll")})))
    qtbot.wait(1000)
    assert starter.recent_layers() == ()


def test_that_enter_wants_a_layer_f1_its_page_and_a_double_click_wants_it_too(qtbot: QtBot, palette: Palette):
    wanted: list[str] = []
    explained: list[str] = []
    palette.wanted.connect(wanted.append)
    palette.help_wanted.connect(explained.append)
    palette.tree.setCurrentItem(item(palette, "ReLU"))
    qtbot.keyClick(palette.tree, Qt.Key.Key_Return)
    qtbot.keyClick(palette.tree, Qt.Key.Key_F1)
    place = palette.tree.visualItemRect(item(palette, "Linear")).center() - QPoint(40, 0)
    qtbot.mouseClick(palette.tree.viewport(), LEFT, NONE, place)
    qtbot.mouseDClick(palette.tree.viewport(), LEFT, NONE, place)
    assert wanted == ["ReLU", "Linear"]
    assert explained == ["ReLU"]


def test_that_a_search_walks_through_what_it_finds_in_all_layers(qtbot: QtBot, palette: Palette):
    wanted: list[str] = []
    explained: list[str] = []
    palette.wanted.connect(wanted.append)
    palette.help_wanted.connect(explained.append)
    qtbot.keyClicks(palette.search, "softshrnk")
    assert next(iter(sections(palette))) == "Softshrink"
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    palette.search.setText("downsample")
    qtbot.keyClick(palette.search, Qt.Key.Key_Down)
    qtbot.keyClick(palette.search, Qt.Key.Key_F1)
    assert wanted == ["Softshrink"]
    assert explained == [list(sections(palette))[1]]
    assert not any(button.isChecked() for button in palette.switch.buttons())
    palette.search.clear()
    checked = palette.switch.checkedButton()
    assert checked is not None
    assert checked.text() == "Starter"


def test_that_a_search_in_vain_says_so(palette: Palette):
    palette.search.setText("qqqq")
    assert next(iter(sections(palette))) == "No layer fits “qqqq”."


def test_that_a_folded_family_stays_folded(qtbot: QtBot, palette: Palette):
    heading = item(palette, "LOSS")
    palette.tree.scrollToItem(heading)
    qtbot.mouseClick(palette.tree.viewport(), LEFT, NONE, palette.tree.visualItemRect(heading).center())
    assert not heading.isExpanded()
    palette.set_theme(LIGHT)
    assert not item(palette, "LOSS").isExpanded()
    palette.set_theme(DARK)


# ---- a project's own set


def test_that_a_project_with_a_set_of_its_own_opens_on_it_in_its_order(
    qtbot: QtBot, palette: Palette, document: Document
):
    document.new(Project(palette=("Output", "Linear", "Input")))
    assert palette.shown_set == "project"
    assert sections(palette) == {"THIS PROJECT": ["Output", "Linear", "Input"]}
    assert opened(qtbot, document).shown_set == "project"
    document.new(Project())
    assert palette.shown_set == "starter"


def test_that_other_layers_are_found_by_a_search_all_the_same(palette: Palette, document: Document):
    document.new(Project(palette=("Linear",)))
    palette.search.setText("lstm")
    assert next(iter(sections(palette))) == "LSTM"


def test_that_a_project_without_a_set_offers_two_ways_to_begin_one(qtbot: QtBot, palette: Palette, document: Document):
    press(qtbot, palette, "Project")
    assert palette.empty.isVisible()
    assert not palette.empty.from_drawing.isEnabled()
    document.new(Project(Graph({"a": Node("ReLU"), "b": Node("Linear"), "c": Node("ReLU")})))
    press(qtbot, palette, "Project")
    qtbot.mouseClick(palette.empty.from_drawing, LEFT)
    assert document.project.palette == ("Linear", "ReLU")
    assert palette.shown_set == "project"
    document.undo_stack.undo()
    assert document.project.palette == ()
    assert palette.empty.isVisible()
    qtbot.mouseClick(palette.empty.from_starter, LEFT)
    assert document.project.palette == starter.STARTER


def test_that_the_menu_of_an_entry_changes_the_set_step_by_step_with_undo(
    qtbot: QtBot, palette: Palette, document: Document
):
    def do(name: str, text: str) -> None:
        menu = palette_menu.menu(palette, document, name, palette)
        actions(menu)[text].trigger()  # type: ignore[attr-defined]
        menu.deleteLater()

    do("Linear", "Add to this project's palette")
    do("Add", "Add to this project's palette")
    do("Cat", "Add to this project's palette")
    do("Cat", "Move up")
    assert document.project.palette == ("Linear", "Cat", "Add")
    do("Linear", "Move down")
    assert document.project.palette == ("Cat", "Linear", "Add")
    do("Linear", "Take out of this project's palette")
    assert sections(palette) == {"THIS PROJECT": ["Cat", "Add"]}
    assert document.undo_stack.undoText() == "Take Linear out of the palette"
    do("Cat", "Let it go")
    assert document.project.palette == ()
    for _ in range(7):
        document.undo_stack.undo()
    assert document.project.palette == ()
    do("Cat", "Use the starter set")
    assert document.project.palette == starter.STARTER


def test_that_the_menu_moves_nothing_beyond_the_ends(palette: Palette, document: Document):
    document.new(Project(palette=("Add", "Cat")))
    first = actions(palette_menu.menu(palette, document, "Add", palette))
    assert (first["Move up"].isEnabled(), first["Move down"].isEnabled()) == (False, True)  # type: ignore[attr-defined]


def test_that_the_menu_stars_adds_and_explains(palette: Palette, document: Document):
    said: list[str] = []
    palette.wanted.connect(lambda name: said.append(f"add {name}"))
    palette.help_wanted.connect(lambda name: said.append(f"explain {name}"))
    found = actions(palette_menu.menu(palette, document, "Add", palette))
    for text in ("Add to the drawing", "Help", "Favourite"):
        found[text].trigger()  # type: ignore[attr-defined]
    assert said == ["add Add", "explain Add"]
    assert starter.favourites() == ("Add",)
    assert "No longer a favourite" in actions(palette_menu.menu(palette, document, "Add", palette))


def test_that_a_layer_that_is_not_known_here_is_shown_and_never_wanted(
    qtbot: QtBot, palette: Palette, document: Document
):
    document.new(Project(palette=("FromAPlugin", "Add")))
    wanted: list[str] = []
    palette.wanted.connect(wanted.append)
    unknown = item(palette, "FromAPlugin")
    assert "not known here" in unknown.toolTip(0)
    palette.tree.setCurrentItem(unknown)
    qtbot.keyClick(palette.tree, Qt.Key.Key_Return)
    palette.tree.startDrag(Qt.DropAction.CopyAction)
    assert wanted == []


def test_that_quick_add_begins_with_favourites_recent_ones_and_the_set(qtbot: QtBot, palette: Palette):
    starter.star("LSTM", True)
    starter.remember_layers(["Roll"])
    quick = QuickAdd(DARK, palette)
    quick.offer(QPoint(0, 0), CATALOGUE, ("Cat", "Add"))
    assert [quick.rows.item(row).text() for row in range(4)] == ["LSTM", "Roll", "Cat", "Add"]
    explained: list[str] = []
    quick.help_wanted.connect(explained.append)
    qtbot.keyClick(quick.query, Qt.Key.Key_F1)
    assert explained == ["LSTM"]
    assert not quick.isVisible()


def test_that_what_is_stored_wrongly_is_as_if_it_were_not_there(qapp):
    from designer.preferences import settings

    stored = settings()
    stored.setValue("palette/set", "everything")
    stored.setValue("palette/favourites", "Add")
    stored.setValue("palette/recent", 7)
    stored.sync()
    assert starter.chosen_set() == "starter"
    assert starter.favourites() == ("Add",)
    assert starter.recent_layers() in ((), ("7",))
