"""The command line: the same core as the window, without one.

Exit codes: 0 done, 1 a problem in the project or the data, 2 wrong use, 130 interrupted. Progress goes to stderr;
with --json exactly one JSON document goes to stdout.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib
import json
import math
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import msgspec
import typer

from core import places, plugins
from core import project as projects
from core.client import Refusal, Waiting
from core.costs import Memory, estimate_text, memory_warning, training_memory
from core.events import Ended, Evaluated
from core.messages import (
    About,
    Body,
    Check,
    Checked,
    Estimated,
    Evaluate,
    Export,
    Exported,
    Facts,
    Predict,
    Predicted,
    Problem,
    Train,
    Warm,
)
from core.progress import TrainingProgress, tell_progress
from core.project import Project, ProjectError, training_of

if TYPE_CHECKING:
    from core.layers import Layer

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Design, train and export neural networks. Without a command, or with a .loom file, the window opens.",
)

File = Annotated[Path, typer.Argument(help="A project file (.loom).", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Trusting = Annotated[
    bool, typer.Option("--trust", help="Run the Python code that the project brings, this once; read it first.")
]
RunFolder = Annotated[Path, typer.Option("--run", help="The folder of a training run.", show_default=False)]


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a command says: a document for --json, lines for people, and an exit code."""

    document: Any
    lines: Sequence[str]
    code: int = 0


class Trouble(Exception):
    """A problem in the project or the data, in one sentence (exit code 1)."""


def command(function: Callable[..., Answer]) -> Callable[..., None]:
    """Register a command: it returns an Answer, and every failure becomes one sentence and an exit code."""

    @functools.wraps(function)
    def run(**given: Any) -> None:
        as_json = bool(given.pop("as_json", False))
        try:
            answer = function(**given)
        except (ProjectError, Trouble) as trouble:
            answer = Answer({"error": str(trouble)}, [], 1)
            _complain(str(trouble))
        except Refusal as refusal:
            problems = [_problem(problem) for problem in refusal.failure.problems]
            answer = Answer({"error": refusal.failure.message, "problems": problems}, [], 1)
            _complain(refusal.failure.message)
            if refusal.failure.kind == "crash":
                places.remember_error(refusal.failure.details)
        except KeyboardInterrupt:
            answer = Answer({"error": "Interrupted."}, [], 130)
            _complain("Interrupted.")
        _load_data_plugins()
        for sentence in plugins.faults():
            _complain(sentence)
        if as_json:
            print(json.dumps(plain(answer.document), ensure_ascii=False, allow_nan=False))
        else:
            for line in answer.lines:
                print(line)
        sys.stdout.flush()
        raise typer.Exit(answer.code)

    signature = typing_signature(function)
    run.__signature__ = signature  # type: ignore[attr-defined]
    run.__annotations__ = {**function.__annotations__, "as_json": Json, "return": None}
    app.command(name=function.__name__)(run)
    return run


def _load_data_plugins() -> None:
    """Load data sets of other packages here too, where there are any, so that one that fails is named."""
    if plugins.offered("layerloom.datasets"):
        importlib.import_module("core.datasets")


def typing_signature(function: Callable[..., Answer]) -> Any:
    """The function's signature with `--json` added, which every command takes."""
    import inspect

    signature = inspect.signature(function, eval_str=True)
    flag = inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Json)
    return signature.replace(parameters=[*signature.parameters.values(), flag], return_annotation=None)


def plain(value: Any) -> Any:
    """A value as JSON knows it: NaN and infinity become null, tuples lists, structs objects."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in cast("dict[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in cast("Sequence[Any]", value)]
    if isinstance(value, msgspec.Struct | Path):
        return plain(msgspec.to_builtins(value) if isinstance(value, msgspec.Struct) else str(value))
    return value


def _complain(sentence: str) -> None:
    print(f"layerloom: {sentence}", file=sys.stderr)


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "severity": problem.severity,
        "node": problem.node,
        "port": problem.port,
        "message": problem.message,
        "repair": problem.repair.text if problem.repair else None,
    }


def _expect(answer: Body, kind: type[msgspec.Struct]) -> Any:
    if not isinstance(answer, kind):
        raise Trouble(
            f"The engine answered {type(answer).__name__} where {kind.__name__} was expected; please report this."
        )
    return answer


# ---- the commands


@command
def layers() -> Answer:
    """List every layer with its parameters and ports, and what it is for."""
    from core.layers import CATALOGUE

    document = [_layer(name, layer) for name, layer in CATALOGUE.items()]
    lines = [f"{entry['name']:24} {entry['family']:16} {entry['torch']}" for entry in document]
    return Answer(document, lines)


def _layer(name: str, layer: type[Layer]) -> dict[str, Any]:
    """All that a declaration says of a layer."""
    from core.parameters import parameters

    return {
        "name": name,
        "family": layer.family,
        "torch": layer.torch,
        "help": " ".join((layer.__doc__ or "").split()),
        "use": layer.use,
        "formula": layer.formula,
        "paper": layer.paper,
        "synonyms": layer.synonyms,
        "parameters": [
            {
                "name": each.name,
                "type": each.kind,
                "default": each.default,
                "bounds": each.bounds,
                "help": each.help,
                "dropped": each.dropped,
                "choices": each.choices,
                "length": each.length,
                "optional": each.optional,
                "required": each.required,
                "rare": each.rare,
                "unit": each.unit,
                "when": each.when,
            }
            for each in parameters(layer)
        ],
        "inputs": [port.name for port in layer.inputs],
        "outputs": [port.name for port in layer.outputs],
        "ports": {"inputs": layer.inputs, "outputs": layer.outputs},
    }


@command
def examples() -> Answer:
    """List the examples that `layerloom new` can make."""
    from core.examples import EXAMPLES

    document = [
        {
            "name": each.name,
            "title": each.title,
            "about": each.about,
            "goal": each.goal,
            "seconds": each.seconds,
        }
        for each in EXAMPLES
    ]
    return Answer(document, [f"{each.name:16} {each.title}: {each.about}" for each in EXAMPLES])


@command
def architectures() -> Answer:
    """List the well-known networks that `layerloom new` can make, with their numbers of parameters."""
    from core.examples import ARCHITECTURES

    document = [
        {
            "name": each.name,
            "title": each.title,
            "about": each.about,
            "parameters": each.parameters,
            "paper": each.paper,
        }
        for each in ARCHITECTURES
    ]
    return Answer(document, [f"{each.name:18} {each.parameters:>11,}  {each.title}" for each in ARCHITECTURES])


@command
def new(
    example: Annotated[
        str,
        typer.Argument(
            help="The name of an example or architecture (see `layerloom examples` and `layerloom architectures`).",
            show_default=False,
        ),
    ],
    file: File,
) -> Answer:
    """Write a new project from an example or architecture; a file that is there already is kept."""
    from core.examples import ARCHITECTURES, EXAMPLES, example_project

    names = [each.name for each in (*EXAMPLES, *ARCHITECTURES)]
    if example not in names:
        raise Trouble(f"There is no example {example!r}; known are {', '.join(names)}.")
    if file.exists():
        raise Trouble(f"{file} is there already and was kept; choose another name.")
    projects.save(example_project(example), file)
    return Answer({"file": str(file), "example": example}, [f"Wrote {file}."])


@command
def check(file: File, trust: Trusting = False) -> Answer:
    """Check a project: every shape, cost and problem. Exit code 1 where there is an error."""
    project = projects.load(file)
    with Waiting(_trusted(project, trust)) as engine:
        checked: Checked = _expect(engine.ask(Check(project)), Checked)
    nodes = {
        node_id: {
            "layer": report.layer,
            "outputs": {
                port: {"shape": list(spec.shape), "dtype": spec.dtype} for port, spec in report.outputs.items()
            },
            "parameters": report.parameters,
            "macs": report.macs,
            "kept_bytes": list(checked.kept.get(node_id, (0, 0))),
        }
        for node_id, report in checked.nodes.items()
    }
    document = {
        "problems": [_problem(problem) for problem in checked.problems],
        "nodes": nodes,
        "parameters": checked.parameters,
        "frozen": checked.frozen,
        "macs": checked.macs,
        "memory": _memory(training_memory(project, checked)),
    }
    lines = [f"{problem.severity}: {problem.node or 'project'}: {problem.message}" for problem in checked.problems]
    lines.append(
        f"{len(nodes)} nodes, {checked.parameters:,} parameters"
        + (f" ({checked.frozen:,} frozen)" if checked.frozen else "")
        + f", {checked.macs:,} multiply-accumulates a sample"
    )
    return Answer(document, lines, int(checked.has_errors))


def _memory(memory: Memory) -> dict[str, int]:
    """The parts of a training step's memory, in bytes, and their sum."""
    return {**msgspec.structs.asdict(memory), "total": memory.total}


@command
def estimate(
    file: File,
    epochs: Annotated[int | None, typer.Option(min=1, help="Instead of the project's epochs.")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda or mps, instead of the project's.")] = None,
    trust: Trusting = False,
) -> Answer:
    """Say how long a training run will take and how much memory, by rehearsing a few steps of it."""
    project = _with_settings(projects.load(file), epochs, None, device)
    with Waiting(_trusted(project, trust)) as engine:
        estimated: Estimated = _expect(engine.ask(Warm(project), tell_progress), Estimated)
    warning = memory_warning(estimated, training_of(project))
    document = {**msgspec.structs.asdict(estimated), "warning": warning}
    where = "" if estimated.device == "cpu" else f" on {estimated.device}"
    return Answer(document, _with_note([f"A run{where} takes {estimate_text(estimated)}."], warning))


@command
def train(
    file: File,
    out: Annotated[Path, typer.Option(help="The run folder to make; it must be new or empty.", show_default=False)],
    epochs: Annotated[int | None, typer.Option(min=1, help="Instead of the project's epochs.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**63 - 1, help="Instead of the project's seed.")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda or mps, instead of the project's.")] = None,
    trust: Trusting = False,
) -> Answer:
    """Train a project into a run folder."""
    project = _with_settings(projects.load(file), epochs, seed, device)
    folder = _resolved(out)
    _make_folder(out)
    with Waiting(_trusted(project, trust)) as engine, TrainingProgress() as progress:
        future = engine.begin(Train(project, folder), progress.show)
        try:
            ended: Ended = _expect(future.result(), Ended)
        except KeyboardInterrupt:
            from core.messages import Control

            engine.engine.tell(Control("stop"))
            future.result(timeout=30)
            raise
        except Refusal as refusal:
            if refusal.failure.kind == "crash":
                raise Trouble(f"{refusal.failure.message} What the run had written before is kept in {out}.") from None
            raise
    if ended.how == "failed":
        raise Trouble(ended.message)
    document = {
        "run": str(out),
        "epochs": ended.epochs,
        "steps": ended.steps,
        "seconds": ended.seconds,
        "samples_per_second": ended.samples_per_second,
        "metrics": ended.metrics,
    }
    figures = ", ".join(f"{name} {value:.4g}" for name, value in ended.metrics.items())
    lines = [f"{ended.epochs} epochs in {ended.seconds:.1f} s ({ended.samples_per_second:,.0f} samples/s): {figures}"]
    lines += [f"Run folder: {out}", f"Curves: {out / 'curves.svg'}"]
    return Answer(document, lines)


def _with_settings(project: Project, epochs: int | None, seed: int | None, device: str | None) -> Project:
    from core.parameters import read
    from core.training import Training

    given = {"epochs": epochs, "device": device}
    training = {**project.training, **{name: value for name, value in given.items() if value is not None}}
    faults = [sentence for name, sentence in read(Training, training)[1] if given.get(name) is not None]
    if faults:
        raise typer.BadParameter(faults[0])
    project = msgspec.structs.replace(project, training=training)
    return project if seed is None else msgspec.structs.replace(project, seed=seed)


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise Trouble(f"{out} is not empty, and a run is never written over another; choose a new folder.")
    except OSError as error:
        why = "a file of that name is there" if isinstance(error, FileExistsError) else projects.reason(error)
        raise Trouble(f"{out} cannot be made: {why}; choose another folder.") from None


def _trusted(project: Project, trusts: bool) -> set[str]:
    """The code that may be run: what the person has trusted in the window, and with --trust what this file brings."""
    from core.trust import codes, fingerprint, trusted

    brought = {fingerprint(code) for code in codes(project).values()}
    return brought if trusts else brought & trusted()


def _refuse_overwriting(out: Path, *read: Path) -> None:
    """What a command reads is a person's own, and is never replaced by what it writes."""
    for path in read:
        if out.resolve() == path.resolve():
            raise Trouble(f"{out} would be written over what is read from it; choose another name.")


@command
def predict(
    file: File,
    run: RunFolder,
    data: Annotated[Path, typer.Option(help="A CSV or NPZ file with the inputs.", show_default=False)],
    out: Annotated[Path, typer.Option(help="The CSV to write.", show_default=False)],
    trust: Trusting = False,
) -> Answer:
    """Predict every row of a data file with a run's best weights."""
    _refuse_overwriting(out, file, data)
    request = Predict(projects.load(file), _resolved(run), _resolved(data), _resolved(out))
    with Waiting(_trusted(request.project, trust)) as engine:
        predicted: Predicted = _expect(engine.ask(request, tell_progress), Predicted)
    document = {"rows": predicted.rows, "out": str(out), "note": predicted.note}
    return Answer(document, _with_note([f"Wrote {predicted.rows:,} predictions to {out}."], predicted.note))


def _with_note(lines: list[str], note: str) -> list[str]:
    return [*lines, note] if note else lines


@command
def evaluate(file: File, run: RunFolder, trust: Trusting = False) -> Answer:
    """Measure a run's best weights on the test part; each use is recorded in the run."""
    project = projects.load(file)
    with Waiting(_trusted(project, trust)) as engine:
        answer: Evaluated = _expect(engine.ask(Evaluate(project, _resolved(run)), tell_progress), Evaluated)
    lines = [f"{name} {value:.4g}" for name, value in answer.metrics.items()]
    times = "once" if answer.uses == 1 else f"{answer.uses} times"
    document = {"metrics": answer.metrics, "uses": answer.uses, "note": answer.note}
    return Answer(document, _with_note([*lines, f"The test part was used {times} for this run."], answer.note))


@command
def export(
    file: File,
    to: Annotated[str, typer.Option(help="python, script or onnx.", show_default=False)],
    out: Annotated[Path, typer.Option(help="The folder to write, or for onnx the file.", show_default=False)],
    run: Annotated[Path | None, typer.Option("--run", help="The run whose weights go along.")] = None,
    trust: Trusting = False,
) -> Answer:
    """Export a network and check that it gives the same numbers."""
    if to not in ("python", "script", "onnx"):
        raise typer.BadParameter(f"--to takes python, script or onnx, not {to!r}.")
    _refuse_overwriting(out, file)
    request = Export(projects.load(file), to, _resolved(out), _resolved(run) if run else "")
    with Waiting(_trusted(request.project, trust)) as engine:
        exported: Exported = _expect(engine.ask(request, tell_progress), Exported)
    document = {"files": list(exported.files), "max_difference": exported.max_difference, "note": exported.note}
    lines = [f"Wrote {file}" for file in exported.files]
    if exported.max_difference is not None:
        lines.append(f"Largest difference from the app's own model: {exported.max_difference:.2g}")
    return Answer(document, [*lines, *([exported.note] if exported.note else [])])


@command
def about() -> Answer:
    """Versions, devices, places and the last error; nothing personal."""
    from core.report import report, report_text

    try:
        with Waiting() as engine:
            facts: Facts | None = _expect(engine.ask(About()), Facts)
    except Refusal:
        facts = None
    _load_data_plugins()
    said = report(facts)
    return Answer(said, [report_text(said)])


def _resolved(path: Path) -> str:
    return _text(path.resolve())


def _text(path: Path) -> str:
    """A path as text that can be sent; names of other bytes are legal on Linux, and no text."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise Trouble(f"{path!r} is not a name in UTF-8; rename it or choose another place.") from None
    return str(path)


def main() -> int:
    """Run the command line and return its exit code."""
    os.environ.setdefault("PYTHONUTF8", "1")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        app(prog_name="layerloom")
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
        if code == 2 and "--json" in sys.argv[1:]:
            print(json.dumps({"error": "Wrong use of the command; what is wrong stands on the error stream."}))
        return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
