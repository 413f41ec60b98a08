"""Products of matrices, and the attention that is made of them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import ClassVar

from core.layers import remedies
from core.layers.expectations import expect_floating, is_batch, lines_up, name_of, received
from core.layers.layer import Call, Inputs, Layer, Port, Refused, axes_of
from core.parameters import parameter
from core.specs import Size, Spec, shape_text


def _expect_matrices(layer: Layer, inputs: Inputs, first: str, second: str) -> None:
    """Refuse what is not N × rows × inner and N × inner × columns."""
    one, two = inputs[first], inputs[second]
    for port, spec in ((first, one), (second, two)):
        if spec.rank != 3 or any(is_batch(size) for size in spec.shape[1:]):
            raise Refused(
                f"{name_of(layer)} expects N × rows × columns at {port}, but receives {received(spec)}: "
                "use MatMul, which takes other axes too.",
                port,
                remedies.swap(layer, "MatMul") if isinstance(layer, Bmm) and _multiply(one, two) else None,
            )
    if one.shape[0] != two.shape[0] or one.shape[2] != two.shape[1]:
        turned = one.shape[0] == two.shape[0] and one.shape[2] == two.shape[2]
        raise Refused(
            f"{name_of(layer)} expects {one.shape[0]} × {one.shape[2]} × columns at {second}, but receives "
            f"{received(two)} beside {shape_text(one.shape)}: "
            + ("insert Transpose." if turned else "bring the two to one size."),
            second,
            remedies.insert(second, "Transpose", dim0=1, dim1=2) if turned else None,
        )


def _multiply(one: Spec, two: Spec) -> bool:
    """Whether MatMul takes these two."""
    if min(one.rank, two.rank) < 2 or is_batch(one.shape[-1]) or any(is_batch(size) for size in two.shape[-2:-1]):
        return False
    return one.shape[-1] == two.shape[-2] and lines_up(one.shape[:-2], two.shape[:-2])


class Bmm(Layer, family="merge", torch="torch.bmm"):
    """Multiplies two matrices in each sample: every row of the first with every column of the second."""

    inputs = (Port("input", "N × rows × inner."), Port("mat2", "N × inner × columns."))
    port_shapes: ClassVar = {
        "input": "(N, rows, inner).",
        "mat2": "(N, inner, columns).",
        "output": "(N, rows, columns).",
    }
    synonyms = ("batch matrix product", "matmul", "attention", "multiply matrices", "similarity")
    use = (
        "For products of two computed matrices in each sample. MatMul takes more axes; for learned weights use Linear."
    )
    formula = "y[n] = input[n] · mat2[n]"

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs, "input", "mat2")
        _expect_matrices(self, inputs, "input", "mat2")
        return Call(expression="torch.bmm({input}, {mat2})")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": (*axes_of(inputs["input"])[:2], axes_of(inputs["mat2"])[2])}


class Baddbmm(Layer, family="merge", torch="torch.baddbmm"):
    """Multiplies two matrices in each sample and adds a third input to the product."""

    inputs = (
        Port("input", "What is added, in a shape that fits the product."),
        Port("batch1", "N × rows × inner."),
        Port("batch2", "N × inner × columns."),
    )
    port_shapes: ClassVar = {
        "input": "A shape that broadcasts to (N, rows, columns).",
        "batch1": "(N, rows, inner).",
        "batch2": "(N, inner, columns).",
        "output": "(N, rows, columns).",
    }
    synonyms = (
        "batch matrix product", "add", "bias", "attention scores", "relative position bias", "multiply matrices",
    )  # fmt: skip
    use = (
        "For a product of matrices with something added, as scores of an attention with a bias of positions. Use "
        "Bmm and Add for clarity."
    )
    formula = "y[n] = beta · input + alpha · batch1[n] · batch2[n]"

    beta: float = parameter(1.0, "What the input is multiplied by.", required=True)
    alpha: float = parameter(1.0, "What the product is multiplied by.", required=True)

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs, "input", "batch1", "batch2")
        _expect_matrices(self, inputs, "batch1", "batch2")
        first, second = inputs["batch1"].shape, inputs["batch2"].shape
        made = (first[0], first[1], second[2])
        given = inputs["input"].shape
        pairs = zip(reversed(made), reversed(given), strict=False)
        if len(given) > 3 or any(one != two and two != 1 for one, two in pairs):
            raise Refused(
                f"Baddbmm expects something that fits the product, {shape_text(made)}, but receives "
                f"{received(inputs['input'])}: bring it to that shape.",
                "input",
            )
        keywords = tuple((name, value) for name, value in (("beta", self.beta), ("alpha", self.alpha)) if value != 1)
        return Call(expression="torch.baddbmm({input}, {batch1}, {batch2}{keywords})", keywords=keywords)

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": (*axes_of(inputs["batch1"])[:2], axes_of(inputs["batch2"])[2])}


class Outer(Layer, family="merge", torch="torch.outer"):
    """Multiplies every number of one vector of a sample with every number of another one."""

    inputs = (Port("input", "N × rows."), Port("vec2", "N × columns."))
    port_shapes: ClassVar = {"input": "(N, rows).", "vec2": "(N, columns).", "output": "(N, rows, columns)."}
    synonyms = ("outer product", "tensor product", "bilinear pooling", "fusion", "interaction", "pairwise", "combine")
    use = (
        "To let every feature of one vector meet every one of another, as of a picture and a question. Use Bilinear "
        "to learn which pairs count, MatMul for products of matrices."
    )
    formula = "y[n, i, j] = input[n, i] · vec2[n, j]"
    paper = "Lin et al., 2015, Bilinear CNN models for fine-grained visual recognition"

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs, "input", "vec2")
        first, second = inputs["input"], inputs["vec2"]
        for port, spec in (("input", first), ("vec2", second)):
            if spec.rank != 2 or spec.shape[0] != first.shape[0] or is_batch(spec.shape[-1]):
                raise Refused(
                    f"Outer expects N × features at {port}, but receives {received(spec)}: insert Flatten.",
                    port,
                    remedies.insert(port, "Flatten") if spec.rank > 2 else None,
                )
        return Call(expression="{input}.unsqueeze(2) * {vec2}.unsqueeze(1)")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": (*axes_of(inputs["input"]), axes_of(inputs["vec2"])[-1])}


class Einsum(Layer, family="merge", torch="torch.einsum"):
    """Multiplies and adds up along axes that you name by letters: the same letter in two inputs goes together."""

    inputs = (Port("tensors", "Each input that takes part.", variadic=True, least=1),)
    port_shapes: ClassVar = {
        "tensors": "One letter of the equation for each axis.",
        "output": "One axis for each letter behind the arrow of the equation.",
    }
    synonyms = (
        "einstein sum", "tensor contraction", "attention", "matmul", "tensor product", "multi-head", "combine",
    )  # fmt: skip
    use = (
        "For products over several axes that would need Permute and MatMul. Use MatMul, Bmm or Outer where one of "
        "them says it."
    )
    formula = "y[output letters] = the sum over all other letters of the product of the inputs"

    equation: str = parameter(
        "nij, njk -> nik",
        "A letter for each axis of each input, then those of the output; ... stands for all other axes. Without -> "
        "come out the letters that are there once.",
        required=True,
    )

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs, *inputs)
        ports = list(inputs)
        fault = _fault_of(self.equation.replace(" ", ""), len(ports))
        if fault:
            shown = self.equation[:60] or "empty"
            raise Refused(f"Einsum expects {fault}, but equation is {shown}: change it.", ports[0])
        self._expect_letters(inputs)
        return Call(expression="torch.einsum({equation}, {tensors})", keywords=(("equation", self.equation),))

    def _terms(self, inputs: Inputs) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
        """A name for each axis of each input, and of the output: letters, and `.1`, `.2`, ... from the last of ...."""
        left, arrow, right = self.equation.replace(" ", "").partition("->")
        terms = left.split(",")
        widths = [spec.rank - len(term.replace("...", "")) for term, spec in zip(terms, inputs.values(), strict=True)]
        wide = max((width for term, width in zip(terms, widths, strict=True) if "..." in term), default=0)
        if not arrow:
            letters = left.replace(",", "").replace("...", "")
            right = "..." * (wide > 0) + "".join(sorted(each for each in set(letters) if letters.count(each) == 1))
        named = [_named(term, width) for term, width in zip(terms, widths, strict=True)]
        return named, _named(right, wide)

    def _expect_letters(self, inputs: Inputs) -> None:
        """Refuse letters that do not go with the axes, and letters that stand for different sizes."""
        terms = self.equation.replace(" ", "").partition("->")[0].split(",")
        for (port, spec), term in zip(inputs.items(), terms, strict=True):
            count = len(term.replace("...", ""))
            if count > spec.rank or ("..." not in term and count < spec.rank):
                least = "at least " * ("..." in term)
                raise Refused(
                    f"Einsum expects {least}{count} {'axis' if count == 1 else 'axes'} where its "
                    f"equation says {term}, but receives {received(spec)}: change the equation.",
                    port,
                )
        sizes: dict[str, Size] = {}
        for (port, spec), names in zip(inputs.items(), self._terms(inputs)[0], strict=True):
            for name, size in zip(names, spec.shape, strict=True):
                known = sizes.setdefault(name, size)
                stretched = name.startswith(".") and 1 in (known, size) and not is_batch(known) and not is_batch(size)
                if stretched:
                    sizes[name] = size if known == 1 else known
                elif known != size:
                    raise Refused(
                        f"Einsum expects one size wherever its equation says {'...' if name[0] == '.' else name}, but "
                        f"receives {received(spec)}, where it is {size} and not {known}: change the equation.",
                        port,
                    )

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        terms, right = self._terms(inputs)
        known: dict[str, str] = {}
        for spec, term in zip(inputs.values(), terms, strict=True):
            known |= {letter: name for letter, name in zip(term, axes_of(spec), strict=False) if name}
        return {"output": tuple(known.get(letter, "") for letter in right)}


def _fault_of(text: str, count: int) -> str:
    """What an equation is expected to be and is not, for so many inputs; "" where it is sound."""
    left, _, right = text.partition("->")
    terms = left.split(",")
    if not re.fullmatch(r"[a-zA-Z]*(\.\.\.)?[a-zA-Z]*", right) or not all(
        re.fullmatch(r"[a-zA-Z]*(\.\.\.)?[a-zA-Z]*", term) and term for term in terms
    ):
        return "letters for the axes of each input, or ... for several, as in nij, njk -> nik"
    if len(terms) != count:
        return f"a term for each of its {count} inputs" if count > 1 else "one term for its one input"
    letters = right.replace("...", "")
    twice = next((each for each in letters if letters.count(each) > 1), "")
    if twice:
        return f"each letter of the output once, and not {twice} twice"
    strange = next((each for each in letters if each not in left), "")
    if strange:
        return f"letters of the inputs alone behind ->, and not {strange}"
    if "..." in right and "..." not in left:
        return "... among the inputs where the output has it"
    return ""


def _named(term: str, wide: int) -> tuple[str, ...]:
    """A name for each axis of a term, those of ... counted from the last of them."""
    before, dots, after = term.partition("...")
    return (*before, *(f".{number}" for number in range(wide, 0, -1) if dots), *after)


class ScaledDotProductAttention(Layer, family="attention", torch="torch.nn.functional.scaled_dot_product_attention"):
    """The bare attention, without weights: each step of query gathers value from the steps whose key is like it."""

    inputs = (
        Port("query", "What each step asks: N × heads × steps × features, or without heads."),
        Port("key", "What each step that is searched answers to."),
        Port("value", "What is gathered from it."),
        Port("attn_mask", "True where a step may look at another; numbers are added to the scores.", optional=True),
    )
    port_shapes: ClassVar = {
        "query": "(N, *, T, E), * the heads, if any.",
        "key": "(N, *, S, E).",
        "value": "(N, *, S, Ev).",
        "attn_mask": "A shape that broadcasts to (N, *, T, S).",
        "output": "(N, *, T, Ev).",
    }
    synonyms = (
        "sdpa", "flash attention", "self-attention", "transformer", "lookup", "memory", "gather",
        "cross attention",
    )  # fmt: skip
    use = (
        "For an attention whose projections you draw yourself, with Linear for query, key and value. "
        "MultiheadAttention brings them. Its mask is true where a step may look, the other way round than there; "
        "is_causal needs none."
    )
    formula = "y = softmax(query · keyᵀ / √d + mask) · value"
    paper = "Vaswani et al., 2017, Attention is all you need"

    is_causal: bool = parameter(False, "Whether a step looks at those before it and itself alone.")
    scale: float | None = parameter(
        None, "What the scores are multiplied by; none divides by the root of the features.", low=0, rare=True
    )

    def call(self, inputs: Inputs) -> Call:
        ports = ("query", "key", "value")
        expect_floating(self, inputs, *ports)
        query, key, value = (inputs[port] for port in ports)
        for port in ports:
            spec = inputs[port]
            if spec.rank not in (3, 4) or not is_batch(spec.shape[0]) or any(is_batch(size) for size in spec.shape[1:]):
                raise Refused(
                    f"{name_of(self)} expects N × heads × steps × features, or N × steps × features, but receives "
                    f"{received(spec)}: reshape it.",
                    port,
                )
        if key.shape[:-2] != query.shape[:-2] or key.shape[-1] != query.shape[-1]:
            raise Refused(
                f"{name_of(self)} expects key with the samples, heads and features of query, "
                f"{shape_text(query.shape)}, but receives {received(key)}: bring it to these.",
                "key",
            )
        if value.shape[:-1] != key.shape[:-1]:
            raise Refused(
                f"{name_of(self)} expects a value for each step of key, {shape_text(key.shape)}, but receives "
                f"{received(value)}: link the same sequence to both.",
                "value",
            )
        self._expect_mask(inputs)
        return Call(
            expression="nn.functional.scaled_dot_product_attention({query}, {key}, {value}{optional}{keywords})",
            keywords=self.keywords(),
            optional=(("attn_mask", ", attn_mask={attn_mask}"),),
        )

    def _expect_mask(self, inputs: Inputs) -> None:
        """Refuse a mask together with is_causal, and one that does not fit the scores."""
        if "attn_mask" not in inputs:
            return
        mask, query, key = inputs["attn_mask"], inputs["query"], inputs["key"]
        if self.is_causal:
            raise Refused(
                f"{name_of(self)} expects either a mask or is_causal, but has both: set is_causal to false.",
                "attn_mask",
                remedies.set_value("is_causal", False),
            )
        scores = (*query.shape[:-1], key.shape[-2])
        pairs = zip(reversed(scores), reversed(mask.shape), strict=False)
        fits = 2 <= mask.rank <= len(scores) and all(one == two or two == 1 for one, two in pairs)
        if not fits or mask.dtype not in ("bool", query.dtype):
            raise Refused(
                f"{name_of(self)} expects a mask for {shape_text(scores)} scores, but receives "
                f"{received(mask, dtype=True)}: link one of that shape, or with size 1 where it is the same for all.",
                "attn_mask",
            )

    def macs(self, inputs: Inputs) -> int:
        query, key, value = (inputs[port].shape[1:] for port in ("query", "key", "value"))
        heads = math.prod(size for size in query[:-2] if isinstance(size, int))
        length, steps, width, out = query[-2], key[-2], query[-1], value[-1]
        sizes = [size if isinstance(size, int) else 1 for size in (length, steps, width, out)]
        return heads * sizes[0] * sizes[1] * (sizes[2] + sizes[3])

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": (*axes_of(inputs["query"])[:-1], axes_of(inputs["value"])[-1])}
