"""Export: Python, a training script, or ONNX; each is run and compared before it is announced.

Everything is made and proved in a folder of its own first, so that a failed or cancelled export writes nothing.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import logging
import os
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from torch import nn

from core import runs
from core.engine import compile as compiling
from core.engine import onnx_refusals, pretrained, proof, trust
from core.engine.check import check
from core.engine.control import Controls
from core.engine.data import Loaded, load
from core.engine.examine import size_at
from core.engine.fault import Fault
from core.engine.proof import Case
from core.events import Epoch
from core.messages import Checked, Export, Exported, Progress, Source
from core.project import Project, ProjectError, drawing, frozen, reason, text_of, training_of, write_atomically
from core.project import load as load_project
from core.source.flow import flow
from core.source.objective import field_of
from core.weights import without_files, without_folders

WEIGHTS = "weights.safetensors"
LENGTH = 8
"""The size given to an axis that varies in length, in random input."""

Send = Callable[[Progress], None]


def export(asked: Export, send: Send, controls: Controls) -> Exported:
    """Write an export where it was asked for, after it was proved; raises Fault, and then nothing has changed."""
    out = Path(asked.out)
    _can_be_written(out, is_folder=asked.to != "onnx")
    send(Progress(0.02, "Checking the network"))
    with tempfile.TemporaryDirectory(prefix="layerloom-export-") as place:
        made = _Export(asked, Path(place), send, controls)
        largest, note = {"python": made.python, "script": made.script, "onnx": made.onnx}[asked.to]()
        controls.raise_if_cancelled()
        send(Progress(0.98, "Writing the files"))
        files = _placed(made.staged, out, asked.to)
    exported = Exported(tuple(str(path) for path in files), largest, " ".join(filter(None, [made.note.strip(), note])))
    if asked.run:
        _recorded(Path(asked.run), asked, exported)
    return exported


class _Export:
    """One export on its way: the source, the application's own model with its weights, and what is staged so far."""

    def __init__(self, asked: Export, place: Path, send: Send, controls: Controls) -> None:
        self._send, self._controls, self._asked_to = send, controls, asked.to
        self._drawn = asked.project
        if asked.run and asked.to != "script":  # the run holds every weight: the files that it began with may be gone
            graph = without_files(asked.project.graph)
            asked = msgspec.structs.replace(asked, project=msgspec.structs.replace(asked.project, graph=graph))
        self._project = asked.project
        self._run = Path(asked.run) if asked.run else None
        self._checked = _sound(asked)
        self._loaded_weights = compiling.loaded_weights(self._project, self._checked)
        self._carries = bool(asked.run or self._loaded_weights)
        self._own, self.staged = place / "own", place / "staged"
        for folder in (self._own, self.staged):
            folder.mkdir()
        self.note = ""
        self._choices = self._chosen_by_timing()
        self._source = compiling.written(
            asked.project, self._checked, weights=WEIGHTS if self._carries else "", **self._choices
        )
        self._weights = self._own / WEIGHTS
        self._model = self._own_model()
        controls.raise_if_cancelled()

    def _chosen_by_timing(self) -> dict[str, Any]:
        """Threads and memory layout of the run, which the script repeats."""
        if self._run is None:
            return {}
        try:
            chosen = runs.read_record(self._run).get("choices", {})
        except runs.RunFault as fault:
            raise Fault(str(fault)) from None
        threads, channels_last = chosen.get("threads", 0), chosen.get("channels_last", False)
        return {"threads": threads if type(threads) is int else 0, "channels_last": channels_last is True}

    def _own_model(self) -> nn.Module:
        """The application's model: the run's best weights, or the initial ones from the project's seed."""
        plain = compiling.written(self._project, self._checked)
        self._lines = plain.lines
        _write(self._own, plain)
        torch.manual_seed(self._project.seed)
        model = compiling.new_model(self._own)
        compiling.verify(type(model), self._project, self._checked)
        pretrained.put(model, self._loaded_weights)
        if self._run:
            best = self._run / "best.safetensors"
            compiling.load_weights(model, best if best.exists() else self._run / "last.safetensors")
            with contextlib.suppress(ProjectError):
                trained = load_project(self._run / runs.PROJECT)
                if self._asked_to == "script" and _settings(trained) != _settings(self._project):
                    self.note = "The script has the seed, training settings and data of the project, not of this run."
                if drawing(trained) != drawing(self._drawn):
                    self.note += " The network was edited since this run; the run's weights are in the edited one."
        compiling.save_weights(model, self._weights, self._project, self._checked)
        return model.eval()

    def python(self) -> tuple[float, str]:
        """Stage model.py and the weights, and prove them."""
        self._stage("model.py")
        return self._proved_python(), ""

    def _stage(self, *names: str) -> None:
        _write(self.staged, self._source, names)
        if self._carries:
            (self.staged / WEIGHTS).write_bytes(self._weights.read_bytes())

    def _proved_python(self) -> float:
        self._send(Progress(0.3, "Running the exported model in a clean Python"))
        held = self.staged / WEIGHTS if self._carries else self._weights
        return _close(proof.of_python(self.staged, held, self._model, self._cases(), self._controls), "Python")

    def script(self) -> tuple[float, str]:
        """Stage train.py and model.py, prove the model, and run one epoch of a copy."""
        self._stage("model.py", "train.py")
        names = compiling.module_names(self._project, self._checked)
        pretrained.write(self.staged, self._loaded_weights, names)
        largest = self._proved_python()
        self._send(Progress(0.6, "Running one epoch of the script in a clean Python"))
        copy = self._own / "script"
        copy.mkdir()
        _write(copy, self._source)
        pretrained.write(copy, self._loaded_weights, names)
        said = proof.of_script(copy, self._controls)
        if said is None:
            return largest, f"The script's first epoch was stopped after {proof.SECONDS:.0f} s; until then it ran well."
        lines = [line for line in said.split("\n") if line.strip()]
        if not lines:
            raise Fault("The exported script ended without training an epoch; nothing was exported.")
        return largest, f"The script's {lines[-1]}{self._of_the_run()}."

    def _of_the_run(self) -> str:
        """The first epoch of the run, to stand beside the script's."""
        if self._run is None:
            return ""
        with contextlib.suppress(runs.RunFault):
            for event in runs.events(self._run):
                if isinstance(event, Epoch) and "validation_loss" in event.metrics:
                    return f" (the run's: validation loss {event.metrics['validation_loss']:.4f})"
        return ""

    def onnx(self) -> tuple[float, str]:
        """Stage model.onnx with a batch of any size, and prove it in onnxruntime."""
        self._send(Progress(0.1, "Converting to ONNX (this takes some seconds)"))
        for case in self._cases()[:1]:
            onnx_refusals.expect_no_draws(self._model, case, self._own / "model.py", self._lines, self._project.graph)
        path = self.staged / "model.onnx"
        path.write_bytes(self._converted())
        self._controls.raise_if_cancelled()
        self._send(Progress(0.8, "Running the ONNX file in onnxruntime"))
        return _close(proof.of_onnx(path, self._model, self._cases(), self._controls), "ONNX"), ""

    def _converted(self) -> bytes:
        laid = flow(self._project, self._checked)
        names = [laid.names[node_id] for node_id in laid.arguments]
        batch = torch.export.Dim("N")
        outputs = [name if name not in names else f"{name}_output" for name, _ in laid.outputs]
        try:
            with _quiet():
                program = torch.onnx.export(
                    self._model,
                    tuple(torch.from_numpy(values) for values in self._random(3).values()),
                    dynamo=True,
                    verbose=False,
                    external_data=False,
                    input_names=names,
                    output_names=outputs,
                    dynamic_shapes=tuple({0: batch} for _ in names),
                )
        except Exception as error:
            raise onnx_refusals.refused(error, self._own / "model.py", self._lines, self._project.graph) from None
        assert program is not None
        return self._described(program.model_proto)

    def _described(self, proto: Any) -> bytes:
        """The file's bytes, with the classes, the scaling and the graph in its metadata."""
        import onnx

        proto.producer_name = "Layerloom"
        said = {"project": text_of(_without_places(self._project))}
        loaded = self._loaded()
        if loaded:
            said["scaling"] = json.dumps(msgspec.to_builtins(loaded.scales), sort_keys=True)
            classes = next((field.classes for field in loaded.report.fields if field.role == "target"), ())
            said |= {"classes": json.dumps(classes, ensure_ascii=False)} if classes else {}
        for key, value in said.items():
            entry = proto.metadata_props.add()
            entry.key, entry.value = key, value
        try:
            onnx.checker.check_model(proto, full_check=True)
        except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
            first = str(error).strip().split("\n")[0][:200]
            raise Fault(
                f"This network cannot be exported to ONNX, because what torch writes is no valid file ({first}); "
                "export Python.",
                str(error),
            ) from None
        return proto.SerializeToString()

    def _loaded(self) -> Loaded | None:
        try:
            return load(self._project.data)
        except Fault:
            return None  # sizes were typed by hand: random input has to do

    def _cases(self) -> list[Case]:
        """Validation rows and random input, one, two and five samples of each."""
        loaded = self._loaded()
        cases = [self._random(batch) for batch in proof.BATCHES]
        rows = loaded.report.validation if loaded else 0
        cases += [self._rows(loaded, batch) for batch in proof.BATCHES if loaded and rows >= batch]
        return self._taken(cases)

    def _taken(self, cases: list[Case]) -> list[Case]:
        """Those that the model takes: a layer may refuse random numbers, as a loss of probabilities does."""
        taken: list[Case] = []
        wrong = ""
        for case in cases:
            try:
                proof.answers(self._model, case)
                taken.append(case)
            except (RuntimeError, ValueError, IndexError) as error:
                wrong = wrong or str(error).strip().split("\n")[0][:200]
        if cases and not taken:
            raise Fault(
                f"The export cannot be checked, because the network refuses random input and the data's own rows "
                f"({wrong}); choose other data or take out what refuses them."
            )
        return taken

    def _random(self, batch: int) -> Case:
        """Standard normal numbers; whole numbers are drawn from those that the data holds, else 0 or 1."""
        laid, random = flow(self._project, self._checked), np.random.default_rng(batch)
        case: Case = {}
        for node_id in laid.arguments:
            spec = self._checked.nodes[node_id].outputs["output"]
            shape = [size_at(size, batch) if size != "T" else LENGTH for size in spec.shape]
            if spec.is_floating:
                case[laid.names[node_id]] = random.standard_normal(shape).astype(spec.dtype)
            else:
                case[laid.names[node_id]] = random.choice(self._held(field_of(laid, node_id)), shape).astype(spec.dtype)
        return case

    def _held(self, field: str) -> Any:
        loaded = self._loaded()
        values = loaded.parts["training"].get(field) if loaded else None
        return np.unique(values) if values is not None and values.size else np.arange(2)

    def _rows(self, loaded: Loaded, batch: int) -> Case:
        laid, random, rows = flow(self._project, self._checked), self._random(batch), loaded.parts["validation"]
        fields = {laid.names[node_id]: field_of(laid, node_id) for node_id in laid.arguments}
        chosen = slice(0, batch)
        return {
            name: np.ascontiguousarray(rows[fields[name]][chosen]) if fields[name] in rows else random[name]
            for name in random
        }


def _sound(asked: Export) -> Checked:
    """The check of a project that can be exported; raises Fault with its problems. A script needs all of it sound."""
    trust.require(asked.project)
    checked = check(asked.project, 0)
    errors = [problem for problem in checked.problems if problem.severity == "error"]
    if asked.to != "script":
        errors = list(checked.model_errors)
    if errors:
        where = f"{errors[0].node}: " if errors[0].node else ""
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        said = f"The network cannot be exported before it fits together: {where}{errors[0].message}{more}"
        raise Fault(said, problems=tuple(errors))
    return checked


def _close(largest: float, what: str) -> float:
    """The difference where it is small enough; raises Fault where it is not."""
    if largest > proof.LARGEST_DIFFERENCE:
        raise Fault(
            f"The {what} export failed its check: its outputs differ from the app's own model by {largest:.2g}, "
            f"where at most {proof.LARGEST_DIFFERENCE:g} is allowed; nothing was exported."
        )
    return largest


def _settings(project: Project) -> Any:
    """What decides how a script trains, beside the network."""
    return project.seed, training_of(project), frozen(msgspec.to_builtins(project.data))


def _without_places(project: Project) -> Project:
    """The project without the folders of this computer, which a file that is passed on must not tell."""
    values = {
        name: Path(value).name if isinstance(value, str) and Path(value).is_absolute() else value
        for name, value in project.data.values.items()
    }
    data = msgspec.structs.replace(project.data, values=values)
    return msgspec.structs.replace(project, data=data, graph=without_folders(project.graph))


@contextlib.contextmanager
def _quiet() -> Any:
    """Torch's exporter talks through prints, logs and warnings; none of it is for the person."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


# ---- files


def _write(folder: Path, source: Source, names: tuple[str, ...] = ("model.py", "train.py")) -> None:
    for name in names:
        (folder / name).write_text(source.files[name], encoding="utf-8", newline="\n")


def _can_be_written(out: Path, is_folder: bool) -> None:
    """Refuse before the work what would be refused after it."""
    if is_folder and out.exists() and not out.is_dir():
        raise Fault(f"{out} is a file, where this export needs a folder; choose another name.")
    if not is_folder and out.is_dir():
        raise Fault(f"{out} is a folder, where an ONNX export is one file; choose a file name such as model.onnx.")
    there = next((each for each in (out, *out.parents) if each.exists()), out)
    there = there.parent if there == out and not is_folder else there
    if not there.is_dir() or not os.access(there, os.W_OK):
        why = "you have no permission" if there.is_dir() else "it is not a folder"
        raise Fault(f"Nothing can be written into {there}: {why}; choose another place.")


def _placed(staged: Path, out: Path, to: str) -> list[Path]:
    """Put each staged file at its place, atomically; other files there are left alone. Raises Fault."""
    try:
        if to == "onnx":
            out.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(out, (staged / "model.onnx").read_bytes())
            return [out]
        out.mkdir(parents=True, exist_ok=True)
        placed: list[Path] = []
        for path in sorted(path for path in staged.iterdir() if path.is_file()):
            write_atomically(out / path.name, path.read_bytes())
            placed.append(out / path.name)
        return placed
    except OSError as error:
        raise Fault(f"{out} cannot be written: {reason(error)}.") from None


def _recorded(run: Path, asked: Export, exported: Exported) -> None:
    """Put the export and its difference into the run's record; raises Fault."""
    try:
        record = runs.read_record(run)
        entry = {
            "to": asked.to,
            "files": exported.files,
            "max_difference": exported.max_difference,
            "time": datetime.datetime.now(datetime.UTC).timestamp(),
        }
        runs.write_record(run, {**record, "exports": [*record.get("exports", []), entry]})
    except runs.RunFault as fault:
        raise Fault(str(fault)) from None
    except OSError as error:
        raise Fault(f"The export was written, but not recorded in {run}: {reason(error)}.") from None
