"""Losses with a form of their own: on sequences that are not lined up, on very many classes, on sets of labels."""

from __future__ import annotations

from typing import ClassVar

from core.layers import remedies
from core.layers.expectations import expect_floating, expect_rank, expect_whole, is_batch, name_of, received
from core.layers.layer import Call, Inputs, Layer, Port, Refused, fixed_size
from core.layers.loss import LOSS, REDUCTION
from core.parameters import parameter
from core.specs import Size, Spec, shape_text


def _expect_shape(layer: Layer, inputs: Inputs, port: str, wanted: tuple[Size, ...], what: str) -> None:
    """Refuse another shape than the wanted one, and what are no whole numbers."""
    spec = inputs[port]
    if spec.shape != wanted:
        longer = spec.shape == (*wanted, 1)
        raise Refused(
            f"{name_of(layer)} expects {what} as {shape_text(wanted)}, but receives {received(spec)}: "
            + ("insert Squeeze." if longer else "link one of that shape."),
            port,
            remedies.insert(port, "Squeeze", dim=-1) if longer else None,
        )
    expect_whole(layer, inputs, port, what)


class CTCLoss(Layer, family="loss", torch="nn.CTCLoss"):
    """For sequences whose labels are not lined up with their steps, as in speech and handwriting.

    It takes the logarithms of probabilities, as LogSoftmax gives them, with time before the batch.
    """

    inputs = (
        Port("log_probs", "The logarithm of each class's probability at each step: time × N × classes."),
        Port("targets", "The labels of each sequence, filled up to one length: N × labels."),
        Port("input_lengths", "How many steps of each sequence count."),
        Port("target_lengths", "How many labels of each sequence count."),
    )
    outputs = LOSS
    port_shapes: ClassVar = {
        "log_probs": "(T, N, C), C classes with the blank.",
        "targets": "(N, S), at most S labels.",
        "input_lengths": "(N).",
        "target_lengths": "(N).",
        "loss": "One number, (); without reduction, (N).",
    }
    synonyms = (
        "connectionist temporal classification", "speech", "handwriting", "ocr", "sequence", "alignment",
        "transcription", "asr", "unaligned",
    )  # fmt: skip
    use = (
        "For labels in order without their times, shorter than the input, as letters of a recording. Put LogSoftmax "
        "and Transpose before it; with one label for each step use CrossEntropyLoss."
    )
    formula = "loss = −log Σ of the probabilities of all ways to spread the labels, and blanks, over the steps"
    paper = (
        "Graves et al., 2006, Connectionist temporal classification: labelling unsegmented sequence data with "
        "recurrent neural networks"
    )

    blank: int = parameter(0, "The class number that stands for no label.", low=0)
    reduction: str = parameter("mean", REDUCTION, choices=("none", "mean", "sum"), rare=True)
    zero_infinity: bool = parameter(
        False, "Whether sequences too short for their labels count 0 instead of infinity.", rare=True
    )

    def call(self, inputs: Inputs) -> Call:
        spec = inputs["log_probs"]
        expect_floating(self, inputs, "log_probs")
        if spec.rank != 3 or not is_batch(spec.shape[1]):
            turned = spec.rank == 3 and is_batch(spec.shape[0])
            raise Refused(
                f"CTCLoss expects time × N × classes, but receives {received(spec)}: "
                + ("insert Transpose." if turned else "give it the scores of each step."),
                "log_probs",
                remedies.insert("log_probs", "Transpose", dim0=0, dim1=1) if turned else None,
            )
        fixed_size(inputs, "log_probs", 0, "CTCLoss", "time")
        classes = fixed_size(inputs, "log_probs", 2, "CTCLoss", "classes")
        batch = spec.shape[1]
        if self.blank >= classes:
            raise Refused(
                f"CTCLoss expects blank below the number of classes ({classes}), but it is {self.blank} for "
                f"{received(spec)}: set it to 0.",
                "log_probs",
                remedies.set_value("blank", 0),
            )
        expect_rank(self, inputs, 2, axes=("labels",), port="targets")
        _expect_shape(self, inputs, "targets", (batch, *inputs["targets"].shape[1:]), "labels")
        for port in ("input_lengths", "target_lengths"):
            _expect_shape(self, inputs, port, (batch,), "lengths")
        return self.module(expression="{module}({log_probs}, {targets}, {input_lengths}, {target_lengths})")

    def rule(self, inputs: Inputs) -> dict[str, Spec]:
        # Torch's own rule for meta reads the lengths, which meta does not hold.
        spec = inputs["log_probs"]
        return {"loss": Spec((spec.shape[1],) if self.reduction == "none" else (), spec.dtype)}


class MultiLabelMarginLoss(Layer, family="loss", torch="nn.MultiLabelMarginLoss"):
    """For several labels at once: asks that each right label's score is larger than every other one by 1.

    The target lists the numbers of the right labels, then -1, filled up to as many as there are labels.
    """

    inputs = (
        Port("input", "A plain score for each label."),
        Port("target", "The numbers of the right labels, then -1."),
    )
    outputs = LOSS
    port_shapes: ClassVar = {
        "input": "(N, C), C labels.",
        "target": "(N, C), whole numbers.",
        "loss": "One number, (); without reduction, (N).",
    }
    synonyms = ("multi-label", "tags", "hinge", "svm", "classification", "max margin", "labels", "ranking")
    use = (
        "For several labels of a sample by margins, with the targets listed by number. With targets of 0 and 1 use "
        "BCEWithLogitsLoss."
    )
    formula = "loss = Σ over right j, wrong i of max(0, 1 − (input[j] − input[i])) / labels"

    reduction: str = parameter("mean", REDUCTION, choices=("none", "mean", "sum"), rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, 2, axes=("labels",))
        expect_floating(self, inputs)
        _expect_shape(self, inputs, "target", inputs["input"].shape, "label numbers")
        return self.module(expression="{module}({input}, {target})")

    def rule(self, inputs: Inputs) -> dict[str, Spec]:
        spec = inputs["input"]
        return {"loss": Spec(spec.shape[:1] if self.reduction == "none" else (), spec.dtype)}


class AdaptiveLogSoftmaxWithLoss(Layer, family="loss", torch="nn.AdaptiveLogSoftmaxWithLoss"):
    """For very many classes, such as words: scores the frequent ones in full and the rare ones with fewer weights.

    It has weights of its own and takes features, with no Linear for the classes before it.
    """

    inputs = (
        Port("input", "The features of each sample."),
        Port("target", "The number of the right class; frequent classes have the small numbers."),
    )
    outputs = (LOSS[0], Port("output", "The logarithm of the right class's probability."))
    port_shapes: ClassVar = {
        "input": "(N, in_features).",
        "target": "(N) of class numbers.",
        "loss": "One number, ().",
        "output": "(N).",
    }
    synonyms = (
        "adaptive softmax", "language model", "vocabulary", "many classes", "words", "hierarchical softmax",
        "zipf",
    )  # fmt: skip
    use = (
        "For tens of thousands of classes of which few are frequent, as words numbered by how often they come. With "
        "fewer use Linear and CrossEntropyLoss, LinearCrossEntropyLoss to save memory alone."
    )
    formula = "log p(c) = log p(group of c) + log p(c within its group); loss = −mean log p(right class)"
    paper = "Grave et al., 2017, Efficient softmax approximation for GPUs"

    n_classes: int = parameter(1000, "How many classes there are.", low=2, required=True)
    cutoffs: tuple[int, ...] = parameter(
        (100, 500), "Class numbers at which the next, rarer group begins.", low=1, required=True
    )
    div_value: float = parameter(4.0, "How many times fewer weights each next group has.", low=0, open_low=True)
    head_bias: bool = parameter(False, "Whether a learned constant is added to the frequent classes.", rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, 2, axes=("features",))
        expect_floating(self, inputs)
        _expect_shape(self, inputs, "target", inputs["input"].shape[:1], "class numbers")
        width = fixed_size(inputs, "input", 1, name_of(self), "in_features")
        rising = list(self.cutoffs) == sorted(set(self.cutoffs))
        if not self.cutoffs or not rising or self.cutoffs[-1] >= self.n_classes:
            best = max(self.n_classes // 10, 1)
            raise Refused(
                f"{name_of(self)} expects cutoffs that rise and stay below n_classes ({self.n_classes}), but they are "
                f"{remedies.plain(self.cutoffs) or 'none'}: for example {best}.",
                "",
                remedies.set_value("cutoffs", (best,)),
            )
        if inputs["target"].classes > self.n_classes:
            count = inputs["target"].classes
            raise Refused(
                f"{name_of(self)} expects class numbers below n_classes ({self.n_classes}), but receives {count} "
                f"classes from {{source}}: set n_classes to {count}.",
                "target",
                remedies.set_value("n_classes", count),
            )
        if self._sizes(width)[-1] < 1:
            raise Refused(
                f"{name_of(self)} leaves no weights for its last group of classes with div_value {self.div_value:g} "
                f"for {received(inputs['input'])}: set it to 1.",
                "input",
                remedies.set_value("div_value", 1.0),
            )
        return self.module(
            width, self.n_classes, self.cutoffs, expression="{module}({input}, {target})", unpack=("output", "loss")
        )

    def _sizes(self, width: int) -> list[int]:
        """How many numbers each group of rarer classes is scored from."""
        return [int(width // self.div_value ** (place + 1)) for place in range(len(self.cutoffs))]

    def rule(self, inputs: Inputs) -> dict[str, Spec]:
        # Which rows each group works on depends on the target's values, which meta does not hold.
        spec = inputs["input"]
        return {"loss": Spec((), spec.dtype), "output": Spec(spec.shape[:1], spec.dtype)}

    def macs(self, inputs: Inputs) -> int:
        """Those of the frequent classes; a rare class adds those of its own group."""
        return fixed_size(inputs, "input", 1) * (self.cutoffs[0] + len(self.cutoffs))


class LinearCrossEntropyLoss(Layer, family="loss", torch="nn.LinearCrossEntropyLoss"):
    """A Linear for the scores of the classes and the CrossEntropyLoss on them in one, without holding every score.

    It has weights of its own and takes features, with no Linear for the classes before it.
    """

    inputs = (
        Port("input", "The features of each sample."),
        Port("target", "The number of the right class."),
    )
    outputs = LOSS
    port_shapes: ClassVar = {
        "input": "(N, in_features).",
        "target": "(N) of class numbers.",
        "loss": "One number, (); without reduction, (N).",
    }
    synonyms = (
        "fused", "language model", "vocabulary", "many classes", "memory", "chunked", "cut cross entropy",
        "linear", "head", "fully connected",
    )  # fmt: skip
    use = (
        "For large vocabularies, where the scores of all classes would fill the memory. It needs torch 2.13; it "
        "returns no scores, so use Linear and CrossEntropyLoss where the model should predict."
    )
    formula = "loss = cross entropy of (input · Wᵀ + b) and target"
    paper = "Wijmans et al., 2025, Cut your losses in large-vocabulary language models"

    num_classes: int = parameter(10, "How many classes there are.", low=2, required=True)
    bias: bool = parameter(False, "Whether a learned constant is added to each score.")
    reduction: str = parameter("mean", REDUCTION, choices=("none", "mean", "sum"), rare=True)
    ignore_index: int | None = parameter(None, "A class number that does not count; none stands for -100.", rare=True)
    label_smoothing: float = parameter(0.0, "How much probability is spread over the other classes.", low=0, high=1)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, 2, axes=("features",))
        expect_floating(self, inputs)
        _expect_shape(self, inputs, "target", inputs["input"].shape[:1], "class numbers")
        width = fixed_size(inputs, "input", 1, name_of(self), "in_features")
        count = inputs["target"].classes
        if count > self.num_classes:
            raise Refused(
                f"{name_of(self)} expects class numbers below num_classes ({self.num_classes}), but receives {count} "
                f"classes from {{source}}: set num_classes to {count}.",
                "target",
                remedies.set_value("num_classes", count),
            )
        return self.module(width, self.num_classes, expression="{module}({input}, {target})")


class Penalty(Layer, family="loss", torch="torch.mean"):
    """Makes a number that you build of operations as small as training can, as a divergence or a gradient's length.

    Numbers of several samples or places are brought to their mean, or to their sum.
    """

    inputs = (Port("number", "What training makes smaller."),)
    outputs = LOSS
    port_shapes: ClassVar = {"number": "Any shape.", "loss": "One number, ()."}
    is_composed = True
    synonyms = (
        "own loss", "custom loss", "regulariser", "kl divergence", "elbo", "gradient penalty", "minimise", "term",
        "regularization", "any loss", "vae", "divergence", "energy", "user defined loss", "minimize",
    )  # fmt: skip
    use = (
        "For every loss that is not in the list: build a number of operations and link it, as the divergence of a "
        "variational autoencoder or Square of a gradient's Norm minus 1. Where a ready loss fits, use it."
    )
    formula = "loss = weight · mean(number)"

    weight: float = parameter(1.0, "How much it counts beside other losses.", required=True)
    reduction: str = parameter("mean", "How several numbers become one.", choices=("mean", "sum"), required=True)

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs, "number")
        factor = "" if self.weight == 1 else f"{self.weight} * "
        return Call(expression=f"{factor}{{number}}.{self.reduction}()")
