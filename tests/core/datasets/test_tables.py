"""CSV files of people: what is read, and the one sentence for what cannot be."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from core.engine.data import describe, load
from core.project import Data

GOOD = "length,width,kind\n" + "".join(f"{i},{i % 3},{'ab'[i % 2]}\n" for i in range(40))


def written(folder: Path, content: str | bytes, name: str = "points.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def data(path: Path, **values: object) -> Data:
    return Data("Csv", {"path": str(path), **values})


def fault(path: Path, **values: object) -> str:
    said = describe(data(path, **values)).fault
    assert said.endswith(".")
    assert "\n" not in said
    return said


def test_that_a_table_with_text_answers_has_classes(tmp_path: Path) -> None:
    loaded = load(data(written(tmp_path, GOOD)))
    assert loaded.scales["kind"].classes == ("a", "b")
    assert loaded.scales["features"].columns == ("length", "width")
    assert loaded.raw["features"][3].tolist() == [3.0, 0.0]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (GOOD.replace(",", ";"), 40),
        (GOOD.replace(",", "\t"), 40),
        (GOOD.replace(",", "|"), 40),
        ("\ufeff" + GOOD, 40),
        (GOOD.replace("\n", "\r\n"), 40),
        (GOOD.rstrip("\n"), 40),
        ('"length","width","kind"\n' + "".join(f'"{i}","{i % 3}","{"ab"[i % 2]}"\n' for i in range(40)), 40),
        ("length;width;kind\n" + "".join(f"{i},5;{i % 3},25;{'ab'[i % 2]}\n" for i in range(40)), 40),
        ("".join(f"{i},{i % 3},{i % 2}\n" for i in range(40)), 40),
    ],
    ids=[
        "semicolon",
        "tab",
        "bar",
        "byte order mark",
        "windows",
        "no last line end",
        "quotes",
        "decimal comma",
        "no names",
    ],
)
def test_that_tables_are_read_as_spreadsheets_write_them(tmp_path: Path, content: str, rows: int) -> None:
    loaded = load(data(written(tmp_path, content)))
    assert len(loaded.raw["features"]) == rows
    assert loaded.raw["features"].shape[1] == 2
    assert len(loaded.scales[loaded.target].classes) == 2


@pytest.mark.parametrize("blank", ["\n", "\n\n\n", "\r\n\r\n"])
def test_that_blank_lines_are_no_rows(tmp_path: Path, blank: str) -> None:
    head, _, rest = GOOD.partition("\n20,")
    loaded = load(data(written(tmp_path, head + "\n" + blank + "20," + rest + blank)))
    assert loaded.raw["features"].shape == (40, 2)


def test_that_a_row_of_names_may_be_long(tmp_path: Path) -> None:
    names = ",".join(f"gene_{number}" for number in range(12_000))
    rows = "".join("0.5," * 12_000 + f"{'ab'[i % 2]}\n" for i in range(20))
    loaded = load(data(written(tmp_path, f"{names},kind\n{rows}")))
    assert loaded.raw["features"].shape == (20, 12_000)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (GOOD.replace("kind", "features"), "names the column with the answers 'features'"),
        (GOOD + "1,2," + "z" * 100_000 + "\n", "row 42, column 'kind' holds 100,000 characters"),
        (GOOD + "1,2," + "z" * 5_000_000 + "\n", "field larger than field limit"),
        (GOOD + '1,2,"a\n', "save it as CSV again"),
        (GOOD.replace("\n", "\r"), "save it as CSV again"),
    ],
    ids=["features", "long", "longer", "open quote", "old Mac"],
)
def test_that_what_would_break_the_reading_is_said(tmp_path: Path, content: str, said: str) -> None:
    assert said in fault(written(tmp_path, content))


def test_that_decimal_commas_are_numbers(tmp_path: Path) -> None:
    content = "a;b;y\n" + "".join(f"{i},5;1,25;{i % 2}\n" for i in range(40))
    assert load(data(written(tmp_path, content))).raw["features"][2].tolist() == [2.5, 1.25]


def test_that_fractions_are_numbers_and_few_whole_numbers_classes(tmp_path: Path) -> None:
    fractions = "a,y\n" + "".join(f"{i},{i / 3}\n" for i in range(40))
    counted = "a,y\n" + "".join(f"{i},{i % 5}\n" for i in range(40))
    many = "a,y\n" + "".join(f"{i},{i * 7}\n" for i in range(40))
    assert load(data(written(tmp_path, fractions, "f.csv"))).scales["y"].kind == "numbers"
    assert load(data(written(tmp_path, counted, "c.csv"))).scales["y"].classes == ("0", "1", "2", "3", "4")
    assert load(data(written(tmp_path, many, "m.csv"))).scales["y"].kind == "numbers"
    assert load(data(written(tmp_path, counted, "c.csv"), answer="numbers")).scales["y"].kind == "numbers"


def test_that_another_column_can_hold_the_answers(tmp_path: Path) -> None:
    loaded = load(
        data(written(tmp_path, "kind,a,b\n" + "".join(f"{'xy'[i % 2]},{i},2\n" for i in range(40))), target="kind")
    )
    assert loaded.target == "kind"
    assert loaded.scales["features"].columns == ("a", "b")


def changed(row: int, line: str) -> str:
    lines = GOOD.splitlines()
    lines[row - 1] = line
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (changed(12, "ten,1,a"), ["row 12", "'length'", "'ten'", "correct"]),
        (changed(7, "5,,a"), ["1 value is missing", "row 7", "'width'", "fill them in"]),
        (changed(7, "5,NA,a"), ["1 value is missing", "row 7"]),
        (changed(9, "5,1,"), ["1 value is missing", "row 9", "'kind'"]),
        (changed(7, "5,1"), ["row 7", "2 values where 3 columns"]),
        (changed(7, "5,1,a,b"), ["row 7", "4 values where 3 columns"]),
        (changed(7, "inf,1,a"), ["row 7", "not a finite number"]),
        (changed(7, "1e300,1,a"), ["row 7", "not a finite number"]),
        (changed(7, "NaN,1,a"), ["missing", "row 7"]),
        ("", ["is empty"]),
        ("\n\n", ["is empty"]),
        ("a,b,kind\n", ["no rows"]),
        ("only\n1\n2\n", ["only one column"]),
        ("a,a,kind\n1,2,x\n3,4,y\n", ["two columns named 'a'"]),
        ("a,kind\n" + "1,x\n" * 30, ["one class 'x'"]),
        ("a,kind\n1,x\n2,y\n", ["2 rows, too few for the split"]),
        (GOOD.encode() + b"1,2,\xff\xfe\n", ["UTF-8", "row 42"]),
        (GOOD.encode("utf-16"), ["UTF-8"]),
        (b"PK\x03\x04\x00\x00" * 50, ["is not a text file"]),
    ],
    ids=[
        "text", "hole", "NA", "no answer", "short row", "long row", "inf", "too large", "NaN", "empty", "blank",
        "names only", "one column", "double name", "one class", "too few", "bad byte", "utf-16", "binary",
    ],
)  # fmt: skip
def test_that_a_table_that_cannot_be_used_is_said_with_its_place(
    tmp_path: Path, content: str | bytes, words: list[str]
) -> None:
    said = fault(written(tmp_path, content))
    assert "points.csv" in said
    for word in words:
        assert word in said


def test_that_a_file_that_is_not_there_or_a_folder_is_said(tmp_path: Path) -> None:
    assert "there is no such file" in fault(tmp_path / "absent.csv")
    assert "is a folder" in fault(tmp_path)
    assert "not a whole path" in fault(Path("points.csv"))
    assert "No CSV file is chosen" in describe(Data("Csv")).fault
    assert "no column 'z'" in fault(written(tmp_path, GOOD), target="z")
    assert (
        "cannot be opened" in describe(Data("Csv", {"path": "/a\0b.csv"})).fault
        or "no file can have" in describe(Data("Csv", {"path": "/a\0b.csv"})).fault
    )


def test_that_a_file_without_permission_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, GOOD)
    path.chmod(0)
    if os.access(path, os.R_OK):  # root reads everything: let the system refuse in its place
        original = Path.open

        def refuse(self: Path, *rest: object, **said: object) -> object:
            if self == path:
                raise PermissionError(13, "Permission denied")
            return original(self, *rest, **said)  # type: ignore[call-overload]

        monkeypatch.setattr(Path, "open", refuse)
    assert "you have no permission" in fault(path)


def test_that_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    before = load(data(path))
    assert load(data(path)) is before
    path.write_text(GOOD + "100,2,c\n" * 4)
    after = load(data(path))
    assert after.scales["kind"].classes == ("a", "b", "c")
    assert after.content_hash != before.content_hash


def test_that_a_class_that_training_never_shows_is_noted(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD + "7,1,z\n")
    report = describe(Data("Csv", {"path": str(path)}, {"validation": 0.9, "test": 0.0}))
    assert "no training row is of the class z" in report.notes[0]
    assert describe(Data("Csv", {"path": str(path)})).notes == ()


def test_that_the_exported_loader_reads_the_same_table(tmp_path: Path) -> None:
    from core.datasets import loading

    content = "a;b;y\n" + "".join(f"{i},5;{i % 7},25;{'uvw'[i % 3]}\n" for i in range(60))
    made = data(written(tmp_path, content))
    text = loading(made)
    alone: dict[str, object] = {}
    exec("\n".join(text.imports) + "\n" + text.functions, alone)
    found, ours = alone["load"](), load(made).parts  # type: ignore[operator]
    assert "polars" in text.needs
    for part, fields in ours.items():
        for name, values in fields.items():
            assert np.array_equal(found[part][name], values)


def test_that_fractions_taken_as_classes_keep_their_names(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b,y\n" + "".join(f"{i},{i % 5},{(0.2, 0.7, 1.5)[i % 3]}\n" for i in range(60)))
    assert load(data(path, answer="classes")).scales["y"].classes == ("0.2", "0.7", "1.5")
