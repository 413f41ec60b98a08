"""A project's data in memory: read once, split with its seed, scaled by the training part alone."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from typing import Any

import msgspec
import numpy as np

from core.datasets import DataFault, DataSet, declared, split
from core.datasets.dataset import Arrays, raw_arrays
from core.datasets.examine import examine, examine_parts, notes_on
from core.datasets.files import stamp
from core.datasets.preparation import class_indices, class_names, is_classes, scaling, scaling_of, split_rows
from core.engine.fault import Fault
from core.messages import DataReport, Field
from core.project import Data
from core.specs import Spec

PARTS = ("training", "validation", "test")
Array = np.ndarray[Any, Any]


class Scale(msgspec.Struct, frozen=True):
    """How one field is prepared, small enough to stand in a run's record.

    `kind` is "classes" (names in `classes`), "indices" (whole numbers as they are) or "numbers" (less `centre`,
    divided by `width`, each of one value for the field or one a column). `low` and `high` are the least and the
    greatest raw value of the training part.
    """

    kind: str
    shape: tuple[int, ...]
    centre: tuple[float, ...] = ()
    width: tuple[float, ...] = ()
    classes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 1.0
    extent: tuple[float, float] = (1.0, 1.0)
    """For grey pictures: the share of height and width that what is drawn fills at most."""
    source: str = ""
    """The kind of number in the data: numpy's dtype."""

    def apply(self, values: Array) -> Array:
        """Raw values (N, *shape) as the network takes them."""
        if self.kind != "numbers":
            return values.astype(np.int64)
        return ((values - self._shaped(self.centre)) / self._shaped(self.width)).astype(np.float32)

    def undo(self, values: Array) -> Array:
        """Scaled values in the units of the data."""
        return values * self._shaped(self.width) + self._shaped(self.centre)

    def _shaped(self, numbers: tuple[float, ...]) -> Array:
        made = np.array(numbers, dtype=np.float64)
        return made.reshape(()) if len(self.shape) > 1 else made


@dataclasses.dataclass(frozen=True)
class Loaded:
    """A data set ready to train on: `parts` by part and field, `raw` whole, `rows` of each part in the raw arrays."""

    report: DataReport
    parts: dict[str, dict[str, Array]]
    rows: dict[str, Array]
    raw: Arrays
    scales: dict[str, Scale]
    target: str
    title: str

    @functools.cached_property
    def content_hash(self) -> str:
        """SHA-256 of names, kinds, shapes and content of the raw arrays, and of the rows of each part."""
        digest = hashlib.sha256()
        for name, values in [*self.raw.items(), *self.rows.items()]:
            digest.update(f"{name} {values.dtype.str} {values.shape}\n".encode())
            digest.update(np.ascontiguousarray(values).view(np.uint8).data)
        return digest.hexdigest()


def load(data: Data) -> Loaded:
    """The data of a project, from memory where nothing has changed; raises Fault with one sentence."""
    try:
        made = declared(data)
        return _loaded(msgspec.msgpack.encode(data), stamp(made.file))
    except DataFault as fault:
        raise Fault(str(fault)) from None
    except MemoryError:
        raise Fault(f"{data.source} does not fit into memory; take a part of its rows.") from None


def describe(data: Data) -> DataReport:
    """What a data set holds; never raises, but says in `fault` why it cannot be read."""
    try:
        return load(data).report
    except Fault as fault:
        title = declared_title(data)
        return DataReport(title=title, fault=fault.message)


def declared_title(data: Data) -> str:
    """The title of the data set that a project names, or its name where it is unknown."""
    from core.datasets import DATASETS

    return DATASETS[data.source].title if data.source in DATASETS else data.source


@functools.lru_cache(maxsize=3)
def _loaded(encoded: bytes, stamped: tuple[str, int, int]) -> Loaded:
    data = msgspec.msgpack.decode(encoded, type=Data)
    made, parting = declared(data), split(data)
    raw = raw_arrays(made, stamped)
    target = made.target_field(raw)
    if target not in raw:
        raise DataFault(f"{made.name} has no field {target!r}.")
    examine(made, raw, target)
    raw = {name: _rows_of_numbers(values, name == target) for name, values in raw.items()}
    rows = split_rows(raw[target], parting.validation, parting.test, parting.seed, parting.stratify)
    examine_parts(made.name, rows, parting.validation, parting.test)
    scales: dict[str, Scale] = {}
    whole: Arrays = {}
    for name, values in raw.items():
        scales[name] = _scale(made, name, values, target, rows[0], parting.normalise)
        whole[name] = class_indices(values) if scales[name].kind == "classes" else scales[name].apply(values)
    parts = {
        part: {name: values[chosen] for name, values in whole.items()} for part, chosen in zip(PARTS, rows, strict=True)
    }
    report = DataReport(
        title=made.title,
        fields=tuple(_field(made, name, scales[name], name == target) for name in raw),
        training=len(rows[0]),
        validation=len(rows[1]),
        test=len(rows[2]),
        notes=notes_on(made.name, target, raw, rows),
    )
    return Loaded(report, parts, dict(zip(PARTS, rows, strict=True)), raw, scales, target, made.title)


def _rows_of_numbers(values: Array, is_target: bool) -> Array:
    """Values with at least one axis beside the rows, unless they count classes."""
    return values if values.ndim > 1 or (is_target and is_classes(values)) else values[:, None]


def _scale(made: DataSet, name: str, values: Array, target: str, training: Array, how: str) -> Scale:
    shape, source = values.shape[1:], values.dtype.str
    if name == target and is_classes(values):
        return Scale("classes", shape, classes=class_names(values), source=source)
    columns = made.columns() if len(shape) == 1 and len(made.columns()) == shape[0] else ()
    if name in made.whole_fields():
        return Scale("indices", shape, columns=columns, source=source)
    centre, width = scaling(values[training], scaling_of(values, name == target, how))
    seen = values[training]
    return Scale(
        "numbers",
        shape,
        centre=tuple(centre.reshape(-1).tolist()),
        width=tuple(width.reshape(-1).tolist()),
        columns=columns,
        low=float(seen.min()),
        high=float(seen.max()),
        extent=_extent(seen) if len(shape) == 3 and shape[0] == 1 else (1.0, 1.0),
        source=source,
    )


def _extent(pictures: Array) -> tuple[float, float]:
    """The share of height and width that nine of ten pictures do not exceed, seen in a thousand of them."""
    some = pictures[:1000, 0]
    drawn = some > some.min() + 0.2 * (some.max() - some.min())
    return _share(drawn.any(2)), _share(drawn.any(1))


def _share(lines: Array) -> float:
    """How far from the first to the last line with something in it, as a share of all: the 0.9 quantile over rows."""
    filled = lines[lines.any(1)]
    if len(filled) == 0:
        return 1.0
    length = filled.shape[1] - filled.argmax(1) - filled[:, ::-1].argmax(1)
    return float(np.quantile(length, 0.9)) / filled.shape[1]


def _field(made: DataSet, name: str, scale: Scale, is_target: bool) -> Field:
    dtype = "float32" if scale.kind == "numbers" else "int64"
    known = made.sample_axes(name)
    axes = ("N", *known) if scale.shape and len(known) == len(scale.shape) else ()
    spec = Spec(("N", *scale.shape), dtype, len(scale.classes), axes)
    words = ", ".join(scale.columns[:30]) + (", ..." if len(scale.columns) > 30 else "")
    return Field(name, "target" if is_target else "input", spec, scale.classes, words, scale.low, scale.high)
