"""Which code of the open document may run here: a person's own may, what came from elsewhere waits for him."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from core import trust
from core.graph import Graph
from core.layers.custom import DEFAULT
from core.project import Project
from designer.card import Card
from designer.document import Document
from designer.icons import icon
from designer.theme import Theme
from designer.words import tr

LONGEST_LINE = 120
TURNING = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
"""Characters that cannot be seen, some of which let a line read in another order than the one in which it runs."""
MOST_NAMED = 3
ABOUT_TRUST = tr("Lets this code run on this computer, now and whenever the same text comes again")


class Trusted(QObject):
    """Follows the document: `waiting` holds the nodes whose code is not run, with the fingerprint of each.

    `grew` carries every hash that is trusted, whenever one came to them; `changed` says that other nodes wait now.
    """

    grew = Signal(object)
    changed = Signal()
    failed = Signal(str)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.hashes = trust.trusted()
        self.waiting: dict[str, str] = {}
        document.changed.connect(self._follow)
        self._look()

    def trust(self, node_ids: Iterable[str]) -> None:
        """Let the code of these nodes run, here and from now on."""
        self._add(self.waiting[each] for each in tuple(node_ids) if each in self.waiting)

    def wrote(self, before: Iterable[str | None], text: str) -> None:
        """Trust a text that a person is about to set in the place of these (None is the catalogue's own).

        A text of someone else's stays untrusted when a person changes a letter of it: it is still not his.
        """
        if all(each in (None, DEFAULT) or trust.fingerprint(each) in self.hashes for each in before):
            self._add([trust.fingerprint(text)])

    def _add(self, hashes: Iterable[str]) -> None:
        fresh = frozenset(hashes) - self.hashes
        if fresh:
            self.hashes |= fresh
            try:
                trust.trust(fresh)
            except OSError as error:
                self.failed.emit(
                    tr(
                        "That this code is trusted cannot be kept in {trusted_file} ({value}): it runs until the "
                        "window is closed, and is asked about again then.",
                        trusted_file=trust.trusted_file(),
                        value=error.strerror or error,
                    )
                )
            self.grew.emit(self.hashes)
            self._look()

    def _follow(self, before: Project, after: Project) -> None:
        if before.graph is not after.graph:
            self._look()

    def _look(self) -> None:
        found = trust.untrusted(self._document.project, self.hashes)
        waiting = {node_id: trust.fingerprint(code) for node_id, code in found.items()}
        if waiting != self.waiting:
            self.waiting = waiting
            self.changed.emit()


class TrustBar(QFrame):
    """Says above the canvas which nodes bring code that is not run; closing it leaves everything as it is."""

    node_wanted = Signal(str)

    def __init__(self, trusted: Trusted, document: Document) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Code that is not trusted"))
        self._trusted = trusted
        self._closed: frozenset[str] = frozenset()
        self._next = 0
        self.mark = QLabel()
        self.mark.setAccessibleName(tr("Warning"))
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setAccessibleName(tr("Code that is not trusted"))
        self.show_code = QPushButton(tr("Show the code"))
        self.show_code.setAccessibleName(tr("Show the code"))
        self.show_code.setToolTip(tr("Selects the node; its code stands in the form. Again for the next one"))
        self.trust = QPushButton(tr("Trust"))
        self.trust.setAccessibleName(tr("Trust this code"))
        self.trust.setToolTip(ABOUT_TRUST)
        self.close_button = QToolButton()
        self.close_button.setProperty("role", "flat")
        self.close_button.setIconSize(QSize(14, 14))
        self.close_button.setToolTip(tr("Leave it untrusted (Escape)"))
        self.close_button.setAccessibleName(tr("Leave it untrusted"))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 6, 6)
        row.setSpacing(8)
        row.addWidget(self.mark)
        row.addWidget(self.words, 1)
        for button in (self.show_code, self.trust, self.close_button):
            row.addWidget(button)
        self.show_code.clicked.connect(self.show_next)
        self.trust.clicked.connect(lambda: trusted.trust(tuple(trusted.waiting)))
        self.close_button.clicked.connect(self._leave_untrusted)
        trusted.changed.connect(self._follow)
        document.changed.connect(lambda *_: self._begin() if document.undo_stack.count() == 0 else None)
        self._follow()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme: a strip over the whole width, between toolbar and canvas."""
        self.setStyleSheet(
            f"TrustBar {{ background: {theme.raised}; border: 0; border-radius: 0;"
            f" border-left: 4px solid {theme.warn}; border-bottom: 1px solid {theme.line}; }}"
        )
        self.mark.setPixmap(icon("warning", theme.warn).pixmap(16, 16))
        self.close_button.setIcon(icon("close", theme.dim))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the code untrusted."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave_untrusted()
        else:
            super().keyPressEvent(event)

    def _begin(self) -> None:
        """Another document: what was closed for the last one is asked anew."""
        self._closed = frozenset()
        self._follow()

    def _follow(self) -> None:
        waiting = self._trusted.waiting
        self.words.setText(sentence(tuple(waiting)))
        self.setAccessibleDescription(self.words.text())
        self.setVisible(bool(set(waiting.values()) - self._closed))

    def show_next(self) -> None:
        """Ask for the next node whose code is not trusted to be shown."""
        names = tuple(self._trusted.waiting)
        if names:
            self.node_wanted.emit(names[self._next % len(names)])
            self._next += 1

    def _leave_untrusted(self) -> None:
        self._closed = frozenset(self._trusted.waiting.values())
        self.hide()


def sentence(names: tuple[str, ...]) -> str:
    """What the bar says of these nodes."""
    shown = list(names[:MOST_NAMED])
    more = len(names) - len(shown)
    if more:
        shown.append(tr("{more} more", more=more))
    listed = tr(" and ").join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))
    return tr(
        "{listed} {value} Python code that is not run until you trust it.",
        listed=listed,
        value="bring" if len(names) > 1 else "brings",
    )


class TrustCard(Card):
    """The same in a node's form, above its code."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Code that is not trusted"), "warning")
        self.button = add_trust(self, self.wanted.emit)
        self.hide()

    def show_nodes(self, graph: Graph, ids: Iterable[str], waiting: Iterable[str]) -> None:
        """Say it of those of these nodes that wait; nothing where none does."""
        held = set(waiting)
        mine = tuple(each for each in ids if each in held)
        self.setVisible(bool(mine))
        if mine:
            odd = [word for each in mine for word in oddities(graph, each)]
            self.show_text(" ".join((f"{sentence(mine)} {tr('Read it below.')}", *dict.fromkeys(odd))))


def add_trust(card: Card, trust: Callable[[], object]) -> QPushButton:
    """Offer to trust on a card: a plain button, for no is what nothing is asked for."""
    button = card.show_button(tr("Trust"), lambda _: trust())
    button.setProperty("role", "")
    button.setToolTip(ABOUT_TRUST)
    return button


def oddities(graph: Graph, node_id: str) -> list[str]:
    """What a reader of a node's code could overlook, in sentences."""
    texts = [each for each in graph.nodes[node_id].values.values() if isinstance(each, str)]
    found: list[str] = []
    if any(character in text for text in texts for character in TURNING):
        found.append(tr("It holds characters that cannot be seen and can change the order in which a line reads."))
    if any(len(line) > LONGEST_LINE for text in texts for line in text.splitlines()):
        found.append(
            tr(
                "Some of its lines are longer than {LONGEST_LINE} characters: open it in a window.",
                LONGEST_LINE=LONGEST_LINE,
            )
        )
    return found


def above(bars: Iterable[QWidget], centre: QWidget) -> QWidget:
    """The middle of the window with bars above the canvas, so that they cover nothing."""
    made = QWidget()
    made.setAccessibleName(tr("Canvas"))
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for bar in bars:
        column.addWidget(bar)
    column.addWidget(centre, 1)
    return made
