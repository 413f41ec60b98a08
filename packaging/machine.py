"""What this machine is, what on it cannot work, and which system libraries are missing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from typing import NamedTuple

# What Qt's own libraries ask the system for (their NEEDED entries), with the Debian package that holds it.
OFFSCREEN = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
X11 = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}

# The oldest C library that the wheels of the pinned PySide6 and torch run on.
GLIBC = {"x86_64": (2, 34), "aarch64": (2, 39)}


class Machine(NamedTuple):
    """The facts that decide whether Layerloom can run here."""

    system: str
    """`Linux`, `Darwin` or `Windows`."""
    processor: str
    """Of the Python build: `x86_64`, `aarch64`, `arm64`, `amd64`."""
    python: tuple[int, int]
    bits: int = 64
    implementation: str = "cpython"
    free_threaded: bool = False
    libc: str = "glibc"
    release: tuple[int, ...] = ()
    """Of the C library on Linux, of macOS on a Mac."""
    has_venv: bool = True
    missing_runtime: str = ""
    """The first library of the Visual C++ runtime that Windows does not find."""


def this_machine() -> Machine:
    """Reads the facts off the machine that runs this."""
    import importlib.util
    import platform
    import sysconfig

    system = platform.system()
    processor = platform.machine().lower()
    libc, release = "glibc", ""
    if system == "Windows":
        processor = sysconfig.get_platform().removeprefix("win-")
    elif system == "Darwin":
        release = platform.mac_ver()[0]
    else:
        built_for = (sysconfig.get_config_var("MULTIARCH"), sysconfig.get_config_var("HOST_GNU_TYPE"))
        libc = "musl" if any("musl" in str(name) for name in built_for) else "glibc"
        release = platform.libc_ver()[1]
    return Machine(
        system,
        processor,
        python=sys.version_info[:2],
        bits=64 if sys.maxsize > 2**32 else 32,
        implementation=sys.implementation.name,
        free_threaded=bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
        libc=libc,
        release=tuple(int(part) for part in release.split(".") if part.isdigit()),
        has_venv=importlib.util.find_spec("ensurepip") is not None,
        missing_runtime=missing_runtime() if system == "Windows" else "",
    )


def refusal(machine: Machine) -> str:
    """Says in one sentence why Layerloom cannot run on a machine; empty where it can."""
    if machine.bits != 64:
        return "Layerloom needs a 64-bit Python and this one is 32-bit: get the 64-bit one from python.org."
    if machine.implementation != "cpython" or machine.free_threaded:
        return "Layerloom needs ordinary CPython, not PyPy and not a free-threaded build: Qt has no others."
    if machine.python > (3, 14):
        return "Layerloom runs on Python 3.11 to 3.14, the newest that its Qt is built for: take one of them."
    refused = {"Darwin": mac_refusal, "Windows": windows_refusal}.get(machine.system, linux_refusal)(machine)
    if not refused and not machine.has_venv:
        return (
            "This Python comes without venv and pip, which the installation needs; on Debian and Ubuntu: "
            f"{apt_get_install([f'python{machine.python[0]}.{machine.python[1]}-venv'])}"
        )
    return refused


def mac_refusal(machine: Machine) -> str:
    """Says why a Mac cannot run Layerloom."""
    if machine.processor != "arm64":
        return (
            "Layerloom needs torch 2.10 or newer, and torch above 2.2 is not built for Intel Macs nor for an"
            " Intel Python: on Apple silicon get the universal Python from python.org."
        )
    if machine.release and machine.release < (14,):
        return "Layerloom needs macOS 14 or newer, the oldest that torch is built for."
    return ""


def windows_refusal(machine: Machine) -> str:
    """Says why a Windows machine cannot run Layerloom."""
    if machine.processor != "amd64":
        return (
            "torch has no Windows build for this processor: install the 64-bit x86 Python from python.org,"
            " which runs on Windows for ARM too."
        )
    if machine.missing_runtime:
        return (
            f"torch needs Microsoft's Visual C++ runtime ({machine.missing_runtime} is missing): "
            "install it from https://aka.ms/vs/17/release/vc_redist.x64.exe"
        )
    return ""


def linux_refusal(machine: Machine) -> str:
    """Says why a Linux machine cannot run Layerloom."""
    if machine.libc == "musl":
        return "torch and Qt are not built for musl (Alpine Linux): use a system with glibc, such as Debian."
    oldest = GLIBC.get(machine.processor)
    if oldest is None:
        return f"torch and Qt have no Linux builds for {machine.processor}: they need x86_64 or aarch64."
    if machine.release and machine.release < oldest:
        return (
            f"Qt needs glibc {oldest[0]}.{oldest[1]} or newer and this system has "
            f"{'.'.join(map(str, machine.release))}: use a newer release of it, such as Ubuntu 24.04."
        )
    return ""


def missing_runtime() -> str:
    """Names the first library of the Visual C++ runtime that cannot be loaded, or nothing."""
    import ctypes

    for name in ("vcruntime140_1.dll", "msvcp140.dll"):
        try:
            ctypes.CDLL(name)
        except OSError:
            return name
    return ""


def has_nvidia_driver() -> bool:
    """Tells whether an NVIDIA driver is installed, also under Windows' Linux."""
    import shutil

    places = ("/proc/driver/nvidia/version", "/usr/lib/wsl/lib/libcuda.so.1", "/dev/nvidiactl")
    return shutil.which("nvidia-smi") is not None or any(map(os.path.exists, places))


def has_display() -> bool:
    """Tells whether a window can be shown: always so on Windows and macOS."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in named)


def wanted_libraries() -> dict[str, str]:
    """The system libraries that a window needs here, by name, with their Debian packages."""
    if not sys.platform.startswith("linux"):
        return {}
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    if chosen.startswith("wayland") or (not chosen and os.environ.get("WAYLAND_DISPLAY")):
        return {**OFFSCREEN, **WAYLAND}
    if chosen.startswith("xcb") or not chosen:
        return {**OFFSCREEN, **X11}
    return OFFSCREEN


def loads(library: str) -> bool:
    """Tells whether the system's loader finds a library and all that it needs."""
    import ctypes

    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_libraries(wanted: Iterable[str], loads: Callable[[str], bool] = loads) -> list[str]:
    """The libraries among those wanted that are not there."""
    return [library for library in wanted if not loads(library)]


def apt_get_install(packages: list[str]) -> str:
    """The line that installs Debian packages, for root and for everyone else."""
    rights = "" if sys.platform == "win32" or os.geteuid() == 0 else "sudo "
    return f"{rights}apt-get install {' '.join(packages)}"


def library_refusal(missing: list[str]) -> str:
    """Says which system libraries are missing and how to get them; empty where none is."""
    if not missing:
        return ""
    holders = {**OFFSCREEN, **X11, **WAYLAND}
    packages = sorted({holders[library] for library in missing})
    return (
        f"Qt does not start without {', '.join(missing)}, which this system lacks; on Debian and Ubuntu: "
        f"{apt_get_install(packages)}"
    )


if __name__ == "__main__":
    # For scripts that prepare a bare machine for the tests: the Debian packages that it lacks.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    wanted = wanted_libraries()
    print(*sorted({wanted[library] for library in missing_libraries(wanted)}))
