"""Losses that compare pairs and triples of samples: what belongs together comes close, the rest is pushed apart."""

from __future__ import annotations

from typing import ClassVar

from core.layers import remedies
from core.layers.expectations import received
from core.layers.layer import Call, Inputs, Port, Refused
from core.layers.loss import Loss
from core.layers.targets import expect_alike
from core.parameters import parameter
from core.specs import shape_text

TRIPLE = (
    Port("anchor", "Vectors of samples."),
    Port("positive", "Vectors of others of the same kind."),
    Port("negative", "Vectors of others of another kind."),
)


class MarginRankingLoss(Loss, family="loss", torch="nn.MarginRankingLoss"):
    """For putting things in order: asks that one score is larger than the other by a margin."""

    inputs = (
        Port("input1", "The scores of the first."),
        Port("input2", "The scores of the second."),
        Port("target", "1 where the first should be larger, -1 where the second should."),
    )
    port_shapes: ClassVar = {
        "input1": "Any shape.",
        "input2": "The shape of input1.",
        "target": "The shape of input1.",
    }
    synonyms = ("ranking", "order", "pairs", "preference", "recommendation", "search", "pairwise")
    use = (
        "To learn an order out of comparisons, as which of two answers is better. Use MSELoss where the targets are "
        "numbers."
    )
    formula = "loss = max(0, −target · (input1 − input2) + margin)"

    margin: float = parameter(0.0, "By how much it should be larger.")

    def call(self, inputs: Inputs) -> Call:
        expect_alike(self, inputs, "input1", "input2")
        expect_alike(self, inputs, "input1", "target")
        return self.applied()


class CosineEmbeddingLoss(Loss, family="loss", torch="nn.CosineEmbeddingLoss"):
    """For pairs of vectors: turns them the same way where the target is 1 and apart where it is -1."""

    inputs = (
        Port("input1", "The first vectors."),
        Port("input2", "The second vectors."),
        Port("target", "1 for alike, -1 for different, one for each pair."),
    )
    port_shapes: ClassVar = {"input1": "(N, features).", "input2": "(N, features).", "target": "(N)."}
    synonyms = ("siamese", "similarity", "metric learning", "pairs", "contrastive", "embedding", "verification")
    use = (
        "To learn embeddings out of pairs that are alike or different. TripletMarginLoss takes an example of each, "
        "CosineSimilarity compares without learning."
    )
    formula = "loss = 1 − cos(input1, input2) where target is 1, max(0, cos − margin) where it is −1"

    margin: float = parameter(0.0, "How far different vectors may still point the same way.", low=-1, high=1)

    def call(self, inputs: Inputs) -> Call:
        expect_alike(self, inputs, "input1", "input2")
        vectors, target = inputs["input1"], inputs["target"]
        if vectors.rank != 2 or target.shape != vectors.shape[:1]:
            longer = target.shape == (*vectors.shape[:1], 1)
            raise Refused(
                "CosineEmbeddingLoss expects N × features and one target for each pair, but receives "
                f"{received(target)} for {shape_text(vectors.shape)}: "
                + ("insert Squeeze." if longer else "bring the vectors to one row a sample."),
                "target",
                remedies.insert("target", "Squeeze", dim=-1) if longer else None,
            )
        return self.applied()


class TripletMarginLoss(Loss, family="loss", torch="nn.TripletMarginLoss"):
    """Pulls a sample to one of its own kind and pushes it away from one of another kind."""

    inputs = TRIPLE
    port_shapes: ClassVar = {
        "anchor": "(N, *, features).",
        "positive": "The shape of anchor.",
        "negative": "The shape of anchor.",
    }
    synonyms = (
        "siamese", "face recognition", "metric learning", "triplet", "contrastive", "embedding", "facenet",
        "retrieval",
    )  # fmt: skip
    use = (
        "To learn embeddings out of triples: an anchor, one like it and one unlike it. "
        "TripletMarginWithDistanceLoss has other distances; use CrossEntropyLoss where classes are few and fixed."
    )
    formula = "loss = max(0, d(anchor, positive) − d(anchor, negative) + margin), d(a, b) = ‖a − b‖ₚ"
    paper = (
        "Balntas et al., 2016, Learning local feature descriptors with triplets and shallow convolutional neural "
        "networks"
    )

    margin: float = parameter(1.0, "How much farther away the other kind should be.", low=0, open_low=True)
    p: float = parameter(2.0, "Which norm measures the distance.", low=0, open_low=True, rare=True)
    eps: float = parameter(1e-6, "A small number that keeps the distance above 0.", low=0, open_low=True, rare=True)
    swap: bool = parameter(False, "Whether the nearer of the two ways to the negative counts.", rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_alike(self, inputs, "anchor", "positive")
        expect_alike(self, inputs, "anchor", "negative")
        return self.applied()


DISTANCES = {
    "euclidean": Call("nn.PairwiseDistance"),
    "manhattan": Call("nn.PairwiseDistance", keywords=(("p", 1.0),)),
    "cosine": Call(expression="lambda first, second: 1 - nn.functional.cosine_similarity(first, second)"),
}
"""What says how far two vectors are apart, by its name."""


class TripletMarginWithDistanceLoss(Loss, family="loss", torch="nn.TripletMarginWithDistanceLoss"):
    """Like TripletMarginLoss, but with a distance that you choose, as the angle between two vectors."""

    inputs = TRIPLE
    port_shapes: ClassVar = {
        "anchor": "(N, *, features).",
        "positive": "The shape of anchor.",
        "negative": "The shape of anchor.",
    }
    synonyms = (
        "siamese", "face recognition", "metric learning", "triplet", "cosine", "contrastive", "embedding",
        "facenet", "retrieval",
    )  # fmt: skip
    use = (
        "To learn embeddings out of triples by the angle or another distance, as they will be compared by later. "
        "TripletMarginLoss has the norms."
    )
    formula = "loss = max(0, d(anchor, positive) − d(anchor, negative) + margin)"
    paper = "Schroff et al., 2015, FaceNet: a unified embedding for face recognition and clustering"

    distance_function: str = parameter(
        "euclidean",
        "How far apart is measured: the straight line, the sum of differences, or 1 minus the cosine of the angle.",
        choices=tuple(DISTANCES),
    )
    margin: float = parameter(1.0, "How much farther away the other kind should be.", low=0, open_low=True)
    swap: bool = parameter(False, "Whether the nearer of the two ways to the negative counts.", rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_alike(self, inputs, "anchor", "positive")
        expect_alike(self, inputs, "anchor", "negative")
        if inputs["anchor"].rank != 2:
            raise Refused(
                f"TripletMarginWithDistanceLoss expects N × features, but receives {received(inputs['anchor'])}: "
                "insert Flatten.",
                "anchor",
                remedies.insert("anchor", "Flatten") if inputs["anchor"].rank > 2 else None,
            )
        plain = tuple(each for each in self.keywords() if each[0] != "distance_function")
        distance = (("distance_function", DISTANCES[self.distance_function]),) * (self.distance_function != "euclidean")
        return Call(self.torch, (), (*distance, *plain), "{module}({anchor}, {positive}, {negative})")
