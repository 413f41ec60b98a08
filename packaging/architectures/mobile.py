"""Networks for pictures that are meant to be small and fast."""

from __future__ import annotations

from typing import Any

from core.scripting import BlockDrawing, Drawing, Value, parameter

from .parts import IMAGE, chain, classified, need


def mobilenet_v2(net: Drawing) -> None:
    """Sandler et al., 2018, MobileNetV2: inverted residuals and linear bottlenecks."""
    need(net, "InvertedResidual", "InvertedResidualDown")
    with net.block(
        "ConvNormReLU6",
        "A convolution, batch normalisation and ReLU6.",
        channels=parameter(32, "How many channels come out.", low=1),
        kernel_size=parameter(3, "How many pixels the window is wide; odd.", low=1),
        stride=parameter(1, "How far the window moves.", low=1),
        groups=parameter(1, "Into how many groups the channels are parted.", low=1),
    ) as b:
        x = b.input("x", IMAGE)
        conv = {
            "out_channels": b.channels,
            "kernel_size": b.kernel_size,
            "stride": b.stride,
            "padding": b.kernel_size // 2,
            "groups": b.groups,
            "bias": False,
        }
        b.output(chain(b, x, ("Conv2d", "conv", conv), ("BatchNorm2d", "bn"), ("ReLU6", "relu")))
    image = net.add("Input", shape=(3, 224, 224), name="image")
    x = chain(
        net,
        image,
        ("ConvNormReLU6", "stem", {"channels": 32, "stride": 2}),
        (
            "ConvNormReLU6",
            "depthwise",
            {"channels": 32, "groups": 32, "note": "The first block, whose middle is not wider."},
        ),
        ("Conv2d", "project", {"out_channels": 16, "kernel_size": 1, "bias": False}),
        ("BatchNorm2d", "project_bn"),
    )
    for stage, channels, layers, stride in (
        (1, 24, 2, 2), (2, 32, 3, 2), (3, 64, 4, 2), (4, 96, 3, 1), (5, 160, 3, 2), (6, 320, 1, 1),
    ):  # fmt: skip
        x = net.add("InvertedResidualDown", x, channels=channels, stride=stride, name=f"down{stage}")
        if layers > 1:
            x = net.add("InvertedResidual", x, repeat=layers - 1, name=f"stage{stage}")
    x = net.add("ConvNormReLU6", x, channels=1280, kernel_size=1, name="widen")
    x = chain(net, x, ("AdaptiveAvgPool2d", "pool"), ("Flatten", "flatten"), ("Dropout", "dropout", {"p": 0.2}))
    classified(net, net.add("Linear", x, out_features=1000, name="fc"))


def _mobile_convolution(net: Drawing, name: str, help: str, keeps: bool) -> None:
    """EfficientNet's block, with a shortcut where it keeps the picture's size and channels."""
    changes = (
        {}
        if keeps
        else {
            "channels": parameter(24, "How many channels come out.", low=1),
            "stride": parameter(1, "How far the window moves.", low=1),
        }
    )
    kernel = parameter(3, "How many pixels the window is wide; odd.", low=1)
    expansion = parameter(6, "How many times more channels the middle has.", low=1)
    with net.block(name, help, **changes, kernel_size=kernel, expansion=expansion) as b:
        x = b.input("x", "N, channels, height, width" if keeps else IMAGE)
        given = b.channels if keeps else b.in_channels
        hidden = given * b.expansion
        y = chain(
            b,
            x,
            ("Conv2d", "expand", {"out_channels": hidden, "kernel_size": 1, "bias": False}),
            ("BatchNorm2d", "expand_bn"),
            ("SiLU", "expand_silu"),
        )
        y = _depthwise(b, y, hidden, 1 if keeps else b.stride)
        y = b.add("SqueezeExcitation", y, squeezed=given // 4, name="squeeze")
        y = _projected(b, y)
        b.output(b.add("Add", y, x, name="add") if keeps else y)


def _depthwise(b: BlockDrawing, x: Value, channels: Any, stride: Any) -> Value:
    """A convolution in each channel, batch normalisation and SiLU."""
    conv = {
        "out_channels": channels,
        "kernel_size": b.kernel_size,
        "stride": stride,
        "padding": b.kernel_size // 2,
        "groups": channels,
        "bias": False,
    }
    return chain(b, x, ("Conv2d", "depthwise", conv), ("BatchNorm2d", "depthwise_bn"), ("SiLU", "depthwise_silu"))


def _projected(b: BlockDrawing, x: Value) -> Value:
    conv = {"out_channels": b.channels, "kernel_size": 1, "bias": False}
    return chain(b, x, ("Conv2d", "project", conv), ("BatchNorm2d", "project_bn"))


def efficientnet_b0(net: Drawing) -> None:
    """Tan and Le, 2019, EfficientNet: rethinking model scaling for convolutional neural networks."""
    need(net, "SqueezeExcitation")
    with net.block(
        "SeparableConv",
        "EfficientNet's first block, whose middle is not wider.",
        channels=parameter(16, "How many channels come out.", low=1),
        kernel_size=parameter(3, "How many pixels the window is wide; odd.", low=1),
    ) as b:
        y = _depthwise(b, b.input("x", IMAGE), b.in_channels, 1)
        y = b.add("SqueezeExcitation", y, squeezed=b.in_channels // 4, name="squeeze")
        b.output(_projected(b, y))
    said = "EfficientNet's block: an inverted residual with squeeze-excitation."
    _mobile_convolution(net, "MBConv", said, keeps=True)
    _mobile_convolution(net, "MBConvDown", "EfficientNet's block where channels or size change.", keeps=False)
    image = net.add("Input", shape=(3, 224, 224), name="image")
    x = chain(
        net,
        image,
        ("Conv2d", "stem", {"out_channels": 32, "kernel_size": 3, "stride": 2, "padding": 1, "bias": False}),
        ("BatchNorm2d", "stem_bn"),
        ("SiLU", "stem_silu"),
        ("SeparableConv", "first", {"note": "The first block, whose middle is not wider."}),
    )
    for stage, kernel_size, stride, channels, layers in (
        (1, 3, 2, 24, 2), (2, 5, 2, 40, 2), (3, 3, 2, 80, 3), (4, 5, 1, 112, 3), (5, 5, 2, 192, 4), (6, 3, 1, 320, 1),
    ):  # fmt: skip
        x = net.add("MBConvDown", x, channels=channels, stride=stride, kernel_size=kernel_size, name=f"down{stage}")
        if layers > 1:
            x = net.add("MBConv", x, kernel_size=kernel_size, repeat=layers - 1, name=f"stage{stage}")
    x = chain(
        net,
        x,
        ("Conv2d", "widen", {"out_channels": 1280, "kernel_size": 1, "bias": False}),
        ("BatchNorm2d", "widen_bn"),
        ("SiLU", "widen_silu"),
        ("AdaptiveAvgPool2d", "pool"),
        ("Flatten", "flatten"),
        ("Dropout", "dropout", {"p": 0.2}),
    )
    classified(net, net.add("Linear", x, out_features=1000, name="fc"))
