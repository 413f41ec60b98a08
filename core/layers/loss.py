"""Losses: one number that says how far a prediction is from the right answer; training makes it smaller.

What fits a prediction is said in `targets`.
"""

from __future__ import annotations

from core.layers import remedies
from core.layers.expectations import received
from core.layers.layer import Call, Inputs, Layer, Port, Refused
from core.layers.targets import expect_alike, expect_classes, expect_yes_or_no
from core.parameters import parameter
from core.specs import Spec, shape_text

LOSS = (Port("loss", "How far off the prediction is."),)
TARGET = Port("target", "The right answers.")
REDUCTION = "How the samples' losses become one number: their mean, their sum, or not at all."


class _Loss(Layer):
    inputs = (Port("input", "The prediction."), TARGET)
    outputs = LOSS

    reduction: str = parameter("mean", REDUCTION, choices=("none", "mean", "sum"), rare=True)

    def applied(self) -> Call:
        """The call with every input in the order of its ports."""
        ports = ", ".join(f"{{{port.name}}}" for port in self.inputs)
        return self.module(expression=f"{{module}}({ports})")

    def reduced(self, given: Spec) -> dict[str, Spec]:
        """The output of a loss that meta cannot run: one number, or one for each that is given."""
        return {"loss": Spec(given.shape if self.reduction == "none" else (), given.dtype)}


# ---- losses on classes


class CrossEntropyLoss(_Loss, family="loss", torch="nn.CrossEntropyLoss"):
    """Measures how little probability the scores give to the right class; the usual loss for telling classes apart.

    It takes plain scores, without a Softmax before it.
    """

    inputs = (
        Port("input", "A score for each class, on axis 1, as they are."),
        Port("target", "The number of the right class."),
    )
    synonyms = ("classification", "softmax loss", "classes", "logits")

    ignore_index: int = parameter(-100, "A class number that does not count.", rare=True)
    label_smoothing: float = parameter(0.0, "How much probability is spread over the other classes.", low=0, high=1)

    def call(self, inputs: Inputs) -> Call:
        expect_classes(self, inputs, shares=True)
        if inputs["target"].is_floating and self.ignore_index >= 0:
            raise Refused(
                "CrossEntropyLoss ignores a class number only where the target holds class numbers, but receives "
                f"{received(inputs['target'], dtype=True)}: set ignore_index to -100.",
                "target",
                remedies.set_value("ignore_index", -100),
            )
        return self.applied()


class NLLLoss(_Loss, family="loss", torch="nn.NLLLoss"):
    """Like CrossEntropyLoss, but takes the logarithms of probabilities, as LogSoftmax gives them."""

    inputs = (
        Port("input", "The logarithm of each class's probability, on axis 1."),
        Port("target", "The number of the right class."),
    )
    synonyms = ("negative log likelihood", "classification", "log probabilities")

    ignore_index: int = parameter(-100, "A class number that does not count.", rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_classes(self, inputs)
        return self.applied()


class MultiMarginLoss(_Loss, family="loss", torch="nn.MultiMarginLoss"):
    """Asks that the right class's score is larger than every other one by a margin."""

    inputs = (Port("input", "A score for each class."), Port("target", "The number of the right class."))
    synonyms = ("svm", "hinge", "classification")

    p: int = parameter(1, "The power to which what is missing is raised.", low=1, high=2)
    margin: float = parameter(1.0, "By how much the right score should be larger.", low=0)

    def call(self, inputs: Inputs) -> Call:
        expect_classes(self, inputs)
        if inputs["input"].rank != 2:
            message = (
                f"MultiMarginLoss expects N × classes scores, but receives {received(inputs['input'])}: use "
                "CrossEntropyLoss."
            )
            raise Refused(message, "input", remedies.swap(self, "CrossEntropyLoss"))
        return self.applied()


# ---- losses that compare number by number


class _Comparison(_Loss):
    def call(self, inputs: Inputs) -> Call:
        first, second = (port.name for port in self.inputs)
        expect_alike(self, inputs, first, second)
        return self.applied()


class MSELoss(_Comparison, family="loss", torch="nn.MSELoss"):
    """The mean of the squared differences; the usual loss for predicting numbers, hard on large errors."""

    synonyms = ("mean squared error", "regression", "l2", "least squares")


class L1Loss(_Comparison, family="loss", torch="nn.L1Loss"):
    """The mean of the absolute differences; it forgives outliers more than MSELoss."""

    synonyms = ("mean absolute error", "mae", "regression")


class SmoothL1Loss(_Comparison, family="loss", torch="nn.SmoothL1Loss"):
    """Squared for small differences and straight for large ones; calm near 0 and forgiving to outliers."""

    synonyms = ("regression", "bounding box", "robust")

    beta: float = parameter(1.0, "Where squared becomes straight.", low=0)


class HuberLoss(_Comparison, family="loss", torch="nn.HuberLoss"):
    """Squared for small differences and straight for large ones, like SmoothL1Loss on another scale."""

    synonyms = ("regression", "robust", "outliers")

    delta: float = parameter(1.0, "Where squared becomes straight.", low=0, open_low=True)


class KLDivLoss(_Comparison, family="loss", torch="nn.KLDivLoss"):
    """Measures how far one distribution is from another; the prediction comes as logarithms of probabilities."""

    inputs = (
        Port("input", "The logarithms of the predicted probabilities."),
        Port("target", "The probabilities to come close to."),
    )
    synonyms = ("kullback leibler", "distillation", "distribution")

    reduction: str = parameter(
        "mean",
        "How the losses become one number; batchmean is the one of the textbooks.",
        choices=("none", "batchmean", "mean", "sum"),
        dropped="batchmean",
    )
    log_target: bool = parameter(False, "Whether the target comes as logarithms too.", rare=True)

    def call(self, inputs: Inputs) -> Call:
        if self.reduction == "mean":
            raise Refused(
                "KLDivLoss expects reduction batchmean, but it is mean, which torch will give another meaning: set "
                "reduction to batchmean.",
                "",
                remedies.set_value("reduction", "batchmean"),
            )
        return super().call(inputs)


class PoissonNLLLoss(_Comparison, family="loss", torch="nn.PoissonNLLLoss"):
    """For predicting counts, such as calls in an hour, whose spread grows with their size."""

    inputs = (Port("log_input", "The predicted rate, or its logarithm."), TARGET)
    synonyms = ("counts", "regression", "rate")

    log_input: bool = parameter(True, "Whether the prediction is the logarithm of the rate.")
    full: bool = parameter(False, "Whether the term that training does not need is added.", rare=True)
    eps: float = parameter(1e-8, "A small number that keeps a logarithm of 0 away.", low=0, open_low=True, rare=True)


class HingeEmbeddingLoss(_Comparison, family="loss", torch="nn.HingeEmbeddingLoss"):
    """For distances between two things: makes them small where the target is 1 and large where it is -1."""

    inputs = (Port("input", "The distances."), Port("target", "1 for alike, -1 for different."))
    synonyms = ("siamese", "similarity", "metric learning")

    margin: float = parameter(1.0, "How far apart different things should be.", low=0)


class SoftMarginLoss(_Comparison, family="loss", torch="nn.SoftMarginLoss"):
    """For yes or no with targets of 1 and -1: asks that the score has the target's sign."""

    inputs = (Port("input", "The scores."), Port("target", "1 or -1."))
    synonyms = ("logistic", "binary", "classification")

    def rule(self, inputs: Inputs) -> dict[str, Spec]:
        return self.reduced(inputs["input"])


class _YesOrNo(_Comparison):
    def call(self, inputs: Inputs) -> Call:
        expect_yes_or_no(self, inputs)
        return super().call(inputs)


class BCELoss(_YesOrNo, family="loss", torch="nn.BCELoss"):
    """For yes or no: compares probabilities between 0 and 1, as Sigmoid gives them, with targets of 0 and 1."""

    inputs = (Port("input", "Probabilities between 0 and 1."), Port("target", "1 for yes, 0 for no."))
    synonyms = ("binary cross entropy", "classification", "yes no")


class BCEWithLogitsLoss(_YesOrNo, family="loss", torch="nn.BCEWithLogitsLoss"):
    """For yes or no, also several at once: takes plain scores, without a Sigmoid before it."""

    inputs = (Port("input", "Plain scores; above 0 means yes."), Port("target", "1 for yes, 0 for no."))
    synonyms = ("binary cross entropy", "classification", "multi-label", "yes no", "logits")


class MultiLabelSoftMarginLoss(_Comparison, family="loss", torch="nn.MultiLabelSoftMarginLoss"):
    """For several yes or no at once: each sample may have any number of labels; takes plain scores."""

    inputs = (Port("input", "A plain score for each label."), Port("target", "1 where a label applies, else 0."))
    synonyms = ("multi-label", "tags", "classification")


class GaussianNLLLoss(_Loss, family="loss", torch="nn.GaussianNLLLoss"):
    """For predicting numbers together with how sure each prediction is."""

    inputs = (
        Port("input", "The predicted numbers."),
        TARGET,
        Port("var", "How unsure each prediction is: a variance above 0."),
    )
    synonyms = ("uncertainty", "regression", "variance")

    full: bool = parameter(False, "Whether the term that training does not need is added.", rare=True)
    eps: float = parameter(1e-6, "The smallest variance that counts.", low=0, open_low=True, rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_alike(self, inputs)
        given, spread = inputs["input"], inputs["var"]
        if spread.shape != (*given.shape[:-1], 1):
            expect_alike(self, inputs, "input", "var")
        return self.applied()

    def rule(self, inputs: Inputs) -> dict[str, Spec]:
        return self.reduced(inputs["input"])


# ---- losses that compare pairs and triples


class MarginRankingLoss(_Loss, family="loss", torch="nn.MarginRankingLoss"):
    """For putting things in order: asks that one score is larger than the other by a margin."""

    inputs = (
        Port("input1", "The scores of the first."),
        Port("input2", "The scores of the second."),
        Port("target", "1 where the first should be larger, -1 where the second should."),
    )
    synonyms = ("ranking", "order", "pairs")

    margin: float = parameter(0.0, "By how much it should be larger.")

    def call(self, inputs: Inputs) -> Call:
        expect_alike(self, inputs, "input1", "input2")
        expect_alike(self, inputs, "input1", "target")
        return self.applied()


class CosineEmbeddingLoss(_Loss, family="loss", torch="nn.CosineEmbeddingLoss"):
    """For pairs of vectors: turns them the same way where the target is 1 and apart where it is -1."""

    inputs = (
        Port("input1", "The first vectors."),
        Port("input2", "The second vectors."),
        Port("target", "1 for alike, -1 for different, one for each pair."),
    )
    synonyms = ("siamese", "similarity", "metric learning", "pairs")

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


class TripletMarginLoss(_Loss, family="loss", torch="nn.TripletMarginLoss"):
    """Pulls a sample to one of its own kind and pushes it away from one of another kind."""

    inputs = (
        Port("anchor", "Vectors of samples."),
        Port("positive", "Vectors of others of the same kind."),
        Port("negative", "Vectors of others of another kind."),
    )
    synonyms = ("siamese", "face recognition", "metric learning", "triplet")

    margin: float = parameter(1.0, "How much farther away the other kind should be.", low=0, open_low=True)
    p: float = parameter(2.0, "Which norm measures the distance.", low=0, open_low=True, rare=True)
    eps: float = parameter(1e-6, "A small number that keeps the distance above 0.", low=0, open_low=True, rare=True)
    swap: bool = parameter(False, "Whether the nearer of the two ways to the negative counts.", rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_alike(self, inputs, "anchor", "positive")
        expect_alike(self, inputs, "anchor", "negative")
        return self.applied()
