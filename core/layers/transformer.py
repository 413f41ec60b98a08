"""Whole transformers, and the half of them that writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from core.layers import remedies
from core.layers.attention import BATCH_FIRST
from core.layers.expectations import expect_divisible, expect_sequence, name_of, received
from core.layers.layer import Call, Inputs, Layer, Port, Refused, fixed_size, sequence_axes, these_axes
from core.parameters import parameter
from core.specs import Size, Spec, shape_text

HEADS = "Into how many parts the features are divided, each with an attention of its own."
LAYERS = "How many layers stand on top of each other."
NORM = "Whether a LayerNorm follows the last layer; useful with norm_first."
MASKS = (
    Port("tgt_mask", "True where a step of tgt may not look at another.", optional=True),
    Port("memory_mask", "True where a step of tgt may not look at one of memory.", optional=True),
    Port("tgt_key_padding_mask", "True where a step of tgt is to be ignored.", optional=True),
    Port("memory_key_padding_mask", "True where a step of memory is to be ignored.", optional=True),
)


class _Settings(Layer):
    """What all of them share: the settings of a layer."""

    port_shapes: ClassVar = {
        "src": "(N, T, E); (T, N, E) where batch_first is off.",
        "tgt": "(N, T, E); (T, N, E) where batch_first is off.",
        "memory": "(N, S, E); (S, N, E) where batch_first is off.",
        "mask": "(T, T).",
        "src_mask": "(T, T).",
        "src_key_padding_mask": "(N, T).",
        "tgt_mask": "(T, T).",
        "memory_mask": "(T, S).",
        "tgt_key_padding_mask": "(N, T).",
        "memory_key_padding_mask": "(N, S).",
        "output": "(N, T, E); (T, N, E) where batch_first is off.",
    }
    paper = "Vaswani et al., 2017, Attention is all you need"

    nhead: int = parameter(4, HEADS, low=1, required=True)
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

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return these_axes(outputs, sequence_axes(self.batch_first))


class TransformerEncoderLayer(_Settings, family="attention", torch="nn.TransformerEncoderLayer"):
    """One layer of a transformer: each step gathers from all others, then is worked on by itself."""

    inputs = (
        Port("src", "The sequence."),
        Port("src_mask", "True where a step may not look at another.", optional=True),
        Port("src_key_padding_mask", "True where a step is to be ignored.", optional=True),
    )
    synonyms = ("transformer", "self-attention", "encoder", "bert", "vit", "sequence", "text")
    use = (
        "To read sequences of words, patches or measurements; add SinusoidalPositions first, since attention does "
        "not see order. TransformerEncoder stacks several, LSTM needs less data."
    )
    formula = (
        "a = LayerNorm(src + attention(src, src, src))\n"
        "output = LayerNorm(a + feedforward(a)), feedforward(a) = W₂ activation(W₁ a + b₁) + b₂\n"
        "with norm_first: a = src + attention of LayerNorm(src), output = a + feedforward(LayerNorm(a))"
    )

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


class _Stack(_Settings):
    """What all but one share: sequences of one width, and masks that fit them."""

    sequences: ClassVar[tuple[str, ...]]

    def width(self, inputs: Inputs) -> int:
        """The features of every sequence; refuses sequences of different widths or batches."""
        first, *others = self.sequences
        for port in self.sequences:
            expect_sequence(self, inputs, port, self.batch_first)
        width = fixed_size(inputs, first, 2, name_of(self), "d_model")
        for port in others:
            wanted, batch = inputs[first].shape, 0 if self.batch_first else 1
            if inputs[port].shape[2] != width:
                raise Refused(
                    f"{name_of(self)} expects {port} with as many features as {first}, {width}, but receives "
                    f"{received(inputs[port])}: insert Linear with {remedies.counted(width, 'output')}.",
                    port,
                    remedies.insert(port, "Linear", out_features=width),
                )
            if inputs[port].shape[batch] != wanted[batch]:
                raise Refused(
                    f"{name_of(self)} expects one batch for {first} and {port}, but receives "
                    f"{received(inputs[port])} beside {shape_text(wanted)}: link sequences of the same samples.",
                    port,
                )
        expect_divisible(self, "nhead", self.nhead, width, "features", inputs, first)
        self.expect_masks(inputs)
        return width

    def expect_masks(self, inputs: Inputs) -> None:
        """Refuse masks that are not true and false, and masks of another shape than the steps that they speak of."""
        time = 1 if self.batch_first else 0
        for port in self.inputs:
            if port.name not in inputs or not port.optional:
                continue
            first, second = SPEAKS_OF[port.name]
            second = second if second in inputs else "src"
            wanted: tuple[Size, ...] = (
                inputs[first].shape[time] if first else inputs[second].shape[1 - time],
                inputs[second].shape[time],
            )
            spec = inputs[port.name]
            if spec.shape != wanted or spec.dtype != "bool":
                raise Refused(
                    f"{name_of(self)} expects {shape_text(wanted)} of bool for {port.name}, but receives "
                    f"{received(spec, dtype=True)}: link a mask that is true where something is left out.",
                    port.name,
                )

    def rule(self, inputs: Inputs) -> dict[str, Spec]:
        # With a mask torch looks at its values, which meta does not hold.
        spec = inputs["tgt" if "tgt" in inputs else "src"]
        return {"output": Spec(spec.shape, spec.dtype)}

    def layer(self, kind: str, width: int) -> Call:
        """One layer of a stack, as a module inside this one."""
        said = {name: value for name, value in self.keywords() if name in LAYER_SETTINGS}
        return Call(f"nn.{kind}", (width, self.nhead), tuple(said.items()))

    def called(self, *positional: Call | int, keywords: tuple[tuple[str, Call | bool], ...] = ()) -> Call:
        """The call with the sequences in order and the linked masks by name."""
        masks = tuple((port.name, f", {port.name}={{{port.name}}}") for port in self.inputs if port.optional)
        expression = f"{{module}}({', '.join(f'{{{port}}}' for port in self.sequences)}{{optional}})"
        return Call(self.torch, positional, keywords, expression, masks)

    def length(self, inputs: Inputs, port: str) -> int:
        """How many steps a sequence has; 1 where that varies."""
        size = inputs[port].shape[1 if self.batch_first else 0]
        return size if isinstance(size, int) else 1

    def encoding(self, steps: int, width: int) -> int:
        """Multiply-accumulates of one encoder layer."""
        return steps * width * (4 * width + 2 * steps + 2 * self.dim_feedforward)

    def decoding(self, steps: int, seen: int, width: int) -> int:
        """Multiply-accumulates of one decoder layer that looks at `seen` steps of a memory."""
        across = 2 * width * width * (steps + seen) + 2 * steps * seen * width
        return self.encoding(steps, width) + across


SPEAKS_OF = {
    "mask": ("src", "src"),
    "src_mask": ("src", "src"),
    "src_key_padding_mask": ("", "src"),
    "tgt_mask": ("tgt", "tgt"),
    "tgt_key_padding_mask": ("", "tgt"),
    "memory_mask": ("tgt", "memory"),
    "memory_key_padding_mask": ("", "memory"),
}
"""For each mask the sequence whose steps look, "" for every sample, and the one that they look at."""

LAYER_SETTINGS = ("dim_feedforward", "dropout", "activation", "layer_norm_eps", "batch_first", "norm_first", "bias")


class TransformerDecoderLayer(_Stack, family="attention", torch="nn.TransformerDecoderLayer"):
    """One layer of a transformer that writes: each step gathers from its own sequence, then from another one."""

    inputs = (
        Port("tgt", "The sequence that is written."),
        Port("memory", "The sequence that it looks at, as an encoder gives it."),
        *MASKS,
    )
    sequences = ("tgt", "memory")
    synonyms = ("transformer", "cross-attention", "decoder", "translation", "sequence", "text")
    use = (
        "To write a sequence while looking at another one; CausalMask on tgt_mask keeps steps from seeing what they "
        "are to predict. To continue a text without another one, use TransformerEncoderLayer with CausalMask."
    )
    formula = (
        "a = LayerNorm(tgt + attention(tgt, tgt, tgt))\n"
        "b = LayerNorm(a + attention(a, memory, memory))\n"
        "output = LayerNorm(b + feedforward(b))"
    )

    def call(self, inputs: Inputs) -> Call:
        width = self.width(inputs)
        plain = self.called()
        return self.module(width, self.nhead, expression=plain.expression, optional=plain.optional)

    def macs(self, inputs: Inputs) -> int:
        width = fixed_size(inputs, "tgt", 2)
        return self.decoding(self.length(inputs, "tgt"), self.length(inputs, "memory"), width)


class TransformerEncoder(_Stack, family="attention", torch="nn.TransformerEncoder"):
    """A stack of transformer layers that read a sequence: each step gathers from all others."""

    inputs = (
        TransformerEncoderLayer.inputs[0],
        Port("mask", "True where a step may not look at another.", optional=True),
        TransformerEncoderLayer.inputs[2],
    )
    sequences = ("src",)
    synonyms = (
        "transformer", "self-attention", "encoder", "bert", "gpt", "vit", "stack", "sequence", "text",
        "language model",
    )  # fmt: skip
    use = (
        "To read whole sequences, as a text whose class is wanted; add SinusoidalPositions to its input first. With "
        "CausalMask on mask it can continue a text; use LSTM where data is limited."
    )
    formula = "output = layerₙ(... layer₂(layer₁(src))), each a TransformerEncoderLayer with weights of its own"

    num_layers: int = parameter(2, LAYERS, low=1, high=1000, required=True)
    norm: bool = parameter(False, NORM, rare=True)

    def call(self, inputs: Inputs) -> Call:
        return stacked_encoder(self, self.width(inputs), self.num_layers, self.norm)

    def macs(self, inputs: Inputs) -> int:
        return self.num_layers * self.encoding(self.length(inputs, "src"), fixed_size(inputs, "src", 2))


def stacked_encoder(layer: _Stack, width: int, count: int, norm: bool) -> Call:
    """An encoder without nested tensors, which would cut the output to the longest sequence, and warn."""
    keywords: tuple[tuple[str, Call | bool], ...] = (("norm", _norm(layer, width)),) if norm else ()
    inner = layer.layer("TransformerEncoderLayer", width)
    called = layer.called(inner, count, keywords=(*keywords, ("enable_nested_tensor", False)))
    return Call("nn.TransformerEncoder", called.positional, called.keywords, called.expression, called.optional)


def _norm(layer: _Stack, width: int) -> Call:
    """The LayerNorm behind the last layer, with the settings of those in the layers."""
    said = dict(layer.keywords())
    names = (("eps", "layer_norm_eps"), ("bias", "bias"))
    return Call("nn.LayerNorm", (width,), tuple((name, said[own]) for name, own in names if own in said))


class TransformerDecoder(_Stack, family="attention", torch="nn.TransformerDecoder"):
    """A stack of transformer layers that write a sequence while they look at another one."""

    inputs = TransformerDecoderLayer.inputs
    sequences = ("tgt", "memory")
    synonyms = ("transformer", "cross-attention", "decoder", "translation", "stack", "sequence", "text")
    use = (
        "To write a sequence while looking at what a TransformerEncoder has read, with CausalMask on tgt_mask. "
        "Transformer holds both in one."
    )
    formula = (
        "output = layerₙ(... layer₁(tgt, memory) ..., memory), each a TransformerDecoderLayer with weights of its own"
    )

    num_layers: int = parameter(2, LAYERS, low=1, high=1000, required=True)
    norm: bool = parameter(False, NORM, rare=True)

    def call(self, inputs: Inputs) -> Call:
        width = self.width(inputs)
        keywords = (("norm", _norm(self, width)),) if self.norm else ()
        return self.called(self.layer("TransformerDecoderLayer", width), self.num_layers, keywords=keywords)

    def macs(self, inputs: Inputs) -> int:
        width = fixed_size(inputs, "tgt", 2)
        one = self.decoding(self.length(inputs, "tgt"), self.length(inputs, "memory"), width)
        return self.num_layers * one


class Transformer(_Stack, family="attention", torch="nn.Transformer"):
    """A whole transformer: an encoder reads one sequence, a decoder writes another while it looks at it."""

    inputs = (
        Port("src", "The sequence that is read."),
        Port("tgt", "The sequence that is written, as far as it is known."),
        Port("src_mask", "True where a step of src may not look at another.", optional=True),
        *MASKS[:2],
        Port("src_key_padding_mask", "True where a step of src is to be ignored.", optional=True),
        *MASKS[2:],
    )
    port_shapes: ClassVar = {
        "src": "(N, S, E); (S, N, E) where batch_first is off.",
        "src_mask": "(S, S).",
        "src_key_padding_mask": "(N, S).",
    }
    sequences = ("src", "tgt")
    synonyms = (
        "attention is all you need", "translation", "encoder", "decoder", "sequence to sequence", "seq2seq",
        "text",
    )  # fmt: skip
    use = (
        "To turn one sequence into another, as in translation, with CausalMask on tgt_mask. Where nothing is "
        "written, as for classes, TransformerEncoder is enough."
    )
    formula = "output = decoder(tgt, encoder(src)), each a stack of layers with a LayerNorm behind the last"

    nhead: int = parameter(8, HEADS, low=1)
    num_encoder_layers: int = parameter(6, "How many layers read.", low=1, high=1000, dropped=2)
    num_decoder_layers: int = parameter(6, "How many layers write.", low=1, high=1000, dropped=2)

    def call(self, inputs: Inputs) -> Call:
        width = self.width(inputs)
        plain = self.called()
        nests = self.batch_first and self.bias and not self.norm_first and self.nhead % 2 == 0
        if nests and "src_key_padding_mask" not in inputs:
            return self.module(width, expression=plain.expression, optional=plain.optional)
        # Torch would warn that its nested tensors cannot be used, or cut the output to the longest sequence.
        encoder = stacked_encoder(self, width, self.num_encoder_layers, norm=True)
        inner = Call(encoder.target, encoder.positional, encoder.keywords)
        keywords = (*(each for each in self.keywords() if each[0] != "num_encoder_layers"), ("custom_encoder", inner))
        return Call(self.torch, (width,), keywords, plain.expression, plain.optional)

    def macs(self, inputs: Inputs) -> int:
        width, read, written = fixed_size(inputs, "src", 2), self.length(inputs, "src"), self.length(inputs, "tgt")
        return self.num_encoder_layers * self.encoding(read, width) + self.num_decoder_layers * self.decoding(
            written, read, width
        )
