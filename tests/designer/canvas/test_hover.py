"""What the pointer says over links and ports: names of axes where they are known."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QEvent
from PySide6.QtGui import QCursor, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from core.messages import Checked, NodeReport
from core.specs import Spec
from designer.inspector import Inspector
from designer.trust import Trusted

PICTURE = ("N", "C", "H", "W")


def test_that_the_pointer_over_links_and_ports_names_the_axes(canvas, hand, document):
    report = canvas.drawing.checked
    named = msgspec.structs.replace(
        report.nodes["conv"], outputs={"output": Spec(("N", 32, 8, 8), "float32", 0, PICTURE)}
    )
    label = msgspec.structs.replace(report.nodes["image"], outputs={"output": Spec(("N",), "int64", 10)})
    document.take(msgspec.structs.replace(report, nodes={**report.nodes, "conv": named, "image": label}))
    hand.hover((hand.port("conv", "output", True) + hand.port("act", "input")) / 2)
    assert canvas.viewport().toolTip() == "conv → act: N × C=32 × H=8 × W=8 float32"
    hand.hover(hand.port("conv", "output", True))
    assert canvas.viewport().toolTip() == "output: N × C=32 × H=8 × W=8 float32"
    hand.hover(hand.port("conv", "input"))
    assert canvas.viewport().toolTip() == "input: N int64, 10 classes"


def test_that_the_card_of_what_flows_through_names_the_axes_too(qtbot, document):
    inspector = Inspector(document, Trusted(document))
    qtbot.addWidget(inspector)
    named = NodeReport("Conv2d", {"output": Spec(("N", 32, 8, 8), "float32", 0, PICTURE)}, 320)
    document.take(Checked(document.revision, nodes={"conv": named}))
    inspector.show_nodes(("conv",))
    assert inspector.flow.toolTip() == "output: N × C=32 × H=8 × W=8 float32"
    inspector.show_nodes(("conv", "act"))
    assert inspector.flow.toolTip() == ""


def test_that_the_words_stand_beside_a_pointer_that_rests(canvas, hand):
    hand.hover(hand.port("conv", "output", True))
    at = canvas.viewport().mapFromGlobal(QCursor.pos())
    asked = QHelpEvent(QEvent.Type.ToolTip, at, canvas.viewport().mapToGlobal(at))
    QApplication.sendEvent(canvas.viewport(), asked)
    assert QToolTip.text() == canvas.viewport().toolTip() != ""
    QToolTip.hideText()
