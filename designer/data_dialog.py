"""Which data set: the declared ones and a person's own files, how the rows are split, and what is in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core import graph as graphs
from core.datasets import DATASETS, DataSet
from core.datasets.dataset import FAMILIES
from core.messages import Answer, DataReport, Describe, Described, Failure
from core.parameters import parameters
from core.project import Data
from core.specs import sample_text
from core.training import Split
from designer.document import Document
from designer.form import Form
from designer.numbers import grouped
from designer.popup import scrolled
from designer.settings_form import with_entry, without_entry
from designer.theme import Theme
from designer.words import tr

if TYPE_CHECKING:
    from designer.engines import Engines

SETTLE_MS = 150


def fitting_set(path: Path) -> tuple[str, str] | None:
    """The data set, and its parameter, that takes a file of this ending."""
    for name, declared in DATASETS.items():
        for each in parameters(declared):
            if each.kind == "path" and path.suffix.lower() in each.suffixes:
                return name, each.name
    return None


class DataDialog(QDialog):
    """Chooses the project's data; OK makes one edit. With `node`, that node takes a field of the chosen data."""

    def __init__(
        self, document: Document, engines: Engines, parent: QWidget, node: str = "", file: Path | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Data set"))
        self.resize(820, 600)
        self._document = document
        self._engines = engines
        self._node = node
        self.report: DataReport | None = None
        self.data = (
            document.project.data
            if document.project.data.source in DATASETS
            else Data("", {}, document.project.data.split)
        )
        self.list = QListWidget()
        self.title = QLabel()
        self.about = QLabel()
        self.form = Form()
        self.split = Form()
        self.preview = QLabel()
        self.field = QComboBox()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._asked = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self._describe)
        self._arrange()
        self._connect()
        if file is not None and (fitting := fitting_set(file)):
            self.data = Data(fitting[0], {fitting[1]: str(file)}, self.data.split)
        self._fill_list()
        self._show_data()

    def _arrange(self) -> None:
        self.list.setAccessibleName(tr("Data sets"))
        self.list.setProperty("role", "choices")
        self.list.setFixedWidth(230)
        self.title.setStyleSheet("font-size: 16px; font-weight: 600;")
        for label, name in (
            (self.title, tr("Data set")),
            (self.about, tr("About the data set")),
            (self.preview, tr("What is in it")),
        ):
            label.setAccessibleName(name)
            label.setWordWrap(True)
        self.about.setProperty("role", "dim")
        self.preview.setTextFormat(Qt.TextFormat.PlainText)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.form.setAccessibleName(tr("Settings of the data set"))
        self.split.setAccessibleName(tr("How the rows are split"))
        self.field.setAccessibleName(tr("Field"))
        right = QWidget()
        right.setAccessibleName(tr("Data set"))
        column = QVBoxLayout(right)
        column.setContentsMargins(12, 0, 8, 0)
        column.setSpacing(8)
        for each in (self.title, self.about, self.form, _section(tr("What is in it")), self.preview):
            column.addWidget(each)
        self._field_label = _section(tr("Field for {node}", node=self._node))
        for each in (self._field_label, self.field, _section(tr("How the rows are split")), self.split):
            column.addWidget(each)
        column.addStretch(1)
        self._field_label.setVisible(bool(self._node))
        self.field.setVisible(bool(self._node))
        row = QHBoxLayout()
        row.addWidget(self.list)
        row.addWidget(scrolled(right, tr("Data set")), 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(14, 14, 14, 12)
        outer.setSpacing(12)
        outer.addLayout(row, 1)
        outer.addWidget(self.buttons)
        for button in self.buttons.buttons():
            button.setAccessibleName(button.text().replace("&", ""))

    def _connect(self) -> None:
        self.list.currentItemChanged.connect(self._choose)
        self.form.changed.connect(lambda name, value: self._set("values", name, value))
        self.form.reset.connect(lambda name: self._unset("values", name))
        self.split.changed.connect(lambda name, value: self._set("split", name, value))
        self.split.reset.connect(lambda name: self._unset("split", name))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def set_theme(self, theme: Theme) -> None:
        """Tint the small icons."""
        self.form.set_theme(theme)
        self.split.set_theme(theme)

    def _fill_list(self) -> None:
        self.list.blockSignals(True)
        for family, title in FAMILIES.items():
            heading = QListWidgetItem(title.upper())
            font = heading.font()
            font.setPixelSize(11)
            heading.setFont(font)
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(heading)
            for name, declared in DATASETS.items():
                if declared.family == family:
                    item = QListWidgetItem(declared.title)
                    item.setData(Qt.ItemDataRole.UserRole, name)
                    item.setToolTip(declared.about)
                    self.list.addItem(item)
                    if name == self.data.source:
                        self.list.setCurrentItem(item)
        self.list.blockSignals(False)

    def choose(self, name: str) -> None:
        """Choose a data set by its name, as a click in the list does."""
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == name:
                self.list.setCurrentRow(row)

    def _choose(self, item: QListWidgetItem | None) -> None:
        name = item.data(Qt.ItemDataRole.UserRole) if item else None
        if item is not None:
            item.setSelected(True)  # focus alone makes the first one current, unseen
        if name and name != self.data.source:
            held = self._document.project.data
            self.data = Data(name, held.values if held.source == name else {}, self.data.split)
            self._show_data()

    def _set(self, part: str, name: str, value: Any) -> None:
        declaration = Split if part == "split" else self._declared()
        if declaration is not None:
            entries = with_entry(declaration, getattr(self.data, part), name, value)
            self.data = msgspec.structs.replace(self.data, **{part: entries})
            self._show_data()

    def _unset(self, part: str, name: str) -> None:
        self.data = msgspec.structs.replace(self.data, **{part: without_entry(getattr(self.data, part), name)})
        self._show_data()

    def _declared(self) -> type[DataSet] | None:
        return DATASETS.get(self.data.source)

    def _show_data(self) -> None:
        declared = self._declared()
        self.title.setText(declared.title if declared else tr("Choose a data set"))
        self.about.setText(
            declared.about if declared else tr("Real data that comes along, toys in the plane, or your own files.")
        )
        self.form.setVisible(declared is not None)
        if declared is not None:
            self.form.show_values(declared, [self.data.values])
        self.split.show_values(Split, [self.data.split])
        self._show_report(None)
        self.preview.setText(tr("Reading…") if declared else "")
        if declared is not None:
            self._timer.start()

    # ---- what is in it

    def _describe(self) -> None:
        self._asked += 1
        asked = self._asked

        def done(answer: Answer) -> None:
            if asked != self._asked or not self.isVisible():
                return
            if isinstance(answer, Described):
                self._show_report(answer.report)
            elif isinstance(answer, Failure):
                self._show_report(DataReport(fault=answer.message))

        self._engines.ask(Describe(self.data), done)

    def _show_report(self, report: DataReport | None) -> None:
        self.report = report
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(report is not None and not report.fault)
        if report is None:
            return
        self.preview.setProperty("role", "fault" if report.fault else "")
        self.preview.style().unpolish(self.preview)
        self.preview.style().polish(self.preview)
        self.preview.setText(report.fault or "\n".join(_lines(report)))
        self._fill_fields(report)

    def _fill_fields(self, report: DataReport) -> None:
        self.field.clear()
        node = self._document.project.graph.nodes.get(self._node)
        role = "target" if node is not None and node.layer == "Target" else "input"
        for each in sorted(report.fields, key=lambda one: one.role != role):
            self.field.addItem(f"{each.name} · {sample_text(each.spec.shape)} {each.spec.dtype}", each.name)

    def accept(self) -> None:
        """Make the choice one edit of the document."""
        project = msgspec.structs.replace(self._document.project, data=self.data)
        field = self.field.currentData()
        if self._node in project.graph.nodes and field:
            project = msgspec.structs.replace(
                project, graph=graphs.with_value(project.graph, self._node, "field", field, "")
            )
        self._document.edit(tr("Choose data set {title}", title=DATASETS[self.data.source].title), project)
        super().accept()


def _section(text: str) -> QLabel:
    label = QLabel(text.upper())
    label.setProperty("role", "section")
    label.setAccessibleName(text)
    return label


def _lines(report: DataReport) -> list[str]:
    parts = (
        (report.training, tr("to train")),
        (report.validation, tr("to validate")),
        (report.test, tr("to test")),
    )
    lines = [tr("Rows: {parts}", parts=", ".join(f"{grouped(rows)} {what}" for rows, what in parts))]
    for each in report.fields:
        classes = (
            tr(", {count} classes: {few}", count=len(each.classes), few=_few(each.classes)) if each.classes else ""
        )
        lines.append(f"{each.name} ({each.role}): {sample_text(each.spec.shape)} {each.spec.dtype}{classes}")
    return lines + list(report.notes)


def _few(names: tuple[str, ...]) -> str:
    return ", ".join(names[:6]) + (", …" if len(names) > 6 else "")
