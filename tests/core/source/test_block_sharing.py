"""Weights that several nodes use, in source."""

from __future__ import annotations

import torch
from drawn_blocks import block, gpt, image, project
from proving import proved

from core.engine.check import check
from core.expressions import expression as e
from core.graph import Node


def test_that_a_linear_layer_takes_the_weights_of_an_embedding() -> None:
    text = proved(gpt(), torch.randint(64, (2, 12)))
    assert "return nn.functional.linear(x, self.token.weight)" in text
    assert "self.head" not in text
    assert "GPTBlock(dim=24, heads=3)" in text


def test_that_two_nodes_can_use_one_module() -> None:
    drawn = project(
        "left fc1, right fc2, fc1 cat.tensors_0, fc2 cat.tensors_1, cat out",
        {},
        left=image(6),
        right=image(6),
        fc1=Node("Linear", {"out_features": 3}),
        fc2=Node("Linear", {"out_features": 3}, shares="fc1"),
        cat=Node("Cat", {"dim": 1}),
        out=Node("Output"),
    )
    text = proved(drawn, torch.rand(2, 6), torch.rand(2, 6))
    assert text.count("self.fc1") == 3
    assert "fc2 = self.fc1(right)" in text or "x = self.fc1(right)" in text
    assert check(drawn, 0).parameters == 21


def test_that_weights_are_shared_inside_a_block_and_between_uses_of_one() -> None:
    tower = block(
        "x fc1, fc1 act, act fc2, fc2 y",
        x=Node("Input", {"axes": "N, width"}),
        fc1=Node("Linear", {"out_features": e("width")}),
        act=Node("Tanh"),
        fc2=Node("Linear", {"out_features": e("width")}, shares="fc1"),
        y=Node("Output"),
    )
    drawn = project(
        "left one.x, right two.x, one.y add.tensors_0, two.y add.tensors_1, add out",
        {"Tower": tower},
        left=image(6),
        right=image(6),
        one=Node("Tower"),
        two=Node("Tower", shares="one"),
        add=Node("Add"),
        out=Node("Output"),
    )
    assert check(drawn, 0).parameters == 42
    text = proved(drawn, torch.rand(2, 6), torch.rand(2, 6))
    assert "self.two" not in text


def test_that_weights_which_cannot_be_shared_are_refused_in_one_sentence() -> None:
    def said(**nodes: Node) -> list[str]:
        drawn = project("a fc1, fc1 fc2, fc2 out", {}, a=image(6), out=Node("Output"), **nodes)
        return [each.message for each in check(drawn, 0).problems if each.node == "fc2" and each.severity == "error"]

    fc1 = Node("Linear", {"out_features": 3})
    assert said(fc1=fc1, fc2=Node("Linear", {"out_features": 3}, shares="fc1")) == [
        "fc2 cannot use the weights of fc1, because what arrives has other sizes: make both alike, or give each its own."  # noqa: E501
    ]
    assert said(fc1=fc1, fc2=Node("Linear", {"out_features": 4}, shares="fc1")) == [
        "fc2 cannot use the weights of fc1, because they differ in out_features: make both alike, or give each its own."
    ]
    assert said(fc1=fc1, fc2=Node("ReLU", shares="gone")) == [
        "fc2 uses the weights of gone, which is not there: choose another node."
    ]


def test_that_uses_of_one_block_whose_modules_have_other_sizes_cannot_share_though_they_hold_as_many_numbers() -> None:
    layer = block(
        "x fc, fc y",
        x=Node("Input", {"axes": "N, size"}),
        fc=Node("Linear", {"out_features": e("12 // size"), "bias": False}),
        y=Node("Output"),
    )
    drawn = project(
        "a one.x, one.y two.x, two.y out",
        {"Layer": layer},
        a=image(3),
        one=Node("Layer"),
        two=Node("Layer", shares="one"),
        out=Node("Output"),
    )
    assert [each.message for each in check(drawn, 0).problems if each.node == "two"] == [
        "two cannot use the weights of one, because what arrives has other sizes: make both alike, or give each its "
        "own."
    ]
