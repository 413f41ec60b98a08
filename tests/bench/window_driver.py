"""The real window in a process of its own, for bench_window: `window_driver.py start|train FILE`; prints JSON."""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path

BEGAN = time.perf_counter()
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
HEAVY = ("torch", "numpy", "pyqtgraph", "qasync", "networkx", "sklearn", "scipy")


def start() -> None:
    """Paint the window once; say which of the heavy modules were loaded by then."""
    gc.disable()  # as the application does until it stands
    from designer import app as application
    from designer.document import Document

    app = application.make_application(sys.argv[:1])
    window = application.make_window(Document())
    window.painted.connect(app.quit)
    window.show()
    app.exec()
    print(json.dumps({"wall": time.time(), "heavy": [name for name in HEAVY if name in sys.modules]}), flush=True)


def train(path: Path) -> None:
    """Train a project in the window, once cold and once warm; say when, how smoothly, and with how much memory."""
    gc.disable()  # as the application does until it stands
    import asyncio

    import psutil
    import qasync
    from PySide6.QtCore import Qt, QTimer

    from core.events import Ended, Losses, Started
    from designer import app as application
    from designer.document import Document

    app = application.make_application(sys.argv[:1])
    window = application.make_window(Document())
    window.resize(1600, 1000)
    window.show()
    window.take_file(path)
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    gaps: list[float] = []
    said: dict[str, float] = {}
    memory: list[int] = []
    last = [0.0]
    is_cold = [True]

    def tick() -> None:
        now = time.perf_counter()
        if last[0]:
            gaps.append((now - last[0]) * 1e3)
        last[0] = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    measuring = QTimer(interval=500)
    me = psutil.Process()

    def weigh() -> None:
        memory.append(sum(_own_bytes(process) for process in (me, *me.children(recursive=True))))

    measuring.timeout.connect(weigh)

    def happened(event: object) -> None:
        if isinstance(event, Started):
            said.setdefault("started", time.perf_counter())
        elif isinstance(event, Losses) and "step" not in said:
            said["step"] = time.perf_counter() - event.seconds
            if is_cold[0]:
                measuring.start()  # weighing takes tens of milliseconds, so it has a run of its own
            else:
                QTimer.singleShot(1500, lambda: timer.start(16))  # of training, not of its first second
        elif isinstance(event, Ended):
            timer.stop()
            last[0] = 0.0
            measuring.stop()
            QTimer.singleShot(100, loop.stop)

    async def main() -> None:
        application.load_rest(window)
        application.settle()
        window.training.told.connect(happened)
        while window.document.report is None or window.document.report.partial:
            await asyncio.sleep(0.01)
        said["clicked"] = time.perf_counter()
        window.actions_of["train"].trigger()

    with loop:
        loop.create_task(main())
        loop.run_forever()
        cold = {key: value - BEGAN for key, value in said.items()}
        said.clear()
        is_cold[0] = False
        deadline = time.perf_counter() + 20
        while time.perf_counter() < deadline and (window.engines is None or not window.engines.has_warm_spare):
            app.processEvents()
            time.sleep(0.01)
        loop.call_later(2.0, loop.stop)  # a person who looks at the drawing before clicking Train again
        loop.run_forever()
        said["clicked"] = time.perf_counter()
        window.actions_of["train"].trigger()
        loop.run_forever()
    gaps.sort()
    result = {
        "cold": cold,
        "warm": (said["step"] - said["clicked"]) * 1e3,
        "gaps": {
            "median": gaps[len(gaps) // 2],
            "p99": gaps[int(len(gaps) * 0.99)],
            "most": gaps[-1],
            "count": len(gaps),
        },
        "memory": max(memory) / 2**30,
        "torch": "torch" in sys.modules,
    }
    print(json.dumps(result), flush=True)
    window.close()


def _own_bytes(process: object) -> int:
    """Memory of a process, shared pages counted by their share where the system says so."""
    import psutil

    assert isinstance(process, psutil.Process)
    try:
        full = process.memory_full_info()
    except psutil.Error:
        return 0
    return int(getattr(full, "pss", 0) or full.uss)


if __name__ == "__main__":
    start() if sys.argv[1] == "start" else train(Path(sys.argv[2]))
