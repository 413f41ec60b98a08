"""Networks that tell pictures apart, in the order of their years."""

from __future__ import annotations

from typing import Any

from core.scripting import Drawing, Value, parameter

from .parts import IMAGE, chain, classified, need


def _imagenet(net: Drawing, note: str = "") -> Value:
    return net.add("Input", shape=(3, 224, 224), name="image", note=note)


def _head(net: Drawing, x: Value, dropout: float = 0.0) -> None:
    """Mean over the picture, and a score for each of the 1,000 classes."""
    x = chain(net, x, ("AdaptiveAvgPool2d", "pool"), ("Flatten", "flatten"))
    if dropout:
        x = net.add("Dropout", x, p=dropout, name="dropout")
    classified(net, net.add("Linear", x, out_features=1000, name="fc"))


def lenet5(net: Drawing) -> None:
    """LeCun et al., 1998, Gradient-based learning applied to document recognition."""
    x = net.add(
        "Input", shape=(1, 28, 28), name="image", note="A digit of MNIST, padded to 32 × 32 by the first convolution."
    )
    x = chain(
        net,
        x,
        ("Conv2d", "conv1", {"out_channels": 6, "kernel_size": 5, "padding": 2}),
        ("Tanh", "tanh1"),
        ("AvgPool2d", "pool1"),
        ("Conv2d", "conv2", {"out_channels": 16, "kernel_size": 5}),
        ("Tanh", "tanh2"),
        ("AvgPool2d", "pool2"),
        ("Flatten", "flatten"),
        ("Linear", "fc1", {"out_features": 120}),
        ("Tanh", "tanh3"),
        ("Linear", "fc2", {"out_features": 84}),
        ("Tanh", "tanh4"),
        ("Linear", "fc3", {"out_features": 10}),
    )
    classified(net, x)


def alexnet(net: Drawing) -> None:
    """Krizhevsky, 2014, One weird trick for parallelizing convolutional neural networks."""
    with net.block(
        "ConvReLU",
        "A convolution and ReLU.",
        channels=parameter(256, "How many channels come out.", low=1),
        kernel_size=parameter(3, "How many pixels the window is wide.", low=1),
        stride=parameter(1, "How far the window moves.", low=1),
        padding=parameter(1, "How many zeros are laid around the picture.", low=0),
    ) as b:
        x = b.input("x", IMAGE)
        conv = {"out_channels": b.channels, "kernel_size": b.kernel_size, "stride": b.stride, "padding": b.padding}
        b.output(chain(b, x, ("Conv2d", "conv", conv), ("ReLU", "relu")))
    pool = {"kernel_size": 3, "stride": 2}
    x = chain(
        net,
        _imagenet(net),
        (
            "ConvReLU",
            "conv1",
            {"channels": 64, "kernel_size": 11, "stride": 4, "padding": 2, "note": "Wide and coarse."},
        ),
        ("MaxPool2d", "pool1", pool),
        ("ConvReLU", "conv2", {"channels": 192, "kernel_size": 5, "padding": 2}),
        ("MaxPool2d", "pool2", pool),
        ("ConvReLU", "conv3", {"channels": 384}),
        ("ConvReLU", "conv4"),
        ("ConvReLU", "conv5"),
        ("MaxPool2d", "pool3", pool),
        ("AdaptiveAvgPool2d", "pool4", {"output_size": 6}),
        ("Flatten", "flatten"),
    )
    classified(net, _wide_head(net, x))


def _wide_head(net: Drawing, x: Value) -> Value:
    """The three linear layers of AlexNet and VGG."""
    return chain(
        net,
        x,
        ("Dropout", "dropout1"),
        ("Linear", "fc1", {"out_features": 4096, "note": "Most of the weights are here."}),
        ("ReLU", "relu1"),
        ("Dropout", "dropout2"),
        ("Linear", "fc2", {"out_features": 4096}),
        ("ReLU", "relu2"),
        ("Linear", "fc3", {"out_features": 1000}),
    )


def vgg16(net: Drawing) -> None:
    """Simonyan and Zisserman, 2014, Very deep convolutional networks for large-scale image recognition."""
    with net.block(
        "ConvReLU", "A convolution of 3 × 3 and ReLU.", channels=parameter(64, "How many channels come out.", low=1)
    ) as b:
        x = b.input("x", IMAGE)
        conv = {"out_channels": b.channels, "kernel_size": 3, "padding": 1}
        b.output(chain(b, x, ("Conv2d", "conv", conv), ("ReLU", "relu")))
    with net.block(
        "Stage",
        "Some convolutions, then half the picture.",
        channels=parameter(64, "How many channels come out.", low=1),
        layers=parameter(3, "How many convolutions.", low=2),
    ) as b:
        x = b.add("ConvReLU", b.input("x", IMAGE), channels=b.channels, name="first")
        x = b.add("ConvReLU", x, channels=b.channels, repeat=b.layers - 1, name="rest")
        b.output(b.add("MaxPool2d", x, name="pool"))
    x = _imagenet(net)
    for place, (channels, layers) in enumerate(((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)), 1):
        x = net.add("Stage", x, channels=channels, layers=layers, name=f"stage{place}", note="Half the picture.")
    x = chain(net, x, ("AdaptiveAvgPool2d", "pool", {"output_size": 7}), ("Flatten", "flatten"))
    classified(net, _wide_head(net, x))


def _stem(net: Drawing) -> Value:
    """The beginning of a ResNet or DenseNet: a quarter of the picture, 64 channels."""
    return chain(
        net,
        _imagenet(net),
        ("Conv2d", "conv1", {"out_channels": 64, "kernel_size": 7, "stride": 2, "padding": 3, "bias": False}),
        ("BatchNorm2d", "bn1"),
        ("ReLU", "relu1"),
        ("MaxPool2d", "pool1", {"kernel_size": 3, "stride": 2, "padding": 1}),
    )


def resnet18(net: Drawing) -> None:
    """He et al., 2015, Deep residual learning for image recognition."""
    need(net, "Residual", "ResidualDown")
    x = net.add("Residual", _stem(net), repeat=2, name="stage1", note="56 × 56, twice.")
    for stage, channels in ((2, 128), (3, 256), (4, 512)):
        note = f"Half the picture, {channels} channels."
        x = net.add("ResidualDown", x, channels=channels, name=f"down{stage}", note=note)
        x = net.add("Residual", x, name=f"stage{stage}")
    _head(net, x)


def resnet50(net: Drawing) -> None:
    """He et al., 2015, Deep residual learning for image recognition."""
    need(net, "Bottleneck", "BottleneckDown")
    x = _stem(net)
    for stage, (channels, layers) in enumerate(((256, 3), (512, 4), (1024, 6), (2048, 3)), 1):
        stride, note = (1, "56 × 56.") if stage == 1 else (2, "Half the picture.")
        x = net.add("BottleneckDown", x, channels=channels, stride=stride, name=f"down{stage}", note=note)
        x = net.add("Bottleneck", x, repeat=layers - 1, name=f"stage{stage}")
    _head(net, x)


def googlenet(net: Drawing) -> None:
    """Szegedy et al., 2014, Going deeper with convolutions."""
    need(net, "Inception")
    pool: dict[str, Any] = {"kernel_size": 3, "stride": 2, "ceil_mode": True}
    x = chain(
        net,
        _imagenet(net),
        ("ConvNormReLU", "conv1", {"channels": 64, "kernel_size": 7, "stride": 2}),
        ("MaxPool2d", "pool1", pool),
        ("ConvNormReLU", "conv2", {"channels": 64, "kernel_size": 1}),
        ("ConvNormReLU", "conv3", {"channels": 192}),
        ("MaxPool2d", "pool2", pool),
    )
    names = ("one", "three_reduced", "three", "five_reduced", "five", "pooled")
    for name, *channels in (
        ("inception3a", 64, 96, 128, 16, 32, 32),
        ("inception3b", 128, 128, 192, 32, 96, 64),
        ("pool3", 3),
        ("inception4a", 192, 96, 208, 16, 48, 64),
        ("inception4b", 160, 112, 224, 24, 64, 64),
        ("inception4c", 128, 128, 256, 24, 64, 64),
        ("inception4d", 112, 144, 288, 32, 64, 64),
        ("inception4e", 256, 160, 320, 32, 128, 128),
        ("pool4", 2),
        ("inception5a", 256, 160, 320, 32, 128, 128),
        ("inception5b", 384, 192, 384, 48, 128, 128),
    ):
        if name.startswith("pool"):
            x = net.add("MaxPool2d", x, **{**pool, "kernel_size": channels[0]}, name=name)
        else:
            x = net.add("Inception", x, **dict(zip(names, channels, strict=True)), name=name)
    _head(net, x, dropout=0.2)


def densenet121(net: Drawing) -> None:
    """Huang et al., 2016, Densely connected convolutional networks."""
    need(net, "DenseBlock", "Transition")
    x = _stem(net)
    for place, layers in enumerate((6, 12, 24, 16), 1):
        note = f"Adds {layers} × 32 channels."
        x = net.add("DenseBlock", x, layers=layers, name=f"dense{place}", note=note)
        if place < 4:
            x = net.add("Transition", x, name=f"transition{place}")
    _head(net, chain(net, x, ("BatchNorm2d", "bn2"), ("ReLU", "relu2")))


def unet(net: Drawing) -> None:
    """Ronneberger et al., 2015, U-Net: convolutional networks for biomedical image segmentation."""
    need(net, "UNetUp")
    x = net.add("Input", shape=(1, 256, 256), name="image", note="Convolutions are padded, so the mask has its size.")
    skips: list[Value] = []
    for place, channels in enumerate((64, 128, 256, 512), 1):
        x = net.add("DoubleConv", x, channels=channels, name=f"down{place}")
        skips.append(x)
        x = net.add("MaxPool2d", x, name=f"pool{place}")
    x = net.add("DoubleConv", x, channels=1024, name="middle", note="Sees the most of the picture.")
    for place, channels in ((4, 512), (3, 256), (2, 128), (1, 64)):
        x = net.add("UNetUp", below=x, skip=skips[place - 1], channels=channels, name=f"up{place}")
    x = net.add(
        "Conv2d", x, out_channels=2, kernel_size=1, name="classes", note="A score for each class at each pixel."
    )
    net.add("Output", x, name="scores")
    net.add("CrossEntropyLoss", x, net.add("Target", shape=(256, 256), name="mask"), name="loss")


def vit_b_16(net: Drawing) -> None:
    """Dosovitskiy et al., 2020, An image is worth 16x16 words."""
    need(net, "PatchEmbedding", "SelfAttention", "MLP")
    heads = parameter(12, "How many heads look at once.", low=1)
    with net.block("ViTLayer", "A layer in which every patch looks at every other.", heads=heads) as b:
        x = b.input("x", "N, _, width")
        norm: dict[str, Any] = {"eps": 1e-6}
        y = chain(b, x, ("LayerNorm", "norm1", norm), ("SelfAttention", "attention", {"heads": b.heads}))
        x = b.add("Add", x, y, name="attended")
        y = chain(b, x, ("LayerNorm", "norm2", norm), ("MLP", "mlp"))
        b.output(b.add("Add", x, y, name="add"))
    x = net.add("PatchEmbedding", _imagenet(net), width=768, patch_size=16, name="patches")
    token = net.add("Parameter", shape=(1, 768), name="class_token", note="Gathers what tells the classes apart.")
    token = net.add("Expand", token, size=(-1, -1), like=x, name="class_tokens")
    x = net.add("Cat", token, x, dim=1, name="tokens")
    places = net.add("Parameter", shape=(197, 768), init="normal", std=0.02, name="positions")
    x = net.add("Add", x, places, name="placed")
    x = net.add("ViTLayer", x, repeat=12, name="encoder", note="Every patch sees every other.")
    x = chain(net, x, ("LayerNorm", "norm", {"eps": 1e-6}), ("Select", "first", {"dim": 1, "index": 0}))
    classified(net, net.add("Linear", x, out_features=1000, name="fc"))


def convnext_tiny(net: Drawing) -> None:
    """Liu et al., 2022, A ConvNet for the 2020s."""
    need(net, "ChannelNorm", "ConvNeXtBlock")
    with net.block(
        "Down",
        "Half the picture, more channels.",
        channels=parameter(192, "How many channels come out.", low=1),
    ) as b:
        x = b.add("ChannelNorm", b.input("x", IMAGE), name="norm")
        b.output(b.add("Conv2d", x, out_channels=b.channels, kernel_size=2, stride=2, name="conv"))
    x = net.add(
        "Conv2d", _imagenet(net), out_channels=96, kernel_size=4, stride=4, name="stem", note="Patches of 4 × 4."
    )
    x = net.add("ChannelNorm", x, name="stem_norm")
    x = net.add("ConvNeXtBlock", x, repeat=3, name="stage1")
    for stage, channels, layers in ((2, 192, 3), (3, 384, 9), (4, 768, 3)):
        x = net.add("Down", x, channels=channels, name=f"down{stage}")
        x = net.add("ConvNeXtBlock", x, repeat=layers, name=f"stage{stage}")
    x = chain(net, x, ("AdaptiveAvgPool2d", "pool"), ("Flatten", "flatten"), ("LayerNorm", "norm", {"eps": 1e-6}))
    classified(net, net.add("Linear", x, out_features=1000, name="fc"))
