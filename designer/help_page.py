"""Help pages, read from the declarations: a layer's parameters and ports, and what each part of the window is."""

from __future__ import annotations

import html

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from core.layers import CATALOGUE, FAMILIES, Layer, Port
from core.parameters import Parameter, expected, parameters
from designer.values import written

WHAT_IS: dict[str, str] = {
    "Layers": "Every layer that can be drawn, by family; drag one onto the canvas, or press Enter on it.",
    "Properties": "The settings of what is selected, what flows in and out of it, and what it does.",
    "Loss": "How far the network is from the right answers, at each step in training and each epoch in validation.",
    "Histograms": "How the weights of a layer are spread while it learns; a spread that never moves is not learning.",
    "Predictions": "Validation rows that the network was never trained on, worst first, with what it says about each.",
    "Try it": "Draw, type or drop one input of your own and see what the trained network says to it.",
    "Runs": "Every run so far with its score; open one to see its curves again, or use its weights for an export.",
    "Source": "The Python that this drawing stands for; it is what is trained and what is exported.",
    "Problems": "What stands in the way of training or is worth a second look, each with its place and its repair.",
    "Canvas": "The drawing of the network: drop layers on it, join their ports, press Tab to search for a layer.",
}
"""One sentence for each part of the window."""


def layer_page(layer: type[Layer]) -> str:
    """Everything about a layer, as HTML."""
    name = html.escape(layer.__name__)
    about = html.escape(" ".join((layer.__doc__ or "").split()))
    parts = [
        f"<h2>{name}</h2><p>{about}</p>",
        f"<p>{FAMILIES[layer.family]}{' · torch.' + layer.torch if layer.torch else ''}</p>",
    ]
    parts.append(_table("Parameters", [_parameter(each) for each in parameters(layer)]))
    parts.append(_table("Inputs", [_port(each) for each in layer.inputs]))
    parts.append(_table("Outputs", [_port(each) for each in layer.outputs]))
    return "".join(parts)


def _table(title: str, rows: list[tuple[str, str]]) -> str:
    if not rows:
        return f"<h3>{title}</h3><p>None.</p>"
    lines = "".join(
        f"<tr><td><b>{html.escape(name)}</b></td><td>{html.escape(words)}</td></tr>" for name, words in rows
    )
    return f'<h3>{title}</h3><table cellpadding="4" width="100%">{lines}</table>'


def _parameter(declared: Parameter) -> tuple[str, str]:
    default = written(declared, declared.default) or "empty"
    sentence = declared.help + (f" In {declared.unit}." if declared.unit else "")
    return declared.name, f"{sentence} It is {expected(declared)}; {default} by default."


def _port(port: Port) -> tuple[str, str]:
    marks = [word for word, is_so in (("optional", port.optional), ("any number of links", port.variadic)) if is_so]
    return port.name, (port.help or "A tensor.") + (f" ({', '.join(marks)})" if marks else "")


class HelpPage(QDialog):
    """A page of help beside the window; it does not stop the work."""

    def __init__(self, title: str, page: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(620, 560)
        self.text = QTextBrowser()
        self.text.setAccessibleName(title)
        self.text.setHtml(page)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        for button in buttons.buttons():
            button.setAccessibleName(button.text().replace("&", ""))
        column = QVBoxLayout(self)
        column.addWidget(self.text)
        column.addWidget(buttons)


def show_layer(name: str, parent: QWidget) -> HelpPage:
    """Open the help page of a layer."""
    page = HelpPage(f"{name}: help", layer_page(CATALOGUE[name]), parent)
    page.show()
    return page
