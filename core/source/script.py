"""The text of train.py: the data's own loading, the objective, and a training loop that is short and fast."""

from __future__ import annotations

import ast
import functools
import textwrap

import msgspec

from core.datasets import DataFault, LoadingText, declared, loading
from core.datasets.files import stamp
from core.layers.calls import exact
from core.layers.own_code import reading
from core.project import Data, sums, training_of
from core.source.flow import Flow, import_lines, own_code
from core.source.initial import has_loaded
from core.source.model import code_lines
from core.source.objective import field_of, fields, objective_lines
from core.source.statements import WIDTH, Line, comment
from core.training import Training
from core.weights import PRETRAINED

FUSED = ("SGD", "Adam", "AdamW")
"""Optimizers that torch can run in one kernel; the application does the same."""


def script_lines(flow: Flow, threads: int = 0, channels_last: bool = False) -> list[Line]:
    """The lines of train.py; `threads` and `channels_last` are what a run has chosen by timing."""
    text, fault = _loading(flow.project.data)
    settings = training_of(flow.project)
    lines = [*_docstring(flow, text), "", *_imports(flow, text), "", *_constants(flow, settings), "", ""]
    if text is None:
        lines += [
            comment("the data", fault),
            "def load() -> dict[str, dict[str, np.ndarray[Any, Any]]]:",
            '    """The arrays by part ("training", "validation", "test") and field."""',
            '    raise NotImplementedError("No data set is chosen yet.")',
        ]
    else:
        lines += narrowed(text.functions).rstrip().split("\n")
    made = [Line(line) for line in [*lines, "", ""]]
    texts = own_code(flow.in_train_file)
    made += code_lines({text: node for text, node in texts.items() if text not in own_code(flow.in_model_file)})
    made += [*objective_lines(flow, _taken("\n".join(lines))), Line(""), Line("")]
    return made + [Line(line) for line in _loop(flow, settings, threads, channels_last)]


def _loading(data: Data) -> tuple[LoadingText | None, str]:
    try:
        stamped = stamp(declared(data).file)  # what is wrong with the settings is said first
        return _kept(msgspec.msgpack.encode(data), stamped), ""
    except (DataFault, OSError, ValueError, OverflowError) as fault:
        return None, str(fault)


@functools.lru_cache(maxsize=4)
def _kept(encoded: bytes, stamped: tuple[str, int, int]) -> LoadingText:
    """The loading text, kept until settings or file change: making it reads the data."""
    return loading(msgspec.msgpack.decode(encoded, type=Data))


def narrowed(text: str) -> str:
    """The text with the paragraphs of its docstrings broken at the width of the written files."""
    lines = text.split("\n")
    docstrings = [
        node.body[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node, clean=False) is not None
    ]
    for said in sorted(docstrings, key=lambda each: each.lineno, reverse=True):
        last = said.end_lineno or said.lineno
        held, indent = lines[said.lineno - 1 : last], " " * said.col_offset
        if max(map(len, held)) > WIDTH:
            paragraphs = "\n".join(line.strip() for line in held).split("\n\n")
            wrapped = (textwrap.wrap(each, WIDTH - len(indent), break_long_words=False) for each in paragraphs)
            rest = "\n\n".join("\n".join(part) for part in wrapped)
            lines[said.lineno - 1 : last] = [indent + line if line else "" for line in rest.split("\n")]
    return "\n".join(lines)


def _docstring(flow: Flow, text: LoadingText | None) -> list[str]:
    needs = ["torch", *(text.needs if text else ("numpy",)), *["safetensors"] * has_loaded(flow)]
    said = ", ".join(needs[:-1]) + " and " + needs[-1]
    return [
        '"""Train the network in model.py: `python train.py`.',
        "",
        *textwrap.wrap(
            f"Needs {said}. Prints one line an epoch and keeps the best weights in weights.safetensors.", WIDTH
        ),
        '"""',
    ]


def _imports(flow: Flow, text: LoadingText | None) -> list[str]:
    lines = set(text.imports) if text else {"from typing import Any", "import numpy as np"}
    shared = own_code(flow.in_train_file).keys() & own_code(flow.in_model_file).keys()
    lines |= import_lines(flow.in_train_file)
    lines |= {
        "import json",
        "from pathlib import Path",
        "import torch",
        "from torch import Tensor, nn",
        f"from model import {', '.join(['Model', *sorted(reading(text).name for text in shared)])}",
    }
    if has_loaded(flow):
        lines.add("from safetensors.torch import load_file")
    return sorted(lines)


def _taken(text: str) -> set[str]:
    """The names that a text defines at its top, and those of the loop."""
    defined = {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    return defined | {"json", "laid_out", "load_file"}


def _constants(flow: Flow, settings: Training) -> list[str]:
    said = tuple(fields(flow))
    return [
        f"SEED = {flow.project.seed!r}",
        f"EPOCHS = {settings.epochs!r}",
        f"BATCH_SIZE = {settings.batch_size!r}",
        f"FIELDS = {exact(said)}" if said else "FIELDS: tuple[str, ...] = ()",
    ]


def _optimizer(settings: Training) -> str:
    said = [f"lr={settings.lr!r}"]
    if settings.momentum and settings.optimizer in ("SGD", "RMSprop"):
        said.append(f"momentum={settings.momentum!r}")
    if settings.weight_decay or settings.optimizer == "AdamW":
        said.append(f"weight_decay={settings.weight_decay!r}")
    if settings.optimizer in FUSED:
        said.append("fused=True")
    return f"torch.optim.{settings.optimizer}(model.parameters(), {', '.join(said)})"


def class_pair(flow: Flow) -> tuple[int, str] | None:
    """Which output says which class, and the field that holds the right one; None where no loss compares classes."""
    outputs = [value for _, value in flow.outputs]
    steps = {step.node: step for step in flow.training}
    for node_id, _ in flow.losses:
        given = list(steps[node_id].arguments.values()) if node_id in steps else []
        if flow.layer_name(node_id) in ("CrossEntropyLoss", "NLLLoss") and len(given) >= 2 and given[0] in outputs:
            report = flow.checked.nodes.get(given[1][0])
            spec = report.outputs.get(given[1][1]) if report else None
            if spec and spec.dtype == "int64" and spec.rank == 1 and flow.layer_name(given[1][0]) == "Target":
                return outputs.index(given[0]), field_of(flow, given[1][0])
    return None


def _loop(flow: Flow, settings: Training, threads: int, channels_last: bool) -> list[str]:
    """The functions behind the objective: evaluate, save and main."""
    pair, measured = class_pair(flow), flow.checked.data.validation > 0 or not flow.checked.data.fields
    text = LOOP if measured else LOOP_WITHOUT_VALIDATION
    marks = {
        "DEVICE": _device(settings),
        "THREADS": f"    torch.set_num_threads({threads})\n" if threads > 0 else "",
        "MODEL": "Model().to(device, memory_format=torch.channels_last)" if channels_last else "Model().to(device)",
        "LOADED": LOADED * has_loaded(flow),
        "OPTIMIZER": _optimizer(settings),
        "LAYOUT": LAID_OUT if channels_last else "",
    }
    for mark, said in marks.items():
        text = text.replace(f"<{mark}>", said)
    before = (
        EVALUATE_CLASSES.replace("<OUTPUT>", repr(pair[0])).replace("<FIELD>", repr(pair[1])) if pair else EVALUATE
    ) * measured
    shown = ", accuracy {accuracy:.1%}" if pair else ""
    result = "validation_loss, accuracy" if pair else "validation_loss"
    text = text.replace("<SHOWN>", shown).replace("<RESULT>", result)
    if sums(flow.project):  # such a loss grows with the batch
        before = before.replace("1024", str(min(settings.batch_size, 1024)))
    before += LAYOUT if channels_last else ""
    return (before + SAVE + text).rstrip().split("\n")


def _device(settings: Training) -> str:
    if settings.device == "auto":
        return 'torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")'
    return f"torch.device({settings.device!r})"


EVALUATE = '''\
@torch.no_grad()
def evaluate(model: Model, fields: dict[str, Tensor]) -> float:
    """The mean loss on these rows."""
    model.eval()
    rows = len(fields[FIELDS[0]])
    total = 0.0
    for first in range(0, rows, 1024):
        batch = {name: values[first : first + 1024] for name, values in fields.items()}
        loss, _ = objective(model, batch)
        total += loss.item() * len(batch[FIELDS[0]])
    return total / rows


'''

EVALUATE_CLASSES = '''\
@torch.no_grad()
def evaluate(model: Model, fields: dict[str, Tensor]) -> tuple[float, float]:
    """The mean loss on these rows, and the share of them whose class is right."""
    model.eval()
    rows = len(fields[FIELDS[0]])
    total, right = 0.0, 0
    for first in range(0, rows, 1024):
        batch = {name: values[first : first + 1024] for name, values in fields.items()}
        loss, outputs = objective(model, batch)
        total += loss.item() * len(batch[FIELDS[0]])
        right += int((outputs[<OUTPUT>].argmax(1) == batch[<FIELD>]).sum())
    return total / rows, right / rows


'''

LAYOUT = '''\
def laid_out(values: Tensor) -> Tensor:
    """Pictures with their channels last in memory: measured, and faster here."""
    return values.contiguous(memory_format=torch.channels_last) if values.ndim == 4 else values


'''

LOADED = f'    model.load_state_dict(load_file("{PRETRAINED}"), strict=False)\n'
LAID_OUT = "            batch = {name: laid_out(values) for name, values in batch.items()}\n"

SAVE = '''\
def save(model: nn.Module, path: str) -> None:
    """Write weights as safetensors: the length of a header, the header, the numbers."""
    kinds = {torch.float32: "F32", torch.int64: "I64", torch.bool: "BOOL"}
    header, parts, end = {}, [], 0
    for name, value in model.state_dict().items():
        parts.append(value.cpu().contiguous().numpy().tobytes())
        start, end = end, end + len(parts[-1])
        header[name] = {"dtype": kinds[value.dtype], "shape": list(value.shape), "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    Path(path).write_bytes(len(text).to_bytes(8, "little") + text + b"".join(parts))


'''

STEP = """\
        model.train()
        order = torch.randperm(rows, generator=torch.Generator().manual_seed(SEED + epoch)).to(device)
        train_loss = 0.0
        for chosen in order[:used].split(BATCH_SIZE):
            batch = {name: values.index_select(0, chosen) for name, values in training.items()}
<LAYOUT>            optimizer.zero_grad()
            loss, _ = objective(model, batch)
            loss.backward()
            optimizer.step()
            train_loss += loss.item() * len(chosen) / used
"""

BEGIN = '''\
def main() -> None:
    """Train, measure the validation rows each epoch, and keep the best weights."""
<THREADS>    device = <DEVICE>
    data = {
        part: {name: torch.from_numpy(fields[name]).to(device) for name in FIELDS}
        for part, fields in load().items()
    }
    training, validation = data["training"], data["validation"]
    rows = len(training[FIELDS[0]])
    used = rows - rows % BATCH_SIZE or rows  # a last short batch is left out
    torch.manual_seed(SEED)
    model = <MODEL>
<LOADED>    optimizer = <OPTIMIZER>
    best = float("inf")
    for epoch in range(EPOCHS):
'''

MAIN = """

if __name__ == "__main__":
    main()
"""

LOOP = (
    BEGIN
    + STEP
    + """\
        <RESULT> = evaluate(model, validation)
        print(
            f"epoch {epoch + 1}: train loss {train_loss:.4f}, "
            f"validation loss {validation_loss:.4f}<SHOWN>"
        )
        if validation_loss < best:
            best = validation_loss
            save(model, "weights.safetensors")
"""
    + MAIN
)

LOOP_WITHOUT_VALIDATION = (
    BEGIN.replace(
        '    training, validation = data["training"], data["validation"]\n',
        '    training = data["training"]\n',
    )
    .replace('    best = float("inf")\n', "")
    .replace(
        "Train, measure the validation rows each epoch, and keep the best weights.",
        "Train, and keep the last weights.",
    )
    + STEP
    + """\
        print(f"epoch {epoch + 1}: train loss {train_loss:.4f}")
        save(model, "weights.safetensors")
"""
    + MAIN
)
