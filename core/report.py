"""What Layerloom runs on, with nothing personal in it: `layerloom about` and Help > Copy report."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Mapping
from typing import Any

from core import __version__, places, plugins
from core.messages import Facts

PACKAGES = (
    "torch", "numpy", "PySide6-Essentials", "pyqtgraph", "qasync", "networkx", "msgspec", "safetensors",
    "scikit-learn", "polars", "onnx", "onnxruntime", "tensorboard",
)  # fmt: skip


def report(facts: Facts | None) -> dict[str, Any]:
    """Versions, devices, places and the last error; `facts` is what an engine says, None where none answered."""
    return {
        "layerloom": __version__,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "versions": {**_versions(), **(facts.versions if facts else {})},
        "devices": list(facts.devices) if facts else [],
        "paths": {
            "home": places.impersonal(str(places.home())),
            "runs": places.impersonal(str(places.runs_folder())),
        },
        "plugins": [plugin.fault or f"{plugin.name} of {plugin.package}" for plugin in plugins.FOUND],
        "last_error": places.impersonal(places.last_error()),
    }


def report_text(said: Mapping[str, Any]) -> str:
    """The report as lines for people."""
    lines = [f"Layerloom {said['layerloom']} on {said['system']}"]
    lines += [f"{name} {version}" for name, version in said["versions"].items()]
    lines += [f"device: {name}" for name in said["devices"]]
    lines += [f"{name}: {path}" for name, path in said["paths"].items()]
    lines += [f"plugin: {said}" for said in said["plugins"]]
    lines.append(f"last error: {said['last_error'] or 'none'}")
    return "\n".join(lines)


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
