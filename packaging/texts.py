"""The texts of the window for translators: every text that goes through `tr`, as a file of Qt Linguist.

python packaging/texts.py           writes layerloom.ts, renews each layerloom_*.ts and makes its .qm
python packaging/texts.py --check   says whether layerloom.ts is what the program says
python packaging/texts.py de        begins a language
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "languages"
TEMPLATE = FOLDER / "layerloom.ts"
CONTEXT = "Layerloom"


def texts() -> dict[str, str]:
    """Every text of the window, each with the file in which it stands first."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "designer").rglob("*.py")):
        for text in in_code(path.read_text(encoding="utf-8")):
            found.setdefault(text, path.relative_to(ROOT).as_posix())
    for text, file in elsewhere():
        found.setdefault(text, file)
    return found


def in_code(code: str) -> Iterator[str]:
    """The texts in calls of `tr`, in their order; raises ValueError where one is not written out."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr":
            text = node.args[0] if len(node.args) == 1 else None
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text.value
            elif not (isinstance(text, ast.Name) and text.id in PASSED_ON):
                raise ValueError(f"line {node.lineno}: tr() takes one text that is written out")


PASSED_ON = ("title", "words")
"""Names under which `tr` gets what stands in tables: see `elsewhere`."""


def elsewhere() -> Iterator[tuple[str, str]]:
    """What stands in tables: the titles of menus, and the nouns of counted things; each with its file."""
    from designer.actions import ACTIONS
    from designer.numbers import NOUNS

    yield from ((title, "designer/actions.py") for each in ACTIONS for title in each.menu.split("/") if title)
    yield from ((form, "designer/numbers.py") for forms in NOUNS.values() for form in forms)


def written(translate: Callable[[str], str], language: str = "") -> str:
    """A file of Qt Linguist; what has no translation yet is marked as unfinished."""
    about = {"version": "2.1", "sourcelanguage": "en"} | ({"language": language} if language else {})
    root = ElementTree.Element("TS", about)
    context = ElementTree.SubElement(root, "context")
    ElementTree.SubElement(context, "name").text = CONTEXT
    for text, file in texts().items():
        message = ElementTree.SubElement(context, "message")
        ElementTree.SubElement(message, "location", filename=f"../../{file}")
        ElementTree.SubElement(message, "source").text = text
        said = translate(text)
        made = ElementTree.SubElement(message, "translation", {} if said else {"type": "unfinished"})
        made.text = said or None
    ElementTree.indent(root, "    ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{ElementTree.tostring(root, "unicode")}\n'


def translations(path: Path) -> dict[str, str]:
    """What a file of Qt Linguist has translated."""
    messages = ElementTree.parse(path).getroot().iter("message")
    return {each.findtext("source", ""): each.findtext("translation", "") for each in messages}


def compiled(path: Path) -> Path:
    """Make the file that the window reads, beside that of Qt Linguist; raises CalledProcessError."""
    import PySide6

    made = path.with_suffix(".qm")
    tool = next(Path(PySide6.__file__).parent.glob("lrelease*"))
    subprocess.run([tool, "-silent", path, "-qm", made], check=True)
    return made


def main(words: list[str]) -> int:
    """Write the files, or say that they are no longer what the program says."""
    now = written(lambda text: "")
    if words == ["--check"]:
        is_current = TEMPLATE.is_file() and TEMPLATE.read_text(encoding="utf-8") == now
        if not is_current:
            print("Texts have changed: run `python packaging/texts.py`.")
        return 0 if is_current else 1
    FOLDER.mkdir(exist_ok=True)
    TEMPLATE.write_text(now, encoding="utf-8", newline="\n")
    begun = {FOLDER / f"layerloom_{language}.ts" for language in words}
    for path in sorted({*FOLDER.glob("layerloom_*.ts"), *begun}):
        known = translations(path) if path.is_file() else {}
        language = path.stem.removeprefix("layerloom_")
        text = written(lambda text, known=known: known.get(text, ""), language)
        path.write_text(text, encoding="utf-8", newline="\n")
        compiled(path)
        left = sum(not known.get(each) for each in texts())
        print(f"{path.name}: {left} of {len(texts())} texts are not translated yet.")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
