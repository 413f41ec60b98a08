"""How weights begin, as values: torch's own names and defaults, and what a file keeps of them."""

from __future__ import annotations

import inspect
import typing

import pytest
from torch.nn import init

from core.edits import repaired
from core.graph import Graph, Node
from core.parameters import Parameter, parameter_of, parameters
from core.project import Project, read_text, text_of
from core.repairs import Repair, SetWeights
from core.weights import (
    ARGUMENTS,
    NONLINEARITIES,
    Weights,
    filled,
    weights_of,
    with_weights,
    without_files,
    without_folders,
)

TORCHS = {
    name: inspect.signature(function)
    for name, function in vars(init).items()
    if name.endswith("_") and not name.startswith("_") and inspect.isfunction(function)
}
NODE = Graph({"conv1": Node("Conv2d")})


def declared(function: str, name: str) -> Parameter:
    found = parameter_of(Weights.of({"init": function}), name)
    assert found is not None
    return found


def test_that_no_function_of_torch_is_missing_and_none_is_invented() -> None:
    assert set(ARGUMENTS) == set(TORCHS)
    choices = parameter_of(Weights, "init")
    assert choices is not None
    assert choices.choices == ("default", *ARGUMENTS)


@pytest.mark.parametrize("function", ARGUMENTS)
def test_that_arguments_have_torchs_names_and_defaults(function: str) -> None:
    torchs = {name: each for name, each in TORCHS[function].parameters.items() if name not in ("tensor", "generator")}
    assert ARGUMENTS[function] == tuple(torchs)
    for name, each in torchs.items():
        ours = declared(function, name)
        if each.default is inspect.Parameter.empty:
            assert ours.required, name
        else:
            assert ours.default == each.default, name
        assert ours.when == ("init", tuple(each for each in ARGUMENTS if name in ARGUMENTS[each])), name


def test_that_every_nonlinearity_of_torch_can_be_chosen() -> None:
    said = typing.get_type_hints(init.kaiming_normal_)["nonlinearity"]
    assert typing.get_args(said) == NONLINEARITIES


def test_that_a_value_is_written_only_where_it_differs() -> None:
    assert weights_of(Node("Linear", weights={})).call("w") == ""
    assert weights_of(Node("Linear", weights={"init": "normal_"})).call("w") == "nn.init.normal_(w)"
    assert weights_of(Node("Linear", weights={"init": "normal_", "std": 0.02})).call("w") == (
        "nn.init.normal_(w, std=0.02)"
    )
    truncated = weights_of(Node("Linear", weights={"init": "trunc_normal_", "a": 0.0, "b": 1.0}))
    assert truncated.call("w") == "nn.init.trunc_normal_(w, a=0.0, b=1.0)"
    assert weights_of(Node("Linear", weights={"init": "uniform_", "a": 0.0})).call("w") == "nn.init.uniform_(w)"
    assert weights_of(Node("Linear", weights={"init": "constant_"})).call("w") == "nn.init.constant_(w, 0.0)"
    assert weights_of(Node("Linear", weights={"init": "sparse_"})).call("w") == "nn.init.sparse_(w, sparsity=0.1)"
    assert weights_of(Node("Linear", weights={"bias": "constant_", "bias_val": 1.0})).bias_call("b") == (
        "nn.init.constant_(b, 1.0)"
    )


def test_that_a_default_is_not_kept_and_another_function_drops_what_it_does_not_take() -> None:
    graph = with_weights(NODE, "conv1", "init", "trunc_normal_")
    graph = with_weights(graph, "conv1", "std", 0.02)
    graph = with_weights(graph, "conv1", "frozen", True)
    graph = with_weights(graph, "conv1", "a", -1.0)
    assert graph.nodes["conv1"].weights == {"init": "trunc_normal_", "std": 0.02, "frozen": True, "a": -1.0}
    assert "a" not in with_weights(graph, "conv1", "a", -2.0).nodes["conv1"].weights
    assert with_weights(graph, "conv1", "a", 0.0).nodes["conv1"].weights["a"] == 0.0
    normal = with_weights(graph, "conv1", "init", "normal_").nodes["conv1"].weights
    assert normal == {"init": "normal_", "std": 0.02, "frozen": True}
    assert with_weights(graph, "conv1", "init", None).nodes["conv1"].weights == {"frozen": True}
    assert with_weights(graph, "conv1", "frozen", False).nodes["conv1"].weights.get("frozen") is None


def test_that_a_repair_sets_and_resets() -> None:
    frozen = repaired(NODE, Repair("", (SetWeights("conv1", "frozen", True), SetWeights("gone", "frozen", True))))
    assert frozen.nodes["conv1"].weights == {"frozen": True}
    assert repaired(frozen, Repair("", (SetWeights("conv1", "frozen", None),))).nodes["conv1"].weights == {}


def test_that_functions_fill_matrices_and_vectors_where_there_is_nothing_else() -> None:
    block = {"self_attn.in_proj_weight": (12, 4), "self_attn.in_proj_bias": (12,), "norm1.weight": (4,)}
    assert filled(block) == ["self_attn.in_proj_weight"]
    assert filled({"weight": (8,), "bias": (8,)}) == ["weight"]
    assert filled({"weight": (8,), "bias": (8,)}, "kaiming_normal_") == []
    assert filled({"weight": (8, 1, 3)}, "dirac_") == ["weight"]
    assert filled({"weight": (8, 1, 3)}, "eye_") == []
    assert filled({"": (3,)}) == [""]


def test_that_a_file_keeps_the_weights_of_nodes() -> None:
    values = {"init": "uniform_", "a": -0.5, "file": "/runs/one", "from_node": "conv2", "frozen": True}
    project = Project(Graph({"conv1": Node("Conv2d", weights=values)}))
    text = text_of(project)
    assert read_text(text, "a.loom") == project
    assert text_of(read_text(text, "a.loom")) == text


def test_that_files_and_folders_can_be_left_out() -> None:
    graph = Graph(
        {"conv1": Node("Conv2d", weights={"file": "/home/me/a.safetensors", "from_node": "x", "frozen": True})}
    )
    assert without_files(graph).nodes["conv1"].weights == {"frozen": True}
    assert without_folders(graph).nodes["conv1"].weights["file"] == "a.safetensors"
    windows = Graph({"conv1": Node("Conv2d", weights={"file": "C:\\me\\a.safetensors"})})
    assert without_folders(windows).nodes["conv1"].weights["file"] == "a.safetensors"


def test_that_every_parameter_says_what_it_is_for() -> None:
    for each in parameters(Weights):
        assert each.help.endswith("."), each.name
