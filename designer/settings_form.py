"""The project's own settings as forms: how it is trained, how its rows are split, and its seed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import msgspec
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from core.parameters import parameter, parameter_of, parameters
from core.project import Project
from core.training import Training
from designer.document import Document
from designer.form import Form
from designer.theme import Theme
from designer.words import tr


@dataclasses.dataclass(frozen=True, kw_only=True)
class Seed:
    """Where all chance in a run begins."""

    seed: int = parameter(
        0,
        tr("Where chance begins: the same seed gives the same first weights and the same order of rows."),
        low=0,
        high=2**63 - 1,
    )


def with_entry(declaration: type, values: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """Values with one entry set; an entry that equals its default is taken away."""
    declared = parameter_of(declaration, name)
    kept = {key: held for key, held in values.items() if key != name}
    if declared is None or value != declared.default or type(value) is not type(declared.default):
        kept[name] = value
    return kept


def without_entry(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Values without one entry."""
    return {key: held for key, held in values.items() if key != name}


def with_training(project: Project, name: str, value: Any) -> Project:
    """The project with one training setting changed."""
    return msgspec.structs.replace(project, training=with_entry(Training, project.training, name, value))


class TrainingForm(QWidget):
    """Training settings and seed of the open document; every committed change is one edit."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.setAccessibleName(tr("Training settings"))
        self._document = document
        self.form = Form(resets_all=True)
        self.seed = Form()
        self.form.setAccessibleName(tr("Training settings"))
        self.seed.setAccessibleName(tr("Seed"))
        about = QLabel(tr("These hold for the next run; a run under way keeps the settings that it began with."))
        about.setWordWrap(True)
        about.setProperty("role", "dim")
        about.setAccessibleName(tr("About these settings"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.form)
        column.addWidget(self.seed)
        column.addWidget(about)
        self.form.changed.connect(self._set)
        self.form.reset.connect(self._reset)
        self.form.reset_all.connect(self._reset_all)
        self.seed.changed.connect(lambda _, value: self._set_seed(value))
        self.seed.reset.connect(lambda _: self._set_seed(0))
        document.changed.connect(self._follow)
        self.setFocusProxy(self.form)
        self.refresh()

    def refresh(self) -> None:
        """Show what the document holds."""
        project = self._document.project
        self.form.show_values(Training, [project.training])
        self.seed.show_values(Seed, [{"seed": project.seed}])

    def set_theme(self, theme: Theme) -> None:
        """Tint the small icons."""
        self.form.set_theme(theme)
        self.seed.set_theme(theme)

    def _follow(self, before: Project, after: Project) -> None:
        if before.training is not after.training or before.seed != after.seed:
            self.refresh()

    def _set(self, name: str, value: Any) -> None:
        self._document.edit(tr("Set {name}", name=name), with_training(self._document.project, name, value))

    def _reset(self, name: str) -> None:
        project = self._document.project
        self._document.edit(
            tr("Reset {name}", name=name),
            msgspec.structs.replace(project, training=without_entry(project.training, name)),
        )

    def _reset_all(self) -> None:
        known = {each.name for each in parameters(Training)}
        project = self._document.project
        kept = {name: value for name, value in project.training.items() if name not in known}
        self._document.edit(tr("Reset the training settings"), msgspec.structs.replace(project, training=kept))

    def _set_seed(self, value: int) -> None:
        self._document.edit(tr("Set seed"), msgspec.structs.replace(self._document.project, seed=value))
