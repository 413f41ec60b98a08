"""The proof of an export: run in a clean interpreter, and compared with the application's own model."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from core.engine.control import Controls
from core.engine.fault import Cancelled, Fault

LARGEST_DIFFERENCE = 1e-5
"""Of the larger of 1 and the largest absolute output; torch differs from itself by as much (engine.md, section 9)."""

BATCHES = (1, 2, 5)
SECONDS = 300.0
Array = np.ndarray[Any, Any]
Case = dict[str, Array]
"""Arrays by the name of an argument of `forward`."""

ALONE = f"""import sys
sys.modules['core'] = sys.modules['designer'] = None  # an export must not need them
sys.path += [place for place in {sys.path!r} if place not in sys.path]  # what a plugin's layer imports
"""

RUN_PYTHON = (
    ALONE
    + """
import importlib.util, json
import numpy as np, torch
from safetensors.torch import load_file

folder, weights, given, made = sys.argv[1:]
spec = importlib.util.spec_from_file_location("model", folder + "/model.py")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
model = module.Model()
model.load_state_dict(load_file(weights), strict=True)
model.eval()
cases, found = np.load(given), {}
for case, names in json.loads(str(cases["cases"])):
    torch.manual_seed(0)
    with torch.no_grad():
        outputs = model(*(torch.from_numpy(cases[f"{case} {name}"]) for name in names))
    for index, output in enumerate(outputs if isinstance(outputs, tuple) else (outputs,)):
        found[f"{case} {index}"] = output.detach().numpy()
np.savez(made, **found)
"""
)

RUN_ONNX = (
    ALONE
    + """
import json
import numpy as np, onnxruntime

path, given, made = sys.argv[1:]
session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
taken = {each.name for each in session.get_inputs()}
cases, found = np.load(given), {}
for case, names in json.loads(str(cases["cases"])):
    outputs = session.run(None, {name: cases[f"{case} {name}"] for name in names if name in taken})
    for index, output in enumerate(outputs):
        found[f"{case} {index}"] = output
np.savez(made, **found)
"""
)

RUN_SCRIPT = (
    ALONE
    + """
import os, runpy
os.chdir(sys.argv[1])
sys.path.insert(0, sys.argv[1])
sys.argv = ["train.py"]
runpy.run_path("train.py", run_name="__main__")
"""
)


def of_python(folder: Path, weights: Path, model: nn.Module, cases: Sequence[Case], controls: Controls) -> float:
    """The largest difference of an exported model.py from the application's model; raises Fault."""
    return _difference("model.py", RUN_PYTHON, [str(folder), str(weights)], model, cases, controls)


def of_onnx(path: Path, model: nn.Module, cases: Sequence[Case], controls: Controls) -> float:
    """The largest difference of an ONNX file in onnxruntime from the application's model; raises Fault."""
    return _difference("ONNX", RUN_ONNX, [str(path)], model, cases, controls)


def of_script(folder: Path, controls: Controls, seconds: float = SECONDS) -> str | None:
    """What one epoch of the train.py in a folder prints, in a clean interpreter; None after `seconds`. Raises Fault.

    The folder is a copy: the script is cut to one epoch and leaves its weights there.
    """
    path = folder / "train.py"
    text = re.sub(r"^EPOCHS = \d+$", "EPOCHS = 1", path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8", newline="\n")
    return _alone("train.py", RUN_SCRIPT, [str(folder)], folder, controls, seconds)


def _difference(
    what: str, program: str, arguments: list[str], model: nn.Module, cases: Sequence[Case], controls: Controls
) -> float:
    import tempfile

    with tempfile.TemporaryDirectory(prefix="layerloom-") as place:
        given, made = Path(place, "given.npz"), Path(place, "made.npz")
        names: Any = json.dumps([[index, list(case)] for index, case in enumerate(cases)])
        arrays: dict[str, Any] = {
            f"{index} {name}": value for index, case in enumerate(cases) for name, value in case.items()
        }
        np.savez(given, cases=np.array(names), **arrays)
        if _alone(what, program, [*arguments, str(given), str(made)], Path(place), controls, SECONDS) is None:
            raise Fault(f"The check of the exported {what} did not end within {SECONDS:.0f} s; nothing was exported.")
        with np.load(made) as found:
            return max(
                difference(answers(model, case), {key: found[f"{index} {key}"] for key in _keys(found.files, index)})
                for index, case in enumerate(cases)
            )


def _keys(names: Sequence[str], case: int) -> list[str]:
    return [name.split(" ", 1)[1] for name in names if name.startswith(f"{case} ")]


def answers(model: nn.Module, case: Mapping[str, Array], seed: int = 0) -> dict[str, Array]:
    """What the application's own model makes of one case, by the number of the output; what it draws has this seed."""
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(seed)
        outputs = model(*(torch.from_numpy(values) for values in case.values()))
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    return {str(index): output.detach().numpy() for index, output in enumerate(outputs)}


def difference(own: Mapping[str, Array], other: Mapping[str, Array]) -> float:
    """The largest absolute difference, divided by the larger of 1 and the largest absolute own output."""
    if own.keys() != other.keys() or any(own[key].shape != other[key].shape for key in own):
        return float("inf")
    largest = 0.0
    for key, mine in own.items():
        a, b = mine.astype(np.float64), other[key].astype(np.float64)
        finite = np.isfinite(a)
        if not np.array_equal(a[~finite], b[~finite], equal_nan=True):
            return float("inf")
        if finite.any():
            scale = max(1.0, float(np.abs(a[finite]).max()))
            apart = float(np.abs(a[finite] - b[finite]).max()) / scale
            largest = max(largest, apart) if np.isfinite(apart) else float("inf")
    return largest


def _alone(
    what: str, program: str, arguments: list[str], folder: Path, controls: Controls, seconds: float
) -> str | None:
    """What a program prints in a clean interpreter, in a folder of its own; None where it takes too long."""
    command = [sys.executable, "-P", "-I", "-B", "-X", "utf8", "-W", "ignore", "-c", program, *arguments]
    try:
        child = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        raise Fault(
            f"The exported {what} could not be checked, because Python could not be started.", str(error)
        ) from None
    with child:
        end = time.monotonic() + seconds
        while True:
            try:
                said, wrong = child.communicate(timeout=0.1)
                break
            except subprocess.TimeoutExpired:
                late = time.monotonic() > end
                if late or controls.cancelled:
                    child.kill()
                    child.communicate()
                    if late:
                        return None
                    raise Cancelled from None
    if child.returncode:
        last = next(
            (line for line in reversed(wrong.strip().split("\n")) if line.strip()), f"exit code {child.returncode}"
        )
        raise Fault(f"The exported {what} does not run by itself ({last.strip()[:300]}); nothing was exported.", wrong)
    return said
