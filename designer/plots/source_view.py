"""The dock of source: the Python that the drawing stands for, in step with the selection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from core.events import Event
from core.messages import Answer, Checked, Failure, Request, Source, Write
from core.project import Project
from designer.document import Document
from designer.plots.code_text import CodeText
from designer.plots.header import Header, Switch, small_button
from designer.plots.latest import Latest
from designer.plots.refresh import Refresh
from designer.plots.source_parts import Changes, Part, changes_between, parts_of
from designer.theme import DARK, Theme
from designer.words import tr

if TYPE_CHECKING:
    from designer.engines import Engines

INTERVAL = 250
"""Milliseconds between two requests: writing takes the engine a tenth of a second, and checks come first."""
FILES = (
    ("model.py", "model.py", tr("The network: a class for each block, and the model.")),
    ("train.py", "train.py", tr("The training script that goes with it.")),
)
WHOLE, CANVAS = "", "the canvas"
"""What can be shown of model.py besides the name of a class: all of it, or what the canvas shows."""
LONGEST = 16
"""Characters of a class's name on the button."""


class Text(CodeText):
    """Source to be read; `line_clicked` tells which line was clicked, `menu` fills the menu of a right click."""

    line_clicked = Signal(int)

    def __init__(self, menu: Callable[[QMenu], object]) -> None:
        super().__init__(tr("Python source"))
        self._menu = menu
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click without a selection asks for the line's nodes."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.line_clicked.emit(self.cursorForPosition(event.position().toPoint()).blockNumber() + self.first)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What the head row offers is here too, where the dock is too narrow for it."""
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addSeparator()
        self._menu(menu)
        menu.popup(event.globalPos())


class SourceView(QWidget):
    """The model's and the training script's source, following the drawing and its selection."""

    about = tr(
        "The Python that this drawing stands for: what is trained and what is exported; click a line to see its nodes."
    )
    nodes_wanted = Signal(object)
    """The nodes of a line, each by its id, or by its block: `Basic:conv1`."""
    drawing_wanted = Signal(str)
    """The block of a line that comes from no node, such as the head of its class; "" is the project's own drawing."""

    def __init__(self, document: Document, engines: Engines, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Source"))
        self._document = document
        self.source = Source({})
        self.parts: tuple[Part, ...] = ()
        self.changes: dict[str, Changes] = {}
        self._followed: tuple[str, ...] = ()
        self._entered = ""
        self._wanted = WHOLE
        self._is_first = True
        self._is_asking = False
        self.questions = Latest(engines, self._take, self)
        self._refresh = Refresh(self, self._ask, INTERVAL)
        self.text = Text(self._fill_menu)
        self.text.line_clicked.connect(self._click)
        self._make_header()
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.header, self.message, self.text):
            layout.addWidget(widget, 1 if widget is self.text else 0)
        document.changed.connect(self._note_document)
        document.checked.connect(self._note)
        self.set_theme(DARK)
        self._show()
        if document.report is not None:
            self._refresh.news()

    def _make_header(self) -> None:
        self.header = Header(tr("Source"), self.about)
        self.files = Switch(tr("File"))
        self.files.offer(FILES)
        self.files.chosen.connect(lambda _: self._show())
        self.choice = QToolButton()
        self.choice.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.choice.setToolTip(tr("Shows the whole file, one class of it, or what is on the canvas."))
        menu = QMenu(self.choice)
        menu.setAccessibleName(tr("What is shown of model.py"))
        menu.aboutToShow.connect(lambda: self._fill_parts(menu))
        self.choice.setMenu(menu)
        self.copy = QPushButton(tr("Copy"))
        self.copy.setAccessibleName(tr("Copy the source"))
        self.copy.clicked.connect(self._copy)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(1500)
        self._copied.timeout.connect(lambda: self.copy.setText(tr("Copy")))
        self.header.add(self.files, 3)
        self.header.add(self.choice, 2)
        self.header.add(self.copy, 1)

    @property
    def file(self) -> str:
        """The name of the file that is shown."""
        return self.files.choice

    @property
    def part(self) -> Part | None:
        """The class that is shown, None for the whole file."""
        if self.file != "model.py" or self._wanted == WHOLE:
            return None
        if self._wanted != CANVAS:
            return next((part for part in self.parts if part.name == self._wanted), None)
        on_canvas = (part for part in self.parts if part.block == self._entered)
        return next((part for part in on_canvas if self._entered or part.name == "Model"), None)

    def receive(self, event: Event) -> None:
        """The source follows the drawing, not a run."""

    def clear(self) -> None:
        """The source stays: it belongs to the drawing."""

    def follow(self, node_ids: tuple[str, ...]) -> None:
        """Mark the lines of the selected nodes and scroll to the first, unless a click on a line selected them."""
        self._followed = node_ids
        lines = self._mark()
        if lines and not self._is_asking:
            self.text.reveal(lines[0])

    def enter(self, block: str) -> None:
        """Another drawing is on the canvas, a block's or ("") the project's own: show its class."""
        self._entered = block
        if self._wanted == CANVAS:
            self._show()
        part = next((part for part in self.parts if block and part.block == block), None)
        if part is not None and self.file == "model.py" and not self._is_asking:
            self.text.reveal(part.first)

    def choose(self, part: str) -> None:
        """Show the class of this name, all of model.py (`WHOLE`), or what is on the canvas (`CANVAS`)."""
        self._wanted = part
        self._show()
        self.text.verticalScrollBar().setValue(0)
        self.follow(self._followed)

    def lines_of(self, node_ids: tuple[str, ...]) -> tuple[int, ...]:
        """The lines of the shown file that come from these nodes."""
        wanted = set(node_ids)
        return tuple(sorted(line for line, nodes in self._nodes.items() if wanted.intersection(nodes)))

    @property
    def _nodes(self) -> dict[int, tuple[str, ...]]:
        return self.source.lines if self.file == "model.py" else self.source.script_lines

    def _mark(self) -> tuple[int, ...]:
        part = self.part
        lines = self.lines_of(self._followed)
        if part is not None:
            lines = tuple(line for line in lines if part.first <= line <= part.last)
        self.text.mark(lines)
        return lines

    # ---- asking and showing

    def _note_document(self, _: Project, __: Project) -> None:
        if self._document.undo_stack.count() == 0:  # another document: nothing in it was changed by an edit
            self.questions.forget()
            self._is_first = True
            self._wanted = self._wanted if self._wanted == CANVAS else WHOLE

    def _note(self, report: Checked) -> None:
        if not report.partial:
            self._refresh.news()

    def _ask(self) -> None:
        self.questions.want(Write(self._document.project))

    def _take(self, _: Request, answer: Answer) -> None:
        if isinstance(answer, Source):
            self._say("")
            self._take_source(answer)
            self._show()
        elif isinstance(answer, Failure):
            self._say(answer.message)

    def _take_source(self, source: Source) -> None:
        before, self.source = self.source, source
        graph = self._document.project.graph
        parts = parts_of(source.files.get("model.py", ""), source.lines, graph)
        gone = {part.name for part in self.parts} - {part.name for part in parts}
        if self._wanted in gone:
            come = [part.name for part in parts if part.name not in {each.name for each in self.parts}]
            self._wanted = come[0] if len(gone) == len(come) == 1 else WHOLE  # renamed, or gone
        self.parts = parts
        if self._is_first:
            self._is_first, self.changes = False, {}
        elif before.files != source.files:
            self.changes = {
                name: changes_between(before.files.get(name, ""), text) for name, text in source.files.items()
            }

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def _show(self) -> None:
        content, part = self.source.files.get(self.file, ""), self.part
        unused = self._entered if self._wanted == CANVAS and self._entered and part is None else ""
        self.text.setPlaceholderText(
            tr("# {unused} is used nowhere: no class is written for it.", unused=unused) if unused else ""
        )
        if self.file == "model.py" and (part is not None or unused):
            lines = content.splitlines()
            content = "\n".join(lines[part.first - 1 : part.last]) if part else ""
        self.text.show_text(content, part.first if part else 1)
        self.text.mark_changes(self.changes.get(self.file, Changes()))
        self._mark()
        self._name_choice(part)

    def _name_choice(self, part: Part | None) -> None:
        name = part.name if part else tr("Whole file")
        self.choice.setText(name if len(name) <= LONGEST else name[: LONGEST - 1] + "…")
        self.choice.setAccessibleName(tr("Shown of model.py: {name}", name=name))
        self.header.want(self.choice, self.file == "model.py")
        self.copy.setToolTip(tr("Copies {shown_words}.", shown_words=self._shown_words))

    @property
    def _shown_words(self) -> str:
        part = self.part
        return tr("the class {name}", name=part.name) if part else tr("all of {file}", file=self.file)

    def _choices(self) -> Iterator[tuple[str, str]]:
        yield WHOLE, tr("Whole file")
        yield CANVAS, tr("What is on the canvas ({value})", value=self._entered or "the model")
        for part in reversed(self.parts):
            yield part.name, tr("class {name}", name=part.name)

    def _fill_parts(self, menu: QMenu) -> None:
        menu.clear()
        for place, (key, words) in enumerate(self._choices()):
            if place == 2:
                menu.addSeparator()
            action = menu.addAction(words.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(key == self._wanted)
            action.triggered.connect(lambda _=False, key=key: self.choose(key))

    def _fill_menu(self, menu: QMenu) -> None:
        """Everything that the head row offers."""
        menu.addAction(tr("Copy {shown_words}", shown_words=self._shown_words)).triggered.connect(
            lambda _=False: self._copy()
        )
        shown = menu.addMenu(tr("Show"))
        shown.setAccessibleName(tr("Show"))
        if self.file == "model.py":
            self._fill_parts(shown)
        other = next(name for name, *_ in FILES if name != self.file)
        shown.addAction(other).triggered.connect(lambda _=False: self._show_file(other))

    def _show_file(self, name: str) -> None:
        self.files.choose(name)
        self._show()

    def _click(self, line: int) -> None:
        nodes = self._nodes.get(line, ())
        parts = self.parts if self.file == "model.py" else ()
        part = next((each for each in parts if each.first <= line <= each.last), None)
        self._is_asking = True  # the text stays where it was clicked
        if nodes:
            self.nodes_wanted.emit(nodes)
        elif part is not None and self.source.files["model.py"].splitlines()[line - 1].strip():
            self.drawing_wanted.emit(part.block)
        self._is_asking = False

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText().rstrip("\n") + "\n")
        self.copy.setText(tr("Copied"))
        self._copied.start()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.header.set_theme(theme)
        self.files.set_theme(theme)
        self.text.set_theme(theme)
        self.choice.setStyleSheet(small_button(theme))
        self.copy.setStyleSheet(small_button(theme).replace("QToolButton", "QPushButton"))
        self.message.setStyleSheet(f"color: {theme.bad}; padding: 2px 12px 4px 12px; font-size: 12px;")
        self.setStyleSheet(f"SourceView {{ background: {theme.panel}; }}")
