"""Write the files of the built-in blocks and the example architectures anew: `python -m architectures [FOLDER]`."""

from __future__ import annotations

import sys
from pathlib import Path

from .written import write

if __name__ == "__main__":
    given = sys.argv[1:]
    write(Path(given[0]) if given else Path(__file__).resolve().parents[2] / "resources")
