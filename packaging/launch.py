"""The commands of start.py: install, open the window or train without one, test, bench."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import environment
import machine
from environment import BENCHES, ROOT, TESTS, Environment, Refused

EXAMPLE = "digits"
INTERRUPTED = 130

# The title, and the program of the environment with its arguments; pytest's closing line has to come last.
CHECKS = (
    ("style", ("ruff", "check", ".")),
    ("layout of the code", ("ruff", "format", "--check", ".")),
    ("types", ("pyright",)),
    ("contracts between the packages", ("lint-imports",)),
    ("tests of the core", ("pytest", "-q", "-n", "2", "--dist", "loadfile", "tests/core", "tests/packaging")),
    ("tests of the window", ("pytest", "-q", "-n", "2", "--dist", "loadfile", "tests/designer")),
    # One after the other: engines that train give way to other programs, and would starve beside a second row of tests.
    ("journeys through the window", ("pytest", "-q", "tests/journeys")),
)


def main(arguments: Sequence[str]) -> int:
    """Runs one command and returns its exit code."""
    chosen = parser().parse_args(arguments)
    try:
        if chosen.command == "install":
            installed(Environment(ROOT / ".venv"))
            return 0
        if chosen.command == "test":
            return test()
        if chosen.command == "bench":
            return bench(chosen.names, chosen.json)
        return start(Environment(ROOT / ".venv"))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; the same command goes on where this one stopped.", file=sys.stderr)
        return INTERRUPTED


def parser() -> argparse.ArgumentParser:
    """The command line of start.py."""
    description = "Installs Layerloom when needed and opens its window on an example ready to train."
    top = argparse.ArgumentParser(prog="start.py", description=description)
    commands = top.add_subparsers(dest="command", metavar="[install | test | bench]")
    commands.add_parser("install", help="only install")
    commands.add_parser("test", help="install, then check style, types and contracts and run all tests")
    benches = commands.add_parser("bench", help="install what the benches compare with, print their tables")
    benches.add_argument("names", nargs="*", metavar="NAME", help="a bench to run; without a name all of them")
    benches.add_argument("--json", metavar="FILE", type=Path, help="also write the figures to a file")
    return top


def installed(wanted: Environment) -> Environment:
    """The environment with all that its lock asks for: at once when it is ready, through pip when not."""
    if environment.is_ready(wanted):
        return wanted
    refuse(machine.refusal(machine.this_machine()))
    environment.make(wanted)
    torch_options: tuple[str, ...] = ()
    if environment.holds_torch(wanted):
        say(f"Bringing {wanted.folder.name} up to date.")
    else:
        build = chosen_build(wanted)
        torch_options = build.options
        announce(wanted, build.sizes)
    environment.fill(wanted, torch_options)
    return wanted


def chosen_build(wanted: Environment) -> environment.TorchBuild:
    """The build of torch to install; on Windows and macOS there is one only."""
    if not sys.platform.startswith("linux"):
        return environment.TorchBuild((), "windows" if os.name == "nt" else "macos")
    has_driver = machine.has_nvidia_driver()
    build = environment.torch_build(wanted, has_driver)
    if build.sizes == "linux-cuda" and not has_driver:
        say(
            "No NVIDIA driver was found, but no build of torch without CUDA can be had from here: "
            "the README says how to choose one."
        )
    return build


def announce(wanted: Environment, build: str) -> None:
    """States what the installation will take, and refuses where the disk is too small."""
    download, disk = environment.sizes(build, wanted.lock)
    say(
        f"Installing Layerloom into {wanted.folder.name}: at most {download / 1000:.1f} GB to download, "
        f"{disk / 1000:.1f} GB on disk."
    )
    free = shutil.disk_usage(wanted.folder).free // 1_000_000
    if free < download + disk:
        raise Refused(
            f"The installation needs {(download + disk) / 1000:.1f} GB free while it runs and the disk of "
            f"{wanted.folder} has {free / 1000:.1f} GB: make room there and start again."
        )


def start(wanted: Environment) -> int:
    """Opens the window on the example; without a display trains it from the command line."""
    layerloom = installed(wanted).program("layerloom")
    documents = Path.home() / "Documents"
    folder = (documents if documents.is_dir() else Path.home()) / "Layerloom"
    project = folder / f"{EXAMPLE}.loom"
    if machine.has_display():
        refuse(machine.library_refusal(machine.missing_libraries(machine.wanted_libraries())))
    if not project.exists():
        folder.mkdir(parents=True, exist_ok=True)
        code = subprocess.call([layerloom, "new", EXAMPLE, str(project)])
        if code != 0:
            return code
    if not machine.has_display():
        return train(layerloom, project)
    if os.name != "nt":
        # Takes this process's place; Windows would start a second one and forget its exit code.
        os.execv(layerloom, [layerloom, str(project)])
    return subprocess.call([layerloom, str(project)])


def train(layerloom: str, project: Path) -> int:
    """Trains a project from the command line, which says where its results are."""
    say("There is no display to open the window on, so the digits example is trained from the command line.")
    run = project.parent / "runs" / time.strftime(f"{project.stem}-%Y%m%d-%H%M%S")
    run.parent.mkdir(exist_ok=True)
    return subprocess.call([layerloom, "train", str(project), "--out", str(run)])


def test() -> int:
    """Runs every check of the project, headless, up to the first that fails."""
    wanted = installed(Environment(ROOT / ".venv", TESTS))
    refuse_missing_offscreen()
    for title, (program, *arguments) in CHECKS:
        say(f"== {title}: {' '.join([program, *arguments])}")
        code = headless(wanted, [wanted.program(program), *arguments])
        if code != 0:
            return code
    return 0


def bench(names: Sequence[str], report: Path | None) -> int:
    """Runs the benches in an environment of their own, beside what they compare with."""
    wanted = installed(Environment(ROOT / ".venv-bench", BENCHES))
    refuse_missing_offscreen()
    command = [wanted.program("python"), "tests/bench", *names]
    if report is not None:
        command += ["--json", str(report.absolute())]
    return headless(wanted, command)


def refuse_missing_offscreen() -> None:
    """Stops where Qt could not even draw without a screen."""
    wanted = machine.OFFSCREEN if sys.platform.startswith("linux") else ()
    refuse(machine.library_refusal(machine.missing_libraries(wanted)))


def headless(wanted: Environment, command: Sequence[str]) -> int:
    """Runs a check in the project's root, without a screen, without questions or looking for news."""
    surroundings = {
        **os.environ,
        "PATH": os.pathsep.join([str(wanted.programs), os.environ.get("PATH", "")]),
        "QT_QPA_PLATFORM": "offscreen",
        "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1",
    }
    return subprocess.call(command, cwd=ROOT, env=surroundings, stdin=subprocess.DEVNULL)


def refuse(sentence: str) -> None:
    """Ends the command with a sentence, where there is one."""
    if sentence:
        raise Refused(sentence)


def say(sentence: str) -> None:
    """Tells what happens, before it happens."""
    print(sentence, flush=True)
