"""The palette: a starter set, the whole catalogue or the project's own set, searched, dragged or entered."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QToolButton,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.layers import CATALOGUE, FAMILIES, Layer
from core.project import Project
from designer import entries, library, palette_menu, starter
from designer.document import Document
from designer.icons import icon
from designer.layer_search import found
from designer.palette_tree import MIME, NAME, Tree, family_tint
from designer.theme import DARK, Theme
from designer.words import tr

__all__ = ["MIME", "Palette", "sentence"]

SETS = ("starter", "all", "project")
SET_NAMES = {"starter": tr("Starter"), "all": tr("All"), "project": tr("Project")}
TIPS = {
    "starter": tr("The layers that most first networks are made of"),
    "all": tr("Every layer there is, by family"),
    "project": tr("The set of this project, kept in its file"),
}
SETTLED_MS = 800
Section = tuple[str, Sequence[str]]


def sentence(layer: type[Layer]) -> str:
    """The first sentence of a layer's help."""
    text = " ".join((layer.__doc__ or "").split())
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]


class Palette(QWidget):
    """Search line, switch and tree; `wanted` asks for a layer in the drawing, `help_wanted` for its page."""

    wanted = Signal(str)
    help_wanted = Signal(str)
    block_wanted = Signal(str, str, str)
    """What is asked for ("enter", "rename", "delete", "keep", "remove"), the block, and a new name."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.setAccessibleName(tr("Palette"))
        self.setObjectName("palette")
        self.setMinimumWidth(190)
        self._document = document
        self._theme: Theme = DARK
        self._set = starter.chosen_set()
        self._is_built = False
        self._is_stale = False
        self._folded: set[str] = set()
        self._used: list[str] = []
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(self._remember)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search {count} layers…", count=len(CATALOGUE)))
        self.search.setAccessibleName(tr("Search layers"))
        self.search.setToolTip(tr("Type a few letters of a layer, or of what it is for; Enter adds the first one."))
        self.search.setClearButtonEnabled(True)
        self.tree = Tree()
        self.tree.setWhatsThis(
            tr("The layers at hand: drag one onto the canvas, or press Enter on it; F1 explains it, * stars it.")
        )
        self.empty = palette_menu.NoSet(document)
        self._arrange()
        self.search.textChanged.connect(lambda _: self.refresh())
        self.search.returnPressed.connect(self._want_first)
        self.search.installEventFilter(self)
        self.tree.wanted.connect(self.want)
        self.tree.help_wanted.connect(self.want_help)
        self.tree.starred.connect(self.toggle_star)
        self.tree.menu_wanted.connect(self._open_menu)
        self.tree.folded.connect(self._remember_fold)
        self.tree.renamed.connect(self._rename, Qt.ConnectionType.QueuedConnection)  # the line is put away first
        self.tree.block_wanted.connect(self._do_by_key)
        document.changed.connect(self._follow)
        if document.project.palette:
            self._set = "project"

    def _arrange(self) -> None:
        self.switch = QButtonGroup(self)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(2)
        for place, name in enumerate(SETS):
            button = QToolButton()
            button.setText(SET_NAMES[name])
            button.setCheckable(True)
            button.setProperty("role", "segment")
            button.setToolTip(TIPS[name])
            button.setAccessibleName(f"{SET_NAMES[name]}: {TIPS[name]}")
            self.switch.addButton(button, place)
            row.addWidget(button, 1)
        self.switch.idClicked.connect(lambda place: self.show_set(SETS[place]))
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 4, 4)
        column.setSpacing(6)
        column.addWidget(self.search)
        column.addLayout(row)
        column.addWidget(self.tree)
        column.addWidget(self.empty)
        self.empty.hide()

    @property
    def shown_set(self) -> str:
        """Which set is shown while nothing is searched: "starter", "all" or "project"."""
        return self._set

    def set_theme(self, theme: Theme) -> None:
        """Tint the icons."""
        self._theme = self.tree.theme = theme
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Fill the list when it is first seen."""
        super().showEvent(event)
        if not self._is_built:
            self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Lose nothing when the window closes."""
        super().hideEvent(event)
        if self._used:
            self._remember()

    def show_set(self, name: str) -> None:
        """Show one of the sets; "starter" and "all" are remembered for the next time."""
        self._set = name
        starter.choose_set(name)
        self.search.clear()
        self.refresh()
        self.tree.scrollToTop()

    def want(self, name: str) -> None:
        """Ask for a layer in the drawing."""
        self.wanted.emit(name)

    def want_help(self, name: str) -> None:
        """Ask for a layer's help page."""
        self.help_wanted.emit(name)

    def toggle_star(self, name: str) -> None:
        """Make a layer a favourite, or no longer."""
        starter.star(name, name not in starter.favourites())
        self.refresh()

    def do_with_block(self, what: str, name: str) -> None:
        """Ask for something to be done with a block."""
        self.block_wanted.emit(what, name, "")

    def begin_renaming(self, name: str) -> None:
        """Put the cursor into the name of a block in the list."""
        self.tree.begin_renaming(name)

    def _rename(self, name: str, new: str) -> None:
        self.block_wanted.emit("rename", name, new)

    def _do_by_key(self, what: str, name: str) -> None:
        """Delete means the project's block, or one that a person has kept."""
        if self.tree.is_block(name):
            self.do_with_block(what, name)
        elif what == "delete" and name in library.names() and library.holds_own(name):
            self.do_with_block("remove", name)

    def refresh(self) -> None:
        """Show the list as things stand, at the place where it was."""
        query = self.search.text()
        held, at = self.tree.current_name(), self.tree.verticalScrollBar().value()
        self._is_built, self._is_stale = True, False
        self.switch.setExclusive(not query.strip())  # what is found comes from all layers: no set is marked then
        for button in self.switch.buttons():
            button.setChecked(not query.strip() and self.switch.id(button) == SETS.index(self._set))
        self.tree.favourites = frozenset(starter.favourites())
        self.tree.declared = self._declared
        self.tree.is_block = self._document.project.graph.blocks.__contains__
        self.tree.clear()
        has_none = not query.strip() and self._set == "project" and not self._document.project.palette
        self.empty.setVisible(has_none)
        self.tree.setVisible(not has_none)
        if has_none:
            self.empty.refresh()
        elif query.strip():
            self._show_found(query)
        else:
            for title, names in self._sections():
                self._add_section(title, names)
            self._choose_again(held)
            self.tree.verticalScrollBar().setValue(at)

    def _sections(self) -> list[Section]:
        if self._set == "project":
            own, _ = self._blocks()
            blocks = [(tr("Project blocks"), own)] if own else []
            return [*blocks, (tr("This project"), self._document.project.palette)]
        stars = [name for name in starter.favourites() if self._declared(name)]
        recent = [name for name in starter.recent_layers() if self._declared(name) and name not in stars]
        offered = [name for name in starter.STARTER if name in CATALOGUE] if self._set == "starter" else list(CATALOGUE)
        families = [
            (title, [name for name in offered if CATALOGUE[name].family == family])
            for family, title in FAMILIES.items()
        ]
        own, kept = self._blocks()
        parts = ((tr("Favourites"), stars), (tr("Recent"), recent), (tr("Project blocks"), own), *families)
        if self._set == "all":
            parts += ((tr("Library blocks"), kept),)
        return [part for part in parts if part[1]]

    def _blocks(self) -> tuple[list[str], list[str]]:
        """The project's own blocks, and those of the library that it does not have."""
        graph = self._document.project.graph
        own = sorted(graph.blocks, key=str.casefold)
        return own, [name for name in entries.blocks_of(graph) if name not in graph.blocks]

    def _declared(self, name: str) -> type[Layer] | None:
        return entries.declared(name, self._document.project.graph.blocks)

    def _show_found(self, query: str) -> None:
        names = found(query, entries.names(self._document.project.graph), (), self._declared)
        for name in names:
            self._add_layer(self.tree.invisibleRootItem(), name)
        if not names:
            self._add_heading(tr("No layer fits “{value}”.", value=query.strip()[:20]), is_title=False)
            self._add_heading(tr("Try what it is for, like"), is_title=False)
            self._add_heading(tr("“smaller picture” or “words”."), is_title=False)
        first = self.tree.topLevelItem(0)
        if first is not None:
            self.tree.setCurrentItem(first)
        self.tree.scrollToTop()

    def _add_section(self, title: str, names: Sequence[str]) -> None:
        heading = self._add_heading(title.upper())
        heading.setToolTip(0, tr("Click to fold or unfold"))
        for name in names:
            self._add_layer(heading, name)
        heading.setExpanded(title.upper() not in self._folded)

    def _add_heading(self, text: str, is_title: bool = True) -> QTreeWidgetItem:
        heading = QTreeWidgetItem(self.tree, [text])
        font = heading.font(0)
        font.setPixelSize(11)
        if is_title:
            font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, 1)
        heading.setFont(0, font)
        heading.setForeground(0, QColor(self._theme.dim))
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
        heading.setToolTip(0, text)
        return heading

    def _add_layer(self, parent: QTreeWidgetItem, name: str) -> None:
        item = QTreeWidgetItem(parent, [name])
        item.setData(0, NAME, name)
        declared = self._declared(name)
        if declared is None:
            item.setFlags(Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled)
            item.setForeground(0, QColor(self._theme.dim))
            item.setToolTip(
                0, tr("{name} is not known here; the plugin that brings it may not be installed.", name=name)
            )
            return
        item.setIcon(0, icon(f"family-{declared.family}", family_tint(declared.family, self._theme)))
        item.setToolTip(0, f"{name}: {sentence(declared)}")

    def _choose_again(self, name: str) -> None:
        for place in range(self.tree.topLevelItemCount()):
            heading = self.tree.topLevelItem(place)
            rows = [heading.child(row) for row in range(heading.childCount())] if heading and name else []
            again = next((item for item in rows if item is not None and item.data(0, NAME) == name), None)
            if again is not None:
                self.tree.setCurrentItem(again)
                return

    # ---- what a person does

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down walk the list while the words are typed; F1 explains the chosen layer."""
        if watched is self.search and isinstance(event, QKeyEvent):
            key = event.key()
            if event.type() == QEvent.Type.ShortcutOverride and key == Qt.Key.Key_F1 and self.tree.current_name():
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and key == Qt.Key.Key_F1 and self.tree.current_name():
                self.want_help(self.tree.current_name())
                return True
            if event.type() == QEvent.Type.KeyPress and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.tree.keyPressEvent(event)
                return True
        return super().eventFilter(watched, event)

    def leaveEvent(self, event: QEvent) -> None:
        """What was used meanwhile moves to the top when nobody is pointing at the list."""
        super().leaveEvent(event)
        if self._is_stale:
            self.refresh()

    def _open_menu(self, name: str, at: QPoint) -> None:
        opened = palette_menu.menu(self, self._document, name, self)
        opened.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opened.popup(at)

    def _remember_fold(self, title: str, is_folded: bool) -> None:
        self._folded = self._folded | {title} if is_folded else self._folded - {title}

    def _want_first(self) -> None:
        name = self.tree.current_name()
        if self.tree.knows(name):
            self.wanted.emit(name)

    # ---- following the document

    def _follow(self, before: Project, after: Project) -> None:
        if self._document.undo_stack.count() == 0:  # another document: a set of its own is what it opens on
            self._set = "project" if after.palette else starter.chosen_set()
            self.refresh()
            return
        nodes, held = after.graph.nodes, before.graph.nodes
        added = nodes.keys() - held.keys() if len(nodes) > len(held) else set()
        if len(added) == 1:
            self._used.append(nodes[next(iter(added))].layer)
            self._settled.start()
        if before.palette != after.palette:
            if after.palette:
                self._set = "project"
            self.refresh()
        elif before.graph.blocks.keys() != after.graph.blocks.keys():
            self.refresh()
        elif self.empty.isVisible():
            self.empty.refresh()

    def _remember(self) -> None:
        """Keep what was used on disk; that takes some milliseconds, so it waits until nobody is at work."""
        self._settled.stop()
        used, self._used = self._used, []
        before = starter.recent_layers()
        starter.remember_layers(used)
        if before == starter.recent_layers() or self._set == "project" or self.search.text().strip():
            return
        self._is_stale = True
        if not self.underMouse():
            self.refresh()
