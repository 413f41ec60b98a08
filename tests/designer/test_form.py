"""One form for every declaration: each kind of parameter, its default, its faults and the way back."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from core.graph import Graph, Node
from core.layers import CATALOGUE
from core.messages import Field
from core.parameters import parameter, parameters
from core.project import Project
from core.specs import Spec
from core.training import Split, Training
from designer.document import Document
from designer.editors import CheckEditor, ChoiceEditor, LineEditor
from designer.form import Form
from designer.inspector import Inspector
from designer.preferences import Preferences
from designer.style import whole_stylesheet
from designer.theme import DARK, LIGHT
from designer.trust import Trusted


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sample:
    """A declaration with every kind of parameter."""

    count: int = parameter(3, "How many.", low=1, high=10)
    rate: float = parameter(0.5, "How fast.", low=0, high=1)
    kernel_size: int | tuple[int, ...] = parameter(3, "How large.", length=2, low=1)
    shape: tuple[int, ...] = parameter((1,), "Which shape.", low=1)
    bias: bool = parameter(True, "Whether.")
    mode: str = parameter("zeros", "Which.", choices=("zeros", "reflect"))
    field: str = parameter("", "Which field.", kind="field")
    file: str = parameter("", "Which file.", kind="path", suffixes=(".csv",))
    limit: int | None = parameter(None, "How far.", low=1)
    seldom: float = parameter(0.0, "Seldom changed.", rare=True)


FIELDS = (Field("image", "input", Spec(("N", 1, 8, 8))), Field("label", "target", Spec(("N",), "int64")))


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    made = Form()
    qtbot.addWidget(made)
    made.show_values(Sample, [{}], FIELDS)
    made.resize(300, 500)
    made.show()
    return made


def line(form: Form, name: str):
    editor = form.rows[name].editor
    assert isinstance(editor, LineEditor)
    return editor.line


def retype(qtbot: QtBot, form: Form, name: str, text: str) -> None:
    edit = line(form, name)
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("count", "7", 7),
        ("rate", "0.25", 0.25),
        ("kernel_size", "3 x 5", (3, 5)),
        ("shape", "1, 8, 8", (1, 8, 8)),
        ("limit", "12", 12),
        ("file", "rows.csv", "rows.csv"),
    ],
)
def test_that_a_typed_value_is_committed_once(qtbot: QtBot, form: Form, name: str, text: str, value: object):
    heard: list[tuple[str, object]] = []
    form.changed.connect(lambda *said: heard.append(said))
    retype(qtbot, form, name, text)
    assert heard == [(name, value)]


def test_that_a_value_that_does_not_fit_is_refused_inline_and_not_committed(qtbot: QtBot, form: Form):
    heard: list[object] = []
    form.changed.connect(lambda *said: heard.append(said))
    retype(qtbot, form, "count", "99")
    assert heard == []
    assert form.rows["count"].fault.text() == "count must be a whole number from 1 to 10, but is “99”."
    assert form.rows["count"].fault.isVisible()


def test_that_escape_takes_back_what_was_typed(qtbot: QtBot, form: Form):
    edit = line(form, "count")
    edit.setFocus()
    qtbot.keyClicks(edit, "5")
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert edit.text() == "3"


def test_that_steps_by_key_become_one_change(qtbot: QtBot, form: Form):
    heard: list[object] = []
    form.changed.connect(lambda *said: heard.append(said))
    edit = line(form, "count")
    edit.setFocus()
    with qtbot.waitSignal(form.changed):
        for _ in range(3):
            qtbot.keyClick(edit, Qt.Key.Key_Up)
    assert heard == [("count", 6)]


def test_that_a_step_stops_at_the_bound(qtbot: QtBot, form: Form):
    form.show_values(Sample, [{"count": 10}], FIELDS)
    qtbot.keyClick(line(form, "count"), Qt.Key.Key_Up)
    assert line(form, "count").text() == "10"


def test_that_a_tick_and_a_choice_are_committed(qtbot: QtBot, form: Form):
    heard: list[object] = []
    form.changed.connect(lambda *said: heard.append(said))
    box, combo = form.rows["bias"].editor, form.rows["mode"].editor
    assert isinstance(box, CheckEditor)
    assert isinstance(combo, ChoiceEditor)
    qtbot.keyClick(box.box, Qt.Key.Key_Space)
    combo.combo.setFocus()
    qtbot.keyClick(combo.combo, Qt.Key.Key_Down)
    assert heard == [("bias", False), ("mode", "reflect")]


def test_that_a_field_is_chosen_among_those_of_the_data(form: Form):
    combo = form.rows["field"].editor
    assert isinstance(combo, ChoiceEditor)
    assert [combo.combo.itemData(place) for place in range(combo.combo.count())] == ["", "image", "label"]
    assert "1×8×8" in combo.combo.itemText(1)


def test_that_what_differs_from_the_default_is_marked_and_can_be_reset(qtbot: QtBot, form: Form):
    assert not form.rows["count"].reset.isVisible()
    form.show_values(Sample, [{"count": 5}], FIELDS)
    row = form.rows["count"]
    assert row.reset.isVisible()
    assert row.label.property("isChanged") is True
    heard: list[str] = []
    form.reset.connect(heard.append)
    qtbot.mouseClick(row.reset, Qt.MouseButton.LeftButton)
    assert heard == ["count"]


def test_that_several_nodes_show_where_they_differ(form: Form):
    form.show_values(Sample, [{"count": 5}, {"count": 6}], FIELDS)
    assert line(form, "count").text() == ""
    assert line(form, "count").placeholderText() == "several values"
    assert line(form, "rate").text() == "0.5"


def test_that_seldom_settings_are_folded_until_they_are_wanted(qtbot: QtBot, form: Form):
    assert not form.rows["seldom"].isVisible()
    qtbot.mouseClick(form.more, Qt.MouseButton.LeftButton)
    assert form.rows["seldom"].isVisible()


def test_that_the_rows_stay_while_the_declaration_is_the_same(form: Form):
    before = form.rows["count"]
    form.show_values(Sample, [{"count": 9}], FIELDS)
    assert form.rows["count"] is before
    assert line(form, "count").text() == "9"


@pytest.mark.parametrize(
    "declaration", [*CATALOGUE.values(), Training, Split, Preferences], ids=lambda each: each.__name__
)
def test_that_every_declaration_has_a_form_with_names_and_help(qtbot: QtBot, declaration: type):
    form = Form()
    qtbot.addWidget(form)
    form.show_values(declaration, [{}], FIELDS)
    for theme in (DARK, LIGHT):
        form.set_theme(theme)
    assert set(form.rows) == {each.name for each in parameters(declaration)}
    for editor in (row.editor for row in form.rows.values()):
        assert editor.accessibleName()
        assert editor.control.accessibleName() == editor.declared.name
        assert editor.control.accessibleDescription() == editor.declared.help
    for row in form.rows.values():
        assert row.label.toolTip().startswith(row.declared.help)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Hanging:
    """Settings that hang on each other."""

    init: str = parameter("default", "How it starts.", choices=("default", "normal_", "constant_"))
    std: float = parameter(1.0, "How far.", low=0, when=("init", ("normal_",)))
    value: float = parameter(0.0, "Which.", when=("init", ("constant_",)), rare=True)
    share: float = parameter(0.5, "Of that.", when=("std", (2.0,)))


@pytest.fixture
def hanging(qtbot: QtBot) -> Form:
    made = Form(resets_all=True)
    qtbot.addWidget(made)
    made.show_values(Hanging, [{}])
    made.show()
    return made


def seen(form: Form) -> set[str]:
    return {name for name, row in form.rows.items() if row.isVisible()}


def test_that_a_setting_is_there_only_while_it_matters(hanging: Form):
    assert seen(hanging) == {"init"}
    hanging.show_values(Hanging, [{"init": "normal_"}])
    assert seen(hanging) == {"init", "std"}
    hanging.show_values(Hanging, [{"init": "normal_", "std": 2.0}])
    assert seen(hanging) == {"init", "std", "share"}
    hanging.show_values(Hanging, [{"init": "constant_", "std": 2.0}])
    assert seen(hanging) == {"init"}


def test_that_of_several_nodes_a_setting_is_there_where_it_matters_for_one(hanging: Form):
    hanging.show_values(Hanging, [{}, {"init": "normal_"}])
    assert seen(hanging) == {"init", "std"}


def test_that_a_fault_in_a_setting_that_does_not_matter_is_seen_all_the_same(hanging: Form):
    hanging.show_values(Hanging, [{"std": -1.0}])
    assert hanging.rows["std"].fault.isVisible()


def test_that_seldom_settings_that_do_not_matter_are_not_offered(qtbot: QtBot, hanging: Form):
    assert not hanging.more.isVisible()
    hanging.show_values(Hanging, [{"init": "constant_", "value": 3.0}])
    assert hanging.more.text() == "More settings (1, 1 changed)"
    qtbot.mouseClick(hanging.more, Qt.MouseButton.LeftButton)
    assert seen(hanging) == {"init", "value"}


def test_that_everything_changed_is_reset_by_one_button(qtbot: QtBot, hanging: Form):
    assert not hanging.everything.isVisible()
    hanging.show_values(Hanging, [{"std": 3.0}])
    assert hanging.everything.isVisible()
    with qtbot.waitSignal(hanging.reset_all):
        qtbot.mouseClick(hanging.everything, Qt.MouseButton.LeftButton)


def test_that_a_layer_just_added_has_nothing_to_reset(hanging: Form):
    hanging.show_values(CATALOGUE["LSTM"], [{"batch_first": True}])
    assert not hanging.everything.isVisible()
    hanging.show_values(CATALOGUE["LSTM"], [{}])
    assert hanging.everything.isVisible()


def test_that_reset_all_gives_a_node_the_values_of_a_fresh_one_in_one_step(qtbot: QtBot):
    document = Document()
    inspector = Inspector(document, Trusted(document))
    qtbot.addWidget(inspector)
    values = {"hidden_size": 7, "num_layers": 3, "unknown": 1}
    document.new(Project(Graph({"a": Node("LSTM", values), "b": Node("LSTM", {"batch_first": True})})))
    inspector.show_nodes(("a", "b"))
    inspector.show()
    qtbot.mouseClick(inspector.form.everything, Qt.MouseButton.LeftButton)
    nodes = document.project.graph.nodes
    assert nodes["a"].values == {"batch_first": True, "unknown": 1}
    assert nodes["b"].values == {"batch_first": True}
    assert document.undo_stack.count() == 1
    assert not inspector.form.everything.isVisible()


def test_that_the_default_stands_in_an_empty_editor(form: Form):
    assert line(form, "rate").placeholderText() == "0.5"


def test_that_a_row_stays_where_another_declaration_has_the_same_setting(form: Form):
    form.show_values(CATALOGUE["Conv1d"], [{}])
    row = form.rows["bias"]
    form.show_values(CATALOGUE["Conv2d"], [{}])
    assert form.rows["bias"] is row
    assert row.isVisible()
    assert list(form.rows) == [each.name for each in parameters(CATALOGUE["Conv2d"])]


def test_that_choices_are_as_bright_as_words_where_the_default_is_shown_dim(qapp, form: Form):
    qapp.setStyleSheet(whole_stylesheet(DARK))
    try:
        editor = form.rows["mode"].editor
        assert isinstance(editor, ChoiceEditor)
        assert editor.combo.property("isDefault") is True
        editor.combo.showPopup()
        view = editor.combo.view()
        picture = view.viewport().grab().toImage()
        row = view.visualRect(editor.combo.model().index(1, 0)).intersected(picture.rect())
        places = itertools.product(range(row.left(), row.right()), range(row.top(), row.bottom()))
        brightest = max(picture.pixelColor(x, y).lightness() for x, y in places)
        editor.combo.hidePopup()
    finally:
        qapp.setStyleSheet("")
    assert brightest > QColor(DARK.dim).lightness() + 20
