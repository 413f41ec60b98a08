"""Notes, frames, points of links and collapsed nodes on the canvas, by real events."""

import itertools

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtTest import QTest

from core import picture
from core.graph import Annotation, Link, Node
from core.picture import Bend
from core.project import Project
from designer.canvas import Canvas, changes
from designer.canvas.leading import flattened, led, piece_at
from designer.canvas.overview import paint_annotations
from designer.canvas.tables import SEGMENTS
from designer.canvas.tints import COLOURS, tint
from designer.document import Document
from designer.theme import DARK, LIGHT

CONTROL, SHIFT, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier(0)
LINK = Link("conv", "output", "act", "input")


def put(document: Document, **annotations: Annotation) -> None:
    graph = document.project.graph
    made = replace(graph, annotations={**graph.annotations, **annotations})
    document.edit("Put", changes.with_graph(document.project, made))


def bent(document: Document, *points: tuple[float, float]) -> None:
    made = replace(document.project.graph, bends={LINK: points})
    document.edit("Bend", changes.with_graph(document.project, made))


def said(document: Document) -> str:
    return document.undo_stack.undoText()


def annotations(document: Document) -> dict[str, Annotation]:
    return document.project.graph.annotations


def write(canvas: Canvas, text: str, key=Qt.Key.Key_Return, keys=CONTROL) -> None:
    editor = canvas.picture.editor
    assert editor is not None
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, key, keys)


FRAME = Annotation("frame", 198.0, -66.0, 220.0, 220.0, "Encoder", "blue")
NOTE = Annotation("note", 220.0, 330.0, 198.0, 110.0, "why", "")


# ---- notes


def test_that_a_note_is_written_in_place_and_is_one_step(canvas, document):
    before = document.undo_stack.count()
    canvas.picture.add_note(QPointF(300, 330))
    assert annotations(document) == {}
    write(canvas, "mnh: not keys here")
    note = annotations(document)["note1"]
    assert (note.x, note.y, note.text) == (297.0, 330.0, "mnh: not keys here")
    assert (document.undo_stack.count(), said(document)) == (before + 1, "Add a note")
    assert canvas.pieces == ("note1",)
    assert not document.project.graph.nodes["conv"].muted
    document.undo_stack.undo()
    assert annotations(document) == {}
    assert canvas.pieces == ()


@pytest.mark.parametrize(("text", "key"), [("words", Qt.Key.Key_Escape), ("", Qt.Key.Key_Return)])
def test_that_a_note_that_is_left_or_empty_is_none(canvas, document, text, key):
    canvas.picture.add_note()
    write(canvas, text, key)
    assert annotations(document) == {}
    assert canvas.picture.editor is None
    assert canvas.hasFocus()


def test_that_a_note_grows_with_its_text_and_keeps_its_lines(canvas, document):
    put(document, note=replace(NOTE, height=44.0))
    canvas.picture.write("note")
    editor = canvas.picture.editor
    editor.setPlainText("one\ntwo " + "long words that wrap " * 12)
    QTest.keyClick(editor, Qt.Key.Key_Return, CONTROL)
    note = annotations(document)["note"]
    assert note.text.startswith("one\ntwo")
    assert 150 < note.height < 400
    assert note.height % 11 == 0
    assert said(document) == "Write on a note"


def test_that_a_click_elsewhere_keeps_what_was_written(canvas, document, hand):
    put(document, note=NOTE)
    hand.double_click((300, 380))
    canvas.picture.editor.setPlainText("kept")
    canvas.picture.editor.clearFocus()
    assert annotations(document)["note"].text == "kept"


def test_that_an_undo_of_the_note_closes_its_editor(canvas, document):
    put(document, note=NOTE)
    canvas.picture.write("note")
    document.undo_stack.undo()
    assert canvas.picture.editor is None
    assert annotations(document) == {}


def test_that_the_editor_stays_over_its_note(canvas, document):
    put(document, note=NOTE)
    canvas.picture.write("note")
    place = canvas.picture.editor.geometry()
    assert (place.topLeft() - canvas.to_view(QPointF(220, 330)).toPoint()).manhattanLength() <= 2
    canvas.pan_by(QPointF(40, -30))
    assert (canvas.picture.editor.geometry().topLeft() - place.topLeft()).x() == 40


# ---- frames


def test_that_a_frame_goes_around_the_selection_and_is_named(canvas, document):
    canvas.select(("conv", "act"))
    canvas.picture.surround()
    frame = annotations(document)["frame1"]
    boxes = [canvas.drawing.items_by_id[each].rect() for each in ("conv", "act")]
    area = canvas.drawing.sketch.items["frame1"].rect()
    assert all(area.adjusted(10, 36, -10, -10).contains(box) for box in boxes)
    assert said(document) == "Put a frame around 2 nodes"
    write(canvas, "Encoder", Qt.Key.Key_Return, NONE)
    assert annotations(document)["frame1"] == replace(frame, text="Encoder")
    assert (document.undo_stack.count(), said(document)) == (1, "Put a frame around 2 nodes")
    assert canvas.pieces == ("frame1",)
    canvas.picture.write()
    write(canvas, "Decoder", Qt.Key.Key_Return, NONE)
    assert (document.undo_stack.count(), said(document)) == (2, "Name the frame Decoder")
    canvas.select(())
    canvas.picture.surround()
    assert list(annotations(document)) == ["frame1"]


def test_that_dragging_its_title_moves_what_lies_wholly_in_it_in_one_step(canvas, document, hand, qtbot):
    put(document, frame=FRAME, note=replace(NOTE, x=220.0, y=110.0, width=66.0, height=33.0), outside=NOTE)
    bent(document, (264.0, 130.0))
    before, count = document.project, document.undo_stack.count()
    hand.drag((300, -54), (366, -10))
    graph = document.project.graph
    assert (graph.nodes["conv"].x, graph.nodes["conv"].y) == (286.0, 44.0)
    assert graph.nodes["act"] is before.graph.nodes["act"]
    assert (graph.annotations["frame"].x, graph.annotations["note"].x) == (264.0, 286.0)
    assert graph.annotations["outside"] is before.graph.annotations["outside"]
    assert graph.bends == {LINK: ((330.0, 174.0),)}
    assert (document.undo_stack.count(), said(document)) == (count + 1, "Move the frame Encoder")
    fresh = Canvas(document)
    qtbot.addWidget(fresh)
    assert {**fresh.drawing.state(), "nodes": 0} == {**canvas.drawing.state(), "nodes": 0}
    document.undo_stack.undo()
    assert document.project == before


def test_that_escape_puts_a_dragged_frame_back(canvas, document, hand):
    put(document, frame=FRAME)
    before, project = canvas.drawing.state(), document.project
    hand.hover((300, -54))
    hand.press((300, -54))
    hand.move((366, -10))
    assert canvas.drawing.items_by_id["conv"].x() == 286.0
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    hand.release((366, -10))
    assert (canvas.drawing.state(), document.project) == (before, project)


def test_that_the_inside_of_a_frame_is_empty_canvas(canvas, document, hand):
    put(document, frame=FRAME)
    hand.click((210, 120))
    assert canvas.pieces == ()
    hand.double_click((210, 130))
    assert canvas.floating.quick_add.isVisible()


@pytest.mark.parametrize(
    ("start", "stop", "wanted"),
    [
        ((417, 153), (460, 196), (198.0, -66.0, 264.0, 264.0)),
        ((199, 50), (154, 90), (154.0, -66.0, 264.0, 220.0)),
        ((300, -65), (300, -110), (198.0, -110.0, 220.0, 264.0)),
        ((417, 153), (-500, -500), (198.0, -66.0, 88.0, 66.0)),
    ],
)
def test_that_sides_and_corners_pull(canvas, document, hand, start, stop, wanted):
    put(document, frame=FRAME)
    hand.drag(start, stop)
    assert picture.box_of(annotations(document)["frame"]) == wanted
    assert said(document) == "Resize the frame Encoder"
    document.undo_stack.undo()
    assert annotations(document)["frame"] == FRAME


def test_that_a_double_click_on_the_title_names_the_frame(canvas, document, hand):
    put(document, frame=FRAME)
    hand.double_click((300, -54))
    write(canvas, "Decoder", Qt.Key.Key_Return, NONE)
    assert annotations(document)["frame"].text == "Decoder"


def test_that_keys_alone_select_size_colour_and_write(canvas, document):
    put(document, frame=FRAME, note=NOTE)
    canvas.picture.select_next()
    assert canvas.pieces == ("frame",)
    canvas.picture.select_next()
    assert canvas.pieces == ("note",)
    canvas.picture.resize(1, -1)
    assert picture.box_of(annotations(document)["note"]) == (220.0, 330.0, 220.0, 88.0)
    canvas.picture.recolour("green")
    assert (annotations(document)["note"].colour, said(document)) == ("green", "Colour a note green")
    QTest.keyClick(canvas, Qt.Key.Key_Right, CONTROL)
    assert annotations(document)["note"].x == 231.0
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert canvas.picture.editor is not None
    QTest.keyClick(canvas.picture.editor, Qt.Key.Key_Escape)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.pieces == ()


def test_that_the_screen_reader_hears_what_is_selected(canvas, document):
    put(document, frame=FRAME)
    bent(document, (400.0, 0.0))
    canvas.select((), pieces=("frame", Bend(LINK, 0)))
    assert canvas.accessibleDescription() == "frame: Encoder | point of the link from conv to act"


# ---- selecting, deleting, copying


def test_that_a_box_takes_notes_it_touches_and_frames_and_points_in_it(canvas, document, hand):
    put(document, frame=FRAME, note=NOTE)
    bent(document, (396.0, 110.0))
    hand.drag((170, 200), (300, 360))
    assert (canvas.selected, canvas.pieces) == ((), ("note",))
    hand.drag((180, 170), (430, -90))
    assert (canvas.selected, canvas.pieces) == (("conv",), ("frame", Bend(LINK, 0)))
    hand.drag((170, 200), (300, 360), SHIFT)
    assert canvas.pieces == ("frame", Bend(LINK, 0), "note")
    hand.click((600, 330))
    assert (canvas.selected, canvas.pieces) == ((), ())


def test_that_clicks_add_and_take_out(canvas, document, hand):
    put(document, note=NOTE)
    hand.click(hand.middle("act"))
    hand.click((300, 400), SHIFT)
    assert (canvas.selected, canvas.pieces) == (("act",), ("note",))
    hand.click((300, 400), SHIFT)
    assert (canvas.selected, canvas.pieces) == (("act",), ())
    hand.click((300, 400))
    assert (canvas.selected, canvas.pieces) == ((), ("note",))
    hand.click(hand.middle("act"))
    assert (canvas.selected, canvas.pieces) == (("act",), ())


def test_that_a_node_that_is_dragged_takes_selected_notes_along(canvas, document, hand):
    put(document, note=NOTE)
    canvas.select(("act",), pieces=("note",))
    hand.drag(hand.middle("act"), hand.middle("act") + QPointF(44, 22))
    assert (document.project.graph.nodes["act"].x, annotations(document)["note"].x) == (484.0, 264.0)
    assert said(document) == "Move 2 items"


def test_that_everything_is_deleted_cut_copied_and_pasted_together(canvas, document):
    put(document, frame=FRAME, note=NOTE)
    bent(document, (396.0, 110.0), (400.0, 120.0))
    canvas.select_all()
    assert canvas.pieces == ("frame", "note")
    canvas.select(("conv", "act"), pieces=("frame", "note"))
    canvas.copy()
    canvas.mouse_at = QPointF(canvas.to_view(QPointF(1000, 1000)))
    canvas.paste()
    graph = document.project.graph
    assert set(canvas.selected) == {"conv2", "act2"}
    assert canvas.pieces == ("frame1", "note1")
    dx = graph.nodes["conv2"].x - graph.nodes["conv"].x
    assert graph.annotations["frame1"].x == FRAME.x + dx
    copy = Link("conv2", "output", "act2", "input")
    assert graph.bends[copy][0][0] == 396.0 + dx
    assert said(document) == "Paste 4 items"
    canvas.cut()
    assert said(document) == "Cut 4 items"
    assert set(annotations(document)) == {"frame", "note"}
    assert set(document.project.graph.bends) == {LINK}
    canvas.select((), pieces=("note", Bend(LINK, 0)))
    canvas.delete_selected()
    assert set(annotations(document)) == {"frame"}
    assert document.project.graph.bends == {LINK: ((400.0, 120.0),)}


def test_that_a_note_alone_is_duplicated_and_pasted(canvas, document):
    put(document, note=NOTE)
    canvas.select((), pieces=("note",))
    canvas.duplicate()
    assert annotations(document)["note1"] == replace(NOTE, x=242.0, y=352.0)
    assert said(document) == "Duplicate a note"
    canvas.copy()
    assert '"annotations"' in QGuiApplication.clipboard().text()
    canvas.paste()
    assert set(annotations(document)) == {"note", "note1", "note2"}


def test_that_framing_and_the_small_map_see_notes_far_away(canvas, document):
    put(document, note=replace(NOTE, x=3000.0))
    canvas.frame_all()
    assert canvas.seen().contains(canvas.drawing.sketch.items["note"].rect())
    assert canvas.floating.minimap.fitting().map(QPointF(3100, 380)).x() < canvas.floating.minimap.width()
    canvas.select((), pieces=("note",))
    canvas.frame_selected()
    assert canvas.zoom > 1
    document.new(Project(replace(Project().graph, annotations={"note": NOTE})))
    canvas.set_zoom(4.0)
    canvas.pan_by(QPointF(300, 0))
    assert canvas.floating.minimap.isVisible()


# ---- points of links


def test_that_a_double_click_bends_a_link_and_another_straightens_it(canvas, document, hand):
    middle = (hand.port("conv", "output", True) + hand.port("act", "input")) / 2
    hand.double_click(middle)
    (point,) = document.project.graph.bends[LINK]
    assert abs(point[0] - middle.x()) <= 6
    assert said(document) == "Bend the link to act"
    assert canvas.pieces == (Bend(LINK, 0),)
    hand.drag(point, (415, 120))
    assert document.project.graph.bends[LINK] == ((418.0, 121.0),)
    assert said(document) == "Move a point of a link"
    assert canvas.drawing.links.nearest(418, 121, 3) == LINK
    hand.double_click((418, 121))
    assert document.project.graph.bends == {}
    assert said(document) == "Straighten the link to act"


def test_that_new_points_stand_between_those_that_they_lie_between(canvas, document):
    bent(document, (330.0, 300.0), (500.0, 300.0))
    canvas.picture.bend(LINK, QPointF(418, 330))
    assert document.project.graph.bends[LINK] == ((330.0, 300.0), (418.0, 330.0), (500.0, 300.0))


def test_that_delete_takes_a_selected_point_away(canvas, document, hand):
    bent(document, (400.0, 120.0), (420.0, 150.0))
    hand.click((400, 120))
    assert canvas.pieces == (Bend(LINK, 0),)
    canvas.delete_selected()
    assert document.project.graph.bends == {LINK: ((420.0, 150.0),)}
    assert LINK in document.project.graph.links


def test_that_a_led_link_is_one_smooth_way_through_its_points():
    points = ((300.0, 200.0), (500.0, -100.0), (120.0, 40.0))
    cubics = led(np.array([0.0, 0.0, 700.0, 50.0]), points)
    assert cubics.shape == (4, 4, 2)
    assert [tuple(each) for each in cubics[1:, 0]] == list(points)
    for one, other in itertools.pairwise(cubics):
        into, out = one[3] - one[2], other[1] - other[0]
        assert into[0] * out[1] - into[1] * out[0] == pytest.approx(0, abs=1e-6)
        assert into @ out > 0
    assert cubics[0, 1, 1] == 0
    assert cubics[-1, 2, 1] == 50
    path = flattened(cubics, SEGMENTS)
    assert path.shape == (SEGMENTS + 1, 2)
    assert all((np.abs(path - np.array(point)).sum(1) < 1e-9).any() for point in points)
    middles = [[0.125, 0.375, 0.375, 0.125] @ cubic for cubic in cubics]
    assert [piece_at(cubics, *middle) for middle in middles] == [0, 1, 2, 3]


@pytest.mark.parametrize("count", [1, 2, 7, 40])
def test_that_any_number_of_points_shares_the_lines_of_a_link(count):
    rng = np.random.default_rng(count)
    points = tuple(map(tuple, (rng.random((count, 2)) * 1000).tolist()))
    path = flattened(led(np.array([0.0, 0.0, 500.0, 0.0]), points), SEGMENTS)
    assert path.shape == (SEGMENTS + 1, 2)
    assert np.isfinite(path).all()
    assert all((np.abs(path - np.array(point)).sum(1) < 1e-9).any() for point in points)
    same = flattened(led(np.array([5.0, 5.0, 5.0, 5.0]), ((5.0, 5.0),) * count), SEGMENTS)
    assert np.isfinite(same).all()


def test_that_a_cut_hits_a_link_where_its_points_lead_it(canvas, document):
    straight = canvas.drawing.links.crossing(400, 250, 400, 350)
    bent(document, (380.0, 300.0), (420.0, 300.0))
    assert (straight, canvas.drawing.links.crossing(400, 250, 400, 350)) == ([], [LINK])


def test_that_points_survive_undo_redo_and_renaming_on_the_canvas(canvas, document):
    bent(document, (400.0, 120.0))
    shown = canvas.drawing.state()["bends"]
    document.undo_stack.undo()
    assert canvas.drawing.state()["bends"] == {}
    assert canvas.drawing.links.nearest(400, 120, 3) is None
    document.undo_stack.redo()
    assert canvas.drawing.state()["bends"] == shown
    assert canvas.drawing.links.nearest(400, 120, 3) == LINK


# ---- collapsed nodes


def test_that_a_collapsed_node_is_its_header_and_all_links_end_at_one_dot(canvas, document):
    canvas.select(("conv", "add"))
    canvas.collapse_selected()
    item = canvas.drawing.items_by_id["conv"]
    assert item.card.height == 26.0
    assert len(canvas.drawing.items_by_id["add"].card.dots()) == 2
    assert said(document) == "Collapse 2 nodes"
    ends = canvas.drawing.links.column("ends")[canvas.drawing.links.slot[LINK]].tolist()
    assert ends[:2] == [220.0 + 152.0, 13.0]
    canvas.collapse_selected()
    assert said(document) == "Open 2 nodes"
    assert item.card.height > 60


def test_that_a_drop_on_a_collapsed_node_takes_its_first_free_input(canvas, document, hand):
    canvas.select(("add",))
    canvas.collapse_selected()
    hand.drag(hand.port("act", "output", True), (440, 233))
    hand.hover((440, 233))
    assert canvas.viewport().toolTip() == "tensors_0, tensors_1: open the node (H) to see each of them"
    assert Link("act", "output", "add", "tensors_0") in document.project.graph.links
    hand.drag(hand.port("fc", "output", True), (440, 233))
    assert Link("fc", "output", "add", "tensors_1") in document.project.graph.links
    assert Link("act", "output", "add", "tensors_0") in document.project.graph.links


def test_that_unused_ports_are_hidden_and_shown_again(canvas, document):
    graph = document.project.graph
    made = replace(graph, nodes={**graph.nodes, "lstm": Node("LSTM", {"hidden_size": 4}, 700.0, 0.0)})
    document.edit("Add", changes.with_graph(document.project, made))
    full = canvas.drawing.items_by_id["lstm"].card
    canvas.select(("lstm",))
    canvas.hide_unused_ports()
    card = canvas.drawing.items_by_id["lstm"].card
    assert [each.name for each in card.slots] == ["input", "output"]
    assert card.height < full.height
    assert said(document) == "Hide unused ports of lstm"
    canvas.hide_unused_ports()
    assert canvas.drawing.items_by_id["lstm"].card == full


def test_that_a_note_at_a_node_is_marked_and_told(canvas, document, hand):
    plain = canvas.grab().toImage()
    graph = document.project.graph
    noted = replace(graph, nodes={**graph.nodes, "conv": replace(graph.nodes["conv"], note="try 5 here")})
    document.edit("Note", changes.with_graph(document.project, noted))
    corner = canvas.to_view(QPointF(220 + 152 - 4, canvas.drawing.items_by_id["conv"].card.height - 5)).toPoint()
    assert canvas.grab().toImage().pixelColor(corner) != plain.pixelColor(corner)
    hand.hover(hand.middle("conv"))
    assert canvas.viewport().toolTip() == "try 5 here"
    canvas.select(("conv",))
    assert "note: try 5 here" in canvas.accessibleDescription()


# ---- blocks


def test_that_notes_and_points_live_inside_a_block_too(canvas, document):
    canvas.select(("conv", "act"))
    canvas.blocks.group()
    (name,) = document.project.graph.blocks
    canvas.document.enter(canvas.selected[0])
    canvas.picture.add_note(QPointF(0, 200))
    write(canvas, "inside")
    canvas.picture.bend(LINK, QPointF(330, 40))
    block = document.project.graph.blocks[name]
    assert [each.text for each in block.annotations.values()] == ["inside"]
    assert list(block.bends) == [LINK]
    assert document.project.graph.annotations == {}
    canvas.document.leave()
    assert not canvas.drawing.sketch.items
    document.undo_stack.undo()
    assert canvas.document.block == name
    assert list(canvas.drawing.sketch.items) == ["note1"]


def test_that_selected_annotations_go_into_the_block(canvas, document):
    put(document, frame=FRAME)
    canvas.select(("conv", "act"), pieces=("frame",))
    canvas.blocks.group()
    (block,) = document.project.graph.blocks.values()
    assert (list(block.annotations), annotations(document)) == (["frame"], {})
    canvas.blocks.ungroup()
    assert [each.text for each in annotations(document).values()] == ["Encoder"]


# ---- how it looks


def contrast(one: QColor, other: QColor) -> float:
    def light(colour: QColor) -> float:
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        straight = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return sum(part * share for part, share in zip(straight, (0.2126, 0.7152, 0.0722), strict=True))

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


BLIND = {
    "none": np.eye(3),
    "deutan": np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
    "protan": np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
    "tritan": np.array([[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]),
}
"""How colours are seen with one kind of cone missing (Machado and others, 2009), in linear light."""


def seen_as(colour: QColor, sight: str) -> np.ndarray:
    parts = np.array([colour.redF(), colour.greenF(), colour.blueF()])
    straight = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    straight = np.clip(BLIND[sight] @ straight, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ straight / np.array([0.9505, 1.0, 1.089])
    curved = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * curved[1] - 16, 500 * (curved[0] - curved[1]), 200 * (curved[1] - curved[2])])


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_that_words_are_readable_on_every_colour(theme):
    for colour in COLOURS:
        for ground in (tint(theme, colour).ground, tint(theme, colour).band, tint(theme, colour).sheet):
            assert contrast(QColor(theme.text), ground) >= 4.5
        assert contrast(QColor(theme.dim), tint(theme, colour).ground) >= 4.5


@pytest.mark.parametrize("sight", BLIND)
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_that_colours_are_told_apart_by_every_eye(theme, sight):
    for one, other in itertools.combinations(COLOURS, 2):
        away = seen_as(tint(theme, one).edge, sight) - seen_as(tint(theme, other).edge, sight)
        assert np.linalg.norm(away) > 14, (one, other)


def colour_at(canvas: Canvas, x: float, y: float) -> QColor:
    return canvas.grab().toImage().pixelColor(canvas.to_view(QPointF(x, y)).toPoint())


@pytest.mark.parametrize("zoom", [1.0, 0.5, 0.3, 0.2])
def test_that_a_frame_is_seen_behind_nodes_at_every_zoom(canvas, document, zoom):
    put(document, frame=FRAME, inner=replace(FRAME, x=209.0, y=99.0, width=88.0, height=44.0, colour="red"))
    canvas.set_zoom(zoom)
    canvas.show_centre(QPointF(300, 50))
    assert colour_at(canvas, 404, 110) == tint(DARK, "blue").ground
    assert colour_at(canvas, 404, -50) == tint(DARK, "blue").band
    assert colour_at(canvas, 290, 136) in (tint(DARK, "red").ground, tint(DARK, "red").band)
    assert canvas.drawing.sketch.ground_at(290, 136) == tint(DARK, "red").ground
    assert canvas.drawing.sketch.ground_at(900, 900) == QColor(DARK.canvas)


def test_that_the_overview_shows_notes_and_frames(canvas, document):
    put(document, frame=FRAME, note=NOTE)
    canvas.set_zoom(0.1)
    canvas.show_centre(QPointF(300, 200))
    assert colour_at(canvas, 300, 380) == tint(DARK, "yellow").sheet
    image = QImage(60, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    painter.scale(0.1, 0.1)
    paint_annotations(painter, canvas.drawing.sketch.items.values())
    painter.end()
    assert image.pixelColor(30, 38) == tint(DARK, "yellow").sheet


def test_that_a_selected_annotation_stands_out(canvas, document):
    put(document, note=NOTE)
    plain = colour_at(canvas, 220, 400)
    canvas.select((), pieces=("note",))
    assert colour_at(canvas, 220, 400) != plain


def test_that_another_theme_recolours_notes(canvas, document):
    put(document, note=NOTE)
    canvas.set_theme(LIGHT)
    assert colour_at(canvas, 400, 430) == tint(LIGHT, "yellow").sheet


def test_that_the_pointer_tells_what_a_press_would_do(canvas, document, hand):
    put(document, frame=FRAME)
    bent(document, (420.0, 200.0))
    for place, shape in (
        ((417, 153), Qt.CursorShape.SizeFDiagCursor),
        ((199, 60), Qt.CursorShape.SizeHorCursor),
        ((300, -65), Qt.CursorShape.SizeVerCursor),
        ((420, 200), Qt.CursorShape.SizeAllCursor),
        ((600, 330), Qt.CursorShape.ArrowCursor),
    ):
        hand.hover(place)
        assert canvas.viewport().cursor().shape() == shape, place


def test_that_menus_offer_it(canvas, document, hand):
    put(document, frame=FRAME)
    bent(document, (420.0, 220.0))

    def entries(place) -> list[str]:
        menu = canvas.menu_at(QPointF(hand.at(place)))
        words = [action.text().partition("\t")[0] for action in menu.actions()]
        menu.deleteLater()
        return words

    assert {"Edit the text…", "Colour"} <= set(entries((300, -54)))
    assert canvas.pieces == ("frame",)
    assert "Take the point away" in entries((420, 220))
    assert "Write a note here" in entries((700, 330))
    menu = canvas.menu_at(QPointF(hand.at((300, -54))))
    inner = next(action.menu() for action in menu.actions() if action.menu() is not None)
    assert [action.text() for action in inner.actions() if action.isChecked()] == ["Blue"]
    next(action for action in inner.actions() if action.text() == "Purple").trigger()
    menu.deleteLater()
    assert annotations(document)["frame"].colour == "purple"


def test_that_a_layer_dropped_on_a_led_link_keeps_its_way(canvas, document, hand, layer):
    bent(document, (330.0, 300.0), (500.0, 300.0))
    hand.drop(layer("Dropout"), tuple(canvas.drawing.links.cubics(LINK)[1].mean(0).tolist()))
    (made,) = set(document.project.graph.nodes) - {"image", "conv", "act", "add", "fc"}
    assert document.project.graph.bends == {
        Link("conv", "output", made, "input"): ((330.0, 300.0),),
        Link(made, "output", "act", "input"): ((500.0, 300.0),),
    }
