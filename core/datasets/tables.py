"""CSV files: what they look like is found out once, they are read by polars, and a fault is named with its place."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from core.datasets.dataset import Arrays, DataFault, DataSet
from core.datasets.files import readable
from core.parameters import parameter

DELIMITERS = {",": ",", ";": ";", "tab": "\t", "|": "|", "space": " "}
MISSING = ("", "na", "n/a", "nan", "null", "none", "?", "-")
MOST_CLASSES = 20
"""Whole numbers in a target count classes up to so many different ones (the usual rule of thumb)."""
LONGEST_CELL = 1000
"""Characters: numpy gives every row the room of the longest answer, so one long cell would take all memory."""
LONGEST_LINE = 1 << 24


def read_csv(
    path: str, target: str, delimiter: str, header: bool, decimal_comma: bool, classes: bool
) -> dict[str, np.ndarray[Any, Any]]:
    """The rows of a CSV file: the target under its own name, every other column in `features`."""
    import polars as pl

    table = pl.read_csv(
        path, separator=delimiter, has_header=header, decimal_comma=decimal_comma, infer_schema_length=None
    )
    # A blank line, as many programs leave at the end, is no row.
    table = table.filter(~pl.all_horizontal(pl.all().is_null()))
    if not header:
        table.columns = [f"column_{number}" for number in range(1, table.width + 1)]
    features = table.drop(target).to_numpy().astype(np.float32)
    answers = table[target].to_numpy()
    if not classes:
        return {"features": features, target: answers.astype(np.float32)[:, None]}
    if answers.dtype.kind == "f":
        whole = answers.astype(np.int64)
        answers = whole if (whole == answers).all() else answers.astype(str)
    return {"features": features, target: answers.astype(str) if answers.dtype.kind == "O" else answers}


class Csv(DataSet, title="CSV table", family="files", loader=read_csv, needs=("polars",)):
    """A table of your own, as text: one row a line, one column the answer."""

    path: str = parameter("", "The file.", kind="path", suffixes=(".csv", ".tsv", ".txt"))
    target: str = parameter("", "The column with the right answers; empty for the last one.")
    delimiter: str = parameter(
        "auto",
        "What stands between two columns; auto finds it out.",
        choices=("auto", *DELIMITERS),
        rare=True,
    )
    answer: str = parameter(
        "auto",
        "Whether the answers are classes or numbers; auto takes text and up to 20 whole numbers as classes.",
        choices=("auto", "classes", "numbers"),
        rare=True,
    )

    @property
    def file(self) -> Path | None:
        """The CSV file."""
        return Path(self.path).expanduser() if self.path else None

    def arguments(self) -> dict[str, Any]:
        """The path, and everything about the file that was found out by looking."""
        return _arguments(self, layout_of(readable(self.file, "CSV file"), DELIMITERS.get(self.delimiter)))

    def arrays(self) -> Arrays:
        """The features and the answers; a fault names row and column."""
        layout = layout_of(readable(self.file, "CSV file"), DELIMITERS.get(self.delimiter))
        said = _arguments(self, layout)
        _refuse_long_answers(layout, said["target"])
        try:
            with np.errstate(invalid="raise"):
                found = read_csv(**said)
        except Exception as error:
            raise _located(layout, said["target"], said["classes"]) or DataFault(
                f"{layout.path} cannot be read as a table: {str(error).splitlines()[0][:200]}; save it as CSV again, "
                "with each row on a line of its own and every quote closed."
            ) from None
        if not np.isfinite(found["features"]).all() or _has_holes(found[said["target"]]):
            raise _located(layout, said["target"], said["classes"]) or DataFault(
                f"{layout.path} holds numbers that are too large or not numbers; correct or remove those rows."
            )
        return found

    def target_field(self, arrays: Arrays) -> str:
        """The column with the answers."""
        return next(name for name in arrays if name != "features")

    def columns(self) -> tuple[str, ...]:
        """Every column but the answers."""
        layout = layout_of(readable(self.file, "CSV file"), DELIMITERS.get(self.delimiter))
        target = _target(self, layout)
        return tuple(name for name in layout.columns if name != target)


class Layout(msgspec.Struct, frozen=True):
    """What a look at a CSV file shows."""

    path: Path
    delimiter: str
    columns: tuple[str, ...]
    header: bool
    decimal_comma: bool


def layout_of(path: Path, delimiter: str | None = None, least_columns: int = 2) -> Layout:
    """Delimiter, names of the columns and decimal comma, from the first fifty lines; raises DataFault."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            # Whole lines: a row of names may be long, and cut off it would hold names that are not there.
            first = itertools.islice(iter(lambda: file.readline(LONGEST_LINE), ""), 50)
            sample = "".join(first)
            if "\0" in sample:
                raise DataFault(f"{path} is not a text file (it holds zero bytes); save the table as CSV in UTF-8.")
        lines = [line for line in sample.splitlines()[:50] if line.strip()]
        delimiter = delimiter or _delimiter(lines)
        cells = list(csv.reader(lines, delimiter=delimiter))
    except UnicodeDecodeError as error:
        raise _not_text(path, error) from None
    except csv.Error as error:
        raise DataFault(f"{path} cannot be read as a table: {error}; save it as CSV again.") from None
    rows = len(cells)
    if rows == 0:
        raise DataFault(f"{path} is empty; choose a CSV file with a line of names and one row for each sample.")
    comma = delimiter == ";" and any(re.fullmatch(r"-?\d+,\d+", cell.strip()) for row in cells for cell in row)
    header = not any(_is_number(cell, comma) for cell in cells[0])
    if header:
        columns = tuple(name for name in cells[0])
        twice = next((name for name in columns if columns.count(name) > 1), None)
        if twice is not None:
            raise DataFault(f"{path} has two columns named {twice!r} in its first row; give each a name of its own.")
    else:
        columns = tuple(f"column_{index + 1}" for index in range(len(cells[0])))
    if len(columns) < least_columns:
        raise DataFault(
            f"{path} has only one column as read with {_shown(delimiter)} between columns; a table needs features "
            "and an answer, so choose the delimiter or another file."
        )
    if rows - header < 1:
        raise DataFault(f"{path} has a line of names, but no rows below it; add one row for each sample.")
    return Layout(path, delimiter, columns, header, comma)


def _delimiter(lines: list[str]) -> str:
    """The delimiter that gives the most columns, the same number in every line."""

    def worth(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        common = max(set(widths), key=widths.count) if widths else 1
        return (widths.count(common) * (common > 1), common)

    return max(DELIMITERS.values(), key=worth)


def _arguments(declared: Csv, layout: Layout) -> dict[str, Any]:
    target = _target(declared, layout)
    return {
        "path": str(layout.path),
        "target": target,
        "delimiter": layout.delimiter,
        "header": layout.header,
        "decimal_comma": layout.decimal_comma,
        "classes": _classes(declared, layout, target),
    }


def _target(declared: Csv, layout: Layout) -> str:
    target = declared.target or layout.columns[-1]
    if target == "features":
        raise DataFault(
            f"{layout.path} names the column with the answers 'features', which is what the other columns together are "
            "called here; give it another name."
        )
    if not declared.target:
        return target
    if declared.target not in layout.columns:
        shown = ", ".join(layout.columns[:12]) + (", ..." if len(layout.columns) > 12 else "")
        raise DataFault(f"{layout.path} has no column {declared.target!r} for the answers; choose one of {shown}.")
    return declared.target


def _classes(declared: Csv, layout: Layout, target: str) -> bool:
    if declared.answer != "auto":
        return declared.answer == "classes"
    column = layout.columns.index(target)
    seen: dict[str, int] = {}
    for _, row in rows_of(layout):
        if len(row) > column and (cell := row[column].strip()).lower() not in MISSING:
            number = number_in(cell, layout.decimal_comma)
            if number is None:
                return True
            if number != int(number) if abs(number) < 1e15 else True:
                return False
            seen[cell] = seen.get(cell, 0) + 1
            if len(seen) > MOST_CLASSES:
                return False
    return sum(seen.values()) >= 2 * len(seen)


def rows_of(layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """Each row below the names with its number, counted from 1 as a spreadsheet counts."""
    try:
        with layout.path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.reader(file, delimiter=layout.delimiter), 1):
                if row and number > layout.header:
                    yield number, row
    except UnicodeDecodeError as error:
        raise _not_text(layout.path, error) from None
    except csv.Error as error:
        raise DataFault(f"{layout.path} cannot be read as a table: {error}; save it as CSV again.") from None


def _located(layout: Layout, target: str, classes: bool) -> DataFault | None:
    """The first fault of a table with row and column: ragged rows, text where numbers belong, missing values."""
    holes: list[tuple[int, str]] = []
    for number, row in rows_of(layout):
        if len(row) != len(layout.columns):
            return DataFault(
                f"{layout.path}: row {number} has {len(row)} values where {len(layout.columns)} columns are expected; "
                "correct that row, or put text that holds the delimiter in quotes."
            )
        for name, cell in zip(layout.columns, row, strict=True):
            word = cell.strip()
            if word.lower() in MISSING:
                holes.append((number, name))
            elif not (classes and name == target):
                value = number_in(word, layout.decimal_comma)
                if value is None:
                    return DataFault(_wrong_text(layout, number, name, word))
                if not abs(value) < 3e38:
                    return DataFault(
                        f"{layout.path}: row {number}, column {name!r} holds {word[:40]}, which is not a finite number "
                        "of single precision; correct or remove that row."
                    )
    if not holes:
        return None
    number, name = holes[0]
    values = "value is" if len(holes) == 1 else "values are"
    return DataFault(
        f"{layout.path}: {len(holes):,} {values} missing, the first in row {number}, column {name!r}; fill them in, or "
        "remove those rows or that column."
    )


def _refuse_long_answers(layout: Layout, target: str) -> None:
    column = layout.columns.index(target)
    for number, row in rows_of(layout):
        if len(row) > column and len(row[column]) > LONGEST_CELL:
            raise DataFault(
                f"{layout.path}: row {number}, column {target!r} holds {len(row[column]):,} characters, too many for "
                f"the name of a class (up to {LONGEST_CELL:,}); correct that value, or close the quote before it."
            )


def _wrong_text(layout: Layout, number: int, name: str, word: str) -> str:
    return (
        f"{layout.path}: row {number}, column {name!r} holds the text {word[:40]!r} where a number belongs; correct "
        "that value, or remove the column (text can only be the answer)."
    )


def _has_holes(answers: np.ndarray[Any, Any]) -> bool:
    if answers.dtype.kind == "f":
        return not bool(np.isfinite(answers).all())
    return answers.dtype.kind in "US" and any(str(each).strip().lower() in MISSING for each in np.unique(answers))


def number_in(cell: str, comma: bool) -> float | None:
    """The number that a cell holds, or None."""
    try:
        return float(cell.replace(",", ".") if comma else cell)
    except ValueError:
        return None


def _is_number(cell: str, comma: bool) -> bool:
    return number_in(cell.strip(), comma) is not None


def _shown(delimiter: str) -> str:
    return {"\t": "a tab", " ": "a space"}.get(delimiter, f"{delimiter!r}")


def _not_text(path: Path, error: UnicodeDecodeError) -> DataFault:
    try:
        row = path.read_bytes()[: _first_bad_byte(path)].count(b"\n") + 1
        where = f"row {row} holds bytes that are not text in it"
    except OSError:
        where = error.reason
    return DataFault(f"{path} is not in the encoding UTF-8: {where}; save the table as CSV in UTF-8.")


def _first_bad_byte(path: Path) -> int:
    try:
        path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return 0
