"""The toolbar: train, pause and stop, what is trained on what, and how far the run is; nothing in it jumps."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from core.events import Ended, Epoch, Event, Losses, Paused, Started
from core.messages import DataReport
from core.project import Project, training_of
from designer.action import Actions
from designer.elided import Elided
from designer.icons import icon
from designer.numbers import NARROW, duration, grouped, scientific
from designer.theme import TOOLBAR_HEIGHT, Theme
from designer.words import tr

RUN_WIDTH = 250
"""What the words of a run need."""

LEAST_RUN_WIDTH = 120
"""What is left to them in a narrow window, or at a large scale."""

DEVICE_WORD = {"auto": "automatic", "cpu": "CPU", "cuda": tr("GPU (CUDA)"), "mps": tr("GPU (MPS)")}


def training_summary(project: Project) -> str:
    """The training settings in one line: `Adam · lr 1e-3 · batch 64 · 10 epochs`."""
    said = training_of(project)
    epochs = tr("{grouped} epoch", grouped=grouped(said.epochs)) + "s" * (said.epochs != 1)
    return tr(
        "{optimizer} · lr {scientific} · batch {grouped} · {epochs}",
        optimizer=said.optimizer,
        scientific=scientific(said.lr),
        grouped=grouped(said.batch_size),
        epochs=epochs,
    )


def data_summary(project: Project, data: DataReport | None) -> str:
    """The data set in one line: `Data: Digits — 1 797 pictures`."""
    if not project.data.source:
        return tr("Data: choose…")
    if data is None or not data.title:
        return tr("Data: {source}", source=project.data.source)
    rows = data.training + data.validation + data.test
    if data.fault or not rows:
        return tr("Data: {title}", title=data.title)
    pictures = any(each.role == "input" and len(each.spec.shape) == 4 for each in data.fields)
    return tr(
        "Data: {title} — {grouped} {value}",
        title=data.title,
        grouped=grouped(rows),
        value="pictures" if pictures else "rows",
    )


class RunLine(QWidget):
    """How far the run is: one line of words and a thin bar, in a place that is always kept."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Training progress"))
        self.words = Elided()
        self.words.setProperty("role", "small")
        self.words.setAccessibleName(tr("Training progress"))
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.bar = QProgressBar()
        self.bar.setProperty("role", "run")
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(tr("Share of the run that is done"))
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
                self.say(tr("epoch 1/{grouped}", grouped=grouped(self._epochs)))
            case Epoch():
                self._epoch = event.epoch
            case Losses():
                self._follow(event)
            case Paused() if event.paused:
                self.say(
                    tr(
                        "paused · {removeprefix}",
                        removeprefix=self.words.text().partition(" · ")[0].removeprefix("paused"),
                    )
                )
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
        parts = [tr("epoch {grouped}/{grouped2}", grouped=grouped(max(1, epoch)), grouped2=grouped(self._epochs))]
        if event.samples_per_second:
            parts.append(f"{grouped(_calm(event.samples_per_second))}{NARROW}samples/s")
        if event.seconds_left:
            parts.append(tr("{duration} left", duration=duration(event.seconds_left)))
        self.say(" · ".join(parts))


def _calm(rate: float) -> int:
    """A rate in two digits, so that it does not flicker."""
    size = 10 ** max(0, len(str(int(rate))) - 2)
    return int(rate) // size * size


def _end_of(event: Ended) -> str:
    word = {"finished": tr("Finished"), "stopped": tr("Stopped"), "failed": tr("Failed")}[event.how]
    if event.how == "failed":
        return tr("Failed: {message}", message=event.message) if event.message else tr("Failed")
    score = next(
        (
            f" · {name} {event.metrics[key] * 100:.1f}{NARROW}%"
            for key, name in (("validation_accuracy", "accuracy"),)
            if key in event.metrics
        ),
        "",
    )
    if not score and "validation_loss" in event.metrics:
        score = tr(" · validation loss {value:.4g}", value=event.metrics["validation_loss"])
    return tr("{word} after {duration}{score}", word=word, duration=duration(event.seconds), score=score)


class Toolbar(QWidget):
    """Buttons read from the action table, and the run line."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("toolbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Toolbar"))
        self.setFixedHeight(TOOLBAR_HEIGHT)
        self._actions = actions
        self._words: dict[QPushButton, tuple[str, str]] = {}
        self.train = self._button("train", tr("Train"), "train")
        self.train.setProperty("role", "train")
        self.pause = self._button("pause", "", "pause")
        self.pause.setCheckable(True)
        self.stop = self._button("stop", "", "stop")
        self.device = self._button("device", tr("Device: automatic"), "device")
        self.data = self._button("data_set", tr("Data: choose…"), "data")
        self.training = self._button("training_settings", "", "settings")
        self.run = RunLine()
        self.search = self._button("find_action", tr("Find action"), "search")
        self.export = self._button("export_menu", tr("Export"), "export")
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
        epochs = tr("{grouped} epoch", grouped=grouped(said.epochs)) + "s" * (said.epochs != 1)
        self._words = {
            self.device: (tr("Device: {device}", device=device), device),
            self.data: (whole, whole.removeprefix("Data: ").partition(" — ")[0] if project.data.source else whole),
            self.training: (training_summary(project), f"{said.optimizer} · {epochs}"),
        }
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say less where there is less room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give the run its room: the words of the buttons are shortened, then left to the icon, so that none is cut."""
        words = {
            self.search: (tr("Find action"), ""),
            self.export: (tr("Export"), ""),
            **self._words,
        }
        shortened: list[QPushButton] = []
        wordless: list[QPushButton] = []
        steps = [(shortened, each) for each in (self.data, self.device, self.training)]
        steps += [(wordless, each) for each in (self.search, self.export, self.device, self.training, self.data)]
        for into, following in [*steps, (None, None)]:
            for button, (whole, short) in words.items():
                self._say(button, "" if button in wordless else short if button in shortened else whole, whole)
            items = [self._row.itemAt(place) for place in range(self._row.count())]
            fixed = sum(each.minimumSize().width() + 8 for each in items if each and each.widget() is not self.run)
            room = RUN_WIDTH if len(shortened) < len(self._words) else LEAST_RUN_WIDTH
            if into is None or following is None or fixed + room <= self.width():
                return
            into.append(following)

    def _say(self, button: QPushButton, text: str, whole: str) -> None:
        opens = button in self._words
        shown = f" {text}{'  ▾' if opens else ''}" if text else ""
        if button.text() != shown:
            button.setText(shown)
        button.setAccessibleName(whole)

    def set_theme(self, theme: Theme) -> None:
        """Tint the icons."""
        for button in (self.pause, self.stop, self.device, self.data, self.training, self.search, self.export):
            button.setIcon(icon(button.property("picture"), theme.text, theme.dim))
        self.train.setIcon(icon("train", "#ffffff", theme.dim))
