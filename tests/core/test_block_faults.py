"""What a file can say wrongly, or with bad intent, about blocks: one sentence each, and nothing raised or endless."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from drawn_blocks import block, image, links, number, project

from core import project as projects
from core.block_edits import mended
from core.engine.check import check
from core.engine.compile import written
from core.expressions import expression as e
from core.graph import Block, BlockParameter, Node
from core.messages import Problem
from core.project import Project, ProjectError, read_text, text_of

FULL = "x fc, fc y"
CASES: dict[str, tuple[Callable[[], Project], dict[tuple[str, str], str]]] = {}
"""By what it shows: a project, and what is said of it, by (block, node)."""


def fc(width: Any, *parameters: BlockParameter, **more: Any) -> Block:
    """A block of one linear layer."""
    nodes = {"x": Node("Input", {"axes": "N, size"}), "fc": Node("Linear", {"out_features": width}, **more)}
    return block(FULL, *parameters, **nodes, y=Node("Output"))


def used(held: Block | Mapping[str, Block], use: Node | None = None) -> Project:
    """a -> one, which uses the block Unit -> out."""
    blocks = {"Unit": held} if isinstance(held, Block) else held
    return project("a one.x, one.y out", blocks, a=image(4), one=use or Node("Unit"), out=Node("Output"))


def through(name: str, values: Mapping[str, Any] | None = None, **more: Any) -> Block:
    """A block around one use of another."""
    inner = Node(name, dict(values or {}), **more)
    return block("x inner.x, inner.y y", x=Node("Input"), inner=inner, y=Node("Output"))


def nested(depth: int, repeat: int = 1, uses: int = 1) -> Project:
    """Blocks within each other, each of which uses the next one several times."""
    held = {"B0": fc(4)}
    for level in range(1, depth):
        names = [f"u{place}" for place in range(uses)]
        joined = [f"{one}.y {other}.x" for one, other in itertools.pairwise(names)]
        drawn = ", ".join([f"x {names[0]}.x", *joined, f"{names[-1]}.y y"])
        inner = {name: Node(f"B{level - 1}", {"repeat": repeat}) for name in names}
        held[f"B{level}"] = block(drawn, x=Node("Input"), **inner, y=Node("Output"))
    return used(held, Node(f"B{depth - 1}"))


def case(name: str, said: dict[tuple[str, str], str], made: Callable[[], Project]) -> None:
    CASES[name] = (made, said)


def of_fc(why: str) -> dict[tuple[str, str], str]:
    """What is said of the linear layer in the block."""
    return {("Unit", "fc"): f"In the block Unit, used as one: fc: out_features has no value, because {why}: change it."}


def of_unit(why: str) -> dict[tuple[str, str], str]:
    return {("Unit", ""): f"The block Unit: {why}"}


case(
    "two blocks hold each other",
    {("B", "inner"): "A → B → A is a circle: a block cannot hold itself, so take inner out of B."},
    lambda: used({"A": through("B"), "B": through("A")}, Node("A")),
)
case(
    "a ring of a thousand blocks",
    {
        ("B999", "inner"): "B0 → B1 → B2 → … → B997 → B998 → B999 → B0 is a circle: a block cannot hold itself, so "
        "take inner out of B999."
    },
    lambda: used({f"B{place}": through(f"B{(place + 1) % 1000}") for place in range(1000)}, Node("B7")),
)
case(
    "a block uses itself and shares its weights with itself",
    {("Unit", "inner"): "Unit → Unit is a circle: a block cannot hold itself, so take inner out of Unit."},
    lambda: used(through("Unit", shares="inner")),
)
case("no such parameter", of_fc("there is no parameter depth (known here: i, size)"), lambda: used(fc(e("depth * 2"))))
case("division by zero", of_fc("'size // (size - 4)' divides by zero"), lambda: used(fc(e("size // (size - 4)"))))
case(
    "a call of something else",
    of_fc("\"__import__('os')\" calls something else than min, max, round, abs, int"),
    lambda: used(fc(e("__import__('os')"))),
)
case(
    "an attribute",
    of_fc("'size.real' holds more than arithmetic, comparison and names (Attribute)"),
    lambda: used(fc(e("size.real"))),
)
case("no expression", of_fc("'size *' is not an expression"), lambda: used(fc(e("size *"))))
case(
    "an expression of a million characters",
    of_fc("it is longer than 500 characters"),
    lambda: used(fc(e("size" + " + size" * 150_000))),
)
case(
    "an expression that is deep",
    of_fc(f"'{'-' * 57}...' holds parts more than 60 deep in each other"),
    lambda: used(fc(e("-" * 490 + "size"))),
)
case("a power of a power", of_fc("'9 ** 9 ** 9' has an exponent beyond 64"), lambda: used(fc(e("9 ** 9 ** 9"))))
case("a huge power", of_fc("'9 ** 64' comes to more than 64 bits hold"), lambda: used(fc(e("9 ** 64"))))
case(
    "a block without an output",
    {
        ("Unit", ""): "Nothing comes out of the block Unit: put an Output behind its last layer.",
        ("", "out"): "one has no output y for out; it has none: link it anew.",
    },
    lambda: used(Block({"x": Node("Input"), "fc": Node("Linear")}, links("x fc"))),
)
case(
    "a block with nothing in it",
    {
        ("Unit", ""): "Nothing comes out of the block Unit: put an Output behind its last layer.",
        ("", "one"): "one has no input x for the link from a; it has none: link it anew.",
        ("", "out"): "one has no output y for out; it has none: link it anew.",
    },
    lambda: used(Block()),
)
case(
    "an output that nothing feeds",
    {("Unit", "y"): "In the block Unit, used as one: y needs a link to its input “input” (what the model returns): "
     "link it, or remove it."},
    lambda: used(Block({"x": Node("Input"), "fc": Node("Linear"), "y": Node("Output")}, links("x fc"))),
)  # fmt: skip
for times in (10**9, -1, 0):
    case(
        f"repeat {times}",
        {("", "one"): f"Unit: repeat must be a whole number from 1 to 1000, but is {times}."},
        lambda times=times: used(fc(4), Node("Unit", {"repeat": times})),
    )
case(
    "an inner repeat that comes to a billion",
    {
        ("Wrap", "inner"): "In the block Wrap, used as one: Unit: repeat must be a whole number from 1 to 1000, but is "
        "1000000000."
    },
    lambda: used({"Unit": fc(4), "Wrap": through("Unit", {"repeat": e("10 ** 9")})}, Node("Wrap")),
)
case(
    "an expression outside every block",
    {
        ("", "one"): "Unit: repeat must be a whole number from 1 to 1000, but is the expression '3 + 1', which has a "
        "value in a block alone."
    },
    lambda: used(fc(4), Node("Unit", {"repeat": e("3 + 1")})),
)
for depth in (40, 200, 2000):
    case(
        f"nested {depth} deep",
        {("B32", ""): "B32 holds blocks 32 deep, which is the most, and one more: ungroup some of them."},
        lambda depth=depth: nested(depth),
    )
TOO_MANY = {("", "one"): "With one the network has more than 20,000 nodes, its blocks drawn out: use or repeat fewer."}
case("ten levels of ten uses", TOO_MANY, lambda: nested(10, uses=10))
case("ten levels repeated ten times", TOO_MANY, lambda: nested(10, repeat=10))
case("a thousand times a thousand times a thousand", TOO_MANY, lambda: nested(4, repeat=1000))
case(
    "two parameters of one name",
    of_unit("it has two parameters called width; give one of them another name."),
    lambda: used(fc(e("width"), number("width"), number("width"))),
)
for name in ("class", "self", "i", "N", "repeat", "inputs", "block", "__init__", "None", "", "a b", "сhannels"):
    case(
        f"a parameter called {name!r}",
        of_unit(f"a parameter cannot be called {name!r}; call it something like channels."),
        lambda name=name: used(fc(4, number(name))),
    )
case(
    "a parameter without a name that fits a line",
    of_unit(f"a parameter cannot be called {'no ' * 20!r}; call it something like channels."),
    lambda: used(fc(4, number("no " * 4000))),
)
case(
    "a default of another kind",
    of_unit("the default of width must be a whole number, but is 'wide'."),
    lambda: used(fc(4, BlockParameter("width", default="wide"))),
)
case(
    "a default that is no value",
    of_unit("the default of width must be a whole number, but is {'a': (1,)}."),
    lambda: used(fc(4, BlockParameter("width", default={"a": (1,)}))),
)
case(
    "a default outside its bounds",
    of_unit("the default of width must be a whole number from 9 to 1, but is 3."),
    lambda: used(fc(4, BlockParameter("width", default=3, low=9, high=1))),
)
case(
    "a choice of nothing",
    of_unit("act is a choice of nothing; give it choices, or make it text."),
    lambda: used(fc(4, BlockParameter("act", "choice", "a"))),
)
case(
    "a value of a parameter that is not there",
    {("", "one"): "Unit: There is no parameter depth; known here: repeat."},
    lambda: used(fc(4), Node("Unit", {"depth": 3})),
)
case(
    "weights shared in a ring",
    {("Unit", "fc"): "In the block Unit, used as one: fc uses the weights of fc, which uses its own in turn: choose "
     "another node."},
    lambda: used(fc(4, shares="fc")),
)  # fmt: skip
case(
    "weights shared with a use of another block",
    {("", "two"): "two cannot use the weights of one, because one is Other, the other Unit: make both alike, or give "
     "each its own."},
    lambda: project("a one.x, one.y two.x, two.y out", {"Unit": fc(4), "Other": fc(4)}, a=image(4), one=Node("Unit"),
                    two=Node("Other", shares="one"), out=Node("Output")),
)  # fmt: skip
case(
    "a block with the name of a layer",
    {
        ("Linear", ""): "The block Linear has the name of a layer: give it another.",
        ("Linear", "fc"): "Linear → Linear is a circle: a block cannot hold itself, so take fc out of Linear.",
    },
    lambda: used({"Linear": fc(4)}, Node("Linear")),
)
case(
    "a layer that is not known",
    {("Unit", "inner"): "In the block Unit, used as one: inner is a Lineal, a layer that this version of Layerloom "
     "does not know: is Linear meant?"},
    lambda: used(through("Lineal")),
)  # fmt: skip
case(
    "a loss in a block",
    {("Unit", "z"): "In the block Unit, used as one: z is a MSELoss, which stands in the project's drawing, not in a "
     "block: move it."},
    lambda: used(block(f"{FULL}, fc z, x z.target", x=Node("Input"), fc=Node("Linear", {"out_features": 4}),
                       z=Node("MSELoss"), y=Node("Output"))),
)  # fmt: skip
case(
    "a cycle in a block",
    {("Unit", "add"): "In the block Unit, used as one: add → fc → add is a cycle: a network cannot wait for its own "
     "output, so take one link out."},
    lambda: used(block("x add.tensors_0, fc add.tensors_1, add fc, fc y", x=Node("Input"), add=Node("Add"),
                       fc=Node("Linear", {"out_features": 4}), y=Node("Output"))),
)  # fmt: skip

SECONDS = 10
"""What no file may take; the largest takes a fraction of it."""


def faults(drawn: Project) -> list[Problem]:
    """The errors at blocks and nodes; that there is no data and no loss is another matter."""
    return [each for each in check(drawn, 0).problems if each.severity == "error" and (each.node or each.block)]


@pytest.mark.parametrize("name", CASES)
def test_that_a_fault_around_blocks_is_said_in_one_sentence_and_written_around(name: str) -> None:
    made, said = CASES[name]
    drawn = made()
    began = time.monotonic()
    assert read_text(text_of(drawn)) == drawn
    found = faults(drawn)
    assert {(each.block, each.node): each.message for each in found} == said
    assert len(found) == len(said)
    assert all(len(each.message) <= 400 and "\n" not in each.message for each in found)
    for file, text in written(drawn, check(drawn, 0)).files.items():
        compile(text, file, "exec")
    for each in found:
        if each.repair:
            left = faults(mended(drawn, each.repair, each.block))
            assert each.message not in {other.message for other in left}, each.repair.text
    assert time.monotonic() - began < SECONDS


def test_that_the_deepest_blocks_and_the_largest_network_are_checked_and_written() -> None:
    drawn = nested(32)
    checked = check(drawn, 0)
    assert faults(drawn) == []
    assert checked.parameters == 20
    assert written(drawn, checked).files["model.py"].count("class B") == 32
    assert faults(nested(3, repeat=75)) == []


@pytest.mark.parametrize(
    ("was", "made", "said"),
    [
        ('"kind": "integer"', '"kind": "code"', "blocks.Unit.parameters[0] should be a block's parameter, but is "),
        (', "name": "width"', "", "blocks.Unit.parameters[0] should be a parameter with a name, but is one without"),
        ('"parameters": [', '"parameters": [7, ', "blocks.Unit.parameters[0] should be an object, but is a number"),
        ('"fc", "output", "y"', '"fd", "output", "y"', "blocks.Unit.links[1] should be nodes that are in the file, "),
        ('"Unit": {', '" ": {', "blocks.  should be a name, but is ' '"),
        ('"layer": "Linear"', '"layer": ["Linear"]', "blocks.Unit.nodes.fc.layer should be text, but is a list"),
        ('"layer": "Linear"', '"layer": "Linear", "shares": 3', "blocks.Unit.nodes.fc.shares should be text, but is "),
    ],
)  # fmt: skip
def test_that_a_file_with_a_broken_block_is_refused_with_the_place(was: str, made: str, said: str) -> None:
    text = text_of(used(fc(e("width"), number("width", 3))))
    assert was in text
    with pytest.raises(ProjectError, match=re.escape(f"The project cannot be read: {said}")):
        read_text(text.replace(was, made))


def test_that_the_command_line_says_all_of_it_in_sentences_and_no_more(tmp_path: Path) -> None:
    blocks = {
        "A": through("B"), "B": through("A"), "Silent": Block({"x": Node("Input")}), "Wide": fc(e("depth")),
        "Zero": fc(e("size % 0")), "Own": fc(e("open('x')")), "Many": fc(4, number("width"), number("width")),
    }  # fmt: skip
    uses = {name.lower(): Node(name) for name in blocks}
    drawn = project(", ".join(f"data {name}.x" for name in uses), blocks, data=image(4), **uses)
    file = tmp_path / "bad.loom"
    projects.save(drawn, file)
    command = [sys.executable, "-P", "-m", "core", "check", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    for said in (
        "A → B → A is a circle: a block cannot hold itself, so take inner out of B.",
        "Nothing comes out of the block Silent: put an Output behind its last layer.",
        "because there is no parameter depth (known here: i, size): change it.",
        "because 'size % 0' divides by zero: change it.",
        "because \"open('x')\" calls something else than min, max, round, abs, int: change it.",
        "The block Many: it has two parameters called width; give one of them another name.",
    ):
        assert sum(said in line for line in lines) == 1, (said, done.stdout)
    file.write_text(file.read_text(encoding="utf-8").replace('"version": 1', '"version": 2'), encoding="utf-8")
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "layerloom: bad.loom was written by a newer Layerloom (schema version 2, this one reads up to 1); update "
        "Layerloom to open it. The file was not changed.\n"
    )
