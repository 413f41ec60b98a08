"""What stands on a node."""

from __future__ import annotations

import pytest

from core.graph import Node
from core.layers import CATALOGUE
from core.messages import NodeReport, Problem
from core.parameters import dropped_values
from core.specs import Spec
from designer.canvas.cards import card_of, variadic_names
from designer.canvas.frames import MARK, Frames
from designer.canvas.look import Look
from designer.canvas.metrics import FIRST_PORT, NODE_WIDTH, PORT_PITCH
from designer.canvas.node_item import NodeItem
from designer.theme import DARK

NAMES = ["a", "conv1", "a_really_long_name_of_a_layer_that_never_ends", "W" * 60, "卷积层" * 6]


def words(card) -> list[str]:
    return ["".join(run.text for run in line).strip() for line in card.lines]


def test_that_a_convolution_says_its_main_values_and_its_parameters():
    node = Node("Conv2d", {"out_channels": 32, "kernel_size": (3, 3), "padding": (1, 1)})
    report = NodeReport("Conv2d", {"output": Spec(("N", 32, 8, 8))}, 74112)
    card = card_of("conv1", node, report=report)
    assert words(card) == ["32 out_channels", "3×3 padding 1"]
    assert card.foot == "74\u202f112 parameters"
    assert (card.title, card.layer, card.family) == ("conv1", "Conv2d", "convolution")


def test_that_a_layer_without_parameters_says_so_once_it_is_checked():
    node = Node("ReLU")
    assert card_of("relu1", node).foot == ""
    assert card_of("relu1", node, report=NodeReport("ReLU", {"output": Spec(("N", 3))})).foot == "no parameters"


def test_that_a_card_keeps_its_size_when_the_report_comes():
    for name in CATALOGUE:
        node = Node(name, dropped_values(CATALOGUE[name]))
        report = NodeReport(name, {"output": Spec(("N", 3), "int64", 10)}, 12)
        assert card_of("a", node).height == card_of("a", node, report=report).height, name


def test_that_a_long_name_gives_the_layer_a_line_of_its_own():
    card = card_of("patch_embedding_projection", Node("Conv2d", {"out_channels": 8}))
    assert card.layer == ""
    assert words(card)[0] == "Conv2d"


def test_that_a_target_says_its_field_and_classes():
    report = NodeReport("Target", {"output": Spec(("N",), "int64", 10)})
    card = card_of("label", Node("Target", {"field": "label"}), report=report, data_title="Digits")
    assert words(card) == ["label", "10 classes int64"]
    assert card.foot == "Digits"


def test_that_an_unknown_layer_keeps_places_for_its_links():
    card = card_of("odd", Node("Mystery"), linked_inputs={"a", "b"}, linked_outputs={"z"})
    assert not card.known
    assert card.foot == "unknown layer"
    assert [(slot.name, slot.is_output) for slot in card.slots] == [("a", False), ("b", False), ("z", True)]


@pytest.mark.parametrize(
    ("linked", "expected"),
    [((), ["t_0"]), (("t_0",), ["t_0", "t_1"]), (("t_2",), ["t_0", "t_1", "t_2", "t_3"]), (("t_x", "u_5"), ["t_0"])],
)
def test_that_a_variadic_port_has_its_links_and_one_free_place(linked, expected):
    assert variadic_names("t", linked) == expected


def test_that_errors_outweigh_warnings_and_notes_leave_no_mark():
    def problem(severity):
        return Problem(severity, "a", "", "words")

    assert card_of("a", Node("ReLU"), problems=(problem("warning"), problem("error"))).mark == "error"
    assert card_of("a", Node("ReLU"), problems=(problem("warning"),)).mark == "warning"
    assert card_of("a", Node("ReLU"), problems=(problem("note"),)).mark == ""


def test_that_the_first_port_of_every_layer_stands_at_the_same_height_and_no_two_are_close():
    for name, declared in CATALOGUE.items():
        card = card_of("a", Node(name))
        for side in (False, True):
            heights = [slot.y for slot in card.slots if slot.is_output == side]
            assert heights == [FIRST_PORT + row * PORT_PITCH for row in range(len(heights))], name
            assert all(y + PORT_PITCH / 2 <= card.height for y in heights), name
        always = [port for port in declared.outputs if not port.optional]
        assert len([slot for slot in card.slots if slot.is_output]) == len(always)


@pytest.mark.parametrize("node_id", NAMES)
@pytest.mark.parametrize("mark", ["", "error"])
def test_that_no_text_of_any_layer_leaves_its_node_or_covers_another(qapp, node_id, mark):
    look = Look(DARK)
    problems = (Problem(mark, node_id, "", "words"),) if mark else ()
    for name, declared in CATALOGUE.items():
        values = dict.fromkeys(dropped_values(declared), 123456789)
        report = NodeReport(name, {"output": Spec(("N", 100_000, 100_000))}, 12_345_678_901_234)
        card = card_of(node_id, Node(name, values), report=report, problems=problems, fits=look.stand_side_by_side)
        item = NodeItem(node_id, card, look, Frames(look))
        taken: list[tuple[float, float, float, float]] = []
        for role, y, pieces in item.texts():
            for piece in pieces:
                width = look.width(piece.text.text(), role)
                right = NODE_WIDTH - (8 + MARK if mark and role in ("title", "layer") else 4)
                assert piece.x >= 8, (name, piece.text.text())
                assert piece.x + width <= right, (name, piece.text.text())
                height = look.line_height(role)
                box = (piece.x, y + height * 0.2, piece.x + width, y + height * 0.8)
                assert not any(_meet(box, other) for other in taken), (name, piece.text.text())
                taken.append(box)
                assert box[3] <= card.height


def _meet(one, other) -> bool:
    return one[0] < other[2] - 0.5 and other[0] < one[2] - 0.5 and one[1] < other[3] and other[1] < one[3]


def test_that_an_output_that_a_setting_brings_is_there_when_it_is_asked_for():
    plain, asked = card_of("pool", Node("MaxPool2d")), card_of("pool", Node("MaxPool2d", {"return_indices": True}))
    assert [slot.name for slot in plain.slots if slot.is_output] == ["output"]
    assert [slot.name for slot in asked.slots if slot.is_output] == ["output", "indices"]
