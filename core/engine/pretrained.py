"""Weights that a node takes from a file: looked at in check by the file's header alone, loaded before training.

A run's own files say which node each tensor belongs to, so that weights follow their nodes through renamed
attributes; in any other safetensors file a name before the module's own (`features.0` before `.weight`) stands for it.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import safetensors
import torch
from torch import nn

from core.blocks import node_at
from core.datasets.files import stamp
from core.engine import weights
from core.engine.examine import namespace
from core.engine.fault import Fault
from core.engine.modules import held_in
from core.graph import Node
from core.layers import Call, Inputs, Layer
from core.layers.calls import construction
from core.messages import Checked, Held
from core.parameters import parameters
from core.project import Project, reason
from core.repairs import Repair, SetValue, SetWeights
from core.weights import PRETRAINED, Shapes, shape_words, weights_of

OF_A_RUN = ("best.safetensors", "last.safetensors")
UNCOUNTED = "num_batches_tracked"
"""What a norm counts and older files do not hold; nothing but a momentum of none needs it."""
MOST_NAMED = 8


# ---- what a module holds


def held_by(call: Call) -> Held | None:
    """What the module of a call holds, nothing where it is an expression; None where it cannot be built here."""
    if not call.target:
        return Held()
    try:
        return _kept(construction(call), call.imports)
    except Exception:
        return None  # check has said at the node what is wrong with it


@functools.lru_cache(maxsize=2000)
def _kept(text: str, imports: tuple[str, ...]) -> Held:
    with torch.device("meta"):
        made = eval(text, namespace(Call(imports=imports)))  # checked literals, as examine builds it
    return held_in(made)


class Unfit(Exception):
    """Why weights of a file cannot be taken: one sentence, and what would mend it."""

    def __init__(self, message: str, repair: Repair | None = None) -> None:
        super().__init__(message)
        self.repair = repair


# ---- the header of a file


@dataclasses.dataclass(frozen=True)
class Header:
    """The tensors of a file by name: their shapes, and the node of each where the file is a run's own."""

    path: Path
    shapes: dict[str, tuple[int, ...]]
    nodes: dict[str, str]

    @property
    def title(self) -> str:
        """What people call it: the folder of a run, else the file."""
        return self.path.parent.name if self.path.name in OF_A_RUN else self.path.name

    def under(self, name: str, held: Held) -> dict[str, str]:
        """The tensors of a node, or with a name before their own, by that own name ("" for the name itself)."""
        if found := self._of_node(name, held):
            return found
        name = name.replace("/", ".").removesuffix(".")
        fitting = (tensor for tensor in self.shapes if tensor == name or tensor.startswith(name + "."))
        return {tensor[len(name) + 1 :]: tensor for tensor in fitting}

    def _of_node(self, name: str, held: Held) -> dict[str, str]:
        """The tensors of a node of the run, or of all nodes in a block that was used under that name."""
        found: dict[str, str] = {}
        for tensor, node in self.nodes.items():
            if node != name and not (held.places and node.startswith(f"{name}/")):
                continue
            path = node[len(name) + 1 :]
            parts, least = tensor.split("."), node.count("/") + 1
            # A place has as many parts as the path, and one more where a block in a loop was repeated once.
            tails = [".".join(parts[count:]) for count in range(least, len(parts) + 1)]
            home = held.places.get(path, path.replace("/", "."))
            owns = [f"{home}.{tail}" if home and tail else home or tail for tail in tails]
            found[next((own for own in owns if own in held.state), owns[0] if owns else home)] = tensor
        return found

    def names(self, whole: bool = False) -> list[str]:
        """What weights can be taken under, in the order of the file; with `whole` also what stands before several."""
        mark, tensors = ("/", self.nodes.values()) if self.nodes else (".", self.shapes)
        found = [each if self.nodes else each.rpartition(mark)[0] or each for each in tensors if each]
        if whole:
            found = [each.rsplit(mark, count)[0] for each in found for count in range(each.count(mark), -1, -1)]
        return list(dict.fromkeys(found))


def header(node_id: str, file: str) -> Header:
    """The header of the file that a node names, kept until the file changes; raises Unfit."""
    path = _path(node_id, file)
    try:
        return _header(stamp(path))
    except FileNotFoundError:
        raise Unfit(f"{node_id} takes its weights from {path}, which is not there: choose the file again.") from None
    except OSError as error:
        raise Unfit(f"{node_id} takes its weights from {path}, which cannot be opened: {reason(error)}.") from None
    except (safetensors.SafetensorError, ValueError, RecursionError):
        raise Unfit(
            f"{node_id} takes its weights from {path}, which is damaged or no safetensors file: choose another one."
        ) from None


def _path(node_id: str, file: str) -> Path:
    """The file itself, in the folder of a run its best weights; raises Unfit."""
    path = Path(file).expanduser()
    if not path.is_absolute():
        raise Unfit(
            f"{node_id} takes its weights from {file[:200]}, which is not a whole path, so it is not clear where the "
            "file lies: choose it again."
        )
    try:
        if not path.is_dir():
            return path
        found = next((path / name for name in OF_A_RUN if (path / name).is_file()), None)
    except (OSError, ValueError):
        raise Unfit(f"{node_id} takes its weights from a path that no file can have: choose the file again.") from None
    if found is None:
        raise Unfit(
            f"{node_id} takes its weights from {path}, a folder without {OF_A_RUN[0]}: choose the folder of a run "
            "that was trained."
        )
    return found


@functools.lru_cache(maxsize=32)
def _header(stamped: tuple[str, int, int]) -> Header:
    path = Path(stamped[0])
    os.stat(path)  # noqa: PTH116 - says why in the system's own words, where safetensors has others
    with safetensors.safe_open(path, "pt") as file:
        shapes = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118
        said: Any = json.loads((file.metadata() or {}).get("layerloom", "{}"))
    nodes: Any = said.get("nodes") if isinstance(said, dict) else None
    held = {name: str(nodes[name]) for name in shapes if name in nodes} if isinstance(nodes, dict) else {}
    return Header(path, shapes, held)


# ---- which tensors a node takes


def tensors(
    node_id: str, node: Node, held: Held, layer: Layer | None = None, inputs: Inputs | None = None
) -> tuple[Header, dict[str, str]]:
    """The tensor of the file for each name in the state of a module or a used block, shapes compared; raises Unfit."""
    begin, state = weights_of(node), held.state
    found = header(node_id, begin.file)
    name = begin.from_node or node_id
    there = found.under(name, held)
    if not there and not begin.from_node and set(state) <= set(found.shapes):
        there = {tensor: tensor for tensor in found.shapes}  # the file of one module alone
    if not there:
        raise _no_such(node_id, name, found, bool(held.places))
    shapes = {own: found.shapes[tensor] for own, tensor in there.items()}
    wrong = next(_apart(node_id, name, found.title, state, shapes), None)
    if wrong:
        raise Unfit(*_mended(node_id, wrong, layer, inputs or {}, shapes))
    return found, {own: there[own] for own in state if own in there}


def _no_such(node_id: str, name: str, found: Header, whole: bool) -> Unfit:
    names = found.names(whole)
    close = difflib.get_close_matches(name, names, 1)
    what = f"{node_id} takes the weights of {name}, but {found.title} holds nothing of that name"
    if close:
        repair = Repair(f"Take those of {close[0]}", (SetWeights(node_id, "from_node", close[0]),))
        return Unfit(f"{what}: is {close[0]} meant?", repair)
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    known = ", ".join(names[:MOST_NAMED]) or "nothing at all"
    return Unfit(f"{what}: set from_node to what is there ({known}{more}).")


def _apart(node_id: str, name: str, title: str, state: Shapes, shapes: Shapes) -> Iterator[str]:
    """How a module differs from what the file holds for it, without the way out."""
    for own, shape in state.items():
        if own not in shapes:
            if not own.endswith(UNCOUNTED):
                yield f"{node_id} expects {own or 'a value'} {shape_words(shape)}, but {name} in {title} has none"
        elif shapes[own] != shape:
            yield (
                f"{node_id} expects {own or 'a value'} {shape_words(shape)}, but {own or 'the value'} of {name} in "
                f"{title} is {shape_words(shapes[own])}"
            )
    for own, shape in shapes.items():
        if own not in state and not own.endswith(UNCOUNTED):
            yield f"{node_id} has no {own or 'value of its own'}, but {name} in {title} has one of {shape_words(shape)}"


def _mended(node_id: str, wrong: str, layer: Layer | None, inputs: Inputs, shapes: Shapes) -> tuple[str, Repair | None]:
    """The sentence with its way out: the one setting that makes the module fit, where there is one."""
    for setting, value in _settings(layer, shapes):
        try:
            held = held_by(dataclasses.replace(layer, **{setting: value}).call(inputs))  # type: ignore[type-var]
        except Exception:  # a setting that the layer refuses is no way out
            continue
        if held and held.state and not any(_apart(node_id, "", "", held.state, shapes)):
            said = str(value).lower() if isinstance(value, bool) else str(value)
            repair = Repair(f"Set {setting} to {said}", (SetValue(node_id, setting, value),))
            return f"{wrong}: set {setting} to {said}, or choose another node.", repair
    return f"{wrong}: choose another node, or change the settings of {node_id}.", None


def _settings(layer: Layer | None, shapes: Shapes) -> Iterator[tuple[str, Any]]:
    """Settings of a layer that could bring weights of these shapes, one at a time."""
    numbers = sorted({size for shape in shapes.values() for size in shape})
    last = [shape for shape in shapes.values() if len(shape) > 1]
    for each in parameters(type(layer)) if layer else ():
        if each.kind == "boolean":
            yield each.name, not getattr(layer, each.name)
        elif each.kind == "integer":
            yield from ((each.name, number) for number in numbers[:MOST_NAMED])
        elif each.kind == "sizes" and each.length:
            yield from ((each.name, shape[-each.length :]) for shape in last if len(shape) > each.length)


# ---- loading


def gathered(project: Project, checked: Checked, places: Mapping[str, str]) -> dict[str, torch.Tensor]:
    """The tensors that the model begins with from files, under their names in its state; raises Fault.

    `places` says where in the model the module of each node is, by its path through blocks.
    """
    found: dict[str, torch.Tensor] = {}
    reports = {**checked.nodes, **checked.inner}
    for path in sorted(reports, key=lambda path: path.count("/")):  # what is said further inside counts
        node, held = node_at(project.graph, path), reports[path].held
        if node is None or held is None or not held.state or not weights_of(node).file:
            continue
        home = _home(path, held, places)
        if home is None:
            continue
        try:
            source, taken = tensors(path.rpartition("/")[2], node, held)
        except Unfit as unfit:
            raise Fault(str(unfit)) from None
        there = _read(source)
        found |= {f"{home}.{own}" if own else home: there[tensor] for own, tensor in taken.items()}
    return found


def _home(path: str, held: Held, places: Mapping[str, str]) -> str | None:
    """Where in the model a node's module is, or what a used block holds; None where the model has none of its own."""
    for inner, place in held.places.items():
        if f"{path}/{inner}" in places:
            return places[f"{path}/{inner}"].removesuffix(f".{place}")
    return places.get(path)


def _read(source: Header) -> dict[str, torch.Tensor]:
    """The tensors of a file, the checksum of our own ones proved; raises Fault."""
    if source.nodes:
        return weights.read(source.path)[0]
    try:
        with safetensors.safe_open(source.path, "pt") as file:
            return {name: file.get_tensor(name) for name in source.shapes}
    except (OSError, safetensors.SafetensorError) as error:
        raise Fault(f"The weights in {source.path} cannot be read; choose the file again.", str(error)) from None


def put(model: nn.Module, tensors: Mapping[str, torch.Tensor]) -> None:
    """Put loaded tensors into a fresh model, the rest of which stays as it is."""
    if tensors:
        model.load_state_dict(dict(tensors), strict=False)


def write(folder: Path, tensors: Mapping[str, torch.Tensor], nodes: Mapping[str, str]) -> None:
    """Copy what was loaded to where train.py finds it; raises OSError."""
    if tensors:
        weights.save(folder / PRETRAINED, tensors, nodes)
