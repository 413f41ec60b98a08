"""Layers that say what is learned through, and that make a gradient a value of the network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from core.layers.expectations import expect_floating
from core.layers.layer import Call, Inputs, Layer, Port, axes_of, same_axes
from core.parameters import parameter
from core.specs import Spec


class Detach(Layer, family="shape", torch="torch.detach"):
    """Passes its input on, but nothing before it learns from what comes behind."""

    port_shapes: ClassVar = {"input": "Any shape.", "output": "The shape of input."}
    synonyms = (
        "stop gradient", "no gradient", "freeze", "target network", "straight through", "teacher", "byol",
        "block gradient", "vq-vae",
    )  # fmt: skip
    use = (
        "Where a value should be used but not learned through, as a target network or a teacher. It frees no "
        "weights from training by another way."
    )
    formula = "y = x, ∂y / ∂x = 0"

    def call(self, inputs: Inputs) -> Call:
        return Call(expression="{input}.detach()")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return same_axes(inputs, outputs)


class RequiresGrad(Layer, family="shape", torch="torch.Tensor.requires_grad_"):
    """Passes its input on and asks torch to follow it, so that Gradient can say how a value depends on it."""

    port_shapes: ClassVar = {"input": "Any shape.", "output": "The shape of input."}
    synonyms = (
        "gradient penalty", "wgan-gp", "follow", "leaf", "forces", "track", "differentiate", "saliency",
        "sensitivity",
    )  # fmt: skip
    use = (
        "On an input or a mixture of samples, before the layers whose Gradient by it is wanted. It changes no "
        "number; weights are followed without it."
    )
    formula = "y = x"

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs)
        return Call(expression="{input}.clone().requires_grad_()")  # a value of its own: input may be used elsewhere

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return same_axes(inputs, outputs)


class Gradient(Layer, family="merge", torch="torch.autograd.grad"):
    """Says for each number of one value how the sum of another one changes with it, and learns through that.

    Each sample gets its own gradient as long as the layers between the two do not mix samples.
    """

    inputs = (
        Port("value", "What is differentiated, as the score of a critic; it is added up first."),
        Port("by", "What it is differentiated by: the output of RequiresGrad, on the way to value."),
    )
    port_shapes: ClassVar = {"value": "Any shape.", "by": "Any shape.", "output": "The shape of by."}
    synonyms = (
        "derivative", "gradient penalty", "wgan-gp", "autograd", "r1 regularisation", "forces", "pinn", "jacobian",
        "differentiate", "slope", "physics informed", "saliency", "double backward", "lipschitz",
    )  # fmt: skip
    use = (
        "For penalties on how steep a critic is, forces out of an energy, or equations that a network should "
        "fulfil. Put RequiresGrad before the layers, and Norm and Penalty behind it for a gradient penalty."
    )
    formula = "y = ∂(Σ value) / ∂ by"
    paper = "Gulrajani et al., 2017, Improved training of Wasserstein GANs"

    create_graph: bool = parameter(
        False, "Whether weights learn from the gradient, as a penalty on it needs.", dropped=True, rare=True
    )

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs, "value", "by")
        kept = "create_graph=True" if self.create_graph else "retain_graph=True"
        return Call(expression=f"torch.autograd.grad({{value}}.sum(), {{by}}, {kept})[0]")

    def rule(self, inputs: Inputs) -> dict[str, Spec]:
        # A probe has two values that do not depend on each other, which torch refuses.
        return {"output": Spec(inputs["by"].shape, inputs["by"].dtype)}

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": axes_of(inputs["by"])}
