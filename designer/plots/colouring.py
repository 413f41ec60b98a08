"""Colours for Python source: keywords, strings, comments, numbers, and self."""

from __future__ import annotations

import keyword
import re

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from designer.theme import DARK, Theme

PARTS = re.compile(
    r"(?P<comment>\#.*)"
    r"|(?P<string>[rbfu]{0,2}(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'))"
    rf"|(?P<keyword>\b(?:{'|'.join(keyword.kwlist)})\b)"
    r"|(?P<self>\bself\b)"
    r"|(?P<number>\b\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?\b)"
    r"|(?P<name>(?<=def )\w+|(?<=class )\w+)",
    re.IGNORECASE,
)
TRIPLE = re.compile(r'"""|\'\'\'')
DARK_COLOURS = {
    "comment": "#9aa3b2",
    "string": "#8fca9b",
    "keyword": "#c9a3ff",
    "self": "#e79f8f",
    "number": "#f0b34b",
    "name": "#6aa7ff",
}
LIGHT_COLOURS = {
    "comment": "#4f5866",
    "string": "#1f6b40",
    "keyword": "#7a3fa8",
    "self": "#a03f2e",
    "number": "#8a5a00",
    "name": "#1f5fbf",
}
"""Each measured at least 4.5:1 on the canvas of its theme, marked lines included."""


class Colouring(QSyntaxHighlighter):
    """Colours the blocks of a document; a string over several lines is followed by the state of the block."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}
        self.set_theme(DARK)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for part, colour in (DARK_COLOURS if theme.is_dark else LIGHT_COLOURS).items():
            made = QTextCharFormat()
            made.setForeground(QColor(colour))
            made.setFontItalic(part == "comment")
            made.setFontWeight(QFont.Weight.DemiBold if part in ("keyword", "name") else QFont.Weight.Normal)
            self._formats[part] = made
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        place = 0
        self.setCurrentBlockState(0)
        if self.previousBlockState() == 1:
            end = TRIPLE.search(text)
            if end is None:
                self.setFormat(0, len(text), self._formats["string"])
                self.setCurrentBlockState(1)
                return
            self.setFormat(0, end.end(), self._formats["string"])
            place = end.end()
        while place < len(text):
            found = PARTS.search(text, place)
            triple = TRIPLE.search(text, place)
            if triple and (found is None or triple.start() <= found.start()):
                end = TRIPLE.search(text, triple.end())
                last = end.end() if end else len(text)
                self.setFormat(triple.start(), last - triple.start(), self._formats["string"])
                if end is None:
                    self.setCurrentBlockState(1)
                place = last
            elif found:
                part = found.lastgroup or "comment"
                self.setFormat(found.start(), found.end() - found.start(), self._formats[part])
                place = found.end()
            else:
                return
