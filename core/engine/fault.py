"""What an engine says when it cannot do what it was asked."""

from __future__ import annotations

from core.messages import Problem


class Fault(Exception):
    """One sentence for the person: expected, received, where, way out; technical text goes into the details."""

    def __init__(self, message: str, details: str = "", problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = details
        self.problems = problems


class Cancelled(Exception):
    """A person took a request back; nothing is wrong."""
