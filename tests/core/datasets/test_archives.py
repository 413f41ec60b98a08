"""NPZ archives of people: what is read, and what is refused before it can do harm."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.datasets import loading
from core.engine.data import describe, load
from core.project import Data

IMAGE = np.random.default_rng(0).normal(size=(40, 1, 4, 4)).astype(np.float32)
LABEL = np.arange(40) % 3


def saved(folder: Path, **arrays: np.ndarray) -> Path:
    path = folder / "things.npz"
    np.savez(path, **arrays)  # type: ignore[arg-type]
    return path


def data(path: Path, **values: object) -> Data:
    return Data("Npz", {"path": str(path), **values})


def fault(path: Path, **values: object) -> str:
    said = describe(data(path, **values)).fault
    assert said.endswith(".")
    assert "\n" not in said
    assert path.name in said
    return said


def test_that_arrays_become_fields(tmp_path: Path) -> None:
    loaded = load(data(saved(tmp_path, image=IMAGE, label=LABEL)))
    assert loaded.target == "label"
    assert loaded.report.fields[0].spec.shape == ("N", 1, 4, 4)
    assert loaded.scales["label"].classes == ("0", "1", "2")


def test_that_fractions_are_numbers_and_text_is_classes(tmp_path: Path) -> None:
    numbers = load(data(saved(tmp_path, x=IMAGE, y=LABEL / 3)))
    assert numbers.parts["training"]["y"].shape[1:] == (1,)
    words = load(data(saved(tmp_path, x=IMAGE, y=np.array(["a", "b"] * 20))))
    assert words.scales["y"].classes == ("a", "b")


def test_that_shares_as_answers_stay_as_they_are_in_app_and_script(tmp_path: Path) -> None:
    shares = np.eye(3, dtype=np.float32)[LABEL]
    chosen = data(saved(tmp_path, image=IMAGE, label=shares), target="label")
    loaded = load(chosen)
    assert set(np.unique(loaded.parts["training"]["label"])) == {0.0, 1.0}
    text = loading(chosen)
    place: dict[str, Any] = {}
    exec("\n".join(text.imports) + "\n" + text.functions, place)
    assert np.array_equal(place["load"]()["training"]["label"], loaded.parts["training"]["label"])


def test_that_indices_stay_whole_numbers(tmp_path: Path) -> None:
    path = saved(tmp_path, tokens=np.arange(160).reshape(40, 4), y=LABEL)
    assert load(data(path)).parts["training"]["tokens"].dtype == np.float32
    whole = load(data(path, indices="tokens"))
    assert whole.parts["training"]["tokens"].dtype == np.int64
    assert "has no array 'words'" in fault(path, indices="words")


def test_that_the_exported_loader_reads_the_same_arrays(tmp_path: Path) -> None:
    from core.datasets import loading

    made = data(saved(tmp_path, image=IMAGE, tokens=np.arange(160).reshape(40, 4), y=LABEL), indices="tokens")
    text = loading(made)
    alone: dict[str, Callable[[], dict[str, dict[str, np.ndarray]]]] = {}
    exec("\n".join(text.imports) + "\n" + text.functions, alone)
    found = alone["load"]()
    for part, fields in load(made).parts.items():
        for name, values in fields.items():
            assert found[part][name].dtype == values.dtype
            assert np.array_equal(found[part][name], values)


class Danger:
    """Would make a folder if it were ever unpickled."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (__import__("os").mkdir, (str(self.place),))


def test_that_pickled_content_is_refused_and_never_run(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    held = np.empty(2, dtype=object)
    held[:] = [Danger(trap), 1]
    path = tmp_path / "things.npz"
    np.savez(path, image=held, label=LABEL[:2])  # numpy pickles it without a word
    assert "Python objects" in fault(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("image.npy", pickle.dumps(Danger(trap)))
    assert "cannot be read" in fault(path)
    assert not trap.exists()


def member(shape: str, descr: str = "'<f4'", content: bytes = b"") -> bytes:
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + content


def archive(path: Path, *members: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    return path


def array(values: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, values)
    return file.getvalue()


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ([("x.npy", member("(99999999999,)")), ("y.npy", array(LABEL))], "has not the content"),
        ([("x.npy", array(np.zeros(20_000_000, np.float32))), ("y.npy", array(LABEL))], "as only a trap does"),
        ([("../x.npy", array(LABEL)), ("y.npy", array(LABEL))], "is no array"),
        ([("x.txt", b"hello")], "is no array"),
        ([("x.npy", b"hello there")], "cannot be read"),
        ([("x.npy", member("(" + "1," * 6000 + ")", content=b""))], "cannot be read"),
        ([("x.npy", array(LABEL))], "only the array"),
        ([], "no arrays"),
        ([("x.npy", array(IMAGE[:5])), ("y.npy", array(LABEL))], "5 rows, but 'y' has 40"),
        ([("x.npy", array(np.array(1.0))), ("y.npy", array(LABEL))], "single value"),
        ([("x.npy", array(IMAGE.astype(complex))), ("y.npy", array(LABEL))], "complex"),
        ([("x.npy", array(np.where(IMAGE > 2, np.nan, IMAGE))), ("y.npy", array(LABEL))], "NaN (not a number) in row"),
        ([("x.npy", array(IMAGE)), ("y.npy", array(LABEL * 0))], "one class '0'"),
        ([("x.npy", array(IMAGE[:0])), ("y.npy", array(LABEL[:0]))], "no rows"),
    ],
    ids=[
        "huge header", "bomb", "path", "text", "garbage", "long header", "one array", "nothing", "lengths", "number",
        "complex", "NaN", "one class", "no rows",
    ],
)  # fmt: skip
def test_that_a_hostile_or_broken_archive_gives_one_sentence(
    tmp_path: Path, members: list[tuple[str, bytes]], words: str
) -> None:
    assert words in fault(archive(tmp_path / "things.npz", *members))


def test_that_a_cut_or_flipped_archive_gives_one_sentence(tmp_path: Path) -> None:
    path = saved(tmp_path, image=IMAGE, label=LABEL)
    whole = path.read_bytes()
    for size in range(0, len(whole), 97):
        path.write_bytes(whole[:size])
        assert "things.npz" in fault(path)
    random = np.random.default_rng(1)
    for _ in range(150):
        broken = bytearray(whole)
        broken[int(random.integers(len(whole)))] ^= 1 << int(random.integers(8))
        path.write_bytes(broken)
        report = describe(data(path))  # damage in padding or times is harmless; nothing else may pass
        assert report.fault == "" or "things.npz" in report.fault


def test_that_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "things.npz"
    with pytest.warns(UserWarning, match="Duplicate"):
        archive(path, ("x.npy", array(LABEL)), ("x.npy", array(LABEL)))
    assert "two members of one name" in fault(path)
