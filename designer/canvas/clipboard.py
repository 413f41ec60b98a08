"""Nodes as text: what is copied is a project file that holds them, so that it can be pasted anywhere."""

from __future__ import annotations

import re
from collections.abc import Collection

import msgspec

from core import graph as graphs
from core.block_edits import brought_in
from core.blocks import used_in
from core.graph import Graph, Link, Node
from core.layers import CATALOGUE
from core.project import Project, read_text, text_of
from designer.canvas import changes


def copied(graph: Graph, node_ids: Collection[str]) -> str:
    """The nodes and the links between them, in the form of a project file."""
    nodes = {node_id: graph.nodes[node_id] for node_id in node_ids}
    links = tuple(link for link in graph.links if link.source in nodes and link.target in nodes)
    used = used_in(nodes, graph.blocks)
    return text_of(Project(graph=Graph(nodes, links, {name: graph.blocks[name] for name in sorted(used)})))


def read(text: str) -> Graph:
    """The nodes in a text; raises ProjectError with one sentence where there are none to be read."""
    return read_text(text, "The clipboard").graph


def pasted(
    project: Project, graph: Graph, corner: tuple[float, float] | None, shift: float = 0.0, is_here: bool = False
) -> tuple[Project, list[str]]:
    """The project with these nodes under names of their own, their upper left corner here, and the new names.

    Blocks that they use come along, but for those that are there already. `is_here` says that they are copies of nodes
    of this drawing: they may use the weights of others in it.
    """
    if not graph.nodes:
        return project, []
    whole, called = brought_in(project.graph, graph.blocks)
    left = min(node.x for node in graph.nodes.values())
    top = min(node.y for node in graph.nodes.values())
    dx, dy = (shift, shift) if corner is None else (changes.snapped(corner[0] - left), changes.snapped(corner[1] - top))
    names: dict[str, str] = {}
    made: dict[str, Node] = {}
    for node_id, node in graph.nodes.items():
        names[node_id] = fresh_name(project.graph.nodes.keys() | made.keys(), node_id, node.layer)
        layer = called.get(node.layer, node.layer)
        made[names[node_id]] = msgspec.structs.replace(node, layer=layer, x=node.x + dx, y=node.y + dy)
    here = project.graph.nodes if is_here else ()
    for node_id, node in made.items():
        if node.shares:
            owner = names.get(node.shares) or (node.shares if node.shares in here else "")
            made[node_id] = msgspec.structs.replace(node, shares=owner)
    links = [Link(names[link.source], link.output, names[link.target], link.input) for link in graph.links]
    whole = graphs.with_nodes(whole, made)
    whole = Graph(whole.nodes, tuple(sorted((*whole.links, *links), key=graphs.link_key)), whole.blocks)
    return changes.with_graph(project, whole), list(made)


def fresh_name(taken: Collection[str], wanted: str, layer: str) -> str:
    """The wanted name where it is free, else the same word with the next number."""
    if wanted not in taken:
        return wanted
    word = re.sub(r"\d+$", "", wanted)
    if not word and layer in CATALOGUE:
        return graphs.fresh_id(taken, layer)
    number = 2
    while f"{word}{number}" in taken:
        number += 1
    return f"{word}{number}"
