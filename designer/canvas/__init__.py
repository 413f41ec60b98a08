"""The canvas: one document's graph, drawn and edited."""

from designer.canvas.canvas import Canvas

__all__ = ["Canvas"]
