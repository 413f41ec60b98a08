"""The text of model.py: one class that holds every module with weights, and `forward`, the model part."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from core.layers.calls import construction
from core.source.flow import Flow, Value, import_lines, own_code, takes_gradients
from core.source.initial import initial_lines, train_lines
from core.source.statements import WIDTH, Body, Line, comments
from core.specs import Spec

UNFINISHED = 'raise NotImplementedError("This network is not finished.")'


def model_lines(flow: Flow, weights: str = "") -> list[Line]:
    """The lines of model.py; `weights` names the file beside it that the docstring shows how to load."""
    returns = "Outputs" if len(flow.outputs) > 1 and flow.is_whole else "Tensor"
    lines = [*_head(flow, weights, returns), Line(""), Line(""), *code_lines(own_code(flow.in_model_file))]
    if returns == "Outputs":
        fields = [(name, node_id) for (name, _), node_id in zip(flow.outputs, flow.output_nodes, strict=True)]
        lines += _tuple("Outputs", "What the model returns.", fields)
    if _has_values(flow):
        lines += _tuple("Values", "What the model computes for its outputs and for the loss.", _values(flow))
    lines += [Line("class Model(nn.Module):"), *_indented(_docstring(flow))]
    if flow.held:
        lines += [Line(""), Line("    def __init__(self) -> None:"), Line("        super().__init__()")]
        for step in flow.held:
            lines.append(Line(f"        self.{flow.names[step.node]} = {construction(step.call)}", step.node))
        lines += _indented(_indented(initial_lines(flow)))
        still = train_lines(flow)
        lines += [Line(""), *_indented(still)] if still else []
    return [*lines, Line(""), *_indented(_functions(flow, returns))]


def _head(flow: Flow, weights: str, returns: str) -> list[Line]:
    lines = ['"""The network as a PyTorch module."""']
    if weights:
        lines = [
            '"""The network as a PyTorch module; it needs torch, and safetensors for the weights.',
            "",
            "    model = Model()",
            f'    model.load_state_dict(safetensors.torch.load_file("{weights}"))',
            "    model.eval()",
            '"""',
        ]
    needed = import_lines(flow.in_model_file) - {"import torch"}
    lines += ["", *sorted(line for line in needed if "__future__" in line)]
    if returns == "Outputs" or _has_values(flow):
        lines += ["from typing import NamedTuple", ""]
    written = [step.call.expression for step in flow.model] + [construction(step.call) for step in flow.held]
    if any("torch." in text for text in written) or "import torch" in import_lines(flow.in_model_file):
        lines += ["import torch"]
    lines += sorted(line for line in needed if "__future__" not in line)
    return [Line(text) for text in [*lines, "from torch import Tensor, nn"]]


def code_lines(texts: Mapping[str, str]) -> list[Line]:
    """The texts that people wrote, one below the other, each with its node."""
    lines: list[Line] = []
    for text, node_id in texts.items():
        lines += [*(Line(line, node_id) for line in text.split("\n")), Line(""), Line("")]
    return lines


def _tuple(name: str, about: str, fields: list[tuple[str, str]]) -> list[Line]:
    lines = [Line(f"class {name}(NamedTuple):"), Line(f'    """{about}"""'), Line("")]
    return [*lines, *(Line(f"    {field}: Tensor", node_id) for field, node_id in fields), Line(""), Line("")]


def _has_values(flow: Flow) -> bool:
    return bool(flow.inner) and flow.is_whole


def _values(flow: Flow) -> list[tuple[str, str]]:
    """The fields of `Values` with their nodes: each output once, then what only the objective takes."""
    return [(name, value[0]) for value, name in value_names(flow).items()]


def value_names(flow: Flow) -> dict[Value, str]:
    """The name of each value that leaves the body of the model: outputs first, each value once."""
    named: dict[Value, str] = {}
    for name, value in flow.outputs:
        named.setdefault(value, name)
    for value in flow.inner:
        named[value] = flow.ports.get(value) or flow.names[value[0]]
    return named


def _docstring(flow: Flow) -> list[Line]:
    takes = [f"{flow.names[node_id]} {_shape(flow, (node_id, 'output'))}" for node_id in flow.arguments]
    gives = [f"{name} {_shape(flow, value)}" for name, value in flow.outputs] if flow.is_whole else []
    takes, gives = [text.strip() for text in takes], [text.strip() for text in gives]
    said = f'"""Takes {_and(takes)} and returns {_and(gives)}."""'
    if takes and gives and len(said) <= WIDTH - 4:
        return [Line(said)]
    if not takes or not gives:
        return [Line('"""A network that is not finished yet."""')]
    wrapped: list[str] = []
    for text in (f"Takes {_and(takes)}.", f"Returns {_and(gives)}."):
        wrapped += textwrap.wrap(text, WIDTH - 4, break_long_words=False, subsequent_indent="  ")
    return [Line(text) for text in ['"""The network.', "", *wrapped, '"""']]


def _and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _shape(flow: Flow, value: Value) -> str:
    """The shape of a value, `(N, 10)`, with its dtype where that is not float32."""
    report = flow.checked.nodes.get(value[0])
    spec = report.outputs.get(value[1]) if report else None
    return shape_words(spec) if spec else ""


def shape_words(spec: Spec) -> str:
    """A shape as it stands in a docstring: `(N, 10)`, `(N, 16) of int64`."""
    sizes = [str(size) for size in spec.shape]
    if not all(set(size) <= set("0123456789NT*+- ") for size in sizes):
        return ""
    inner = ", ".join(sizes) + "," * (len(sizes) == 1)
    kind = f" of {spec.dtype}" if spec.dtype in ("int64", "bool", "float64", "int32", "float16", "bfloat16") else ""
    return f"({inner}){kind}"


def _functions(flow: Flow, returns: str) -> list[Line]:
    arguments = ", ".join(["self", *(f"{flow.names[node_id]}: Tensor" for node_id in flow.arguments)])
    only = flow.arguments[0] if len(flow.arguments) == 1 else ""
    follows = [Line("@torch.enable_grad()")] * takes_gradients(flow.model)
    if not _has_values(flow):
        return [*follows, Line(f"def forward({arguments}) -> {returns}:", only), *_indented(_forward(flow))]
    named = value_names(flow)
    body = Body(flow, flow.model, "self", _given(flow), named)
    made = ", ".join(_given(flow).get(value, name) for value, name in named.items())
    inner = [
        Line('"""Everything that the outputs and the loss are made of."""'),
        *body.lines,
        Line(f"return Values({made})"),
    ]
    passed = ", ".join(flow.names[node_id] for node_id in flow.arguments)
    taken = [f"values.{named[value]}" for _, value in flow.outputs]
    outer = [Line(f"return self.values({passed}).{named[flow.outputs[0][1]]}")]
    if returns == "Outputs":
        outer = [Line(f"values = self.values({passed})"), Line(f"return Outputs({', '.join(taken)})")]
    return [
        *follows,
        Line(f"def values({arguments}) -> Values:", only),
        *_indented(inner),
        Line(""),
        Line(f"def forward({arguments}) -> {returns}:", only),
        *_indented(outer),
    ]


def _given(flow: Flow) -> dict[Value, str]:
    return {(node_id, "output"): flow.names[node_id] for node_id in flow.arguments}


def _forward(flow: Flow) -> list[Line]:
    """The body of `forward` where the objective takes nothing from inside it."""
    given = _given(flow)
    drawn = [node_id for node_id in flow.output_nodes if node_id]
    lost = comments(flow.missing, missing_in_model(flow), 8)
    if not flow.is_whole:
        return [*Body(flow, flow.model, "self", given, {}).lines, *lost, Line(UNFINISHED)]
    if len(flow.outputs) == 1 and not drawn and flow.model and not flow.model[-1].call.unpack:
        value = flow.outputs[0][1]
        before = Body(flow, flow.model[:-1], "self", given, {}, frozenset(flow.model[-1].arguments.values()))
        if value[0] == flow.model[-1].node:
            return [*before.lines, *lost, Line(f"return {before.expression(flow.model[-1])}", value[0])]
    named = {value: name for value, name in value_names(flow).items() if value not in given}
    lines = [*Body(flow, flow.model, "self", given, named).lines, *lost]
    said = ", ".join(given.get(value) or named[value] for _, value in flow.outputs)
    said = f"Outputs({said})" if len(flow.outputs) > 1 else said
    return [*lines, Line(f"return {said}", drawn[0] if len(drawn) == 1 == len(flow.outputs) else "")]


def missing_in_model(flow: Flow) -> list[str]:
    """The missing nodes that model.py speaks of: all but losses."""
    return [node_id for node_id in flow.missing if not flow.is_loss(node_id)]


def _indented(lines: list[Line]) -> list[Line]:
    return [Line("    " + line.text if line.text else "", line.node) for line in lines]
