"""Actions that are made when their menu opens or once for each dock, theme and family of layers."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from core.layers import CATALOGUE, FAMILIES
from designer import entries
from designer.action import Action, Several
from designer.docks import TITLES
from designer.palette import sentence
from designer.preferences import forget_recent, recent_files
from designer.window import Window
from designer.words import tr


def recent(window: Window) -> Sequence[Action]:
    """The files opened last."""
    rows = [
        Action(
            f"recent_{place}", path.name, "&File/Open recent", lambda w, path=path: w.files.open(path), tip=str(path)
        )
        for place, path in enumerate(recent_files())
    ]
    forget = Action(
        "forget_recent", tr("Forget these files"), "&File/Open recent", lambda _: forget_recent(), section=1
    )
    return [*rows, forget] if rows else []


def backups(window: Window) -> Sequence[Action]:
    """The earlier versions of the open file, with time and size."""
    from core.backups import backups as kept
    from designer.files import clock

    path = window.document.path
    if path is None:
        return []
    return [
        Action(
            f"backup_{place}",
            tr("Saved {clock}, {size}", clock=clock(each.time), size=size(each.size)),
            "&File/Backups",
            lambda w, each=each, name=path.name: w.files.open_backup(each, name),
            tip=tr("Open this version of {name} as a document that is not saved yet", name=path.name),
        )
        for place, each in enumerate(kept(path))
    ]


def size(count: int) -> str:
    """How large a file is, for people."""
    return tr("{count:,} bytes", count=count) if count < 10_000 else tr("{value:,.0f} kB", value=count / 1000)


def examples(window: Window) -> Sequence[Action]:
    """The networks that come along."""
    from core.examples import EXAMPLES

    return [
        Action(
            f"example_{each.name}",
            each.title,
            "&File/New from example",
            lambda w, name=each.name: w.files.example(name),
            tip=each.about,
        )
        for each in EXAMPLES
    ]


def architectures(window: Window) -> Sequence[Action]:
    """The well-known networks that come along."""
    from core.examples import ARCHITECTURES

    return [
        Action(
            f"architecture_{each.name}",
            each.title,
            "&File/New from architecture",
            lambda w, name=each.name: w.files.example(name),
            tip=each.about,
        )
        for each in ARCHITECTURES
    ]


def layers_of(family: str) -> Several:
    """The submenu of one family of layers."""
    menu = f"&Insert/{FAMILIES[family]}"

    def make(window: Window) -> Sequence[Action]:
        found = [each for each in CATALOGUE.values() if each.family == family]
        return [
            Action(
                f"insert_{each.__name__}",
                each.__name__,
                menu,
                lambda w, name=each.__name__: w.add_layer(name),
                tip=sentence(each),
            )
            for each in found
        ]

    return Several(menu, make)


def blocks(window: Window) -> Sequence[Action]:
    """The submenu of blocks: the project's own, then those of the library."""
    graph = window.document.project.graph
    found = [(name, entries.declared(name, graph.blocks)) for name in entries.blocks_of(graph)]
    return [
        Action(f"insert_{name}", name, "&Insert/Blocks", lambda w, name=name: w.add_layer(name), tip=sentence(each))
        for name, each in found
        if each is not None
    ]


def switch_dock(key: str) -> Action:
    """The action that shows or hides a dock."""

    def run(window: Window) -> None:
        dock = window.docks.by_key[key]
        if dock.isVisible() and not dock.visibleRegion().isEmpty():
            dock.hide()
        else:
            window.docks.show(key)

    return Action(
        f"dock_{key.lower().replace(' ', '_')}",
        TITLES[key],
        "&View",
        run,
        tip=tr("Show or hide {key}", key=TITLES[key]),
        checked=lambda w: not w.docks.by_key[key].isHidden(),
    )


def choose_theme(name: str) -> Action:
    """The action that chooses a theme."""
    return Action(
        f"theme_{name}",
        {"system": tr("As the system"), "dark": tr("Dark"), "light": tr("Light")}[name],
        "&View/Theme",
        lambda w: w.prefer(dataclasses.replace(w.preferences, theme=name)),
        tip=tr("Show the window in this theme"),
        checked=lambda w: w.preferences.theme == name,
        section=1,
    )
