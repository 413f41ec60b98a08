"""The example architectures and the built-in blocks: published sizes, drawn tidily, their files as the maker writes."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import pytest
from architectures.parts import BLOCKS
from architectures.written import ARCHITECTURES as MAKERS
from architectures.written import architecture, block

from core import library
from core.engine.check import check
from core.examples import ARCHITECTURES, EXAMPLES, Example, example_project
from core.graph import Link, Node
from core.messages import Checked
from core.project import text_of

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
each_one = pytest.mark.parametrize("each", ARCHITECTURES, ids=lambda each: each.name)

PUBLISHED = {
    "lenet5": 61_706,
    "alexnet": 61_100_840,
    "vgg16": 138_357_544,
    "resnet18": 11_689_512,
    "resnet50": 25_557_032,
    "googlenet": 6_624_904,
    "densenet121": 7_978_856,
    "mobilenet_v2": 3_504_872,
    "efficientnet_b0": 5_288_548,
    "convnext_tiny": 28_589_128,
    "vit_b_16": 86_567_656,
    "bert_base": 109_482_240,
    "gpt2_small": 124_439_808,
    "dcgan": 3_576_704 + 2_765_568,
}
"""torchvision's pages and LeCun 1998; BERT and GPT-2 as their authors' weights; DCGAN as in PyTorch's tutorial."""

BILLION_MACS = {
    "alexnet": 0.71,
    "vgg16": 15.47,
    "resnet18": 1.81,
    "resnet50": 4.09,
    "googlenet": 1.5,
    "densenet121": 2.83,
    "mobilenet_v2": 0.3,
    "efficientnet_b0": 0.39,
    "convnext_tiny": 4.46,
    "vit_b_16": 17.56,
}
"""torchvision's GFLOPS, which count a multiplication with its addition as one."""


@functools.cache
def looked_at(name: str) -> Checked:
    return check(example_project(name), 0)


def double_convolution(before: int, after: int) -> int:
    return 9 * before * after + after + 9 * after * after + after


@each_one
def test_that_an_architecture_has_its_published_number_of_parameters(each: Example) -> None:
    assert looked_at(each.name).parameters == each.parameters
    assert each.parameters == PUBLISHED.get(each.name, each.parameters)


def test_that_networks_without_a_published_size_have_the_one_that_is_worked_out() -> None:
    down = sum(double_convolution(*pair) for pair in ((1, 64), (64, 128), (128, 256), (256, 512), (512, 1024)))
    up = sum(4 * 2 * n * n + n + double_convolution(2 * n, n) for n in (512, 256, 128, 64))
    assert looked_at("unet").parameters == down + up + 64 * 2 + 2
    llama = 2 * 4096 * 256 + 256 + 6 * (2 * 256 + 4 * 256**2 + 3 * 256 * 688)
    assert looked_at("llama_style").parameters == llama
    lstm = 4 * 64 * (8 + 64 + 2) + 4 * 64 * (64 + 64 + 2) + 64 * 10 + 10
    assert looked_at("lstm_classifier").parameters == lstm
    gru = 3 * 512 * (256 + 512 + 2)
    sequences = 2 * 8000 * 256 + 2 * gru + 512 * 512 + 1024 * 512 + 512 * 8000 + 8000
    assert looked_at("seq2seq_attention").parameters == sequences
    vae = 64 * 128 + 128 + 2 * (128 * 8 + 8) + 8 * 128 + 128 + 128 * 64 + 64
    assert looked_at("vae").parameters == vae


@pytest.mark.parametrize(("name", "billions"), BILLION_MACS.items())
def test_that_an_architecture_multiplies_as_often_as_published(name: str, billions: float) -> None:
    assert looked_at(name).macs / 1e9 == pytest.approx(billions, abs=0.0051 if billions > 1 else 0.006)


@each_one
def test_that_an_architecture_checks_without_a_word_but_of_what_it_leaves_open(each: Example) -> None:
    project = example_project(each.name)
    said = [problem for problem in looked_at(each.name).problems if problem.severity != "note"]
    assert [problem.message for problem in said if problem.node or problem.block] == []
    begins = () if project.data.source else ("No data set is chosen yet", "There is no loss")
    assert [problem.message for problem in said if not problem.message.startswith(begins or "-")] == []
    assert all(report.outputs or report.layer == "Output" for report in looked_at(each.name).nodes.values())


def expect_apart(nodes: dict[str, Node]) -> None:
    places = [(node.x, node.y) for node in nodes.values()]
    for index, (x, y) in enumerate(places):
        for other_x, other_y in places[:index]:
            assert abs(x - other_x) >= 180 or abs(y - other_y) >= 120


@each_one
def test_that_nodes_of_an_architecture_stand_apart_and_links_run_to_the_right_or_to_the_next_row(
    each: Example,
) -> None:
    graph = example_project(each.name).graph
    for drawn in (graph, *graph.blocks.values()):
        expect_apart(drawn.nodes)
        back = [(link.source, drawn.nodes[link.target]) for link in drawn.links if _leads_back(drawn.nodes, link)]
        assert all(node.x == 0 and node.y > drawn.nodes[source].y + 200 for source, node in back)
        assert len({source for source, _ in back}) == len({node.y for _, node in back})


def _leads_back(nodes: Mapping[str, Node], link: Link) -> bool:
    return nodes[link.source].x >= nodes[link.target].x


@each_one
def test_that_an_architecture_opens_at_a_size_at_which_its_titles_are_read(each: Example) -> None:
    nodes = example_project(each.name).graph.nodes.values()
    width, height = max(node.x for node in nodes) + 152, max(node.y for node in nodes) + 110
    assert min(1000 / width, 520 / height) > 0.28  # the canvas of a window of 1600 by 1000


@each_one
def test_that_an_architecture_has_words_and_a_name_that_no_example_has(each: Example) -> None:
    assert each.kind == "architecture"
    assert each.title
    assert each.about.endswith(".")
    assert each.paper.split(", ")[1].isdecimal() or each.paper.split(", ")[2].isdecimal()
    assert each.name not in {example.name for example in EXAMPLES}
    for name, drawn in example_project(each.name).graph.blocks.items():
        assert 10 < len(drawn.help) <= 80, name
        assert all(parameter.help.endswith(".") for parameter in drawn.parameters), name


def test_that_the_files_are_what_the_maker_makes() -> None:
    assert [each.name for each in ARCHITECTURES] == list(MAKERS)
    for kind, names, made in (("architectures", MAKERS, architecture), ("blocks", BLOCKS, block)):
        assert {path.stem for path in (RESOURCES / kind).glob("*.loom")} == set(names)
        for name in names:
            assert (RESOURCES / kind / f"{name}.loom").read_text(encoding="utf-8") == text_of(made(name)), name


def test_that_a_block_of_an_architecture_is_the_one_of_the_library() -> None:
    for each in ARCHITECTURES:
        graph = example_project(each.name).graph
        for name in set(graph.blocks) & set(BLOCKS):
            assert library.added(graph, library.load(name))[1] == name, (each.name, name)
