"""Measures that forms share, in pixels."""

LABEL_WIDTH = 104
RESET_WIDTH = 22
