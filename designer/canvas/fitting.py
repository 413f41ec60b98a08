"""What a layer says of an input before anyone waits for check: its own words, asked with what is known to arrive.

Only what the layer itself refuses is known here (axes, dtype, batch, sizes that it names); where another input is
missing, or the layer leaves the answer to torch, nothing speaks against the link, and check has the last word.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.anatomy import reading_of
from core.graph import Graph, Link
from core.layers import Layer, Refused
from core.layers.block import BlockUse
from core.messages import NodeReport
from core.parameters import dropped_values, read
from core.specs import Spec

Reports = Mapping[str, NodeReport]


def spec_of(reports: Reports, node_id: str, output: str) -> Spec | None:
    """What an output is known to give."""
    report = reports.get(node_id)
    return report.outputs.get(output) if report else None


def refusal(graph: Graph, reports: Reports, link: Link, instead_of: tuple[Link, ...] = ()) -> str:
    """Why the target's layer would not take what arrives along a link that is not there yet; "" where it may."""
    node = graph.nodes[link.target]
    spec = spec_of(reports, link.source, link.output)
    reading = reading_of(node, graph.blocks)
    if spec is None or reading is None or node.muted:
        return ""
    arriving: dict[str, Spec] = {}
    for port, held in graph.arriving.get(link.target, {}).items():
        known = None if held in instead_of else spec_of(reports, held.source, held.output)
        if known is not None:
            arriving[port] = known
    return refused(reading.layer, {**arriving, link.input: spec}, link.input, link.source)


def refusal_of_entry(declared: type[Layer], spec: Spec | None, source: str) -> str:
    """Why a layer, as it is dropped, would not take this at its first input; "" where it may.

    A block says nothing beforehand: what it takes shows when it is looked at.
    """
    if spec is None or not declared.inputs or issubclass(declared, BlockUse):
        return ""
    port = declared.inputs[0]
    name = f"{port.name}_0" if port.variadic else port.name
    layer = read(declared, dropped_values(declared))[0]
    return refused(layer, {name: spec}, name, source)


def refused(layer: Layer, arriving: Mapping[str, Spec], port: str, source: str) -> str:
    """The sentence with which a layer refuses what arrives at a port, or ""."""
    try:
        layer.call(arriving)
    except Refused as fault:
        return fault.message.replace("{source}", source) if fault.port == port else ""
    except Exception:
        # An input that it needs is missing, or a layer of another package stumbles: nothing is known of this one.
        return ""
    return ""


def refusal_of_another(
    graph: Graph, reports: Reports, node_id: str, declared: type[Layer], ports: Mapping[str, str]
) -> str:
    """Why a layer would not take what arrives at a node in its place; `ports` says at which of its inputs."""
    if issubclass(declared, BlockUse):
        return ""
    held = graph.arriving[node_id]
    arriving: dict[str, Spec] = {}
    for before, after in ports.items():
        spec = spec_of(reports, held[before].source, held[before].output)
        if spec is not None:
            arriving[after] = spec
    layer = read(declared, dropped_values(declared))[0]
    said = (refused(layer, arriving, after, held[before].source) for before, after in ports.items())
    return next(filter(None, said), "")
