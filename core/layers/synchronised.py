"""The BatchNorm of networks that are trained on several devices at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from core.layers.expectations import expect_batch_first, expect_floating, name_of, received
from core.layers.layer import Call, Inputs, Layer, Refused, fixed_size, same_axes
from core.layers.normalisation import AFFINE, EPS, MOMENTUM, TRACKED, expect_memory
from core.parameters import parameter
from core.specs import Spec


class SyncBatchNorm(Layer, family="normalisation", torch="nn.SyncBatchNorm"):
    """A BatchNorm whose mean and spread are those of all devices that train together; on one it is a plain one."""

    port_shapes: ClassVar = {
        "input": "Values with channels, (N, C, *) with up to three axes *.",
        "output": "The shape of input.",
    }
    synonyms = (
        "distributed", "several gpus", "bn", "batch normalization", "normalise", "normalize", "multi-gpu", "ddp",
    )  # fmt: skip
    use = (
        "In place of BatchNorm2d where a network trains on several devices with few samples each. On one device use "
        "BatchNorm1d, BatchNorm2d or BatchNorm3d, with few samples GroupNorm."
    )
    formula = (
        "y = γ · (x − mean) / √(variance + eps) + β\nmean and variance of each channel over the batches of all devices"
    )
    paper = (
        "Ioffe and Szegedy, 2015, Batch normalization: accelerating deep network training by reducing internal "
        "covariate shift"
    )

    eps: float = parameter(1e-5, EPS, low=0, open_low=True, rare=True)
    momentum: float | None = parameter(0.1, MOMENTUM, low=0, high=1, rare=True, when=TRACKED)
    affine: bool = parameter(True, AFFINE, rare=True)
    track_running_stats: bool = parameter(
        True, "Whether mean and spread are remembered for use after training.", rare=True
    )

    def call(self, inputs: Inputs) -> Call:
        spec = inputs["input"]
        expect_batch_first(self, inputs)
        expect_floating(self, inputs)
        if not 2 <= spec.rank <= 5:
            raise Refused(
                f"{name_of(self)} expects N × channels and up to three more axes, but receives {received(spec)}: give "
                "it an input with these axes.",
                "input",
            )
        expect_memory(self, inputs, self.track_running_stats)
        return self.module(fixed_size(inputs, "input", 1, name_of(self), "num_features"))

    def rule(self, inputs: Inputs) -> dict[str, Spec]:
        return {"output": Spec(inputs["input"].shape, inputs["input"].dtype)}

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return same_axes(inputs, outputs)
