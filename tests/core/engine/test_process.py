from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from core.client import Engine, Refusal, Waiting, environment
from core.frames import FRAME, frame, frames, number_of
from core.messages import SAID, About, Asked, Body, Check, Checked, Control, Facts, Failure, Nothing, Said
from core.project import Project

ROOT = Path(__file__).resolve().parents[3]


def test_that_an_engine_answers_and_ends_in_order() -> None:
    with Waiting() as engine:
        facts = engine.ask(About())
        assert isinstance(facts, Facts)
        assert facts.versions["torch"]
        pid = engine.engine.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_that_an_engine_started_beside_hostile_files_imports_none_of_them(tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "__init__.py").write_text("raise SystemExit('the wrong core')")
    (tmp_path / "torch.py").write_text("raise SystemExit('the wrong torch')")
    (tmp_path / "msgspec.py").write_text("raise SystemExit('the wrong msgspec')")
    code = "from core.client import Waiting\nfrom core.messages import About\n"
    code += "with Waiting() as e: print(e.ask(About()).versions['torch'])"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()[0].isdigit()


def test_that_a_killed_engine_is_noticed_at_once_and_named() -> None:
    gone: list[str] = []
    noticed = threading.Event()
    ready = threading.Event()

    def on_exit(sentence: str) -> None:
        gone.append(sentence)
        noticed.set()

    engine = Engine(lambda *_: ready.set(), on_exit)
    engine.start()
    assert ready.wait(60)
    os.kill(engine.pid, signal.SIGKILL)
    assert noticed.wait(5)
    assert "SIGKILL" in gone[0]
    assert "the project is unchanged" in gone[0]
    engine.close()


def test_that_a_request_under_way_fails_when_the_engine_dies() -> None:
    with Waiting() as engine:
        engine.ask(About())
        os.kill(engine.engine.pid, signal.SIGSTOP)
        future = engine.begin(About())
        os.kill(engine.engine.pid, signal.SIGKILL)
        with pytest.raises(Refusal, match="SIGKILL") as refused:
            future.result(30)
        assert refused.value.failure.kind == "crash"
        with pytest.raises(Refusal):
            engine.begin(About()).result(30)


def test_that_a_stray_print_cannot_break_the_stream() -> None:
    code = "import os, runpy, sys; sys.argv = ['core.engine']; os.write(2, b'');\nimport builtins\n"
    code += "import core.engine.check as c\nold = c.describe\n"
    code += "def loud(data):\n print('noise on stdout'); os.write(1, b'more noise'); return old(data)\n"
    code += "c.describe = loud\nfrom core.engine.__main__ import main\nmain()"
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdin.write(frame(Asked(5, Check(Project()))))
    process.stdin.flush()
    descriptor = process.stdout.fileno()
    said: list[Said] = []
    for body in frames(lambda count: os.read(descriptor, count)):
        said.append(SAID.decode(body))
        if said[-1].last:
            break
    process.stdin.close()
    noise = process.stderr.read()
    process.stdout.close()
    process.stderr.close()
    assert process.wait(30) == 0
    assert isinstance(said[-1].body, Checked)
    assert b"noise on stdout" in noise
    assert b"more noise" in noise


def test_that_of_many_checks_in_the_queue_the_last_one_is_answered() -> None:
    with Waiting() as engine:
        engine.ask(About())
        futures = [engine.begin(Check(Project(), revision)) for revision in range(30)]
        answers: list[Body] = [future.result(60) for future in futures]
    assert isinstance(answers[-1], Checked)
    assert answers[-1].revision == 29
    assert sum(isinstance(answer, Nothing) for answer in answers) > 0
    assert all(isinstance(answer, Nothing | Checked) for answer in answers)


def test_that_a_failure_inside_the_engine_is_one_sentence_and_the_engine_lives_on() -> None:
    from core.messages import Evaluate

    with Waiting() as engine:
        with pytest.raises(Refusal) as refused:
            engine.ask(Evaluate(Project(), "/nowhere/at/all"))
        assert "\n" not in str(refused.value)
        assert isinstance(engine.ask(About()), Facts)


def test_that_an_engine_whose_window_is_gone_ends_by_itself() -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "core.engine"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    next(iter(frames(lambda count: os.read(process.stdout.fileno(), count))))  # type: ignore[union-attr]
    process.stdin.close()
    assert process.wait(10) == 0
    process.stdout.close()
    process.stderr.close()


def test_that_a_frame_cut_short_is_passed_over() -> None:
    whole = frame(Said(1, Failure("x"), True))
    content = whole + whole[:-3]
    at = 0

    def read(count: int) -> bytes:
        nonlocal at
        part = content[at : at + count]
        at += len(part)
        return part

    assert [SAID.decode(body).id for body in frames(read)] == [1]


def test_that_closing_twice_and_before_an_answer_is_harmless() -> None:
    engine = Engine(lambda *_: None, lambda _: None)
    engine.start()
    engine.ask(engine.number(), About())
    engine.tell(Control("stop"))
    started = time.monotonic()
    engine.close()
    engine.close()
    assert time.monotonic() - started < 15
    assert not engine.is_alive


def test_that_a_request_that_cannot_be_read_is_refused_and_the_engine_lives_on() -> None:
    unknown: Any = {"type": "no such request"}
    with Waiting() as engine:
        for _ in range(300):  # so that numbers take one, two and three bytes
            engine.engine.number()
        with pytest.raises(Refusal, match="a request that it cannot read") as refused:
            engine.begin(unknown).result(60)
        assert "\n" not in str(refused.value)
        assert "your project is unchanged" in str(refused.value)
        assert isinstance(engine.ask(Check(Project())), Checked)


@pytest.mark.parametrize("number", [0, 1, 127, 128, 255, 256, 65_535, 65_536, 1 << 40])
def test_that_the_number_of_a_broken_message_is_read(number: int) -> None:
    whole = frame((number, {"type": "unknown"}))[4:]
    assert number_of(whole) == number
    assert number_of(whole[:-3] + b"\xc1") == number


@pytest.mark.parametrize("body", [b"", b"\x92", b"\xc1", b"\x92\xa1a", b"\x92\xff\x80", b"\x81\x01\x02"])
def test_that_a_message_without_a_number_has_none(body: bytes) -> None:
    assert number_of(body) == 0


def test_that_a_request_without_a_number_ends_the_engine_with_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "core.engine"],
        input=FRAME.pack(1) + b"\xc1",
        capture_output=True,
        env=environment(),
        timeout=60,
    )
    assert done.returncode == 1
    assert b"a request that it cannot read" in done.stderr


@pytest.mark.parametrize("said", [r"\001\000\000\000\301", r"\377\377\377\377"])
def test_that_an_engine_that_says_what_cannot_be_read_is_ended_and_every_request_fails(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "engine.sh"
    script.write_text(f"#!/bin/sh\nprintf '{said}'\nexec sleep 100\n")
    script.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(script))
    monkeypatch.setattr("core.client.SECONDS_TO_END", 0.2)
    with Waiting() as engine, pytest.raises(Refusal, match=r"what cannot be read.* and was ended"):
        engine.begin(Check(Project())).result(30)
