"""What can be loaded: importing this package declares every data set."""

from core import plugins
from core.datasets import archives as archives
from core.datasets import real as real
from core.datasets import tables as tables
from core.datasets import toys as toys
from core.datasets.dataset import DATASETS, FAMILIES, DataFault, DataSet
from core.datasets.text import LoadingText, loading_text
from core.parameters import read
from core.project import Data
from core.training import Split

__all__ = [
    "DATASETS",
    "FAMILIES",
    "DataFault",
    "DataSet",
    "LoadingText",
    "declared",
    "loading",
    "loading_text",
]


def _fault(declared: type) -> str:
    """What is wrong with a data set of another package, in words that follow its name, or nothing."""
    if not issubclass(declared, DataSet):
        return "is not a DataSet"
    if not declared.about or not declared.title:
        return "has no docstring or no title, which say what it is"
    return "" if declared.family in FAMILIES else f"is of the family {declared.family!r}, which is none of {FAMILIES}"


plugins.load("layerloom.datasets", DATASETS, _fault)  # type: ignore[arg-type]


def declared(data: Data) -> DataSet:
    """The data set that a project names, with its settings; raises DataFault."""
    if not data.source:
        raise DataFault("No data set is chosen yet; choose one in the data settings.")
    if data.source not in DATASETS:
        raise DataFault(f"There is no data set {data.source[:60]!r}; choose one of {', '.join(DATASETS)}.")
    made, faults = read(DATASETS[data.source], data.values)
    if faults:
        raise DataFault(f"{made.title}: {faults[0][1]}")
    return made


def split(data: Data) -> Split:
    """How a project's rows are parted; raises DataFault."""
    made, faults = read(Split, data.split)
    if faults:
        raise DataFault(f"The split: {faults[0][1]}")
    return made


def loading(data: Data) -> LoadingText:
    """The text that loads a project's data in an exported script; raises DataFault."""
    return loading_text(declared(data), split(data))
