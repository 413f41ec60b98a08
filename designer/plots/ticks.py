"""Where the lines of a plot stand, and what they are called."""

from __future__ import annotations

import math

from designer.numbers import grouped

MINUS = "\u2212"


def figure(value: float) -> str:
    """A measured number in at most seven characters, three digits of it: `0.041`, `12.3`, `4.1e-5`."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return ("" if value > 0 else MINUS) + "∞"
    size = abs(value)
    if size and (size < 0.001 or size >= 100_000):
        mantissa, _, exponent = f"{size:.1e}".partition("e")
        text = f"{mantissa}e{int(exponent)}"
    elif size < 10:
        text = f"{size:.3f}"
    else:
        text = f"{size:.{max(0, 3 - len(str(int(size))))}f}"
    return (MINUS if value < 0 else "") + text


def percent(share: float) -> str:
    """A share as a percentage with one digit: `98.7 %`."""
    return f"{100 * share:.1f}\u00a0%" if math.isfinite(share) else "NaN"


def short_number(value: float) -> str:
    """The name of a tick: as few digits as tell it apart."""
    if value == 0:
        return "0"
    size = abs(value)
    if size < 0.001 or size >= 100_000:
        mantissa, _, exponent = f"{size:.2e}".partition("e")
        text = f"{float(mantissa):g}e{int(exponent)}"
    else:
        text = f"{size:.6g}"
    return (MINUS if value < 0 else "") + text


def linear_ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round numbers (1, 2 or 5 times a power of ten apart) that span low to high."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return [0.0, 1.0]
    if high - low <= 1e-9 * max(abs(low), abs(high), 1e-30):
        room = abs(high) * 0.1 or 1.0
        low, high = low - room, high + room
    step = round_step((high - low) / max(wanted - 1, 1))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [number * step for number in range(first, last + 1)]


def round_step(rough: float) -> float:
    """The least of 1, 2, 5 times a power of ten that is not below `rough`."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))


def log_ticks(low: float, high: float) -> list[float]:
    """1 and 3 times powers of ten (fewer where there are many) that span low to high, both above 0."""
    first, last = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    if last - first > 4:
        apart = -(-(last - first) // 5)
        return [10.0**power for power in range(first, last + apart, apart)]
    grid = [factor * 10.0**power for power in range(first, last + 1) for factor in (1, 3)]
    below = [tick for tick in grid if tick <= low * (1 + 1e-6)]
    above = [tick for tick in grid if tick >= high * (1 - 1e-6)]
    begin, end = (below[-1] if below else grid[0]), (above[0] if above else grid[-1])
    if begin == end:
        begin, end = begin / 10, end * 10 / 3
        return [begin, begin * 3, begin * 10, end]
    return [tick for tick in grid if begin <= tick <= end]


def epoch_ticks(begin: float, end: float, steps_per_epoch: int, wanted: int = 8) -> list[tuple[float, str]]:
    """Steps at which epochs end, with their numbers; steps where fewer than two epochs are in sight.

    The first tick says what is counted.
    """
    if end <= begin:
        return []
    by_epoch = steps_per_epoch > 0 and (end - begin) / steps_per_epoch >= 2
    unit, word = (steps_per_epoch, "epoch") if by_epoch else (1, "step")
    apart = max(1, round(round_step(max((end - begin) / unit / wanted, 1))))
    first = max(1, math.ceil(begin / unit / apart)) * apart
    numbers = range(first, math.floor(end / unit) + 1, apart)
    ticks = [(float(number * unit), grouped(number)) for number in numbers]
    return [(begin, word), *(tick for tick in ticks if tick[0] - begin >= 0.6 * (end - begin) / wanted)]
