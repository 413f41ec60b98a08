"""The drawing as a picture: shapes and letters in SVG and PDF, pixels in PNG, whole, in both themes, bit by bit."""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QLabel

from core.graph import Annotation, Graph, Link, Node
from core.messages import Checked
from core.project import Project
from designer.app import make_window
from designer.canvas.picture import Picture, PictureSettings, painted, part_of
from designer.document import Document
from designer.picture_dialog import PictureDialog
from designer.theme import DARK, LIGHT, family_colour

SVG = "{http://www.w3.org/2000/svg}"


pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def picture(document, report):
    """A painted picture of the small drawing, by its settings."""

    def made(ids=(), **settings) -> Picture:
        chosen = PictureSettings(**settings)
        checked = report(document.project, 0)
        return painted(
            Picture(part_of(document.project.graph, ids), checked, chosen.theme(DARK), chosen, "small & good")
        )

    return made


def image_of(svg: bytes) -> QImage:
    renderer = QSvgRenderer(QByteArray(svg))
    assert renderer.isValid()
    size = renderer.viewBoxF().size().toSize()
    made = QImage(size, QImage.Format.Format_RGB32)
    painter = QPainter(made)
    renderer.render(painter, QRectF(made.rect()))
    painter.end()
    return made


def test_that_svg_holds_every_title_as_letters_and_its_name(picture):
    root = ET.fromstring(picture().content)
    words = {"".join(each.itertext()) for each in root.iter(f"{SVG}text")}
    assert {"image", "conv", "act", "add", "fc", "32×8×8", "320 parameters"} <= words
    assert root.findtext(f"{SVG}title") == "small & good"
    assert not list(root.iter(f"{SVG}image"))  # nothing in it is made of pixels


@pytest.mark.parametrize(("colours", "theme"), [("as shown", DARK), ("light, for print", LIGHT)])
def test_that_svg_and_png_look_alike_in_both_themes(picture, colours, theme):
    png = QImage.fromData(QByteArray(picture(format="PNG", colours=colours, scale=1.0).content))
    svg = image_of(picture(colours=colours).content)
    assert abs(png.width() - svg.width()) <= 1
    for image in (png, svg):
        assert image.pixelColor(3, 3).name() == theme.canvas
        near = 32 + 16 + 220 + 145, 32 + 8 + 13  # the right of conv's header
        assert image.pixelColor(*near).name() == family_colour("convolution")


def test_that_png_has_its_scale_title_and_an_open_ground(picture):
    one, three = (QImage.fromData(QByteArray(picture(format="PNG", scale=each).content)) for each in (1.0, 3.0))
    assert abs(three.width() - 3 * one.width()) <= 3
    assert one.text("Title") == "small & good"
    bare = QImage.fromData(QByteArray(picture(format="PNG", background=False).content))
    assert bare.pixelColor(2, 2).alpha() == 0


def test_that_pdf_is_one_page_with_fonts_and_a_title(picture):
    content = picture(format="PDF").content
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") == 1
    assert b"/FontFile2" in content
    assert b"/Title" in content


def test_that_shapes_margin_and_selection_are_as_asked(picture, document):
    plain = picture(shapes=False).content.decode()
    assert "32×8×8" not in plain.replace("<text", "\n<text").split("conv</text>")[0]
    wide, narrow = (image_of(picture(margin=each).content) for each in (100, 0))
    assert abs(wide.width() - narrow.width() - 200) <= 1
    part = picture(ids=("conv", "act")).content.decode()
    assert "conv" in part
    assert "image" not in "".join(ET.fromstring(part).itertext())


def test_that_the_loop_of_a_link_that_leads_back_is_in_the_picture(document):
    nodes = {"a": Node("ReLU", x=400.0), "b": Node("ReLU", x=0.0, y=300.0)}
    graph = Graph(nodes, (Link("a", "output", "b", "input"),))
    made = image_of(painted(Picture(graph, Checked(revision=0), DARK, PictureSettings(margin=0), "back")).content)
    assert made.width() > 552 + 2 * 75
    edges = [made.pixelColor(x, y).name() for x in (0, made.width() - 2) for y in range(3, made.height() - 3)]
    assert set(edges) == {DARK.canvas}


def test_that_notes_and_frames_are_drawn_too(picture, document):
    graph = document.project.graph
    seen = {
        "frame1": Annotation("frame", -30, -60, 700, 200, "encoder"),
        "note1": Annotation("note", 700, 0, text="why"),
    }
    document.new(replace(document.project, graph=replace(graph, annotations=seen)))
    words = "".join(ET.fromstring(picture().content).itertext())
    assert "encoder" in words
    assert "why" in words


def test_that_a_huge_png_is_made_smaller_and_says_so(document):
    far = Graph({"a": Node("ReLU"), "b": Node("ReLU", x=90_000.0, y=20_000.0)})
    settings = PictureSettings(format="PNG", scale=8)
    made = Picture(far, Checked(revision=0), DARK, settings, "far")
    assert made.scale < 0.34
    assert (90_000 * made.scale) * (20_000 * made.scale) < 100_000_000


@pytest.fixture
def window(qtbot):
    made = make_window(Document())
    qtbot.addWidget(made, before_close_func=lambda each: each.document.undo_stack.setClean())
    made.show()
    return made


def test_that_the_dialog_writes_a_picture_between_events_and_says_so(window, document, tmp_path, qtbot):
    window.document.new(document.project)
    window.actions_of["export_picture"].trigger()
    (dialog,) = window.findChildren(PictureDialog)
    dialog.form.changed.emit("format", "PDF")
    assert dialog.settings.format == "PDF"
    path = tmp_path / "small.pdf"
    dialog.save_to(path)
    assert not dialog.save.isEnabled()
    qtbot.waitUntil(path.exists, timeout=5000)
    qtbot.waitUntil(lambda: "small.pdf" in window.centre.message.words.text(), timeout=5000)
    assert path.read_bytes().startswith(b"%PDF-")
    assert [each.name for each in tmp_path.iterdir()] == ["small.pdf"]


def test_that_one_selected_node_is_not_said_to_be_several(window, document):
    window.document.new(document.project)
    for ids, said in ((("conv",), "The selected node"), (("conv", "act"), "The 2 selected nodes")):
        window.canvas.select(ids)
        dialog = PictureDialog(window)
        assert [each for each in dialog.findChildren(QLabel) if each.text().startswith(said)]
        dialog.reject()


def test_that_a_place_that_cannot_be_written_is_said(window, document, tmp_path, qtbot):
    window.document.new(document.project)
    dialog = PictureDialog(window)
    dialog.open()
    dialog.save_to(tmp_path / "gone" / "small.svg")
    qtbot.waitUntil(lambda: "could not be written" in window.centre.message.words.text(), timeout=5000)
    dialog.reject()


def test_that_a_picture_can_be_cancelled(window, document, tmp_path, qtbot):
    window.document.new(document.project)
    dialog = PictureDialog(window)
    dialog.open()
    dialog.save_to(tmp_path / "small.svg")
    dialog.reject()
    assert dialog.save.isEnabled()
    qtbot.wait(100)
    assert not list(tmp_path.iterdir())
    dialog.reject()


def test_that_a_picture_is_copied_as_pixels_and_as_svg(window, document):
    window.document.new(document.project)
    QApplication.processEvents()
    window.actions_of["copy_picture"].trigger()
    held = QGuiApplication.clipboard().mimeData()
    assert held.hasImage()
    assert b"<svg" in bytes(held.data("image/svg+xml").data())
    picture = QImage(held.imageData())
    assert picture.pixelColor(3, 3) == QColor(window.theme.canvas)


def test_that_no_step_of_a_large_picture_holds_the_window_up(report):
    count = 600
    nodes = {f"act{place}": Node("ReLU", x=place % 30 * 220.0, y=place // 30 * 150.0) for place in range(count)}
    links = tuple(Link(f"act{place}", "output", f"act{place + 1}", "input") for place in range(count - 1))
    project = Project(Graph(nodes, links))
    made = Picture(project.graph, report(project, 0), DARK, PictureSettings(), "large")
    shares: list[float] = []
    longest, before = 0.0, time.thread_time()
    for share in made.steps():
        now = time.thread_time()
        longest, before = max(longest, now - before), time.thread_time()
        shares.append(share)
    assert len(shares) > 20
    assert longest < 0.25
    assert made.content.count(b"act599") == 1
