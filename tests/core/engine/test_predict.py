"""A trained network at work: the test part, files of new rows, pictures, numbers by hand."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.engine.control import Controls
from core.engine.data import load
from core.engine.fault import Fault
from core.engine.fit import fit
from core.engine.predict import attempt, evaluate, predict
from core.engine.trial import Choices
from core.examples import example_project
from core.graph import with_value
from core.messages import Evaluate, Predict, Train, Try
from core.project import Data, Project

SPECIES = ("setosa", "versicolor", "virginica")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A run of an example, trained once for all tests."""
    made: dict[str, str] = {}

    def of(name: str, epochs: int) -> str:
        if name not in made:
            project = example_project(name)
            folder = tmp_path_factory.mktemp(name)
            settings = {**project.training, "epochs": epochs}
            told = Project(project.graph, project.data, settings, project.seed)
            fit(Train(told, str(folder)), lambda event: None, Controls(), Choices(1))
            made[name] = str(folder)
        return made[name]

    return of


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_that_each_use_of_the_test_part_is_recorded(run: Any) -> None:
    folder = run("digits", 3)
    sent: list[Any] = []
    first = evaluate(Evaluate(Project(), folder), sent.append)
    again = evaluate(Evaluate(Project(), folder))
    assert first.metrics == again.metrics
    assert first.metrics["test_accuracy"] > 0.9
    assert (first.uses, again.uses) == (1, 2)
    assert sent == [first]
    recorded = json.loads((Path(folder) / "run.json").read_text())["evaluations"]
    assert [each["metrics"] for each in recorded] == [first.metrics, first.metrics]
    assert recorded[1]["time"] >= recorded[0]["time"] > 1.7e9


def test_that_the_test_part_is_not_measured_on_other_data(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("a,b,kind\n" + "".join(f"{i},{i % 5},{'ab'[i % 2]}\n" for i in range(60)))
    project = example_project("iris")
    graph = with_value(with_value(project.graph, "label", "field", "kind"), "linear2", "out_features", 2)
    told = Project(graph, Data("Csv", {"path": str(path)}), {"epochs": 2})
    fit(Train(told, str(tmp_path / "run")), lambda event: None, Controls(), Choices(1))
    assert evaluate(Evaluate(told, str(tmp_path / "run"))).uses == 1
    path.write_text(path.read_text() + "3,3,a\n" * 5)
    with pytest.raises(Fault, match="The data has changed since the run"):
        evaluate(Evaluate(told, str(tmp_path / "run")))


def test_that_rows_of_a_table_are_predicted_with_probabilities(run: Any, tmp_path: Path) -> None:
    folder, loaded = run("iris", 30), load(example_project("iris").data)
    columns = loaded.scales["features"].columns
    table = tmp_path / "flowers.csv"
    lines = [",".join(map(str, row)) for row in loaded.raw["features"].tolist()]
    table.write_text(",".join(columns) + "\n" + "\n".join(lines) + "\n")
    done = predict(Predict(Project(), folder, str(table), str(tmp_path / "out.csv")))
    assert (done.rows, done.out) == (150, str(tmp_path / "out.csv"))
    found = rows_of(tmp_path / "out.csv")
    assert list(found[0]) == [
        "row",
        "label",
        *(f"probability of {name}" for name in ("setosa", "versicolor", "virginica")),
    ]
    right = np.mean([row["label"] == label for row, label in zip(found, loaded.raw["label"], strict=True)])
    assert right > 0.9
    assert sum(float(found[0][name]) for name in list(found[0])[2:]) == pytest.approx(1, abs=1e-4)


def test_that_columns_are_found_by_name_in_any_order(run: Any, tmp_path: Path) -> None:
    folder, loaded = run("iris", 30), load(example_project("iris").data)
    columns, rows = list(loaded.scales["features"].columns), loaded.raw["features"][:20].tolist()
    straight, turned = tmp_path / "straight.csv", tmp_path / "turned.csv"
    straight.write_text(";".join(columns) + "\n" + "".join(";".join(map(str, row)) + "\n" for row in rows))
    turned.write_text(
        ",".join(["name", *columns[::-1]])
        + "\n"
        + "".join(",".join(["x", *map(str, row[::-1])]) + "\n" for row in rows)
    )
    for path in (straight, turned):
        predict(Predict(Project(), folder, str(path), str(path.with_suffix(".out"))))
    assert straight.with_suffix(".out").read_text() == turned.with_suffix(".out").read_text()


def test_that_archives_are_predicted(run: Any, tmp_path: Path) -> None:
    raw = load(example_project("digits").data).raw
    np.savez(tmp_path / "digits.npz", image=raw["image"][:100])
    done = predict(Predict(Project(), run("digits", 3), str(tmp_path / "digits.npz"), str(tmp_path / "out.csv")))
    found = rows_of(tmp_path / "out.csv")
    assert done.rows == 100
    assert np.mean([int(row["label"]) == label for row, label in zip(found, raw["label"], strict=False)]) > 0.9


def test_that_numbers_are_predicted_in_the_units_of_the_data(run: Any, tmp_path: Path) -> None:
    folder, loaded = run("diabetes", 20), load(example_project("diabetes").data)
    np.savez(tmp_path / "patients.npz", features=loaded.raw["features"])
    predict(Predict(Project(), folder, str(tmp_path / "patients.npz"), str(tmp_path / "out.csv")))
    found = np.array([float(row["progression"]) for row in rows_of(tmp_path / "out.csv")])
    assert np.corrcoef(found, loaded.raw["progression"][:, 0])[0, 1] > 0.6
    assert 80 < found.mean() < 220


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("absent.csv", None, "there is no such file"),
        ("empty.csv", "", "is empty"),
        ("wide.csv", "a,b,c,d,e\n1,2,3,4,5\n", "expected 4 numbers for features"),
        ("text.csv", "a,b,c,d\n1,2,x,4\n", "row 2, column 'c' holds 'x' where a number belongs"),
        ("hole.csv", "a,b,c,d\n1,2,,4\n", "row 2, column 'c' is empty"),
        ("short.csv", "a,b,c,d\n1,2,3\n", "row 2 has 3 values"),
        ("names.csv", "a,b,c,d\n", "no rows"),
        ("broken.npz", "hello", "not a whole NPZ archive"),
        ("picture.png", "hello", "is a picture, but the network takes features"),
    ],
)
def test_that_data_that_does_not_fit_gives_one_sentence_naming_the_file(
    run: Any, tmp_path: Path, name: str, content: str | None, words: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    with pytest.raises(Fault) as refused:
        predict(Predict(Project(), run("iris", 30), str(path), str(tmp_path / "out.csv")))
    assert words in refused.value.message
    assert name in refused.value.message
    assert "\n" not in refused.value.message
    assert not (tmp_path / "out.csv").exists()


def test_that_a_table_for_another_network_is_refused(run: Any, tmp_path: Path) -> None:
    table = tmp_path / "points.csv"
    table.write_text("x,y,label\n" + "\n".join(f"{i},{i},a" for i in range(30)) + "\n")
    with pytest.raises(Fault, match=r"points\.csv does not fit the network: expected 64 numbers for image"):
        predict(Predict(Project(), run("digits", 3), str(table), str(tmp_path / "out.csv")))


def test_that_a_place_that_cannot_be_written_is_said(run: Any, tmp_path: Path) -> None:
    np.savez(tmp_path / "digits.npz", image=np.zeros((2, 1, 8, 8)))
    with pytest.raises(Fault, match=r"absent.*was not written: there is no such file or folder"):
        predict(Predict(Project(), run("digits", 3), str(tmp_path / "digits.npz"), str(tmp_path / "absent" / "o.csv")))


@pytest.mark.parametrize("name", ["run.json", "project.loom", "best.safetensors"])
def test_that_a_run_folder_with_a_part_missing_or_broken_gives_one_sentence(
    run: Any, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(run("digits", 3), folder)
    (folder / name).write_bytes(b"{broken")
    with pytest.raises(Fault, match=re.escape(name)):
        attempt(Try(Project(), str(folder), {"image": [0.0] * 64}))
    (folder / name).unlink()
    (folder / "last.safetensors").unlink()
    with pytest.raises(Fault):
        attempt(Try(Project(), str(folder), {"image": [0.0] * 64}))


def test_that_one_row_by_hand_is_answered(run: Any) -> None:
    raw = load(example_project("digits").data).raw
    right = 0
    for row in range(30):
        said = attempt(Try(Project(), run("digits", 3), {"image": raw["image"][row].reshape(-1).tolist()}))
        assert said.classes == tuple("0123456789")
        assert sum(said.output) == pytest.approx(1, abs=1e-5)
        right += int(np.argmax(said.output)) == raw["label"][row]
    assert right >= 27
    number = attempt(
        Try(
            Project(),
            run("diabetes", 20),
            {"features": load(example_project("diabetes").data).raw["features"][0].tolist()},
        )
    )
    assert number.names == ("progression",)
    assert 25 < number.output[0] < 350


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "nothing was given"),
        ({"image": [1.0]}, "64 numbers for image"),
        ({"image": [float("nan")] * 64}, "not a finite number"),
    ],
)
def test_that_values_that_do_not_fit_are_said(run: Any, values: dict[str, list[float]], words: str) -> None:
    with pytest.raises(Fault, match=words):
        attempt(Try(Project(), run("digits", 3), values))


@pytest.mark.parametrize("paper", ["dark", "light", "clear", "wide"])
def test_that_a_picture_of_a_digit_is_read_on_any_paper(run: Any, tmp_path: Path, paper: str) -> None:
    raw = load(example_project("digits").data).raw
    right, rows = 0, range(0, 60, 2)
    for row in rows:
        ink = np.kron(raw["image"][row, 0] / 16, np.ones((24, 24)))
        grey = (ink * 255).astype(np.uint8)
        if paper == "light":
            image = Image.fromarray(255 - np.pad(grey, 60))
        elif paper == "clear":
            image = Image.fromarray(np.dstack([np.zeros_like(grey)] * 3 + [grey]))
        else:
            image = Image.fromarray(np.pad(grey, ((10, 10), (200, 40))) if paper == "wide" else grey)
        image.save(tmp_path / "digit.png")
        said = attempt(Try(Project(), run("digits", 3), {}, str(tmp_path / "digit.png")))
        right += int(np.argmax(said.output)) == raw["label"][row]
    assert right >= 0.8 * len(rows)


def test_that_a_picture_that_is_none_or_too_large_is_said(run: Any, tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"no picture")
    with pytest.raises(Fault, match=r"x\.png is not a picture that can be read"):
        attempt(Try(Project(), run("digits", 3), {}, str(tmp_path / "x.png")))
    Image.new("1", (8000, 7000)).save(tmp_path / "large.png")
    with pytest.raises(Fault, match=r"large\.png has 8,000 by 7,000 points"):
        attempt(Try(Project(), run("digits", 3), {}, str(tmp_path / "large.png")))


def test_that_blank_paper_is_answered_too(run: Any, tmp_path: Path) -> None:
    Image.new("L", (100, 100), 255).save(tmp_path / "blank.png")
    assert len(attempt(Try(Project(), run("digits", 3), {}, str(tmp_path / "blank.png"))).output) == 10
