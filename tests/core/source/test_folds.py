"""What is written inside the next line, as people write it, and what keeps a line of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.engine.check import check
from core.engine.compile import written
from core.project import Project

Draw = Callable[..., Project]

IMAGE = 'image = Input(field="image")\n'
ROWS = IMAGE + "rows = Flatten(image)\n"
LONG = "a_norm_of_forty_characters_or_thereabout"
FOLDED = {
    "a function around its layer": (
        ROWS + "fc1 = Linear(rows, out_features=8)\nact = GELU(fc1)\nfc2 = Linear(act, out_features=10)\n",
        ["x = image.flatten(1)", "x = nn.functional.gelu(self.fc1(x))", "return self.fc2(x)"],
    ),
    "a function in its layer": (
        ROWS + "fc = Linear(rows, out_features=10)\nscores = Output(fc)\n",
        ["return self.fc(image.flatten(1))"],
    ),
    "a sum in its function, a layer in the sum": (
        ROWS
        + "fc1 = Linear(rows, out_features=64)\nadd = Add(fc1, rows)\nact = ReLU(add)\n"
        + "fc2 = Linear(act, out_features=10)\n",
        ["rows = image.flatten(1)", "x = nn.functional.relu(self.fc1(rows) + rows)", "return self.fc2(x)"],
    ),
    "a sum in its layer": (
        ROWS + "act = Tanh(rows)\nadd = Add(rows, act)\nfc = Linear(add, out_features=10)\n",
        ["rows = image.flatten(1)", "return self.fc(rows + torch.tanh(rows))"],
    ),
    "never two layers in one": (
        ROWS + "norm = BatchNorm1d(rows)\nfc1 = Linear(norm, out_features=8)\nfc2 = Linear(fc1, out_features=10)\n",
        ["x = self.norm(image.flatten(1))", "x = self.fc1(x)", "return self.fc2(x)"],
    ),
    "never what is used twice": (
        ROWS + "fc = Linear(rows, out_features=8)\nact = ReLU(fc)\nboth = Cat(act, fc)\n",
        ["fc = self.fc(image.flatten(1))", "x = nn.functional.relu(fc)", "return torch.cat([x, fc], dim=1)"],
    ),
    "never what is an output": (
        ROWS + "fc = Linear(rows, out_features=8)\nact = ReLU(fc)\nbefore = Output(fc)\nafter = Output(act)\n",
        [
            "before = self.fc(image.flatten(1))",
            "after = nn.functional.relu(before)",
            "return Outputs(after, before)",
        ],
    ),
    "never what gives several values": (
        ROWS + "top = TopK(rows, k=3)\nact = ReLU(top)\n",
        ["x = image.flatten(1)", "x, _ = x.topk(3, dim=-1)", "return nn.functional.relu(x)"],
    ),
    "never what does not fit in the line": (
        IMAGE + f"{LONG} = BatchNorm2d(image)\nadd = Add({LONG}, image)\nact = ReLU(add)\n",
        [f"x = self.{LONG}(image) + image", "return nn.functional.relu(x)"],
    ),
}


def body(project: Project) -> list[str]:
    """The lines of `forward`."""
    text = written(project, check(project, 0)).files["model.py"]
    return [line.strip() for line in text.partition("def forward(")[2].split("\n")[1:] if line.strip()]


@pytest.mark.parametrize("case", FOLDED)
def test_that_a_function_or_an_operation_stands_where_people_write_it(draw: Draw, case: str):
    text, lines = FOLDED[case]
    assert body(draw(text)) == lines
