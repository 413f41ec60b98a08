"""A trained network at work: measured on the test part, on a file of new rows, on one thing tried by hand.

All of it reads the run folder alone (weights, source, and in `run.json` how the data was scaled), so that it works
when the project has been edited since, and does not need the training data again but to measure on its test part.
"""

from __future__ import annotations

import csv
import dataclasses
import inspect
import io
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import numpy as np
import torch
from torch import nn

from core import runs
from core.engine import device as devices
from core.engine import trust, weights
from core.engine.check import check
from core.engine.compile import build, build_own
from core.engine.data import Array, Scale, load
from core.engine.evaluation import measure
from core.engine.fault import Fault
from core.engine.forms import cases
from core.engine.judge import Judge
from core.engine.newdata import attempt_arrays, file_arrays
from core.events import Evaluated, Event
from core.graph import natural
from core.messages import DataReport, Evaluate, Field, Predict, Predicted, Tried, Try
from core.project import Project, ProjectError, drawing, reason, sums, training_of, write_atomically
from core.project import load as load_project
from core.source import attribute_names, write
from core.specs import Spec
from core.trust import codes

BATCH = 1024


@dataclasses.dataclass(frozen=True)
class Trained:
    """A run's network with its best weights, in eval mode, and what its record says."""

    folder: Path
    project: Project
    model: nn.Module
    objective: Callable[..., Any]
    fields: tuple[str, ...]
    judge: Judge | None
    inputs: dict[str, str]
    """The field that each argument of `forward` takes; "" for noise and shapes typed by hand."""
    scales: dict[str, Scale]
    data_hash: str

    def run(self, arrays: Mapping[str, Array]) -> torch.Tensor:
        """The judged output for raw arrays by field, as probabilities or as scaled numbers."""
        rows = len(next(iter(arrays.values())))
        scaled = {name: torch.from_numpy(self.scales[name].apply(values)) for name, values in arrays.items()}
        parts: list[torch.Tensor] = []
        with torch.no_grad():
            for first in range(0, rows, BATCH):
                given = {name: values[first : first + BATCH] for name, values in scaled.items()}
                parts.append(self._outputs(given, min(BATCH, rows - first)))
        found = torch.cat(parts).detach()
        if len(found) != rows:
            raise Fault("The network does not return one result for each row, so rows cannot be predicted one by one.")
        return self.judge.probabilities(found) if self.judge else found

    def _outputs(self, given: Mapping[str, torch.Tensor], rows: int) -> torch.Tensor:
        arguments = [self._argument(node, field, given, rows) for node, field in self.inputs.items()]
        returned = self.model(*arguments)
        several = isinstance(returned, tuple)
        return returned[self.judge.output if self.judge else 0] if several else returned

    def _argument(self, node: str, field: str, given: Mapping[str, torch.Tensor], rows: int) -> torch.Tensor:
        if field:
            return given[field]
        held = self.project.graph.nodes[node]
        if held.layer != "Noise":
            raise Fault(
                f"The input {node} takes no field of the data, so a row of data cannot fill it; choose its field."
            )
        return torch.randn(rows, *held.values.get("shape", (16,)))


def trained(run: str) -> Trained:
    """The network of a run folder; raises Fault."""
    folder = Path(run)
    try:
        record = runs.read_record(folder)
        project = load_project(folder / runs.PROJECT)
    except (runs.RunFault, ProjectError) as fault:
        raise Fault(str(fault)) from None
    trust.require(project, str(folder))
    try:
        scales = msgspec.convert(record["fields"], dict[str, Scale])
        judged = msgspec.convert(record["judge"], Judge | None)
        data_hash = str(record["data_hash"])
        if judged and judged.field not in scales:
            raise KeyError(judged.field)
    except (KeyError, msgspec.ValidationError) as error:
        raise Fault(f"{folder / runs.RECORD} is damaged; train again or restore it.", str(error)) from None
    model_module, train_module = _source(project, scales, judged)
    model: nn.Module = model_module.Model()
    best = folder / "best.safetensors"
    weights.load(model, best if best.exists() else folder / "last.safetensors")
    return Trained(
        folder, project, model.eval(), train_module.objective, tuple(train_module.FIELDS), judged,
        _inputs(project, model), scales, data_hash,
    )  # fmt: skip


def _source(project: Project, scales: Mapping[str, Scale], judged: Judge | None) -> tuple[ModuleType, ModuleType]:
    """The run's source, written anew from its project: a folder that came from somebody else is data, never code."""
    data = DataReport(fields=tuple(_as_field(name, scale, judged) for name, scale in scales.items()))
    checked = check(project, 0, data=data)
    with tempfile.TemporaryDirectory(prefix="layerloom-run-", ignore_cleanup_errors=True) as place:
        for name, text in write(project, checked, cases(project, checked)).files.items():
            (Path(place) / name).write_text(text, encoding="utf-8")
        return build_own(Path(place)) if codes(project) else build(Path(place))


def _as_field(name: str, scale: Scale, judged: Judge | None) -> Field:
    is_target = judged is not None and judged.field == name
    dtype = "float32" if scale.kind == "numbers" else "int64"
    spec = Spec(("N", *scale.shape), dtype, len(scale.classes))
    return Field(name, "target" if is_target else "input", spec, scale.classes)


def _inputs(project: Project, model: nn.Module) -> dict[str, str]:
    """The field of each argument of `forward`, by node, in their order."""
    names = list(inspect.signature(model.forward).parameters)
    held = {attribute: node for node, attribute in attribute_names(project.graph).items()}
    sources = [node for node, each in project.graph.nodes.items() if each.layer in ("Input", "Noise")]
    nodes = [held.get(name, name) for name in names]
    if any(node not in sources for node in nodes):
        nodes = sorted(sources, key=natural)[: len(names)]
    return {node: str(project.graph.nodes[node].values.get("field", "")) for node in nodes}


# ---- the test part


def evaluate(asked: Evaluate, send: Callable[[Event], None] | None = None) -> Evaluated:
    """Measure a run's best weights on the test part, and record that it was done; raises Fault."""
    found = trained(asked.run)
    loaded = load(found.project.data)
    if loaded.content_hash != found.data_hash:
        raise Fault(
            f"The data has changed since the run in {found.folder}, so its test part may hold rows that it was trained "
            "on; train again, or bring the old data back."
        )
    part = loaded.parts["test"]
    if not part or not len(next(iter(part.values()))):
        raise Fault("The split keeps no rows for the test part; give it a share in the data settings and train again.")
    fields = {name: torch.from_numpy(part[name]) for name in found.fields}
    try:
        size = min(training_of(found.project).batch_size, BATCH) if sums(found.project) else BATCH
        measured = measure(found.model, found.objective, fields, found.judge, found.scales, batch_size=size)
    except (RuntimeError, MemoryError) as error:
        if devices.is_out_of_memory(error):
            raise Fault(devices.out_of_memory(torch.device("cpu"), BATCH)) from None
        raise
    metrics = {"test_loss": measured.loss} | {f"test_{name}": value for name, value in measured.metrics.items()}
    try:
        said = runs.record_evaluation(found.folder, metrics)
    except runs.RunFault as fault:
        raise Fault(str(fault)) from None
    said = msgspec.structs.replace(said, note=_note(asked.project, found))
    if send is not None:
        send(said)
    return said


def _note(project: Project, found: Trained) -> str:
    """What a person must know where the project is no longer that of the run."""
    if drawing(project) == drawing(found.project):
        return ""
    return f"The network was edited since the run in {found.folder.name}: this is the run's own network."


# ---- a file of rows


def predict(asked: Predict) -> Predicted:
    """Predict every row of a CSV or NPZ file into a CSV; raises Fault."""
    found = trained(asked.run)
    needed = {field: found.scales[field] for field in found.inputs.values() if field}
    out = Path(asked.out)
    arrays = file_arrays(Path(asked.data), needed)
    said = found.run(arrays).double().numpy()
    head, rows = _table(found, said)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows(rows)
    try:
        write_atomically(out, text.getvalue().encode())
    except OSError as error:
        raise Fault(f"{out} was not written: {reason(error)}.") from None
    return Predicted(len(said), str(out), _note(asked.project, found))


def _table(found: Trained, said: Array) -> tuple[list[str], list[list[Any]]]:
    """The head and the rows of the CSV: row, class and probabilities, or row and numbers in the units of the data."""
    judge = found.judge
    if judge and judge.classes and said.ndim == 2:
        names = _class_names(judge, said.shape[1])
        head = ["row", judge.field, *(f"probability of {name}" for name in names)]
        best = said.argmax(1)
        return head, [
            [index + 1, names[best[index]], *(f"{value:.6g}" for value in row)]
            for index, row in enumerate(said.tolist())
        ]
    flat = _in_units(found, said).reshape(len(said), -1)
    names = _number_names(found, flat.shape[1])
    return ["row", *names], [[index + 1, *(f"{value:.9g}" for value in row)] for index, row in enumerate(flat.tolist())]


def _class_names(judge: Judge, count: int) -> tuple[str, ...]:
    """The names of the classes; outputs beyond the classes of the data are numbered."""
    return (judge.classes + tuple(f"class {index}" for index in range(len(judge.classes), count)))[:count]


def _number_names(found: Trained, count: int) -> list[str]:
    name = found.judge.field if found.judge else "output"
    columns = found.scales[name].columns if found.judge else ()
    if len(columns) == count:
        return list(columns)
    return [name] if count == 1 else [f"{name}_{index + 1}" for index in range(count)]


def _in_units(found: Trained, said: Array) -> Array:
    """Numbers in the units of the data, where they stand for a field of it."""
    if found.judge is None or found.judge.task != "numbers":
        return said
    scale = found.scales[found.judge.field]
    if scale.kind != "numbers" or said[0].size != int(np.prod(scale.shape)):
        return said
    return scale.undo(said.reshape(len(said), *scale.shape))


# ---- one thing by hand


def attempt(asked: Try) -> Tried:
    """What a run's network says to one input, given by hand or as a file; raises Fault."""
    found = trained(asked.run)
    needed = {field: found.scales[field] for field in found.inputs.values() if field}
    said = found.run(attempt_arrays(asked, needed)).double().numpy()
    judge = found.judge
    if judge and judge.classes and said.ndim == 2:
        return Tried(tuple(said[0].tolist()), _class_names(judge, said.shape[1]))
    flat = _in_units(found, said)[0].reshape(-1)
    return Tried(tuple(flat.tolist()), names=tuple(_number_names(found, len(flat))))
