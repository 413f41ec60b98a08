"""A run's losses as a picture that any browser shows: SVG with a logarithmic axis, light and dark."""

from __future__ import annotations

import math
from html import escape

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 20, 56, 48
MOST_POINTS = 600
STYLE = """
text { font: 13px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1c2430 }
.title { font-size: 16px; font-weight: 600 }
.paper { fill: #ffffff }
.dim { fill: #667085 }
.grid { stroke: #d8dde6 }
.train, .faint { stroke: #3b7dd8; fill: none; stroke-width: 1.5 }
.faint { opacity: 0.3 }
.validation { stroke: #d9730d; fill: none; stroke-width: 2 }
.dot { fill: #d9730d }
@media (prefers-color-scheme: dark) {
  text { fill: #e6eaf0 }
  .paper { fill: #14181f }
  .dim { fill: #98a2b3 }
  .grid { stroke: #2b3340 }
  .train, .faint { stroke: #6aa5f0 }
  .validation { stroke: #f0a04b }
  .dot { fill: #f0a04b }
}
"""

Point = tuple[float, float]


def svg(title: str, steps: list[float], validation: list[Point]) -> str:
    """The text of the picture: the loss of every step (thinned and smoothed), and (step, loss) of each validation."""
    raw = [(index + 0.5, loss) for index, loss in enumerate(steps) if _shows(loss)]
    seen = [point for point in validation if _shows(point[1])]
    smooth = smoothed(raw)
    reach = [y for _, y in (*smooth, *seen)] or [1.0]
    low, high = _axis(min(reach), max(reach))
    last = max(len(steps), max((x for x, _ in seen), default=1), 1)

    def place(point: Point) -> str:
        x = LEFT + point[0] / last * (WIDTH - LEFT - RIGHT)
        share = (math.log10(min(max(point[1], low), high)) - math.log10(low)) / (math.log10(high) - math.log10(low))
        return f"{x:.1f},{HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM):.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>',
        f'<text class="title" x="{LEFT}" y="26">{escape(title)}</text>',
        *_legend(bool(seen)),
        *_grid(low, high, last),
        _line("faint", [place(point) for point in thinned(raw)]),
        _line("train", [place(point) for point in thinned(smooth)]),
        _line("validation", [place(point) for point in thinned(seen)]),
    ]
    if len(seen) <= 60:
        dots = (place(point).split(",") for point in seen)
        parts += [f'<circle class="dot" cx="{x}" cy="{y}" r="3"/>' for x, y in dots]
    if not raw and not seen:
        parts.append(
            f'<text class="dim" x="{WIDTH / 2}" y="{HEIGHT / 2}" text-anchor="middle">No step was measured.</text>'
        )
    return "\n".join(part for part in parts if part) + "\n</svg>\n"


def _shows(loss: float) -> bool:
    """Whether a logarithmic axis has a place for it."""
    return math.isfinite(loss) and loss > 0


def smoothed(points: list[Point]) -> list[Point]:
    """An exponential mean over about a fiftieth of the points, without the pull of the first one."""
    weight = 1 / max(len(points) / 50, 1)
    mean, total = 0.0, 0.0
    made: list[Point] = []
    for x, y in points:
        mean += weight * (y - mean)
        total += weight * (1 - total)
        made.append((x, mean / total))
    return made


def thinned(points: list[Point]) -> list[Point]:
    """At most about 600 points, of each stretch the lowest and the highest, so that no spike is lost."""
    if len(points) <= MOST_POINTS:
        return points
    stride = math.ceil(len(points) / (MOST_POINTS // 2))
    made: list[Point] = []
    for start in range(0, len(points), stride):
        stretch = points[start : start + stride]
        ends = {min(stretch, key=lambda point: point[1]), max(stretch, key=lambda point: point[1])}
        made += sorted(ends)
    return made


def _axis(low: float, high: float) -> Point:
    """Ends of the axis: a little beyond the values, and at least a factor of two apart."""
    low, high = max(low / 1.15, 1e-30), max(high * 1.15, 2e-30)
    if high / low < 2:
        middle = math.sqrt(low * high)
        low, high = middle / math.sqrt(2), middle * math.sqrt(2)
    return low, high


def _line(name: str, points: list[str]) -> str:
    return f'<polyline class="{name}" points="{" ".join(points)}"/>' if len(points) > 1 else ""


def _legend(validated: bool) -> list[str]:
    entries = [("train", "training, each step"), ("validation", "validation, each epoch")][: 1 + validated]
    made: list[str] = []
    x = LEFT
    for name, words in entries:
        made.append(f'<line class="{name}" x1="{x}" y1="41" x2="{x + 22}" y2="41"/>')
        made.append(f'<text class="dim" x="{x + 28}" y="45">{words}</text>')
        x += 200
    return made


def _grid(low: float, high: float, last: float) -> list[str]:
    made: list[str] = []
    for value in _ticks(low, high):
        share = (math.log10(value) - math.log10(low)) / (math.log10(high) - math.log10(low))
        y = HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)
        made.append(f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>')
        made.append(f'<text class="dim" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
    for index in range(5):
        x = LEFT + index / 4 * (WIDTH - LEFT - RIGHT)
        anchor = "end" if index == 4 else "middle"
        where = f'x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="{anchor}"'
        made.append(f'<text class="dim" {where}>{last * index / 4:,.0f}</text>')
    made.append(
        f'<text class="dim" x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 10}" text-anchor="middle">steps</text>'
    )
    middle = (TOP + HEIGHT - BOTTOM) / 2
    made.append(
        f'<text class="dim" x="16" y="{middle}" text-anchor="middle" transform="rotate(-90 16 {middle})">loss</text>'
    )
    return made


def _ticks(low: float, high: float) -> list[float]:
    """Round values between the ends: 1, 2, 5 of each power of ten where few fit, else the powers alone."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    fine = [factor * 10.0**power for power in powers for factor in (1, 2, 5)]
    inside = [value for value in fine if low <= value <= high]
    if len(inside) > 9:
        stride = math.ceil(len(powers) / 9)
        inside = [10.0**power for power in list(powers)[::stride] if low <= 10.0**power <= high]
    return inside
