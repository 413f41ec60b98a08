"""A project's own palette: how it is fixed and changed, by the menu of an entry or where there is none yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from designer import library
from designer.breadcrumb import uses
from designer.document import Document
from designer.starter import STARTER, favourites, used_in
from designer.words import tr


class Offered(Protocol):
    """What the menu can ask for."""

    def want(self, name: str) -> None: ...
    def want_help(self, name: str) -> None: ...
    def toggle_star(self, name: str) -> None: ...
    def do_with_block(self, what: str, name: str) -> None: ...
    def begin_renaming(self, name: str) -> None: ...


def fix(document: Document, names: tuple[str, ...], text: str) -> None:
    """Give the project this palette, as one edit; none lets it go."""
    document.edit(text, msgspec.structs.replace(document.project, palette=names))


def fix_starter(document: Document) -> None:
    """Fix the starter set as the project's palette."""
    fix(document, STARTER, tr("Fix the starter set as the palette"))


def fix_drawing(document: Document) -> None:
    """Fix the layers of the drawing as the project's palette."""
    fix(document, drawn(document), tr("Fix the layers of this drawing as the palette"))


def drawn(document: Document) -> tuple[str, ...]:
    """The layers that the drawing uses."""
    return used_in(node.layer for node in document.project.graph.nodes.values())


def menu(offered: Offered, document: Document, name: str, parent: QWidget) -> QMenu:
    """The menu of an entry, or of the palette itself for ""; it deletes itself."""
    made = QMenu(parent)
    made.setAccessibleName(tr("Palette entry") if name else tr("Palette"))
    if name:
        _add(made, tr("Add to the drawing\tReturn"), lambda: offered.want(name))
        _add(made, tr("Help\tF1"), lambda: offered.want_help(name))
        starred = name in favourites()
        _add(
            made,
            (tr("No longer a favourite") if starred else tr("Favourite")) + "\t*",
            lambda: offered.toggle_star(name),
        )
        _add_block(made, offered, document, name)
        made.addSeparator()
        _add_entry_of_set(made, document, name)
    has_set = bool(document.project.palette)
    fixing = made.addMenu(
        tr("Change the palette of this project") if has_set else tr("Fix the palette of this project")
    )
    fixing.setAccessibleName(fixing.title())
    _add(fixing, tr("Use the starter set"), lambda: fix_starter(document))
    _add(fixing, tr("Use the layers of this drawing"), lambda: fix_drawing(document)).setEnabled(bool(drawn(document)))
    if has_set:
        fixing.addSeparator()
        _add(fixing, tr("Let it go"), lambda: fix(document, (), tr("Let the palette of this project go")))
    return made


def _add_block(made: QMenu, offered: Offered, document: Document, name: str) -> None:
    """What can be done with a block of the project, or with one that a person has kept in the library."""
    if name in document.project.graph.blocks:
        made.addSeparator()
        _add(made, tr("Enter\tCtrl+Return"), lambda: offered.do_with_block("enter", name))
        _add(made, tr("Rename…\tF2"), lambda: offered.begin_renaming(name))
        count = uses(document.project.graph, name)
        words = (
            tr("Delete (used {count} times)", count=count)
            if count > 1
            else tr("Delete (used once)")
            if count
            else tr("Delete")
        )
        _add(made, f"{words}\tDel", lambda: offered.do_with_block("delete", name)).setEnabled(not count)
        _add(made, tr("Save to the library"), lambda: offered.do_with_block("keep", name))
    elif name in library.names() and library.holds_own(name):
        made.addSeparator()
        _add(made, tr("Remove from your library\tDel"), lambda: offered.do_with_block("remove", name))


def _add_entry_of_set(made: QMenu, document: Document, name: str) -> None:
    held = document.project.palette
    if name not in held:
        _add(
            made,
            tr("Add to this project's palette"),
            lambda: fix(document, (*held, name), tr("Add {name} to the palette", name=name)),
        )
        return
    rest = tuple(each for each in held if each != name)
    _add(
        made,
        tr("Take out of this project's palette"),
        lambda: fix(document, rest, tr("Take {name} out of the palette", name=name)),
    )
    place = held.index(name)
    for text, to in ((tr("Move up"), place - 1), (tr("Move down"), place + 1)):
        moved = (*rest[: max(to, 0)], name, *rest[max(to, 0) :])
        action = _add(made, text, lambda moved=moved: fix(document, moved, tr("Move {name} in the palette", name=name)))
        action.setEnabled(0 <= to < len(held))


def _add(made: QMenu, text: str, run: Callable[[], object]) -> QAction:
    action = made.addAction(text)
    action.triggered.connect(lambda _=False: run())
    return action


class NoSet(QWidget):
    """What stands in the place of a project's set while it has none: what it is, and two ways to begin one."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.setAccessibleName(tr("No set of its own"))
        self._document = document
        words = QLabel(
            tr(
                "This project has no palette of its own. Fix one, and everybody who opens the file sees just "
                "these layers "
                "first; all others stay one search away."
            )
        )
        words.setWordWrap(True)
        words.setProperty("role", "dim")
        words.setAccessibleName(tr("What a palette of its own is"))
        self.from_drawing = self._button(tr("Use this drawing"), lambda: fix_drawing(document))
        self.from_drawing.setToolTip(tr("Fix the layers of this drawing as the palette of this project"))
        self.from_starter = self._button(tr("Use the starter set"), lambda: fix_starter(document))
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 6, 8, 0)
        column.setSpacing(8)
        for each in (words, self.from_drawing, self.from_starter):
            column.addWidget(each)
        column.addStretch(1)

    def refresh(self) -> None:
        """Offer the drawing only where there is one."""
        self.from_drawing.setEnabled(bool(drawn(self._document)))

    def _button(self, text: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.clicked.connect(lambda: run())
        return button
