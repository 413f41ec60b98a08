"""Losses: one number that says how far a prediction is from the right answer; training makes it smaller.

What fits a prediction is said in `targets`.
"""

from __future__ import annotations

from typing import ClassVar

from core.layers import remedies
from core.layers.expectations import received
from core.layers.layer import Call, Inputs, Layer, Port, Refused
from core.layers.targets import expect_alike, expect_class_weights, expect_classes
from core.parameters import parameter
from core.specs import Spec

LOSS = (Port("loss", "How far off the prediction is."),)
TARGET = Port("target", "The right answers.")
WEIGHTS = ("weight", "pos_weight")
CLASS_WEIGHT = Port("weight", "How much each class counts, one number a class, as a Buffer holds them.", optional=True)
ROW_WEIGHT = Port("weight", "How much each answer counts, in its shape or one that fits it.", optional=True)
REDUCTION = "How the samples' losses become one number: their mean, their sum, or not at all."


class Loss(Layer):
    """The base of losses that bring the losses of the samples to one number."""

    inputs = (Port("input", "The prediction."), TARGET)
    outputs = LOSS
    port_shapes: ClassVar = {
        "input": "Any shape.",
        "target": "The shape of input.",
        "loss": "One number, (); without reduction, one for each compared number or sample.",
    }

    reduction: str = parameter("mean", REDUCTION, choices=("none", "mean", "sum"), rare=True)

    def applied(self) -> Call:
        """The call with every input in the order of its ports."""
        ports = ", ".join(f"{{{port.name}}}" for port in self.inputs)
        return self.module(expression=f"{{module}}({ports})")

    def weighted(self, inputs: Inputs, function: str) -> Call:
        """The call with the weights that are linked: torch's function then, whose module would keep a copy of them."""
        linked = [port for port in WEIGHTS if port in inputs]
        if not linked:
            return self.module(expression="{module}({input}, {target})")
        said = ", ".join(f"{port}={{{port}}}" for port in linked)
        expression = f"nn.functional.{function}({{input}}, {{target}}, {said}{{keywords}})"
        return Call(expression=expression, keywords=self.keywords())

    def weighted_loss(self, inputs: Inputs) -> dict[str, Spec] | None:
        """The output where weights are linked, which a probe cannot pass: it asks for gradients of every input."""
        given = inputs["input"]
        classes = any(port is CLASS_WEIGHT for port in self.inputs)
        places = (given.shape[0], *given.shape[2:]) if classes else given.shape
        weighted = any(port in inputs for port in WEIGHTS)
        return self.reduced(Spec(places, given.dtype)) if weighted else None

    def reduced(self, given: Spec) -> dict[str, Spec]:
        """The output of a loss that meta cannot run: one number, or one for each that is given."""
        return {"loss": Spec(given.shape if self.reduction == "none" else (), given.dtype)}


# ---- losses on classes


class CrossEntropyLoss(Loss, family="loss", torch="nn.CrossEntropyLoss"):
    """Measures how little probability the scores give to the right class; the usual loss for telling classes apart.

    It takes plain scores, without a Softmax before it.
    """

    inputs = (
        Port("input", "A score for each class, on axis 1, as they are."),
        Port("target", "The number of the right class."),
        CLASS_WEIGHT,
    )
    port_shapes: ClassVar = {
        "input": "(N, C, *), C classes.",
        "target": "(N, *) of class numbers, or (N, C, *) of probabilities.",
        "weight": "(C).",
    }
    constant_ports = ("weight",)
    synonyms = (
        "class weights", "imbalanced", "classification", "softmax loss", "classes", "logits", "multi-class",
        "segmentation loss", "next token", "language model", "nll", "categorical", "focal",
    )  # fmt: skip
    use = (
        "For one right class among several, at each sample or each place, on plain scores. Use BCEWithLogitsLoss "
        "where several may be right at once or there are only yes and no, LinearCrossEntropyLoss for very many "
        "classes."
    )
    formula = "loss = −weight[c] · log softmax(input)[c] for the right class c; the mean divides by the weights"

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
        expect_class_weights(self, inputs)
        return self.weighted(inputs, "cross_entropy")

    def rule(self, inputs: Inputs) -> dict[str, Spec] | None:
        return self.weighted_loss(inputs)


class NLLLoss(Loss, family="loss", torch="nn.NLLLoss"):
    """Like CrossEntropyLoss, but takes the logarithms of probabilities, as LogSoftmax gives them."""

    inputs = (
        Port("input", "The logarithm of each class's probability, on axis 1."),
        Port("target", "The number of the right class."),
        CLASS_WEIGHT,
    )
    port_shapes: ClassVar = {"input": "(N, C, *), C classes.", "target": "(N, *) of class numbers.", "weight": "(C)."}
    constant_ports = ("weight",)
    synonyms = (
        "class weights", "imbalanced", "negative log likelihood", "classification", "log probabilities",
        "likelihood", "multi-class",
    )  # fmt: skip
    use = (
        "Behind LogSoftmax, where the network should give logarithms of probabilities. CrossEntropyLoss takes plain "
        "scores and does both."
    )
    formula = "loss = −weight[c] · input[c] for the right class c"

    ignore_index: int = parameter(-100, "A class number that does not count.", rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_classes(self, inputs)
        expect_class_weights(self, inputs)
        return self.weighted(inputs, "nll_loss")

    def rule(self, inputs: Inputs) -> dict[str, Spec] | None:
        return self.weighted_loss(inputs)


class MultiMarginLoss(Loss, family="loss", torch="nn.MultiMarginLoss"):
    """Asks that the right class's score is larger than every other one by a margin."""

    inputs = (Port("input", "A score for each class."), Port("target", "The number of the right class."), CLASS_WEIGHT)
    port_shapes: ClassVar = {"input": "(N, C), C classes.", "target": "(N) of class numbers.", "weight": "(C)."}
    constant_ports = ("weight",)
    synonyms = (
        "class weights", "imbalanced", "svm", "hinge", "classification", "multi-class", "support vector machine",
        "max margin",
    )  # fmt: skip
    use = (
        "For classes by margins, as a support vector machine: right answers that are clear enough count 0. "
        "CrossEntropyLoss gives probabilities and is the usual choice."
    )
    formula = "loss = Σ over i ≠ c of weight[c] · max(0, margin − input[c] + input[i])ᵖ / classes"
    paper = "Weston and Watkins, 1999, Support vector machines for multi-class pattern recognition"

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
        expect_class_weights(self, inputs)
        return self.weighted(inputs, "multi_margin_loss")

    def rule(self, inputs: Inputs) -> dict[str, Spec] | None:
        return self.weighted_loss(inputs)


# ---- losses that compare number by number


class Comparison(Loss):
    """The base of losses whose two inputs have one shape."""

    def call(self, inputs: Inputs) -> Call:
        first, second = (port.name for port in self.inputs)
        expect_alike(self, inputs, first, second)
        return self.applied()


class MSELoss(Comparison, family="loss", torch="nn.MSELoss"):
    """The mean of the squared differences; the usual loss for predicting numbers, hard on large errors."""

    synonyms = (
        "mean squared error", "regression", "l2", "least squares", "squared error", "reconstruction",
        "autoencoder", "numbers", "forecast",
    )  # fmt: skip
    use = (
        "For predicting numbers whose errors are about normal, and for reconstructions. Use L1Loss or HuberLoss "
        "where some targets are far off, GaussianNLLLoss to learn how sure it is."
    )
    formula = "loss = mean (input − target)²"


class L1Loss(Comparison, family="loss", torch="nn.L1Loss"):
    """The mean of the absolute differences; it forgives outliers more than MSELoss."""

    synonyms = ("mean absolute error", "mae", "regression", "absolute error", "median", "reconstruction", "outliers")
    use = (
        "For predicting numbers where outliers should not rule, and for sharper reconstructions than by MSELoss. It "
        "aims at the median; its gradient does not shrink near the target."
    )
    formula = "loss = mean |input − target|"


class SmoothL1Loss(Comparison, family="loss", torch="nn.SmoothL1Loss"):
    """Squared for small differences and straight for large ones; calm near 0 and forgiving to outliers."""

    synonyms = ("regression", "bounding box", "robust", "object detection", "outliers", "huber")
    use = (
        "For boxes and other numbers with outliers, calm near 0. HuberLoss is the same times beta; MSELoss without "
        "outliers."
    )
    formula = "loss = ½ · d² / beta where |d| < beta, else |d| − ½ · beta; d = input − target"
    paper = "Girshick, 2015, Fast R-CNN"

    beta: float = parameter(1.0, "Where squared becomes straight.", low=0)


class HuberLoss(Comparison, family="loss", torch="nn.HuberLoss"):
    """Squared for small differences and straight for large ones, like SmoothL1Loss on another scale."""

    synonyms = ("regression", "robust", "outliers", "reinforcement learning", "dqn", "forecast")
    use = (
        "For predicting numbers with outliers: exact for small errors, patient with large ones. Use MSELoss without "
        "outliers, L1Loss where there are many."
    )
    formula = "loss = ½ · d² where |d| < delta, else delta · (|d| − ½ · delta); d = input − target"
    paper = "Huber, 1964, Robust estimation of a location parameter"

    delta: float = parameter(1.0, "Where squared becomes straight.", low=0, open_low=True)


class KLDivLoss(Comparison, family="loss", torch="nn.KLDivLoss"):
    """Measures how far one distribution is from another; the prediction comes as logarithms of probabilities."""

    inputs = (
        Port("input", "The logarithms of the predicted probabilities."),
        Port("target", "The probabilities to come close to."),
    )
    synonyms = (
        "kl divergence", "kullback leibler", "distillation", "distribution", "relative entropy", "soft labels",
        "teacher student", "knowledge distillation",
    )  # fmt: skip
    use = (
        "To bring one distribution close to another, as a student to a teacher; put LogSoftmax before input and "
        "Softmax before target. For right classes use CrossEntropyLoss; the divergence of an autoencoder's code is "
        "built of operations with Penalty."
    )
    formula = "loss = Σ target · (log target − input)"
    paper = "Kullback and Leibler, 1951, On information and sufficiency"

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


class PoissonNLLLoss(Comparison, family="loss", torch="nn.PoissonNLLLoss"):
    """For predicting counts, such as calls in an hour, whose spread grows with their size."""

    inputs = (Port("log_input", "The predicted rate, or its logarithm."), TARGET)
    port_shapes: ClassVar = {"log_input": "Any shape.", "target": "The shape of log_input."}
    synonyms = ("counts", "regression", "rate", "poisson regression", "events", "frequency")
    use = "For counts, which are never negative and vary more the larger they are. Use MSELoss for other numbers."
    formula = "loss = exp(input) − target · input, with log_input; else input − target · log(input + eps)"

    log_input: bool = parameter(True, "Whether the prediction is the logarithm of the rate.")
    full: bool = parameter(False, "Whether the term that training does not need is added.", rare=True)
    eps: float = parameter(1e-8, "A small number that keeps a logarithm of 0 away.", low=0, open_low=True, rare=True)


class HingeEmbeddingLoss(Comparison, family="loss", torch="nn.HingeEmbeddingLoss"):
    """For distances between two things: makes them small where the target is 1 and large where it is -1."""

    inputs = (Port("input", "The distances."), Port("target", "1 for alike, -1 for different."))
    synonyms = ("siamese", "similarity", "metric learning", "contrastive", "pairs", "verification")
    use = (
        "For distances of pairs, as PairwiseDistance gives them. CosineEmbeddingLoss takes the vectors themselves, "
        "TripletMarginLoss triples."
    )
    formula = "loss = input where target is 1, max(0, margin − input) where it is −1"

    margin: float = parameter(1.0, "How far apart different things should be.", low=0)


class GaussianNLLLoss(Loss, family="loss", torch="nn.GaussianNLLLoss"):
    """For predicting numbers together with how sure each prediction is."""

    inputs = (
        Port("input", "The predicted numbers."),
        TARGET,
        Port("var", "How unsure each prediction is: a variance above 0."),
    )
    port_shapes: ClassVar = {"var": "The shape of input, or with size 1 on the last axis."}
    synonyms = (
        "uncertainty", "regression", "variance", "heteroscedastic", "confidence", "probabilistic forecast",
        "mean and variance",
    )  # fmt: skip
    use = (
        "For predicting numbers whose spread differs from case to case, with a second head for the variance, as "
        "Softplus gives it. Use MSELoss where the spread does not matter."
    )
    formula = "loss = ½ · (log var + (input − target)² / var)"
    paper = "Nix and Weigend, 1994, Estimating the mean and variance of the target probability distribution"

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
