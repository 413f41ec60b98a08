"""Layouts of the docks under a name: for designing, for training, and those that a person kept."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QInputDialog

from designer.action import Action
from designer.docks import LAYOUT_VERSION
from designer.preferences import settings
from designer.window import Window
from designer.words import tr

GIVEN = {
    tr("Design"): (("Layers", "Properties", "Problems", "Source"), ("Problems",)),
    tr("Train"): (
        ("Properties", "Loss", "Histograms", "Predictions", "Try it", "Problems", "Runs"),
        ("Predictions", "Runs"),
    ),
}
"""The docks that a layout shows, and those of them that stand in front."""

MENU = "&View/Layout"
KEPT = "layouts"


def kept() -> tuple[str, ...]:
    """The names of the layouts that a person kept."""
    stored = settings()
    stored.beginGroup(KEPT)
    return tuple(sorted(stored.childKeys(), key=str.lower))


def keep(window: Window, name: str) -> None:
    """Keep the docks as they stand under a name; one that is there is replaced."""
    name = name.strip().replace("/", "-").replace("\\", "-")
    if not name or name in GIVEN:
        wrong = tr("{name} is a layout that comes along", name=name) if name else tr("A layout needs a name")
        window.say("warning", tr("{wrong}: keep this one under another name.", wrong=wrong))
        return
    stored = settings()
    stored.setValue(f"{KEPT}/{name}", window.saveState(LAYOUT_VERSION))
    stored.sync()
    window.say("good", tr("This layout is kept as {name}: View, Layout brings it back.", name=name))


def show(window: Window, name: str) -> None:
    """Arrange the docks as a layout has them."""
    if name in GIVEN:
        window.docks.show_only(*GIVEN[name])
        return
    layout = settings().value(f"{KEPT}/{name}")
    if isinstance(layout, QByteArray):
        window.docks.arrange(layout)


def forget(name: str) -> None:
    """Take a layout off the list."""
    stored = settings()
    stored.remove(f"{KEPT}/{name}")
    stored.sync()


def ask_to_keep(window: Window) -> None:
    """Ask for a name, then keep the docks as they stand."""
    dialog = QInputDialog(window)
    dialog.setWindowTitle(tr("Keep this layout"))
    dialog.setLabelText(tr("Name of the layout:"))
    dialog.setAccessibleName(tr("Keep this layout"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.textValueSelected.connect(lambda name: keep(window, name))
    dialog.open()


def layouts(window: Window) -> Sequence[Action]:
    """Every layout that there is, and the ways to keep this one and to let one go."""
    rows = [
        Action(
            f"layout_{name}",
            name,
            MENU,
            lambda w, name=name: show(w, name),
            tip=tr("Arrange the docks: {name}", name=name),
        )
        for name in (*GIVEN, *kept())
    ]
    keeping = Action(
        "keep_layout", tr("Keep this layout…"), MENU, ask_to_keep, tip=tr("Keep the docks as they stand now")
    )
    going = [
        Action(
            f"forget_layout_{name}",
            tr("Forget {name}", name=name),
            MENU,
            lambda _, name=name: forget(name),
            tip=tr("Take the layout {name} off this list", name=name),
        )
        for name in kept()
    ]
    return [*rows, keeping, *going]
