"""The whole catalogue against torch: names, defaults, help, text, values and shapes; a new layer needs no new test."""

from __future__ import annotations

import inspect
import itertools
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from branches import first_fitting, side_by_side
from fitting import OPTIONAL, fitting_inputs, is_given, other_values, real_outputs, varied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from interpreter import Interpreter, SameDraws
from torch import nn
from torch.fx.operator_schemas import get_signature_for_torch_op

from core.engine.check import check
from core.engine.compile import build, verify, written
from core.engine.data import load
from core.engine.examine import Found, examined, probed, size_at
from core.layers import CATALOGUE, FAMILIES, Inputs, Layer
from core.layers.calls import construction
from core.layers.transformer import LAYER_SETTINGS
from core.parameters import Parameter, dropped_values, fitted, parameters, read
from core.specs import Spec

BATCHES = (2, 5)
PROJECTIONS = pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
CALLED = {
    name: declared
    for name, declared in CATALOGUE.items()
    if declared.family not in ("data", "output")
    and (
        not declared.torch.startswith("nn.") or hasattr(nn, declared.torch.removeprefix("nn."))
    )  # torch 2.10 has fewer
}
MODULES = {name: declared for name, declared in CALLED.items() if declared.torch.startswith("nn.")}
OPERATIONS = {name: declared for name, declared in CALLED.items() if name not in MODULES}

INFERRED = {
    "in_features", "in1_features", "in2_features", "in_channels", "num_features", "normalized_shape", "num_channels",
    "input_size", "embed_dim", "kdim", "vdim", "d_model",
}  # fmt: skip
"""Read off the input, never typed."""

LEFT_OUT = {
    "device": "the training settings choose it",
    "dtype": "the training settings choose it",
    "inplace": "saves memory at the price of values that are gone when one looks at them; the graph shows every value",
    "size_average": "deprecated; reduction says it",
    "reduce": "deprecated; reduction says it",
    "min_value": "deprecated; min_val says it",
    "max_value": "deprecated; max_val says it",
    "_weight": "private",
    "_freeze": "private",
    "_random_samples": "private",
    "weight": "a tensor; it comes in by the port of that name",
    "pos_weight": "a tensor; it comes in by the port of that name",
    "process_group": "every device that trains along; there are no groups of them",
    "SyncBatchNorm.bias": "not in torch 2.10, which the app still runs on",
    "LinearCrossEntropyLoss.weight": "a tensor that the module would keep a copy of, and it has no functional form",
    "LinearCrossEntropyLoss.out_features": "several answers a sample; one layer each says the same",
    "LinearCrossEntropyLoss.options": "in which chunks it is computed; torch chooses",
    "sparse": "its gradients work with three optimizers alone",
    "recompute_scale_factor": "changes rounding alone, for compatibility with old exports",
    "BatchNorm1d.bias": "not in torch 2.10, which the app still runs on",
    "BatchNorm2d.bias": "not in torch 2.10, which the app still runs on",
    "BatchNorm3d.bias": "not in torch 2.10, which the app still runs on",
    "InstanceNorm1d.bias": "not in torch 2.10, which the app still runs on",
    "InstanceNorm2d.bias": "not in torch 2.10, which the app still runs on",
    "InstanceNorm3d.bias": "not in torch 2.10, which the app still runs on",
    "include_last_offset": "bags of different sizes on one axis have no batch; each sample is a bag",
    "encoder_layer": "built from the settings of its layers",
    "decoder_layer": "built from the settings of its layers",
    "enable_nested_tensor": "always off: it cuts the output to the longest sequence",
    "mask_check": "matters with nested tensors alone",
    "custom_encoder": "a module; TransformerEncoder is a layer of its own",
    "custom_decoder": "a module; TransformerDecoder is a layer of its own",
    "GroupNorm.bias": "not in torch 2.10, which the app still runs on",
}
OWN = {
    "Python.code": "a person's own function; torch has none for it",
    "LayerNorm.axes": "how many sizes normalized_shape takes from the input",
    "RMSNorm.axes": "how many sizes normalized_shape takes from the input",
    "Scale.factor": "torch calls it other, as if it were a tensor",
    **{
        f"{name}.{setting}": "a setting of its layers"
        for name in ("TransformerEncoder", "TransformerDecoder")
        for setting in ("nhead", *LAYER_SETTINGS)
    },
    "Constant.value": "torch calls it fill_value",
    **{
        f"Parameter.{each}": "torch takes the tensor, here it is made"
        for each in ("shape", "init", "value", "std", "bound")
    },
    **{f"Buffer.{each}": "torch takes the tensor, here it is made" for each in ("values", "shape", "dtype")},
    **{f"{name}.always": "torch draws always" for name in ("RandnLike", "RandLike", "GaussianNoise", "UniformNoise")},
    "GaussianNoise.std": "torch has no function for it",
    "UniformNoise.bound": "torch has no function for it",
    "Penalty.weight": "torch has no function for it",
    "Penalty.reduction": "torch has no function for it",
    "Einsum.equation": "torch hides it in args",
    "Expand.size": "the shape of one sample; torch has no signature for it",
    "Repeat.repeats": "for one sample; torch has no signature for it",
    "Reshape.keep_batch": "torch takes the batch's axis in its shape; here it stays, or follows from the rest",
    "Arange.dim": "torch takes the count, here it is read off this axis",
    "GridSample.align_corners": "torch's none means false, and warns",
    "SinusoidalPositions.base": "torch has no function for it",
    "RotaryPositions.base": "torch has no function for it",
    "CausalMask.dim": "torch has no function for it; triu makes it",
    "PaddingMask.dim": "torch has no function for it; a comparison makes it",
    "TransformerEncoder.norm": "torch takes the module, here it is built",
    "TransformerDecoder.norm": "torch takes the module, here it is built",
}
OTHER_DEFAULTS = {
    f"{name}.activation": "torch's default is the function, here it is its name"
    for name in ("TransformerEncoderLayer", "TransformerDecoderLayer", "Transformer")
}
OTHER_DEFAULTS["TripletMarginWithDistanceLoss.distance_function"] = "torch's default is the function, here its name"

LAZY = "reads its sizes off the input at the first batch; here check reads them off before"
CONTAINER = "holds other modules; here the graph does"
BASE = "a base for other classes"
CLASSES_LEFT_OUT = {
    **{f"LazyBatchNorm{axes}d": LAZY for axes in (1, 2, 3)},
    **{f"LazyConv{axes}d": LAZY for axes in (1, 2, 3)},
    **{f"LazyConvTranspose{axes}d": LAZY for axes in (1, 2, 3)},
    **{f"LazyInstanceNorm{axes}d": LAZY for axes in (1, 2, 3)},
    "LazyLinear": LAZY,
    **dict.fromkeys(
        ("Container", "ModuleDict", "ModuleList", "ParameterDict", "ParameterList", "Sequential"), CONTAINER
    ),
    **dict.fromkeys(("Module", "RNNBase", "RNNCellBase"), BASE),
    "CrossMapLRN2d": "deprecated; LocalResponseNorm does the same",
    "DataParallel": "a way to train, not a layer",
    "NLLLoss2d": "deprecated; NLLLoss takes pictures too",
}
"""Every class of torch.nn that is no layer here, with the reason."""


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Small tensors are faster on one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def torch_signature(declared: type[Layer]) -> dict[str, Any]:
    """The parameters of torch's class, or of all overloads of its function, with their defaults."""
    if not declared.torch:
        return {}
    name = declared.torch.split(".")[-1]
    if declared.torch.startswith("nn."):
        shown = nn.RNNBase if issubclass(getattr(nn, name), nn.RNNBase) else getattr(nn, name)
        found = {
            each.name: each.default
            for each in inspect.signature(shown).parameters.values()
            if each.kind != each.VAR_POSITIONAL
        }
        if shown is nn.RNNBase:
            del found["mode"]
        if name == "RNN":
            found["nonlinearity"] = "tanh"
        if name in ("RNN", "GRU"):
            del found["proj_size"]
        found.pop("kwargs", None)
        return found
    if ".functional." in declared.torch:
        return functional_signature(name)
    if declared.torch.startswith(("torch.nn.", "torch.autograd.")):
        held = torch.autograd if ".autograd." in declared.torch else nn
        return {each.name: each.default for each in inspect.signature(getattr(held, name)).parameters.values()}
    function = getattr(torch.Tensor if ".Tensor." in declared.torch else torch, name)
    plain = [inspect.signature(function)] if inspect.isfunction(function) else []
    signatures = get_signature_for_torch_op(function) or plain
    return {each.name: each.default for signature in signatures for each in signature.parameters.values()}


def functional_signature(name: str) -> dict[str, Any]:
    """The parameters of a function of torch.nn.functional, of its operator where it is built in."""
    function = getattr(nn.functional, name)
    if not inspect.isbuiltin(function):
        return {each.name: each.default for each in inspect.signature(function).parameters.values()}
    said = getattr(torch.ops.aten, name).default._schema.arguments
    return {each.name: each.default_value if each.has_default_value() else inspect.Parameter.empty for each in said}


def reason(table: dict[str, str], name: str, parameter: str) -> str | None:
    return table.get(f"{name}.{parameter}") or table.get(parameter)


def test_that_every_class_of_torch_nn_is_a_layer_or_left_out_with_a_reason() -> None:
    shown = {name: value for name, value in vars(nn).items() if inspect.isclass(value)}
    theirs = {name for name, value in shown.items() if issubclass(value, nn.Module)}
    assert theirs - MODULES.keys() == {name for name in CLASSES_LEFT_OUT if name in theirs}
    assert not CLASSES_LEFT_OUT.keys() & MODULES.keys()
    assert len(MODULES) >= 130


def test_that_the_catalogue_covers_what_networks_are_built_of() -> None:
    assert len(OPERATIONS) >= 80
    assert sum(declared.family == "loss" for declared in CALLED.values()) >= 12
    assert {declared.family for declared in CATALOGUE.values()} == set(FAMILIES)


def test_that_a_layer_is_explained_in_plain_sentences() -> None:
    for name, declared in CATALOGUE.items():
        said = inspect.cleandoc(declared.__dict__["__doc__"])
        assert 1 <= len(re.findall(r"[.!](?:\s|$)", said)) <= 3, name
        for each in parameters(declared):
            assert re.fullmatch(r"[A-Z0-9].{8,}\.", each.help), (name, each.name, each.help)
        ports = [port.name for port in (*declared.inputs, *declared.outputs)]
        assert all(port.isidentifier() for port in ports), name
        assert len({port.name for port in declared.inputs}) == len(declared.inputs), name
        assert all(port.help for port in declared.inputs) or [port.name for port in declared.inputs] == ["input"], name
        assert declared.synonyms or declared.family == "output", name


@pytest.mark.parametrize("name", MODULES)
def test_that_parameters_and_defaults_are_those_of_torchs_class(name: str) -> None:
    declared = MODULES[name]
    assert declared.torch == f"nn.{name}"
    theirs = torch_signature(declared)
    for each in parameters(declared):
        if reason(OWN, name, each.name):
            continue
        assert each.name in theirs, f"{name} has no {each.name} in torch"
        if reason(OTHER_DEFAULTS, name, each.name):
            continue
        if not each.required:
            assert theirs[each.name] == each.default
            assert type(theirs[each.name]) is type(each.default) or isinstance(each.default, float)
        else:
            assert theirs[each.name] is inspect.Parameter.empty
    declared_names = {each.name for each in parameters(declared)}
    for missing in set(theirs) - declared_names - INFERRED:
        assert reason(LEFT_OUT, name, missing), (
            f"{name}.{missing} of torch is neither declared nor left out with a reason"
        )


@pytest.mark.parametrize("name", OPERATIONS)
def test_that_an_operation_is_a_function_of_torch_with_its_parameters(name: str) -> None:
    declared = OPERATIONS[name]
    theirs = torch_signature(declared)
    for each in parameters(declared):
        if reason(OWN, name, each.name):
            continue
        assert each.name in theirs
        if not each.required:
            assert theirs[each.name] == each.default


def test_that_no_reason_is_given_for_what_is_not_there() -> None:
    theirs = {name: torch_signature(declared) for name, declared in MODULES.items()}
    every = {parameter for signature in theirs.values() for parameter in signature}
    for table in (LEFT_OUT, OTHER_DEFAULTS):
        for key in table:
            name, _, parameter = key.rpartition(".")
            assert parameter in (theirs[name] if name else every)
    assert every >= INFERRED
    for key in OWN:
        name, _, parameter = key.rpartition(".")
        assert parameter in {each.name for each in parameters(CATALOGUE[name])}


def test_that_values_survive_json() -> None:
    for name, declared in CATALOGUE.items():
        for layer in varied(declared) if name in CALLED else [declared()]:
            values = {each.name: getattr(layer, each.name) for each in parameters(declared)}
            again, faults = read(declared, json.loads(json.dumps(values)))
            assert not faults, (name, faults)
            assert again == layer, name


def test_that_a_default_fits_its_own_declaration() -> None:
    for name, declared in CATALOGUE.items():
        for each in parameters(declared):
            for value in (each.default, each.dropped):
                assert fitted(each, value) == value, (name, each.name)


@PROJECTIONS
@pytest.mark.parametrize("name", CALLED)
def test_that_what_check_says_is_what_torch_does_in_training_and_after(name: str) -> None:
    ran = 0
    for layer in varied(CALLED[name]):
        inputs = fitting_inputs(layer)
        if inputs is None:
            continue
        for taken in (inputs, {**inputs, **OPTIONAL[name]}) if ran == 0 and name in OPTIONAL else (inputs,):
            found = examined(layer, taken)
            assert isinstance(found, Found), (layer, taken, found)
            given_ports = {port.name for port in type(layer).outputs if is_given(layer, port, found)}
            assert found.outputs.keys() == given_ports
            expect_what_check_says(layer, found, taken)
        ran += 1
    assert ran


def test_that_parameters_are_counted_as_torch_counts_them() -> None:
    for name, declared in MODULES.items():
        layer = declared(**dropped_values(declared))
        inputs = fitting_inputs(layer)
        assert inputs is not None, name
        found = examined(layer, inputs)
        assert isinstance(found, Found), name
        module = eval(construction(found.call), {"nn": nn})
        assert found.parameters == sum(weight.numel() for weight in module.parameters()), name


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("RNN", {}),
        ("GRU", {"num_layers": 2, "bidirectional": True}),
        ("LSTM", {"num_layers": 2, "bidirectional": True}),
        ("LSTM", {"num_layers": 2, "proj_size": 8}),
        ("MultiheadAttention", {}),
        ("TransformerEncoderLayer", {"dim_feedforward": 32}),
        ("TransformerEncoder", {"dim_feedforward": 32, "num_layers": 3}),
        ("TransformerDecoderLayer", {"dim_feedforward": 32}),
        ("TransformerDecoder", {"dim_feedforward": 32, "norm": True}),
        ("Transformer", {"dim_feedforward": 32, "num_encoder_layers": 1}),
        ("RNNCell", {}),
        ("GRUCell", {}),
        ("LSTMCell", {"hidden_size": 8}),
    ],
)
def test_that_a_closed_form_of_the_cost_equals_what_torch_counts(name: str, values: dict[str, Any]) -> None:
    layer = CATALOGUE[name](**{**dropped_values(CATALOGUE[name]), **values})
    inputs = fitting_inputs(layer)
    assert inputs is not None
    call = layer.call(inputs)
    _, counted = probed(layer, call, inputs)
    assert layer.macs(inputs) == counted


def test_that_a_rule_equals_what_meta_finds_where_meta_can() -> None:
    for name in ("RNN", "GRU", "LSTM"):
        for layer in varied(CATALOGUE[name]):
            inputs = fitting_inputs(layer)
            if inputs is not None:
                assert layer.rule(inputs) == probed(layer, layer.call(inputs), inputs)[0]


def test_that_dropping_a_layer_reads_batches_first() -> None:
    for name, declared in CATALOGUE.items():
        if "batch_first" in {each.name for each in parameters(declared)}:
            assert dropped_values(declared)["batch_first"] is True, name


SHAPES_AT_RANDOM: list[tuple[int | str, ...]] = [
    (), ("N",), ("N", 1), ("N", 5), ("N", 16), ("N", 64), ("N", 6, 16), ("N", 4, 4), ("N", 1, 7), ("N", 16, 1),
    ("N", 3, 8, 8), ("N", 16, 8, 8), ("N", 1, 1, 1), ("N", 4, 3, 5), ("N", 2, 4, 6, 8), (6, "N", 16), (4, 4),
]  # fmt: skip


def value_at_random(each: Parameter, draw: random.Random) -> Any:
    if each.optional and draw.random() < 0.2:
        return None
    by_kind: dict[str, list[Any]] = {
        "boolean": [True, False],
        "integer": [-3, -2, -1, 0, 1, 2, 3, 4, 5, 7, 8, 16],
        "number": [-1.0, 0.0, 0.1, 0.5, 1.0, 2.0, 3.5, 100.0],
        "choice": list(each.choices),
        "sizes": [0, 1, 2, 3, 5, 9, tuple(draw.choice([0, 1, 2, 3, 5]) for _ in range(each.length)), *each.choices],
        "shape": [tuple(draw.choice([-1, 0, 1, 2, 3, 4, 8]) for _ in range(draw.randint(1, 4)))],
        "numbers": [(0.5,), tuple(draw.choice([-1.0, 0.0, 2.5]) for _ in range(draw.randint(0, 4)))],
        "code": [each.default],
        "text": ["", "nc, nc -> n", "nij, njk -> nik", "a b, c", "ni->", "ab, bc -> ac", "nij, nkj -> nik"],
    }
    return draw.choice(by_kind[each.kind])


def drawn_at_random(declared: type[Layer], draw: random.Random) -> tuple[Layer, Inputs]:
    """A layer with some of its settings at random, and inputs at random, most of which it must refuse."""
    values = dropped_values(declared)
    for each in parameters(declared):
        if draw.random() < 0.35:
            values[each.name] = value_at_random(each, draw)
    ports: list[str] = []
    for port in declared.inputs:
        if not port.optional or draw.random() < 0.2:
            ports += [f"{port.name}_0", f"{port.name}_1"] if port.variadic else [port.name]
    dtypes = ["float32"] * 6 + ["int64", "bool"]
    specs = [Spec(draw.choice(SHAPES_AT_RANDOM), draw.choice(dtypes), draw.choice([0, 0, 3])) for _ in range(3)]
    same = draw.random() < 0.5
    return read(declared, values)[0], {port: specs[0] if same else draw.choice(specs) for port in ports}


def refused_or_true(name: str, draw: random.Random) -> None:
    """Settings and inputs of any kind are refused in one sentence, or run on real tensors as check says."""
    layer, inputs = drawn_at_random(CALLED[name], draw)
    found = examined(layer, inputs)
    if isinstance(found, Found):
        expect_what_check_says(layer, found, inputs)
        return
    assert re.fullmatch(r"[A-Z].+[.!]", found.message), found.message
    assert "None" not in found.message or found.why, found.message


def expect_what_check_says(layer: Layer, found: Found, inputs: Inputs, device: str = "cpu") -> None:
    """Real tensors at both batches, in training and after it, have the shapes and kinds of number that check says."""
    for batch, training in itertools.product(BATCHES, (True, False)):
        outputs = real_outputs(layer, found.call, inputs, batch, training, device)
        made = {port: (tuple(tensor.shape), str(tensor.dtype)) for port, tensor in outputs.items()}
        assert made == {
            port: (tuple(size_at(size, batch) for size in spec.shape), f"torch.{spec.dtype}")
            for port, spec in found.outputs.items()
        }, (layer, inputs)


def drawn_together(declared: type[Layer], draw: random.Random) -> Layer:
    """A layer with several settings at once at values that their bounds allow, each by itself."""
    values = dropped_values(declared)
    for each in parameters(declared):
        allowed = [value for value in other_values(each) if not read(declared, {each.name: value})[1]]
        if allowed and draw.random() < 0.5:
            values[each.name] = draw.choice(allowed)
    return read(declared, values)[0]


def right_together(name: str, draw: random.Random) -> None:
    """What check says of several settings at once is what torch does, where they go together at all."""
    layer = drawn_together(CALLED[name], draw)
    inputs = fitting_inputs(layer)
    if inputs is not None:
        found = examined(layer, inputs)
        assert isinstance(found, Found), (layer, inputs, found)
        expect_what_check_says(layer, found, inputs)


def draws(count: int) -> settings:
    """So many draws, the same in every run."""
    return settings(
        max_examples=count, derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )


RANDOM = st.randoms(use_true_random=False)


@PROJECTIONS
@pytest.mark.parametrize("name", CALLED)
@draws(6)
@given(draw=RANDOM)
def test_that_settings_and_inputs_at_random_are_refused_in_words_or_run(name: str, draw: random.Random) -> None:
    refused_or_true(name, draw)


@PROJECTIONS
@pytest.mark.parametrize("name", CALLED)
@draws(3)
@given(draw=RANDOM)
def test_that_several_settings_at_once_run_as_check_says(name: str, draw: random.Random) -> None:
    right_together(name, draw)


@pytest.mark.campaign
@PROJECTIONS
@pytest.mark.parametrize("name", CALLED)
@draws(500)
@given(draw=RANDOM)
def test_that_many_settings_and_inputs_at_random_are_refused_in_words_or_run(name: str, draw: random.Random) -> None:
    refused_or_true(name, draw)


@pytest.mark.campaign
@PROJECTIONS
@pytest.mark.parametrize("name", CALLED)
@draws(200)
@given(draw=RANDOM)
def test_that_many_settings_at_once_run_as_check_says(name: str, draw: random.Random) -> None:
    right_together(name, draw)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("family", FAMILIES)
def test_that_layers_run_on_cuda_as_check_says(family: str) -> None:
    for name in (name for name, declared in CALLED.items() if declared.family == family):
        layer, inputs = first_fitting(name)
        found = examined(layer, inputs)
        assert isinstance(found, Found)
        expect_what_check_says(layer, found, inputs, "cuda")


# ---- the source of each layer


GROUPS = [[name for index, name in enumerate(CALLED) if index % 4 == group] for group in range(4)]


@pytest.mark.parametrize("names", GROUPS, ids=["first", "second", "third", "fourth"])
def test_that_the_source_of_each_layer_compiles_and_gives_what_torch_gives(names: list[str], tmp_path: Path) -> None:
    project = side_by_side(names, tmp_path)
    checked = check(project, 0)
    assert [problem.message for problem in checked.problems if problem.severity == "error"] == []
    source = written(project, checked)
    for file, text in source.files.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    torch.manual_seed(0)
    module, script = build(tmp_path)
    model = module.Model()
    verify(module.Model, project, checked)
    rows = load(project.data).parts["training"]
    for batch, training in itertools.product(BATCHES, (True, False)):
        given = {field: torch.from_numpy(values[:batch].copy()) for field, values in rows.items()}
        model.train(training)
        own = Interpreter(project.graph, checked, model)
        inputs = {node_id: given[node_id] for node_id, node in project.graph.nodes.items() if node.layer == "Input"}
        with SameDraws():
            values = own.values(inputs, training)
        with SameDraws():
            loss, outputs = script.objective(model.train(training), given)
        assert torch.equal(loss, own.total(values))
        assert len(outputs) == len(checked.outputs)
        for (node_id, port), output in zip(checked.outputs, outputs, strict=True):
            spec = checked.nodes[node_id].outputs[port]
            assert tuple(output.shape) == tuple(size_at(size, batch) for size in spec.shape), node_id
            assert str(output.dtype) == f"torch.{spec.dtype}", node_id
            assert torch.equal(output.nan_to_num(), values[node_id, port].nan_to_num()), node_id
