"""What operations and new kinds of calls mean, beside their shapes: positions, masks, second outputs, inner modules."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import nn

from core.engine.check import check
from core.engine.examine import Found, examined, namespace
from core.graph import Graph, Link, Node
from core.layers import CATALOGUE, Refused
from core.layers.calls import construction, invocation
from core.layers.special_loss import AdaptiveLogSoftmaxWithLoss
from core.layers.transformer import TransformerEncoder
from core.messages import Problem
from core.parameters import read
from core.project import Project, repaired
from core.source.blocks import laid_out
from core.source.model import model_lines
from core.specs import Spec


def made(layer: str, values: dict[str, Any], **given: torch.Tensor) -> Any:
    """What an operation makes of real numbers whose first axis is the batch."""
    specs = {
        port: Spec(("N", *value.shape[1:]), str(value.dtype).removeprefix("torch.")) for port, value in given.items()
    }
    call = CATALOGUE[layer](**values).call(specs)
    text = invocation(call, "module", {port: f"given[{port!r}]" for port in given})
    module = eval(construction(call), {"nn": nn}) if call.target else None
    return eval(text, {**namespace(call), "given": given, "module": module})


def chain(*steps: tuple[str, str, dict[str, Any], dict[str, str]], shape: tuple[int, ...]) -> Project:
    """An Input x and nodes, each with its name, layer, values, and for each port `node` or `node.output`."""
    nodes = {"x": Node("Input", {"shape": shape})}
    links: list[Link] = []
    for name, layer, values, ports in steps:
        nodes[name] = Node(layer, values)
        for port, source in ports.items():
            node, _, output = source.partition(".")
            first = CATALOGUE[nodes[node].layer].outputs[0].name
            links.append(Link(node, output or first, name, port))
    return Project(Graph(nodes, tuple(links)))


def errors(project: Project) -> list[Problem]:
    return [problem for problem in check(project, 0).problems if problem.severity == "error" and problem.node]


def model_of(project: Project) -> nn.Module:
    """The written model, run."""
    space: dict[str, Any] = {}
    exec("\n".join(line.text for line in model_lines(laid_out(project, check(project, 0), None))), space)
    return space["Model"]()


def test_that_sinusoidal_positions_are_those_of_the_paper() -> None:
    found = made("SinusoidalPositions", {}, input=torch.zeros(2, 7, 6))
    for step in range(7):
        for pair in range(3):
            angle = step / 10000 ** (2 * pair / 6)
            assert found[step, 2 * pair] == pytest.approx(math.sin(angle), abs=1e-5)
            assert found[step, 2 * pair + 1] == pytest.approx(math.cos(angle), abs=1e-5)


def test_that_rotary_positions_keep_lengths_and_tell_distances_alone() -> None:
    vector = torch.randn(8)
    turned = made("RotaryPositions", {}, input=vector.expand(1, 9, 8))[0]
    assert torch.allclose(turned.norm(dim=-1), vector.norm().expand(9), atol=1e-5)
    products = turned @ turned.T
    assert torch.allclose(products.diagonal(2), products.diagonal(2)[:1].expand(7), atol=1e-4)
    assert not torch.allclose(products[0, 2], products[0, 4], atol=1e-4)


def test_that_masks_are_true_where_something_is_left_out() -> None:
    assert made("CausalMask", {}, input=torch.zeros(2, 3, 4)).tolist() == [
        [False, True, True],
        [False, False, True],
        [False, False, False],
    ]
    found = made("PaddingMask", {}, input=torch.zeros(2, 3, 4), lengths=torch.tensor([1, 3]))
    assert found.tolist() == [[False, True, True], [False, False, False]]


def test_that_a_number_gives_way_to_a_linked_input() -> None:
    numbers = torch.tensor([[1.0, 2.0, 3.0]])
    assert made("Gt", {"other": 1.5}, input=numbers).tolist() == [[False, True, True]]
    assert made("Gt", {"other": 1.5}, input=numbers, other=numbers.flip(1)).tolist() == [[False, False, True]]
    assert made("Pow", {"exponent": 2.0}, input=numbers).tolist() == [[1.0, 4.0, 9.0]]


def test_that_minus_infinity_is_hidden_by_a_softmax() -> None:
    mask = torch.tensor([[True, False, False]])
    filled = made("MaskedFill", {}, input=torch.zeros(1, 3), mask=mask)
    assert filled.softmax(-1).tolist() == [[0.0, 0.5, 0.5]]


def test_that_einsum_multiplies_matrices() -> None:
    first, second = torch.randn(2, 3, 4), torch.randn(2, 4, 5)
    found = made("Einsum", {}, tensors_0=first, tensors_1=second)
    assert torch.allclose(found, first @ second, atol=1e-6)


def test_that_outer_stays_inside_each_sample() -> None:
    first, second = torch.randn(4, 3), torch.randn(4, 5)
    found = made("Outer", {}, input=first, vec2=second)
    assert torch.equal(found[1], torch.outer(first[1], second[1]))


def test_that_unpooling_puts_values_back_where_a_pooling_found_them() -> None:
    project = chain(
        ("pool", "MaxPool2d", {"return_indices": True}, {"input": "x"}),
        ("unpool", "MaxUnpool2d", {}, {"input": "pool", "indices": "pool.indices"}),
        shape=(1, 4, 4),
    )
    assert errors(project) == []
    given = torch.arange(16.0).reshape(1, 1, 4, 4)
    found = model_of(project)(given)
    assert found.shape == given.shape
    assert found.flatten()[[5, 7, 13, 15]].tolist() == [5.0, 7.0, 13.0, 15.0]
    assert found.sum() == 40


def test_that_an_output_that_is_not_asked_for_is_asked_for_by_the_button() -> None:
    project = chain(
        ("pool", "MaxPool2d", {}, {"input": "x"}),
        ("unpool", "MaxUnpool2d", {}, {"input": "pool", "indices": "pool.indices"}),
        shape=(1, 4, 4),
    )
    (problem,) = errors(project)
    assert problem.message == (
        "unpool takes indices of pool, which it gives with return_indices alone: set return_indices to true."
    )
    assert problem.repair is not None
    assert problem.repair.text == "Set return_indices of pool to true"
    assert errors(repaired(project, problem.repair)) == []


def test_that_a_part_that_is_not_there_is_said() -> None:
    project = chain(
        ("halves", "Chunk", {"chunks": 2, "dim": 1}, {"input": "x"}),
        ("third", "ReLU", {}, {"input": "halves.part_2"}),
        shape=(6,),
    )
    (problem,) = errors(project)
    assert problem.message == (
        "third takes part_2 of halves, which gives part_0, part_1 alone with its settings: link one of these."
    )


def test_that_parts_are_written_by_their_names() -> None:
    project = chain(
        ("qkv", "Linear", {"out_features": 12}, {"input": "x"}),
        ("parts", "Chunk", {"chunks": 3, "dim": -1}, {"input": "qkv"}),
        ("seen", "ScaledDotProductAttention", {}, {"query": "parts", "key": "parts.part_1", "value": "parts.part_2"}),
        ("top", "TopK", {"k": 2}, {"input": "seen"}),
        shape=(5, 8),
    )
    assert errors(project) == []
    assert model_of(project)(torch.randn(3, 5, 8)).shape == (3, 5, 2)


def test_that_a_transformer_is_written_with_its_layers_inside() -> None:
    project = chain(
        ("reads", "TransformerEncoder", {"batch_first": True, "norm": True, "num_layers": 3}, {"src": "x"}),
        ("mask", "CausalMask", {}, {"input": "x"}),
        ("writes", "TransformerDecoder", {"batch_first": True}, {"tgt": "x", "memory": "reads", "tgt_mask": "mask"}),
        shape=(5, 8),
    )
    assert errors(project) == []
    call = check(project, 0).nodes["reads"].call
    assert call is not None
    assert construction(call) == (
        "nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 4, batch_first=True), 3, norm=nn.LayerNorm(8), "
        "enable_nested_tensor=False)"
    )
    assert model_of(project).eval()(torch.randn(3, 5, 8)).shape == (3, 5, 8)


def test_that_padded_steps_do_not_shorten_what_an_encoder_gives() -> None:
    source = torch.randn(2, 5, 8)
    padding = torch.tensor([[False, False, True, True, True]] * 2)
    specs = {"src": Spec(("N", 5, 8)), "src_key_padding_mask": Spec(("N", 5), "bool")}
    call = read(TransformerEncoder, {"batch_first": True})[0].call(specs)
    module = eval(construction(call), {"nn": nn}).eval()
    with torch.inference_mode():
        assert module(source, src_key_padding_mask=padding).shape == source.shape


def test_that_classes_of_an_adaptive_softmax_are_learned_by_its_own_weights() -> None:
    specs = {"input": Spec(("N", 64)), "target": Spec(("N",), "int64")}
    layer = read(AdaptiveLogSoftmaxWithLoss, {"n_classes": 20, "cutoffs": (5, 10)})[0]
    module = eval(construction(layer.call(specs)), {"nn": nn})
    output, loss = module(torch.randn(6, 64), torch.tensor([0, 4, 7, 9, 12, 19]))
    assert (output.shape, loss.shape) == ((6,), ())
    assert torch.allclose(loss, -output.mean())


TRIPLE = ("anchor", "positive", "negative")
SENTENCES = [
    ("ReflectionPad2d", {"padding": 4}, {"input": Spec(("N", 1, 4, 4))}, "padding of at most 3"),
    ("CircularPad1d", {"padding": 9}, {"input": Spec(("N", 1, 4))}, "padding of at most 4"),
    ("ZeroPad1d", {"padding": -3}, {"input": Spec(("N", 1, 4))}, "padding that leaves something"),
    ("FractionalMaxPool2d", {}, {"input": Spec(("N", 1, 4, 4))}, "either an output_size or an output_ratio"),
    ("Unbind", {"dim": 1}, {"input": Spec(("N", 65))}, "use Select"),
    ("Split", {"dim": 1}, {"input": Spec(("N", 9))}, "add up to 9"),
    ("TopK", {"k": 5}, {"input": Spec(("N", 3))}, "k of at most 3"),
    ("Clamp", {"min": 2.0, "max": 1.0}, {"input": Spec(("N", 3))}, "min not above max"),
    ("Where", {}, {port: Spec(("N", 3)) for port in ("condition", "input", "other")}, "insert Gt"),
    ("OneHot", {}, {"input": Spec(("N",), "int64", 12)}, "set num_classes to 12"),
    ("Einsum", {"equation": "a1"}, {"tensors_0": Spec(("N", 3))}, "letters for the axes"),
    ("Bmm", {}, {"input": Spec(("N", 2, 3)), "mat2": Spec(("N", 5, 3))}, "insert Transpose"),
    ("RNNCell", {}, {"input": Spec(("N", 3)), "hx": Spec(("N", 9))}, "N × 64 for hx"),
    ("LSTMCell", {}, {"input": Spec(("N", 3)), "h_0": Spec(("N", 64))}, "link both or neither"),
    ("Std", {}, {"input": Spec(("N", 1))}, "more than one number"),
    ("RotaryPositions", {}, {"input": Spec(("N", 4, 5))}, "even number of features"),
    ("CTCLoss", {}, {"log_probs": Spec(("N", 4, 5))}, "insert Transpose"),
    ("GridSample", {}, {"input": Spec(("N", 1, 4, 4)), "grid": Spec(("N", 4, 4, 3))}, "height × width × 2"),
    ("BatchNorm1d", {"track_running_stats": False}, {"input": Spec(("N", 3))}, "set track_running_stats to true"),
    ("BatchNorm2d", {"track_running_stats": False}, {"input": Spec(("N", 3, 1, 1))}, "could not predict one sample"),
    ("Buffer", {"values": ()}, {}, "at least one number"),
    ("Buffer", {"values": (1.0, 2.0), "shape": (3,)}, {}, "3 numbers for its shape"),
    ("Expand", {}, {"input": Spec((1, 8)), "like": Spec((4, 8))}, "unlink like"),
    ("Expand", {}, {"input": Spec((1, 8))}, "link any value with samples to like"),
    ("Expand", {}, {"input": Spec(("N", 8)), "like": Spec(("N", 8))}, "unlink like"),
    (
        "CrossEntropyLoss",
        {},
        {"input": Spec(("N", 4)), "target": Spec(("N",), "int64", 4), "weight": Spec((3,))},
        "one weight for each of its 4 classes",
    ),
    (
        "BCEWithLogitsLoss",
        {},
        {"input": Spec(("N", 4)), "target": Spec(("N", 4)), "pos_weight": Spec((3,))},
        "a pos_weight that fits N × 4 answers",
    ),
    (
        "LinearCrossEntropyLoss",
        {},
        {"input": Spec(("N", 4)), "target": Spec(("N",), "int64", 12)},
        "set num_classes to 12",
    ),
    ("TripletMarginWithDistanceLoss", {}, {port: Spec(("N", 2, 3)) for port in TRIPLE}, "insert Flatten"),
    ("Gradient", {}, {"value": Spec(("N",), "int64"), "by": Spec(("N", 2))}, "insert"),
]


@pytest.mark.parametrize(("layer", "values", "inputs", "words"), SENTENCES)
def test_that_what_cannot_work_is_refused_in_words(
    layer: str, values: dict[str, Any], inputs: dict[str, Spec], words: str
) -> None:
    with pytest.raises(Refused) as refused:
        CATALOGUE[layer](**values).call(inputs)
    assert words in refused.value.message
    assert refused.value.message.startswith(layer)


# ---- what axes count

PICTURE = Spec(("N", 3, 8, 6), axes=("N", "C", "H", "W"))
STEPS = Spec(("N", 5, 8), axes=("N", "T", "features"))
NAMED: list[tuple[str, dict[str, Any], dict[str, Spec], tuple[str, ...]]] = [
    ("Permute", {"dims": (0, 2, 3, 1)}, {"input": PICTURE}, ("N", "H", "W", "C")),
    ("Transpose", {"dim0": 1, "dim1": -1}, {"input": STEPS}, ("N", "features", "T")),
    ("MoveDim", {"source": 1, "destination": -1}, {"input": PICTURE}, ("N", "H", "W", "C")),
    ("Flatten", {}, {"input": PICTURE}, ("N", "features")),
    ("Flatten", {"end_dim": 2}, {"input": PICTURE}, ("N", "", "W")),
    ("Unflatten", {"dim": 2, "unflattened_size": (2, 4)}, {"input": STEPS}, ("N", "T", "", "")),
    ("Squeeze", {"dim": 1}, {"input": Spec(("N", 1, 8), axes=("N", "C", "T"))}, ("N", "T")),
    ("Unsqueeze", {"dim": 1}, {"input": STEPS}, ("N", "", "T", "features")),
    ("Unsqueeze", {"dim": -1}, {"input": STEPS}, ("N", "T", "features", "")),
    ("Select", {"dim": 1}, {"input": STEPS}, ("N", "features")),
    ("Mean", {"dim": (2, 3)}, {"input": PICTURE}, ("N", "C")),
    ("Mean", {"dim": (-1,), "keepdim": True}, {"input": STEPS}, ("N", "T", "features")),
    ("ArgMax", {"dim": -1}, {"input": STEPS}, ("N", "T")),
    ("Unbind", {"dim": 1}, {"input": STEPS}, ("N", "features")),
    ("Add", {}, {"tensors_0": PICTURE, "tensors_1": PICTURE}, ("N", "C", "H", "W")),
    ("Add", {}, {"tensors_0": STEPS, "tensors_1": Spec((5, 8), axes=("T", "features"))}, ("N", "T", "features")),
    ("Add", {}, {"tensors_0": STEPS, "tensors_1": Spec(("N", 5, 8), axes=("N", "C", "T"))}, ("N", "", "")),
    ("Multiply", {}, {"tensors_0": PICTURE, "tensors_1": Spec(("N", 3, 1, 1))}, ("N", "C", "H", "W")),
    ("Stack", {"dim": 1}, {"tensors_0": STEPS, "tensors_1": STEPS}, ("N", "", "T", "features")),
    ("MatMul", {}, {"input": STEPS, "other": Spec(("N", 8, 4), axes=("N", "features", "T"))}, ("N", "T", "T")),
    ("Einsum", {"equation": "ntf,nsf->nts"}, {"tensors_0": STEPS, "tensors_1": STEPS}, ("N", "T", "T")),
    ("SinusoidalPositions", {}, {"input": STEPS}, ("T", "features")),
    ("PairwiseDistance", {}, {"x1": STEPS, "x2": STEPS}, ("N", "T")),
    ("ZeroPad2d", {}, {"input": PICTURE}, ("N", "C", "H", "W")),
    ("Reshape", {"shape": (-1,)}, {"input": PICTURE}, ()),
]


@pytest.mark.parametrize(("layer", "values", "inputs", "names"), NAMED)
def test_that_the_names_of_axes_go_where_the_axes_go(
    layer: str, values: dict[str, Any], inputs: dict[str, Spec], names: tuple[str, ...]
) -> None:
    found = examined(read(CATALOGUE[layer], values)[0], inputs)
    assert isinstance(found, Found), found
    assert next(iter(found.outputs.values())).axes == names


def test_that_every_operation_says_when_it_is_used_and_what_it_computes() -> None:
    silent = [
        name
        for name, declared in CATALOGUE.items()
        if declared.family in ("shape", "merge", "loss") and not (declared.use and declared.formula)
    ]
    assert silent == []
