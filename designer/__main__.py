"""The command `layerloom`: opens the window, or hands over to the command line when a command of its is named."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run Layerloom and return its exit code."""
    words = sys.argv[1:]
    is_command = bool(words) and (words[0].startswith("-") or words[0] in _commands())
    if is_command or len(words) > 1 or (words and not _is_openable(words[0])):
        return _command_line(words)
    gc.disable()  # looking for cycles while everything is loaded takes a tenth of the way to the first paint
    from designer.app import main as window

    return window(words[0] if words else None)


def _command_line(words: list[str]) -> int:
    """Run a command; Ctrl+C is answered from the first moment, also while modules load."""
    try:
        from core.__main__ import main as command_line

        return command_line()
    except KeyboardInterrupt:
        print("layerloom: Interrupted.", file=sys.stderr)
        if "--json" in words:
            print('{"error": "Interrupted."}')
        return 130


def _commands() -> frozenset[str]:
    from core.commands import NAMES

    return NAMES


def _is_openable(word: str) -> bool:
    """Whether a word means a file rather than a mistyped command."""
    from pathlib import Path

    return "." in word or "/" in word or Path(word).exists()


if __name__ == "__main__":
    sys.exit(main())
