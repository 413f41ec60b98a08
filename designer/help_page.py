"""Help pages, read from the declarations: a layer's curve, shapes and parameters, and the parts of the window."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QTextDocument
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from core.expressions import has_expression
from core.graph import Graph, Node, natural
from core.layers import CATALOGUE, Layer, Port, declaration_of
from core.messages import Answer, NodeReport, Sketch, Sketched
from core.parameters import Parameter, dropped_values, expected, parameters
from core.project import Project
from core.specs import Spec, flow_text
from designer import entries
from designer.document import Document
from designer.scope import Scope
from designer.theme import DARK, MONOSPACE, Theme
from designer.values import written
from designer.words import tr

if TYPE_CHECKING:
    from designer.engines import Engines

WHAT_IS: dict[str, str] = {
    "Layers": tr("Every layer that can be drawn, by family; drag one onto the canvas, or press Enter on it."),
    "Properties": tr("The settings of what is selected, what flows in and out of it, and what it does."),
    "Loss": tr("How far the network is from the right answers, at each step in training and each epoch in validation."),
    "Histograms": tr(
        "How the weights of a layer are spread while it learns; a spread that never moves is not learning."
    ),
    "Predictions": tr(
        "Validation rows that the network was never trained on, worst first, with what it says about each."
    ),
    "Try it": tr("Draw, type or drop one input of your own and see what the trained network says to it."),
    "Runs": tr("Every run so far with its score; open one to see its curves again, or use its weights for an export."),
    "Source": tr("The Python that this drawing stands for; it is what is trained and what is exported."),
    "Problems": tr("What stands in the way of training or is worth a second look, each with its place and its repair."),
    "Outline": tr(
        "Every node of the network by name, with what is inside blocks; choose one to see it in the drawing."
    ),
    "History": tr("Every step that was done to this network; choose one to see it as it was then."),
    "Canvas": tr("The drawing of the network: drop layers on it, join their ports, press Tab to search for a layer."),
}
"""One sentence for each part of the window."""

TORCH_PAGES = "https://docs.pytorch.org/docs/stable/generated/torch.{}.html"
LAYER = "layer:"
PICTURE = "picture:it"
SETTLE_MS = 60
"""Edits of the node shown are followed when they have rested this long."""

ENTRY = re.compile(r"\b[A-Z]\w+\b")


# ---- a layer's page as text


def layer_page(
    layer: type[Layer],
    theme: Theme = DARK,
    node: Node | None = None,
    report: NodeReport | None = None,
    caption: str = "",
    arriving: Mapping[str, Spec] | None = None,
) -> str:
    """Everything about a layer, as HTML; with a node its settings and, where they are known, what arrives and leaves.

    A caption stands under the picture, which the page holds under the address PICTURE.
    """
    values = node.values if node else {}
    where = entries.TITLES[layer.family] + (
        tr(" · torch.{torch_name}", torch_name=_torch_name(layer)) if torch_page(layer) else ""
    )
    parts = [
        f"<h2>{html.escape(layer.__name__)}</h2>",
        f'<p class="dim">{html.escape(where)}</p>',
        f"<p>{linked(_flat(layer.__doc__), layer.__name__)}</p>",
    ]
    if layer.formula:
        lines = "<br>".join(html.escape(line).replace("  ", " &nbsp;") for line in layer.formula.splitlines())
        parts.append(
            f'<table class="formula" width="100%" cellpadding="6"><tr><td class="formula">{lines}</td></tr></table>'
        )
    if caption:
        parts.append(f'<p><img src="{PICTURE}"></p><p class="dim">{html.escape(caption)}</p>')
    if layer.use:
        parts.append(tr("<h3>When to use it</h3><p>{linked}</p>", linked=linked(_flat(layer.use), layer.__name__)))
    parts.append(_ports(tr("Goes in"), layer.inputs, arriving or {}))
    parts.append(_ports(tr("Comes out"), layer.outputs, report.outputs if report else {}))
    parts.append(_parameters(layer, values))
    parts.append(_source(layer))
    return f"<html><head><style>{_sheet(theme)}</style></head><body>{''.join(parts)}</body></html>"


def linked(text: str, itself: str) -> str:
    """A text as HTML in which the names of other layers lead to their pages.

    A layer called like an ordinary word (Add, Where) is no name where a sentence merely begins with that word.
    """

    def link(match: re.Match[str]) -> str:
        name = match[0]
        begins = text[: match.start()].rstrip()[-1:] in ("", ".", ":", ";")
        if name not in CATALOGUE or name == itself or (begins and name.isalpha() and name == name.capitalize()):
            return name
        return f'<a href="{LAYER}{name}">{name}</a>'

    return ENTRY.sub(link, html.escape(text, quote=False))


def torch_page(layer: type[Layer]) -> str:
    """The address of torch's own page on a layer, "" where torch has none."""
    return TORCH_PAGES.format(_torch_name(layer)) if layer.torch and not layer.is_composed else ""


def _torch_name(layer: type[Layer]) -> str:
    return layer.torch.removeprefix("torch.")


def _flat(text: str | None) -> str:
    return " ".join((text or "").split())


def _sheet(theme: Theme) -> str:
    return (
        f"a {{ color: {theme.accent}; text-decoration: none; }} .dim {{ color: {theme.dim}; }}"
        f" h2 {{ font-size: 20px; margin-bottom: 0; }} h3 {{ font-size: 14px; margin-bottom: 4px; }}"
        f" .mono, .formula {{ font-family: {MONOSPACE}; }} .formula {{ background-color: {theme.raised}; }}"
        f" .now {{ color: {theme.accent}; }} td {{ padding: 3px 10px 3px 0; }}"
        " td.formula { padding: 6px 8px; } table.formula { margin-top: 6px; margin-bottom: 6px; }"
    )


def arriving_specs(graph: Graph, node_id: str, nodes: Mapping[str, NodeReport]) -> dict[str, Spec]:
    """What reaches each linked input of a node, as far as it is known."""
    known: dict[str, Spec] = {}
    for port, link in sorted(graph.arriving.get(node_id, {}).items(), key=lambda each: natural(each[0])):
        source = nodes.get(link.source)
        if source is not None and link.output in source.outputs:
            known[port] = source.outputs[link.output]
    return known


MOST_PORTS = 10
"""Of a layer that has more, as those that take an axis apart, the others are told together, but for those in use."""


def _ports(title: str, ports: tuple[Port, ...], specs: Mapping[str, Spec]) -> str:
    if not ports:
        return f"<h3>{title}</h3><p>{tr('Nothing.')}</p>"
    rows = ""
    shown = [port for place, port in enumerate(ports) if place < MOST_PORTS or port.name in specs]
    for port in shown:
        marks = (("optional", port.optional), (tr("any number of links"), port.variadic))
        marked = ", ".join(word for word, is_so in marks if is_so)
        words = html.escape(" ".join(filter(None, (port.help, port.shape))) or tr("A tensor."))
        words += f' <span class="dim">({marked})</span>' if marked else ""
        held = [name for name in specs if name == port.name or (port.variadic and name.startswith(f"{port.name}_"))]
        for name in held:
            numbered = f"{name}: " if port.variadic else ""
            words += f'<br><span class="now mono">{html.escape(numbered + flow_text(specs[name]))}</span>'
        rows += f'<tr><td width="28%"><b>{html.escape(port.name)}</b></td><td>{words}</td></tr>'
    if len(shown) < len(ports):
        more = tr("{value} more of these, up to {name}.", value=len(ports) - len(shown), name=ports[-1].name)
        rows += f'<tr><td width="28%">…</td><td class="dim">{html.escape(more)}</td></tr>'
    return f'<h3>{title}</h3><table width="100%">{rows}</table>'


def _parameters(layer: type[Layer], values: Mapping[str, Any]) -> str:
    rows = ""
    for each in parameters(layer):
        default = written(each, each.default) or "empty"
        default = tr("its own example") if each.kind == "code" else default
        sentence = each.help + (tr(" In {unit}.", unit=each.unit) if each.unit else "")
        now = values.get(each.name, each.default)
        is_changed = now != each.default and each.kind != "code"
        told = (
            tr(' <span class="now">Here it is {escape}.</span>', escape=html.escape(written(each, now)))
            if is_changed
            else ""
        )
        bounds = html.escape(
            tr("{expected}; {default} by default{when}.", expected=expected(each), default=default, when=_when(each))
        )
        rows += (
            f'<tr><td width="28%"><b>{html.escape(each.name)}</b></td><td>{html.escape(sentence)}{told}'
            f'<br><span class="dim">{bounds[:1].upper()}{bounds[1:]}</span></td></tr>'
        )
    return (
        tr('<h3>Parameters</h3><table width="100%">{rows}</table>', rows=rows)
        if rows
        else f"<h3>{tr('Parameters')}</h3><p>{tr('None.')}</p>"
    )


def _when(declared: Parameter) -> str:
    if declared.when is None:
        return ""
    name, values = declared.when
    return tr("; it matters while {name} is {join}", name=name, join=" or ".join(str(value) for value in values))


def _source(layer: type[Layer]) -> str:
    rows = []
    if layer.paper:
        rows.append(html.escape(layer.paper))
    if torch_page(layer):
        rows.append(
            tr(
                '<a href="{torch_page}">torch.{escape}</a> on torch’s own pages',
                torch_page=torch_page(layer),
                escape=html.escape(_torch_name(layer)),
            )
        )
    return tr("<h3>Where it comes from</h3><p>{join}</p>", join="<br>".join(rows)) if rows else ""


# ---- windows


class HelpPage(QDialog):
    """A page of help beside the window; it does not stop the work."""

    def __init__(self, title: str, page: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(640, 640)
        self.text = QTextBrowser()
        self.text.setAccessibleName(title)
        self.text.viewport().setAccessibleName(title)
        self.text.setHtml(page)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.buttons.setAccessibleName(tr("Buttons"))
        self.buttons.rejected.connect(self.reject)
        for button in self.buttons.buttons():
            button.setAccessibleName(button.text().replace("&", ""))
        column = QVBoxLayout(self)
        column.addWidget(self.text)
        column.addWidget(self.buttons)


class LayerHelp(HelpPage):
    """The page of a layer, or of one node: then it follows the node's settings and shapes while it stands open."""

    def __init__(self, document: Document | Scope, engines: Engines | None, theme: Theme, parent: QWidget) -> None:
        super().__init__(tr("Help"), "", parent)
        self._document = document
        self._engines = engines
        self._theme = theme
        self._name, self._node_id = "", ""
        self._before: list[tuple[str, str]] = []
        self._sketched: Sketched | None = None
        self._asked: tuple[str, dict[str, Any]] | None = None
        self._take_back: Callable[[], None] = _nothing
        self._settled = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settled.timeout.connect(self.refresh)
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(self._follow_link)
        self.back = self.buttons.addButton(tr("Back"), QDialogButtonBox.ButtonRole.ResetRole)
        self.back.setAccessibleName(tr("Back to the page before"))
        self.back.clicked.connect(lambda _=False: self.go_back())
        document.changed.connect(self._follow_edit)
        document.checked.connect(lambda _: self._settled.start())

    def show_page(self, name: str, node_id: str = "") -> None:
        """Show a layer's page, from its top."""
        if self._name and (name, node_id) != (self._name, self._node_id):
            self._before.append((self._name, self._node_id))
        self._open(name, node_id)

    def go_back(self) -> None:
        """Show the page before this one."""
        if self._before:
            self._open(*self._before.pop())

    def refresh(self) -> None:
        """Show the page as things stand, at the place where it was."""
        node = self._document.project.graph.nodes.get(self._node_id)
        if node is not None and node.layer != self._name:
            node = None
        blocks = self._document.project.graph.blocks
        declared = (declaration_of(node, blocks) if node else None) or entries.declared(self._name, blocks)
        if declared is None:  # a block that was taken away meanwhile
            self.text.setPlainText(tr("{name} is not known here any more.", name=self._name))
            return
        values = node.values if node else dropped_values(declared)
        self._ask(values)
        at = self.text.verticalScrollBar().value()
        image, caption = self._picture(values)
        self.text.clear()
        if image is not None:
            self.text.document().addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(PICTURE), image)
        report = self._document.report
        known = report.nodes.get(self._node_id) if report and node else None
        arriving = arriving_specs(self._document.project.graph, self._node_id, report.nodes) if report and node else {}
        self.text.setHtml(layer_page(declared, self._theme, node, known, caption, arriving))
        self.text.verticalScrollBar().setValue(at)

    def set_theme(self, theme: Theme) -> None:
        """Show the page in a theme."""
        self._theme = theme
        if self._name:
            self.refresh()

    def done(self, result: int) -> None:
        """Forget what was asked for and go."""
        self._take_back()
        self._settled.stop()
        super().done(result)
        self.deleteLater()

    def _open(self, name: str, node_id: str) -> None:
        self._name, self._node_id = name, node_id
        self._sketched = self._asked = None
        title = (
            tr("{name}: help", name=name) if not node_id else tr("{node_id} · {name}: help", node_id=node_id, name=name)
        )
        self.setWindowTitle(title)
        for each in (self, self.text, self.text.viewport()):
            each.setAccessibleName(title)
        self.back.setEnabled(bool(self._before))
        self.refresh()
        self.text.verticalScrollBar().setValue(0)

    def _picture(self, values: Mapping[str, Any]) -> tuple[QImage | None, str]:
        """The picture that explains the layer with these values and the words under it; none where there is none."""
        if self._name not in CATALOGUE:
            return None, ""
        from designer import pictures

        plain = {name: value for name, value in values.items() if not has_expression(value)}
        full = {each.name: each.default for each in parameters(CATALOGUE[self._name])} | plain
        ratio = self.devicePixelRatioF()
        if self._sketched is not None and self._sketched.curves:
            settings = tr(" with the settings of this node") if self._node_id else ""
            said = self._sketched.note or tr(
                "Computed by torch{settings}; the dashed line is the slope.", settings=settings
            )
            return pictures.curve_picture(self._sketched, self._theme, ratio), said
        if windows := pictures.windows_of(self._name, full):
            return pictures.window_picture(windows, self._theme, ratio), windows.words
        if shared := pictures.shared_in(self._name, full):
            return pictures.shared_picture(shared[0], self._theme, ratio), shared[1]
        if self._sketched is None and self._engines is not None and CATALOGUE[self._name].family == "activation":
            empty, painter = pictures.blank(pictures.CURVE, self._theme, ratio)  # so that nothing jumps when it comes
            painter.end()
            return empty, tr("The curve is being computed.")
        return None, ""

    def _ask(self, values: Mapping[str, Any]) -> None:
        asked = (self._name, {name: value for name, value in values.items() if not has_expression(value)})
        if self._engines is None or asked == self._asked or self._name not in CATALOGUE:
            return
        self._take_back()
        self._asked = asked
        self._take_back = self._engines.ask(Sketch(*asked), self._take)

    def _take(self, answer: Answer) -> None:
        self._take_back = _nothing
        self._sketched = answer if isinstance(answer, Sketched) else Sketched()
        self.refresh()

    def _follow_link(self, url: QUrl) -> None:
        address = url.toString()
        if address.startswith(LAYER):
            if address.removeprefix(LAYER) in CATALOGUE:
                self.show_page(address.removeprefix(LAYER))
        elif url.scheme() == "https":
            QDesktopServices.openUrl(url)

    def _follow_edit(self, before: Project, after: Project) -> None:
        if before.graph.nodes.get(self._node_id) is not after.graph.nodes.get(self._node_id):
            self._settled.start()

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew on another screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange and self._name:
            self._settled.start()


def _nothing() -> None:
    """Nothing was asked for."""


def show_layer(
    name: str, node_id: str, document: Document | Scope, engines: Engines | None, theme: Theme, parent: QWidget
) -> LayerHelp:
    """Open the help page of a layer, or of a node of it; a page that is open already turns to it."""
    opened = next((each for each in parent.findChildren(LayerHelp) if each.isVisible()), None)
    page = opened or LayerHelp(document, engines, theme, parent)
    page.show_page(name, node_id)
    page.show()
    page.raise_()
    return page
