"""Networks that make something new."""

from __future__ import annotations

from typing import Any

from core.project import Data
from core.scripting import Drawing, parameter

from .parts import IMAGE, chain


def dcgan(net: Drawing) -> None:
    """Radford et al., 2015, Unsupervised representation learning with deep convolutional GANs."""
    conv: dict[str, Any] = {"kernel_size": 4, "bias": False}
    step: dict[str, Any] = {**conv, "stride": 2, "padding": 1}
    with net.block("Grow", "Twice the picture.", channels=parameter(256, "How many channels come out.", low=1)) as b:
        x = b.add("ConvTranspose2d", b.input("x", IMAGE), out_channels=b.channels, **step, name="conv")
        b.output(chain(b, x, ("BatchNorm2d", "bn"), ("ReLU", "relu")))
    with net.block("Shrink", "Half the picture.", channels=parameter(128, "How many channels come out.", low=1)) as b:
        x = b.add("Conv2d", b.input("x", IMAGE), out_channels=b.channels, **step, name="conv")
        b.output(chain(b, x, ("BatchNorm2d", "bn"), ("LeakyReLU", "relu", {"negative_slope": 0.2})))
    with net.block(
        "Generator",
        "Makes a picture of 64 × 64 of random numbers.",
        channels=parameter(64, "How many channels the last step has; the first has eight times as many.", low=1),
    ) as b:
        x = b.add("Unflatten", b.input("noise", "N, latent"), dim=1, unflattened_size=(b.latent, 1, 1), name="pixel")
        x = b.add("ConvTranspose2d", x, out_channels=b.channels * 8, **conv, name="conv1")
        x = chain(b, x, ("BatchNorm2d", "bn1"), ("ReLU", "relu1"))
        for place, factor in ((2, 4), (3, 2), (4, 1)):
            x = b.add("Grow", x, channels=b.channels * factor if factor > 1 else b.channels, name=f"grow{place}")
        x = b.add("ConvTranspose2d", x, out_channels=3, **step, name="conv5")
        b.output(b.add("Tanh", x, name="tanh"), "picture")
    with net.block(
        "Discriminator",
        "Says how real a picture of 64 × 64 looks, above 0 for real.",
        channels=parameter(64, "How many channels the first step has; the last has eight times as many.", low=1),
    ) as b:
        x = b.add("Conv2d", b.input("picture", IMAGE), out_channels=b.channels, **step, name="conv1")
        x = b.add("LeakyReLU", x, negative_slope=0.2, name="relu1")
        for place, factor in ((2, 2), (3, 4), (4, 8)):
            x = b.add("Shrink", x, channels=b.channels * factor, name=f"shrink{place}")
        x = b.add("Conv2d", x, out_channels=1, **conv, name="conv5")
        b.output(b.add("Flatten", x, name="flatten"), "score")
    noise = net.add("Noise", shape=(100,), name="noise")
    made = net.add("Generator", noise, name="generator", note="Trained by its own objective against the discriminator.")
    net.add("Output", made, name="made")
    image = net.add("Input", shape=(3, 64, 64), name="image", note="Real pictures from -1 to 1.")
    score = net.add("Discriminator", image, name="discriminator")
    net.add("Output", score, name="score")


VAE_DATA, VAE_TRAINING = Data("Digits"), {"epochs": 30}


def vae(net: Drawing) -> None:
    """Kingma and Welling, 2013, Auto-encoding variational Bayes."""
    width = parameter(128, "How wide the middle is.", low=1)
    with net.block(
        "Encoder",
        "Says of a picture where its code lies, and how widely.",
        latent=parameter(8, "How many numbers a code has.", low=1),
        width=width,
    ) as b:
        x = chain(
            b,
            b.input("image", "N, _, _, _"),
            ("Flatten", "flatten"),
            ("Linear", "fc", {"out_features": b.width}),
            ("ReLU", "relu"),
        )
        b.output(b.add("Linear", x, out_features=b.latent, name="to_log_variance"), "log_variance")
        b.output(b.add("Linear", x, out_features=b.latent, name="to_mean"), "mean")
    with net.block("Sample", "Draws a code so that gradients reach its mean and variance.") as b:
        log_variance, mean = b.input("log_variance"), b.input("mean")
        deviation = chain(b, log_variance, ("Scale", "half", {"factor": 0.5}), ("Exp", "deviation"))
        noise = b.add("RandnLike", mean, name="noise")
        b.output(b.add("Add", mean, b.add("Multiply", noise, deviation, name="scaled"), name="code"), "drawn")
    with net.block("Decoder", "Makes a picture of 8 × 8 of a code.", width=width) as b:
        x = chain(
            b,
            b.input("code"),
            ("Linear", "fc1", {"out_features": b.width}),
            ("ReLU", "relu"),
            ("Linear", "fc2", {"out_features": 64}),
            ("Unflatten", "picture", {"dim": 1, "unflattened_size": (1, 8, 8)}),
        )
        b.output(x)
    with net.block("Divergence", "How far codes lie from a normal distribution (Kullback-Leibler).") as b:
        log_variance, mean = b.input("log_variance"), b.input("mean")
        variance, square = b.add("Expm1", log_variance, name="variance"), b.add("Square", mean, name="square")
        x = b.add("Subtract", b.add("Add", variance, square, name="sum"), log_variance, name="difference")
        b.output(chain(b, x, ("Sum", "total", {"dim": (-1,)}), ("Scale", "half", {"factor": 0.5})), "divergence")
    image = net.add("Input", field="image", name="image")
    code = net.add("Encoder", image, name="encoder")
    drawn = net.add(
        "Sample", code["log_variance"], code["mean"], name="sample", note="Without noise once it is trained."
    )
    made = net.add("Decoder", drawn, name="decoder")
    net.add("Output", made, name="reconstruction")
    net.add("MSELoss", made, image, name="loss", note="The picture should come out as it went in.")
    divergence = net.add("Divergence", code["log_variance"], code["mean"], name="divergence")
    net.add(
        "Penalty", divergence, weight=1 / 64, name="regular", note="1 / 64 weighs it beside the mean over 64 pixels."
    )
