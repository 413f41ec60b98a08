"""How the weights of a node begin: torch's own way, a function of torch.nn.init, or a file; and whether they learn."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from core import graph as graphs
from core.blocks import nodes_along
from core.graph import Block, Graph, Node
from core.parameters import Value, parameter, parameter_of, read

PRETRAINED = "pretrained.safetensors"
"""The file beside train.py, in a run and in an export, that holds the weights which were loaded."""

ARGUMENTS: dict[str, tuple[str, ...]] = {
    "uniform_": ("a", "b"),
    "normal_": ("mean", "std"),
    "trunc_normal_": ("mean", "std", "a", "b"),
    "constant_": ("val",),
    "ones_": (),
    "zeros_": (),
    "eye_": (),
    "dirac_": ("groups",),
    "xavier_uniform_": ("gain",),
    "xavier_normal_": ("gain",),
    "kaiming_uniform_": ("a", "mode", "nonlinearity"),
    "kaiming_normal_": ("a", "mode", "nonlinearity"),
    "orthogonal_": ("gain",),
    "sparse_": ("sparsity", "std"),
}
"""The functions of torch.nn.init and what they take (a test compares them with torch's)."""

AXES: dict[str, tuple[int, int]] = {
    "eye_": (2, 2),
    "sparse_": (2, 2),
    "dirac_": (3, 5),
    **dict.fromkeys(
        ("xavier_uniform_", "xavier_normal_", "kaiming_uniform_", "kaiming_normal_", "orthogonal_"), (2, 99)
    ),
}
"""The least and greatest number of axes that a function can fill; the others fill anything."""

NONLINEARITIES = (
    "linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "sigmoid",
    "tanh", "relu", "leaky_relu", "selu",
)  # fmt: skip

Shapes = Mapping[str, tuple[int, ...]]
"""The parameters of a module by name, with their shapes; a parameter that stands alone has the name ""."""


def _taking(name: str) -> tuple[str, tuple[Value, ...]]:
    """The functions for which an argument matters."""
    return ("init", tuple(function for function, taken in ARGUMENTS.items() if name in taken))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Weights:
    """How the weights of one node begin, under torch's own names and defaults."""

    init: str = parameter(
        "default",
        "How the weights begin; default is torch's own way for the layer. In a layer with several weights the function "
        "fills every matrix; vectors beside them, such as the scales of a norm inside, stay as they are.",
        choices=("default", *ARGUMENTS),
    )
    mean: float = parameter(0.0, "The mean of the numbers that are drawn.", when=_taking("mean"))
    std: float = parameter(1.0, "How far the numbers that are drawn spread.", low=0, open_low=True, when=_taking("std"))
    a: float = parameter(
        0.0,
        "The least number that is drawn; for kaiming the slope below zero of the leaky ReLU that follows.",
        when=_taking("a"),
    )
    b: float = parameter(1.0, "The greatest number that is drawn.", when=_taking("b"))
    val: float = parameter(0.0, "The number that every weight begins with.", required=True, when=_taking("val"))
    gain: float = parameter(
        1.0, "A factor on the spread: 1 for a linear layer, 1.41 (√2) before a ReLU, 1.67 (5/3) before a tanh.",
        low=0, open_low=True, when=_taking("gain"),
    )  # fmt: skip
    mode: str = parameter(
        "fan_in",
        "Whether signals keep their size on the way forward (fan_in) or gradients on the way back (fan_out).",
        choices=("fan_in", "fan_out"),
        when=_taking("mode"),
    )
    nonlinearity: str = parameter(
        "leaky_relu", "The activation that follows.", choices=NONLINEARITIES, when=_taking("nonlinearity")
    )
    sparsity: float = parameter(
        0.1, "The share of each column that begins as zero.", low=0, high=1, required=True, when=_taking("sparsity")
    )
    groups: int = parameter(1, "Into how many groups the channels that are kept fall.", low=1, when=_taking("groups"))
    bias: str = parameter(
        "default",
        "How the biases begin; default is torch's own way for the layer.",
        choices=("default", "zeros_", "ones_", "constant_"),
    )
    bias_val: float = parameter(
        0.0, "The number that every bias begins with.", required=True, when=("bias", ("constant_",))
    )
    file: str = parameter(
        "",
        "A safetensors file, or the folder of a run, from which the weights are taken before training begins.",
        kind="path",
        suffixes=(".safetensors",),
    )
    from_node: str = parameter(
        "", "The node of that run, or the name in that file, whose weights are taken; empty for the same name."
    )
    frozen: bool = parameter(
        False, "Whether the weights stay as they begin: training leaves them, and the layer works as in evaluation."
    )

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> type[Weights]:
        """The declaration with the defaults that torch gives to the chosen function."""
        return {"trunc_normal_": _Truncated, "sparse_": _Sparse}.get(str(values.get("init")), Weights)

    def call(self, values: str) -> str:
        """The text that fills weights: `nn.init.normal_(self.conv1.weight, std=0.02)`; "" for torch's own way."""
        if self.init == "default":
            return ""
        said = [values]
        for name in ARGUMENTS[self.init]:
            declared, held = parameter_of(type(self), name), getattr(self, name)
            if declared is not None and (declared.required or held != declared.default):
                said.append(repr(held) if name == "val" else f"{name}={held!r}")
        return f"nn.init.{self.init}({', '.join(said)})"

    def bias_call(self, values: str) -> str:
        """The text that fills biases; "" for torch's own way."""
        given = f", {self.bias_val!r}" if self.bias == "constant_" else ""
        return f"nn.init.{self.bias}({values}{given})" if self.bias != "default" else ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class BlockWeights:
    """How the weights of a block as a whole begin where it is used; what its nodes say of their own comes first."""

    file: str = parameter(
        "",
        "A safetensors file, or the folder of a run, from which all weights inside are taken before training begins.",
        kind="path",
        suffixes=(".safetensors",),
    )
    from_node: str = parameter(
        "",
        "The node of that run whose weights are taken, or in another file what stands before the names inside, such as "
        "layer1 in layer1.conv1.weight; empty for the name of this node.",
    )
    frozen: bool = parameter(
        False, "Whether all weights inside stay as they begin: training leaves them, and layers work as in evaluation."
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Truncated(Weights):
    a: float = parameter(-2.0, "The least number that is drawn.", when=_taking("a"))
    b: float = parameter(2.0, "The greatest number that is drawn.", when=_taking("b"))


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Sparse(Weights):
    std: float = parameter(
        0.01, "How far the numbers that are drawn spread.", low=0, open_low=True, when=_taking("std")
    )


def weights_of(node: Node) -> Weights:
    """How the weights of a node begin; what does not fit is as by default."""
    return read(Weights.of(node.weights), node.weights)[0]


def declared_for(node: Node, blocks: Mapping[str, Block]) -> type[Weights | BlockWeights]:
    """What can be said of the weights of a node: of a block as a whole less than of a layer."""
    return BlockWeights if node.layer in blocks else Weights.of(node.weights)


def is_frozen(graph: Graph, path: str) -> bool:
    """Whether the weights of a node stand still, by itself or with a block that it is in."""
    return any(node.weights and weights_of(node).frozen for node in nodes_along(graph, path))


def with_weights(graph: Graph, node_id: str, name: str, value: Value) -> Graph:
    """The graph with one entry of a node's weights set; None or the default takes it away.

    With another function go the arguments that it does not take.
    """
    values = {key: held for key, held in graph.nodes[node_id].weights.items() if key != name}
    if name == "init":
        lost = {each for taken in ARGUMENTS.values() for each in taken} - set(ARGUMENTS.get(str(value), ()))
        values = {key: held for key, held in values.items() if key not in lost}
    declared = parameter_of(Weights.of({**values, name: value}), name)
    if value is not None and not (declared and value == declared.default and type(value) is type(declared.default)):
        values[name] = value
    return graphs.with_node(graph, node_id, weights=values)


def without_files(graph: Graph) -> Graph:
    """The graph with no weights from files: for a model whose weights come from elsewhere."""
    return _with_files(
        graph, lambda values: {name: held for name, held in values.items() if name not in ("file", "from_node")}
    )


def without_folders(graph: Graph) -> Graph:
    """The graph with files of weights by their name alone, as a file that is passed on may tell it."""
    return _with_files(
        graph, lambda values: {**values, "file": str(values["file"]).replace("\\", "/").rpartition("/")[2]}
    )


def _with_files(graph: Graph, said: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Graph:
    """The graph with other weights for each node that takes them from a file, those in blocks included."""

    def drawn(nodes: Mapping[str, Node]) -> dict[str, Node]:
        taking = {each: node for each, node in nodes.items() if node.weights.get("file")}
        return {**nodes, **{each: replace(node, weights=said(node.weights)) for each, node in taking.items()}}

    blocks = {name: replace(block, nodes=drawn(block.nodes)) for name, block in graph.blocks.items()}
    return replace(graph, nodes=drawn(graph.nodes), blocks=blocks)


def filled(shapes: Shapes, function: str = "default") -> list[str]:
    """The weights that a function fills: the matrices of a module, or its vectors where it has nothing else."""
    low, high = AXES.get(function, (0, 99))
    held = [name for name in shapes if not is_bias(name)]
    matrices = [name for name in held if len(shapes[name]) > 1]
    return [name for name in matrices or held if low <= len(shapes[name]) <= high]


def is_bias(name: str) -> bool:
    """Whether a parameter is a bias, by its name as torch gives it: `bias`, `in_proj_bias`, `out_proj.bias`."""
    return "bias" in name


def shape_words(shape: tuple[int, ...]) -> str:
    """A shape of weights for people: `32×1×3×3`."""
    return "×".join(map(str, shape)) or "one number"
