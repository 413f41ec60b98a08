"""Short looks at old runs: only the few events that a line of the list needs, read a few thousand frames at a time."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path

import msgspec

from core import runs
from core.events import EVENT, Baseline, Ended, Epoch, Event, Started
from core.frames import FRAME, LARGEST_FRAME
from core.runs import Summary
from designer.words import tr

WANTED = (b"started", b"epoch", b"baseline", b"ended")
FRAMES_AT_ONCE = 2000


def told(summary: Summary, event: Event) -> Summary:
    """The summary after one more event; metrics are those of the best epoch."""
    change = msgspec.structs.replace
    match event:
        case Started():
            return change(summary, started=event, time=event.time)
        case Epoch():
            summary = change(summary, epochs=event.epoch, steps=event.step, seconds=event.seconds)
            if event.best or not summary.metrics:
                return change(summary, metrics=event.metrics, best_epoch=event.epoch)
        case Baseline():
            return change(summary, baseline=event)
        case Ended():
            found = event.metrics or summary.metrics
            return change(
                summary, how=event.how, epochs=event.epochs, steps=event.steps, seconds=event.seconds,
                message=event.message, metrics=found,
            )  # fmt: skip
        case _:
            pass
    return summary


def glance(folder: Path) -> Iterator[Summary]:
    """What a run came to; yields now and then what is known so far, the last one is whole."""
    made = Summary(str(folder))
    try:
        with (folder / runs.EVENTS).open("rb") as file:
            size = file.seek(0, 2)
            if not size:
                yield made
                return
            with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as content:
                for number, body in enumerate(_wanted(content, size)):
                    if body:
                        made = told(made, EVENT.decode(body))
                    if number % FRAMES_AT_ONCE == FRAMES_AT_ONCE - 1:
                        yield made
    except OSError as error:
        made = msgspec.structs.replace(
            made, how="failed", message=tr("This run cannot be read: {reason}.", reason=runs.reason(error))
        )
    except msgspec.DecodeError:
        pass  # a torn tail: what came before it stands
    yield made


def _wanted(content: mmap.mmap, size: int) -> Iterator[bytes]:
    """Each frame in order: its body where its kind is wanted, else nothing."""
    place = 0
    while place + FRAME.size <= size:
        length = FRAME.unpack_from(content, place)[0]
        place += FRAME.size
        if length > LARGEST_FRAME or place + length > size:
            return
        head = content[place : place + 24]
        yield content[place : place + length] if any(word in head for word in WANTED) else b""
        place += length
