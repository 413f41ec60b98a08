"""The toolbar: train, pause and stop, what is trained on what, and how far the run is; nothing in it jumps."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from core.events import Ended, Epoch, Event, Losses, Paused, Started
from core.messages import DataReport
from core.project import Project, training_of
from designer.action import Actions
from designer.icons import icon
from designer.numbers import NARROW, duration, grouped, scientific
from designer.theme import TOOLBAR_HEIGHT, Theme

RUN_WIDTH = 250
"""What the words of a run need."""

DEVICE_WORD = {"auto": "automatic", "cpu": "CPU", "cuda": "GPU (CUDA)", "mps": "GPU (MPS)"}


def training_summary(project: Project) -> str:
    """The training settings in one line: `Adam · lr 1e-3 · batch 64 · 10 epochs`."""
    said = training_of(project)
    epochs = f"{grouped(said.epochs)} epoch" + "s" * (said.epochs != 1)
    return f"{said.optimizer} · lr {scientific(said.lr)} · batch {grouped(said.batch_size)} · {epochs}"


def data_summary(project: Project, data: DataReport | None) -> str:
    """The data set in one line: `Data: Digits — 1 797 pictures`."""
    if not project.data.source:
        return "Data: choose…"
    if data is None or not data.title:
        return f"Data: {project.data.source}"
    rows = data.training + data.validation + data.test
    if data.fault or not rows:
        return f"Data: {data.title}"
    pictures = any(each.role == "input" and len(each.spec.shape) == 4 for each in data.fields)
    return f"Data: {data.title} — {grouped(rows)} {'pictures' if pictures else 'rows'}"


class RunLine(QWidget):
    """How far the run is: one line of words and a thin bar, in a place that is always kept."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Training progress")
        self.words = QLabel()
        self.words.setProperty("role", "small")
        self.words.setAccessibleName("Training progress")
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.bar = QProgressBar()
        self.bar.setProperty("role", "run")
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName("Share of the run that is done")
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(policy)
        self.bar.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 14, 4, 8)
        column.setSpacing(3)
        column.addWidget(self.words)
        column.addWidget(self.bar)
        self._epochs = 0
        self._epoch = 0
        self._steps_per_epoch = 1

    def receive(self, event: Event) -> None:
        """Follow a run."""
        match event:
            case Started():
                self._epochs, self._epoch, self._steps_per_epoch = event.epochs, 0, max(1, event.steps_per_epoch)
                self.bar.setValue(0)
                self.bar.show()
                self.say(f"epoch 1/{grouped(self._epochs)}")
            case Epoch():
                self._epoch = event.epoch
            case Losses():
                self._follow(event)
            case Paused() if event.paused:
                self.say(f"paused · {self.words.text().partition(' · ')[0].removeprefix('paused')}")
            case Paused():
                self.say(self.words.text().removeprefix("paused · "))
            case Ended():
                self.bar.hide()
                self.say(_end_of(event))
            case _:
                pass

    def say(self, words: str) -> None:
        """Show a line of words."""
        self.words.setText(words)
        self.words.setToolTip(words)

    def _follow(self, event: Losses) -> None:
        self.bar.setValue(round(1000 * event.done))
        step = event.first + len(event.values) // 4
        epoch = min(self._epochs, max(self._epoch, (step - 1) // self._steps_per_epoch) + (1 if step else 0))
        parts = [f"epoch {grouped(max(1, epoch))}/{grouped(self._epochs)}"]
        if event.samples_per_second:
            parts.append(f"{grouped(_calm(event.samples_per_second))}{NARROW}samples/s")
        if event.seconds_left:
            parts.append(f"{duration(event.seconds_left)} left")
        self.say(" · ".join(parts))


def _calm(rate: float) -> int:
    """A rate in two digits, so that it does not flicker."""
    size = 10 ** max(0, len(str(int(rate))) - 2)
    return int(rate) // size * size


def _end_of(event: Ended) -> str:
    word = {"finished": "Finished", "stopped": "Stopped", "failed": "Failed"}[event.how]
    if event.how == "failed":
        return f"Failed: {event.message}" if event.message else "Failed"
    score = next(
        (
            f" · {name} {event.metrics[key] * 100:.1f}{NARROW}%"
            for key, name in (("validation_accuracy", "accuracy"),)
            if key in event.metrics
        ),
        "",
    )
    if not score and "validation_loss" in event.metrics:
        score = f" · validation loss {event.metrics['validation_loss']:.4g}"
    return f"{word} after {duration(event.seconds)}{score}"


class Toolbar(QWidget):
    """Buttons read from the action table, and the run line."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("toolbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Toolbar")
        self.setFixedHeight(TOOLBAR_HEIGHT)
        self._actions = actions
        self._words: dict[QPushButton, tuple[str, str]] = {}
        self.train = self._button("train", "Train", "train")
        self.train.setProperty("role", "train")
        self.pause = self._button("pause", "", "pause")
        self.pause.setCheckable(True)
        self.stop = self._button("stop", "", "stop")
        self.device = self._button("device", "Device: automatic", "device")
        self.data = self._button("data_set", "Data: choose…", "data")
        self.training = self._button("training_settings", "", "settings")
        self.run = RunLine()
        self.search = self._button("find_action", "Find action", "search")
        self.export = self._button("export_menu", "Export", "export")
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 10, 0)
        row.setSpacing(8)
        for each in (self.train, self.pause, self.stop, self.device, self.data, self.training):
            row.addWidget(each)
        row.addWidget(self.run, 1)
        row.addWidget(self.search)
        row.addWidget(self.export)

    def _button(self, action_id: str, text: str, picture: str) -> QPushButton:
        action = self._actions[action_id]
        button = QPushButton(f" {text}" if text else "")
        button.setIconSize(QSize(15, 15))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # Train switches itself off: a click would move the focus on
        button.setProperty("picture", picture)
        button.clicked.connect(action.trigger)

        def follow() -> None:
            button.setEnabled(action.isEnabled())
            keys = action.shortcut().toString()
            button.setToolTip(action.toolTip() + (f" ({keys})" if keys else ""))
            button.setWhatsThis(action.whatsThis())
            if button.isCheckable():
                button.setChecked(action.isChecked())

        button.setAccessibleName(text or action.text().replace("&", "").rstrip("…"))
        action.changed.connect(follow)
        follow()
        return button

    def show_project(self, project: Project, data: DataReport | None) -> None:
        """Say what would be trained, on what and where."""
        said = training_of(project)
        device = DEVICE_WORD.get(said.device, said.device)
        whole = data_summary(project, data)
        epochs = f"{grouped(said.epochs)} epoch" + "s" * (said.epochs != 1)
        self._words = {
            self.device: (f"Device: {device}", device),
            self.data: (whole, whole.removeprefix("Data: ").partition(" — ")[0] if project.data.source else whole),
            self.training: (training_summary(project), f"{said.optimizer} · {epochs}"),
        }
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say less where there is less room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give the run its room: the words of the buttons are shortened before anything is cut off."""
        shortened: list[QPushButton] = []
        for following in (self.data, self.device, self.training, None):
            for button, (whole, short) in self._words.items():
                self._say(button, short if button in shortened else whole, whole)
            items = [self._row.itemAt(place) for place in range(self._row.count())]
            fixed = sum(each.minimumSize().width() + 8 for each in items if each and each.widget() is not self.run)
            if following is None or fixed + RUN_WIDTH <= self.width():
                return
            shortened.append(following)

    def _say(self, button: QPushButton, text: str, whole: str) -> None:
        shown = f" {text}  ▾"
        if button.text() != shown:
            button.setText(shown)
        button.setAccessibleName(whole)

    def set_theme(self, theme: Theme) -> None:
        """Tint the icons."""
        for button in (self.pause, self.stop, self.device, self.data, self.training, self.search, self.export):
            button.setIcon(icon(button.property("picture"), theme.text, theme.dim))
        self.train.setIcon(icon("train", "#ffffff", theme.dim))
