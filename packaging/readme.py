"""What the README takes from the program itself: its pictures, the table of keys and the list of modules.

python packaging/readme.py            trains the digits example in the real window and writes all of it
python packaging/readme.py --tables   writes the tables alone
"""

from __future__ import annotations

import ast
import os
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "resources" / "pictures"
SIZE = (1600, 1000)
SECONDS = 9.0


def keys_table() -> str:
    """Keys and gestures as a Markdown table, read from the table of actions."""
    from designer.action import Action, plain
    from designer.actions import ACTIONS
    from designer.canvas.gesture_table import GESTURES

    rows = [(plain(each.text), ", ".join(each.keys)) for each in ACTIONS if isinstance(each, Action) and each.keys]
    lines = ["| what | keys |", "|---|---|", *(f"| {what} | {keys} |" for what, keys in rows)]
    lines += ["", "| on the canvas | how |", "|---|---|", *(f"| {each.what} | {each.how} |" for each in GESTURES)]
    return "\n".join(lines)


def modules_table() -> str:
    """Every module with the first sentence of its docstring, folder by folder."""
    lines: list[str] = []
    for package in ("core", "designer"):
        for folder in sorted({path.parent for path in (ROOT / package).rglob("*.py")}):
            lines += ["", f"**{folder.relative_to(ROOT).as_posix()}/**: {_sentence(folder / '__init__.py')}", ""]
            modules = sorted(path for path in folder.glob("*.py") if path.name != "__init__.py")
            lines += [f"- `{path.name}`: {_sentence(path)}" for path in modules]
    return "\n".join(lines).strip()


def _sentence(path: Path) -> str:
    """The first paragraph of a module's docstring, on one line."""
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(said.split("\n\n")[0].split())


def renewed(text: str) -> str:
    """The README with both tables put between their marks."""
    for mark, table in (("keys", keys_table()), ("modules", modules_table())):
        begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
        text = re.sub(f"{begin}.*{end}", f"{begin}\n{table}\n{end}".replace("\\", r"\\"), text, flags=re.DOTALL)
    return text


def take_pictures() -> None:
    """Train the digits example in the real window, dark and light, and keep what it shows."""
    import asyncio

    import qasync

    from core.examples import example_project
    from core.project import save
    from designer import app as application
    from designer.document import Document

    app = application.make_application(sys.argv[:1])
    window = application.make_window(Document())
    window.resize(*SIZE)
    window.show()
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)

    async def work() -> None:
        application.load_rest(window)
        path = Path(os.environ["LAYERLOOM_HOME"]) / "digits.loom"
        save(example_project("digits"), path)
        window.take_file(path)
        while window.document.report is None or not window.document.report.nodes or window.document.report.partial:
            await asyncio.sleep(0.05)
        window.canvas.frame_all()
        window.canvas.select(("conv1",))
        window.actions_of["train"].trigger()
        await asyncio.sleep(SECONDS)
        for name in ("dark", "light"):
            window.actions_of[f"theme_{name}"].trigger()
            await asyncio.sleep(0.5)
            window.grab().save(str(PICTURES / f"window-{name}.png"))
        window.close()
        loop.stop()

    with loop:
        loop.create_task(work())
        loop.run_forever()


def main() -> None:
    """Write the tables, and the pictures unless --tables was said."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.path.insert(0, str(ROOT))
    readme = ROOT / "README.md"
    readme.write_text(renewed(readme.read_text(encoding="utf-8")), encoding="utf-8")
    if "--tables" not in sys.argv:
        PICTURES.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory() as home:
            os.environ["LAYERLOOM_HOME"] = home
            take_pictures()


if __name__ == "__main__":
    main()
