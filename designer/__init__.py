"""The window: a Qt application that never imports torch."""
