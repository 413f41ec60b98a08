"""The README says what the program says."""

from __future__ import annotations

from pathlib import Path

import readme


def test_that_the_tables_of_keys_and_modules_are_those_of_the_program() -> None:
    text = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    assert readme.renewed(text) == text, "run `python packaging/readme.py --tables`"
    assert "Ctrl+Z" in text
    assert "`graph.py`" in text


def test_that_every_dependency_has_its_reason() -> None:
    import tomllib

    root = Path(__file__).resolve().parents[2]
    text = (root / "README.md").read_text(encoding="utf-8").partition("## What it stands on")[2]
    declared = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = [entry.split(">")[0].split("<")[0].split("=")[0] for entry in declared]
    assert [name for name in names if name not in text] == []


def test_that_every_picture_in_the_readme_is_there() -> None:
    import re

    root = Path(__file__).resolve().parents[2]
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", (root / "README.md").read_text(encoding="utf-8"))
    assert pictures
    assert all((root / picture).is_file() for picture in pictures)
