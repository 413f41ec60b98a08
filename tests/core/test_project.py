from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.graph import Graph, Link, Node, link_key
from core.project import Data, Project, ProjectError, load, read_text, save, text_of, write_atomically

PLAIN = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(
    lambda text: bool(text.strip())
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | PLAIN,
    lambda inner: st.lists(inner, max_size=3).map(tuple),
    max_leaves=4,
)
PLACE = st.integers(-100_000, 100_000).map(lambda tenth: tenth / 4)
NODES = st.builds(
    Node,
    layer=PLAIN,
    values=st.dictionaries(PLAIN, VALUES, max_size=3),
    x=PLACE,
    y=PLACE,
    muted=st.booleans(),
    note=st.just("") | PLAIN,
)


@st.composite
def projects(draw: st.DrawFn) -> Project:
    nodes = draw(st.dictionaries(PLAIN, NODES, max_size=6))
    links: dict[tuple[str, str], Link] = {}
    if nodes:
        ids = st.sampled_from(sorted(nodes))
        for link in draw(st.lists(st.builds(Link, ids, PLAIN, ids, PLAIN), max_size=6)):
            links[link.target, link.input] = link
    data = Data(draw(st.just("") | PLAIN), draw(st.dictionaries(PLAIN, VALUES, max_size=2)))
    ordered = tuple(sorted(links.values(), key=link_key))
    training = draw(st.dictionaries(PLAIN, VALUES, max_size=2))
    return Project(Graph(nodes, ordered), data, training, draw(st.integers(0, 2**62)))


@given(projects())
def test_that_saving_and_loading_changes_nothing(project: Project) -> None:
    text = text_of(project)
    again = read_text(text)
    assert again == project
    assert text_of(again) == text


def test_that_the_file_is_readable_with_one_node_a_line() -> None:
    nodes = {"conv10": Node("Conv2d", {"kernel_size": (3, 5)}, 10, 20), "conv2": Node("ReLU")}
    text = text_of(Project(Graph(nodes, (Link("conv2", "output", "conv10", "input"),)), seed=7))
    assert text.splitlines()[6:8] == [
        '  "conv2": {"at": [0, 0], "layer": "ReLU"},',
        '  "conv10": {"at": [10, 20], "layer": "Conv2d", "values": {"kernel_size": [3, 5]}}',
    ]
    assert json.loads(text)["version"] == 1


def test_that_what_a_newer_version_wrote_is_kept() -> None:
    node = '{"layer": "Quantum", "at": [0, 0], "spin": 2}'
    text = f'{{"version": 1, "later": {{"a": [1]}}, "nodes": {{"n": {node}}}, "links": []}}'
    written = json.loads(text_of(read_text(text)))
    assert written["later"] == {"a": [1]}
    assert written["nodes"]["n"] == {"layer": "Quantum", "at": [0, 0], "spin": 2}


BAD = {
    "": "not JSON",
    "hello": "not JSON",
    '{"version": 1, "nodes": {"a": ': "not JSON",
    "[]": "expected a JSON object",
    "{}": "no schema version",
    '{"version": 999}': "newer Layerloom",
    '{"version": true}': "no schema version",
    '{"version": NaN}': "NaN is not a number",
    '{"version": 1, "seed": Infinity}': "Infinity is not a number",
    '{"version": 1, "seed": 1e999}': "not a number",
    '{"version": 1, "version": 1}': "stands twice",
    '{"version": 1, "seed": -1}': "seed should be a whole number",
    '{"version": 1, "nodes": []}': "nodes should be an object",
    '{"version": 1, "nodes": {"a": {}}}': "nodes.a.layer should be text, but is nothing",
    '{"version": 1, "nodes": {" ": {"layer": "X"}}}': "should be a name",
    '{"version": 1, "nodes": {"a": {"layer": "X", "at": [1]}}}': "nodes.a.at should be two numbers",
    '{"version": 1, "nodes": {"a": {"layer": "X", "at": [1, 1e300]}}}': "up to a billion",
    '{"version": 1, "nodes": {"a": {"layer": "X", "values": 3}}}': "nodes.a.values should be an object",
    '{"version": 1, "links": [["a", "output", "b", "input"]]}': "links[0] should be nodes that are in the file",
    '{"version": 1, "links": [[1, 2, 3, 4]]}': "links[0] should be text",
    '{"version": 1, "nodes": {"a": {"layer": "X"}}, "links": [["a", "o", "a", "i"], ["a", "p", "a", "i"]]}': (
        "a second one for a.i"
    ),
    '{"version": 1, "x": ' + "[" * 200 + "]" * 200 + "}": "levels deep",
    '{"version": 1, "x": ' + "[" * 100_000 + "]" * 100_000 + "}": "levels deep",
    '{"version": ' + "9" * 5000 + "}": "larger than 64 bits hold",
    '{"version": 1, "training": {"epochs": 1' + "0" * 30 + "}}": "larger than 64 bits hold",
    '{"version": 1, "x": -9223372036854775809}': "larger than 64 bits hold",
    '{"version": 1, "nodes": {"\\ud800": {"layer": "ReLU"}}}': "half a character",
    '{"version": 1, "links": [["a", "\\udfff", "b", "input"]]}': "half a character",
}


@pytest.mark.parametrize("text", BAD)
def test_that_a_bad_file_gives_one_sentence_that_names_it(text: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.loom"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProjectError) as refused:
        load(path)
    assert BAD[text] in str(refused.value)
    assert "mine.loom" in str(refused.value)
    assert len(str(refused.value)) < 300
    assert "\n" not in str(refused.value)


def sentence_for(content: bytes) -> str:
    """What a person reads when this is opened, "" where it opens."""
    try:
        read_text(content)
    except ProjectError as refused:
        return str(refused)
    return ""


@given(st.binary(max_size=200))
def test_that_any_bytes_are_read_or_refused(content: bytes) -> None:
    assert "\n" not in sentence_for(content)


@settings(max_examples=200)
@given(st.data())
def test_that_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    nodes = {"a": Node("Linear", {"out_features": 3}), "b": Node("ReLU")}
    content = bytearray(text_of(Project(Graph(nodes, (Link("a", "output", "b", "input"),)))).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert "\n" not in sentence_for(bytes(content[: data.draw(st.integers(0, len(content)))]))


def test_that_an_absent_file_a_folder_and_a_locked_place_are_said(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="no such file"):
        load(tmp_path / "absent.loom")
    with pytest.raises(ProjectError, match="it is a folder"):
        load(tmp_path)
    with pytest.raises(ProjectError, match="no such file or folder"):
        save(Project(), tmp_path / "absent" / "a.loom")


def test_that_a_full_disk_keeps_the_old_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.loom"
    save(Project(seed=1), path)
    before = path.read_bytes()
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))"
    code = f"""
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
{limit}
from pathlib import Path
from core.project import Project, ProjectError, save
from core.graph import Graph, Node
try:
    save(Project(Graph({{str(i): Node("ReLU") for i in range(99)}})), Path({str(path)!r}))
except ProjectError as refused:
    print(refused)
"""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert "was not saved" in done.stdout
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("call", ["write", "fsync", "replace", "mkstemp"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_that_saving_is_all_or_nothing_whichever_call_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    path = tmp_path / "a.loom"
    save(Project(seed=1), path)
    before = path.read_bytes()

    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    owners = {
        "write": "os.write",
        "fsync": "os.fsync",
        "replace": "os.replace",
        "mkstemp": "tempfile.mkstemp",
    }
    with monkeypatch.context() as patch:
        patch.setattr(owners[call], fail)
        with pytest.raises(ProjectError, match="was not saved"):
            save(Project(seed=2), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_that_a_saved_file_keeps_the_permissions_of_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.loom"
    save(Project(), path)
    path.chmod(0o640)
    write_atomically(path, b"x")
    assert path.stat().st_mode & 0o777 == 0o640


def test_that_opening_executes_nothing(tmp_path: Path) -> None:
    hostile = [
        '"; import os; os.system("touch owned") #', "__import__('os').system('id')", "../../etc/passwd",
        "{self.__class__}",
        "%(x)s", "\\u202e", "a" * 10_000, "${HOME}", "lambda: 0", "torch.hub.load", "core.layers.data",
    ]  # fmt: skip
    for index, text in enumerate(hostile):
        node = {"layer": text, "values": {text[:100]: text}, "note": text}
        document = {
            "version": 1,
            "nodes": {f"n{index}": node},
            "data": {"source": text},
            "training": {"optimizer": text},
            text[:50]: text,
        }
        (tmp_path / f"{index}.loom").write_text(json.dumps(document), encoding="utf-8")
    code = f"""
import sys
from pathlib import Path
from core.project import load, read_text, text_of
import core.validation
from core.messages import DataReport
from core.layers import CATALOGUE
from core.parameters import parameters
for declared in CATALOGUE.values():
    parameters(declared)  # reads our own annotations, which Python evaluates
core.validation.static_problems(read_text(text_of(load(next(Path({str(tmp_path)!r}).glob("*.loom"))))), DataReport())
seen = []
sys.addaudithook(lambda event, _: seen.append(event))
files = sorted(Path({str(tmp_path)!r}).glob("*.loom"))
loaded = [load(path) for path in files]
for project in loaded:
    text_of(project)
    core.validation.static_problems(project, DataReport())
bad = {{"exec", "compile", "import", "subprocess.Popen", "os.system", "socket.connect", "os.exec"}}
bad |= {{"os.posix_spawn", "os.remove", "os.rename"}}
print(len(loaded), sorted(bad & set(seen)))
"""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == f"{len(hostile)} []"
