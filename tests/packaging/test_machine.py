"""What cannot work is said in one sentence, with the way out."""

import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import environment
import machine
import pytest
from environment import ROOT
from machine import Machine

LINUX = Machine("Linux", "x86_64", (3, 12), release=(2, 36))
MAC = Machine("Darwin", "arm64", (3, 12), release=(15, 1))
WINDOWS = Machine("Windows", "amd64", (3, 12))


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13)])
def test_that_an_old_python_is_told_in_one_sentence_which_one_is_needed(version: tuple[int, ...]):
    script = f"import sys, runpy; sys.version_info = {version}; runpy.run_path('packaging/start.py')"
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr.startswith("Layerloom needs Python 3.11 or newer")
    assert ended.stderr.count("\n") == 1


def test_that_the_first_file_holds_nothing_that_an_old_python_cannot_read():
    text = (environment.LOCKS / "start.py").read_text(encoding="utf-8")
    assert text.isascii()
    assert not any(newer in text for newer in (":=", 'f"', "f'", "->", "from __future__ import annotations"))


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (LINUX._replace(bits=32), "64-bit Python"),
        (LINUX._replace(implementation="pypy"), "CPython"),
        (LINUX._replace(free_threaded=True), "free-threaded"),
        (LINUX._replace(python=(3, 15)), "3.11 to 3.14"),
        (LINUX._replace(libc="musl"), "musl"),
        (LINUX._replace(processor="riscv64"), "riscv64"),
        (LINUX._replace(release=(2, 31)), "glibc 2.34 or newer and this system has 2.31"),
        (LINUX._replace(has_venv=False), "apt-get install python3.12-venv"),
        (MAC._replace(processor="x86_64"), "Intel Macs"),
        (MAC._replace(release=(13, 6)), "macOS 14"),
        (WINDOWS._replace(processor="arm64"), "64-bit x86 Python"),
        (WINDOWS._replace(missing_runtime="msvcp140.dll"), "msvcp140.dll is missing"),
    ],
)
def test_that_a_machine_that_cannot_run_layerloom_is_told_why(refused: Machine, said: str):
    sentence = machine.refusal(refused)
    assert said in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("good", [LINUX, MAC, WINDOWS, machine.this_machine()])
def test_that_a_machine_that_can_run_layerloom_is_not_refused(good: Machine):
    assert machine.refusal(good) == ""


def test_that_missing_system_libraries_are_named_with_the_exact_apt_get_line():
    absent = {"libEGL.so.1", "libxkbcommon.so.0", "libxcb-cursor.so.0"}
    wanted = {**machine.OFFSCREEN, **machine.X11}
    missing = machine.missing_libraries(wanted, loads=lambda library: library not in absent)
    sentence = machine.library_refusal(missing)
    assert set(missing) == absent
    assert sentence.endswith("apt-get install libegl1 libxcb-cursor0 libxkbcommon0")
    assert "\n" not in sentence


def test_that_nothing_is_said_where_all_system_libraries_are_there():
    assert machine.library_refusal(machine.missing_libraries(machine.OFFSCREEN)) == ""


def test_that_a_library_that_does_not_exist_is_missing():
    assert machine.missing_libraries(["libnothing-of-this-name.so.7"]) == ["libnothing-of-this-name.so.7"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux shares Qt's libraries")
@pytest.mark.parametrize(
    ("surroundings", "library", "is_wanted"),
    [
        ({"DISPLAY": ":0"}, "libxcb-cursor.so.0", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "libxcb-cursor.so.0", False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "libwayland-cursor.so.0", True),
        ({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, "libxcb-cursor.so.0", False),
        ({"QT_QPA_PLATFORM": "offscreen"}, "libEGL.so.1", True),
    ],
)
def test_that_only_the_libraries_of_the_chosen_platform_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, surroundings: dict[str, str], library: str, is_wanted: bool
):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert not machine.has_display()
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)
    assert machine.has_display()
    assert (library in machine.wanted_libraries()) == is_wanted


def needed(library: Path) -> Iterator[str]:
    """The NEEDED entries of a 64-bit ELF library, read as the System V ABI, chapter 5, lays them out."""
    content = library.read_bytes()
    start, count = struct.unpack_from("<32xQ16xH", content)[0], struct.unpack_from("<56xH", content)[0]
    headers = [struct.unpack_from("<II6Q", content, start + 56 * index) for index in range(count)]
    segments = [(address, offset, size) for kind, _, offset, address, _, size, *_ in headers if kind == 1]
    _, _, offset, _, _, size, *_ = next(header for header in headers if header[0] == 2)
    entries = [struct.unpack_from("<QQ", content, offset + 16 * index) for index in range(size // 16)]
    names = next(value for tag, value in entries if tag == 5)
    table = next(offset + names - address for address, offset, size in segments if 0 <= names - address < size)
    for tag, value in entries:
        if tag == 1:
            yield content[table + value : content.index(b"\0", table + value)].decode()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux shares Qt's libraries")
@pytest.mark.parametrize(
    ("plugins", "wanted"),
    [
        (["platforms/libqoffscreen.so", "imageformats/libqsvg.so"], machine.OFFSCREEN),
        (["platforms/libqxcb.so", "xcbglintegrations/libqxcb-glx-integration.so"], machine.X11),
        (["platforms/libqwayland.so"], machine.WAYLAND),
        (["wayland-graphics-integration-client/libqt-plugin-wayland-egl.so"], machine.WAYLAND),
    ],
)
def test_that_every_library_that_qt_asks_the_system_for_has_its_package(plugins: list[str], wanted: dict[str, str]):
    import PySide6

    folder = Path(PySide6.__path__[0])
    own = {path.name: path for place in ("Qt/lib", "../shiboken6") for path in (folder / place).glob("*.so*")}
    always = {"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "libgcc_s.so.1", "libstdc++.so.6"}
    known = {**machine.OFFSCREEN, **wanted}.keys() | always
    rest, seen = [folder / "Qt/plugins" / plugin for plugin in plugins], set[str]()
    while rest:
        asked = {name for name in needed(rest.pop()) if not name.startswith("ld-linux")} - seen
        seen |= asked
        rest += [own[name] for name in asked if name in own]
    assert seen - own.keys() <= known
