"""The convolutional blocks of the library."""

from __future__ import annotations

from core.scripting import Drawing, Term, parameter

from .parts import IMAGE, chain, library_block, need

CHANNELS = "How many channels come out."
STRIDE = "How far the window moves: 2 halves the picture."


def _conv(channels: Term | int, kernel: int, stride: Term | int = 1) -> dict[str, object]:
    padding = {"padding": kernel // 2} if kernel > 1 else {}
    return {"out_channels": channels, "kernel_size": kernel, "stride": stride, "bias": False, **padding}


@library_block("ConvNormReLU")
def conv_norm_relu(net: Drawing) -> None:
    with net.block(
        "ConvNormReLU",
        "A convolution, batch normalisation and ReLU.",
        channels=parameter(64, CHANNELS, low=1),
        kernel_size=parameter(3, "How many pixels the window is wide; odd.", low=1, high=31),
        stride=parameter(1, STRIDE, low=1, high=8),
    ) as b:
        x = b.input("x", IMAGE)
        x = b.add(
            "Conv2d",
            x,
            out_channels=b.channels,
            kernel_size=b.kernel_size,
            stride=b.stride,
            padding=b.kernel_size // 2,
            bias=False,
            name="conv",
        )
        b.output(chain(b, x, ("BatchNorm2d", "bn"), ("ReLU", "relu")))


@library_block("Residual")
def residual(net: Drawing) -> None:
    with net.block(
        "Residual",
        "ResNet's basic block: two convolutions, and the input added to what they make.",
    ) as b:
        x = b.input("x", "N, channels, height, width")
        y = chain(
            b,
            x,
            ("Conv2d", "conv1", _conv(b.channels, 3)),
            ("BatchNorm2d", "bn1"),
            ("ReLU", "relu1"),
            ("Conv2d", "conv2", _conv(b.channels, 3)),
            ("BatchNorm2d", "bn2"),
        )
        b.output(b.add("ReLU", b.add("Add", y, x, name="add"), name="relu2"))


@library_block("ResidualDown")
def residual_down(net: Drawing) -> None:
    with net.block(
        "ResidualDown",
        "ResNet's basic block where channels or size change.",
        channels=parameter(128, CHANNELS, low=1),
        stride=parameter(2, STRIDE, low=1, high=8),
    ) as b:
        x = b.input("x", IMAGE)
        y = chain(
            b,
            x,
            ("Conv2d", "conv1", _conv(b.channels, 3, b.stride)),
            ("BatchNorm2d", "bn1"),
            ("ReLU", "relu1"),
            ("Conv2d", "conv2", _conv(b.channels, 3)),
            ("BatchNorm2d", "bn2"),
        )
        shortcut = chain(b, x, ("Conv2d", "shortcut", _conv(b.channels, 1, b.stride)), ("BatchNorm2d", "shortcut_bn"))
        b.output(b.add("ReLU", b.add("Add", y, shortcut, name="add"), name="relu2"))


@library_block("Bottleneck")
def bottleneck(net: Drawing) -> None:
    with net.block(
        "Bottleneck",
        "ResNet's bottleneck: to fewer channels, 3 × 3, and back, with the input added.",
        reduction=parameter(4, "How many times fewer channels the middle has.", low=1),
    ) as b:
        x = b.input("x", "N, channels, height, width")
        inner = b.channels // b.reduction
        y = chain(
            b,
            x,
            ("Conv2d", "conv1", _conv(inner, 1)),
            ("BatchNorm2d", "bn1"),
            ("ReLU", "relu1"),
            ("Conv2d", "conv2", _conv(inner, 3)),
            ("BatchNorm2d", "bn2"),
            ("ReLU", "relu2"),
            ("Conv2d", "conv3", _conv(b.channels, 1)),
            ("BatchNorm2d", "bn3"),
        )
        b.output(b.add("ReLU", b.add("Add", y, x, name="add"), name="relu3"))


@library_block("BottleneckDown")
def bottleneck_down(net: Drawing) -> None:
    with net.block(
        "BottleneckDown",
        "ResNet's bottleneck where channels or size change.",
        channels=parameter(256, CHANNELS, low=1),
        stride=parameter(2, STRIDE, low=1, high=8),
        reduction=parameter(4, "How many times fewer channels the middle has.", low=1),
    ) as b:
        x = b.input("x", IMAGE)
        inner = b.channels // b.reduction
        y = chain(
            b,
            x,
            ("Conv2d", "conv1", _conv(inner, 1)),
            ("BatchNorm2d", "bn1"),
            ("ReLU", "relu1"),
            ("Conv2d", "conv2", _conv(inner, 3, b.stride)),
            ("BatchNorm2d", "bn2"),
            ("ReLU", "relu2"),
            ("Conv2d", "conv3", _conv(b.channels, 1)),
            ("BatchNorm2d", "bn3"),
        )
        shortcut = chain(b, x, ("Conv2d", "shortcut", _conv(b.channels, 1, b.stride)), ("BatchNorm2d", "shortcut_bn"))
        b.output(b.add("ReLU", b.add("Add", y, shortcut, name="add"), name="relu3"))


def _inverted(net: Drawing, name: str, help: str, keeps: bool) -> None:
    changes = (
        {}
        if keeps
        else {
            "channels": parameter(32, CHANNELS, low=1),
            "stride": parameter(2, STRIDE, low=1, high=8),
        }
    )
    expansion = parameter(6, "How many times more channels the middle has.", low=1)
    with net.block(name, help, **changes, expansion=expansion) as b:
        x = b.input("x", "N, channels, height, width" if keeps else IMAGE)
        hidden = (b.channels if keeps else b.in_channels) * b.expansion
        depthwise = {**_conv(hidden, 3, 1 if keeps else b.stride), "groups": hidden}
        y = chain(
            b,
            x,
            ("Conv2d", "expand", _conv(hidden, 1)),
            ("BatchNorm2d", "expand_bn"),
            ("ReLU6", "expand_relu"),
            ("Conv2d", "depthwise", depthwise),
            ("BatchNorm2d", "depthwise_bn"),
            ("ReLU6", "depthwise_relu"),
            ("Conv2d", "project", _conv(b.channels, 1)),
            ("BatchNorm2d", "project_bn"),
        )
        b.output(b.add("Add", y, x, name="add") if keeps else y)


@library_block("InvertedResidual")
def inverted_residual(net: Drawing) -> None:
    said = "MobileNetV2's block: more channels, a convolution in each of them, and back."
    _inverted(net, "InvertedResidual", said, keeps=True)


@library_block("InvertedResidualDown")
def inverted_residual_down(net: Drawing) -> None:
    said = "MobileNetV2's block where channels or size change, without a shortcut."
    _inverted(net, "InvertedResidualDown", said, keeps=False)


@library_block("DenseLayer")
def dense_layer(net: Drawing) -> None:
    with net.block(
        "DenseLayer",
        "A layer of DenseNet: what it makes is laid beside what it was given.",
        growth=parameter(32, "How many channels it adds.", low=1),
        bottleneck=parameter(4, "How many times growth the middle has.", low=1),
    ) as b:
        x = b.input("x", IMAGE)
        y = chain(
            b,
            x,
            ("BatchNorm2d", "bn1"),
            ("ReLU", "relu1"),
            ("Conv2d", "conv1", _conv(b.growth * b.bottleneck, 1)),
            ("BatchNorm2d", "bn2"),
            ("ReLU", "relu2"),
            ("Conv2d", "conv2", _conv(b.growth, 3)),
        )
        b.output(b.add("Cat", x, y, dim=1, name="cat"))


@library_block("DenseBlock")
def dense_block(net: Drawing) -> None:
    need(net, "DenseLayer")
    with net.block(
        "DenseBlock",
        "Dense layers, each of which sees what all before it have made.",
        layers=parameter(6, "How many layers.", low=1, high=1000),
        growth=parameter(32, "How many channels each layer adds.", low=1),
    ) as b:
        x = b.input("x", IMAGE)
        b.output(b.add("DenseLayer", x, growth=b.growth, repeat=b.layers, name="layers"))


@library_block("Transition")
def transition(net: Drawing) -> None:
    with net.block(
        "Transition",
        "Between two dense blocks: fewer channels and half the picture.",
        reduction=parameter(2, "How many times fewer channels come out.", low=1),
    ) as b:
        x = b.input("x", IMAGE)
        y = chain(
            b,
            x,
            ("BatchNorm2d", "bn"),
            ("ReLU", "relu"),
            ("Conv2d", "conv", _conv(b.in_channels // b.reduction, 1)),
            ("AvgPool2d", "pool", {"kernel_size": 2}),
        )
        b.output(y)


@library_block("Inception")
def inception(net: Drawing) -> None:
    need(net, "ConvNormReLU")
    with net.block(
        "Inception",
        "GoogLeNet's module: four branches with windows of different sizes.",
        one=parameter(64, "Channels of the branch of 1 × 1.", low=1),
        three_reduced=parameter(96, "Channels before the 3 × 3.", low=1),
        three=parameter(128, "Channels of the branch of 3 × 3.", low=1),
        five_reduced=parameter(16, "Channels before the 5 × 5.", low=1),
        five=parameter(32, "Channels of the branch of 5 × 5.", low=1),
        pooled=parameter(32, "Channels of the branch behind the pooling.", low=1),
        five_size=parameter(3, "How wide the window of the third branch is; 5 in the paper.", low=1, high=31),
    ) as b:
        x = b.input("x", IMAGE)
        one = b.add("ConvNormReLU", x, channels=b.one, kernel_size=1, name="branch1")
        three = b.add("ConvNormReLU", x, channels=b.three_reduced, kernel_size=1, name="branch2_reduce")
        three = b.add("ConvNormReLU", three, channels=b.three, name="branch2")
        five = b.add("ConvNormReLU", x, channels=b.five_reduced, kernel_size=1, name="branch3_reduce")
        five = b.add("ConvNormReLU", five, channels=b.five, kernel_size=b.five_size, name="branch3")
        pooled = b.add("MaxPool2d", x, kernel_size=3, stride=1, padding=1, name="pool")
        pooled = b.add("ConvNormReLU", pooled, channels=b.pooled, kernel_size=1, name="branch4")
        b.output(b.add("Cat", one, three, five, pooled, dim=1, name="cat"))


@library_block("SqueezeExcitation")
def squeeze_excitation(net: Drawing) -> None:
    with net.block(
        "SqueezeExcitation",
        "Weighs each channel by what the whole picture holds of all channels.",
        squeezed=parameter(8, "How many channels the bottleneck of the weights has.", low=1),
    ) as b:
        x = b.input("x", "N, channels, height, width")
        gate = chain(
            b,
            x,
            ("AdaptiveAvgPool2d", "pool", {"output_size": 1}),
            ("Conv2d", "reduce", {"out_channels": b.squeezed, "kernel_size": 1}),
            ("SiLU", "silu"),
            ("Conv2d", "expand", {"out_channels": b.channels, "kernel_size": 1}),
            ("Sigmoid", "sigmoid"),
        )
        b.output(b.add("Multiply", x, gate, name="scaled"))


@library_block("DoubleConv")
def double_conv(net: Drawing) -> None:
    with net.block(
        "DoubleConv",
        "Two convolutions of 3 × 3, each with ReLU, that keep the picture's size.",
        channels=parameter(64, CHANNELS, low=1),
    ) as b:
        conv = {"out_channels": b.channels, "kernel_size": 3, "padding": 1}
        x = b.input("x", IMAGE)
        b.output(
            chain(b, x, ("Conv2d", "conv1", conv), ("ReLU", "relu1"), ("Conv2d", "conv2", conv), ("ReLU", "relu2"))
        )


@library_block("UNetDown")
def unet_down(net: Drawing) -> None:
    need(net, "DoubleConv")
    with net.block(
        "UNetDown",
        "A step down of a U-Net: half the picture, and what is kept for the way up.",
        channels=parameter(64, CHANNELS, low=1),
    ) as b:
        x = b.input("x", IMAGE)
        x = b.add("DoubleConv", x, channels=b.channels, name="convs")
        b.output(b.add("MaxPool2d", x, name="pool"), "down", "Half the picture.")
        b.output(x, "skip", "What is kept for the way up.")


@library_block("UNetUp")
def unet_up(net: Drawing) -> None:
    need(net, "DoubleConv")
    with net.block(
        "UNetUp",
        "A step up of a U-Net: twice the picture, beside what was kept.",
        channels=parameter(64, CHANNELS, low=1),
    ) as b:
        skip = b.input("skip", "N, skip_channels, height, width", "What was kept on the way down.")
        x = b.input("below", "N, in_channels, _, _", "What comes from below.")
        x = b.add("ConvTranspose2d", x, out_channels=b.channels, kernel_size=2, stride=2, name="up")
        x = b.add("Cat", skip, x, dim=1, name="cat")
        b.output(b.add("DoubleConv", x, channels=b.channels, name="convs"))


@library_block("ChannelNorm")
def channel_norm(net: Drawing) -> None:
    with net.block(
        "ChannelNorm",
        "LayerNorm over the channels of each pixel.",
        eps=parameter(1e-6, "A small number that keeps a division by zero away.", low=0),
    ) as b:
        x = b.input("x", IMAGE)
        y = chain(
            b,
            x,
            ("Permute", "last", {"dims": (0, 2, 3, 1)}),
            ("LayerNorm", "norm", {"eps": b.eps}),
            ("Permute", "first", {"dims": (0, 3, 1, 2)}),
        )
        b.output(y)


@library_block("ConvNeXtBlock")
def convnext_block(net: Drawing) -> None:
    with net.block(
        "ConvNeXtBlock",
        "ConvNeXt's block: a convolution in each channel, linear layers at each pixel.",
        expansion=parameter(4, "How many times more features the middle has.", low=1),
        kernel_size=parameter(7, "How many pixels the window is wide; odd.", low=1, high=31),
        scale=parameter(1e-6, "What the learned weight of each channel begins with."),
    ) as b:
        x = b.input("x", "N, channels, height, width")
        y = b.add(
            "Conv2d",
            x,
            out_channels=b.channels,
            kernel_size=b.kernel_size,
            padding=b.kernel_size // 2,
            groups=b.channels,
            name="depthwise",
        )
        y = chain(
            b,
            y,
            ("Permute", "last", {"dims": (0, 2, 3, 1)}),
            ("LayerNorm", "norm", {"eps": 1e-6}),
            ("Linear", "expand", {"out_features": b.channels * b.expansion}),
            ("GELU", "gelu"),
            ("Linear", "project", {"out_features": b.channels}),
            ("Permute", "first", {"dims": (0, 3, 1, 2)}),
        )
        weight = b.add("Parameter", shape=(b.channels, 1, 1), init="constant", value=b.scale, name="layer_scale")
        y = b.add("Multiply", y, weight, name="scaled")
        b.output(b.add("Add", y, x, name="add"))
