"""A run folder: the project as it was, its source, weights, record, and the stream of events that it is.

project.loom  model.py  train.py      what was trained
events.msgpack                        every event, appended as it was sent; opening a run replays it
best.safetensors  last.safetensors    weights by lowest validation loss, and of the last step
pretrained.safetensors                what was loaded before training began, where anything was
run.json                              seed, data hash, versions, hardware, choices by timing, evaluations
metrics.csv  curves.svg  tensorboard/ the same for other programs
"""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import msgspec

from core.curves import svg
from core.events import EVENT, Baseline, Ended, Epoch, Evaluated, Event, Losses, Note, Started
from core.frames import frames
from core.places import runs_folder
from core.project import Project, reason, text_of, write_atomically
from core.weights import PRETRAINED

EVENTS, RECORD, PROJECT = "events.msgpack", "run.json", "project.loom"
OF_A_RUN = (
    EVENTS, RECORD, PROJECT, "model.py", "train.py", "best.safetensors", "last.safetensors", "metrics.csv",
    "curves.svg", "tensorboard",
)  # fmt: skip


class RunFault(Exception):
    """A run folder that cannot be written or read: one sentence."""


def new_folder(base: Path | None = None) -> Path:
    """A new folder for a run, named by date and time, in `base` or where runs are kept; raises RunFault."""
    base = base or runs_folder()
    name = datetime.datetime.now().astimezone().strftime("%Y-%m-%d %H.%M.%S")
    for number in range(1, 1000):
        folder = base / (name if number == 1 else f"{name} ({number})")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise RunFault(f"The run folder {folder} cannot be made: {reason(error)}.") from None
        return folder
    raise RunFault(f"The folder {base} already holds a thousand runs of this second; choose another one.")


def begin(folder: Path, project: Project, files: Mapping[str, str]) -> None:
    """Make a folder ready for a run: what an earlier run left in it goes; raises RunFault."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (*OF_A_RUN, PRETRAINED):
            path = folder / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        for name, text in {PROJECT: text_of(project), **files}.items():
            (folder / name).write_bytes(text.encode())
    except OSError as error:
        raise RunFault(f"The run folder {folder} cannot be written: {reason(error)}.") from None


def events(folder: Path) -> Iterator[Event]:
    """The events of a run in order; one cut off at the end by a kill is passed over. Raises RunFault."""
    path = folder / EVENTS
    try:
        with path.open("rb") as file:
            for body in frames(file.read):
                yield EVENT.decode(body)
    except OSError as error:
        raise RunFault(f"{folder} holds no run that can be read ({EVENTS}: {reason(error)}).") from None
    except msgspec.DecodeError:
        return  # a torn tail: what came before it stands


def read_record(folder: Path) -> dict[str, Any]:
    """What `run.json` holds; raises RunFault."""
    path = folder / RECORD
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RunFault(
            f"{folder} is not a run folder ({RECORD}: {reason(error)}); choose one that training made."
        ) from None
    except (ValueError, RecursionError):
        raise RunFault(f"{path} is damaged; train again or restore it.") from None
    if not isinstance(found, dict):
        raise RunFault(f"{path} is damaged; train again or restore it.")
    return cast("dict[str, Any]", found)


def write_record(folder: Path, record: Mapping[str, Any]) -> None:
    """Write `run.json` atomically; raises OSError."""
    text = json.dumps(msgspec.to_builtins(record), indent=1, sort_keys=True, ensure_ascii=False)
    write_atomically(folder / RECORD, (text + "\n").encode())


def record_evaluation(folder: Path, metrics: Mapping[str, float]) -> Evaluated:
    """Put a use of the test part into the run's record, and say the how manyth it was; raises RunFault."""
    record = read_record(folder)
    if not isinstance(record.get("evaluations", []), list):
        raise RunFault(f"{folder / RECORD} is damaged; train again or restore it.")
    time = datetime.datetime.now(datetime.UTC).timestamp()
    uses: list[Any] = [*record.get("evaluations", []), {"time": time, "metrics": dict(metrics)}]
    try:
        write_record(folder, {**record, "evaluations": uses})
    except OSError as error:
        raise RunFault(f"The evaluation was not recorded in {folder}: {reason(error)}.") from None
    return Evaluated(dict(metrics), len(uses), time)


class Summary(msgspec.Struct, frozen=True):
    """A run at a glance; `how` is "" for a run that never ended (it was killed, or goes on)."""

    folder: str
    time: float = 0.0
    how: str = ""
    epochs: int = 0
    steps: int = 0
    seconds: float = 0.0
    metrics: dict[str, float] = {}
    baseline: Baseline | None = None
    message: str = ""
    started: Started | None = None
    best_epoch: int = 0
    notes: tuple[str, ...] = ()


def summary(folder: Path) -> Summary:
    """What a run came to, read from its events; raises RunFault."""
    made = Summary(str(folder))
    change = msgspec.structs.replace
    for event in events(folder):
        match event:
            case Started():
                made = change(made, started=event, time=event.time)
            case Losses():
                made = change(made, steps=event.first + len(event.values) // 4, seconds=event.seconds)
            case Epoch():
                made = change(made, epochs=event.epoch, steps=event.step, seconds=event.seconds)
                if event.best or not made.metrics:
                    made = change(made, metrics=event.metrics, best_epoch=event.epoch)
            case Baseline():
                made = change(made, baseline=event)
            case Note():
                made = change(made, notes=(*made.notes, event.message))
            case Ended():
                made = change(
                    made,
                    how=event.how,
                    epochs=event.epochs,
                    steps=event.steps,
                    seconds=event.seconds,
                    message=event.message,
                )
            case _:
                pass
    return made


def curves_svg(told: Iterator[Event] | list[Event], title: str = "Losses") -> str:
    """A picture of a run's losses: every step's training loss, smoothed, and the validation loss of each epoch."""
    steps: list[float] = []
    validation: list[tuple[float, float]] = []
    for event in told:
        if isinstance(event, Losses):
            steps.extend(memoryview(event.values).cast("f"))
        elif isinstance(event, Epoch) and "validation_loss" in event.metrics:
            validation.append((event.step, event.metrics["validation_loss"]))
    return svg(title, steps, validation)


def list_runs(base: Path | None = None) -> list[Path]:
    """The run folders in a folder, the newest first."""
    base = base or runs_folder()
    if not base.is_dir():
        return []
    found = [path for path in base.iterdir() if (path / EVENTS).is_file()]
    return sorted(found, key=lambda path: (path / EVENTS).stat().st_mtime, reverse=True)
