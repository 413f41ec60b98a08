"""Networks for text and other sequences."""

from __future__ import annotations

from typing import Any

from core.project import Data
from core.scripting import Drawing, Value, parameter

from .attention_blocks import HEADS, WIDTH, heads_apart, heads_joined
from .parts import chain, classified, need


def bert_base(net: Drawing) -> None:
    """Devlin et al., 2018, BERT: pre-training of deep bidirectional transformers for language understanding."""
    need(net, "SelfAttention", "MLP")
    with net.block(
        "BertLayer",
        "BERT's layer, which normalises behind each sum.",
        heads=parameter(12, HEADS, low=1),
        dropout=parameter(0.1, "Which share of the numbers is set to 0 while training.", low=0, high=1),
    ) as b:
        x = b.input("x", WIDTH)
        y = b.add("SelfAttention", x, heads=b.heads, name="attention")
        y = b.add("Add", b.add("Dropout", y, p=b.dropout, name="drop"), x, name="attended")
        x = b.add("LayerNorm", y, eps=1e-12, name="norm1")
        y = b.add("Add", b.add("MLP", x, dropout=b.dropout, name="mlp"), x, name="add")
        b.output(b.add("LayerNorm", y, eps=1e-12, name="norm2"))
    tokens = net.add("Input", shape=(128,), dtype="int64", name="tokens", note="The numbers of the word pieces.")
    segments = net.add("Input", shape=(128,), dtype="int64", name="segments", note="0 in the first sentence, else 1.")
    places = net.add("Arange", tokens, name="places")
    words = net.add("Embedding", tokens, num_embeddings=30522, embedding_dim=768, padding_idx=0, name="words")
    positions = net.add("Embedding", places, num_embeddings=512, embedding_dim=768, name="positions")
    kinds = net.add("Embedding", segments, num_embeddings=2, embedding_dim=768, name="kinds")
    x = net.add("Add", words, positions, kinds, name="embedded")
    x = chain(net, x, ("LayerNorm", "norm", {"eps": 1e-12}), ("Dropout", "dropout", {"p": 0.1}))
    x = net.add("BertLayer", x, repeat=12, name="encoder", note="Every step sees every other.")
    net.add("Output", x, name="hidden", note="A vector for each word piece.")
    pooled = chain(
        net,
        x,
        ("Select", "first", {"dim": 1, "index": 0}),
        ("Linear", "pooler", {"out_features": 768}),
        ("Tanh", "tanh"),
    )
    net.add("Output", pooled, name="pooled", note="One vector for the whole text: put a Linear and a loss behind it.")


def gpt2_small(net: Drawing) -> None:
    """Radford et al., 2019, Language models are unsupervised multitask learners."""
    need(net, "SelfAttention")
    with net.block(
        "GPTLayer",
        "GPT-2's layer, in which a step sees those before it alone.",
        heads=parameter(12, HEADS, low=1),
        dropout=parameter(0.1, "Which share of the numbers is set to 0 while training.", low=0, high=1),
    ) as b:
        x = b.input("x", WIDTH)
        y = chain(
            b,
            x,
            ("LayerNorm", "norm1"),
            ("SelfAttention", "attention", {"heads": b.heads, "causal": True}),
            ("Dropout", "drop1", {"p": b.dropout}),
        )
        x = b.add("Add", x, y, name="attended")
        y = chain(
            b,
            x,
            ("LayerNorm", "norm2"),
            ("Linear", "expand", {"out_features": b.width * 4}),
            ("GELU", "gelu", {"approximate": "tanh"}),
            ("Linear", "project", {"out_features": b.width}),
            ("Dropout", "drop2", {"p": b.dropout}),
        )
        b.output(b.add("Add", x, y, name="add"))
    tokens = net.add("Input", shape=(1024,), dtype="int64", name="tokens", note="The numbers of the word pieces.")
    places = net.add("Arange", tokens, name="places")
    token = net.add("Embedding", tokens, num_embeddings=50257, embedding_dim=768, name="token")
    position = net.add("Embedding", places, num_embeddings=1024, embedding_dim=768, name="position")
    x = net.add("Dropout", net.add("Add", token, position, name="embedded"), p=0.1, name="dropout")
    x = net.add("GPTLayer", x, repeat=12, name="decoder", note="A step sees those before it alone.")
    x = net.add("LayerNorm", x, name="norm")
    note = "Its weights are those of token: the score of a word is how like its vector the step is."
    scores = net.add("Linear", x, out_features=50257, bias=False, shares=token, name="scores_of_words", note=note)
    _next_words(net, scores, 1024)


def _next_words(net: Drawing, scores: Value, steps: int) -> None:
    """Output, and the loss of the next word at each step."""
    net.add("Output", scores, name="scores")
    turned = net.add("Transpose", scores, dim0=1, dim1=2, name="classes_first")
    net.add("CrossEntropyLoss", turned, net.add("Target", shape=(steps,), name="next_tokens"), name="loss")


def llama_style(net: Drawing) -> None:
    """Touvron et al., 2023, LLaMA: open and efficient foundation language models."""
    need(net, "GatedMLP")
    with net.block(
        "RotaryAttention",
        "Causal attention whose queries and keys are turned by their position.",
        heads=parameter(8, HEADS, low=1),
    ) as b:
        x = b.input("x", WIDTH)
        linear: dict[str, Any] = {"out_features": b.width, "bias": False}
        query = heads_apart(b, b.add("Linear", x, **linear, name="query"), "query")
        key = heads_apart(b, b.add("Linear", x, **linear, name="key"), "key")
        value = heads_apart(b, b.add("Linear", x, **linear, name="value"), "value")
        query = b.add("RotaryPositions", query, name="query_turned")
        key = b.add("RotaryPositions", key, name="key_turned")
        found = b.add("ScaledDotProductAttention", query, key, value, is_causal=True, name="attention")
        b.output(b.add("Linear", heads_joined(b, found), **linear, name="project"))
    with net.block(
        "LlamaLayer",
        "A decoder layer with RMSNorm, rotary positions and SwiGLU.",
        heads=parameter(8, HEADS, low=1),
        hidden=parameter(688, "How wide the middle of the gated layers is.", low=1),
    ) as b:
        x = b.input("x", WIDTH)
        y = b.add("RMSNorm", x, eps=1e-5, name="norm1")
        x = b.add("Add", x, b.add("RotaryAttention", y, heads=b.heads, name="attention"), name="attended")
        y = b.add("RMSNorm", x, eps=1e-5, name="norm2")
        b.output(b.add("Add", x, b.add("GatedMLP", y, hidden=b.hidden, name="mlp"), name="add"))
    tokens = net.add("Input", shape=(256,), dtype="int64", name="tokens", note="The numbers of the word pieces.")
    x = net.add("Embedding", tokens, num_embeddings=4096, embedding_dim=256, name="token")
    x = net.add("LlamaLayer", x, repeat=6, name="decoder", note="A step sees those before it alone.")
    x = net.add("RMSNorm", x, eps=1e-5, name="norm")
    _next_words(net, net.add("Linear", x, out_features=4096, bias=False, name="scores_of_words"), 256)


def lstm_classifier(net: Drawing) -> None:
    """Hochreiter and Schmidhuber, 1997, Long short-term memory."""
    image = net.add("Input", field="image", name="image", note="Read row by row: 8 steps of 8 pixels.")
    rows = net.add("Squeeze", image, dim=1, name="rows")
    x = net.add("LSTM", rows, hidden_size=64, num_layers=2, dropout=0.2, name="lstm")
    x = net.add("Select", x, dim=1, index=-1, name="last")
    classified(net, net.add("Linear", x, out_features=10, name="fc"), field="label")


LSTM_DATA, LSTM_TRAINING = Data("Digits"), {"epochs": 30}


def seq2seq_attention(net: Drawing) -> None:
    """Luong et al., 2015, Effective approaches to attention-based neural machine translation."""
    with net.block("LuongAttention", "Each step of the decoder gathers from the states of the encoder.") as b:
        states = b.input("decoder", "N, _, width", "What the decoder is at.")
        memory = b.input("encoder", "N, _, width", "What the encoder has read.")
        keys = b.add("Linear", memory, out_features=b.width, bias=False, name="keys")
        keys = b.add("Transpose", keys, dim0=1, dim1=2, name="keys_turned")
        weights = b.add("Softmax", b.add("MatMul", states, keys, name="likeness"), dim=-1, name="weights")
        context = b.add("MatMul", weights, memory, name="context")
        both = b.add("Cat", states, context, dim=-1, name="both")
        b.output(chain(b, both, ("Linear", "join", {"out_features": b.width, "bias": False}), ("Tanh", "tanh")))
    source = net.add("Input", shape=(24,), dtype="int64", name="source", note="The sentence to translate.")
    before = net.add("Input", shape=(24,), dtype="int64", name="written", note="The translation, one word behind.")
    x = net.add("Embedding", source, num_embeddings=8000, embedding_dim=256, name="source_words")
    encoder = net.add("GRU", x, hidden_size=512, name="encoder")
    x = net.add("Embedding", before, num_embeddings=8000, embedding_dim=256, name="target_words")
    decoder = net.add("GRU", x, encoder["h"], hidden_size=512, name="decoder", note="Begins where the encoder ends.")
    x = net.add("LuongAttention", decoder["output"], encoder["output"], name="attention")
    _next_words(net, net.add("Linear", x, out_features=8000, name="scores_of_words"), 24)
