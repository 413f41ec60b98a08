"""Nothing is cut off: buttons and long words of a card wrap, and a click on a button keeps the focus."""

from __future__ import annotations

from PySide6.QtCore import Qt

from designer.card import Card
from designer.plots.predictions import Predictions


def test_that_a_card_wraps_its_buttons_and_long_words(qtbot) -> None:
    card = Card("It")
    qtbot.addWidget(card)
    card.show_text("a" * 200)
    card.show_button("Set out_features of a very long name to 10", lambda _: None)
    last = card.show_button("Explain", lambda _: None)
    card.resize(200, 200)
    card.show()
    assert card.minimumSizeHint().width() <= 200
    assert last.geometry().right() <= 200
    assert last.focusPolicy() == Qt.FocusPolicy.TabFocus


def test_the_numbers_of_rows_are_not_cut(qtbot) -> None:
    shown = Predictions()
    qtbot.addWidget(shown)
    assert shown.table.verticalHeader().minimumWidth() >= 60
