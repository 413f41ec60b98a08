"""The search over the catalogue: by name, by other names, by family, and by what a layer is for."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable, Collection, Iterable, Mapping

from core.layers import CATALOGUE, Layer
from designer import entries
from designer.fuzzy import begins_with_a_typo, is_one_typo_off, scattered
from designer.starter import STARTER

SMALL_WORDS = frozenset(
    {
        "a",
        "an",
        "and",
        "are",
        "each",
        "every",
        "for",
        "from",
        "how",
        "i",
        "in",
        "into",
        "is",
        "it",
        "its",
        "layer",
        "my",
    }
    | {"of", "on", "one", "or", "than", "that", "the", "to", "with"}
)
"""Words that say nothing about a layer."""

USUAL = 6.0
"""What a layer of the starter set is ahead by: of several that fit alike, the usual one is meant."""

PLANE = 1.0
"""What the layers on pictures are ahead of their relatives on sequences and volumes by."""

AXES = re.compile("[123]d")
"""What a person adds to say sequence, picture or volume; no other word of two letters says as much."""

CLEAR, WEAK = 20.0, 13.0
"""Where something fits clearly, typos and scattered letters are not what was meant."""


@dataclasses.dataclass(frozen=True)
class _Entry:
    """What one layer is found by, all in small letters."""

    name: str
    parts: tuple[str, ...]
    synonyms: tuple[str, ...]
    synonym_words: frozenset[str]
    family: str
    about: tuple[str, ...]
    use: tuple[str, ...]
    ahead: float


Declared = Callable[[str], type[Layer] | None]
"""How the declaration of an entry is found: a layer's, or a block's."""


def found(
    query: str, names: Collection[str], first: Iterable[str] = (), declared: Declared = CATALOGUE.get
) -> list[str]:
    """The entries that fit, best first; without a query those of `first` and then all by family."""
    known = {name: layer for name in names if (layer := declared(name)) is not None}
    if not query.strip():
        return _in_order(known, first)
    words = [_stem(word) for word in _words(query) if word not in SMALL_WORDS] or _words(query)
    typed = " ".join(query.lower().split())
    scored = [
        (value + entry.ahead * min(1.0, value / 35), place, name)
        for place, (name, layer) in enumerate(known.items())
        if (value := _fit(entry := _entry(layer), typed, words))
    ]
    ranked = sorted(scored, key=lambda each: (-each[0], each[1]))
    least = WEAK if ranked and ranked[0][0] >= CLEAR else 0.0
    return [name for value, _, name in ranked if value >= least]


def _in_order(names: Mapping[str, type[Layer]], first: Iterable[str]) -> list[str]:
    ahead = [name for name in dict.fromkeys(first) if name in names]
    order = list(entries.TITLES)
    rest = sorted(set(names) - set(ahead), key=lambda name: (order.index(names[name].family), name))
    return ahead + rest


@functools.lru_cache(2000)
def _entry(layer: type[Layer]) -> _Entry:
    name = layer.__name__
    synonyms = tuple(each.lower() for each in layer.synonyms)
    ahead = (USUAL if name in STARTER else 0.0) + (
        PLANE if f"{name[:-2]}1d" in CATALOGUE and name[-2:] == "2d" else 0.0
    )
    behind = PLANE if name[-2:] in ("1d", "3d") and f"{name[:-2]}2d" in CATALOGUE else 0.0
    return _Entry(
        name.lower(),
        tuple(part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+d?", name)),
        synonyms,
        frozenset(word for each in synonyms for word in _words(each)),
        entries.TITLES[layer.family].lower(),
        tuple(_stem(word) for word in _words(layer.__doc__ or "")),
        tuple(_stem(word) for word in _words(layer.use)),
        ahead - 2 * behind,
    )


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9+*/@&|~<=>!-]+", text.lower())


def _stem(word: str) -> str:
    """A word without the endings that change with the sentence: `pictures`, `learning`, `mixed`."""
    for ending in ("ing", "ies", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _fit(entry: _Entry, typed: str, words: list[str]) -> float:
    """How well an entry fits: what is typed as a whole, else each of its words somewhere."""
    whole = _fit_whole(entry, typed)
    if whole or len(words) < 2:
        return whole or (_fit_word(entry, words[0]) if words else 0.0)
    each = [_fit_word(entry, word) for word in words]
    fitting = sum(1 for value in each if value)
    return sum(each) / len(each) * (fitting / len(each)) ** 2 if 2 * fitting >= len(each) else 0.0


def _fit_whole(entry: _Entry, typed: str) -> float:
    if typed in (entry.name, entry.name.replace("_", "")):
        return 1000.0
    if len(typed) > 2 and (typed in entry.parts or typed == entry.family):
        return 72.0
    if typed in entry.synonyms:
        return 70.0 - min(5, entry.synonyms.index(typed))  # what a layer is most often called stands first
    if len(typed) > 2 and any(each.startswith(f"{typed} ") for each in entry.synonyms):
        return 66.0
    if entry.name.startswith(typed):
        return 62.0 + 3.0 / len(entry.name)
    squeezed = typed.replace(" ", "").replace("-", "")
    if len(squeezed) > 2 and squeezed != typed and squeezed in entry.name:
        return 60.0
    if len(typed) > 1 and any(part.startswith(typed) for part in entry.parts):
        return 45.0
    if any(each.startswith(typed) for each in entry.synonyms):
        return 40.0
    if len(typed) > 2 and (typed in entry.name or any(f" {typed}" in f" {each}" for each in entry.synonyms)):
        return 35.0
    if len(typed) > 2 and typed in entry.family:
        return 25.0
    return 0.0


def _fit_word(entry: _Entry, word: str) -> float:
    """How well one word fits; a typo and scattered letters count for the least."""
    if AXES.fullmatch(word):
        return 45.0 if word in entry.parts else 0.0
    if len(word) > 2:
        if any(part.startswith(word) for part in entry.parts) or entry.name.startswith(word):
            return 45.0
        if any(each.startswith(word) for each in entry.synonym_words):
            return 35.0
        if word in entry.family.split():
            return 36.0
        if word in entry.family:
            return 22.0
        if word in entry.about:
            return 20.0 - min(10, entry.about.index(word)) * 0.3
        if len(word) > 3 and any(each.startswith(word) for each in entry.about):
            return 14.0
        if word in entry.use or (len(word) > 3 and any(each.startswith(word) for each in entry.use)):
            return 10.0
    if is_one_typo_off(word, entry.name):
        return 12.0
    if begins_with_a_typo(word, entry.name) or any(is_one_typo_off(word, part) for part in entry.parts):
        return 9.0
    if any(is_one_typo_off(word, each) for each in entry.family.split()):
        return 8.5
    if any(is_one_typo_off(word, each) for each in entry.synonym_words):
        return 8.0
    share = scattered(word, entry.name) if len(word) > 1 and entry.name[0] == word[0] else 0.0
    return 3.0 * share if share >= 0.5 else 0.0
