"""Layers that make one number of the numbers along axes: the usual ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from core.layers import remedies
from core.layers.axes import without
from core.layers.expectations import expect_axis, name_of, received
from core.layers.layer import Call, Inputs, Layer, Refused, axes_of
from core.layers.shape import HIGH, LOW, listed
from core.parameters import Value, parameter


class Summary(Layer):
    """The base of what becomes one number over one or several axes."""

    port_shapes: ClassVar = {
        "input": "Any shape.",
        "output": "The shape of input without the axes dim; with keepdim they stay, of size 1.",
    }

    dim: tuple[int, ...] = parameter(
        (-1,), "Over which axes; none of them gives one number for all.", low=LOW, high=HIGH, required=True
    )
    keepdim: bool = parameter(False, "Whether the axes stay, with size 1.")

    def reduced(self, inputs: Inputs, function: str, first: str = "", more: tuple[tuple[str, Value], ...] = ()) -> Call:
        """The call of a method of tensors that takes `dim` and `keepdim`, and what else is given."""
        if not self.dim:
            return Call(expression=f"{{input}}.{function}({first}{{keywords}})", keywords=more)
        axes = [expect_axis(self, inputs, dim) for dim in self.dim]
        if len(set(axes)) < len(axes):
            raise Refused(
                f"{name_of(self)} expects each axis once, but dim is {listed(self.dim)} for "
                f"{received(inputs['input'])}: name each axis once.",
                "input",
                remedies.set_value("dim", tuple(sorted(set(axes)))),
            )
        dim = str(self.dim[0]) if len(self.dim) == 1 else f"({listed(self.dim)})"
        said = ", ".join(filter(None, [first, f"dim={dim}"]))
        keywords = (*more, *((("keepdim", True),) if self.keepdim else ()))
        return Call(expression=f"{{input}}.{function}({said}{{keywords}})", keywords=keywords)

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        names = axes_of(inputs["input"])
        return {"output": names if self.keepdim and self.dim else without(names, self.dim or range(len(names)))}


class Mean(Summary, family="shape", torch="torch.mean"):
    """Takes the mean over one or several axes, as over time or over a whole picture."""

    synonyms = ("average", "reduce", "global average pooling", "pooling over time", "gap")
    use = (
        "To bring an axis of any length to one number, as the steps of a sequence before a classifier. Use "
        "AdaptiveAvgPool2d for pictures, Max where the strongest place should count."
    )
    formula = "y = (x₁ + … + xₙ) / n over the chosen axes"

    def call(self, inputs: Inputs) -> Call:
        if not inputs["input"].is_floating:
            spec = inputs["input"]
            message = f"Mean works on floating point numbers, but receives {received(spec, dtype=True)}: insert Float."
            raise Refused(message, "input", remedies.insert("input", "Float"))
        return self.reduced(inputs, "mean")


class Sum(Summary, family="shape", torch="torch.sum"):
    """Adds up the numbers over one or several axes."""

    synonyms = ("total", "reduce", "add", "accumulate", "deep sets")
    use = (
        "To add up along axes, as a loss of your own over its features, or the weighted values of an attention. Use "
        "Mean where the count should not matter."
    )
    formula = "y = x₁ + … + xₙ over the chosen axes"

    def call(self, inputs: Inputs) -> Call:
        return self.reduced(inputs, "sum")


class Max(Summary, family="shape", torch="torch.amax"):
    """Keeps the largest number over one or several axes, as over time or over a whole picture."""

    synonyms = ("maximum", "reduce", "global max pooling", "amax", "pooling over time", "pointnet")
    use = (
        "To keep the strongest response along axes, whatever its place. Use Mean where every place should count, "
        "MaxPool2d for small windows, ArgMax for where it stood."
    )
    formula = "y = max(x₁, …, xₙ) over the chosen axes"

    def call(self, inputs: Inputs) -> Call:
        return self.reduced(inputs, "amax")
