"""Edits around blocks: names, parameters with all that refers to them, copies of their own, sharing, and pasting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from core import graph as graphs
from core import project as projects
from core.blocks import BlockFault, inside, order_of, used_in, with_block, with_inside
from core.expressions import ExpressionFault, expression, has_expression, names_in, resolved, rewritten
from core.graph import Block, BlockParameter, Graph, Node, natural
from core.layers import CATALOGUE
from core.layers.block import can_be_named
from core.parameters import Parameter, Value
from core.project import Project
from core.repairs import Repair

# ---- blocks by name


def expect_free_name(graph: Graph, name: str) -> None:
    """Refuse a name that a block cannot have; raises BlockFault."""
    if not name.strip():
        raise BlockFault("A block needs a name, but this one is empty.")
    if name in graph.blocks:
        raise BlockFault(f"A block needs a name of its own, but {name[:60]!r} is taken.")
    if name in CATALOGUE:
        raise BlockFault(f"A block cannot be called {name}, because a layer is called so: choose another name.")


def fresh_name(graph: Graph, word: str = "Block") -> str:
    """A name that no block and no layer has: the word itself but for "Block", else with a number."""
    name, number = (word, 2) if word != "Block" else ("Block1", 2)
    while name in graph.blocks or name in CATALOGUE:
        name, number = f"{word.rstrip('0123456789') or word}{number}", number + 1
    return name


def renamed(graph: Graph, old: str, new: str) -> Graph:
    """The graph with a block under another name, everywhere it is used; raises BlockFault."""
    if new == old:
        return graph
    expect_free_name(graph, new)
    return _with_names(graph, {old: new})


def _with_names(graph: Graph, names: Mapping[str, str]) -> Graph:
    blocks = {
        names.get(name, name): replace(block, nodes=_under(block.nodes, names)) if _uses(block.nodes, names) else block
        for name, block in graph.blocks.items()
    }
    nodes = _under(graph.nodes, names) if _uses(graph.nodes, names) else graph.nodes
    return replace(graph, nodes=nodes, blocks=blocks)


def _uses(nodes: Mapping[str, Node], names: Mapping[str, str]) -> bool:
    return any(node.layer in names for node in nodes.values())


def _under(nodes: Mapping[str, Node], names: Mapping[str, str]) -> dict[str, Node]:
    return {
        node_id: replace(node, layer=names[node.layer]) if node.layer in names else node
        for node_id, node in nodes.items()
    }


def with_own_block(graph: Graph, node_id: str) -> tuple[Graph, str]:
    """The graph with a block for one use alone, a copy of the one that it used, and the new name."""
    before = graph.nodes[node_id].layer
    name = fresh_name(graph, before)
    copied = with_block(graph, name, replace(graph.blocks[before]))
    for each in (each for each, node in graph.nodes.items() if node.shares == node_id):
        copied = graphs.with_node(copied, each, shares="")  # weights of another block fit no longer
    return graphs.with_node(copied, node_id, layer=name, shares=""), name


def unused(graph: Graph) -> list[str]:
    """The blocks that the drawing does not use, straight or through others."""
    return sorted(set(graph.blocks) - used_in(graph.nodes, graph.blocks), key=natural)


def without_blocks(graph: Graph, gone: Iterable[str]) -> Graph:
    """The graph without these blocks."""
    away = set(gone)
    return replace(graph, blocks={name: block for name, block in graph.blocks.items() if name not in away})


def brought_in(graph: Graph, blocks: Mapping[str, Block]) -> tuple[Graph, dict[str, str]]:
    """The graph with blocks from elsewhere, and what they are called there.

    A block of the same drawing is used as it is; where another one has the name, a new name is found.
    """
    names: dict[str, str] = {}
    for name in order_of(blocks):
        block = replace(blocks[name], nodes=_under(blocks[name].nodes, names))
        held = graph.blocks.get(name)
        names[name] = name
        if held is None and name not in CATALOGUE:
            graph = with_block(graph, name, block)
        elif held is None or _said(held) != _said(block):
            alike = (each for each, other in graph.blocks.items() if _said(other) == _said(block))
            names[name] = next(alike, "") or fresh_name(graph, name)
            graph = graph if names[name] in graph.blocks else with_block(graph, names[name], block)
    return graph, names


def _said(block: Block) -> Any:
    return projects.drawing(Project(Graph(blocks={"": block})))


def mended(project: Project, repair: Repair, block: str) -> Project:
    """The project after a repair of its own drawing, or of a block's."""
    if not block:
        return projects.repaired(project, repair)
    if block not in project.graph.blocks:
        return project
    made = projects.repaired(replace(project, graph=inside(project.graph, block)), repair)
    return replace(made, graph=with_inside(project.graph, block, made.graph))


# ---- parameters of a block


def parameter_of(block: Block, name: str) -> BlockParameter | None:
    """The parameter of that name."""
    return next((each for each in block.parameters if each.name == name), None)


def expect_free_parameter(block: Block, name: str) -> None:
    """Refuse a name that a parameter cannot have; raises BlockFault."""
    if not can_be_named(name):
        raise BlockFault(
            f"A parameter cannot be called {name[:60]!r}: take one word of letters, digits and _, like channels."
        )
    if parameter_of(block, name) is not None:
        raise BlockFault(f"This block has a parameter {name} already: choose another name.")


def fresh_parameter(block: Block, word: str = "size") -> str:
    """A name that no parameter of the block has yet."""
    word = word if can_be_named(word) else "size"
    name, number = word, 2
    while parameter_of(block, name) is not None:
        name, number = f"{word}_{number}", number + 1
    return name


def with_parameter(graph: Graph, block: str, added: BlockParameter) -> Graph:
    """The graph with one more parameter of a block; raises BlockFault."""
    held = graph.blocks[block]
    expect_free_parameter(held, added.name)
    return with_block(graph, block, replace(held, parameters=(*held.parameters, added)))


def with_parameter_changed(graph: Graph, block: str, name: str, **changes: Any) -> Graph:
    """The graph with fields of one parameter of a block changed, but not its name."""
    held = graph.blocks[block]
    parameters = tuple(replace(each, **changes) if each.name == name else each for each in held.parameters)
    return with_block(graph, block, replace(held, parameters=parameters))


def with_parameter_renamed(graph: Graph, block: str, old: str, new: str) -> Graph:
    """The graph with a parameter under another name, in what refers to it and wherever the block is used."""
    if new == old:
        return graph
    held = graph.blocks[block]
    expect_free_parameter(held, new)
    parameters = tuple(replace(each, name=new) if each.name == old else each for each in held.parameters)
    inner = {node_id: _referring(node, {old: new}) for node_id, node in held.nodes.items()}
    graph = with_block(graph, block, replace(held, nodes=inner, parameters=parameters))

    def follow(node: Node) -> Node:
        return replace(node, values={new if name == old else name: value for name, value in node.values.items()})

    return _with_uses(graph, block, old, follow)


def with_parameter_moved(graph: Graph, block: str, name: str, by: int) -> Graph:
    """The graph with a parameter of a block further up (-1) or down (1); at an end it stays."""
    held = graph.blocks[block]
    names = [each.name for each in held.parameters]
    place = names.index(name)
    other = place + by
    if not 0 <= other < len(names):
        return graph
    moved = list(held.parameters)
    moved.insert(other, moved.pop(place))
    return with_block(graph, block, replace(held, parameters=tuple(moved)))


def without_parameter(graph: Graph, block: str, name: str) -> Graph:
    """The graph without a parameter; what referred to it gets what it came to with the default, where that is known."""
    held = graph.blocks[block]
    scope = {each.name: each.default for each in held.parameters}
    inner = {node_id: _settled(node, name, scope) for node_id, node in held.nodes.items()}
    parameters = tuple(each for each in held.parameters if each.name != name)
    graph = with_block(graph, block, replace(held, nodes=inner, parameters=parameters))

    def forget(node: Node) -> Node:
        return replace(node, values={key: value for key, value in node.values.items() if key != name})

    return _with_uses(graph, block, name, forget)


def _with_uses(graph: Graph, block: str, name: str, change: Any) -> Graph:
    """Every use of a block that sets a parameter, changed."""

    def changed(nodes: dict[str, Node]) -> dict[str, Node]:
        wanted = {node_id: node for node_id, node in nodes.items() if node.layer == block and name in node.values}
        return {**nodes, **{node_id: change(node) for node_id, node in wanted.items()}} if wanted else nodes

    blocks = {
        each: replace(held, nodes=nodes) if (nodes := changed(held.nodes)) is not held.nodes else held
        for each, held in graph.blocks.items()
    }
    return replace(graph, nodes=changed(graph.nodes), blocks=blocks)


def _referring(node: Node, names: Mapping[str, str]) -> Node:
    if not any(names_in(value) & set(names) for value in node.values.values()):
        return node
    return replace(node, values={key: rewritten(value, names) for key, value in node.values.items()})


def _settled(node: Node, name: str, scope: Mapping[str, Value]) -> Node:
    if not any(name in names_in(value) for value in node.values.values()):
        return node
    values: dict[str, Any] = {}
    for key, value in node.values.items():
        values[key] = value
        if has_expression(value) and name in names_in(value):
            try:
                values[key] = resolved(value, scope)
            except ExpressionFault:
                continue  # it names sizes too: check says what is missing
    return replace(node, values=values)


def parameter_like(declared: Parameter, name: str, value: Any) -> BlockParameter:
    """A parameter of a block that stands for one of a node's: its kind, bounds and help, this value by default."""
    kinds = {
        "integer": "integer", "number": "number", "boolean": "boolean", "text": "text", "choice": "choice",
        "shape": "shape", "field": "text", "path": "text", "code": "text",
    }  # fmt: skip
    kind: Any = kinds.get(declared.kind, "integer" if isinstance(value, int) else "shape")
    low, high = (_whole(bound) for bound in (declared.low, declared.high))
    return BlockParameter(name, kind, value, declared.help, low, high, declared.choices if kind == "choice" else ())


def _whole(bound: float | None) -> int | float | None:
    return int(bound) if bound is not None and float(bound).is_integer() else bound


def promoted(graph: Graph, block: str, node_id: str, declared: Parameter, value: Any) -> tuple[Graph, str]:
    """The graph with a setting of a node in a block as a parameter of that block, and the parameter's name."""
    held = graph.blocks[block]
    name = fresh_parameter(held, declared.name)
    node = held.nodes[node_id]
    node = replace(node, values={**node.values, declared.name: expression(name)})
    made = replace(
        held,
        nodes={**held.nodes, node_id: node},
        parameters=(*held.parameters, parameter_like(declared, name, value)),
    )
    return with_block(graph, block, made), name


# ---- weights of two nodes in one module


def may_own(graph: Graph, node_id: str) -> list[str]:
    """The nodes whose weights a node may use: of its layer, or an Embedding for a Linear, with weights of their own."""
    node = graph.nodes[node_id]
    kinds = {node.layer, "Embedding"} if node.layer == "Linear" else {node.layer}
    if node.layer in ("Input", "Target", "Noise", "Output") or is_owner(graph, node_id):
        return []
    found = (each for each, other in graph.nodes.items() if other.layer in kinds and not other.shares)
    return sorted((each for each in found if each != node_id), key=natural)


def is_owner(graph: Graph, node_id: str) -> bool:
    """Whether other nodes use this one's weights."""
    return any(node.shares == node_id for node in graph.nodes.values())


def sharing(graph: Graph, node_id: str, owner: str) -> Graph:
    """The graph with a node that uses another one's weights ("" for its own again), with the values that this takes."""
    node = graph.nodes[node_id]
    if not owner:
        return graphs.with_node(graph, node_id, shares="")
    same = graph.nodes[owner].layer == node.layer
    values = graph.nodes[owner].values if same else node.values
    return graphs.with_node(graph, node_id, shares=owner, values=values, weights={})
