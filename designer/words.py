"""The words of the window: every text that people read goes through `tr`, so that a translation can stand in for it."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QLocale, QTranslator

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
    """A text in the person's language, with values put where it names them."""
    said = _TRANSLATION.translate(CONTEXT, text) or text
    return said.format(**values) if values else said
