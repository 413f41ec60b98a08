"""Advice on what stands in blocks: said once, in the words of the block's own drawing, and not of shortcuts."""

from __future__ import annotations

from core.block_edits import mended
from core.engine.check import check
from core.expressions import expression as e
from core.graph import Block, Node
from core.messages import Problem
from core.project import Project
from tests.core.source.drawn_blocks import CONV, block, image, project


def warnings(drawn: Project) -> list[Problem]:
    return [each for each in check(drawn, 0).problems if each.severity == "warning"]


def residual() -> Block:
    """A residual block that begins with a convolution, as ResNet's."""
    return block(
        "x conv1, conv1 relu, relu conv2, conv2 add.tensors_0, x add.tensors_1, add y",
        x=Node("Input", {"axes": "N, channels"}),
        conv1=Node("Conv2d", {**CONV, "out_channels": e("channels")}),
        relu=Node("ReLU"),
        conv2=Node("Conv2d", {**CONV, "out_channels": e("channels")}),
        add=Node("Add"),
        y=Node("Output"),
    )


def test_that_a_shortcut_around_a_convolution_is_no_missing_activation() -> None:
    drawn = project(
        "a stem, stem one.x, one.y two.x, two.y out", {"Residual": residual()},
        a=image(3, 8, 8), stem=Node("Conv2d", {"out_channels": 8}), one=Node("Residual", {"repeat": 2}),
        two=Node("Residual"), out=Node("Output"),
    )  # fmt: skip
    assert warnings(drawn) == []


def test_that_advice_inside_a_block_is_said_once_and_mends_the_block() -> None:
    pair = block(
        "x fc1, fc1 fc2, fc2 act, act y",
        x=Node("Input"),
        fc1=Node("Linear", {"out_features": 8}),
        fc2=Node("Linear", {"out_features": 8}),
        act=Node("ReLU"),
        y=Node("Output"),
    )
    drawn = project(
        "a one.x, one.y two.x, two.y out", {"Pair": pair},
        a=image(8), one=Node("Pair", {"repeat": 3}), two=Node("Pair"), out=Node("Output"),
    )  # fmt: skip
    (found,) = warnings(drawn)
    assert (found.block, found.node, set(found.uses)) == ("Pair", "fc2", {"one/0", "one/1", "one/2", "two"})
    assert found.message.endswith("fc2 follows fc1 without an activation between them: insert one, for example ReLU.")
    assert found.repair is not None
    assert warnings(mended(drawn, found.repair, found.block)) == []


def test_that_two_blocks_without_an_activation_between_them_are_told_without_a_button() -> None:
    plain = block("x fc, fc y", x=Node("Input"), fc=Node("Linear", {"out_features": 8}), y=Node("Output"))
    drawn = project(
        "a one.x, one.y two.x, two.y out", {"Plain": plain}, a=image(8), one=Node("Plain"), two=Node("Plain"),
        out=Node("Output"),
    )  # fmt: skip
    (found,) = warnings(drawn)
    assert found.message == (
        "In the block Plain, used as two: fc follows one/fc without an activation between them: insert one, for "
        "example ReLU."
    )
    assert found.repair is None
