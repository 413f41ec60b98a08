"""Layers that look things up: in a table of vectors, or in the rest of a sequence."""

from __future__ import annotations

from core.layers import remedies
from core.layers.expectations import (
    expect_divisible,
    expect_rank,
    expect_sequence,
    expect_whole,
    name_of,
    received,
)
from core.layers.layer import Call, Inputs, Layer, Port, Refused, fixed_size
from core.parameters import parameter
from core.specs import Spec, shape_text

BATCH_FIRST = "Whether the input is batch × time × features; else it is time × batch × features."


class Embedding(Layer, family="attention", torch="nn.Embedding"):
    """Looks up a learned vector for each whole number, such as a word or a category."""

    synonyms = ("lookup", "word vectors", "tokens", "text", "category")

    num_embeddings: int = parameter(1000, "How many different numbers there are, counted from 0.", low=1, required=True)
    embedding_dim: int = parameter(64, "How long each vector is.", low=1, required=True)
    padding_idx: int | None = parameter(None, "A number whose vector stays 0 and is not learned.", low=0, rare=True)
    max_norm: float | None = parameter(
        None, "Vectors longer than this are shortened to it.", low=0, open_low=True, rare=True
    )
    norm_type: float = parameter(2.0, "Which norm measures the length for max_norm.", low=0, open_low=True, rare=True)
    scale_grad_by_freq: bool = parameter(False, "Whether frequent numbers learn more slowly.", rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_whole(self, inputs, "input", "its input")
        count = inputs["input"].classes
        if count > self.num_embeddings:
            raise Refused(
                f"Embedding expects numbers below num_embeddings ({self.num_embeddings}), but receives {count} "
                f"different ones in {received(inputs['input'])}: set num_embeddings to {count}.",
                "input",
                remedies.set_value("num_embeddings", count),
            )
        if self.padding_idx is not None and self.padding_idx >= self.num_embeddings:
            raise Refused(
                f"Embedding expects padding_idx below num_embeddings ({self.num_embeddings}), but it is "
                f"{self.padding_idx}: set it to 0 or to none.",
                "",
                remedies.set_value("padding_idx", 0),
            )
        return self.module(self.num_embeddings, self.embedding_dim)


class EmbeddingBag(Layer, family="attention", torch="nn.EmbeddingBag"):
    """Looks up a learned vector for each whole number of a sample and joins them to one; a bag of words."""

    inputs = (
        Port("input", "The whole numbers of each sample: N × how many."),
        Port("per_sample_weights", "How much each of them counts; with mode sum alone.", optional=True),
    )
    synonyms = ("bag of words", "lookup", "tokens", "text", "categories")

    num_embeddings: int = parameter(1000, "How many different numbers there are, counted from 0.", low=1, required=True)
    embedding_dim: int = parameter(64, "How long each vector is.", low=1, required=True)
    max_norm: float | None = parameter(
        None, "Vectors longer than this are shortened to it.", low=0, open_low=True, rare=True
    )
    norm_type: float = parameter(2.0, "Which norm measures the length for max_norm.", low=0, open_low=True, rare=True)
    scale_grad_by_freq: bool = parameter(False, "Whether frequent numbers learn more slowly.", rare=True)
    mode: str = parameter("mean", "How the vectors become one.", choices=("sum", "mean", "max"))
    padding_idx: int | None = parameter(None, "A number that does not count and is not learned.", low=0, rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, 2, axes=("numbers",))
        expect_whole(self, inputs, "input", "its input")
        count = inputs["input"].classes
        if count > self.num_embeddings:
            raise Refused(
                f"EmbeddingBag expects numbers below num_embeddings ({self.num_embeddings}), but receives {count} "
                f"different ones in {received(inputs['input'])}: set num_embeddings to {count}.",
                "input",
                remedies.set_value("num_embeddings", count),
            )
        if self.padding_idx is not None and self.padding_idx >= self.num_embeddings:
            raise Refused(
                f"EmbeddingBag expects padding_idx below num_embeddings ({self.num_embeddings}), but it is "
                f"{self.padding_idx}: set it to 0 or to none.",
                "",
                remedies.set_value("padding_idx", 0),
            )
        if self.scale_grad_by_freq and self.mode == "max":
            raise Refused(
                "EmbeddingBag expects scale_grad_by_freq with mode sum or mean alone, but mode is max: set "
                "scale_grad_by_freq to false.",
                "",
                remedies.set_value("scale_grad_by_freq", False),
            )
        self._expect_weights(inputs)
        return self.module(
            self.num_embeddings,
            self.embedding_dim,
            expression="{module}({input}{optional})",
            optional=(("per_sample_weights", ", per_sample_weights={per_sample_weights}"),),
        )

    def _expect_weights(self, inputs: Inputs) -> None:
        """Refuse weights with another mode than sum, and weights of another shape than the numbers."""
        if "per_sample_weights" not in inputs:
            return
        weights = inputs["per_sample_weights"]
        if self.mode != "sum":
            raise Refused(
                f"EmbeddingBag expects mode sum where each number has a weight, but mode is {self.mode}: set mode to "
                "sum.",
                "per_sample_weights",
                remedies.set_value("mode", "sum"),
            )
        if weights.shape != inputs["input"].shape or weights.dtype != "float32":
            raise Refused(
                f"EmbeddingBag expects a weight for each number, {shape_text(inputs['input'].shape)}, but receives "
                f"{received(weights, dtype=True)}: link weights of that shape.",
                "per_sample_weights",
            )

    def rule(self, inputs: Inputs) -> dict[str, Spec]:
        return {"output": Spec((*inputs["input"].shape[:1], self.embedding_dim))}


class MultiheadAttention(Layer, family="attention", torch="nn.MultiheadAttention"):
    """Lets each step of one sequence gather what it needs from the steps of another, or of the same one."""

    inputs = (
        Port("query", "The sequence whose steps ask."),
        Port("key", "The sequence that is searched."),
        Port("value", "What is gathered from it; usually the same as key."),
        Port("key_padding_mask", "True where a step of key is to be ignored.", optional=True),
        Port("attn_mask", "True where a step may not look at another.", optional=True),
    )
    outputs = (
        Port("output", "What each step has gathered."),
        Port("weights", "How much each step looked at each other."),
    )
    synonyms = ("self-attention", "transformer", "mha", "cross-attention")

    num_heads: int = parameter(
        4, "Into how many parts the features are divided, each with an attention of its own.", low=1, required=True
    )
    dropout: float = parameter(0.0, "The share of the weights that is set to 0 in training.", low=0, high=1)
    bias: bool = parameter(True, "Whether learned constants are added.", rare=True)
    add_bias_kv: bool = parameter(False, "Whether a learned step is added to key and value.", rare=True)
    add_zero_attn: bool = parameter(False, "Whether a step of zeros is added to key and value.", rare=True)
    batch_first: bool = parameter(False, BATCH_FIRST, dropped=True)

    def call(self, inputs: Inputs) -> Call:
        for port in ("query", "key", "value"):
            expect_sequence(self, inputs, port, self.batch_first)
        self._expect_pairs(inputs)
        width, key, value = (fixed_size(inputs, port, 2, name_of(self), "size") for port in ("query", "key", "value"))
        expect_divisible(self, "num_heads", self.num_heads, width, "features", inputs, "query")
        sizes = tuple((name, size) for name, size in (("kdim", key), ("vdim", value)) if size != width)
        return Call(
            self.torch,
            (width, self.num_heads),
            self.keywords() + sizes,
            "{module}({query}, {key}, {value}{optional})",
            (("key_padding_mask", ", key_padding_mask={key_padding_mask}"), ("attn_mask", ", attn_mask={attn_mask}")),
            ("output", "weights"),
        )

    def _expect_pairs(self, inputs: Inputs) -> None:
        """Refuse key and value of different lengths, and batches of different sizes."""
        key, value, query = inputs["key"], inputs["value"], inputs["query"]
        if key.shape[:2] != value.shape[:2]:
            raise Refused(
                f"MultiheadAttention expects as many steps in value as in key ({shape_text(key.shape)}), but receives "
                f"{received(value)}: link the same sequence to both.",
                "value",
            )
        batch = 0 if self.batch_first else 1
        if key.shape[batch] != query.shape[batch]:
            raise Refused(
                f"MultiheadAttention expects one batch for query and key, but receives {received(key)} beside "
                f"{shape_text(query.shape)}: link sequences of the same samples.",
                "key",
            )

    def macs(self, inputs: Inputs) -> int:
        time = 1 if self.batch_first else 0
        length, steps = (size if isinstance(size := inputs[port].shape[time], int) else 1 for port in ("query", "key"))
        width, key, value = (fixed_size(inputs, port, 2) for port in ("query", "key", "value"))
        seen = steps + self.add_bias_kv + self.add_zero_attn
        return width * (2 * length * width + steps * (key + value) + 2 * length * seen)


class TransformerEncoderLayer(Layer, family="attention", torch="nn.TransformerEncoderLayer"):
    """One layer of a transformer: each step gathers from all others, then is worked on by itself."""

    inputs = (
        Port("src", "The sequence."),
        Port("src_mask", "True where a step may not look at another.", optional=True),
        Port("src_key_padding_mask", "True where a step is to be ignored.", optional=True),
    )
    synonyms = ("transformer", "self-attention", "encoder", "bert", "vit")

    nhead: int = parameter(
        4, "Into how many parts the features are divided, each with an attention of its own.", low=1, required=True
    )
    dim_feedforward: int = parameter(
        2048, "How wide the part is that works on each step by itself.", low=1, dropped=256
    )
    dropout: float = parameter(0.1, "The share that is set to 0 in training.", low=0, high=1)
    activation: str = parameter(
        "relu", "What bends the numbers between the two linear layers.", choices=("relu", "gelu")
    )
    layer_norm_eps: float = parameter(
        1e-5, "A small number that keeps a division by zero away.", low=0, open_low=True, rare=True
    )
    batch_first: bool = parameter(False, BATCH_FIRST, dropped=True)
    norm_first: bool = parameter(
        False, "Whether it normalises before attention and linear layers; deep stacks train better."
    )
    bias: bool = parameter(True, "Whether learned constants are added.", rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_sequence(self, inputs, "src", self.batch_first)
        width = fixed_size(inputs, "src", 2, name_of(self), "d_model")
        expect_divisible(self, "nhead", self.nhead, width, "features", inputs, "src")
        optional = tuple((port.name, f", {port.name}={{{port.name}}}") for port in self.inputs[1:])
        return self.module(width, self.nhead, expression="{module}({src}{optional})", optional=optional)

    def macs(self, inputs: Inputs) -> int:
        size = inputs["src"].shape[1 if self.batch_first else 0]
        length, width = size if isinstance(size, int) else 1, fixed_size(inputs, "src", 2)
        return length * width * (4 * width + 2 * length + 2 * self.dim_feedforward)
