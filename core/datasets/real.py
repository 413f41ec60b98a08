"""The real data sets that come inside scikit-learn: small, and there without a network."""

# scikit-learn has no type stubs.
# pyright: reportMissingTypeStubs=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import Any

import numpy as np

from core.datasets.dataset import DataSet

FLOWER_COLUMNS = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
WINE_COLUMNS = (
    "alcohol", "malic acid", "ash", "alcalinity of ash", "magnesium", "total phenols", "flavanoids",
    "nonflavanoid phenols", "proanthocyanins", "colour intensity", "hue", "od280/od315 of diluted wines", "proline",
)  # fmt: skip
CELL_MEASURES = (
    "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points",
    "symmetry", "fractal dimension",
)  # fmt: skip
PATIENT_COLUMNS = ("age", "sex", "body mass index", "blood pressure", "s1", "s2", "s3", "s4", "s5", "s6")


def digits() -> dict[str, np.ndarray[Any, Any]]:
    """Pictures of handwritten digits, (N, 1, 8, 8) with grey values from 0 to 16, and the digit."""
    from sklearn.datasets import load_digits

    found: Any = load_digits()
    return {"image": found.images.astype(np.float32)[:, None], "label": found.target}


def iris() -> dict[str, np.ndarray[Any, Any]]:
    """Four lengths of each flower, and its species."""
    from sklearn.datasets import load_iris

    found: Any = load_iris()
    return {"features": found.data.astype(np.float32), "label": found.target_names[found.target]}


def wine() -> dict[str, np.ndarray[Any, Any]]:
    """Thirteen measures of each wine, and which of three growers made it."""
    from sklearn.datasets import load_wine

    found: Any = load_wine()
    return {"features": found.data.astype(np.float32), "label": found.target_names[found.target]}


def breast_cancer() -> dict[str, np.ndarray[Any, Any]]:
    """Thirty measures of cell nuclei in each sample, and the diagnosis."""
    from sklearn.datasets import load_breast_cancer

    found: Any = load_breast_cancer()
    return {"features": found.data.astype(np.float32), "label": found.target_names[found.target]}


def diabetes() -> dict[str, np.ndarray[Any, Any]]:
    """Ten measures of each patient, and how far the disease went within a year."""
    from sklearn.datasets import load_diabetes

    found: Any = load_diabetes(scaled=False)
    return {
        "features": found.data.astype(np.float32),
        "progression": found.target.astype(np.float32)[:, None],
    }


class Digits(
    DataSet, title="Handwritten digits", family="real", loader=digits, target="label", needs=("scikit-learn",)
):
    """1,797 pictures of handwritten digits, 8 by 8 points: which digit is it?"""

    def sample_axes(self, field: str) -> tuple[str, ...]:
        """One grey channel of each picture."""
        return ("C", "H", "W") if field == "image" else ()


class Iris(DataSet, title="Iris flowers", family="real", loader=iris, target="label", needs=("scikit-learn",)):
    """150 flowers, measured in four places: which of three species is it?"""

    def columns(self) -> tuple[str, ...]:
        """The four lengths."""
        return FLOWER_COLUMNS


class Wine(DataSet, title="Wines", family="real", loader=wine, target="label", needs=("scikit-learn",)):
    """178 wines, analysed in thirteen ways: which of three growers made it?"""

    def columns(self) -> tuple[str, ...]:
        """The thirteen measures."""
        return WINE_COLUMNS


class BreastCancer(
    DataSet,
    title="Breast cancer",
    family="real",
    loader=breast_cancer,
    target="label",
    needs=("scikit-learn",),
):
    """569 tissue samples with thirty measures of their cell nuclei: benign or malignant?"""

    def columns(self) -> tuple[str, ...]:
        """Mean, error and worst value of ten measures."""
        return tuple(
            shape.format(measure) for shape in ("mean {}", "{} error", "worst {}") for measure in CELL_MEASURES
        )


class Diabetes(
    DataSet, title="Diabetes", family="real", loader=diabetes, target="progression", needs=("scikit-learn",)
):
    """442 patients with ten measures each: how far has the disease gone a year later?"""

    def columns(self) -> tuple[str, ...]:
        """The ten measures."""
        return PATIENT_COLUMNS
