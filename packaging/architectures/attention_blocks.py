"""The blocks of the library that work with sequences of vectors."""

from __future__ import annotations

from typing import Any

from core.scripting import BlockDrawing, Drawing, Value, parameter

from .parts import chain, library_block, need

WIDTH = "N, _, width"
HEADS = "How many heads look at once; the width is a multiple of it."
DROPOUT = "Which share of the numbers is set to 0 while training."


def heads_apart(b: BlockDrawing, x: Value, name: str) -> Value:
    """N × steps × width as N × heads × steps × features."""
    x = b.add("Unflatten", x, dim=-1, unflattened_size=(b.heads, b.width // b.heads), name=f"{name}_split")
    return b.add("Transpose", x, dim0=1, dim1=2, name=f"{name}_heads")


def heads_joined(b: BlockDrawing, x: Value) -> Value:
    """N × heads × steps × features as N × steps × width."""
    return chain(b, x, ("Transpose", "steps_first", {"dim0": 1, "dim1": 2}), ("Flatten", "joined", {"start_dim": 2}))


@library_block("Attention")
def attention(net: Drawing) -> None:
    with net.block(
        "Attention",
        "Attention with several heads: each step gathers from the steps of memory.",
        heads=parameter(8, HEADS, low=1),
        bias=parameter(True, "Whether the linear layers add a learned constant."),
    ) as b:
        memory = b.input("memory", "N, _, memory_width", "What is looked through.")
        x = b.input("hidden", WIDTH, "What asks.")
        linear: dict[str, Any] = {"out_features": b.width, "bias": b.bias}
        query = heads_apart(b, b.add("Linear", x, **linear, name="query"), "query")
        key = heads_apart(b, b.add("Linear", memory, **linear, name="key"), "key")
        value = heads_apart(b, b.add("Linear", memory, **linear, name="value"), "value")
        found = b.add("ScaledDotProductAttention", query, key, value, name="attention")
        b.output(b.add("Linear", heads_joined(b, found), **linear, name="project"))


@library_block("SelfAttention")
def self_attention(net: Drawing) -> None:
    with net.block(
        "SelfAttention",
        "Attention with several heads: each step gathers from its own sequence.",
        heads=parameter(8, HEADS, low=1),
        causal=parameter(False, "Whether a step looks at those before it and itself alone."),
    ) as b:
        x = b.input("x", WIDTH)
        parts = chain(
            b,
            x,
            ("Linear", "qkv", {"out_features": b.width * 3}),
            ("Unflatten", "split", {"dim": -1, "unflattened_size": (3, b.heads, b.width // b.heads)}),
            ("Transpose", "heads_first", {"dim0": 1, "dim1": 3}),
            ("Unbind", "query_key_value", {"dim": 2}),
        )
        given = (parts[f"part_{place}"] for place in range(3))
        found = b.add("ScaledDotProductAttention", *given, is_causal=b.causal, name="attention")
        b.output(b.add("Linear", heads_joined(b, found), out_features=b.width, name="project"))


@library_block("MLP")
def mlp(net: Drawing) -> None:
    with net.block(
        "MLP",
        "Two linear layers at each step, with GELU between them.",
        expansion=parameter(4, "How many times wider the middle is.", low=1),
        dropout=parameter(0.0, DROPOUT, low=0, high=1),
    ) as b:
        x = b.input("x", WIDTH)
        y = chain(
            b,
            x,
            ("Linear", "expand", {"out_features": b.width * b.expansion}),
            ("GELU", "gelu"),
            ("Linear", "project", {"out_features": b.width}),
            ("Dropout", "drop", {"p": b.dropout}),
        )
        b.output(y)


@library_block("GatedMLP")
def gated_mlp(net: Drawing) -> None:
    with net.block(
        "GatedMLP",
        "SwiGLU: one linear layer says behind SiLU how much of another passes.",
        hidden=parameter(688, "How wide the middle is; about 8 / 3 of the width.", low=1),
    ) as b:
        x = b.input("x", WIDTH)
        gate = b.add("Linear", x, out_features=b.hidden, bias=False, name="gate")
        gate = b.add("SiLU", gate, name="silu")
        up = b.add("Linear", x, out_features=b.hidden, bias=False, name="up")
        y = b.add("Multiply", gate, up, name="gated")
        b.output(b.add("Linear", y, out_features=b.width, bias=False, name="down"))


@library_block("EncoderLayer")
def encoder_layer(net: Drawing) -> None:
    need(net, "SelfAttention", "MLP")
    with net.block(
        "EncoderLayer",
        "A transformer's encoder layer that normalises before each of its two parts.",
        heads=parameter(8, HEADS, low=1),
        expansion=parameter(4, "How many times wider the middle of the linear layers is.", low=1),
        dropout=parameter(0.0, DROPOUT, low=0, high=1),
        eps=parameter(1e-5, "A small number that keeps a division by zero away.", low=0),
    ) as b:
        x = b.input("x", WIDTH)
        y = chain(
            b,
            x,
            ("LayerNorm", "norm1", {"eps": b.eps}),
            ("SelfAttention", "attention", {"heads": b.heads}),
            ("Dropout", "drop", {"p": b.dropout}),
        )
        x = b.add("Add", x, y, name="attended")
        y = b.add("LayerNorm", x, eps=b.eps, name="norm2")
        y = b.add("MLP", y, expansion=b.expansion, dropout=b.dropout, name="mlp")
        b.output(b.add("Add", x, y, name="add"))


@library_block("DecoderLayer")
def decoder_layer(net: Drawing) -> None:
    need(net, "SelfAttention", "Attention", "MLP")
    with net.block(
        "DecoderLayer",
        "A transformer's decoder layer: it looks at what it wrote, then at the memory.",
        heads=parameter(8, HEADS, low=1),
        expansion=parameter(4, "How many times wider the middle of the linear layers is.", low=1),
        dropout=parameter(0.0, DROPOUT, low=0, high=1),
    ) as b:
        memory = b.input("memory", "N, _, memory_width", "What the encoder gives.")
        x = b.input("hidden", WIDTH, "What is written so far.")
        y = chain(
            b,
            x,
            ("LayerNorm", "norm1"),
            ("SelfAttention", "self_attention", {"heads": b.heads, "causal": True}),
            ("Dropout", "drop1", {"p": b.dropout}),
        )
        x = b.add("Add", x, y, name="attended")
        y = b.add("LayerNorm", x, name="norm2")
        y = b.add("Attention", hidden=y, memory=memory, heads=b.heads, name="cross_attention")
        x = b.add("Add", x, b.add("Dropout", y, p=b.dropout, name="drop2"), name="crossed")
        y = b.add("LayerNorm", x, name="norm3")
        y = b.add("MLP", y, expansion=b.expansion, dropout=b.dropout, name="mlp")
        b.output(b.add("Add", x, y, name="add"))


@library_block("PatchEmbedding")
def patch_embedding(net: Drawing) -> None:
    with net.block(
        "PatchEmbedding",
        "Cuts a picture into patches and makes a vector of each.",
        width=parameter(768, "How long each vector is.", low=1),
        patch_size=parameter(16, "How many pixels a patch is wide.", low=1),
    ) as b:
        x = b.input("x", "N, in_channels, height, width_in_pixels")
        y = chain(
            b,
            x,
            ("Conv2d", "project", {"out_channels": b.width, "kernel_size": b.patch_size, "stride": b.patch_size}),
            ("Flatten", "places", {"start_dim": 2}),
            ("Transpose", "sequence", {"dim0": 1, "dim1": 2}),
        )
        b.output(y, note="N × patches × width.")
