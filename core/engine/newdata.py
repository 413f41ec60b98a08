"""New data for a trained network: rows of a file, a picture, or numbers given by hand, brought into its fields."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from core.datasets import DataFault
from core.datasets.archives import Npz
from core.datasets.files import readable
from core.datasets.tables import MISSING, Layout, layout_of, number_in, rows_of
from core.engine.data import Array, Scale
from core.engine.fault import Fault
from core.messages import Try
from core.parameters import read

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")
MOST_PIXELS = 50_000_000


def file_arrays(path: Path, needed: Mapping[str, Scale]) -> dict[str, Array]:
    """Raw arrays for the needed fields from a CSV, NPZ or picture file; raises Fault naming the file."""
    if not path.is_absolute():
        path = Path.cwd() / path
    try:
        readable(path, "data file")
        if path.suffix.lower() in PICTURES:
            return _from_picture(path, needed)
        return _from_npz(path, needed) if path.suffix.lower() == ".npz" else _from_csv(path, needed)
    except DataFault as fault:
        raise Fault(str(fault)) from None


def attempt_arrays(asked: Try, needed: Mapping[str, Scale]) -> dict[str, Array]:
    """Raw arrays of one row for the needed fields, from values given by hand or the first row of a file."""
    if asked.file:
        return {name: values[:1] for name, values in file_arrays(Path(asked.file), needed).items()}
    found: dict[str, Array] = {}
    for field, scale in needed.items():
        values = asked.values.get(field)
        if values is None:
            raise Fault(f"The network needs {_words(field, scale)}, but nothing was given for it.")
        expected = math.prod(scale.shape)
        if len(values) != expected:
            raise Fault(f"The network needs {_words(field, scale)}, but {len(values):,} numbers were given.")
        made = np.array(values, dtype=np.float64).reshape(1, *scale.shape)
        if not np.isfinite(made).all():
            raise Fault(f"The values given for {field} hold something that is not a finite number; correct it.")
        found[field] = made
    return found


def _words(field: str, scale: Scale) -> str:
    if scale.columns:
        few = ", ".join(scale.columns[:8]) + (", ..." if len(scale.columns) > 8 else "")
        return f"{len(scale.columns)} numbers for {field} ({few})"
    return f"{math.prod(scale.shape):,} numbers for {field} ({' × '.join(map(str, scale.shape)) or '1'})"


# ---- CSV


def _from_csv(path: Path, needed: Mapping[str, Scale]) -> dict[str, Array]:
    """One field of columns, found by their names where the file has them, else by their number."""
    if len(needed) != 1:
        raise DataFault(f"{path} is one table, but the network takes {' and '.join(needed)}; give an NPZ archive.")
    field, scale = next(iter(needed.items()))
    layout = layout_of(path, least_columns=1)
    expected = math.prod(scale.shape)
    places = _places(layout, scale, expected)
    if places is None:
        raise DataFault(
            f"{path} does not fit the network: expected {_words(field, scale)} in each row, received "
            f"{len(layout.columns)} columns ({', '.join(layout.columns[:6])}{', ...' * (len(layout.columns) > 6)})."
        )
    rows: list[list[float]] = []
    for number, row in rows_of(layout):
        if len(row) != len(layout.columns):
            raise DataFault(
                f"{path}: row {number} has {len(row)} values where {len(layout.columns)} columns are expected; "
                "correct that row."
            )
        rows.append([_cell(layout, number, place, row[place]) for place in places])
    if not rows:
        raise DataFault(f"{path} has no rows to predict; add one row for each sample.")
    return {field: np.array(rows).reshape(-1, *scale.shape)}


def _places(layout: Layout, scale: Scale, expected: int) -> list[int] | None:
    """Which columns hold the numbers, in order: by name, or all of them, or all but the answers at the end."""
    if layout.header and scale.columns and set(scale.columns) <= set(layout.columns):
        return [layout.columns.index(name) for name in scale.columns]
    if len(layout.columns) == expected:
        return list(range(expected))
    return None


def _cell(layout: Layout, number: int, place: int, cell: str) -> float:
    word = cell.strip()
    value = None if word.lower() in MISSING else number_in(word, layout.decimal_comma)
    if value is None or not math.isfinite(value):
        held = f"holds {word[:40]!r} where a number belongs" if word else "is empty where a number belongs"
        raise DataFault(f"{layout.path}: row {number}, column {layout.columns[place]!r} {held}; correct that value.")
    return value


# ---- NPZ


def _from_npz(path: Path, needed: Mapping[str, Scale]) -> dict[str, Array]:
    arrays = read(Npz, {"path": str(path)})[0].members()
    found: dict[str, Array] = {}
    for field, scale in needed.items():
        if field not in arrays:
            raise DataFault(
                f"{path} does not fit the network: expected an array {field!r}, received {', '.join(arrays)}."
            )
        values = arrays[field]
        values = values[:, None] if values.ndim == 1 and scale.shape == (1,) else values
        if values.shape[1:] != scale.shape:
            expected, received = (" × ".join(map(str, ("N", *shape))) for shape in (scale.shape, values.shape[1:]))
            raise DataFault(f"{path} does not fit the network: {field!r} should be {expected}, but is {received}.")
        if len(values) == 0 or not np.isfinite(values).all():
            raise DataFault(f"{path}: {field!r} is empty or holds values that are not finite numbers; correct it.")
        found[field] = values
    if len({len(values) for values in found.values()}) > 1:
        raise DataFault(
            f"{path}: the arrays have different numbers of rows; every array needs one row for each sample."
        )
    return found


# ---- a picture


def _from_picture(path: Path, needed: Mapping[str, Scale]) -> dict[str, Array]:
    pictures = [name for name, scale in needed.items() if len(scale.shape) == 3 and scale.shape[0] in (1, 3)]
    if len(needed) != 1 or not pictures:
        raise DataFault(f"{path} is a picture, but the network takes {' and '.join(needed)}; give numbers or a table.")
    scale = needed[pictures[0]]
    grey = _grey(path, scale.shape[0])
    return {pictures[0]: picture(grey, scale)[None]}


def _grey(path: Path, channels: int) -> Array:
    """The picture as (C, H, W) from 0 to 1; transparency is taken as white paper."""
    from PIL import Image, UnidentifiedImageError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(path) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise DataFault(
                        f"{path} has {image.width:,} by {image.height:,} points, more than "
                        f"{MOST_PIXELS // 10**6} million; make it smaller."
                    )
                seen = image.convert("RGBA")
                paper = Image.new("RGBA", seen.size, "white")
                flat = Image.alpha_composite(paper, seen).convert("L" if channels == 1 else "RGB")
        except DataFault:
            raise
        except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
            raise DataFault(f"{path} is not a picture that can be read; save it as PNG.") from None
    made = np.asarray(flat, dtype=np.float64) / 255
    return made[None] if channels == 1 else made.transpose(2, 0, 1)


def picture(values: Array, scale: Scale) -> Array:
    """A picture (C, H, W) from 0 to 1 as one of the data set, in the units of the data.

    A grey one that is dark on light is turned round, cut to what is drawn, brought to size in its aspect, and centred.
    """
    height, width = scale.shape[1:]
    if len(values) == 1:
        border = np.concatenate([values[0, 0], values[0, -1], values[0, :, 0], values[0, :, -1]])
        if float(np.median(border)) > 0.5:
            values = 1 - values
        made = _centred(values[0], height, width, scale.extent)[None]
    else:
        made = np.stack([resized(channel, height, width) for channel in values])
    return scale.low + made * (scale.high - scale.low)


def _centred(values: Array, height: int, width: int, extent: tuple[float, float]) -> Array:
    """What is drawn, cut out, brought to the extent that pictures of the data set have, and set in the middle."""
    values = values - values.min()
    if values.max() <= 0:
        return np.zeros((height, width))
    values = values / values.max()
    rows, columns = (np.flatnonzero((values > 0.2).any(axis)) for axis in (1, 0))
    cut = values[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    factor = min(max(height * extent[0], 1) / cut.shape[0], max(width * extent[1], 1) / cut.shape[1])
    small = resized(cut, max(round(cut.shape[0] * factor), 1), max(round(cut.shape[1] * factor), 1))
    small = small / max(float(small.max()), 1e-9)
    down, right = (height - small.shape[0]) // 2, (width - small.shape[1] + 1) // 2
    made = np.zeros((height, width))
    made[down : down + small.shape[0], right : right + small.shape[1]] = small
    return made


def resized(values: Array, height: int, width: int) -> Array:
    """A grey picture (H, W) at another size, by the mean over each area where it gets smaller."""
    from PIL import Image

    image = Image.fromarray(values.astype(np.float32))
    way = Image.Resampling.BOX if height <= values.shape[0] else Image.Resampling.BILINEAR
    return np.asarray(image.resize((width, height), way), dtype=np.float64)
