"""The text of model.py: one class that holds every module with weights, and `forward`, the model part."""

from __future__ import annotations

from collections.abc import Mapping

from core.layers.calls import construction
from core.source.blocks import Laid
from core.source.classes import class_lines
from core.source.docstrings import docstring, joined, shape_words
from core.source.flow import Flow, Value, import_lines, takes_gradients
from core.source.initial import initial_lines, train_lines
from core.source.paths import all_code
from core.source.statements import WIDTH, Body, Line, comments, indented

UNFINISHED = 'raise NotImplementedError("This network is not finished.")'


def model_lines(laid: Laid, weights: str = "") -> list[Line]:
    """The lines of model.py; `weights` names the file beside it that the docstring shows how to load."""
    flow = laid.flow
    returns = "Outputs" if len(flow.outputs) > 1 and flow.is_whole else "Tensor"
    lines = [*_head(laid, weights, returns), Line(""), Line(""), *code_lines(all_code(laid))]
    for made in laid.classes:
        lines += [*class_lines(made), Line(""), Line("")]
    if returns == "Outputs":
        fields = [(name, node_id) for (name, _), node_id in zip(flow.outputs, flow.output_nodes, strict=True)]
        lines += _tuple("Outputs", "What the model returns.", fields)
    if _has_values(flow):
        lines += _tuple("Values", "What the model computes for its outputs and for the loss.", _values(flow))
    lines += [Line("class Model(nn.Module):"), *indented(_docstring(flow))]
    if flow.held:
        lines += [Line(""), Line("    def __init__(self) -> None:"), Line("        super().__init__()")]
        for step in flow.held:
            lines.append(Line(f"        self.{flow.names[step.node]} = {construction(step.call)}", step.node))
        lines += indented(indented(initial_lines(flow)))
        still = train_lines(flow)
        lines += [Line(""), *indented(still)] if still else []
    return [*lines, Line(""), *indented(_functions(flow, returns))]


def _head(laid: Laid, weights: str, returns: str) -> list[Line]:
    flows = [laid.flow, *(made.flow for made in laid.classes)]
    steps = [step for flow in flows for step in flow.in_model_file]
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
    needed = import_lines(steps) - {"import torch"}
    lines += ["", *sorted(line for line in needed if "__future__" in line)]
    if returns == "Outputs" or _has_values(laid.flow):
        lines += ["from typing import NamedTuple", ""]
    written = [step.call.expression for flow in flows for step in flow.model]
    written += [construction(step.call) for flow in flows for step in flow.held]
    if any("torch." in text for text in written) or "import torch" in import_lines(steps):
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
    takes = [f"{flow.names[node_id]} {shape_of(flow, (node_id, 'output'))}" for node_id in flow.arguments]
    gives = [f"{name} {shape_of(flow, value)}" for name, value in flow.outputs] if flow.is_whole else []
    takes, gives = [text.strip() for text in takes], [text.strip() for text in gives]
    is_short = len(f'"""Takes {joined(takes)} and returns {joined(gives)}."""') <= WIDTH - 4
    return docstring(takes, gives, "" if is_short else "The network.")


def shape_of(flow: Flow, value: Value) -> str:
    """The shape of a value, `(N, 10)`, with its dtype where that is not float32."""
    report = flow.checked.nodes.get(value[0])
    spec = report.outputs.get(value[1]) if report else None
    return shape_words(spec) if spec else ""


def _functions(flow: Flow, returns: str) -> list[Line]:
    arguments = ", ".join(["self", *(f"{flow.names[node_id]}: Tensor" for node_id in flow.arguments)])
    only = flow.arguments[0] if len(flow.arguments) == 1 else ""
    follows = [Line("@torch.enable_grad()")] * takes_gradients(flow.model)
    if not _has_values(flow):
        return [*follows, Line(f"def forward({arguments}) -> {returns}:", only), *indented(_forward(flow))]
    named = value_names(flow)
    body = Body(flow, flow.model, "self", flow.given, named)
    made = ", ".join(flow.given.get(value, name) for value, name in named.items())
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
        *indented(inner),
        Line(""),
        Line(f"def forward({arguments}) -> {returns}:", only),
        *indented(outer),
    ]


def _forward(flow: Flow) -> list[Line]:
    """The body of `forward` where the objective takes nothing from inside it."""
    given = flow.given
    drawn = [node_id for node_id in flow.output_nodes if node_id]
    lost = comments(flow.missing, missing_in_model(flow), 8)
    if not flow.is_whole:
        return [*Body(flow, flow.model, "self", given, {}).lines, *lost, Line(UNFINISHED)]
    last = flow.model[-1] if flow.model else None
    if len(flow.outputs) == 1 and last and flow.outputs[0][1][0] == last.node and last.is_expression:
        *before, end = Body(flow, flow.model, "self", given, {}, returned=flow.output_nodes[0]).lines
        return [*before, *lost, end]
    named = {value: name for value, name in value_names(flow).items() if value not in given}
    lines = [*Body(flow, flow.model, "self", given, named).lines, *lost]
    said = ", ".join(given.get(value) or named[value] for _, value in flow.outputs)
    said = f"Outputs({said})" if len(flow.outputs) > 1 else said
    return [*lines, Line(f"return {said}", drawn[0] if len(drawn) == 1 == len(flow.outputs) else "")]


def missing_in_model(flow: Flow) -> list[str]:
    """The missing nodes that model.py speaks of: all but losses."""
    return [node_id for node_id in flow.missing if not flow.is_loss(node_id)]
