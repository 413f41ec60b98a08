"""The application: the window is painted first; everything that takes time is loaded behind it."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from designer.document import Document
from designer.faults import Faults
from designer.preferences import preferences
from designer.window import Window
from designer.words import translate_qt

FONT_PIXELS = 13
SETTLED_SECONDS = 2.0


def make_application(arguments: list[str]) -> QApplication:
    """The application with its names, style and font; names come first, since settings are kept under them."""
    QCoreApplication.setOrganizationName("Layerloom")
    QCoreApplication.setApplicationName("Layerloom")
    held = QApplication.instance()
    if isinstance(held, QApplication):
        return held
    scale = preferences().scale
    if scale != 1.0:
        os.environ.setdefault("QT_SCALE_FACTOR", str(scale))
    app = QApplication(arguments)
    translate_qt(app)
    app.setStyle("fusion")
    font = QFont(app.font())
    font.setPixelSize(FONT_PIXELS)
    font.setFeature(QFont.Tag("tnum"), 1)
    app.setFont(font)
    return app


def make_window(document: Document) -> Window:
    """A window on a document, with everything that it can do."""
    from designer.actions import ACTIONS

    return Window(document, ACTIONS)


def load_rest(window: Window) -> None:
    """Start the engines and make what needs the libraries that load after the first paint."""
    from designer.engines import Engines, Run

    window.keep_safe()
    engines = Engines(window.document, window)
    window.attach(engines, Run(engines, window))
    engines.prepare_spare()


def settle() -> None:
    """Let the collector pass over what stays: a full collection over every library would hold up a frame."""
    gc.collect()
    gc.freeze()
    gc.enable()  # which it was not while everything was loaded


def main(path: str | None) -> int:
    """Open the window, on a file where one is named, and stay until it is closed."""
    app = make_application(sys.argv[:1])
    faults = Faults(app)
    faults.install()
    qInstallMessageHandler(lambda kind, _, text: faults.log(text) if kind != QtMsgType.QtDebugMsg else None)
    document = Document()
    window = make_window(document)
    faults.said.connect(lambda sentence: window.say("error", sentence))
    window.show()
    if path is not None:
        window.take_file(Path(path))
    _wait_for_first_paint(window)
    try:
        return _run(app, window, faults)
    finally:
        faults.remove()
        qInstallMessageHandler(None)


def _wait_for_first_paint(window: Window) -> None:
    waiting = QEventLoop()
    window.painted.connect(waiting.quit)
    waiting.exec()


def _run(app: QApplication, window: Window, faults: Faults) -> int:
    """Stay in asyncio's loop over Qt's; its threads are Python's own: qasync's have stacks too small for numpy."""
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    import qasync

    loop = qasync.QEventLoop(app)
    loop.set_default_executor(ThreadPoolExecutor(max_workers=2, thread_name_prefix="window"))
    loop.set_exception_handler(faults.take_in_loop)
    asyncio.set_event_loop(loop)
    app.lastWindowClosed.connect(loop.stop)
    loop.call_soon(load_rest, window)
    loop.call_later(SETTLED_SECONDS, settle)
    with loop:
        loop.run_forever()
    return 0
