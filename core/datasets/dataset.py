"""The form in which a data set is declared: one class a data set, everything else is read from it.

    class Moons(DataSet, title="Two moons", family="toys", loader=moons, target="label"):
        \"\"\"Two half circles that hold each other, in the plane.\"\"\"

        n: int = parameter(400, "How many points are drawn.", low=8, high=1_000_000)

The loader is a plain function whose text can stand alone in an exported script: it takes the values of the
parameters by name and returns the raw arrays by field, rows first.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Literal, dataclass_transform

import numpy as np

from core.parameters import parameter, parameters

Family = Literal["real", "toys", "files"]

FAMILIES: dict[str, str] = {"real": "Real data", "toys": "Toys in the plane", "files": "Your own files"}
"""The families of data sets in the order in which they are shown, with their titles."""

Arrays = dict[str, np.ndarray[Any, Any]]


class DataFault(Exception):
    """Data that cannot be used: one sentence that names file, row, column and way out."""


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(parameter,))
class DataSet:
    """The base of every data set; a subclass becomes a frozen dataclass and is registered."""

    title: ClassVar[str] = ""
    about: ClassVar[str] = ""
    family: ClassVar[str] = ""
    needs: ClassVar[tuple[str, ...]] = ()
    """The libraries that the loader imports, by their names on the package index."""
    loader: ClassVar[Callable[..., Arrays]]
    answers: ClassVar[str] = ""

    def __init_subclass__(
        cls,
        *,
        title: str,
        family: Family,
        loader: Callable[..., Arrays],
        target: str = "",
        needs: tuple[str, ...] = (),
    ) -> None:
        super().__init_subclass__()
        dataclasses.dataclass(frozen=True, kw_only=True)(cls)
        cls.title, cls.family, cls.needs, cls.answers = title, family, needs, target
        cls.about = " ".join((cls.__doc__ or "").split())
        cls.loader = staticmethod(loader)
        DATASETS[cls.__name__] = cls

    @property
    def file(self) -> Path | None:
        """The file that is read, where there is one."""
        return None

    def arguments(self) -> dict[str, Any]:
        """What the loader is called with: plain values that can stand in source; may raise DataFault."""
        return {each.name: getattr(self, each.name) for each in parameters(type(self))}

    def arrays(self) -> Arrays:
        """The raw arrays by field; raises DataFault."""
        return type(self).loader(**self.arguments())

    def target_field(self, arrays: Arrays) -> str:
        """The field that holds the right answers."""
        return self.answers

    def whole_fields(self) -> tuple[str, ...]:
        """The inputs that are indices and stay whole numbers."""
        return ()

    def columns(self) -> tuple[str, ...]:
        """The names of the columns of `features`, where the data is a table."""
        return ()

    def sample_axes(self, field: str) -> tuple[str, ...]:
        """What the axes of one sample of a field count, where the data set knows; it counts where the sizes fit."""
        return ("features",)

    @property
    def name(self) -> str:
        """How a sentence names this data set: its file, or its title."""
        return str(self.file) if self.file else self.title


def raw_arrays(declared: DataSet, stamped: object = None) -> Arrays:
    """The raw arrays of a data set, kept until its settings or the stamp of its file change; raises DataFault."""
    return _raw_arrays(declared, stamped)


@functools.lru_cache(maxsize=2)
def _raw_arrays(declared: DataSet, stamped: object) -> Arrays:
    arrays = declared.arrays()
    for values in arrays.values():
        values.setflags(write=False)
    return arrays


DATASETS: dict[str, type[DataSet]] = {}
"""Every declared data set by name."""
