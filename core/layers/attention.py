"""Layers that look things up: in a table of vectors, or in the rest of a sequence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from core.layers import remedies
from core.layers.expectations import (
    expect_divisible,
    expect_rank,
    expect_sequence,
    expect_whole,
    name_of,
    received,
)
from core.layers.layer import Call, Inputs, Layer, Port, Refused, axes_of, fixed_size, sequence_axes, these_axes
from core.parameters import parameter
from core.specs import Spec, shape_text

BATCH_FIRST = "Whether the input is batch × time × features; else it is time × batch × features."


class Embedding(Layer, family="attention", torch="nn.Embedding"):
    """Looks up a learned vector for each whole number, such as a word or a category."""

    port_shapes: ClassVar = {"input": "Whole numbers in any shape, (*).", "output": "(*, embedding_dim)."}
    synonyms = ("lookup table", "word vectors", "tokens", "text", "words", "category", "categorical")
    use = (
        "The first layer for words, characters, users or any category that is given as a whole number. Use "
        "EmbeddingBag where the order does not matter, OneHot for a few categories."
    )
    formula = "y = W[x], the row of the table with that number"
    paper = "Bengio et al., 2003, A neural probabilistic language model"

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

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return these_axes(outputs, (*axes_of(inputs["input"]), "features"))


class EmbeddingBag(Layer, family="attention", torch="nn.EmbeddingBag"):
    """Looks up a learned vector for each whole number of a sample and joins them to one; a bag of words."""

    inputs = (
        Port("input", "The whole numbers of each sample: N × how many."),
        Port("per_sample_weights", "How much each of them counts; with mode sum alone.", optional=True),
    )
    port_shapes: ClassVar = {
        "input": "(N, T) for T numbers a sample.",
        "per_sample_weights": "(N, T), as input.",
        "output": "(N, embedding_dim).",
    }
    synonyms = ("bag of words", "lookup", "tokens", "text", "words", "categories")
    use = (
        "For text as a bag of words, and for sets of categories. Use Embedding with LSTM or TransformerEncoder where "
        "the order matters."
    )
    formula = "y = mean, sum or max of W[x[i]] over all numbers i of a sample"
    paper = "Joulin et al., 2017, Bag of tricks for efficient text classification"

    num_embeddings: int = parameter(1000, "How many different numbers there are, counted from 0.", low=1, required=True)
    embedding_dim: int = parameter(64, "How long each vector is.", low=1, required=True)
    max_norm: float | None = parameter(
        None, "Vectors longer than this are shortened to it.", low=0, open_low=True, rare=True
    )
    norm_type: float = parameter(2.0, "Which norm measures the length for max_norm.", low=0, open_low=True, rare=True)
    scale_grad_by_freq: bool = parameter(
        False, "Whether frequent numbers learn more slowly.", rare=True, when=("mode", ("sum", "mean"))
    )
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

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return these_axes(outputs, ("N", "features"))


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
    port_shapes: ClassVar = {
        "query": "(N, T, E); (T, N, E) where batch_first is off.",
        "key": "(N, S, kdim); (S, N, kdim) where batch_first is off.",
        "value": "(N, S, vdim); (S, N, vdim) where batch_first is off.",
        "key_padding_mask": "(N, S).",
        "attn_mask": "(T, S); with one head also (N, T, S).",
        "output": "(N, T, E); (T, N, E) where batch_first is off.",
        "weights": "(N, T, S), the mean over the heads.",
    }
    synonyms = ("self-attention", "transformer", "mha", "cross-attention", "sequence", "text")
    use = (
        "Link one sequence to query, key and value for self-attention, or another one to key and value for "
        "cross-attention; CausalMask keeps steps from looking ahead. TransformerEncoderLayer adds what usually "
        "follows."
    )
    formula = (
        "for each head: Aᵢ = softmax(Qᵢ Kᵢᵀ / √d) Vᵢ, with Qᵢ = query Wᵢ, Kᵢ = key Uᵢ, Vᵢ = value Zᵢ and d features "
        "a head\n"
        "output = [A₁, ..., Aₕ] W + b"
    )
    paper = "Vaswani et al., 2017, Attention is all you need"

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
        steps = (query.shape[1 - batch], key.shape[1 - batch])
        wanted = {"key_padding_mask": (key.shape[batch], steps[1]), "attn_mask": steps}
        for port, shape in wanted.items():
            spec = inputs.get(port)
            if spec and spec.rank == 3 and self.num_heads == 1:
                continue  # one mask for each sample, which torch takes for one head alone
            if spec and (spec.shape != shape or spec.dtype not in ("bool", "float32")):
                raise Refused(
                    f"MultiheadAttention expects {shape_text(shape)} of bool for {port}, but receives "
                    f"{received(spec, dtype=True)}: link a mask that is true where something is left out.",
                    port,
                )

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": sequence_axes(self.batch_first), "weights": ("N", "queries", "keys")}

    def macs(self, inputs: Inputs) -> int:
        time = 1 if self.batch_first else 0
        length, steps = (size if isinstance(size := inputs[port].shape[time], int) else 1 for port in ("query", "key"))
        width, key, value = (fixed_size(inputs, port, 2) for port in ("query", "key", "value"))
        seen = steps + self.add_bias_kv + self.add_zero_attn
        return width * (2 * length * width + steps * (key + value) + 2 * length * seen)
