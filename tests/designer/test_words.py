"""Every text of the window goes through `tr`: in a language of brackets nothing of the window's own stands in none."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import texts

from designer import words

ROOT = Path(__file__).resolve().parents[2]


def said_outside(folder: Path, translate: Callable[[str], str]) -> list[str]:
    """What the window says outside of brackets, where that is how its texts are translated."""
    file = folder / "layerloom_de.ts"
    file.write_text(texts.written(translate, "de"), encoding="utf-8")
    texts.compiled(file)
    environment = os.environ | {
        "LANG": "de_DE.UTF-8",
        "LC_ALL": "de_DE.UTF-8",
        "LAYERLOOM_LANGUAGES": str(folder),
        "PYTHONPATH": str(ROOT),
        "QT_QPA_PLATFORM": "offscreen",
    }
    child = [sys.executable, "-P", Path(__file__).with_name("bracketed.py")]
    ended = subprocess.run(child, env=environment, capture_output=True, text=True, timeout=200)
    assert ended.returncode == 0, ended.stderr
    qt, asked, *outside = ended.stdout.splitlines()
    assert qt == "Qt says Speichern", "Qt speaks another language than the window"
    assert int(asked.split()[-1]) > 50_000
    return outside


def test_that_everything_that_the_window_says_can_be_translated(tmp_path: Path) -> None:
    assert said_outside(tmp_path, lambda text: f"⟦{text}⟧") == []


def test_that_a_text_that_is_not_translated_is_found(tmp_path: Path) -> None:
    found = said_outside(tmp_path, lambda text: "" if text == "Actions found" else f"⟦{text}⟧")
    assert any("'Actions found'" in each for each in found)


@pytest.mark.parametrize("wrong", ["{nam} fehlt", "{0}", "{name", "{name.other}", "{name:%%d}", "}"])
def test_that_a_wrong_placeholder_in_a_translation_gives_the_text_itself(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Wrong:
        def translate(self, context: str, text: str) -> str:
            return wrong

    monkeypatch.setattr(words, "_TRANSLATION", Wrong())
    assert words.tr("{name} is missing", name="conv1") == "conv1 is missing"
    assert words.tr("Missing") == wrong


def test_that_the_file_for_translators_holds_every_text() -> None:
    assert texts.TEMPLATE.read_text(encoding="utf-8") == texts.written(lambda text: ""), "run packaging/texts.py"


def test_that_a_text_that_is_put_together_is_refused() -> None:
    assert list(texts.in_code('tr("Save {name}", name=name)')) == ["Save {name}"]
    with pytest.raises(ValueError, match="line 1"):
        list(texts.in_code('tr(f"Save {name}")'))


def test_that_a_language_keeps_what_was_translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    monkeypatch.setattr(texts, "TEMPLATE", tmp_path / "layerloom.ts")
    assert texts.main(["--check"]) == 1
    assert texts.main(["de"]) == 0
    file = tmp_path / "layerloom_de.ts"
    file.write_text(texts.written(lambda text: "&Neu" if text == "&New" else "", "de"), encoding="utf-8")
    assert texts.main([]) == 0
    assert texts.translations(file)["&New"] == "&Neu"
    assert (tmp_path / "layerloom_de.qm").is_file()
    assert texts.main(["--check"]) == 0
