"""Where nodes stand that nobody has placed."""

from __future__ import annotations

from core.layout import PITCH_X, PITCH_Y
from core.scripting import Drawing


def places(net: Drawing) -> dict[str, tuple[int, int]]:
    return {name: (round(node.x / PITCH_X), round(node.y / PITCH_Y)) for name, node in net.graph.nodes.items()}


def test_that_a_chain_runs_to_the_right_and_a_shortcut_keeps_its_row_free() -> None:
    net = Drawing()
    x = net.add("Input", shape=(4,), name="x")
    y = net.add("ReLU", net.add("Linear", x, out_features=4, name="fc"), name="relu")
    net.add("Output", net.add("Add", y, x, name="add"), name="y")
    assert places(net) == {"x": (0, 0), "fc": (1, 1), "relu": (2, 1), "add": (3, 0), "y": (4, 0)}


def test_that_branches_stand_below_each_other_and_a_target_right_before_its_loss() -> None:
    net = Drawing()
    x = net.add("Input", shape=(4,), name="x")
    first = net.add("Linear", net.add("Linear", x, name="a1"), name="a2")
    second = net.add("Linear", net.add("Linear", x, name="b1"), name="b2")
    net.add("MSELoss", net.add("Add", first, second, name="add"), net.add("Target", name="t"), name="loss")
    assert places(net) == {
        "x": (0, 0), "a1": (1, 0), "a2": (2, 0), "b1": (1, 1), "b2": (2, 1), "add": (3, 0), "t": (3, 1), "loss": (4, 0),
    }  # fmt: skip


def test_that_places_do_not_depend_on_the_order_in_which_nodes_are_added() -> None:
    def drawn(names: str) -> Drawing:
        net = Drawing()
        x = net.add("Input", name="x")
        for name in names:
            net.add("Output", net.add("Linear", x, name=name), name=f"out_{name}")
        return net

    assert places(drawn("abc")) == places(drawn("cab"))


def test_that_a_drawing_with_a_circle_has_places_too() -> None:
    net = Drawing()
    one = net.add("Linear", name="one")
    two = net.add("Linear", one, name="two")
    net.link(two, one, "input")
    assert set(places(net)) == {"one", "two"}
    assert len(set(places(net).values())) == 2


def test_that_a_long_chain_goes_on_below_where_one_value_passes_on_and_a_ladder_stays_whole() -> None:
    net = Drawing()
    x = net.add("Input", shape=(4,), name="x")
    for number in range(23):
        x = net.add("Linear", x, out_features=4, name=f"fc{number}")
    found = places(net)
    assert max(column for column, _ in found.values()) <= 9
    assert len(set(found.values())) == 24
    net = Drawing()
    x, kept = net.add("Input", shape=(4,), name="x"), []
    for number in range(8):
        kept.append(x)
        x = net.add("Linear", x, out_features=4, name=f"down{number}")
    for number in range(8):
        x = net.add("Add", x, kept.pop(), name=f"up{number}")
    assert max(column for column, _ in places(net).values()) == 16
