"""What gradients flow through in a drawn graph, and where a layer wants one that there is not, or refuses one."""

from __future__ import annotations

from collections.abc import Mapping

from core.anatomy import nodes_by_layer, nodes_of, reached
from core.graph import Graph, Link
from core.layers import CATALOGUE
from core.messages import NodeReport, Problem
from core.repairs import Insert, Repair
from core.weights import weights_of

GRADIENT = "Gradient"


def problems(graph: Graph, reports: Mapping[str, NodeReport]) -> list[Problem]:
    """Every Gradient that torch could not take, and every input that must not be learned through but is."""
    layers = [layer for layer in nodes_by_layer(graph) if layer == GRADIENT or _constant_ports(layer)]
    asking = [node_id for node_id in nodes_of(graph, *layers) if _asks(graph, reports, node_id)]
    if not asking:
        return []
    followed = _followed(graph, reports)
    found: list[Problem] = []
    for node_id in asking:
        links, layer = graph.arriving[node_id], graph.nodes[node_id].layer
        if layer == GRADIENT:
            found += _gradient(graph, node_id, reports, followed)
        found += [
            _refused(node_id, links[port])
            for port in _constant_ports(layer)
            if port in links and links[port].source in followed
        ]
    return found


def _constant_ports(layer: str) -> tuple[str, ...]:
    return CATALOGUE[layer].constant_ports if layer in CATALOGUE else ()


def _asks(graph: Graph, reports: Mapping[str, NodeReport], node_id: str) -> bool:
    """Whether a node that is sound so far is a Gradient, or has a link to an input that must not be learned."""
    node, report = graph.nodes[node_id], reports.get(node_id)
    if node.muted or report is None or not report.outputs:
        return False
    return node.layer == GRADIENT or any(port in graph.arriving[node_id] for port in _constant_ports(node.layer))


def _followed(graph: Graph, reports: Mapping[str, NodeReport]) -> set[str]:
    """The nodes that depend on something learned, or on a RequiresGrad, in a way that torch can differentiate."""
    starts = [
        node_id
        for node_id, node in graph.nodes.items()
        if not node.muted
        and (
            node.layer == "RequiresGrad"
            or (node_id in reports and reports[node_id].parameters and not weights_of(node).frozen)
        )
    ]
    return reached(_open(graph, reports), starts)


def _open(graph: Graph, reports: Mapping[str, NodeReport]) -> Graph:
    """The graph without the links that no gradient passes: into a Detach, and of whole numbers and truths."""

    def passes(link: Link) -> bool:
        target, report = graph.nodes[link.target], reports.get(link.source)
        spec = report.outputs.get(link.output) if report else None
        return (target.layer != "Detach" or target.muted) and (spec is None or spec.is_floating)

    return Graph(graph.nodes, tuple(link for link in graph.links if link.target in graph.nodes and passes(link)))


def _gradient(graph: Graph, node_id: str, reports: Mapping[str, NodeReport], followed: set[str]) -> list[Problem]:
    links = graph.arriving[node_id]
    by, value = links["by"].source, links["value"].source
    if by not in followed:
        message = (
            f"{node_id} expects a value that torch follows at by, but receives {by}, which nothing is learned through: "
            f"put RequiresGrad behind {by}, and link both {node_id} and what leads to {value} to it."
        )
        return [Problem("error", node_id, "by", message)]
    if value not in reached(_open(graph, reports), [by]):
        message = (
            f"{node_id} expects a value that depends on {by}, but {value} is made without it: link what leads to "
            f"{value} to {by}."
        )
        return [Problem("error", node_id, "value", message)]
    return []


def _refused(node_id: str, link: Link) -> Problem:
    message = (
        f"{node_id} cannot be learned through its {link.input}, but receives {link.source} there, which is learned: "
        "insert Detach."
    )
    repair = Repair("Insert Detach", (Insert(node_id, link.input, "Detach"),))
    return Problem("error", node_id, link.input, message, repair)
