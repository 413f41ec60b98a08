"""Where a training runs, and what it means when that place is not there or full."""

from __future__ import annotations

import os
import platform

import torch

from core.engine.fault import Fault


def chosen(name: str) -> torch.device:
    """The device of that name, or the best one for "auto"; raises Fault where it is not there."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    if name == "cuda" and not torch.cuda.is_available():
        why = (
            "this torch was built without CUDA"
            if torch.version.cuda is None
            else "no NVIDIA GPU with a driver was found"
        )
        raise Fault(f"The device cuda is not there: {why}; set the device to auto or cpu.")
    if name == "mps" and not torch.backends.mps.is_available():
        raise Fault("The device mps is not there: it needs a Mac with Apple silicon; set the device to auto or cpu.")
    return torch.device(name)


def cores() -> int:
    """How many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(len(os.sched_getaffinity(0)), 1)
    return os.cpu_count() or 1


def hardware(device: torch.device) -> dict[str, str]:
    """What the run is computed on, for its record."""
    found = {"device": device.type, "machine": platform.machine(), "system": platform.system(), "cores": str(cores())}
    if device.type == "cuda":
        found["gpu"] = torch.cuda.get_device_name(device)
    return found


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory has run out, on a GPU or in the machine."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    text = str(error)
    return isinstance(error, RuntimeError) and ("out of memory" in text or "can't allocate memory" in text)


def out_of_memory(device: torch.device, batch_size: int) -> str:
    """The sentence for it."""
    return (
        f"Memory ran out on {device.type} at a batch size of {batch_size}; make the batch or the network smaller, "
        "or close other programs."
    )
