"""The process in which a person's code is tried: it listens on stdin, answers on the real stdout, and may be killed.

`python -P -m core.engine.probing`, started and watched by `core.engine.probe`.
"""

from __future__ import annotations

import _thread
import builtins
import contextlib
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from core.engine import guard, trust
from core.engine.examine import BATCHES, Fault, Found, examined, namespace
from core.engine.modules import held_in
from core.engine.probe import IDLE_SECONDS, MEMORY, Told, Try, too_much
from core.engine.sizes import size_at, size_text
from core.frames import frame, frames, write_all
from core.layers.calls import construction, invocation, ports_of
from core.layers.custom import Python
from core.layers.layer import Call, Inputs, Refused
from core.layers.own_code import FILENAME, reading
from core.parameters import read
from core.specs import Size, Spec, shape_text
from core.trust import fingerprint

TRAINED_BATCH, EVALUATED_BATCH = 2, 3
MOST_MACS = 500_000_000
MOST_NUMBERS = 5_000_000
"""What is larger is not run with real numbers: it would take longer than a person waits."""

SHARED: dict[str, Callable[[], dict[str, Any]]] = {
    "torch": lambda: dict(vars(torch)),
    "torch.Tensor": lambda: dict(vars(torch.Tensor)),
    "nn": lambda: dict(vars(nn)),
    "nn.Module": lambda: dict(vars(nn.Module)),
    "nn.functional": lambda: dict(vars(nn.functional)),
    "os": lambda: dict(vars(os)),
    "sys.modules": lambda: dict(sys.modules),
}


CLASSES = ("torch.Tensor", "nn.Module")
"""What is written into these hides what they inherit, so here that which is added is a change too."""
WHOLE = (*CLASSES, "sys.modules")


class _Bad(Exception):
    """What is wrong with the code, in one sentence about {self}."""


def main() -> None:
    """Answer until stdin ends or nothing is asked for long."""
    out, given = os.dup(1), os.dup(0)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # the code may read and print what it likes, but not in what is said here
        os.dup2(nothing, stream)
    if os.name == "nt":
        import msvcrt

        for descriptor in (out, given):
            msvcrt.setmode(descriptor, os.O_BINARY)  # type: ignore[attr-defined]
    torch.set_num_threads(1)
    sys.dont_write_bytecode = True
    waiting: queue.SimpleQueue[Try] = queue.SimpleQueue()
    _warm()
    threading.Thread(target=_listen, args=(given, waiting), name="reader", daemon=True).start()
    write_all(out, frame(Told()))
    decide = msgspec.msgpack.Encoder().encode  # names that the code cannot take away
    elsewhere = guard.everywhere()
    while True:
        try:
            asked = waiting.get(timeout=IDLE_SECONDS)
        except queue.Empty:
            os._exit(0)
        told = answer(asked, elsewhere)
        body = decide(told)
        write_all(out, len(body).to_bytes(4, "little") + body)


def _listen(given: int, waiting: queue.SimpleQueue[Try]) -> None:
    decoder = msgspec.msgpack.Decoder(Try)
    for body in frames(lambda count: os.read(given, min(count, 1 << 20))):
        waiting.put(decoder.decode(body))
    os._exit(0)


def _warm() -> None:
    """Do what torch does at its first time, before the clock runs."""
    layer = read(Python, {})[0]
    examined(layer, {"input": Spec(("N", 2))})
    with guard.Guarded():
        _really(layer, layer.call({"input": Spec(("N", 2))}), {"input": Spec(("N", 2))}, None)


def answer(asked: Try, elsewhere: list[str]) -> Told:
    """What is found out about a layer, with everything that its code changed named and put back."""
    code = str(asked.values.get("code", ""))
    trust.trust([fingerprint(code)])
    layer = read(Python.of(asked.values), asked.values)[0]
    assert isinstance(layer, Python)
    said = dict(builtins.__dict__)
    shared = {name: taken() for name, taken in SHARED.items()}
    held = guard.Guarded()
    elsewhere.clear()
    threads, left = _thread._count(), 0
    found: Found | Fault | None
    wrong: BaseException | None = None
    try:
        with _limited(asked.memory), held:
            found = _tried(layer, asked.inputs)
    except BaseException as error:
        found, wrong = None, error
    # Nothing that was built in is called before it stands again where it stood.
    changed = [f"builtins.{name}" for name in said if builtins.__dict__.get(name) is not said[name]]
    builtins.__dict__.update(said)
    changed += _changes(shared)
    for _ in range(10):
        left = _thread._count() - threads
        if left <= 0:
            break
        time.sleep(0.005)  # a thread that was waited for may still be leaving
    is_spoilt = bool(changed) or left > 0
    offences = [*held.offences, *elsewhere]
    if changed:
        found = Fault(f"{{self}} changes {changed[0]}, which all code shares: leave it as it is.")
    elif offences:
        found = Fault(
            f"{{self}} tried to {offences[0]}, which code in a network may not do: take that line out.",
            why=str(wrong or ""),
        )
    elif wrong is not None:
        found = _words(layer, asked.inputs, wrong)
    elif left > 0:
        found = Fault("{self} leaves a thread running when it has returned: let it wait for all that it starts.")
    if isinstance(found, Fault):
        return Told(fault=found, is_spoilt=is_spoilt)
    return Told(found=found, is_spoilt=is_spoilt)


def _limited(memory: int) -> contextlib.AbstractContextManager[None]:
    return guard.limited_memory(memory) if memory else contextlib.nullcontext()


def _changes(before: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The names of what is shared by all code and is another thing now; what was added is nobody's loss."""
    for where, names in before.items():
        now = SHARED[where]()
        for name, value in names.items():
            if now.get(name) is not value and (where in WHOLE or not name.startswith("_")):
                yield f"{where}.{name}"
        if where in CLASSES:
            yield from (f"{where}.{name}" for name in now if name not in names)


# ---- trying


def _tried(layer: Python, inputs: Inputs) -> Found | Fault:
    """On meta first, then with numbers; where meta cannot, numbers say the shapes too."""
    try:
        call = layer.call(inputs)
    except Refused as refused:
        return Fault(refused.message, refused.port, refused.repair)
    trust.allow(call)
    found = examined(layer, inputs)
    if isinstance(found, Found):
        _really(layer, call, inputs, found)
    else:
        found = _measured(layer, call, inputs)
    held = held_in(_built(call)[0]) if call.target and found.parameters else None
    return msgspec.structs.replace(found, held=held)


def _measured(layer: Python, call: Call, inputs: Inputs) -> Found:
    """The outputs and costs by runs with real numbers at two batches."""
    module, names = _built(call)
    with FlopCounterMode(display=False) as counter:
        first = _run(call, module, names, _numbers(inputs, BATCHES[0]))
    second = _run(call, module, names, _numbers(inputs, BATCHES[1]))
    outputs: dict[str, Spec] = {}
    for port, tensor in _checked(layer, call, first).items():
        there = _checked(layer, call, second)[port]
        if tensor.ndim != there.ndim:
            raise _Bad(f"{{self}} gives {port} {tensor.ndim} axes at one batch and {there.ndim} at another: keep them.")
        outputs[port] = Spec(
            tuple(_size(port, a, b) for a, b in zip(tensor.shape, there.shape, strict=True)),
            str(tensor.dtype).removeprefix("torch."),
        )
    parameters = sum(each.numel() for each in module.parameters()) if module else 0
    found = Found(outputs, call, parameters, counter.get_total_flops() // 2 // BATCHES[0])
    _really(layer, call, inputs, found)
    return found


def _size(port: str, at_first: int, at_second: int) -> Size:
    if at_first == at_second:
        return at_first
    factor, left = divmod(at_second - at_first, BATCHES[1] - BATCHES[0])
    constant = at_first - factor * BATCHES[0]
    if left or factor < 0:
        raise _Bad(
            f"{{self}} gives {port} sizes that do not follow the batch ({at_first} at {BATCHES[0]}, {at_second} at "
            f"{BATCHES[1]}): sizes must follow from the inputs alone."
        )
    return size_text(factor, constant)


def _really(layer: Python, call: Call, inputs: Inputs, found: Found | None) -> None:
    """Run forward and backward in training, and forward in evaluation, with random numbers; raises what goes wrong."""
    if found is not None and (found.macs * TRAINED_BATCH > MOST_MACS or found.parameters > MOST_NUMBERS):
        return
    sizes = [size_at(size, TRAINED_BATCH) for spec in inputs.values() for size in spec.shape]
    numbers = [_count(spec) for spec in inputs.values()]
    if sum(numbers) > MOST_NUMBERS or not all(size >= 0 for size in sizes):
        return
    module, names = _built(call)
    for batch, is_training in ((TRAINED_BATCH, True), (EVALUATED_BATCH, False)):
        if module is not None:
            module.train(is_training)
        made = _run(call, module, names, _numbers(inputs, batch))
        by_port = _checked(layer, call, made)
        if found is not None:
            _compare(by_port, found, batch)
        learned = [tensor for tensor in by_port.values() if tensor.requires_grad and tensor.is_floating_point()]
        if is_training and learned:
            torch.stack([tensor.sum() for tensor in learned]).sum().backward()


def _count(spec: Spec) -> int:
    count = 1
    for size in spec.shape:
        count *= size_at(size, TRAINED_BATCH)
    return count


def _compare(by_port: dict[str, torch.Tensor], found: Found, batch: int) -> None:
    for port, tensor in by_port.items():
        spec = found.outputs.get(port)
        said = tuple(size_at(size, batch) for size in spec.shape) if spec else None
        if spec is None or tuple(tensor.shape) != said:
            before = shape_text(spec.shape) if spec else "nothing"
            raise _Bad(
                f"{{self}} gives {port} {shape_text(tuple(tensor.shape))} at a batch of {batch}, where its first runs "
                f"said {before}: sizes must follow from the inputs alone."
            )
        if str(tensor.dtype) != f"torch.{spec.dtype}":
            dtype = str(tensor.dtype).removeprefix("torch.")
            raise _Bad(f"{{self}} gives {port} as {dtype} once and as {spec.dtype} before: choose one of them.")


def _built(call: Call) -> tuple[nn.Module | None, dict[str, Any]]:
    names = namespace(call)
    module = eval(construction(call), names) if call.target else None
    if module is not None and not isinstance(module, nn.Module):
        raise _Bad(f"{{self}} builds a {type(module).__name__}, where an nn.Module was expected: let it be one.")
    return module, names


def _run(call: Call, module: nn.Module | None, names: dict[str, Any], given: dict[str, torch.Tensor]) -> Any:
    text = invocation(call, "module", {port: f"given[{port!r}]" for port in given})
    return eval(text, {**names, "module": module, "given": given})


def _numbers(inputs: Inputs, batch: int) -> dict[str, torch.Tensor]:
    """Small random tensors; whole numbers below the classes that they count, or 0."""
    given: dict[str, torch.Tensor] = {}
    for port, spec in inputs.items():
        shape = [size_at(size, batch) for size in spec.shape]
        dtype: torch.dtype = getattr(torch, spec.dtype)
        if dtype.is_floating_point:
            given[port] = torch.randn(shape, dtype=dtype).requires_grad_().clone()  # no leaf: x += 1 is allowed
        else:
            given[port] = torch.randint(0, 2 if spec.dtype == "bool" else max(spec.classes, 1), shape).to(dtype)
    return given


def _checked(layer: Python, call: Call, made: Any) -> dict[str, torch.Tensor]:
    """What came out by port; raises _Bad where it is not what the text's last return says."""
    ports = ports_of(call)
    if ports:
        if not isinstance(made, tuple | list) or len(made) != len(ports):
            told = f"{len(made)} values" if isinstance(made, tuple | list) else f"a {type(made).__name__}"
            raise _Bad(
                f"{{self}} returned {told}, where its last return says {len(ports)} ({', '.join(ports)}): let every "
                "return give the same."
            )
        by_port = dict(zip(ports, made, strict=True))
    else:
        by_port = {type(layer).outputs[0].name: made}
    for port, value in by_port.items():
        if not isinstance(value, torch.Tensor):
            raise _Bad(
                f"{{self}} returned a {type(value).__name__} as {port}, where a tensor was expected: return one."
            )
        if value.layout is not torch.strided:
            raise _Bad(f"{{self}} returned a sparse tensor as {port}, where a plain one was expected: use to_dense().")
    return by_port


# ---- words


def _words(layer: Python, inputs: Inputs, error: BaseException) -> Fault:
    """What went wrong, with the line of the code where it did."""
    if isinstance(error, _Bad):
        return Fault(str(error))
    text = " ".join(str(error).split())
    if isinstance(error, MemoryError) or "can't allocate memory" in text or "not enough memory" in text:
        return Fault(too_much(MEMORY), why=text)
    short = text if len(text) <= 160 else text[:157] + "..."
    arrived = ", ".join(shape_text(spec.shape) for spec in inputs.values())
    taking = f" on {arrived} from {{source}}" if arrived else ""
    said = f"{type(error).__name__}: {short}" if short else type(error).__name__
    message = f"{{self}} fails{_place(layer, error)}{taking}: {said.rstrip('.')}."
    return Fault(message, next(iter(inputs), ""), why="".join(traceback.format_exception(error))[-2000:])


def _place(layer: Python, error: BaseException) -> str:
    """Where in the person's text it happened: ` in line 3 (return x @ y)`."""
    lines = [each.lineno for each in traceback.extract_tb(error.__traceback__) if each.filename == FILENAME]
    if not lines or lines[-1] is None:
        return ""
    written = reading(layer.code).text.split("\n")
    whole = layer.code.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    number = lines[-1]
    if not 0 < number <= len(written):
        return ""
    line = written[number - 1]
    above = next((index for index in range(len(whole)) if whole[index : index + len(written)] == written), None)
    place = number + above if above is not None else whole.index(line) + 1 if line in whole else number
    return f" in line {place} ({line.strip()[:60]})"


if __name__ == "__main__":
    main()
