"""Losses for yes or no, and for several of them at once."""

from __future__ import annotations

from typing import ClassVar

from core.layers.layer import Call, Inputs, Port
from core.layers.loss import ROW_WEIGHT, WEIGHTS, Comparison, Loss
from core.layers.targets import expect_alike, expect_row_weights, expect_yes_or_no
from core.specs import Spec


class SoftMarginLoss(Comparison, family="loss", torch="nn.SoftMarginLoss"):
    """For yes or no with targets of 1 and -1: asks that the score has the target's sign."""

    inputs = (Port("input", "The scores."), Port("target", "1 or -1."))
    constant_ports = ("target",)
    synonyms = ("logistic", "binary", "classification", "logistic regression", "yes no")
    use = "For yes or no with targets of 1 and −1. With targets of 0 and 1, the usual case, use BCEWithLogitsLoss."
    formula = "loss = mean log(1 + exp(−target · input))"

    def rule(self, inputs: Inputs) -> dict[str, Spec]:
        return self.reduced(inputs["input"])


class _YesOrNo(Loss):
    port_shapes: ClassVar = {"weight": "A shape that broadcasts to that of input."}

    function: ClassVar[str]
    constant_ports = WEIGHTS

    def call(self, inputs: Inputs) -> Call:
        expect_yes_or_no(self, inputs)
        expect_alike(self, inputs)
        expect_row_weights(self, inputs, *WEIGHTS)
        return self.weighted(inputs, self.function)

    def rule(self, inputs: Inputs) -> dict[str, Spec] | None:
        return self.weighted_loss(inputs)


class BCELoss(_YesOrNo, family="loss", torch="nn.BCELoss"):
    """For yes or no: compares probabilities between 0 and 1, as Sigmoid gives them, with targets of 0 and 1."""

    inputs = (Port("input", "Probabilities between 0 and 1."), Port("target", "1 for yes, 0 for no."), ROW_WEIGHT)
    function = "binary_cross_entropy"
    synonyms = (
        "binary cross entropy", "classification", "yes no", "binary classification", "autoencoder",
        "reconstruction", "log loss", "gan",
    )  # fmt: skip
    use = (
        "For yes or no where the network gives probabilities, and for pictures with values from 0 to 1. "
        "BCEWithLogitsLoss takes plain scores and is exact for extreme ones."
    )
    formula = "loss = −weight · (target · log input + (1 − target) · log(1 − input))"


class BCEWithLogitsLoss(_YesOrNo, family="loss", torch="nn.BCEWithLogitsLoss"):
    """For yes or no, also several at once: takes plain scores, without a Sigmoid before it."""

    inputs = (
        Port("input", "Plain scores; above 0 means yes."),
        Port("target", "1 for yes, 0 for no."),
        ROW_WEIGHT,
        Port("pos_weight", "How much a yes counts beside a no, one number for each score.", optional=True),
    )
    port_shapes: ClassVar = {"pos_weight": "A shape that broadcasts to that of input, as (C) for C scores."}
    function = "binary_cross_entropy_with_logits"
    synonyms = (
        "binary cross entropy", "classification", "multi-label", "yes no", "logits", "binary classification",
        "logistic regression", "gan", "discriminator", "imbalanced", "sigmoid", "segmentation mask", "two classes",
    )  # fmt: skip
    use = (
        "For yes or no, for several labels at once, and for telling real from made. pos_weight helps where yes is "
        "rare; use CrossEntropyLoss where exactly one of several classes is right."
    )
    formula = "p = sigmoid(input)\nloss = −weight · (pos_weight · target · log p + (1 − target) · log(1 − p))"


class MultiLabelSoftMarginLoss(Loss, family="loss", torch="nn.MultiLabelSoftMarginLoss"):
    """For several yes or no at once: each sample may have any number of labels; takes plain scores."""

    inputs = (
        Port("input", "A plain score for each label."),
        Port("target", "1 where a label applies, else 0."),
        Port("weight", "How much each label counts, one number a label.", optional=True),
    )
    port_shapes: ClassVar = {"input": "(N, C), C labels.", "target": "(N, C).", "weight": "(C)."}
    synonyms = ("multi-label", "tags", "classification", "binary classification", "labels", "logits")
    use = (
        "For several labels of a sample, as tags. BCEWithLogitsLoss is the same before the mean, with pos_weight "
        "besides."
    )
    formula = "loss = −mean over labels of weight · (target · log sigmoid(input) + (1 − target) · log sigmoid(−input))"

    def call(self, inputs: Inputs) -> Call:
        expect_alike(self, inputs)
        expect_row_weights(self, inputs, "weight")
        return self.weighted(inputs, "multilabel_soft_margin_loss")
