"""Makes the environments that Layerloom runs in, with pip: once, and again only when a lock has changed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "packaging"
APPLICATION = "requirements.txt"
TESTS = "requirements-dev.txt"
BENCHES = "requirements-bench.txt"

# PyTorch's public index of builds without CUDA: https://pytorch.org/get-started/locally
CPU_BUILDS = ("--extra-index-url", "https://download.pytorch.org/whl/cpu")
# Not everyone can reach it, and it is asked only whether it is there.
BRIEFLY = ("--retries", "1", "--timeout", "10")
STAMP = "layerloom.json"


class Refused(Exception):
    """What the person is told, in one sentence, when the installation cannot go on."""


class Environment(NamedTuple):
    """A virtual environment and the lock that it is made from."""

    folder: Path
    lock: str = APPLICATION

    @property
    def programs(self) -> Path:
        """Where the environment keeps what can be started."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    def program(self, name: str) -> str:
        """The path of a program in the environment."""
        return str(self.programs / (f"{name}.exe" if os.name == "nt" else name))

    @property
    def stamp(self) -> Path:
        """The file that says what has been installed completely."""
        return self.folder / STAMP


def digest(lock: str) -> str:
    """A name for all that decides what a lock installs and where: a change of it asks for pip again."""
    files = [ROOT / "pyproject.toml", *(LOCKS / name for name in dict.fromkeys((APPLICATION, lock)))]
    text = b"\0".join(path.read_bytes() for path in files)
    return hashlib.sha256(text + f"{ROOT}{python_version()}".encode()).hexdigest()


def python_version() -> str:
    """The version that decides which wheels fit, such as `3.12`."""
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def stamped(environment: Environment) -> dict[str, str]:
    """What the stamp says: a digest by lock, the folder, and `unfinished` while an installation runs."""
    try:
        return dict(json.loads(environment.stamp.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def is_ready(environment: Environment) -> bool:
    """Tells, without starting anything, whether the environment holds what its lock asks for."""
    return (
        stamped(environment).get(environment.lock) == digest(environment.lock)
        and Path(environment.program("python")).exists()
    )


def is_reusable(environment: Environment) -> bool:
    """Tells whether pip can complete it; half-made, moved or of another Python, it is made afresh."""
    python, stamp = environment.program("python"), stamped(environment)
    if not Path(python).exists() or "unfinished" in stamp:
        return False
    if stamp.get("folder", str(environment.folder)) != str(environment.folder):
        return False
    asked = "import pip, sys; print('%d.%d' % sys.version_info[:2])"
    answer = subprocess.run([python, "-I", "-c", asked], capture_output=True, text=True, check=False)
    return answer.stdout.strip() == python_version()


def make(environment: Environment) -> None:
    """Makes the virtual environment with pip in it, unless there is one to go on with; needs no network."""
    if not is_reusable(environment):
        run([sys.executable, "-m", "venv", "--clear", str(environment.folder)], "make a virtual environment")


def holds_torch(environment: Environment) -> bool:
    """Tells whether the locked torch is there already, in whatever build."""
    if os.name == "nt":
        packages = environment.folder / "Lib/site-packages"
    else:
        packages = environment.folder / f"lib/python{python_version()}/site-packages"
    return any(packages.glob(f"torch-{pinned('torch')}*.dist-info"))


def fill(environment: Environment, torch_options: Sequence[str] = ()) -> None:
    """Installs the lock and the project itself into the environment, and stamps it when all is there."""
    folder = str(environment.folder)
    write(environment, {**stamped(environment), "folder": folder, "unfinished": environment.lock})
    pip(environment, "install", "-r", str(LOCKS / environment.lock), *torch_options)
    # Without isolation: what builds the project is in the lock, so nothing is fetched that is not pinned.
    pip(environment, "install", "--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT))
    locks = dict.fromkeys((APPLICATION, environment.lock))
    write(environment, {"folder": folder, **{lock: digest(lock) for lock in locks}})


def write(environment: Environment, stamp: dict[str, str]) -> None:
    """Replaces the stamp in one step, so that an interruption leaves the old one or the new one."""
    fresh = environment.stamp.with_suffix(".new")
    fresh.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    fresh.replace(environment.stamp)


def pip(environment: Environment, *arguments: str) -> None:
    """Runs pip with the person's own configuration, and its progress bars where someone can see them."""
    quiet = () if sys.stderr.isatty() else ("--quiet",)
    run([*pip_command(environment), *arguments, *quiet], "install what Layerloom needs")


def pip_command(environment: Environment) -> list[str]:
    """The environment's pip, away from PYTHONPATH and from questions."""
    return [environment.program("python"), "-I", "-m", "pip", "--no-input", "--disable-pip-version-check"]


def run(command: Sequence[str], purpose: str) -> None:
    """Runs a step of the installation; raises Refused where it fails."""
    # PIP_USER would send the packages out of the environment.
    surroundings = {**os.environ, "PIP_USER": "0"}
    if subprocess.run(command, stdin=subprocess.DEVNULL, env=surroundings, check=False).returncode != 0:
        raise Refused(
            f"Could not {purpose}, the reason is above: look at the network, the free disk and"
            " pip's own configuration; the same command goes on with what has been downloaded."
        )


def pinned(package: str) -> str:
    """The version of a package in the application's lock."""
    for line in (LOCKS / APPLICATION).read_text(encoding="utf-8").splitlines():
        name, _, version = line.partition("==")
        if name == package:
            return version.strip()
    raise KeyError(package)


def offered(environment: Environment, *options: str) -> list[str]:
    """The versions of torch that pip would find with the person's configuration and these options."""
    command = [*pip_command(environment), "index", "versions", "torch", *options]
    answer = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    for line in answer.stdout.splitlines():
        if line.startswith("Available versions:"):
            return [version.strip() for version in line.partition(":")[2].split(",")]
    return []


class TorchBuild(NamedTuple):
    """Which build of torch will be taken: the options for pip, and the key of its sizes."""

    options: tuple[str, ...]
    sizes: str


def torch_build(environment: Environment, has_driver: bool) -> TorchBuild:
    """Chooses torch's build on Linux: plain torch brings CUDA, which is of no use without an NVIDIA driver.

    A build that the person's own pip configuration offers (`2.13.0+cpu`, `2.13.0+cu126`) is what pip prefers
    to the plain one, and stays; only where there is none is PyTorch's own index of CPU builds asked.
    """
    pin = pinned("torch")
    own = next((version for version in offered(environment) if version.startswith(f"{pin}+")), "")
    if own:
        return TorchBuild((), "linux-cpu" if own.endswith("+cpu") else "linux-cuda")
    if not has_driver and f"{pin}+cpu" in offered(environment, *CPU_BUILDS, *BRIEFLY):
        return TorchBuild(CPU_BUILDS, "linux-cpu")
    return TorchBuild((), "linux-cuda")


def sizes(build: str, lock: str) -> tuple[int, int]:
    """Download and disk in MB for a build of torch and a lock, as measured when the lock was made."""
    measured = json.loads((LOCKS / "sizes.json").read_text(encoding="utf-8"))
    parts = [measured[build], *([measured[lock]] if lock != APPLICATION else [])]
    return sum(part["download"] for part in parts), sum(part["disk"] for part in parts)
