"""Layers that make a sequence, a picture or a volume as large as it is wanted, without learning anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, cast

from core.layers import remedies
from core.layers.expectations import AXES, expect_floating, expect_rank, name_of, received
from core.layers.layer import GRID, Call, Inputs, Layer, Port, Refused, these_axes
from core.parameters import Value, parameter
from core.specs import Spec, shape_text

MODES = {"nearest": 0, "linear": 3, "bilinear": 4, "bicubic": 4, "trilinear": 5, "area": 0, "nearest-exact": 0}
"""The ways to fill in new values, with the rank of the input that each needs (0 for any)."""

BLENDING = tuple(mode for mode, rank in MODES.items() if rank)
"""The ways that blend neighbouring values."""


class _Resizing(Layer):
    port_shapes: ClassVar = {
        "input": "Sequences, pictures or volumes, (N, C, *).",
        "output": "(N, C, *), each of the axes * resized.",
    }

    synonyms = ("resize", "interpolate", "scale", "enlarge", "upsampling", "decoder", "unpool")
    formula = (
        "nearest: y[c, i] = x[c, ⌊i / scale_factor⌋], along each axis\n"
        "linear, bilinear, trilinear: the mean of the values around that place, the nearer the heavier\n"
        "bicubic: the same over four values along each axis; area: the mean of all that falls together"
    )

    size: tuple[int, ...] | None = parameter(None, "How large the output is, instead of scale_factor.", low=1)
    scale_factor: float | None = parameter(
        None, "How many times larger the output is.", low=0, open_low=True, dropped=2.0
    )
    mode: str = parameter("nearest", "How new values are filled in.", choices=tuple(MODES))
    align_corners: bool | None = parameter(
        None,
        "Whether corner values stay at the corners; none, as torch has it, means no.",
        rare=True,
        when=("mode", BLENDING),
    )

    def settings(self, inputs: Inputs) -> tuple[tuple[str, Value], ...]:
        """The settings as torch takes them; refuses those that do not go together or not with the input."""
        spec = inputs["input"]
        spatial = min(max(spec.rank - 2, 1), 3)
        expect_rank(self, inputs, spatial + 2, axes=AXES[spatial])
        expect_floating(self, inputs)
        if "like" not in inputs and (self.size is None) == (self.scale_factor is None):
            repair = remedies.set_value("scale_factor", 2.0 if self.size is None else None)
            raise Refused(f"{name_of(self)} expects either a size or a scale_factor: set one of the two.", "", repair)
        if MODES[self.mode] not in (0, spec.rank):
            fitting = {3: "linear", 4: "bilinear", 5: "trilinear"}[spec.rank]
            raise Refused(
                f"{name_of(self)} expects {MODES[self.mode]} axes for mode {self.mode}, but receives "
                f"{received(spec)}: choose mode {fitting} or nearest.",
                "input",
                remedies.set_value("mode", fitting),
            )
        if self.align_corners is not None and MODES[self.mode] == 0:
            raise Refused(
                f"{name_of(self)} expects no align_corners for mode {self.mode}: set it to none.",
                "",
                remedies.set_value("align_corners", None),
            )
        if "like" not in inputs:
            self._expect_sizes(spec, spatial)
        return tuple((name, _unpacked(value)) for name, value in self.keywords())

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return these_axes(outputs, *GRID.values())

    def _expect_sizes(self, spec: Spec, spatial: int) -> None:
        """Refuse a size for another number of axes, and a factor that leaves nothing."""
        if self.size is not None and len(self.size) not in (1, spatial):
            raise Refused(
                f"{name_of(self)} expects one size or {spatial} of them, but has {len(self.size)} for "
                f"{received(spec)}.",
                "input",
                remedies.set_value("size", self.size[:1]),
            )
        scale = self.scale_factor or 1.0
        if any(isinstance(size, int) and int(size * scale) < 1 for size in spec.shape[2:]):
            raise Refused(
                f"{name_of(self)} expects something to be left of each axis, but receives {received(spec)} with "
                f"scale_factor {scale:g}: set it to 1.",
                "input",
                remedies.set_value("scale_factor", 1.0),
            )


def _unpacked(value: Value) -> Value:
    """The one value of a tuple that holds no other."""
    if isinstance(value, tuple):
        sizes = cast("tuple[Value, ...]", value)
        return sizes[0] if len(sizes) == 1 else sizes
    return value


class Upsample(_Resizing, family="pooling", torch="nn.Upsample"):
    """Makes a sequence, picture or volume larger by repeating or blending its values."""

    use = (
        "For decoders that make feature maps larger, followed by a convolution. Use Interpolate to become as large "
        "as another input, ConvTranspose2d or PixelShuffle to learn how to enlarge."
    )

    def call(self, inputs: Inputs) -> Call:
        return Call(self.torch, (), self.settings(inputs))


class Interpolate(_Resizing, family="pooling", torch="torch.nn.functional.interpolate"):
    """Makes a sequence, picture or volume larger or smaller, where linked as large as another input."""

    synonyms = ("resize", "upsample", "downsample", "scale", "same size", "image", "decoder", "skip")
    use = (
        "To bring feature maps to the size of others before Add or Cat: link these to like. Use Upsample where a "
        "factor is enough."
    )

    inputs = (
        Port("input", "What is resized."),
        Port("like", "What it becomes as large as, instead of size and scale_factor.", optional=True),
    )
    port_shapes: ClassVar = {"like": "(N, C′, *) with as many axes as input."}

    antialias: bool = parameter(
        False,
        "Whether a picture that becomes smaller is smoothed first.",
        rare=True,
        when=("mode", ("bilinear", "bicubic")),
    )

    def call(self, inputs: Inputs) -> Call:
        settings = self.settings(inputs)
        if self.antialias and self.mode not in ("bilinear", "bicubic"):
            raise Refused(
                f"Interpolate expects mode bilinear or bicubic for antialias, but it is {self.mode}: set antialias "
                "to false.",
                "",
                remedies.set_value("antialias", False),
            )
        if "like" in inputs:
            spec, like = inputs["input"], inputs["like"]
            if like.rank != spec.rank or any(isinstance(size, str) for size in like.shape[2:]):
                raise Refused(
                    f"Interpolate expects as many axes in like as in input, but receives {received(like)} beside "
                    f"{shape_text(spec.shape)}: link another one.",
                    "like",
                )
            others = tuple(each for each in settings if each[0] not in ("size", "scale_factor"))
            expression = "nn.functional.interpolate({input}, size={like}.shape[2:]{keywords})"
            return Call(expression=expression, keywords=others)
        return Call(expression="nn.functional.interpolate({input}{keywords})", keywords=tuple(settings))


class PixelShuffle(Layer, family="pooling", torch="nn.PixelShuffle"):
    """Turns groups of channels into a picture that is larger by a factor; used to sharpen pictures."""

    port_shapes: ClassVar = {
        "input": "Pictures, (N, C · r², H, W), r the upscale_factor.",
        "output": "(N, C, H · r, W · r).",
    }
    synonyms = ("super resolution", "subpixel", "sub-pixel", "depth to space", "upsample", "enlarge", "sharpen")
    use = (
        "The last step of networks that sharpen pictures, after a Conv2d that makes upscale_factor² channels for "
        "each one wanted. Use Upsample to enlarge without learning; PixelUnshuffle is the way back."
    )
    formula = "y[c, r·i + a, r·j + b] = x[c·r² + a·r + b, i, j], r = upscale_factor"
    paper = (
        "Shi et al., 2016, Real-time single image and video super-resolution using an efficient sub-pixel "
        "convolutional neural network"
    )

    upscale_factor: int = parameter(2, "How many times larger the picture becomes.", low=1, required=True)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, 4, axes=AXES[2])
        channels, square = inputs["input"].shape[1], self.upscale_factor**2
        if isinstance(channels, int) and channels % square:
            raise Refused(
                f"{name_of(self)} expects channels in groups of {square}, but receives {received(inputs['input'])}: "
                f"give the layer before it {max(channels // square, 1) * square} channels.",
                "input",
                remedies.insert("input", "Conv2d", out_channels=max(channels // square, 1) * square, kernel_size=1),
            )
        return self.module(self.upscale_factor)

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return these_axes(outputs, GRID[2])
