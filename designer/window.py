"""The window: canvas in the middle, docks around it, toolbar above, status below; it only wires them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QStatusBar,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from core import plugins
from core import project as projects
from core.block_edits import mended
from core.events import Ended, Event
from core.messages import About, Answer, Checked, Facts, Problem
from core.project import Project
from core.repairs import Repair
from designer import library
from designer.action import Actions, Table
from designer.breadcrumb import Breadcrumb
from designer.canvas import Canvas, accessible
from designer.centre import Centre
from designer.docks import LAYOUT_VERSION, Docks
from designer.document import Document
from designer.elided import Elided
from designer.files import Files
from designer.help_page import WHAT_IS, LayerHelp, show_layer
from designer.inspector import Inspector
from designer.palette import Palette
from designer.palette_blocks import PaletteBlocks
from designer.popup import Popup, scrolled
from designer.preferences import Preferences, preferences, settings, store
from designer.problems import Problems
from designer.question_bar import QuestionBar
from designer.scope import Scope
from designer.status import Status
from designer.style import whole_stylesheet
from designer.theme import DARK, Theme, qpalette, theme_of
from designer.toolbar import Toolbar
from designer.training import Training
from designer.trust import TrustBar, Trusted, above
from designer.words import tr

if TYPE_CHECKING:
    from designer.engines import Engines, Run
    from designer.recovery import Recovery

DATA_ENDINGS = (".csv", ".npz")
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")


class Window(QMainWindow):
    """One document on the screen. `painted` is emitted once, after the first paint."""

    painted = Signal()

    def __init__(self, document: Document, table: Table) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setAccessibleName(tr("Layerloom"))
        self.setAcceptDrops(True)
        self.setDockOptions(QMainWindow.DockOption.AllowTabbedDocks | QMainWindow.DockOption.AllowNestedDocks)
        self.document = document
        self.engines: Engines | None = None
        self.theme: Theme = DARK
        self.preferences: Preferences = preferences()
        self.devices: tuple[str, ...] = ()
        self.selected: tuple[str, ...] = ()
        self._was_painted = False
        self.scope = Scope(document, self)
        self.canvas = Canvas(self.scope)
        self.breadcrumb = Breadcrumb(self.scope)
        self.canvas.setWhatsThis(WHAT_IS["Canvas"])
        self.centre = Centre(self.canvas)
        self.questions = QuestionBar()
        self.files = Files(document, self, self.say, self.questions)
        self.recovery: Recovery | None = None
        self.training = Training(document, self.say, self)
        self.palette_of_layers = Palette(document)
        self.trusted = Trusted(document, self)
        self.trust_bar = TrustBar(self.trusted, document)
        self.inspector = Inspector(self.scope, self.trusted)
        self.problems = Problems()
        self.actions_of = Actions(table, self, self.canvas)
        self.toolbar = Toolbar(self.actions_of)
        self.status = Status()
        self._arrange()
        self._connect()
        self.apply_theme()
        self._restore()
        self.centre.start.setFocus(Qt.FocusReason.OtherFocusReason)
        self._follow_document(document.project, document.project)

    # ---- building

    def _arrange(self) -> None:
        self._file_name = Elided()
        self._file_name.mode = Qt.TextElideMode.ElideMiddle
        self._file_name.setContentsMargins(14, 0, 14, 0)
        self._file_name.setAccessibleName(tr("File"))
        bar = self.menuBar()
        bar.setNativeMenuBar(False)
        bar.setAccessibleName(tr("Menus"))
        brand = QLabel(tr("Layerloom"))
        brand.setObjectName("brand")
        brand.setAccessibleName(tr("Layerloom"))
        self._file_name.setObjectName("file")
        self.actions_of.fill(bar)
        first = QHBoxLayout()
        first.setContentsMargins(0, 0, 0, 0)
        first.setSpacing(0)
        first.addWidget(brand)
        first.addWidget(bar, 1)
        first.addWidget(self._file_name)
        top = QWidget()
        top.setAccessibleName(tr("Menus and toolbar"))
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(first)
        column.addWidget(self.toolbar)
        self.setMenuWidget(top)
        self.setCentralWidget(above([self.questions, self.trust_bar, self.breadcrumb], self.centre))
        self.setStatusBar(self.status)
        for stray in self.findChildren(QStatusBar):  # PySide makes an empty one while it looks for the one before
            if stray is not self.status:
                stray.deleteLater()
                stray.setParent(None)
        self.docks = Docks(self, self.palette_of_layers, scrolled(self.inspector, tr("Properties")), self.problems)
        self.docks.make_when_seen("History", self._make_history)
        self.docks.make_when_seen("Outline", self._make_outline)
        accessible.install()

    def _make_history(self) -> QWidget:
        from designer.history_list import HistoryList

        return HistoryList(self.document)

    def _make_outline(self) -> QWidget:
        from designer.outline import Outline

        made = Outline(self.scope)
        made.node_wanted.connect(self.reveal)
        made.nodes_wanted.connect(self._reveal_several)
        made.form_wanted.connect(lambda path: self._edit_node(self.scope.go_to(path)))
        self.canvas.selection_changed.connect(made.follow)
        made.follow(self.selected)
        return made

    def _reveal_several(self, paths: tuple[str, ...]) -> None:
        """Select several nodes of one drawing, and enter it first."""
        self.canvas.select([self.scope.go_to(path) for path in paths])

    def _connect(self) -> None:
        document, canvas = self.document, self.canvas
        document.changed.connect(self._follow_document)
        document.checked.connect(self._follow_report)
        document.path_changed.connect(lambda _: self._show_title())
        document.clean_changed.connect(lambda _: self._show_title())
        document.undo_stack.indexChanged.connect(lambda _: self.actions_of.refresh())
        for asking in (self.files.leaving, self.actions_of.leaving, self.inspector.costs.asking):
            asking.connect(self.take_written)
        canvas.selection_changed.connect(self._select)
        canvas.data_wanted.connect(self.choose_data)
        canvas.zoom_changed.connect(self.status.show_zoom)
        canvas.edit_wanted.connect(self._edit_node)
        canvas.file_dropped.connect(lambda path: QTimer.singleShot(0, lambda: self.take_file(Path(path))))
        canvas.message.connect(lambda sentence: self.say("note", sentence))
        canvas.arranging.slow.connect(
            lambda sentence: self.say("note", sentence, tr("Cancel"), canvas.arranging.cancel)
        )
        canvas.arranging.ended.connect(self.centre.message.withdraw)
        canvas.blocks.naming_wanted.connect(self._name_block)
        canvas.blocks.replacing_wanted.connect(self._offer_to_replace)
        canvas.blocks.library_changed.connect(self.palette_of_layers.refresh)
        self.scope.entered.connect(lambda _: self._follow_scope())
        self.breadcrumb.left.connect(lambda: canvas.setFocus(Qt.FocusReason.OtherFocusReason))
        self.inspector.block.node_wanted.connect(self._show_node)
        self.inspector.block_wanted.connect(self._do_with_block)
        self.palette_of_layers.wanted.connect(self.add_layer)
        work = PaletteBlocks(self.scope, canvas.blocks, self.say, self.palette_of_layers.refresh, self)
        self.palette_of_layers.block_wanted.connect(work.do)
        for asking in (self.palette_of_layers, self.inspector, canvas):
            asking.help_wanted.connect(self.explain)
        self.inspector.repair_wanted.connect(self.repair)
        self.problems.repair_wanted.connect(self.repair_problem)
        self.problems.problem_wanted.connect(self.show_problem)
        self.trust_bar.node_wanted.connect(self.show_code)
        self.trusted.failed.connect(lambda sentence: self.say("warning", sentence))
        self.trusted.changed.connect(lambda: self.actions_of.refresh())
        self.status.problems_clicked.connect(lambda: self.docks.show("Problems"))
        self.status.seed_clicked.connect(lambda: self.actions_of["training_settings"].trigger())
        self.status.zoom_clicked.connect(lambda: self.actions_of["zoom_100"].trigger())
        start = self.centre.start
        start.example_wanted.connect(lambda name: self.files.example(name))
        start.file_wanted.connect(lambda: self.files.open())
        start.path_wanted.connect(lambda path: self.files.open(path))
        start.new_wanted.connect(lambda: self.files.new() and self.centre.leave_start())
        start.tour_wanted.connect(lambda: self.actions_of["tour"].trigger())
        self.painted.connect(start.begin)
        self.centre.hint.layer_wanted.connect(lambda: self.canvas.open_quick_add())
        self.training.told.connect(self._receive)
        self.training.cleared.connect(self.docks.clear)
        self.training.cleared.connect(canvas.badges.clear)
        self.training.state_changed.connect(self._follow_state)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.apply_theme)

    def attach(self, engines: Engines, run: Run) -> None:
        """Take over the engines and make what needs them; called after the first paint."""
        self.engines = engines
        self.training.attach(run)
        engines.died.connect(lambda sentence: self.say("error", sentence))
        self.trusted.grew.connect(engines.trust)
        engines.trust(self.trusted.hashes)
        engines.estimated.connect(self.inspector.costs.take)
        engines.estimated.connect(lambda *_: self.status.take_estimate(self.inspector.costs.estimated))
        self.inspector.costs.wanted.connect(engines.estimate)
        self.docks.load(self.document, engines)
        runs, try_it = self.docks.contents["Runs"], self.docks.contents["Try it"]
        runs.open_run.connect(self.training.show_run)
        runs.node_wanted.connect(self.reveal)
        source = self.docks.contents["Source"]
        source.nodes_wanted.connect(lambda nodes: self.reveal(*nodes))
        source.drawing_wanted.connect(self.scope.show_drawing)
        source.enter(self.scope.block)
        self.scope.entered.connect(lambda _: source.enter(self.scope.block))
        self.training.cleared.connect(lambda: try_it.set_run(self.training.shown))
        self.docks.follow(self._paths())
        self.docks.name_tabs()
        for sentence in plugins.faults():
            self.say("warning", sentence)
        library.load()
        for sentence in library.faults():
            self.say("warning", sentence)
        self.palette_of_layers.refresh()
        engines.check()
        engines.ask(About(), self._learn_devices)
        self.actions_of.refresh()

    def keep_safe(self) -> None:
        """Keep a journal of edits from now on, and offer what windows that ended by force left behind."""
        from designer.recovery import Recovery

        self.recovery = Recovery(self.document, self.files, self.questions, self.say)
        self.recovery.offer()

    def _learn_devices(self, answer: Answer) -> None:
        if isinstance(answer, Facts):
            self.devices = answer.devices

    # ---- what is said and shown

    def say(self, severity: str, sentence: str, button: str = "", run: Callable[[], object] | None = None) -> None:
        """Show one sentence on top of the canvas."""
        self.centre.message.say(severity, sentence, button, run)
        self.canvas.popups.stay_above()

    def add_layer(self, name: str) -> None:
        """Put a layer into the middle of the drawing and show it."""
        node_id = self.canvas.add_layer(name)
        self.canvas.select((node_id,) if node_id else self.selected)
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def reveal(self, *node_ids: str) -> None:
        """Show nodes of one drawing and their form, in a block by path (`stage1/conv1`) or block (`Basic:conv1`).

        Nothing that is meant by it opens the training settings.
        """
        shown = [self.scope.go_to(node_id) for node_id in node_ids]
        self._show_node(shown[-1])
        if len(shown) > 1:
            self.canvas.select(tuple(shown))

    def _show_node(self, node_id: str) -> None:
        """Show a node of the shown drawing and its form."""
        self.canvas.reveal(node_id)
        if node_id not in self.scope.project.graph.nodes:
            self.canvas.select(())
        self.docks.show("Properties")

    def show_problem(self, problem: Problem) -> None:
        """Show the node that a problem stands at; in a block that is entered, at the use where it shows."""
        self.scope.go_to_problem(problem)
        self._show_node(problem.node)

    def _name_block(self, node_id: str) -> None:
        """Put the cursor into the name of the block that a node uses."""
        self.docks.show("Properties")
        self.inspector.show_nodes((node_id,))
        self.inspector.focus_block_name()

    def _offer_to_replace(self, sentence: str, name: str) -> None:
        """Say that the library has another block of that name, with the way to put this one in its place."""
        self.say("warning", sentence, tr("Replace it"), lambda: self.canvas.blocks.keep(name, replacing=True))

    def _do_with_block(self, what: str) -> None:
        blocks = self.canvas.blocks
        {"enter": blocks.enter, "own": blocks.make_own, "keep": blocks.keep}[what]()
        if what == "enter":
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def explain(self, name: str, node_id: str = "") -> None:
        """Open the help page of a layer, with the settings and shapes of a node of it where one is meant."""
        show_layer(name, node_id, self.scope, self.engines, self.theme, self)

    def show_code(self, node_id: str) -> None:
        """Show a node's code in its form, to be read."""
        self.reveal(node_id)
        self.inspector.focus_first()

    def _edit_node(self, node_id: str) -> None:
        self.docks.show("Properties")
        self.inspector.show_nodes((node_id,))
        self.inspector.focus_first()

    def repair(self, repair: Repair) -> None:
        """Do what a repair says in the shown drawing, as one edit."""
        self.scope.edit(repair.text, projects.repaired(self.scope.project, repair))

    def repair_problem(self, problem: Problem) -> None:
        """Do what the repair of a problem says, in the block where it stands."""
        if problem.repair is not None:
            self.document.edit(problem.repair.text, mended(self.document.project, problem.repair, problem.block))

    def choose_data(self, node_id: str = "", file: Path | None = None) -> None:
        """Ask which data set, for the project and for a node that was just dropped."""
        if self.engines is None:
            self.say("note", tr("The engine is starting; choose the data set in a moment."))
            return
        from designer.data_dialog import DataDialog

        dialog = DataDialog(self.document, self.engines, self, node_id, file)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.set_theme(self.theme)
        dialog.open()

    def open_menu(self, menu: QMenu, button: QWidget) -> None:
        """Open a menu under a button of the toolbar."""
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 4)))

    def open_form(self, title: str, form: QWidget, button: QWidget) -> None:
        """Open a form as a sheet under a button."""
        Popup(title, form, self).open_under(button)

    def prefer(self, chosen: Preferences) -> None:
        """Keep preferences and show what they change."""
        self.preferences = chosen
        store(chosen)
        self.canvas.snaps = chosen.snap
        self.apply_theme()

    def apply_theme(self, scheme: Qt.ColorScheme | None = None) -> None:
        """Show the window in the theme that the person, or the system, prefers."""
        scheme = QGuiApplication.styleHints().colorScheme() if scheme is None else scheme
        theme = theme_of(self.preferences.theme, scheme == Qt.ColorScheme.Light)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setPalette(qpalette(theme))
            app.setStyleSheet(whole_stylesheet(theme))
        self.theme = theme
        for part in (
            self.centre,
            self.questions,
            self.trust_bar,
            self.breadcrumb,
            self.toolbar,
            self.status,
            self.palette_of_layers,
            self.inspector,
            self.problems,
            self.docks,
            *self.findChildren(LayerHelp),
        ):
            part.set_theme(theme)

    # ---- following

    def _follow_document(self, before: Project, after: Project) -> None:
        self.centre.set_empty(not after.graph.nodes and not self.scope.steps)
        report = self.document.report
        self.toolbar.show_project(after, report.data if report and before.data is after.data else None)
        self.status.show_project(after)
        self.status.take_estimate(self.inspector.costs.estimated)
        if report is None:
            self.status.show_report(after, None)
        self._show_title()
        self.actions_of.refresh()

    def _follow_report(self, report: Checked) -> None:
        self.toolbar.show_project(self.document.project, report.data)
        self.status.show_report(self.document.project, report)
        self.problems.show_problems(report.problems)
        self.actions_of.refresh()
        self._explain_train()

    def _explain_train(self) -> None:
        obstacle = self.training.obstacle
        action = self.actions_of["train"]
        action.setToolTip(
            tr("Train is off: {obstacle}", obstacle=obstacle) if obstacle else tr("Train the network on the data set")
        )

    def _select(self, ids: tuple[str, ...]) -> None:
        self.selected = tuple(ids)
        self.inspector.show_nodes(self.selected)
        self.docks.follow(self._paths())
        self.actions_of.refresh()

    def _paths(self) -> tuple[str, ...]:
        """The selected nodes by path: those in a block as part of the use that was entered."""
        prefix = self.scope.prefix
        if not self.scope.block:
            return self.selected
        return (*(prefix + each for each in self.selected if prefix), *map(self.scope.key, self.selected))

    def _follow_scope(self) -> None:
        """Another drawing is shown: the empty page has nothing to say in a block."""
        self.centre.set_empty(not self.document.project.graph.nodes and not self.scope.steps)
        self.actions_of.refresh()

    def _receive(self, event: Event) -> None:
        self.docks.receive(event)
        self.canvas.badges.receive(event)
        self.toolbar.run.receive(event)
        if isinstance(event, Ended):
            self.status.measure(event)
            self.status.show_report(self.document.project, self.document.report)
            if self.training.shown:
                self.docks.contents["Try it"].set_run(self.training.shown)

    def _follow_state(self, state: str) -> None:
        if state == "starting":
            self.toolbar.run.say("starting…")
        self.actions_of.refresh()
        self._explain_train()

    def _show_title(self) -> None:
        path = self.document.path
        name = path.name if path else tr("untitled")
        mark = "" if self.document.is_clean else " •"
        self._file_name.setText(name + mark)
        self._file_name.setToolTip(str(path) if path else tr("Not saved yet"))
        self.setWindowFilePath(str(path) if path else "")
        self.setWindowTitle(tr("{name}[*] — Layerloom", name=name))
        self.setWindowModified(not self.document.is_clean)

    # ---- the window itself

    def _restore(self) -> None:
        screen = QGuiApplication.primaryScreen().availableGeometry()
        self.setMinimumSize(QSize(1000, 600).boundedTo(screen.size()))  # with less, docks lie on each other
        self.resize(QSize(1600, 1000).boundedTo(screen.size() - QSize(40, 60)))
        self.docks.size(self.width(), self.height())
        stored = settings()
        geometry, layout = stored.value("geometry"), stored.value("layout")
        if geometry is not None:
            self.restoreGeometry(geometry)
        if layout is not None:
            self.restoreState(layout, LAYOUT_VERSION)
        self.docks.name_tabs()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell once that the window stands on the screen."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask before changes are lost, keep the layout, and end the run in order."""
        if not self.files.may_leave() or not self.training.may_end(self):
            event.ignore()
            return
        stored = settings()
        stored.setValue("geometry", self.saveGeometry())
        stored.setValue("layout", self.saveState(LAYOUT_VERSION))
        stored.sync()
        self.canvas.arranging.cancel()
        self.training.close()
        self.files.close()
        if self.recovery is not None:
            self.recovery.close()
        if self.engines is not None:
            self.engines.close()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a project or a data file."""
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a project; ask about a data file."""
        path = dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            QTimer.singleShot(0, lambda: self.take_file(path))  # a dialog inside a drop would freeze the other window

    def take_written(self) -> None:
        """Take over what is half written, in a line, a note or code, as if the cursor had left it."""
        held = QApplication.focusWidget()
        self.canvas.popups.take_written()
        if isinstance(held, QLineEdit) and isValid(held):
            held.editingFinished.emit()
        self.inspector.leave()
        self.canvas.picture.leave()

    def take_file(self, path: Path) -> None:
        """Open a project file, or choose a data file."""
        self.take_written()
        if path.suffix.lower() in DATA_ENDINGS:
            self.choose_data(file=path)
        elif path.suffix.lower() in PICTURES:
            self.try_picture(path)
        else:
            self.files.open(path)

    def try_picture(self, path: Path) -> None:
        """Ask the trained network about a picture; says what is missing where it cannot be asked."""
        try_it = self.docks.contents.get("Try it")
        if try_it is None:
            self.say("note", tr("The engine is starting; drop the picture again in a moment."))
            return
        if not try_it.run:
            try_it.set_run("")  # without a run it looks at the drawing as it was when a run was last shown
        if try_it.takes_pictures:
            self.docks.show("Try it")
            try_it.take_file(str(path))
            if not try_it.has_weights:
                self.say("note", tr("{name} waits in Try it: train the network, and it answers.", name=path.name))
        else:
            self.say(
                "note",
                tr(
                    "{name} is a picture, but this network has no input that takes one: choose a data set of "
                    "pictures for an Input node, train, and drop it again.",
                    name=path.name,
                ),
            )


def dropped_file(data: QMimeData) -> Path | None:
    """The first file of a drop that the window can take."""
    paths = (Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    known = (".loom", *DATA_ENDINGS, *PICTURES)
    return next((path for path in paths if path.suffix.lower() in known), None)
