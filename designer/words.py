"""The words of the window: every text that people read goes through `tr`, so that a translation can stand in for it."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

CONTEXT = "Layerloom"
FOLDER = Path(__file__).resolve().parents[1] / "resources" / "languages"


def _translation() -> QTranslator:
    """The translation for the person's language, empty where none comes along; read before there is an application."""
    found = QTranslator()
    folder = os.environ.get("LAYERLOOM_LANGUAGES") or str(FOLDER)
    found.load(QLocale(), "layerloom", "_", folder)
    return found


_TRANSLATION = _translation()


def tr(text: str, **values: object) -> str:
    """A text in the person's language, with values put where it names them.

    A translation that names what is not there gives way to the text itself.
    """
    said = _TRANSLATION.translate(CONTEXT, text) or text
    if not values:
        return said
    try:
        return said.format(**values)
    except (LookupError, ValueError, AttributeError, TypeError):
        return text.format(**values)


def tr_path(path: str) -> str:
    """The path of a menu, `&File/Export`, each title in the person's language."""
    return "/".join(tr(title) for title in path.split("/")) if path else ""


def translate_qt(app: QCoreApplication) -> None:
    """Let Qt's own dialogs and buttons speak the language of the window, where Qt knows it."""
    held = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not _TRANSLATION.isEmpty() and held.load(QLocale(_TRANSLATION.language()), "qtbase", "_", folder):
        app.installTranslator(held)
