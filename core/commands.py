"""The names of the commands, for the start: it must tell a command from a file without loading anything."""

NAMES = frozenset(
    {
        "about",
        "architectures",
        "check",
        "estimate",
        "evaluate",
        "examples",
        "export",
        "layers",
        "new",
        "predict",
        "train",
    }
)
