"""Help pages are made from the declarations; curves are computed by torch, and nothing opens without a click."""

from __future__ import annotations

import html
import re

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QTextDocument
from pytestqt.qtbot import QtBot

from core.graph import Graph, Link, Node, with_value
from core.layers import CATALOGUE
from core.messages import Checked, Curve, NodeReport, Sketched
from core.parameters import parameters
from core.project import Project
from core.specs import Spec
from designer import pictures
from designer.app import make_window
from designer.document import Document
from designer.engines import Engines
from designer.help_page import (
    LAYER,
    MOST_PORTS,
    PICTURE,
    LayerHelp,
    arriving_specs,
    layer_page,
    linked,
    show_layer,
    torch_page,
)
from designer.theme import DARK, LIGHT
from designer.window import Window


def line(y, slope=None, x=None) -> Sketched:
    x = np.linspace(-4, 4, 81) if x is None else x
    said = [np.asarray(each, "<f4").tobytes() for each in (x, y(x), (slope or np.zeros_like)(x))]
    return Sketched(said[0], (Curve("", said[1], said[2]),), "input", "output")


def shows(image: QImage, colour: str) -> bool:
    """Whether some part of a picture has exactly this colour."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(plain.constBits(), "<u4") & 0xFFFFFF
    return bool((pixels == int(colour[1:], 16)).any())


@pytest.fixture
def document(qapp) -> Document:
    made = Document()
    made.new(Project(Graph({"act": Node("LeakyReLU", {"negative_slope": 0.2}), "conv": Node("Conv2d")})))
    return made


@pytest.fixture
def page(qtbot: QtBot, document: Document) -> LayerHelp:
    made = LayerHelp(document, None, DARK, None)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda each: each.name)
def test_that_every_layer_has_a_page_with_all_that_its_declaration_says(qapp, theme):
    for layer in CATALOGUE.values():
        text = html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", "", layer_page(layer, theme))).replace("\xa0", " ")
        flat = " ".join(text.split())
        assert " ".join((layer.__doc__ or "").split()) in flat, layer
        assert " ".join(layer.use.split()) in flat
        assert layer.paper in flat
        for each in parameters(layer):
            assert each.help in flat
        for port in (*layer.inputs[:MOST_PORTS], *layer.outputs[:MOST_PORTS]):
            assert port.name in flat
            assert port.help in flat
            assert port.shape in flat
        assert "A tensor." not in flat


def test_that_names_of_layers_lead_to_their_pages_and_words_that_begin_a_sentence_do_not():
    assert linked("Use GELU, or Add.", "ReLU") == (
        f'Use <a href="{LAYER}GELU">GELU</a>, or <a href="{LAYER}Add">Add</a>.'
    )
    assert linked("Add them. Where ReLU <dies>, ReLU6 helps", "ReLU") == (
        f'Add them. Where ReLU &lt;dies&gt;, <a href="{LAYER}ReLU6">ReLU6</a> helps'
    )


def test_that_every_page_names_torchs_own_page():
    assert torch_page(CATALOGUE["Conv2d"]) == "https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html"
    assert torch_page(CATALOGUE["Mean"]) == "https://docs.pytorch.org/docs/stable/generated/torch.mean.html"
    assert torch_page(CATALOGUE["Input"]) == ""
    for name in ("Slice", "RotaryPositions", "PaddingMask", "Penalty", "SinusoidalPositions"):
        assert torch_page(CATALOGUE[name]) == ""
        assert "torch’s own pages" not in layer_page(CATALOGUE[name])


def test_that_links_turn_the_page_and_back_goes_back(qtbot: QtBot, page: LayerHelp):
    page.show_page("ReLU")
    assert not page.back.isEnabled()
    page.text.anchorClicked.emit(QUrl(f"{LAYER}LeakyReLU"))
    assert page.windowTitle() == "LeakyReLU: help"
    qtbot.mouseClick(page.back, Qt.MouseButton.LeftButton)
    assert page.windowTitle() == "ReLU: help"
    assert not page.back.isEnabled()


def test_that_torchs_page_opens_on_a_click_alone_and_nothing_else_does(monkeypatch, page: LayerHelp):
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    page.show_page("Conv2d")
    assert opened == []
    page.text.anchorClicked.emit(QUrl(torch_page(CATALOGUE["Conv2d"])))
    page.text.anchorClicked.emit(QUrl("file:///etc/passwd"))
    page.text.anchorClicked.emit(QUrl(f"{LAYER}NotThere"))
    assert opened == [torch_page(CATALOGUE["Conv2d"])]


def test_that_the_curve_is_computed_by_torch_with_the_settings_of_the_node_and_follows_them(
    qtbot: QtBot, document: Document
):
    engines = Engines(document)
    made = LayerHelp(document, engines, DARK, None)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    try:
        made.show_page("LeakyReLU", "act")
        said = "Computed by torch with the settings of this node"
        qtbot.waitUntil(lambda: said in made.text.toPlainText(), timeout=60_000)
        assert "Here it is 0.2." in made.text.toPlainText()
        before = picture(made)
        graph = with_value(document.project.graph, "act", "negative_slope", 0.9, 0.01)
        document.edit("Set", msgspec.structs.replace(document.project, graph=graph))
        qtbot.waitUntil(lambda: picture(made) != before, timeout=10_000)
        assert "Here it is 0.9." in made.text.toPlainText()
        steep = picture(made)
        graph = Graph({"conv": document.project.graph.nodes["conv"]})
        document.edit("Delete", msgspec.structs.replace(document.project, graph=graph))
        qtbot.waitUntil(lambda: picture(made) != steep, timeout=10_000)
        assert "Here it is" not in made.text.toPlainText()
        made.show_page("Softmax")  # as it is dropped: torch's own default has no axis
        qtbot.waitUntil(lambda: "Computed by torch;" in made.text.toPlainText(), timeout=10_000)
        made.show_page("GELU")
        made.close()
    finally:
        engines.close()


def picture(page: LayerHelp) -> QImage:
    return page.text.document().resource(QTextDocument.ResourceType.ImageResource.value, QUrl(PICTURE))


def test_that_the_shapes_of_a_node_stand_on_its_page_as_soon_as_they_are_known(
    qtbot: QtBot, document: Document, page: LayerHelp
):
    page.show_page("Conv2d", "conv")
    assert "N × 32 × 6 × 6" not in page.text.toPlainText()
    report = NodeReport("Conv2d", {"output": Spec(("N", 32, 6, 6))})
    document.take(Checked(document.revision, nodes={"conv": report}))
    qtbot.waitUntil(lambda: "N × 32 × 6 × 6" in page.text.toPlainText())


def test_that_what_arrives_at_a_node_stands_on_its_page_at_each_input():
    links = (
        Link("a", "output", "cat", "tensors_1"),
        Link("b", "h", "cat", "tensors_0"),
        Link("c", "output", "cat", "x"),
    )
    graph = Graph({"a": Node("Linear"), "b": Node("GRU"), "c": Node("Linear"), "cat": Node("Cat")}, links)
    known = {
        "a": NodeReport("Linear", {"output": Spec(("N", 7))}),
        "b": NodeReport("GRU", {"output": Spec(("N", 3, 5)), "h": Spec((1, "N", 5))}),
        "cat": NodeReport("Cat", {"output": Spec(("N", 12))}),
    }
    arriving = arriving_specs(graph, "cat", known)
    assert arriving == {"tensors_0": Spec((1, "N", 5)), "tensors_1": Spec(("N", 7))}
    page = layer_page(CATALOGUE["Cat"], DARK, graph.nodes["cat"], known["cat"], arriving=arriving)
    found = [page.index(said) for said in ("tensors_0: 1 × N × 5", "tensors_1: N × 7", "N × 12 float32")]
    assert found == sorted(found)


# ---- pictures


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda each: each.name)
def test_that_a_curve_is_drawn_where_it_is(qapp, theme, ratio: float):
    image = pictures.curve_picture(line(lambda x: x, np.ones_like), theme, ratio)
    assert image.width() == pictures.CURVE.width() * ratio
    assert shows(image, theme.accent)
    empty = pictures.curve_picture(line(lambda x: x * np.nan), theme, ratio)
    assert not shows(empty.copy(QRect(90, 70, 400, 100)), theme.accent)  # below the legend


def test_that_curves_with_holes_and_poles_are_drawn(qapp):
    with np.errstate(all="ignore"):
        for y in (np.log, np.reciprocal, np.tan, lambda x: np.full_like(x, np.nan), np.zeros_like):
            image = pictures.curve_picture(line(y, np.reciprocal), DARK, 1.0)
            assert not image.isNull()


def test_that_a_scale_has_round_numbers():
    assert pictures.steps(-4, 4, 8) == [-4, -3, -2, -1, 0, 1, 2, 3, 4]
    assert pictures.steps(0, 0.9, 5) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8])


def test_that_the_window_of_a_convolution_is_that_of_its_settings():
    found = pictures.windows_of("Conv2d", {"kernel_size": 3, "stride": 2, "padding": 1, "dilation": 1})
    assert found is not None
    across = found.axes[-1]
    assert across.taps == (2, 3, 4)
    assert across.outputs == (across.size + 2 - 3) // 2 + 1
    spread = pictures.windows_of("Conv2d", {"kernel_size": (3, 1), "stride": 1, "padding": 0, "dilation": (2, 1)})
    assert spread is not None
    assert [axis.taps for axis in spread.axes] == [(1, 3, 5), (1,)]


def test_that_pooling_steps_by_its_window_and_adaptive_pooling_by_its_share():
    pool = pictures.windows_of("MaxPool2d", {"kernel_size": 2, "stride": None, "padding": 0, "dilation": 1})
    assert pool is not None
    assert pool.axes[0].taps == (2, 3)
    adaptive = pictures.windows_of("AdaptiveAvgPool2d", {"output_size": 3})
    assert adaptive is not None
    assert adaptive.axes[0].taps == (2, 3, 4)


def test_that_a_window_too_large_to_show_and_odd_settings_have_no_picture():
    assert pictures.windows_of("Conv2d", {"kernel_size": 31, "stride": 1, "padding": 0, "dilation": 1}) is None
    assert pictures.windows_of("Conv2d", {"kernel_size": "three"}) is None
    assert pictures.windows_of("Conv2d", {"kernel_size": 0, "stride": 0}) is None
    assert pictures.windows_of("MaxUnpool2d", {"kernel_size": 2}) is None
    assert pictures.windows_of("Linear", {}) is None


def test_that_what_shares_one_mean_differs_between_normalisations():
    shared = {
        name: pictures.shared_in(name, {"num_groups": 2})
        for name in ("BatchNorm2d", "LayerNorm", "InstanceNorm2d", "GroupNorm")
    }
    found = {name: each[0] for name, each in shared.items() if each is not None}
    assert {sample for sample, _ in found["BatchNorm2d"]} == set(range(pictures.SAMPLES))
    assert {channel for _, channel in found["LayerNorm"]} == set(range(pictures.CHANNELS))
    assert found["InstanceNorm2d"] == {(0, 0)}
    assert len(found["GroupNorm"]) == pictures.CHANNELS // 2
    many = pictures.shared_in("GroupNorm", {"num_groups": 8})
    assert many is not None
    assert many[0] == {(0, 0), (0, 1)}  # a group of channels, however many groups there are
    assert pictures.shared_in("LocalResponseNorm", {}) is None


def test_that_a_picture_of_windows_shows_them_in_both_themes(qapp):
    for theme in (DARK, LIGHT):
        for name, layer in CATALOGUE.items():
            windows = pictures.windows_of(name, {each.name: each.default for each in parameters(layer)})
            if windows is not None:
                assert shows(pictures.window_picture(windows, theme, 1.0), theme.accent), name


# ---- the ways to a page


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = make_window(Document())
    qtbot.addWidget(made, before_close_func=lambda each: each.document.undo_stack.setClean())
    made.document.new(Project(Graph({"conv": Node("Conv2d", {"out_channels": 5})})))
    made.show()
    return made


def opened(window: Window) -> LayerHelp:
    pages = [each for each in window.findChildren(LayerHelp) if each.isVisible()]
    assert len(pages) == 1
    return pages[0]


def test_that_every_way_leads_to_the_one_page(window: Window):
    window.palette_of_layers.want_help("ReLU")
    assert opened(window).windowTitle() == "ReLU: help"
    window.canvas.select(("conv",))
    window.actions_of["layer_help"].trigger()
    assert opened(window).windowTitle() == "conv · Conv2d: help"
    window.inspector.about.link_clicked.emit("Conv2d")
    assert "Here it is 5." in opened(window).text.toPlainText()
    window.canvas.explain_node("conv")
    window.canvas.floating.quick_add.help_wanted.emit("Add")
    assert opened(window).windowTitle() == "Add: help"
    opened(window).close()


def test_that_a_page_takes_on_the_theme_of_the_window(window: Window):
    page = show_layer("GroupNorm", "", window.document, None, DARK, window)
    for theme in (LIGHT, DARK):
        page.set_theme(theme)
        assert theme.accent in page.text.toHtml() or theme.dim in page.text.toHtml()
    page.close()


def test_that_many_parts_are_told_together(qapp):
    page = layer_page(CATALOGUE["Unbind"], DARK)
    assert "part_9" in page
    assert "part_10" not in page
    assert "54 more of these, up to part_63." in page
