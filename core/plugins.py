"""Layers and data sets of other packages: found by their entry points, each loaded by itself, and named where it fails.

    [project.entry-points."layerloom.layers"]
    mine = "my_package.layers"

Loading imports the module; the declarations in it enter the catalogue as every other does. What a plugin leaves
behind when it fails is taken away again, so that the rest works.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

MARK = b"[layerloom."


class Plugin(NamedTuple):
    """One entry point of another package: what it has brought, or in one sentence why it is not there."""

    group: str
    name: str
    package: str
    brought: tuple[str, ...] = ()
    fault: str = ""
    details: str = ""


FOUND: list[Plugin] = []
"""Every plugin that was looked at in this process, in the order of loading."""


def load(group: str, registry: dict[str, type], fault_of: Callable[[type], str]) -> None:
    """Load the plugins of a group into a registry of declarations by name.

    `fault_of` says in a few words what is wrong with a declaration ("has no docstring"), or nothing.
    """
    FOUND.extend(_loaded(group, entry, registry, fault_of) for entry in _entries(group))


def faults() -> tuple[str, ...]:
    """A sentence for each plugin that is not there."""
    return tuple(plugin.fault for plugin in FOUND if plugin.fault)


def offered(group: str) -> bool:
    """Whether any package has something for a group, whatever comes of it."""
    return any(_has_plugins(folder, f"[{group}]".encode()) for folder in dict.fromkeys(sys.path))


def _entries(group: str) -> Iterator[EntryPoint]:
    """The entry points of a group by name; without any, Python's own search, which takes 40 ms, is not begun."""
    if any(_has_plugins(folder) for folder in dict.fromkeys(sys.path)):
        from importlib.metadata import entry_points

        yield from sorted(entry_points(group=group), key=lambda entry: entry.name)


def _has_plugins(folder: str, mark: bytes = MARK) -> bool:
    try:
        with os.scandir(folder or ".") as listed:
            places = [each.path for each in listed if each.name.endswith((".dist-info", ".egg-info"))]
    except OSError:
        return False
    for place in places:
        try:
            if mark in Path(place, "entry_points.txt").read_bytes():
                return True
        except OSError:
            continue
    return False


def _loaded(group: str, entry: EntryPoint, registry: dict[str, type], fault_of: Callable[[type], str]) -> Plugin:
    package = f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
    before = dict(registry)
    details = ""
    try:
        entry.load()
        fault = _fault(before, registry, fault_of)
    except (Exception, SystemExit) as error:  # whatever a stranger's module does, the rest works
        details = traceback.format_exc()
        said = " ".join(str(error).split())[:200]
        fault = f"it stopped with {type(error).__name__}" + (f": {said}" if said else "")
    brought = tuple(name for name in registry if name not in before)
    if not fault:
        return Plugin(group, entry.name, package, brought)
    registry.clear()
    registry.update(before)
    sentence = f"The plugin {entry.name} of {package} was left out, because {fault.rstrip('.')}: update or remove it."
    return Plugin(group, entry.name, package, fault=sentence, details=details)


def _fault(before: dict[str, type], after: dict[str, type], fault_of: Callable[[type], str]) -> str:
    """What is wrong with what a plugin has declared, in words that follow "because"."""
    for name, declared in after.items():
        if name in before and declared is not before[name]:
            return f"it declares {name}, a name that is taken"
        if name not in before and (fault := fault_of(declared)):
            return f"{name} {fault}"
    return "" if len(after) > len(before) else "it declares nothing"
