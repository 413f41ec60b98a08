"""How weights are asked to begin, held against what the node holds: what does not fit is said at the node."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from core.engine.pretrained import Unfit, held_by, tensors
from core.graph import Graph, Node
from core.layers import Call, Inputs, Layer
from core.messages import Held, Problem
from core.parameters import parameter_of, read
from core.repairs import Repair, SetValue, SetWeights
from core.weights import AXES, Shapes, Weights, declared_for, filled, is_bias, shape_words, weights_of


def looked_at(
    graph: Graph, node_id: str, layer: Layer | None, call: Call | None, inputs: Inputs, own: Held | None
) -> tuple[Held | None, list[Problem]]:
    """What a node with settings of weights holds, and what of these settings does not fit; no tensor is read.

    `own` is what a person's code holds, which was found where it was tried: it is not run again here.
    """
    node = graph.nodes[node_id]
    problems = value_problems(graph, node_id)
    if problems or layer is None or call is None:
        return None, problems
    held = (own or Held()) if call.code else held_by(call)
    if held is None:
        return None, problems
    problems += [*_shape_problems(node_id, node, held), *_shortened(node_id, node, call)]
    if weights_of(node).file and held.state:
        try:
            tensors(node_id, node, held, None if call.code else layer, inputs)
        except Unfit as unfit:
            problems.append(Problem("error", node_id, "", str(unfit), unfit.repair))
    return held, problems


def all_frozen(graph: Graph, counts: Mapping[str, int], own: Collection[str]) -> Problem | None:
    """What is said where every layer with weights is frozen.

    `counts` holds how many parameters each node has; `own` are the nodes of the project's own drawing that are frozen.
    """
    frozen = [node for node, count in counts.items() if count and weights_of(graph.nodes[node]).frozen]
    if not frozen or len(frozen) < sum(map(bool, counts.values())):
        return None
    last = frozen[-1].partition("/")[0]  # in a block it may be the use that is frozen, or the node inside
    message = f"There is nothing to train: every layer with weights is frozen; let one learn, for example {last}."
    repair = Repair(f"Unfreeze {last}", (SetWeights(last, "frozen", None),))
    return Problem("error", "", "", message, repair if last in own else None)


def value_problems(graph: Graph, node_id: str) -> list[Problem]:
    """What is wrong with the values themselves."""
    node = graph.nodes[node_id]
    declared = declared_for(node, graph.blocks)
    problems: list[Problem] = []
    for name, sentence in read(declared, node.weights)[1]:
        if parameter_of(Weights, name) and not parameter_of(declared, name):
            sentence = f"{name} is set on the layers inside the block, not on a use of it: enter it, or reset {name}."
        repair = Repair(f"Reset {name[:60]}", (SetWeights(node_id, name, None),))
        problems.append(Problem("error", node_id, "", f"Weights of {node_id}: {sentence}", repair))
    return problems


def _shortened(node_id: str, node: Node, call: Call) -> Iterator[Problem]:
    """What is said where torch changes weights as they are used, frozen or not."""
    if weights_of(node).frozen and dict(call.keywords).get("max_norm") is not None:
        message = f"{node_id} is frozen, but max_norm still shortens its rows as they are used: set max_norm to none."
        repair = Repair("Set max_norm to none", (SetValue(node_id, "max_norm", None),))
        yield Problem("warning", node_id, "", message, repair)


def _shape_problems(node_id: str, node: Node, held: Held) -> Iterator[Problem]:
    """Where a function cannot fill what the node holds, and settings that do nothing."""
    begin, shapes = weights_of(node), held.parameters
    back = Repair("Let the weights begin as by default", (SetWeights(node_id, "init", None),))
    if not (shapes or (begin.init == begin.bias == "default" and (held.state or (begin.frozen and held.differs)))):
        edits = tuple(SetWeights(node_id, name, None) for name in node.weights)
        message = f"{node_id} has no weights, so its settings of weights do nothing: reset them."
        yield Problem("note", node_id, "", message, Repair("Reset the weights", edits))
        return
    if begin.init != "default" and not filled(shapes, begin.init):
        yield Problem("error", node_id, "", _unfit(node_id, begin.init, shapes), back)
    elif begin.init == "dirac_":
        for name in filled(shapes, begin.init):
            if shapes[name][0] % begin.groups:
                message = (
                    f"{node_id} begins with dirac_ in {begin.groups} groups, which must divide the {shapes[name][0]} "
                    f"of its {name} ({shape_words(shapes[name])}): set groups to 1."
                )
                yield Problem(
                    "error", node_id, "", message, Repair("Set groups to 1", (SetWeights(node_id, "groups", None),))
                )
    elif begin.init in ("uniform_", "trunc_normal_") and not begin.a < begin.b:
        message = (
            f"{node_id} begins with {begin.init} from a = {begin.a:g} to b = {begin.b:g}, but a must be less than b: "
            "change one of them."
        )
        edits = (SetWeights(node_id, "a", None), SetWeights(node_id, "b", None))
        yield Problem("error", node_id, "", message, Repair("Reset a and b", edits))
    if begin.bias != "default" and not any(map(is_bias, shapes)):
        message = f"{node_id} has no bias, so {begin.bias} for its bias does nothing: reset it, or set bias to true."
        repair = Repair("Reset bias", (SetWeights(node_id, "bias", None),))
        yield Problem("note", node_id, "", message, repair)


def _unfit(node_id: str, function: str, shapes: Shapes) -> str:
    low, high = AXES[function]
    needed = f"{low}" if low == high else f"{low} to {high}" if high < 99 else f"at least {low}"
    name = next(iter(filled(shapes)), next(iter(shapes)))
    ranks = len(shapes[name])
    held = f"its {name or 'value'} has {ranks} ({shape_words(shapes[name])})"
    return (
        f"{node_id} begins with {function}, which needs weights of {needed} axes, but {held}: choose another "
        "initialisation, for example normal_."
    )
