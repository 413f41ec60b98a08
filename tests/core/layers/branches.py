"""One project with many layers side by side, each on inputs that it takes, so that one build serves them all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from fitting import fitting_inputs, varied

from core.graph import Graph, Link, Node
from core.layers import CATALOGUE, Inputs, Layer
from core.parameters import parameters
from core.project import Data, Project
from core.specs import Spec

ROWS = 20


def first_fitting(name: str) -> tuple[Layer, Inputs]:
    """The layer as it is dropped, or the first variation that takes one of the inputs, and these inputs."""
    found = ((layer, fitting_inputs(layer)) for layer in varied(CATALOGUE[name]))
    return next((layer, inputs) for layer, inputs in found if inputs is not None)


def side_by_side(names: Iterable[str], folder: Path) -> Project:
    """Each layer as a node of its own name, fed by fields of an archive in the folder; Output nodes on what it gives.

    Losses get their predictions through an Identity and no Output.
    """
    drawn = _Drawn()
    for name in names:
        drawn.add(name, *first_fitting(name))
    return drawn.project(folder)


class _Drawn:
    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.links: list[Link] = []
        self.fields: dict[str, Spec] = {}

    def add(self, name: str, layer: Layer, inputs: Inputs) -> None:
        """A node with its sources and Outputs; its name is that of the layer."""
        is_loss = type(layer).family == "loss"
        values = {each.name: getattr(layer, each.name) for each in parameters(type(layer))}
        sources = {port: self.source(spec, index) for index, (port, spec) in enumerate(inputs.items())}
        if name == "Gradient":  # a value is followed back to what it was made of
            by = self.behind("RequiresGrad", sources["by"])
            sources = {"by": by, "value": self.behind("Linear", by, out_features=1)}
        if is_loss:
            first = next(iter(sources))
            sources[first] = self.behind("Identity", sources[first])
        self.nodes[name] = Node(name, values)
        self.links += [Link(source, "output", name, port) for port, source in sources.items()]
        for port in () if is_loss else type(layer).outputs:
            if not port.optional:
                self.nodes[f"{name} {port.name}"] = Node("Output")
                self.links.append(Link(name, port.name, f"{name} {port.name}", "input"))

    def source(self, spec: Spec, index: int) -> str:
        """A node that gives such values: a field of the data, turned where the batch stands elsewhere, or a Buffer."""
        if "N" not in spec.shape:
            dtype = "int64" if spec.dtype == "int64" else "float32"
            made = self.node("Buffer", values=(0.25,), shape=spec.shape, dtype=dtype)
            return self.behind("Gt", made, other=0.5) if spec.dtype == "bool" else made
        where = spec.shape.index("N")
        shape = list(spec.shape)
        shape[0], shape[where] = shape[where], shape[0]
        bare, sizes = len(shape) == 1, shape[1:] or [1]
        dtype = "int64" if spec.dtype == "int64" else "float32"
        field = f"{dtype}_{'x'.join(map(str, sizes))}_{index}"
        self.fields[field] = Spec(("N", *sizes), dtype)
        self.nodes.setdefault(field, Node("Input", {"field": field}))
        made = self.behind("Squeeze", field, dim=-1) if bare else field
        made = self.behind("Gt", made, other=0.5) if spec.dtype == "bool" else made
        return self.behind("Transpose", made, dim0=0, dim1=where) if where else made

    def node(self, layer: str, **values: object) -> str:
        """A new node."""
        name = f"{layer} for {len(self.nodes)}"
        self.nodes[name] = Node(layer, values)
        return name

    def behind(self, layer: str, source: str, **values: object) -> str:
        """A new node that takes what another gives."""
        name = self.node(layer, **values)
        self.links.append(Link(source, "output", name, "input"))
        return name

    def project(self, folder: Path) -> Project:
        """The project, with its archive written."""
        if not self.fields:  # what needs no input is run beside one
            self.add("Identity", *first_fitting("Identity"))
        draw = np.random.default_rng(0)
        arrays = {field: _numbers(draw, spec) for field, spec in self.fields.items()}
        path = folder / "rows.npz"
        np.savez(path, **arrays, answer=draw.random(ROWS).astype(np.float32))  # type: ignore[arg-type]
        whole = ",".join(field for field, spec in self.fields.items() if spec.dtype == "int64")
        data = Data("Npz", {"path": str(path), "target": "answer", "indices": whole}, {"normalise": "none"})
        return Project(Graph(self.nodes, tuple(self.links)), data)


def _numbers(draw: np.random.Generator, spec: Spec) -> np.ndarray:
    sizes = [ROWS, *(int(size) for size in spec.shape[1:])]
    if spec.dtype == "int64":
        return draw.integers(0, 2, sizes)  # what every table and every score knows
    return (draw.random(sizes) * 0.9 + 0.05).astype(np.float32)
