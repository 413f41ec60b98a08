"""The text of how weights begin: lines of `__init__` behind the modules, and what stays still while others learn."""

from __future__ import annotations

from collections.abc import Iterator

from core.blocks import used_in
from core.source.flow import Flow, Step
from core.source.statements import Line
from core.weights import Shapes, Weights, filled, is_bias, weights_of


def initial_lines(flow: Flow) -> list[Line]:
    """The lines that fill and freeze weights, for each node that asks for it."""
    return [Line(text, step.node) for step in flow.held for text in _of_step(flow, step)]


def has_loaded(flow: Flow) -> bool:
    """Whether the model begins with weights from a file."""
    graph = flow.project.graph
    inner = (graph.blocks[name].nodes.values() for name in used_in(graph.nodes, graph.blocks))
    return any(weights_of(node).file for nodes in inner for node in nodes) or any(
        weights_of(graph.nodes[step.node]).file
        for step in flow.held
        if (held := flow.checked.nodes[step.node].held) and held.state
    )


def train_lines(flow: Flow, name: str = "Model") -> list[Line]:
    """The method `train` that leaves frozen modules in evaluation mode; none where they work the same in both."""
    still = [step for step in flow.held if _is_still(flow, step)]
    if not still:
        return []
    return [
        Line(f'def train(self, mode: bool = True) -> "{name}":'),
        Line('    """Frozen layers work as in evaluation, so that nothing in them moves."""'),
        Line("    super().train(mode)"),
        *(Line(f"    self.{flow.names[step.node]}.eval()", step.node) for step in still),
        Line("    return self"),
    ]


def _is_still(flow: Flow, step: Step) -> bool:
    held = flow.checked.nodes[step.node].held
    return held is not None and held.differs and weights_of(flow.project.graph.nodes[step.node]).frozen


def _of_step(flow: Flow, step: Step) -> Iterator[str]:
    node, held = flow.project.graph.nodes[step.node], flow.checked.nodes[step.node].held
    if not node.weights or held is None or not held.parameters:
        return
    begin, home = weights_of(node), f"self.{flow.names[step.node]}"
    if not begin.file and node.layer not in flow.project.graph.blocks:  # how those in a block begin stands in its class
        yield from _filled(home, begin, held.parameters)
        row = dict(step.call.keywords).get("padding_idx")
        if begin.init != "default" and isinstance(row, int) and "weight" in held.parameters:
            yield f"nn.init.zeros_({home}.weight[{row}])"  # padding means nothing, as torch's own way leaves it
    if begin.frozen:
        yield f"{home}.requires_grad_(False)"


def _filled(home: str, begin: Weights, shapes: Shapes) -> Iterator[str]:
    """A line for each weight where that is one, or a loop over all that the module holds."""
    weights = filled(shapes, begin.init) if begin.init != "default" else []
    biases = [name for name in shapes if is_bias(name)] if begin.bias != "default" else []
    if len(weights) <= 1 and len(biases) <= 1 and all(_is_attribute(name) for name in (*weights, *biases)):
        for name in weights:
            yield begin.call(f"{home}.{name}" if name else home)
        for name in biases:
            yield begin.bias_call(f"{home}.{name}")
        return
    choice = _choice(shapes, weights)
    if any(map(is_bias, shapes)) and not biases:
        choice = " and ".join(filter(None, ['"bias" not in name', choice]))
    found = [('"bias" in name', begin.bias_call("values"))] if biases else []
    found += [(choice, begin.call("values"))] if weights else []
    if found == [("", begin.call("values"))]:
        yield f"for values in {home}.parameters():"
        yield f"    {begin.call('values')}"
        return
    named = any("in name" in condition for condition, _ in found)
    yield f"for name, values in {home}.named_parameters():" if named else f"for values in {home}.parameters():"
    for place, (condition, text) in enumerate(found):
        yield f"    {'el' * (place > 0)}if {condition}:" if condition else "    else:"
        yield f"        {text}"


def _is_attribute(name: str) -> bool:
    return not name or all(part.isidentifier() for part in name.split("."))


def _choice(shapes: Shapes, weights: list[str]) -> str:
    """The condition that picks these weights among all that are no biases, as short as it can be."""
    left = [len(shapes[name]) for name in shapes if not is_bias(name) and name not in weights]
    if not left or not weights:
        return ""
    ranks = sorted({len(shapes[name]) for name in weights})
    if ranks[0] > 1 >= max(left):
        return "values.dim() > 1"
    return f"values.dim() == {ranks[0]}" if len(ranks) == 1 else f"values.dim() in {tuple(ranks)!r}"
