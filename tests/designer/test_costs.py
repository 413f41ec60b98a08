"""What the window says of costs: of the project, of what is selected, and of a run that has not begun."""

from __future__ import annotations

import msgspec
import pytest
from person import wait_until
from PySide6.QtWidgets import QApplication

from core.examples import example_project
from core.messages import Checked, Estimated, NodeReport
from designer.costs import CostsCard, node_memory
from designer.document import Document
from designer.engines import Engines
from designer.inspector import Inspector
from designer.settings_form import with_training
from designer.status import Status
from designer.trust import Trusted

MIB = 1024**2


@pytest.fixture
def document(qapp: QApplication) -> Document:
    made = Document()
    made.new(example_project("iris"))
    return made


def report(document: Document, **said: object) -> Checked:
    nodes = {name: NodeReport(node.layer) for name, node in document.project.graph.nodes.items()}
    made = Checked(
        document.revision,
        nodes=nodes,
        parameters=MIB // 4,
        macs=5_000_000,
        kept={"linear1": (2048, 1024)},
        activation_bytes=MIB,
        fixed_bytes=1024,
    )
    made = msgspec.structs.replace(made, **said)
    document.take(made)
    return made


def test_that_the_card_says_size_memory_and_estimate(document: Document) -> None:
    card = CostsCard(document)
    assert card.words.text() == "What it costs is not known yet."
    report(document)
    text = card.words.text()
    assert "262\u202f144 parameters" in text
    assert "5.0\u202fMMAC" in text
    batch = document.project.training.get("batch_size", 64)
    assert f"at batch {batch}: {4 + batch} MiB" in text  # weights, gradients and two of Adam; 1 MiB each sample
    assert f"{batch} MiB activations" in text
    assert "Estimate its time and memory" in text
    card.take(document.project, Estimated(9.2, 0.01, 640 * MIB, free_bytes=8192 * MIB))
    assert "about 9 s, 640 MiB" in card.words.text()
    assert card.property("tone") == ""


def test_that_a_run_that_does_not_fit_is_warned_of_with_the_way_out(document: Document) -> None:
    card = CostsCard(document)
    report(document)
    card.take(document.project, Estimated(9.2, 0.01, 31 * 1024 * MIB, free_bytes=20 * 1024 * MIB))
    assert "has 20 GiB free: lower batch_size" in card.words.text()
    assert card.property("tone") == "warning"


def test_that_an_estimate_holds_until_something_that_matters_changes(document: Document) -> None:
    card = CostsCard(document)
    report(document)
    held = document.project
    card.take(held, Estimated(9.2, 0.01, 640 * MIB))
    document.edit("Set seed", msgspec.structs.replace(held, seed=5))
    assert card.estimated is not None
    document.edit("Set epochs", with_training(document.project, "epochs", 99))
    assert card.estimated is None
    card.take(held, Estimated(9.2, 0.01, 640 * MIB))  # an answer about what is no longer there
    assert card.estimated is None


def test_that_an_estimate_can_be_asked_for_once(document: Document) -> None:
    card = CostsCard(document)
    report(document)
    asked: list[bool] = []
    card.wanted.connect(lambda: asked.append(True))
    card.words.linkActivated.emit("estimate")
    card.words.linkActivated.emit("estimate")
    assert asked == [True]
    assert "being estimated" in card.words.text()
    card.take(document.project, None)
    assert "Estimate its time and memory" in card.words.text()


def test_that_a_node_says_what_training_keeps_of_it(document: Document) -> None:
    found = report(document)
    assert node_memory(found, ["linear1"], 3) == "7.0 KiB kept in training at batch 3"
    assert node_memory(found, ["loss"], 3) == ""
    inspector = Inspector(document, Trusted(document))
    inspector.show_nodes(("linear1",))
    assert not inspector.costs.isVisibleTo(inspector)
    inspector.show_nodes(())
    assert inspector.costs.isVisibleTo(inspector)
    inspector.close()


def test_that_the_status_line_says_the_estimate(document: Document) -> None:
    status = Status()
    found = report(document)
    status.show_report(document.project, found)
    assert status.estimate.text().endswith("MiB")
    status.take_estimate(Estimated(9.2, 0.01, 640 * MIB))
    assert status.estimate.text() == "about 9 s, 640 MiB"
    status.close()


def test_that_the_idle_spare_estimates_what_is_drawn(document: Document) -> None:
    engines = Engines(document)
    heard: list[tuple[object, object]] = []
    engines.estimated.connect(lambda project, estimated: heard.append((project, estimated)))
    try:
        engines.check()
        engines.prepare_spare()
        wait_until(lambda: heard, "a run is estimated", 120)
        project, estimated = heard[0]
        assert project is document.project
        assert isinstance(estimated, Estimated)
        assert estimated.seconds > 0
        heard.clear()
        engines.estimate()
        wait_until(lambda: heard, "it is estimated on request", 120)
        assert isinstance(heard[-1][1], Estimated)
    finally:
        engines.close()
