"""Every block and architecture as a project, and their files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from core import project as projects
from core.project import Project
from core.scripting import Drawing

from . import attention_blocks, convolution_blocks, generative, language, mobile, vision
from .parts import BLOCKS, Maker

__all__ = ["ARCHITECTURES", "architecture", "block", "write"]
DRAWN = (attention_blocks, convolution_blocks)
"""The modules that declare the blocks of the library when they are imported."""

ARCHITECTURES: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (
        vision.lenet5, vision.alexnet, vision.vgg16, vision.resnet18, vision.resnet50, vision.googlenet,
        vision.densenet121, mobile.mobilenet_v2, mobile.efficientnet_b0, vision.convnext_tiny, vision.unet,
        vision.vit_b_16, language.bert_base, language.gpt2_small, language.llama_style, language.lstm_classifier,
        language.seq2seq_attention, generative.dcgan, generative.vae,
    )
}  # fmt: skip

SETTINGS = {
    "lstm_classifier": {"data": language.LSTM_DATA, "training": language.LSTM_TRAINING},
    "vae": {"data": generative.VAE_DATA, "training": generative.VAE_TRAINING},
}


def block(name: str) -> Project:
    """A block of the library, with what it uses, as the project that its file holds."""
    net = Drawing()
    BLOCKS[name](net)
    return net.project


def architecture(name: str) -> Project:
    """An example architecture."""
    net = Drawing(**SETTINGS.get(name, {}))
    ARCHITECTURES[name](net)
    return net.project


def files() -> Iterator[tuple[str, Project]]:
    """Every file below resources, and what it holds."""
    for name in BLOCKS:
        yield f"blocks/{name}.loom", block(name)
    for name in ARCHITECTURES:
        yield f"architectures/{name}.loom", architecture(name)


def write(folder: Path) -> None:
    """Write every file anew, and take away those that nothing makes any more."""
    made = dict(files())
    for kind in ("blocks", "architectures"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for path in (folder / kind).glob("*.loom"):
            if f"{kind}/{path.name}" not in made:
                path.unlink()
    for name, project in made.items():
        projects.save(project, folder / name)
