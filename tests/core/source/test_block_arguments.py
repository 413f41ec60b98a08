"""What a block's class takes as an argument, and what is written as a number."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import torch
from drawn_blocks import block, feed_forward, image, number, project
from proving import proved

from core.engine.check import check
from core.engine.compile import written
from core.expressions import expression as e
from core.graph import Block, BlockParameter, Node
from core.project import Project


def test_that_a_block_in_a_block_gets_its_arguments_through() -> None:
    layer = block(
        "x norm, norm inner.x, inner.y y",
        number("ratio", 2),
        x=Node("Input"),
        norm=Node("LayerNorm"),
        inner=Node("FeedForward", {"ratio": e("ratio")}),
        y=Node("Output"),
    )
    drawn = project(
        "a one.x, one.y two.x, two.y out",
        {"FeedForward": feed_forward(), "Layer": layer},
        a=image(5, 8),
        one=Node("Layer", {"repeat": 2}),
        two=Node("Layer", {"ratio": 3}),
        out=Node("Output"),
    )
    text = proved(drawn, torch.rand(2, 5, 8))
    assert text.index("class FeedForward") < text.index("class Layer") < text.index("class Model")
    assert "self.inner = FeedForward(8, ratio=ratio)" in text


def test_that_sizes_without_a_name_become_arguments_where_they_differ() -> None:
    unit = block(
        "x fc, fc act, act y",
        x=Node("Input"),
        fc=Node("Linear", {"out_features": 4}),
        act=Node("ReLU"),
        y=Node("Output"),
    )
    drawn = project(
        "a one.x, one.y two.x, two.y out",
        {"Unit": unit},
        a=image(9),
        one=Node("Unit"),
        two=Node("Unit"),
        out=Node("Output"),
    )
    text = proved(drawn, torch.rand(2, 9))
    assert "def __init__(self, in_features: int) -> None:" in text
    assert "self.fc = nn.Linear(in_features, 4)" in text
    assert "self.one = Unit(9)\n        self.two = Unit(4)" in text


def test_that_equal_numbers_are_not_joined() -> None:
    unit = block(
        "x fc1, fc1 fc2, fc2 y",
        number("hidden", 8),
        x=Node("Input", {"axes": "N, width"}),
        fc1=Node("Linear", {"out_features": e("hidden")}),
        fc2=Node("Linear", {"out_features": 8}),
        y=Node("Output"),
    )
    drawn = project("a one.x, one.y out", {"Unit": unit}, a=image(8), one=Node("Unit"), out=Node("Output"))
    text = proved(drawn, torch.rand(2, 8))
    assert "nn.Linear(width, hidden)" in text
    assert "nn.Linear(hidden, 8)" in text


def test_that_a_parameter_that_nothing_in_the_block_reads_is_no_argument() -> None:
    unit = block(
        "x fc, fc y",
        number("unused", 7),
        x=Node("Input"),
        fc=Node("Linear", {"out_features": 3}),
        y=Node("Output"),
    )
    drawn = project(
        "a one.x, one.y out", {"Unit": unit}, a=image(8), one=Node("Unit", {"unused": 9}), out=Node("Output")
    )
    text = proved(drawn, torch.rand(2, 8))
    assert "def __init__(self) -> None:" in text
    assert "self.one = Unit()" in text
    assert "unused" not in text


def test_that_forward_keeps_what_it_needs_of_the_arguments() -> None:
    unit = block(
        "x split, split y",
        number("heads", 2),
        x=Node("Input", {"axes": "N, T, dim"}),
        split=Node("Reshape", {"shape": (e("heads"), -1)}),
        y=Node("Output"),
    )
    drawn = project(
        "a one.x, one.y out", {"Unit": unit}, a=image(6, 8), one=Node("Unit", {"heads": 4}), out=Node("Output")
    )
    text = proved(drawn, torch.rand(2, 6, 8))
    assert "self.heads = heads" in text
    assert "self.heads, -1)" in text


def test_that_a_count_which_is_one_less_stays_an_expression() -> None:
    stage = block(
        "x first.x, first.y rest.x, rest.y y",
        number("layers", 3),
        x=Node("Input", {"axes": "N, T, dim"}),
        first=Node("FeedForward", {"ratio": 2}),
        rest=Node("FeedForward", {"repeat": e("layers - 1")}),
        y=Node("Output"),
    )
    drawn = project(
        "a one.x, one.y two.x, two.y out",
        {"FeedForward": feed_forward(), "Stage": stage},
        a=image(5, 8),
        one=Node("Stage"),
        two=Node("Stage", {"layers": 4}),
        out=Node("Output"),
    )
    text = proved(drawn, torch.rand(2, 5, 8))
    assert "self.rest = nn.Sequential(*(FeedForward(dim) for _ in range(layers - 1)))" in text


def test_that_a_number_with_a_point_is_found_where_it_stands() -> None:
    scaled = block(
        "x times.tensors_0, scale times.tensors_1, times y",
        BlockParameter("begin", "number", 0.5),
        x=Node("Input", {"axes": "N, width"}),
        scale=Node("Parameter", {"shape": (e("width"),), "init": "constant", "value": e("begin")}),
        times=Node("Multiply"),
        y=Node("Output"),
    )
    drawn = project(
        "a one.x, one.y out", {"Scaled": scaled}, a=image(6), one=Node("Scaled", {"begin": 0.25}), out=Node("Output")
    )
    text = proved(drawn, torch.rand(2, 6))
    assert "torch.full((width,), begin)" in text
    assert "Scaled(6, begin=0.25)" in text


def turning(*parameters: BlockParameter, **nodes: Node) -> Block:
    """A block of one row of nodes: what comes in is called x, what goes out y."""
    row = ["x", *nodes, "y"]
    named = {"x": Node("Input", {"axes": "N, T, dim"}), **nodes, "y": Node("Output")}
    return block(", ".join(f"{one} {other}" for one, other in itertools.pairwise(row)), *parameters, **named)


def twice(held: Block, *given: Node) -> Project:
    """A project that uses a block several times, each behind the other."""
    nodes = {"a": image(6, 8), **{f"use{place}": each for place, each in enumerate(given)}, "out": Node("Output")}
    drawn = "a use0.x, " + "".join(f"use{place}.y use{place + 1}.x, " for place in range(len(given) - 1))
    return project(f"{drawn}use{len(given) - 1}.y out", {"Unit": held}, **nodes)


def test_that_sizes_beside_an_operator_keep_together() -> None:
    unit = block(
        "x parted, parted turned, turned joined, joined y",
        number("heads", 2),
        x=Node("Input", {"axes": "N, T, dim"}),
        parted=Node("Reshape", {"shape": (-1, e("heads"), e("dim // heads"))}),
        turned=Node("Scale", {"factor": e("-1 / (dim // heads)")}),
        joined=Node("Flatten", {"start_dim": 2}),
        y=Node("Output"),
    )
    text = proved(twice(unit, Node("Unit"), Node("Unit", {"heads": 1})), torch.rand(2, 6, 8))
    assert "x * (-1 / (self.dim // self.heads))" in text


def test_that_attention_looks_back_where_a_block_says_so() -> None:
    unit = block(
        "x attention.query, x attention.key, x attention.value, attention y",
        BlockParameter("causal", "boolean", True),
        BlockParameter("strength", "number", 0.5),
        x=Node("Input", {"axes": "N, T, dim"}),
        attention=Node("ScaledDotProductAttention", {"is_causal": e("causal"), "scale": e("strength")}),
        y=Node("Output"),
    )
    text = proved(twice(unit, Node("Unit"), Node("Unit", {"causal": False, "strength": 2.0})), torch.rand(2, 6, 8))
    assert text.count("class Unit") == 1
    assert "is_causal=self.causal" in text
    assert "scale=self.strength" in text
    assert "Unit(causal=False, strength=2.0)" in text


@pytest.mark.parametrize(
    ("layer", "setting", "kind", "others"),
    [
        ("Clamp", "min", "number", {"max": 0.7}),
        ("Normalize", "p", "number", {}),
        ("Interpolate", "align_corners", "boolean", {"size": 8, "mode": "linear"}),
        ("Pad", "value", "number", {"pad": (1, 1)}),
        ("Sort", "descending", "boolean", {}),
    ],
)
def test_that_a_setting_of_an_operation_follows_the_block(
    layer: str, setting: str, kind: Any, others: dict[str, Any]
) -> None:
    values = (0.25, 1.5) if kind == "number" else (True, False)
    node = Node(layer, {**others, setting: e("said")})
    drawn = "x op, op.values y" if layer == "Sort" else "x op, op y"
    unit = block(drawn, BlockParameter("said", kind, values[0]), x=Node("Input"), op=node, y=Node("Output"))
    given = [Node("Unit", {"said": value}) for value in (0.25, 0.5)] if kind == "number" else None
    text = proved(twice(unit, *(given or [Node("Unit"), Node("Unit", {"said": False})])), torch.rand(2, 6, 8))
    assert f"{setting}=self.said" in text
    assert text.count("class Unit") == 1


def test_that_held_numbers_take_the_sizes_of_their_block() -> None:
    unit = block(
        "x times.tensors_0, scale times.tensors_1, times y",
        number("width", 8),
        x=Node("Input"),
        scale=Node("Buffer", {"values": (0.5,), "shape": (e("width"),)}),
        times=Node("Multiply"),
        y=Node("Output"),
    )
    fc = Node("Linear", {"out_features": 5})
    drawn = project(
        "a one.x, one.y fc, fc two.x, two.y out",
        {"Unit": unit},
        a=image(8),
        one=Node("Unit"),
        fc=fc,
        two=Node("Unit", {"width": 5}),
        out=Node("Output"),
    )
    text = proved(drawn, torch.rand(2, 8))
    assert "torch.full((width,), 0.5)" in text
    assert text.count("class Unit") == 1


@pytest.mark.parametrize(
    ("setting", "value"), [("bias", False), ("norm_first", True), ("norm", True), ("activation", "gelu")]
)
def test_that_a_layer_inside_a_layer_is_what_each_use_says(setting: str, value: Any) -> None:
    kind: Any = "choice" if setting == "activation" else "boolean"
    default = "relu" if setting == "activation" else not value
    said = BlockParameter("said", kind, default, choices=("relu", "gelu") if kind == "choice" else ())
    stack = Node("TransformerEncoder", {"nhead": 2, "num_layers": 1, "batch_first": True, setting: e("said")})
    unit = block("x op.src, op y", said, x=Node("Input"), op=stack, y=Node("Output"))
    proved(twice(unit, Node("Unit"), Node("Unit", {"said": value})), torch.rand(2, 6, 8))


@pytest.mark.parametrize(
    ("layer", "setting", "kind", "values"),
    [
        ("Std", "correction", "integer", (1, 0)),
        ("Triu", "diagonal", "integer", (0, 2)),
        ("CumSum", "dim", "integer", (1, -1)),
        ("Softmax", "dim", "integer", (1, -1)),
        ("Transpose", "dim1", "integer", (2, -1)),
        ("RandnLike", "always", "boolean", (False, True)),
        ("GaussianNoise", "always", "boolean", (False, True)),
        ("RotaryPositions", "base", "number", (10000.0, 100.0)),
    ],
)
def test_that_a_setting_that_differs_between_uses_is_an_argument(
    layer: str, setting: str, kind: Any, values: tuple[Any, Any]
) -> None:
    unit = block(
        "x op, op y",
        BlockParameter("said", kind, values[0]),
        x=Node("Input"),
        op=Node(layer, {setting: e("said")}),
        y=Node("Output"),
    )
    drawn = project(
        "a one.x, a two.x, one.y left, two.y right", {"Unit": unit}, a=image(4, 6), one=Node("Unit"),
        two=Node("Unit", {"said": values[1]}), left=Node("Output"), right=Node("Output"),
    )  # fmt: skip
    checked = check(drawn, 0)
    is_random = setting == "always"
    text = written(drawn, checked).files["model.py"] if is_random else proved(drawn, torch.rand(2, 4, 6))
    assert text.count("class Unit") == 1
    assert f"Unit(said={values[1]!r})" in text


def test_that_a_size_that_is_worked_out_often_has_a_name() -> None:
    unit = block(
        "x reduce, reduce norm, norm expand, expand y",
        number("reduction", 4),
        x=Node("Input", {"axes": "N, channels"}),
        reduce=Node("Linear", {"out_features": e("channels // reduction")}),
        norm=Node("BatchNorm1d"),
        expand=Node("Linear", {"out_features": e("channels")}),
        y=Node("Output"),
    )
    drawn = project(
        "a one.x, one.y two.x, two.y out", {"Unit": unit}, a=image(8), one=Node("Unit"),
        two=Node("Unit", {"reduction": 2}), out=Node("Output"),
    )  # fmt: skip
    text = proved(drawn, torch.rand(2, 8))
    assert "        hidden = channels // reduction\n" in text
    assert "self.reduce = nn.Linear(channels, hidden)" in text
    assert "self.norm = nn.BatchNorm1d(hidden)" in text
    assert text.count("channels // reduction") == 1


def test_that_parts_are_called_as_their_node_says() -> None:
    nodes = {
        "a": image(6, 8), "query_key_value": Node("Chunk", {"chunks": 3, "dim": 1}),
        "attention": Node("ScaledDotProductAttention"), "out": Node("Output"),
    }  # fmt: skip
    drawn = project(
        "a query_key_value, query_key_value.part_0 attention.query, query_key_value.part_1 attention.key, "
        "query_key_value.part_2 attention.value, attention out",
        {},
        **nodes,
    )
    text = proved(drawn, torch.rand(2, 6, 8))
    assert "query, key, value = torch.chunk(a, 3, dim=1)" in text


def test_that_so_many_settings_that_no_line_holds_them_stand_by_position() -> None:
    names = ("first_channels", "second_channels", "third_channels", "fourth_channels")
    unit = block(
        "x a, a b, b c, c d, d y",
        *(number(name, 8) for name in names),
        x=Node("Input"),
        y=Node("Output"),
        **{each: Node("Linear", {"out_features": e(name)}) for each, name in zip("abcd", names, strict=True)},
    )
    given: dict[str, Any] = dict(zip(names, (1, 2, 7, 4), strict=True))
    drawn = project(
        "image few.x, few.y many.x, many.y out", {"Unit": unit}, image=image(3),
        few=Node("Unit", {"second_channels": 5}), many=Node("Unit", given), out=Node("Output"),
    )  # fmt: skip
    text = proved(drawn, torch.rand(2, 3))
    assert "self.few = Unit(3, second_channels=5)" in text
    assert "self.many = Unit(8, 1, 2, 7, 4)" in text
