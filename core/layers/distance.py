"""How far apart, or how alike, the vectors of two inputs are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from core.layers.axes import without
from core.layers.expectations import expect_floating, expect_sample_axis, name_of, received, way_to_shape
from core.layers.layer import Call, Inputs, Layer, Port, Refused, axes_of
from core.parameters import parameter
from core.specs import shape_text

VECTORS = (Port("x1", "The first vectors."), Port("x2", "The second vectors."))


def _expect_pairs(layer: Layer, inputs: Inputs) -> None:
    """Refuse vectors of different shapes, which torch would stretch over each other."""
    expect_floating(layer, inputs, "x1", "x2")
    first, second = inputs["x1"], inputs["x2"]
    if first.shape != second.shape:
        repair, way = way_to_shape(first, second, "x2")
        raise Refused(
            f"{name_of(layer)} expects two inputs of one shape, but receives {received(second)} beside "
            f"{shape_text(first.shape)}: {way}.",
            "x2",
            repair,
        )


class CosineSimilarity(Layer, family="merge", torch="nn.CosineSimilarity"):
    """Says how far two vectors point the same way: 1 the same, 0 across, -1 opposite."""

    inputs = VECTORS
    port_shapes: ClassVar = {
        "x1": "Any shape; axis dim holds the vectors.",
        "x2": "The shape of x1.",
        "output": "The shape of x1 without axis dim.",
    }
    synonyms = (
        "cosine distance", "angle", "siamese", "metric learning", "retrieval", "compare", "match", "alike",
        "contrastive",
    )  # fmt: skip
    use = (
        "To compare embeddings by direction, whatever their length. Use PairwiseDistance where length counts, "
        "CosineEmbeddingLoss to learn them."
    )
    formula = "y = x₁ · x₂ / max(‖x₁‖ · ‖x₂‖, eps)"

    dim: int = parameter(1, "Which axis holds the numbers of a vector.", low=-8, high=7)
    eps: float = parameter(1e-8, "A small number that keeps a division by zero away.", low=0, open_low=True, rare=True)

    def call(self, inputs: Inputs) -> Call:
        _expect_pairs(self, inputs)
        expect_sample_axis(self, inputs, self.dim, port="x1")
        return self.module(expression="{module}({x1}, {x2})")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": without(axes_of(inputs["x1"]), [self.dim])}


class PairwiseDistance(Layer, family="merge", torch="nn.PairwiseDistance"):
    """Says how far two vectors are apart; the numbers of a vector stand on the last axis."""

    inputs = VECTORS
    port_shapes: ClassVar = {
        "x1": "(N, *, features).",
        "x2": "The shape of x1.",
        "output": "(N, *); with keepdim (N, *, 1).",
    }
    synonyms = (
        "euclidean distance", "l2", "manhattan", "norm", "siamese", "metric learning", "compare", "match",
        "contrastive",
    )  # fmt: skip
    use = (
        "To compare embeddings by how far they are apart. Use CosineSimilarity where direction alone counts, "
        "TripletMarginLoss or HingeEmbeddingLoss to learn them."
    )
    formula = "y = ‖x₁ − x₂ + eps‖ₚ"

    p: float = parameter(2.0, "Which norm measures the distance: 1 adds up differences, 2 is the straight line.", low=0)
    eps: float = parameter(1e-6, "A small number that keeps the distance above 0.", low=0, open_low=True, rare=True)
    keepdim: bool = parameter(False, "Whether the last axis stays, with size 1.", rare=True)

    def call(self, inputs: Inputs) -> Call:
        _expect_pairs(self, inputs)
        expect_sample_axis(self, inputs, -1, port="x1")
        return self.module(expression="{module}({x1}, {x2})")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        names = axes_of(inputs["x1"])
        return {"output": names if self.keepdim else without(names, [-1])}
