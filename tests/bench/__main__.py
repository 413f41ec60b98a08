"""Run the benches: `python tests/bench [NAME ...] [--json FILE]`; each prints a table of figures beside their goals."""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from table import Row, printed  # noqa: E402


def main() -> int:
    """Run the named benches, or all of them, and return 0 where every goal is met."""
    names = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("names", nargs="*", help=f"which of {', '.join(names)}; all without a name")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    given = parser.parse_args()
    unknown = set(given.names) - set(names)
    if unknown:
        parser.error(f"there is no bench {', '.join(sorted(unknown))}; known are {', '.join(names)}")
    rows: list[Row] = []
    for name in given.names or names:
        made = importlib.import_module(f"bench_{name}").measure()
        print(printed(made), end="\n\n", flush=True)
        rows += made
    if given.json:
        given.json.write_text(json.dumps([dataclasses.asdict(row) for row in rows], indent=1), encoding="utf-8")
    return int(any(row.is_met is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
