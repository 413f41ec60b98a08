from __future__ import annotations

from typing import Any

import pytest

from core import graph as graphs
from core.anatomy import cycles, implied_outputs
from core.graph import Graph, Link, Node
from core.layers import CATALOGUE
from core.messages import DataReport, Field, Problem
from core.project import Data, Project, repaired
from core.repairs import Insert, Repair, SetValue
from core.specs import Spec
from core.validation import loss_nodes, model_outputs, model_part, order, placed, static_problems

DIGITS = DataReport(
    title="Handwritten digits",
    fields=(
        Field("image", "input", Spec(("N", 1, 8, 8))),
        Field("label", "target", Spec(("N",), "int64", 10), tuple("0123456789")),
    ),
    training=1259,
    validation=359,
    test=179,
)


def drawn(nodes: dict[str, Node], *links: str, data: str = "Digits", **more: Any) -> Project:
    """A project from nodes and links such as `fc -> loss.input` or `lstm.h -> fc`."""
    graph = Graph(nodes)
    for text in links:
        source, target = text.split(" -> ")
        source, _, output = source.partition(".")
        target, _, port = target.partition(".")
        output = output or CATALOGUE[nodes[source].layer].outputs[0].name
        graph = graphs.with_link(
            graph, Link(source, output, target, port or CATALOGUE[nodes[target].layer].inputs[0].name)
        )
    return Project(graph, Data(data), **more)


def net(**nodes: Node) -> dict[str, Node]:
    """The nodes of a small sound network, with some replaced or added."""
    return {
        "image": Node("Input", {"field": "image"}),
        "flat": Node("Flatten"),
        "fc": Node("Linear", {"out_features": 10}),
        "loss": Node("CrossEntropyLoss"),
        "label": Node("Target", {"field": "label"}),
        **nodes,
    }


CHAIN = ("image -> flat", "flat -> fc", "fc -> loss", "label -> loss.target")


def found(project: Project, data: DataReport = DIGITS) -> list[Problem]:
    return static_problems(project, data)


def only(project: Project, data: DataReport = DIGITS) -> Problem:
    problems = found(project, data)
    assert len(problems) == 1, [problem.message for problem in problems]
    return problems[0]


def after(project: Project, data: DataReport = DIGITS) -> list[Problem]:
    """What is left when every repair that is offered has been made, one fault at a time."""
    for _ in range(6):
        offered = next((problem.repair for problem in found(project, data) if problem.repair), None)
        if offered is None:
            break
        project = repaired(project, offered)
    return found(project, data)


def test_that_a_sound_network_has_no_problem() -> None:
    assert found(drawn(net(), *CHAIN)) == []


def test_that_an_empty_canvas_has_no_problem() -> None:
    assert found(Project(), DataReport(fault="No data set is chosen.")) == []


@pytest.mark.parametrize(
    ("node", "sentence", "button"),
    [
        (
            Node("Liner", {"out_features": 10}),
            "fc is a Liner, a layer that this version of Layerloom does not know: is Linear meant?",
            "Make it Linear",
        ),
        (
            Node("Linear", {"out_features": 0}),
            "Linear: out_features must be a whole number of at least 1, but is 0.",
            "Set out_features to 32",
        ),
        (
            Node("Linear", {"out_features": 10, "bias": "yes"}),
            "Linear: bias must be true or false, but is 'yes'.",
            "Set bias to true",
        ),
        (
            Node("Linear", {"units": 10}),
            "Linear: There is no parameter units; known here: out_features, bias.",
            "Remove units",
        ),
    ],
)
def test_that_a_bad_node_is_one_problem_with_a_repair(node: Node, sentence: str, button: str) -> None:
    project = drawn(net(), *CHAIN)
    project = Project(graphs.with_nodes(project.graph, {"fc": node}), project.data)
    problem = only(project)
    assert (problem.severity, problem.node, problem.message) == ("error", "fc", sentence)
    assert problem.repair is not None
    assert problem.repair.text == button
    assert after(project) == []


def test_that_a_layer_nobody_knows_can_only_be_removed() -> None:
    project = drawn({**net(), "odd": Node("Zzzz")}, *CHAIN)
    problem = only(project)
    assert problem.message == (
        "odd is a Zzzz, a layer that this version of Layerloom does not know: update Layerloom or remove the node."
    )
    assert after(project) == []


def test_that_open_inputs_are_filled_from_what_is_there() -> None:
    problem = only(drawn(net(), *CHAIN[:3]))
    assert (problem.node, problem.port) == ("loss", "target")
    assert problem.message == ("loss needs a link to its input “target” (the number of the right class): link label.")
    assert after(drawn(net(), *CHAIN[:3])) == []
    problem = only(drawn(net(), *CHAIN[:2], *CHAIN[3:]))
    assert problem.message.endswith(": link fc.")
    assert after(drawn(net(), *CHAIN[:2], *CHAIN[3:])) == []


def test_that_missing_sources_are_added_with_their_fields() -> None:
    nodes = net()
    del nodes["label"], nodes["image"]
    project = drawn(nodes, "flat -> fc", "fc -> loss")
    assert [problem.message for problem in found(project)] == [
        "flat needs a link to its input “input”: add Input.",
        "loss needs a link to its input “target” (the number of the right class): add Target.",
    ]
    assert after(project) == []


def test_that_a_stray_node_can_be_removed() -> None:
    project = drawn({**net(), "drop": Node("Dropout")}, *CHAIN)
    problem = only(project)
    assert problem.message == "drop needs a link to its input “input”: link it, or remove it."
    assert problem.repair is not None
    assert problem.repair.text == "Remove drop"


def test_that_a_merge_of_one_is_removed() -> None:
    project = drawn({**net(), "sum": Node("Add")}, *CHAIN[:2], "fc -> sum.tensors_0", "sum -> loss", CHAIN[3])
    problem = only(project)
    assert problem.message == "sum joins at least two inputs, but has only fc: link another one."
    assert problem.port == "tensors_1"
    assert after(project) == []


def test_that_links_to_ports_that_are_not_there_are_moved() -> None:
    project = drawn(net(), "image -> flat", "flat -> fc.x", "fc.y -> loss", "label -> loss.target")
    assert [problem.message for problem in found(project)] == [
        "fc has no input x for the link from flat; it has input: link it anew.",
        "fc has no output y for loss; it has output: link it anew.",
    ]
    assert after(project) == []


def test_that_a_cycle_is_one_problem_that_names_its_way() -> None:
    nodes = {**net(), "sum": Node("Add"), "act": Node("ReLU")}
    links = ("image -> flat", "flat -> sum.tensors_0", "sum -> act", "act -> sum.tensors_1", "act -> fc", *CHAIN[2:])
    project = drawn(nodes, *links)
    problem = only(project)
    assert problem.message == (
        "sum → act → sum is a cycle: a network cannot wait for its own output, so take one link out."
    )
    assert problem.repair is not None
    assert problem.repair.text == "Unlink act from sum"
    assert cycles(project.graph) == [["act", "sum"]]
    assert order(project.graph) == ["fc", "image", "flat", "label", "loss"]
    assert cycles(repaired(project, problem.repair).graph) == []


def test_that_a_node_that_feeds_itself_is_a_cycle() -> None:
    project = drawn({**net(), "act": Node("ReLU")}, *CHAIN, "act -> act")
    problem = only(project)
    assert problem.message.startswith("act → act is a cycle")


def test_that_a_network_without_a_loss_gets_one() -> None:
    nodes = net()
    del nodes["loss"], nodes["label"]
    project = drawn(nodes, *CHAIN[:2])
    problem = only(project)
    assert problem.message == ("There is no loss, so there is nothing to train: add one, for example CrossEntropyLoss.")
    assert after(project) == []


def test_that_muted_losses_train_nothing() -> None:
    project = drawn(net(loss=Node("CrossEntropyLoss", muted=True)), *CHAIN)
    assert only(project).message == "Every loss (loss) is muted, so there is nothing to train: unmute one."
    assert loss_nodes(project.graph) == []


def test_that_a_loss_must_be_reached_by_an_input() -> None:
    nodes = net(other=Node("Target", {"field": "label"}), long=Node("Float"))
    project = drawn(nodes, *CHAIN[:2], "other -> long", "long -> loss", CHAIN[3])
    messages = [problem.message for problem in found(project)]
    assert messages == [
        "No Input leads to loss, so it measures nothing that the network does: link a prediction to it."
    ]


def test_that_a_muted_source_is_refused_and_a_muted_layer_passes_only_its_first_output() -> None:
    project = drawn(net(image=Node("Input", {"field": "image"}, muted=True)), *CHAIN)
    assert only(project).message == "image is muted, but a source has nothing to pass on: unmute it, or remove it."
    nodes = net(lstm=Node("LSTM", muted=True))
    project = drawn(nodes, "image -> lstm", "lstm.h -> flat", *CHAIN[1:])
    assert only(project).message == (
        "flat takes h of lstm, which is muted and so passes its first input to output alone: unmute lstm, or unlink it."
    )


def test_that_a_muted_node_needs_one_input_alone() -> None:
    project = drawn(
        {**net(), "sum": Node("Add", muted=True)}, *CHAIN[:2], "fc -> sum.tensors_0", "sum -> loss", CHAIN[3]
    )
    assert found(project) == []


def test_that_a_target_must_not_lead_into_the_model() -> None:
    nodes = {**net(), "float": Node("Float"), "sum": Node("Add")}
    project = drawn(
        nodes, *CHAIN[:2], "fc -> sum.tensors_0", "label -> float", "float -> sum.tensors_1", "sum -> loss", CHAIN[3]
    )
    problem = only(project)
    assert problem.node == "label"
    assert problem.message == (
        "label leads into the model by float, but the right answers are not known when the model is used: unlink it "
        "from float."
    )


@pytest.mark.parametrize(
    ("values", "sentence", "button"),
    [
        (
            {"field": "imgae"},
            "image takes the field 'imgae', which Handwritten digits does not have: choose one of image, label.",
            "Use image",
        ),
        (
            {"shape": (64,)},
            "image takes no field of Handwritten digits, so training has nothing to give it: choose one of image, "
            "label.",
            "Use image",
        ),
    ],
)
def test_that_an_unknown_field_is_named_and_mended(values: dict[str, Any], sentence: str, button: str) -> None:
    project = drawn(net(image=Node("Input", values)), *CHAIN)
    problem = only(project)
    assert problem.message == sentence
    assert problem.repair is not None
    assert problem.repair.text == button
    assert after(project) == []


def test_that_settings_that_do_not_fit_are_said() -> None:
    project = drawn(net(), *CHAIN, training={"epochs": 0, "lr": "fast"})
    assert [problem.message for problem in found(project)] == [
        "Training settings: epochs must be a whole number from 1 to 1e+06, but is 0.",
        "Training settings: lr must be a number from 0 to 1000, but is 'fast'.",
    ]
    split = Project(project.graph, Data("Digits", split={"validation": 0.6, "test": 0.5}))
    assert only(split).message == (
        "Validation (0.6) and test (0.5) take all rows, so nothing is left to train on: lower one of them."
    )
    assert after(split) == []


def test_that_a_fault_of_the_data_is_one_problem() -> None:
    report = DataReport(fault="iris.csv cannot be read: there is no such file.")
    assert only(drawn(net(), *CHAIN), report).message == report.fault


def test_that_the_model_part_ends_where_the_losses_begin() -> None:
    project = drawn(net(), *CHAIN)
    assert model_outputs(project.graph) == [("fc", "output")]
    assert order(project.graph) == ["image", "flat", "fc", "label", "loss"]
    assert model_part(project.graph, model_outputs(project.graph), order(project.graph)) == ["image", "flat", "fc"]
    assert [link.source for link in implied_outputs(project.graph)] == ["fc"]
    shown = drawn({**net(), "out": Node("Output")}, *CHAIN, "flat -> out")
    assert model_outputs(shown.graph) == [("flat", "output")]


def test_that_a_target_computed_from_the_input_is_no_output() -> None:
    nodes = {
        "x": Node("Input", {"field": "image"}),
        "fc": Node("Linear"),
        "flat": Node("Flatten"),
        "loss": Node("MSELoss"),
    }
    project = drawn(nodes, "x -> fc", "x -> flat", "fc -> loss", "flat -> loss.target")
    assert model_outputs(project.graph) == [("fc", "output")]


def test_that_the_order_does_not_depend_on_how_the_graph_was_drawn() -> None:
    nodes = net()
    forth = drawn(nodes, *CHAIN)
    back = drawn(dict(reversed(nodes.items())), *reversed(CHAIN))
    assert order(forth.graph) == order(back.graph)
    assert found(forth) == found(back)


def test_that_a_repair_goes_where_the_shape_is_decided() -> None:
    project = drawn(net(drop=Node("Dropout")), *CHAIN[:2], "fc -> drop", "drop -> loss", CHAIN[3])
    wanted = Repair("Insert Linear", (Insert("{self}", "input", "Linear", {"out_features": 3}),))
    assert placed(project.graph, "loss", "input", wanted) == Repair(
        "Set out_features of fc to 3", (SetValue("fc", "out_features", 3),)
    )
    own = Repair("Set {source}", (SetValue("{self}", "reduction", "sum"),))
    assert placed(project.graph, "loss", "input", own) == Repair("Set drop", (SetValue("loss", "reduction", "sum"),))


def test_that_an_unknown_layer_before_an_output_without_a_loss_is_told() -> None:
    graph = Graph({"a": Node("Input", {"field": "image"}), "b": Node("Conv2dd"), "c": Node("Output")})
    for link in (Link("a", "output", "b", "input"), Link("b", "output", "c", "input")):
        graph = graphs.with_link(graph, link)
    told = {(each.node, each.message[:24]) for each in found(Project(graph, Data("Digits")))}
    assert ("b", "b is a Conv2dd, a layer ") in told
    assert ("", "There is no loss, so the") in told
