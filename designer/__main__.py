"""The command `layerloom`: opens the window, or hands over to the command line when a command of its is named."""

from __future__ import annotations

import sys


def main() -> int:
    """Run Layerloom and return its exit code."""
    words = sys.argv[1:]
    if words and (words[0].startswith("-") or words[0] in _commands()):
        from core.__main__ import main as command_line

        return command_line()
    if len(words) > 1 or (words and not _is_openable(words[0])):
        from core.__main__ import main as command_line

        return command_line()
    from designer.app import main as window

    return window(words[0] if words else None)


def _commands() -> frozenset[str]:
    from core.commands import NAMES

    return NAMES


def _is_openable(word: str) -> bool:
    """Whether a word means a file rather than a mistyped command."""
    from pathlib import Path

    return "." in word or "/" in word or Path(word).exists()


if __name__ == "__main__":
    sys.exit(main())
