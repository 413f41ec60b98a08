"""Colours and measures of the window, dark and light, and the style sheet and palette made from them.

Every contrast was measured: text and dim text at least 4.5:1 on each surface they stand on, white on each family
colour at least 4.6:1. A family is told by its icon too, never by colour alone.
"""

from __future__ import annotations

import dataclasses

from PySide6.QtGui import QColor, QPalette


@dataclasses.dataclass(frozen=True)
class Theme:
    """The tokens of one theme, as colours in hexadecimal."""

    name: str
    canvas: str
    panel: str
    raised: str
    line: str
    text: str
    dim: str
    accent: str
    good: str
    warn: str
    bad: str
    hover: str
    on_accent: str
    good_fill: str

    @property
    def is_dark(self) -> bool:
        """Whether light words stand on dark surfaces."""
        return self.name == "dark"


DARK = Theme(
    name="dark", canvas="#121419", panel="#1b1e24", raised="#242831", line="#343a46", text="#d7dae0", dim="#9aa3b2",
    accent="#6aa7ff", good="#3fa76c", warn="#f0b34b", bad="#ff8b82", hover="#2b303b", on_accent="#0d1420",
    good_fill="#2c7a4c",
)  # fmt: skip
LIGHT = Theme(
    name="light", canvas="#f6f7f9", panel="#ffffff", raised="#ffffff", line="#d5d9e0", text="#1d2129", dim="#5b6472",
    accent="#1f5fbf", good="#1f7a48", warn="#8a5a00", bad="#b4133a", hover="#eef1f5", on_accent="#ffffff",
    good_fill="#1f7a48",
)  # fmt: skip

FAMILY_COLOURS = {
    "data": "#337a79",
    "linear": "#4b6bb0",
    "convolution": "#3f68b5",
    "pooling": "#2f7d95",
    "normalisation": "#6c6f9e",
    "activation": "#96691d",
    "recurrent": "#7d5ba6",
    "attention": "#8a4f9e",
    "shape": "#55606f",
    "merge": "#4f6f52",
    "regularisation": "#7a6a52",
    "loss": "#a5473f",
    "output": "#2f6f4f",
    "block": "#4a5568",
    "custom": "#6b5b1e",
}

SPACE = 4
CONTROL_HEIGHT = 26
TOOLBAR_HEIGHT = 46
STATUS_HEIGHT = 26
RADIUS = 6
CARD_RADIUS = 8
MONOSPACE = "JetBrains Mono, DejaVu Sans Mono, Menlo, Consolas, monospace"


def theme_of(said: str, system_is_light: bool) -> Theme:
    """The theme that a preference means ("system", "dark", "light")."""
    return LIGHT if said == "light" or (said == "system" and system_is_light) else DARK


def family_colour(family: str) -> str:
    """The header colour of a family; an unknown one is grey."""
    return FAMILY_COLOURS.get(family, "#55606f")


def qpalette(theme: Theme) -> QPalette:
    """The theme as a Qt palette, for everything that the style sheet does not name."""
    palette = QPalette()
    roles = QPalette.ColorRole
    colours = {
        roles.Window: theme.panel, roles.WindowText: theme.text, roles.Base: theme.canvas,
        roles.AlternateBase: theme.raised,
        roles.Text: theme.text, roles.Button: theme.raised, roles.ButtonText: theme.text, roles.BrightText: theme.bad,
        roles.ToolTipBase: theme.raised, roles.ToolTipText: theme.text, roles.Highlight: theme.accent,
        roles.HighlightedText: theme.on_accent, roles.Link: theme.accent, roles.PlaceholderText: theme.dim,
    }  # fmt: skip
    for role, colour in colours.items():
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.dim))
    return palette


def stylesheet(theme: Theme) -> str:
    """The style sheet of the whole application."""
    return f"""
* {{ font-size: 13px; }}
QWidget {{ color: {theme.text}; }}
QMainWindow, QDialog, QDockWidget, QMenuBar, QStatusBar, QToolBar {{ background: {theme.panel}; border: 0; }}
QMainWindow::separator {{ background: {theme.line}; width: 1px; height: 1px; }}
QMenuBar::item {{ padding: 4px 8px; background: transparent; border-radius: 4px; }}
QMenuBar::item:selected, QMenu::item:selected {{ background: {theme.hover}; }}
QMenu {{ background: {theme.raised}; border: 1px solid {theme.line}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 12px; border-radius: 4px; }}
QMenu::item:disabled {{ color: {theme.dim}; }}
QMenu::separator {{ height: 1px; background: {theme.line}; margin: 4px 6px; }}
QToolTip {{ background: {theme.raised}; color: {theme.text}; border: 1px solid {theme.line}; padding: 4px 6px; }}
QPushButton, QToolButton {{ background: {theme.hover}; border: 1px solid transparent; border-radius: {RADIUS}px;
  padding: 4px 10px; }}
QPushButton:hover, QToolButton:hover {{ border-color: {theme.line}; }}
QPushButton:pressed, QPushButton:checked, QToolButton:pressed, QToolButton:checked {{ background: {theme.line}; }}
QPushButton:focus, QToolButton:focus, QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus, QListView:focus,
QTreeView:focus, QTableView:focus, QPlainTextEdit:focus {{ border: 1px solid {theme.accent}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {theme.dim}; }}
QPushButton[role="primary"] {{ background: {theme.accent}; color: {theme.on_accent}; font-weight: 600; }}
QPushButton[role="train"] {{ background: {theme.good_fill}; color: white; font-weight: 600; }}
QPushButton[role="train"]:disabled {{ background: {theme.hover}; color: {theme.dim}; }}
QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit {{
  background: {theme.canvas}; border: 1px solid {theme.line};
  border-radius: {RADIUS}px; padding: 3px 8px;
  selection-background-color: {theme.accent}; selection-color: {theme.on_accent}; }}
QListView, QTreeView, QTableView {{ background: {theme.panel}; border: 1px solid transparent; outline: 0; }}
QListView::item, QTreeView::item {{ padding: 3px 6px; border-radius: 4px; }}
QListView::item:hover, QTreeView::item:hover {{ background: {theme.hover}; }}
QListView::item:selected, QTreeView::item:selected {{ background: {theme.hover}; color: {theme.text}; }}
QComboBox QAbstractItemView {{ background: {theme.raised}; color: {theme.text}; border: 1px solid {theme.line}; }}
QProgressBar {{ background: {theme.line}; border: 0; border-radius: 3px; max-height: 6px; text-align: center; }}
QProgressBar::chunk {{ background: {theme.good}; border-radius: 3px; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {theme.line}; border-radius: 4px; min-height: 24px; min-width: 24px; margin: 1px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QTabBar::tab {{ background: transparent; padding: 5px 8px; border-bottom: 2px solid transparent; color: {theme.dim}; }}
QTabBar::tab:selected {{ color: {theme.text}; border-bottom-color: {theme.accent}; }}
QStatusBar::item {{ border: 0; }}
QLabel[role="dim"] {{ color: {theme.dim}; }}
QLabel[role="section"] {{ color: {theme.dim}; font-size: 11px; letter-spacing: 1px; }}
QFrame[role="card"] {{ background: {theme.raised}; border: 1px solid {theme.line}; border-radius: {CARD_RADIUS}px; }}
"""
