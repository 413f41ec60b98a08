"""What a built module holds, by name: its parameters, everything that is stored of it, and how it trains."""

from __future__ import annotations

import torch
from torch import nn

from core.messages import Held


def held_in(made: object) -> Held:
    """What a module, or a parameter or buffer that stands alone, holds; nothing for anything else."""
    if isinstance(made, torch.Tensor):
        alone = {"": tuple(made.shape)}
        return Held(alone if isinstance(made, nn.Parameter) else {}, alone)
    if not isinstance(made, nn.Module):
        return Held()
    shapes = {name: tuple(each.shape) for name, each in made.named_parameters()}
    return Held(shapes, {name: tuple(each.shape) for name, each in made.state_dict().items()}, _differs(made))


def _differs(module: nn.Module) -> bool:
    """Whether a module works otherwise while it trains: running statistics that move, dropout, or a person's own."""
    for each in module.modules():
        if isinstance(each, nn.modules.dropout._DropoutNd):
            if each.p > 0:
                return True
        elif isinstance(each, nn.modules.batchnorm._NormBase):
            if each.track_running_stats:
                return True
        elif isinstance(each, nn.MultiheadAttention | nn.RNNBase) and each.dropout > 0:
            return True
    return not type(module).__module__.startswith("torch.nn")
