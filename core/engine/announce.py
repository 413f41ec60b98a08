"""What a run says of its steps: every loss, in at most thirty messages a second."""

from __future__ import annotations

import math
import time
from array import array
from collections.abc import Callable

import torch

from core.events import Event, Losses

SECONDS = 1 / 30


class NotFinite(Exception):
    """A loss that is no number, with the step (counted from 0) that it came at."""

    def __init__(self, step: int, value: float) -> None:
        super().__init__(step, value)
        self.step, self.value = step, value


class Announcer:
    """Gathers losses and events, and sends them together when they are due.

    On the CPU a loss is read at once; on other devices that would wait for the device in every step, so losses are
    left there until they are due.
    """

    def __init__(self, tell: Callable[[Event], None], steps: int, on_cpu: bool) -> None:
        self.due = time.perf_counter()
        self.total = 0.0
        """Of the losses since it was last set to zero."""
        self._tell, self._all_steps, self._on_cpu = tell, steps, on_cpu
        self._values = array("f")
        self._on_device: list[torch.Tensor] = []
        self._first = 0
        self._events: list[Event] = []
        self._window = self._next_window = (time.perf_counter(), 0)

    def take(self, loss: torch.Tensor) -> None:
        """Take in the loss of one step; raises NotFinite."""
        if not self._on_cpu:
            self._on_device.append(loss.detach())
            return
        value = loss.item()
        if not math.isfinite(value):
            raise NotFinite(self._first + len(self._values), value)
        self._values.append(value)
        self.total += value

    def gather(self) -> None:
        """Read the losses that are still on the device; raises NotFinite."""
        if not self._on_device:
            return
        values: list[float] = torch.stack(self._on_device).tolist()
        self._on_device.clear()
        for value in values:
            if not math.isfinite(value):
                raise NotFinite(self._first + len(self._values), value)
            self._values.append(value)
            self.total += value

    def add(self, event: Event) -> None:
        """Send an event with the next message."""
        self._events.append(event)

    def speak(self, seconds: float, samples: int) -> None:
        """Send what has been gathered; `seconds` and `samples` are those of the run so far."""
        self.gather()
        now = time.perf_counter()
        if self._values:
            done = (self._first + len(self._values)) / self._all_steps
            left = seconds * (1 - done) / done
            content = self._values.tobytes()
            self._tell(Losses(self._first, content, seconds, self._speed(now, samples), done, left))
            self._first += len(self._values)
            self._values = array("f")
        for event in self._events:
            self._tell(event)
        self._events.clear()
        self.due = now + SECONDS

    def _speed(self, now: float, samples: int) -> float:
        """Samples a second over the last one or two seconds."""
        if now - self._next_window[0] > 1:
            self._window, self._next_window = self._next_window, (now, samples)
        elapsed = now - self._window[0]
        return (samples - self._window[1]) / elapsed if elapsed > 0 else 0.0

    def start_again(self, samples: int) -> None:
        """Forget how fast it was before a pause."""
        self._window = self._next_window = (time.perf_counter(), samples)
