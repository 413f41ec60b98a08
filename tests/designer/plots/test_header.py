"""The head row of a dock leaves out what does not fit, and changes nothing in place but digits."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from designer.plots.header import Figure, Header, Switch


@pytest.fixture
def header(qtbot):
    made = Header("Weights", "About weights.")
    qtbot.addWidget(made)
    made.resize(600, 30)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_that_the_least_wanted_go_first_where_it_is_narrow(header, qapp):
    first, second, third = QLabel("the first"), QLabel("the second"), QLabel("the third")
    for keep, widget in ((1, first), (3, second), (2, third)):
        header.add(widget, keep)
    order = []
    for width in range(600, 30, -5):
        header.resize(width, 30)
        qapp.processEvents()
        order += [widget for widget in (first, second, third) if widget.isHidden() and widget not in order]
        shown = [widget for widget in (header.title, first, second, third) if widget.isVisible()]
        assert not any(
            one.geometry().intersects(other.geometry()) for one in shown for other in shown if one is not other
        )
        assert all(widget.width() >= widget.sizeHint().width() for widget in shown if widget is not header.title)
    assert order == [first, third, second]


def test_that_a_widget_that_grows_is_fitted_again(header, qapp):
    header.resize(260, 30)
    kept, grown = QLabel("kept"), QLabel("small")
    header.add(kept, 2)
    header.add(grown, 1)
    assert not grown.isHidden()
    grown.setText("a very long text that does not fit beside the others")
    qapp.processEvents()
    assert grown.isHidden()
    grown.setText("small")
    header.resize(261, 30)
    assert not grown.isHidden()


def test_that_what_is_not_wanted_stays_away(header):
    label = QLabel("now and then")
    header.add(label)
    header.want(label, False)
    header.want(label, False)
    header.resize(800, 30)
    assert label.isHidden()
    header.want(label, True)
    assert not label.isHidden()


def test_that_a_figure_is_told_to_screen_readers(qtbot):
    figure = Figure("val", "0.000")
    qtbot.addWidget(figure)
    figure.say("0.052")
    assert (figure.accessibleName(), figure.accessibleDescription(), figure.text) == ("val", "0.052", "0.052")


def test_that_a_switch_keeps_its_choice_where_it_can(qtbot):
    switch = Switch("Metric")
    qtbot.addWidget(switch)
    assert switch.choice == ""
    switch.offer([("loss", "Loss", ""), ("accuracy", "Accuracy", "")])
    assert switch.choice == "loss"
    switch.choose("accuracy")
    switch.offer([("loss", "Loss", ""), ("mae", "MAE", ""), ("accuracy", "Accuracy", "")])
    assert switch.choice == "accuracy"
    switch.offer([("loss", "Loss", "")])
    assert switch.choice == "loss"
    assert switch.isHidden()
