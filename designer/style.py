"""The style sheet of the window's own parts, on top of the theme's."""

from __future__ import annotations

from designer.icons import FOLDER
from designer.theme import Theme, stylesheet


def whole_stylesheet(theme: Theme) -> str:
    """The style sheet of the application."""
    return stylesheet(theme) + parts(theme)


def _file(name: str, theme: Theme) -> str:
    """An icon as a file, which a style sheet needs; there is one for each theme."""
    return (FOLDER / f"{name}-on-{theme.name}.svg").as_posix()


def parts(theme: Theme) -> str:
    """What the toolbar, forms, cards, docks and messages look like; told apart by their `role`."""
    return f"""
QToolTip {{ max-width: 420px; }}
QMenuBar {{ padding: 3px 0; }}
#file {{ color: {theme.dim}; }}
#brand {{ font-weight: 700; color: {theme.text}; padding: 0 6px 0 14px; }}
#palette QTreeView {{ border: 0; }}
#palette QTreeView::item {{ min-height: 20px; padding: 2px 6px; }}
QToolButton[role="segment"] {{ background: transparent; color: {theme.dim}; padding: 3px 2px; }}
QToolButton[role="segment"]:hover {{ background: {theme.hover}; color: {theme.text}; }}
QToolButton[role="segment"]:checked {{ background: {theme.hover}; color: {theme.text}; font-weight: 600; }}
QToolButton[role="segment"]:focus {{ border: 1px solid {theme.accent}; }}
#toolbar {{ border-bottom: 1px solid {theme.line}; }}
#toolbar QPushButton {{ min-height: 22px; padding: 2px 10px; }}
#toolbar QPushButton::menu-indicator {{ image: none; width: 0; }}
#toolbar QPushButton[role="train"] {{ padding: 2px 14px 2px 10px; }}
QPushButton[role="train"]:focus {{ border: 1px solid {theme.accent}; }}
QPushButton[role="repair"] {{ background: {theme.accent}; color: {theme.on_accent}; font-weight: 600;
  padding: 2px 10px; }}
QPushButton[role="repair"]:focus {{ border: 1px solid {theme.text}; }}
QPushButton[role="flat"], QToolButton[role="flat"] {{ background: transparent; color: {theme.dim}; padding: 2px 6px; }}
QPushButton[role="flat"]:hover, QToolButton[role="flat"]:hover {{ background: {theme.hover}; color: {theme.text}; }}
QPushButton[role="flat"]:focus, QToolButton[role="flat"]:focus {{ border: 1px solid {theme.accent}; }}
QToolButton[role="icon"] {{ background: transparent; padding: 0; }}
QToolButton[role="icon"]:hover {{ background: {theme.hover}; }}
QToolButton[role="icon"]:focus {{ border: 1px solid {theme.accent}; }}
QPushButton[role="status"] {{ background: transparent; color: {theme.dim}; padding: 0 6px; border-radius: 4px; }}
QPushButton[role="status"]:hover {{ background: {theme.hover}; }}
QPushButton[role="status"]:focus {{ border: 1px solid {theme.accent}; }}
QPushButton[tone="good"] {{ color: {theme.good}; }}
QPushButton[tone="warning"] {{ color: {theme.warn}; }}
QPushButton[tone="error"] {{ color: {theme.bad}; }}
QStatusBar {{ border-top: 1px solid {theme.line}; min-height: 25px; max-height: 25px; }}
QStatusBar QLabel {{ color: {theme.dim}; padding: 0 8px; }}
QLabel[role="fault"] {{ color: {theme.bad}; font-size: 12px; }}
QLabel[role="small"] {{ color: {theme.dim}; font-size: 12px; }}
QLabel[role="title"] {{ font-weight: 600; }}
QLabel[isChanged="true"] {{ color: {theme.text}; font-weight: 600; }}
QLabel[isChanged="false"] {{ color: {theme.dim}; }}
QLineEdit[isDefault="true"], QComboBox[isDefault="true"], QCheckBox[isDefault="true"] {{ color: {theme.dim}; }}
QComboBox[isDefault="true"] QAbstractItemView {{ color: {theme.text}; }}
QLineEdit, QComboBox {{ min-height: 18px; }}
QComboBox::drop-down {{ border: 0; width: 18px; }}
QComboBox::down-arrow {{ image: url({_file("chevron", theme)}); width: 14px; height: 14px; margin-right: 6px; }}
QCheckBox::indicator {{ width: 15px; height: 15px; border: 1px solid {theme.dim}; border-radius: 4px;
  background: {theme.canvas}; }}
QCheckBox::indicator:checked {{ background: {theme.accent}; border-color: {theme.accent};
  image: url({_file("check", theme)}); }}
QCheckBox::indicator:indeterminate {{ background: {theme.line}; }}
QCheckBox::indicator:focus {{ border: 2px solid {theme.accent}; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; }}
QFrame[role="popup"] {{ background: {theme.raised}; border: 1px solid {theme.line}; border-radius: 8px; }}
QFrame[role="card"][tone="error"] {{ border-left: 3px solid {theme.bad}; }}
QFrame[role="card"][tone="warning"] {{ border-left: 3px solid {theme.warn}; }}
QFrame[role="card"][tone="note"] {{ border-left: 3px solid {theme.accent}; }}
QFrame[role="row"] {{ border: 1px solid transparent; border-radius: 6px; }}
QFrame[role="row"][hovered="true"] {{ background: {theme.hover}; }}
QFrame[role="row"]:focus {{ border: 1px solid {theme.accent}; }}
QFrame[role="tour"] {{ background: {theme.raised}; border: 2px solid {theme.accent}; border-radius: 8px; }}
QFrame[role="message"] {{ background: {theme.raised}; border: 1px solid {theme.line}; border-radius: 8px; }}
QFrame[role="message"][tone="error"] {{ border-left: 4px solid {theme.bad}; }}
QFrame[role="message"][tone="warning"] {{ border-left: 4px solid {theme.warn}; }}
QFrame[role="message"][tone="good"] {{ border-left: 4px solid {theme.good}; }}
QFrame[role="message"][tone="note"] {{ border-left: 4px solid {theme.accent}; }}
#docktitle {{ background: {theme.panel}; }}
#docktitle > QLabel {{ font-weight: 600; }}
QTabBar {{ background: {theme.panel}; qproperty-drawBase: 0; }}
QTabBar::tab:focus {{ border-bottom-color: {theme.text}; }}
QTextBrowser {{ background: {theme.canvas}; border: 1px solid {theme.line}; border-radius: 6px; padding: 8px; }}
QDialogButtonBox, QMessageBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QListWidget[role="choices"] {{ background: {theme.canvas}; border: 1px solid {theme.line}; border-radius: 6px; }}
QProgressBar[role="run"] {{ max-height: 4px; min-height: 4px; }}
"""
