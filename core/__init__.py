"""Layerloom without a window: values, catalogue, source, engine and command line."""

__version__ = "0.1.0"
