"""Weights of a run as safetensors, with a checksum of our own: damage in them is invisible otherwise."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import nn

from core.engine.fault import Fault
from core.project import reason, write_atomically


def save(
    path: Path, state: Mapping[str, torch.Tensor], nodes: Mapping[str, str], epoch: int = 0, step: int = 0
) -> None:
    """Write a state dict atomically, with the node that each tensor belongs to; raises OSError.

    `nodes` holds for each node, by its path through blocks, where its module is in the model: `stage1.0.conv1`.
    """
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in state.items()}
    by_attribute = {attribute: node for node, attribute in nodes.items()}
    owners = {name: _owner(name, by_attribute) for name in tensors}
    said: dict[str, Any] = {"nodes": owners, "epoch": epoch, "step": step}
    said["sha256"] = _checksum(tensors, said)
    # One entry: several would stand in a random order, and the same weights would not make the same file.
    metadata = {"layerloom": json.dumps(said, sort_keys=True)}
    write_atomically(path, safetensors.torch.save(_unshared(tensors), metadata))


def _owner(name: str, by_attribute: Mapping[str, str]) -> str:
    """The node whose module holds a tensor, "" where there is none."""
    parts = name.split(".")
    places = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((by_attribute[place] for place in places if place in by_attribute), "")


def load(model: nn.Module, path: Path) -> dict[str, Any]:
    """Put the weights of a file into a model and return what is said about them; raises Fault."""
    tensors, said = read(path)
    wanted = model.state_dict()
    strange = sorted(set(tensors) ^ set(wanted))
    shapes = [name for name in wanted if name in tensors and tensors[name].shape != wanted[name].shape]
    if strange or shapes:
        raise Fault(
            f"The weights in {path} do not belong to this network: {(strange + shapes)[0]!r} differs; "
            "choose the run that was trained from it, or train again."
        )
    model.load_state_dict(tensors)
    return said


def read(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """The tensors of a file, its checksum proved, and what is said about them: nodes, epoch, step; raises Fault."""
    try:
        with safetensors.safe_open(path, "pt") as file:
            said: dict[str, Any] = json.loads((file.metadata() or {}).get("layerloom", "{}"))
            tensors: dict[str, torch.Tensor] = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except FileNotFoundError:
        raise Fault(f"There are no weights at {path}; train first, or choose another run.") from None
    except OSError as error:
        raise Fault(f"The weights in {path} cannot be read: {reason(error)}.") from None
    except (safetensors.SafetensorError, ValueError, RecursionError) as error:
        raise Fault(f"The weights in {path} are damaged; train again or restore the file.", str(error)) from None
    if not isinstance(said, dict) or said.pop("sha256", "") != _checksum(tensors, said):
        raise Fault(f"The weights in {path} are damaged (their checksum differs); train again or restore the file.")
    return tensors, said


def _unshared(tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Tensors that share memory (tied weights) as copies, which safetensors asks for."""
    seen: set[int] = set()
    made: dict[str, torch.Tensor] = {}
    for name, tensor in tensors.items():
        made[name] = tensor.clone() if tensor.data_ptr() in seen else tensor
        seen.add(tensor.data_ptr())
    return made


def _checksum(tensors: Mapping[str, torch.Tensor], said: Mapping[str, Any]) -> str:
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()
