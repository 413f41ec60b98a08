"""The list of commands that the start goes by."""

from __future__ import annotations

from core.__main__ import app
from core.commands import NAMES


def test_that_the_start_knows_every_command() -> None:
    assert {command.name for command in app.registered_commands} == NAMES
