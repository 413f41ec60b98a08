"""The loading of a data set as Python text that stands alone, for exported scripts."""

from __future__ import annotations

import dataclasses
import inspect
import textwrap

from core.datasets.dataset import Arrays, DataFault, DataSet, raw_arrays
from core.datasets.files import stamp
from core.datasets.preparation import EXPORTED, is_classes, scaling_of
from core.training import Split


@dataclasses.dataclass(frozen=True)
class LoadingText:
    """Import lines, function definitions of which the last is `load()`, and the libraries that they need.

    `load()` returns the prepared arrays by part ("training", "validation", "test") and field, as the app's own.
    """

    imports: tuple[str, ...]
    functions: str
    needs: tuple[str, ...]


def loading_text(declared: DataSet, split: Split) -> LoadingText:
    """The text that loads, splits and scales a data set; raises DataFault where the data cannot be read."""
    arrays = raw_arrays(declared, stamp(declared.file))
    loader = type(declared).loader
    functions = [textwrap.dedent(inspect.getsource(each)).rstrip() for each in (loader, *EXPORTED)]
    if not any(is_classes(values) for values in arrays.values()):
        functions = [text for text in functions if not text.startswith("def class_indices")]
    functions.append(_load(declared, loader.__name__, arrays, split))
    return LoadingText(
        ("from typing import Any", "import numpy as np"),
        "\n\n\n".join(functions) + "\n",
        ("numpy", *declared.needs),
    )


def _load(declared: DataSet, loader: str, arrays: Arrays, split: Split) -> str:
    target = declared.target_field(arrays)
    if target not in arrays:
        raise DataFault(f"{declared.name} has no field {target!r}.")
    said = ", ".join(f"{name}={value!r}" for name, value in declared.arguments().items())
    lines = [
        "def load() -> dict[str, dict[str, np.ndarray[Any, Any]]]:",
        '    """The arrays by part and field: split with a seed, scaled by the training part alone."""',
        f"    arrays = {loader}({said})",
        "    rows = split_rows(",
        f"        arrays[{target!r}], validation={split.validation!r}, test={split.test!r}, seed={split.seed!r}, "
        f"stratify={split.stratify!r}",
        "    )",
        "    fields = {",
        *(f"        {name!r}: {_field(declared, name, arrays, target, split)}," for name in arrays),
        "    }",
        '    parts = zip(("training", "validation", "test"), rows, strict=True)',
        "    return {part: {name: values[chosen] for name, values in fields.items()} for part, chosen in parts}",
    ]
    return "\n".join(lines)


def _field(declared: DataSet, name: str, arrays: Arrays, target: str, split: Split) -> str:
    if name == target and is_classes(arrays[name]):
        return f"class_indices(arrays[{name!r}])"
    if name in declared.whole_fields():
        return f"arrays[{name!r}].astype(np.int64)"
    columns = "" if arrays[name].ndim > 1 else "[:, None]"
    how = scaling_of(arrays[name], name == target, split.normalise)
    return f"scaled(arrays[{name!r}]{columns}, rows[0], {how!r})"
