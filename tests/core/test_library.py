"""The library of blocks: what comes along, what a person keeps, what is brought into a project, and bad files."""

from __future__ import annotations

import json
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from core import library, plugins
from core import project as projects
from core.blocks import used_in
from core.engine.check import check
from core.graph import Graph, Node
from core.library import LibraryFault
from core.project import Project
from core.scripting import Drawing, parameter

INPUTS = {
    "GatedMLP": (5, 32), "MLP": (5, 32), "SelfAttention": (5, 32), "Attention": (5, 32), "EncoderLayer": (5, 32),
    "DecoderLayer": (5, 32), "PatchEmbedding": (3, 32, 32),
}  # fmt: skip


def names() -> list[str]:
    return [each.name for each in library.entries()]


def test_that_the_library_has_the_blocks_of_the_field_with_words_for_each() -> None:
    wanted = {
        "Residual", "Bottleneck", "InvertedResidual", "DenseLayer", "DenseBlock", "Inception", "SqueezeExcitation",
        "UNetDown", "UNetUp", "EncoderLayer", "DecoderLayer", "Attention", "SelfAttention", "PatchEmbedding",
        "ConvNeXtBlock", "GatedMLP",
    }  # fmt: skip
    assert wanted <= set(names())
    for each in library.entries():
        assert (each.origin, each.fault) == ("built-in", "")
        assert each.help.endswith(".")
        assert each.path.stem == each.name
        for given in library.load(each.name).blocks[each.name].parameters:
            assert given.help.endswith("."), (each.name, given.name)


def test_that_every_block_of_the_library_works_on_an_input_that_fits() -> None:
    for each in library.entries():
        net = Drawing()
        used = net.bring(each.name)
        inputs = [name for name, node in net.blocks[used].nodes.items() if node.layer == "Input"]
        shape = INPUTS.get(each.name, (32, 16, 16))
        given: dict[str, Any] = {port: net.add("Input", shape=shape) for port in inputs}
        if each.name == "UNetUp":
            given = {"below": net.add("Input", shape=(32, 8, 8)), "skip": net.add("Input", shape=(16, 16, 16))}
        made = net.add(used, **given)
        for output in [name for name, node in net.blocks[used].nodes.items() if node.layer == "Output"]:
            net.add("Output", made[output])
        said = [problem.message for problem in check(net.project, 0).problems if problem.node or problem.block]
        assert said == [], each.name


def own_block(channels: int = 8, name: str = "Mine") -> Graph:
    net = Drawing()
    with net.block("Inner", "Two numbers more.") as b:
        b.output(b.add("Linear", b.input("x"), out_features=channels, name="fc"))
    with net.block(name, "What I use.", width=parameter(4, "How wide.", low=1)) as b:
        x = b.add("Linear", b.input("x"), out_features=b.width, name="fc")
        b.output(b.add("Inner", x, name="inner"))
    with net.block("Other") as b:
        b.output(b.input("x"))
    return net.graph


def test_that_a_block_is_kept_with_what_it_uses_and_found_again(own_home: Path) -> None:
    path = library.save(own_block(), "Mine")
    assert path == own_home / "blocks" / "Mine.loom"
    kept = library.load("Mine")
    assert set(kept.blocks) == {"Mine", "Inner"}
    assert kept.blocks["Mine"] == own_block().blocks["Mine"]
    entry = next(each for each in library.entries() if each.name == "Mine")
    assert (entry.origin, entry.help) == ("personal", "What I use.")
    assert library.save(own_block(), "Mine") == path
    with pytest.raises(LibraryFault, match="another block Mine already: choose another name, or replace it"):
        library.save(own_block(channels=9), "Mine")
    library.save(own_block(channels=9), "Mine", replacing=True)
    assert library.load("Mine").blocks["Inner"].nodes["fc"].values["out_features"] == 9
    library.removed("Mine")
    assert "Mine" not in names()
    with pytest.raises(LibraryFault, match="Mine cannot be removed from your library: there is no such file"):
        library.removed("Mine")


@pytest.mark.parametrize("name", ["../../etc", "a/b", "x" * 300, "con: *?", "Größe 2", ".", "нет"])
def test_that_a_block_of_any_name_is_kept_in_the_folder_alone(name: str, own_home: Path) -> None:
    net = Drawing()
    with net.block(name) as b:
        b.output(b.add("ReLU", b.input("x")))
    path = library.save(net.graph, name)
    assert path.resolve().parent == (own_home / "blocks").resolve()
    assert library.save(net.graph, name) == path
    assert library.load(name).blocks == net.graph.blocks


def test_that_of_one_name_the_own_block_comes_first() -> None:
    net = Drawing()
    with net.block("Residual", "My own.") as b:
        b.output(b.input("x"))
    library.save(net.graph, "Residual")
    assert [each.origin for each in library.entries() if each.name == "Residual"] == ["personal"]
    assert library.load("Residual").blocks["Residual"].help == "My own."


def test_that_a_block_is_brought_once_and_gets_a_new_name_beside_another_of_its_name() -> None:
    library.save(own_block(), "Mine")
    graph, name = library.added(Graph(), library.load("Mine"))
    assert (name, set(graph.blocks)) == ("Mine", {"Mine", "Inner"})
    again, name = library.added(graph, library.load("Mine"))
    assert (name, again) == ("Mine", graph)
    moved = replace(graph.blocks["Inner"], nodes={k: replace(v, x=5.0) for k, v in graph.blocks["Inner"].nodes.items()})
    same, name = library.added(Graph(blocks={**graph.blocks, "Inner": moved}), library.load("Mine"))
    assert (name, len(same.blocks)) == ("Mine", 2)
    library.save(own_block(channels=9), "Mine", replacing=True)
    both, name = library.added(graph, library.load("Mine"))
    assert (name, set(both.blocks)) == ("Mine2", {"Mine", "Inner", "Mine2", "Inner2"})
    assert used_in(both.blocks["Mine2"].nodes, both.blocks) == {"Inner2"}
    assert library.added(both, library.load("Mine")) == (both, "Mine2")


def kept_as(folder: Path, text: str) -> str:
    """What the library says of a file with this text."""
    path = folder / "blocks" / "Bad.loom"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    entry = next(each for each in library.entries() if each.path == path)
    with pytest.raises(LibraryFault) as fault:
        library.read(path)
    assert entry.fault == str(fault.value)
    return entry.fault


def test_that_a_bad_file_is_said_in_one_sentence_and_the_others_work(own_home: Path) -> None:
    text = projects.text_of(Project(library.load("Residual")))
    assert kept_as(own_home, text.replace('"version": 1', '"version": 99')).startswith(
        "Bad.loom was written by a newer Layerloom (schema version 99, this one reads up to 1); update Layerloom"
    )
    assert kept_as(own_home, text[:-40]).startswith("Bad.loom cannot be read: ")
    assert kept_as(own_home, "\0\1").startswith("Bad.loom cannot be read: ")
    document = json.loads(text)
    document["blocks"]["Residual"]["nodes"]["conv1"]["layer"] = "Residual"
    assert kept_as(own_home, json.dumps(document)) == (
        "Bad.loom cannot be used, because Residual → Residual is a circle: a block cannot hold itself."
    )
    document = json.loads(text)
    document["blocks"]["Residual"]["nodes"]["y"]["layer"] = "Identity"
    assert kept_as(own_home, json.dumps(document)) == (
        "Bad.loom cannot be used, because nothing comes out of its block Residual: put an Output behind its last layer."
    )
    document = json.loads(text)
    document["blocks"]["Two"] = document["blocks"]["Residual"]
    assert kept_as(own_home, json.dumps(document)) == (
        "Bad.loom holds several blocks side by side (Residual, Two): a file of the library holds one, and what that "
        "one uses."
    )
    document["blocks"] = {}
    assert kept_as(own_home, json.dumps(document)).startswith("Bad.loom holds no block: ")
    document["blocks"] = {"Linear": json.loads(text)["blocks"]["Residual"]}
    assert "has the name of a layer: rename it." in kept_as(own_home, json.dumps(document))
    assert library.load("Residual").blocks
    with pytest.raises(LibraryFault, match="There is no block 'Residul' in the library; there are Attention, "):
        library.load("Residul")


def test_that_what_is_no_block_is_not_kept() -> None:
    with pytest.raises(LibraryFault, match="There is no block 'Linear' in this project"):
        library.save(Graph({"a": Node("Linear")}), "Linear")
    silent = replace(own_block().blocks["Other"], nodes={"x": Node("Input")}, links=())
    with pytest.raises(LibraryFault, match="nothing comes out of its block Silent"):
        library.save(Graph(blocks={"Silent": silent}), "Silent")


def test_that_another_package_brings_blocks_and_a_faulty_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "BROUGHT", {})
    monkeypatch.setattr(plugins, "FOUND", [])
    monkeypatch.syspath_prepend(tmp_path)
    for package, text in (("blocks_for_tests", None), ("bad_blocks_for_tests", "{")):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text(
            "from pathlib import Path\nfrom core.library import register\nregister(Path(__file__).parent)\n"
        )
        content = projects.text_of(Project(Graph(blocks={package: own_block().blocks["Other"]})))
        (tmp_path / package / f"{package}.loom").write_text(text or content)
    found = [EntryPoint(name, name, "layerloom.blocks") for name in ("blocks_for_tests", "bad_blocks_for_tests")]
    monkeypatch.setattr(plugins, "_entries", lambda group: iter(found))
    monkeypatch.setattr(library, "_loaded", [])
    assert next(each.origin for each in library.entries() if each.name == "blocks_for_tests") == "plugin"
    assert [fault.split(" was left out")[0] for fault in plugins.faults()] == [
        "The plugin bad_blocks_for_tests of bad_blocks_for_tests"
    ]
    for package in ("blocks_for_tests", "bad_blocks_for_tests"):
        sys.modules.pop(package, None)
