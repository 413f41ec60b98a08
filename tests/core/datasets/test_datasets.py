"""Every data set that can be chosen: declared once, loaded for real, and written into scripts that agree."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from core.datasets import DATASETS, FAMILIES, DataFault, declared, loading
from core.engine.data import PARTS, describe, load
from core.engine.fault import Fault
from core.parameters import parameters
from core.project import Data

INSIDE = [name for name, each in DATASETS.items() if each.family != "files"]
EXPECTED = {
    "Digits": (1797, {"image": (1, 8, 8), "label": ()}, 10),
    "Iris": (150, {"features": (4,), "label": ()}, 3),
    "Wine": (178, {"features": (13,), "label": ()}, 3),
    "BreastCancer": (569, {"features": (30,), "label": ()}, 2),
    "Diabetes": (442, {"features": (10,), "progression": (1,)}, 0),
    "Moons": (600, {"point": (2,), "label": ()}, 2),
    "Circles": (600, {"point": (2,), "label": ()}, 2),
    "Spirals": (1000, {"point": (2,), "label": ()}, 2),
    "Xor": (400, {"point": (2,), "label": ()}, 2),
    "Blobs": (600, {"point": (2,), "label": ()}, 4),
}


def test_that_every_data_set_is_declared_with_title_words_and_help() -> None:
    assert {"Digits", "Iris", "Wine", "BreastCancer", "Diabetes", "Csv", "Npz"} <= set(DATASETS)
    for each in DATASETS.values():
        assert each.title
        assert each.about.endswith((".", "?", "!"))
        assert each.family in FAMILIES
        assert all(parameter.help for parameter in parameters(each))


@pytest.mark.parametrize("name", INSIDE)
def test_that_a_data_set_holds_what_it_says(name: str) -> None:
    rows, shapes, classes = EXPECTED[name]
    report = describe(Data(name))
    assert report.fault == ""
    assert report.training + report.validation + report.test == rows
    assert {field.name: field.spec.shape for field in report.fields} == {
        field: ("N", *shape) for field, shape in shapes.items()
    }
    target = next(field for field in report.fields if field.role == "target")
    assert len(target.classes) == target.spec.classes == classes
    assert target.spec.dtype == ("int64" if classes else "float32")


@pytest.mark.parametrize("name", INSIDE)
def test_that_the_exported_loader_alone_gives_the_same_bits_as_the_application(name: str) -> None:
    for split in ({}, {"normalise": "range", "seed": 3, "stratify": False}, {"normalise": "none", "test": 0.0}):
        data = Data(name, split=split)
        text = loading(data)
        alone: dict[str, Any] = {}
        exec("\n".join(text.imports) + "\n" + text.functions, alone)
        assert "core" not in text.functions
        found, ours = alone["load"](), load(data).parts
        assert list(found) == list(PARTS)
        for part in PARTS:
            for field, values in ours[part].items():
                assert found[part][field].dtype == values.dtype
                assert found[part][field].tobytes() == values.tobytes()


@pytest.mark.parametrize("name", INSIDE)
def test_that_inputs_are_scaled_by_the_training_part_alone(name: str) -> None:
    loaded = load(Data(name))
    field = next(field for field in loaded.raw if field != loaded.target)
    values = loaded.parts["training"][field].astype(np.float64)
    axes = 0 if values.ndim == 2 else None
    assert np.abs(values.mean(axes)).max() < 1e-5
    assert np.abs(values.std(axes) - 1).max() < 1e-4
    assert values.dtype == np.float64
    assert loaded.parts["training"][field].dtype == np.float32


def test_that_the_parts_never_share_a_row() -> None:
    loaded = load(Data("Digits"))
    rows = np.concatenate([loaded.rows[part] for part in PARTS])
    assert sorted(rows.tolist()) == list(range(1797))


def test_that_regression_targets_are_scaled_and_come_back_in_the_units_of_the_data() -> None:
    loaded = load(Data("Diabetes"))
    target = loaded.parts["training"]["progression"]
    assert abs(float(target.mean())) < 1e-5
    back = loaded.scales["progression"].undo(target.astype(np.float64))
    assert np.allclose(back, loaded.raw["progression"][loaded.rows["training"]], atol=1e-3)


def test_that_a_field_says_the_least_and_the_greatest_raw_value() -> None:
    image = describe(Data("Digits")).fields[0]
    assert (image.low, image.high) == (0.0, 16.0)


def test_that_reading_twice_answers_from_memory() -> None:
    assert load(Data("Iris")) is load(Data("Iris"))
    assert load(Data("Iris")) is not load(Data("Iris", split={"seed": 1}))


def test_that_the_content_hash_follows_data_and_split() -> None:
    first = load(Data("Moons")).content_hash
    assert load(Data("Moons", {"seed": 1})).content_hash != first
    assert load(Data("Moons", split={"seed": 1})).content_hash != first
    assert load(Data("Moons", {"seed": 0})).content_hash == first


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (Data(), "No data set is chosen"),
        (Data("Digitz"), "There is no data set 'Digitz'"),
        (Data("Moons", {"n": -5}), "n must be a whole number"),
        (Data("Moons", {"m": 5}), "There is no parameter m"),
        (Data("Moons", split={"validation": 7}), "validation must be a number"),
        (Data("Moons", split={"validation": 0.9, "test": 0.5}), "leaves nothing to train on"),
        (Data("Moons", {"n": 8}, {"validation": 0.01}), "validation part would be empty"),
    ],
)
def test_that_settings_that_cannot_work_give_one_sentence(data: Data, words: str) -> None:
    report = describe(data)
    assert words in report.fault
    assert report.fault.count("\n") == 0
    with pytest.raises(Fault):
        load(data)


def test_that_declarations_are_frozen_values() -> None:
    made = declared(Data("Moons", {"n": 10}))
    assert made == declared(Data("Moons", {"n": 10}))
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.n = 11  # type: ignore[attr-defined]
    with pytest.raises(DataFault):
        declared(Data("Nothing"))
